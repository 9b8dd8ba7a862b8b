"""The Slack app manifest is one that Slack takes, and asks for no more than it explains."""

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from bot.slack import app
from bot.slack.registry import SHORTCUTS, verbs

ROOT = Path(__file__).parents[1]
MANIFEST = ROOT / "app.yaml"
SCHEMA = ROOT.parent / "shared" / "schemas" / "slack-manifest.schema.json"

SCOPES = {
    *("commands", "chat:write", "chat:write.public", "im:write", "files:write"),
    *("users:read", "usergroups:read", "channels:read", "groups:read"),
    *("channels:history", "groups:history", "im:history"),
}


@pytest.fixture
def manifest() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(MANIFEST.read_text("utf-8"))
    return loaded


@pytest.fixture
def schema() -> dict[str, Any]:
    if not SCHEMA.exists():
        reason = f"Slack's published manifest schema is not at {SCHEMA}, beside this checkout."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    loaded: dict[str, Any] = json.loads(SCHEMA.read_text("utf-8"))
    return loaded


def departures(schema: dict[str, Any], manifest: dict[str, Any]) -> list[str]:
    return [f"{error.json_path}: {error.message}" for error in Draft7Validator(schema).iter_errors(manifest)]


def test_the_manifest_is_valid_against_slacks_schema(manifest: dict[str, Any], schema: dict[str, Any]) -> None:
    assert departures(schema, manifest) == []


@pytest.mark.parametrize(
    ("part", "wrong", "path"),
    [
        ("display_information", {"name": "x" * 36}, "$.display_information.name"),
        (
            "features",
            {"slash_commands": [{"command": "rollout", "description": "x"}]},
            "$.features.slash_commands[0].command",
        ),
        ("settings", {"socket_mode": True}, "$.settings"),
        ("extras", {}, "$"),
    ],
)
def test_a_manifest_that_slack_refuses_is_refused(
    part: str, wrong: dict[str, Any], path: str, manifest: dict[str, Any], schema: dict[str, Any]
) -> None:
    assert [found.partition(": ")[0] for found in departures(schema, manifest | {part: wrong})] == [path]


def test_the_manifest_asks_for_the_scopes_that_the_bot_needs(manifest: dict[str, Any]) -> None:
    """Slack's schema lets a misspelt scope pass."""
    asked = manifest["oauth_config"]["scopes"]

    assert (set(asked), sorted(asked["bot"])) == ({"bot"}, sorted(SCOPES))


def test_each_scope_says_what_it_is_for() -> None:
    lines = MANIFEST.read_text("utf-8").partition("    bot:\n")[2].partition("\n\n")[0].splitlines()

    assert len(lines) == len(SCOPES)
    assert [line for line in lines if not re.fullmatch(r" +- [a-z:.]+  # [a-z].{10,}", line)] == []


def test_in_socket_mode_the_manifest_names_no_address(manifest: dict[str, Any]) -> None:
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert re.findall(r"https?://", MANIFEST.read_text("utf-8")) == []


METHOD_SCOPES = {
    "auth_test": (),
    "bots_info": ("users:read",),
    "chat_delete": ("chat:write",),
    "chat_getPermalink": (),
    "chat_postEphemeral": ("chat:write",),
    "chat_postMessage": ("chat:write", "chat:write.public"),
    "chat_update": ("chat:write",),
    "conversations_history": ("channels:history", "groups:history", "im:history"),
    "conversations_replies": ("channels:history", "groups:history", "im:history"),
    "conversations_info": ("channels:read", "groups:read"),
    "conversations_open": ("im:write",),
    "files_upload_v2": ("files:write",),
    "usergroups_users_list": ("usergroups:read",),
    "users_info": ("users:read",),
    "views_open": (),
    "views_publish": (),
    "views_push": (),
    "views_update": (),
}
"""What each Web API method that the code calls needs, as Slack documents it."""


def called_methods() -> set[str]:
    sources = [path.read_text("utf-8") for path in (ROOT / "bot" / "slack").rglob("*.py")]
    return {name for source in sources for name in re.findall(r"client\.([a-z]+_\w+)", source)} - {"base_url"}


def test_the_scopes_are_those_that_the_calls_in_the_code_need(manifest: dict[str, Any]) -> None:
    needed = {scope for method in called_methods() for scope in METHOD_SCOPES[method]}

    assert called_methods() == set(METHOD_SCOPES)
    assert set(manifest["oauth_config"]["scopes"]["bot"]) == needed | {"commands"}


def test_commands_shortcuts_and_events_are_those_that_the_code_listens_to(manifest: dict[str, Any]) -> None:
    features = manifest["features"]
    shortcuts = {each["callback_id"]: (each["type"], each["name"]) for each in features["shortcuts"]}
    (command,) = features["slash_commands"]

    assert command["command"] == app.COMMAND
    assert command["usage_hint"] == f"[{' | '.join(verb.name for verb in verbs())}]"
    assert shortcuts == {each.name: ("message", each.title) for each in SHORTCUTS.values()}
    assert tuple(manifest["settings"]["event_subscriptions"]["bot_events"]) == app.EVENTS
