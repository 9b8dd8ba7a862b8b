"""An installed app, made from its Slack manifest."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.wire import Json


@dataclass(frozen=True, slots=True)
class Command:
    """A slash command of the manifest."""

    command: str
    description: str
    usage_hint: str
    should_escape: bool


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A message shortcut or a global one (`kind` is `message` or `global`)."""

    name: str
    kind: str
    callback_id: str
    description: str


@dataclass(frozen=True, slots=True)
class SlackApp:
    """An app with its tokens; ids and tokens are made up from `key` unless given."""

    id: str
    name: str
    description: str
    bot_id: str
    bot_user: str
    bot_name: str
    bot_token: str
    app_token: str
    signing_secret: str
    scopes: frozenset[str]
    commands: tuple[Command, ...]
    shortcuts: tuple[Shortcut, ...]
    events: frozenset[str]
    home: bool
    messages_tab: bool
    interactive: bool
    socket_mode: bool

    @classmethod
    def from_manifest(cls, manifest: Json, key: str = "APP") -> "SlackApp":
        """The app that a manifest (parsed YAML or JSON) describes; `key` tells several apps apart."""
        features: Json = manifest.get("features") or {}
        settings: Json = manifest.get("settings") or {}
        home: Json = features.get("app_home") or {}
        names: Json = manifest["display_information"]
        oauth: Json = manifest.get("oauth_config") or {}
        subscriptions: Json = settings.get("event_subscriptions") or {}
        bot: Json = features.get("bot_user") or {}
        return cls(
            id=f"A0{key}",
            name=names["name"],
            description=names.get("description", ""),
            bot_id=f"B0{key}",
            bot_user=f"U0{key}BOT",
            bot_name=str(bot.get("display_name") or names["name"]).lower().replace(" ", "-"),
            bot_token=f"xoxb-local-{key.lower()}",
            app_token=f"xapp-1-A0{key}-local",
            signing_secret=f"local-signing-secret-{key.lower()}",
            scopes=frozenset((oauth.get("scopes") or {}).get("bot") or ()),
            commands=tuple(_read_command(entry) for entry in features.get("slash_commands") or ()),
            shortcuts=tuple(_read_shortcut(entry) for entry in features.get("shortcuts") or ()),
            events=frozenset(subscriptions.get("bot_events") or ()),
            home=bool(home.get("home_tab_enabled", False)),
            messages_tab=bool(home.get("messages_tab_enabled", True)),
            interactive=bool((settings.get("interactivity") or {}).get("is_enabled", False)),
            socket_mode=bool(settings.get("socket_mode_enabled", False)),
        )

    def find_command(self, command: str) -> Command | None:
        """The slash command of that name (with its slash), if the app has it."""
        return next((known for known in self.commands if known.command == command), None)

    def find_shortcut(self, callback_id: str) -> Shortcut | None:
        """The shortcut with that callback id, if the app has it."""
        return next((known for known in self.shortcuts if known.callback_id == callback_id), None)


def _read_command(entry: dict[str, Any]) -> Command:
    return Command(
        command=entry["command"],
        description=entry.get("description", ""),
        usage_hint=entry.get("usage_hint", ""),
        should_escape=bool(entry.get("should_escape", False)),
    )


def _read_shortcut(entry: dict[str, Any]) -> Shortcut:
    return Shortcut(
        name=entry["name"],
        kind=entry["type"],
        callback_id=entry["callback_id"],
        description=entry.get("description", ""),
    )
