"""Buttons, menus, shortcuts and events, with the payloads as Slack sends them."""

import re
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.sample_blocks import SHOWCASE, button, options, plain
from bot.sandbox.visitor import Visitor
from bot.sandbox.wire import Json, Refusal
from tests.sandbox.conftest import Stage

BUTTONS = [{"type": "actions", "block_id": "row", "elements": [button("Approve", "approve", style="primary")]}]
USER = {"id": "U0ANA", "username": "ana", "name": "ana", "team_id": "T0LOCAL"}
COMMON = {
    "token": "local-verification-token",
    "team": {"id": "T0LOCAL", "domain": "local"},
    "user": USER,
    "api_app_id": "A0ECHO",
    "enterprise": None,
    "is_enterprise_install": False,
}


def keep_bodies(stage: Stage) -> list[Json]:
    """Connects an app that acknowledges every click and keeps the payloads."""
    bolt = stage.bolt()
    bodies: list[Json] = []

    @bolt.action(re.compile(".*"))
    def keep(ack: Any, body: Json) -> None:
        ack()
        bodies.append(body)

    stage.connect(bolt)
    return bodies


def take_times(body: Json) -> Json:
    """The payload without what differs from run to run, each of which must be there."""
    assert body.pop("trigger_id").count(".") == 2
    for action in body["actions"]:
        assert float(action.pop("action_ts")) > 1_000_000_000
    return body


def test_a_click_in_a_channel_carries_message_container_and_response_url(stage: Stage, ana: Visitor) -> None:
    bodies = keep_bodies(stage)
    posted = stage.client().chat_postMessage(channel="C0GENERAL", text="Approve?", blocks=BUTTONS)
    ana.click(ana.wait_for_message("C0GENERAL", "Approve?"), "approve")

    body = take_times(bodies[0])
    assert body.pop("response_url").startswith(f"{stage.server.url}/hooks/")
    assert body == {
        **COMMON,
        "type": "block_actions",
        "container": {
            "type": "message",
            "message_ts": posted["ts"],
            "channel_id": "C0GENERAL",
            "is_ephemeral": False,
        },
        "channel": {"id": "C0GENERAL", "name": "general"},
        "message": posted["message"],
        "state": {"values": {}},
        "actions": [
            {
                "type": "button",
                "block_id": "row",
                "action_id": "approve",
                "text": {"type": "plain_text", "text": "Approve", "emoji": True},
                "value": "Approve",
                "style": "primary",
            }
        ],
    }


def test_a_click_in_an_ephemeral_message_comes_without_the_message(stage: Stage, ana: Visitor) -> None:
    bodies = keep_bodies(stage)
    stage.client().chat_postEphemeral(channel="C0GENERAL", user="U0ANA", text="Only you", blocks=BUTTONS)
    ana.click(ana.wait_for_message("C0GENERAL", "Only you"), "approve")
    assert bodies[0]["container"]["is_ephemeral"] is True
    assert "message" not in bodies[0]


def test_a_choice_in_a_message_stands_in_its_state(stage: Stage, ana: Visitor) -> None:
    bodies = keep_bodies(stage)
    stage.client().chat_postMessage(channel="C0GENERAL", text="Blocks", blocks=SHOWCASE)
    message = ana.wait_for_message("C0GENERAL", "Blocks")
    ana.choose(message, "pick", "b")
    ana.click(message, "when", selected_date="2026-12-01")
    ana.choose(message, "more", "archive")

    block_id = message["blocks"][4]["block_id"]
    chosen = {"text": {"type": "plain_text", "text": "B", "emoji": True}, "value": "b"}
    state = bodies[0]["state"]["values"]
    assert state[block_id]["pick"] == {"type": "static_select", "selected_option": chosen}
    assert state[block_id]["when"] == {"type": "datepicker", "selected_date": "2026-11-23"}
    assert bodies[1]["actions"][0]["selected_date"] == "2026-12-01"
    assert bodies[2]["actions"][0]["selected_option"]["value"] == "archive"


def test_a_stranger_clicks_with_their_own_team(stage: Stage) -> None:
    bodies = keep_bodies(stage)
    stage.workspace.room("C0SHARED").members.append("U0ECHOBOT")
    stage.client().chat_postMessage(channel="C0SHARED", text="Approve?", blocks=BUTTONS)
    sun = stage.play("U0STRANGER")
    sun.click(sun.wait_for_message("C0SHARED", "Approve?"), "approve")
    assert (bodies[0]["user"]["team_id"], bodies[0]["team"]["id"]) == ("T0OTHER", "T0OTHER")


def test_a_button_that_is_no_longer_there_cannot_be_clicked(stage: Stage, ana: Visitor) -> None:
    client = stage.client()
    posted = client.chat_postMessage(channel="C0GENERAL", text="Approve?", blocks=BUTTONS)
    stale = dict(ana.wait_for_message("C0GENERAL", "Approve?"))
    client.chat_update(channel="C0GENERAL", ts=posted["ts"], text="Approved by Bo.", blocks=[])
    with pytest.raises(Refusal, match="no longer there"):
        ana.click(stale, "approve")


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ({"text": "Done."}, [("Done.", False)]),
        ({"text": "Done.", "replace_original": True}, [("Done.", False)]),
        ({"text": "Done.", "replace_original": False}, [("Approve?", False), ("Done.", True)]),
        (
            {"text": "Done.", "response_type": "in_channel", "replace_original": False},
            [("Approve?", False), ("Done.", False)],
        ),
        ({"delete_original": True}, []),
    ],
)
def test_an_answer_to_a_click_replaces_adds_or_deletes(
    stage: Stage, ana: Visitor, said: Json, left: list[tuple[str, bool]]
) -> None:
    bolt = stage.bolt()

    @bolt.action("approve")
    def answer(ack: Any, respond: Any) -> None:
        respond(**said)
        ack()

    stage.connect(bolt)
    stage.client().chat_postMessage(channel="C0GENERAL", text="Approve?", blocks=BUTTONS)
    ana.click(ana.wait_for_message("C0GENERAL", "Approve?"), "approve")
    assert [(one["text"], one.get("ephemeral", False)) for one in ana.messages("C0GENERAL")] == left


