"""A person at the keyboard, for tests and scripts: types, clicks, fills in, reads, waits."""

from collections.abc import Callable
from typing import Any

from bot.sandbox import interactions, modal_acts, saying
from bot.sandbox.limits import elements_of
from bot.sandbox.server import Server
from bot.sandbox.snapshot import show_messages
from bot.sandbox.wire import Json, Refusal


class Visitor:
    """Plays one person of a running workspace; every call raises Refusal with what the person would read."""

    def __init__(self, server: Server, user: str, *, patience_s: float = 5.0) -> None:
        """`patience_s` is how long `wait_for` waits."""
        self.server = server
        self.workspace = server.workspace
        self.user = user
        self._patience_s = patience_s

    def say(self, channel: str, text: str, thread_ts: str | None = None) -> Json:
        """The message as posted, or nothing for a slash command."""
        told = saying.say(self.server.delivery, self.user, channel, text, thread_ts)
        message: Json = self.server.run(told).get("message", {})
        return message

    def messages(self, channel: str, thread_ts: str | None = None) -> list[Json]:
        """What this person sees in a room or a thread, oldest first."""

        async def look() -> list[Json]:
            return show_messages(self.workspace.room(channel), self.user, thread_ts)

        return self.server.run(look())

    def direct(self, app: str) -> str:
        """The id of the direct message with the app."""

        async def look() -> str:
            return self.workspace.dm(self.user, self.workspace.apps[app].bot_user).id

        return self.server.run(look())

    @property
    def views(self) -> list[Json]:
        """The person's open modals, bottom first."""
        return self.workspace.views.stack(self.user)

    @property
    def modal(self) -> Json:
        """The modal on top; Refusal if none is open."""
        if not self.views:
            raise Refusal("No window is open.")
        return self.views[-1]

    def home(self, app: str) -> Json | None:
        """The app's Home as this person sees it."""
        return self.workspace.views.home(app, self.user)

    def open_home(self, app: str) -> None:
        """Looks at the app's Home, which tells the app."""

        async def look() -> None:
            interactions.open_home(self.workspace, self.user, app)

        self.server.run(look())

    def click(self, shown: Json, action_id: str, **element: Any) -> None:
        """Clicks or chooses in a message or view; `element` is e.g. `selected_date="2026-11-23"`."""
        source: Json = {"message": {"channel": shown.get("channel"), "ts": shown.get("ts")}}
        if "root_view_id" in shown:
            source = {"view": shown["id"]} if shown["type"] == "modal" else {"home": shown["app_id"]}
        order = {
            "source": source,
            "block_id": _block_of(shown, action_id),
            "action_id": action_id,
            "element": element,
        }
        self.server.run(interactions.act(self.server.delivery, self.user, order))

    def choose(self, shown: Json, action_id: str, value: str) -> None:
        """Chooses the option with that value in a menu, select, radio or overflow."""
        option = _option_of(shown, action_id, value)
        self.click(shown, action_id, selected_option=option)

    def submit(self, answers: dict[str, Any]) -> dict[str, str]:
        """Submits the modal on top; answers by action id, as text, option value or Slack's own shape.

        Gives the errors beside the fields, by block id.
        """
        view = self.modal
        values: Json = {}
        for action_id, answer in answers.items():
            block_id = _block_of(view, action_id)
            values.setdefault(block_id, {})[action_id] = _state_of(view, action_id, answer)
        work = modal_acts.submit(self.server.delivery, self.user, view["id"], {"values": values})
        return self.server.run(work)

    def close(self, *, clear: bool = False) -> None:
        """Closes the modal on top, or all."""
        self.server.run(modal_acts.close(self.server.delivery, self.user, self.modal["id"], clear))

    def use_shortcut(self, app: str, callback_id: str, message: Json | None = None) -> None:
        """Uses a global shortcut, or a message shortcut on `message`."""
        order: Json = {"app": app, "callback_id": callback_id}
        if message is not None:
            order |= {"channel": message["channel"], "ts": message["ts"]}
        self.server.run(interactions.use_shortcut(self.server.delivery, self.user, order))

    def options(self, shown: Json, action_id: str, typed: str) -> list[Json]:
        """What an external select of the modal offers for the typed text."""
        order = {
            "source": {"view": shown["id"]},
            "block_id": _block_of(shown, action_id),
            "action_id": action_id,
            "value": typed,
        }
        return self.server.run(interactions.find_options(self.server.delivery, self.user, order))

    def wait_for(self, holds: Callable[[], Any], what: str = "the awaited change") -> Any:
        """What `holds()` gives as soon as it is true; TimeoutError naming `what` otherwise."""
        found: list[Any] = []

        def look() -> bool:
            found[:] = [holds()]
            return bool(found[0])

        if not self.workspace.live.wait_until(look, self._patience_s):
            raise TimeoutError(f"{what} did not come within {self._patience_s:g} seconds.")
        return found[0]

    def wait_for_message(self, channel: str, words: str) -> Json:
        """The newest message this person sees in the channel that holds `words` anywhere."""

        def find() -> Json | None:
            fitting = [one for one in self.messages(channel) if words in str(one)]
            return fitting[-1] if fitting else None

        message: Json = self.wait_for(find, f"A message with “{words}”")
        return message


def _elements(shown: Json) -> list[tuple[str, Json]]:
    blocks = shown.get("blocks", ())
    return [(block["block_id"], element) for block in blocks for element in elements_of(block)]


def _find(shown: Json, action_id: str) -> tuple[str, Json]:
    for block_id, element in _elements(shown):
        if element.get("action_id") == action_id:
            return block_id, element
    known = sorted(str(element.get("action_id")) for _, element in _elements(shown))
    raise Refusal(f"There is no element {action_id} here, only {', '.join(known) or 'none'}.")


def _block_of(shown: Json, action_id: str) -> str:
    return _find(shown, action_id)[0]


def _option_of(shown: Json, action_id: str, value: str) -> Json:
    element = _find(shown, action_id)[1]
    options = list(element.get("options", ()))
    options += [one for group in element.get("option_groups", ()) for one in group["options"]]
    for option in options:
        if option["value"] == value:
            found: Json = option
            return found
    raise Refusal(f"{action_id} has no option {value}.")


SIMPLE = {
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
}


def _state_of(shown: Json, action_id: str, answer: Any) -> Json:
    kind = _find(shown, action_id)[1]["type"]
    if isinstance(answer, dict):
        return {"type": kind, **answer}
    if kind in ("checkboxes", "multi_static_select"):
        options = [_option_of(shown, action_id, value) for value in answer]
        return {"type": kind, "selected_options": options}
    if kind in ("static_select", "radio_buttons"):
        return {"type": kind, "selected_option": _option_of(shown, action_id, answer)}
    return {"type": kind, SIMPLE.get(kind, "value"): answer}
