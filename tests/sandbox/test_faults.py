"""Misbehaviour on order, and what the real clients make of it."""

import urllib.error
from http.client import RemoteDisconnected
from json import JSONDecodeError
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.sandbox.faults import Fault
from bot.sandbox.visitor import Visitor
from bot.sandbox.wire import Json, Refusal
from tests.sandbox.conftest import Stage

POST = "chat.postMessage"


def texts(ana: Visitor) -> list[str]:
    return [message["text"] for message in ana.messages("C0GENERAL")]


def test_the_default_client_posts_twice_when_the_answer_is_lost(stage: Stage, ana: Visitor) -> None:
    stage.workspace.faults.add(Fault(POST, "drop_after"))
    stage.client().chat_postMessage(channel="C0GENERAL", text="once, or so I thought")
    assert texts(ana) == ["once, or so I thought"] * 2


def test_a_client_without_retries_posts_once_and_learns_that_it_does_not_know(stage: Stage, ana: Visitor) -> None:
    stage.workspace.faults.add(Fault(POST, "drop_after"))
    with pytest.raises(RemoteDisconnected):
        stage.client(retry_handlers=[]).chat_postMessage(channel="C0GENERAL", text="once")
    assert texts(ana) == ["once"]


@pytest.mark.parametrize(
    ("fault", "error", "landed"),
    [
        (Fault(POST, "drop_before"), RemoteDisconnected, False),
        (Fault(POST, "http_500_before"), SlackApiError, False),
        (Fault(POST, "http_500_after"), SlackApiError, True),
        (Fault(POST, "html", status=502), SlackApiError, False),
        (Fault(POST, "html"), SlackApiError, False),
        (Fault(POST, "truncated"), SlackApiError, True),
        (Fault(POST, "error", error="restricted_action"), SlackApiError, False),
        (Fault(POST, "slow", delay_s=0.5), (TimeoutError, urllib.error.URLError), True),
    ],
    ids=lambda value: value.kind if isinstance(value, Fault) else None,
)
def test_each_fault_says_whether_the_message_landed(
    stage: Stage, ana: Visitor, fault: Fault, error: Any, landed: bool
) -> None:
    stage.workspace.faults.add(fault)
    client = stage.client(retry_handlers=[])
    if fault.kind == "slow":
        client.timeout = 0.2  # type: ignore[assignment]
    with pytest.raises((error, JSONDecodeError) if error is SlackApiError else error):
        client.chat_postMessage(channel="C0GENERAL", text="first")
    client.timeout = 5
    client.chat_postMessage(channel="C0GENERAL", text="second")
    assert texts(ana) == (["first"] if landed else []) + ["second"]
    assert stage.problems == []


@pytest.mark.parametrize(
    ("wait", "header"), [(7, "7"), ("soon", "soon"), (None, None)], ids=["number", "garbage", "missing"]
)
def test_a_429_carries_the_ordered_retry_after(
    stage: Stage, ana: Visitor, wait: float | str | None, header: str | None
) -> None:
    stage.workspace.faults.add(Fault(POST, "ratelimited", times=2, retry_after_s=wait))
    client = stage.client()
    for _ in range(2):
        with pytest.raises(SlackApiError) as refused:
            client.chat_postMessage(channel="C0GENERAL", text="x")
        answer = refused.value.response
        assert (answer.status_code, answer["error"]) == (429, "ratelimited")
        assert answer.headers.get("Retry-After") == header
    client.chat_postMessage(channel="C0GENERAL", text="x")
    assert texts(ana) == ["x"]


def test_faults_hit_only_their_method(stage: Stage) -> None:
    stage.workspace.faults.add(Fault("views.open", "error", error="internal_error"))
    assert stage.client().auth_test()["user"] == "echo"
    assert stage.workspace.faults.show()["faults"][0]["method"] == "views.open"