def test_only_an_answer_can_change_an_ephemeral_message(stage: Stage, ana: Visitor) -> None:
    bolt = stage.bolt()

    @bolt.action("approve")
    def answer(ack: Any, respond: Any) -> None:
        respond(text="Changed.", replace_original=True)
        ack()

    stage.connect(bolt)
    client = stage.client()
    sent = client.chat_postEphemeral(channel="C0GENERAL", user="U0ANA", text="Only you", blocks=BUTTONS)
    with pytest.raises(SlackApiError, match="message_not_found"):
        client.chat_update(channel="C0GENERAL", ts=sent["message_ts"], text="Changed by update.")
    ana.click(ana.wait_for_message("C0GENERAL", "Only you"), "approve")
    changed = ana.messages("C0GENERAL")
    assert [(one["text"], one["ts"]) for one in changed] == [("Changed.", sent["message_ts"])]


def test_shortcuts_reach_the_app_with_their_message(stage: Stage, ana: Visitor) -> None:
    bolt = stage.bolt()
    bodies: list[Json] = []

    @bolt.shortcut("quote")
    def quote(ack: Any, body: Json, respond: Any) -> None:
        ack()
        bodies.append(body)
        respond(text=f"> {body['message']['text']}", response_type="in_channel")

    @bolt.shortcut("form")
    def form(ack: Any, body: Json) -> None:
        ack()
        bodies.append(body)

    stage.connect(bolt)
    said = ana.say("C0GENERAL", "worth quoting")
    ana.use_shortcut("A0ECHO", "quote", said)
    ana.wait_for_message("C0GENERAL", "> worth quoting")
    ana.use_shortcut("A0ECHO", "form")

    quoted, opened = bodies
    assert {name: quoted[name] for name in COMMON} == COMMON
    assert (quoted["type"], quoted["callback_id"], quoted["message_ts"]) == (
        "message_action",
        "quote",
        said["ts"],
    )
    assert quoted["channel"] == {"id": "C0GENERAL", "name": "general"}
    assert opened.pop("trigger_id")
    assert opened.pop("action_ts")
    assert opened == {**COMMON, "type": "shortcut", "callback_id": "form"}


def test_events_come_wrapped_and_are_only_those_of_the_manifest(stage: Stage, ana: Visitor) -> None:
    bolt = stage.bolt()
    bodies: list[Json] = []

    @bolt.event("app_mention")
    def mention(body: Json) -> None:
        bodies.append(body)
        stage.workspace.live.touch()

    stage.connect(bolt)
    ana.say("C0GENERAL", "nobody in particular")
    said = ana.say("C0GENERAL", "@echo are you there?")
    body = ana.wait_for(lambda: bodies and bodies[0])

    event_id = body.pop("event_id")
    assert body.pop("event_time") >= 1_000_000_000
    assert body.pop("event_context").endswith(event_id)
    assert body == {
        "token": "local-verification-token",
        "team_id": "T0LOCAL",
        "context_team_id": "T0LOCAL",
        "context_enterprise_id": None,
        "api_app_id": "A0ECHO",
        "type": "event_callback",
        "is_ext_shared_channel": False,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": "T0LOCAL",
                "user_id": "U0ECHOBOT",
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "event": {
            "type": "app_mention",
            "user": "U0ANA",
            "team": "T0LOCAL",
            "text": "<@U0ECHOBOT> are you there?",
            "ts": said["ts"],
            "event_ts": said["ts"],
            "client_msg_id": said["client_msg_id"],
            "channel": "C0GENERAL",
            "channel_type": "channel",
        },
    }
    kinds = [entry.summary for entry in stage.workspace.journal.since(0) if entry.kind == "event"]
    assert kinds == ["sent event app_mention"]


def test_an_external_select_gets_its_options_from_the_app(stage: Stage, ana: Visitor) -> None:
    bolt = stage.bolt()
    typed: list[str] = []

    @bolt.options("city")
    def offer(ack: Any, payload: Json) -> None:
        typed.append(payload["value"])
        ack(options=options("Lisbon", "Lagos"))

    @bolt.shortcut("form")
    def form(ack: Any, body: Json, client: Any) -> None:
        ack()
        element = {"type": "external_select", "action_id": "city", "min_query_length": 0}
        block = {"type": "input", "label": plain("City"), "element": element}
        view = {"type": "modal", "title": plain("Where"), "submit": plain("Go"), "blocks": [block]}
        client.views_open(trigger_id=body["trigger_id"], view=view)

    stage.connect(bolt)
    ana.use_shortcut("A0ECHO", "form")
    ana.wait_for(lambda: ana.views)
    assert ana.options(ana.modal, "city", "L") == options("Lisbon", "Lagos")
    assert typed == ["L"]