def test_a_response_url_can_fail_too(stage: Stage, ana: Visitor) -> None:
    bolt = stage.bolt()
    urls: list[str] = []

    @bolt.command("/echo")
    def note(ack: Any, command: Json) -> None:
        urls.append(command["response_url"])
        ack()

    stage.connect(bolt)
    ana.say("C0GENERAL", "/echo")
    stage.workspace.faults.add(Fault("response_url", "http_500_after"))
    assert WebhookClient(urls[0], retry_handlers=[]).send(text="landed").status_code == 500
    assert texts(ana) == ["landed"]


def hear_events(stage: Stage, *, over_http: bool) -> list[tuple[str, str | None]]:
    bolt = stage.bolt()
    heard: list[tuple[str, str | None]] = []

    @bolt.event("app_mention")
    def note(body: Json, request: Any) -> None:
        heard.append((body["event_id"], request.headers.get("x-slack-retry-num", [None])[0]))
        stage.workspace.live.touch()

    if over_http:
        stage.serve_over_http(bolt)
    else:
        stage.connect(bolt, ping_interval_s=0.2)
    return heard


@pytest.mark.parametrize("over_http", [False, True], ids=["socket", "http"])
def test_events_can_come_again_with_the_same_id(stage: Stage, ana: Visitor, over_http: bool) -> None:
    heard = hear_events(stage, over_http=over_http)
    stage.workspace.faults.repeat_events = 2
    ana.say("C0GENERAL", "@echo hello")
    ana.wait_for(lambda: len(heard) == 3, "three deliveries")
    assert len({event_id for event_id, _ in heard}) == 1
    assert sorted(attempt or "0" for _, attempt in heard) == ["0", "1", "2"]


def test_an_event_without_acknowledgement_is_sent_again_and_logged(stage: Stage, ana: Visitor) -> None:
    bolt = stage.bolt()
    stage.connect(bolt)
    stage.workspace.ack_timeout_s = 0.2
    ana.say("C0GENERAL", "@echo hello")
    ana.wait_for(lambda: len(stage.problems) == 2, "two failed deliveries")
    assert (
        stage.problems
        == ["event app_mention: not acknowledged in time; Slack waits 0.2 seconds for an acknowledgement."] * 2
    )


def test_a_command_can_come_twice_in_the_same_envelope(stage: Stage, ana: Visitor) -> None:
    bolt = stage.bolt()
    triggers: list[str] = []

    @bolt.command("/echo")
    def note(ack: Any, command: Json) -> None:
        triggers.append(command["trigger_id"])
        ack()
        stage.workspace.live.touch()

    stage.connect(bolt)
    stage.workspace.faults.repeat_envelopes = 1
    ana.say("C0GENERAL", "/echo")
    ana.wait_for(lambda: len(triggers) == 2, "the second copy")
    assert len(set(triggers)) == 1


@pytest.mark.parametrize("reason", ["refresh_requested", "abrupt"])
def test_the_client_comes_back_after_the_socket_was_closed(stage: Stage, ana: Visitor, reason: str) -> None:
    heard = hear_events(stage, over_http=False)
    opened = sum(entry.method == "apps.connections.open" for entry in stage.workspace.journal.since(0))
    stage.server.run(stage.server.delivery.sockets.hang_up(reason))

    def reconnected() -> bool:
        calls = [entry for entry in stage.workspace.journal.since(0) if entry.method == "apps.connections.open"]
        return len(calls) > opened and bool(stage.workspace.connected)

    ana.wait_for(reconnected, "a new connection")
    ana.say("C0GENERAL", "@echo hello")
    ana.wait_for(lambda: heard, "the event")


def test_an_unknown_fault_is_refused(stage: Stage) -> None:
    with pytest.raises(Refusal, match="There is no fault"):
        stage.workspace.faults.add_from({"method": POST, "kind": "explode"})
    with pytest.raises(Refusal, match="needs method and kind"):
        stage.workspace.faults.add_from({"kind": "slow"})
