"""The oracle can fail: what Slack takes passes, and each payload that it refuses is refused at its place."""

import io
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, cast

import pytest
from slack_bolt.context.ack import Ack
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from tests.blockkit import assert_valid_message, assert_valid_view
from tests.blockkit.observer import Observer, watch, watched
from tests.blockkit.oracle import problems_of_ack
from tests.blockkit.payloads import (
    BAD_ACKS,
    BAD_MESSAGES,
    BAD_VIEWS,
    GOOD_MESSAGES,
    GOOD_VIEWS,
    Json,
    modal,
    plain,
)
from tests.blockkit.schema import TYPES
from tests.npm import Unavailable


@pytest.fixture(autouse=True)
def checked_payloads(monkeypatch: pytest.MonkeyPatch) -> Observer:
    """Stand in for the suite's own observer: these tests send what Slack refuses."""
    observer = Observer()
    watch(observer, monkeypatch)
    return observer


@pytest.fixture
def slack_types() -> None:
    if reason := TYPES.why_missing():
        pytest.skip(reason)


def refused(check: Any, payload: object) -> set[str]:
    with pytest.raises(AssertionError) as caught:
        check(payload)
    return {line.strip().partition(": ")[0] for line in str(caught.value).splitlines()[1:]}


@pytest.mark.parametrize("payload", GOOD_MESSAGES.values(), ids=GOOD_MESSAGES)
def test_a_message_that_slack_takes_passes(payload: Json, slack_types: None) -> None:
    assert_valid_message(payload)


@pytest.mark.parametrize("view", GOOD_VIEWS.values(), ids=GOOD_VIEWS)
def test_a_view_that_slack_takes_passes(view: Json, slack_types: None) -> None:
    assert_valid_view(view)


@pytest.mark.parametrize(("payload", "path"), BAD_MESSAGES.values(), ids=BAD_MESSAGES)
def test_a_message_that_slack_refuses_is_refused_at_its_place_alone(
    payload: Json, path: str, slack_types: None
) -> None:
    assert [found for found in refused(assert_valid_message, payload) if not found.startswith(path)] == []


@pytest.mark.parametrize(("view", "path"), BAD_VIEWS.values(), ids=BAD_VIEWS)
def test_a_view_that_slack_refuses_is_refused_at_its_place_alone(view: Json, path: str, slack_types: None) -> None:
    assert [found for found in refused(assert_valid_view, view) if not found.startswith(path)] == []


@pytest.mark.parametrize(("answer", "path"), BAD_ACKS.values(), ids=BAD_ACKS)
def test_an_acknowledgement_that_slack_refuses_is_refused(answer: Json | str, path: str, slack_types: None) -> None:
    assert path in {problem.path for problem in problems_of_ack(answer)}


@pytest.mark.parametrize("answer", ["", {}, {"response_action": "clear"}, {"challenge": "x"}, "Saved."])
def test_an_acknowledgement_that_slack_takes_passes(answer: Json | str, slack_types: None) -> None:
    assert problems_of_ack(answer) == ()


def test_without_node_the_schema_says_what_is_missing(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(Unavailable, match="need node and npm"):
        TYPES.make()


def test_in_ci_a_missing_schema_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.npm.absence", lambda _: "No node.")
    monkeypatch.setenv("CI", "true")
    with pytest.raises(Unavailable, match="No node"):
        TYPES.why_missing()

    monkeypatch.delenv("CI")
    assert TYPES.why_missing() == "No node."


@pytest.fixture
def slack_address() -> Iterator[str]:
    class Yes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(b'{"ok": true}')

        def log_message(self, *said: object) -> None:
            io.StringIO().write(str(said))

    with HTTPServer(("127.0.0.1", 0), Yes) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
        thread.join()


def test_every_way_out_of_a_process_is_watched(
    checked_payloads: Observer, slack_address: str, slack_types: None
) -> None:
    observer, ack = checked_payloads, cast(Callable[[], Any], Ack)
    client = WebClient(token="xoxb-1", base_url=slack_address)

    client.chat_postMessage(channel="C1", text="x", blocks=[{"type": "sektion"}])
    client.views_open(trigger_id="1", view=modal(title=plain("x" * 25)))
    client.views_publish(user_id="U1", view=modal())
    client.auth_test()
    WebhookClient(slack_address).send(text="x" * 4001)
    WebhookClient(slack_address).send(delete_original=True)
    ack()("x" * 4001)
    ack()(response_action="errors", errors={"note": ""})

    assert observer.seen == 7
    assert {problem.partition(":")[0] for problem in observer.problems} == {
        "chat.postMessage $.blocks[0]",
        "views.open $.title",
        "views.publish $.view.type",
        "response_url $.text",
        "ack $.text",
        "ack $.errors.note",
    }


def test_a_test_that_sends_what_slack_refuses_fails_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    watching = watched(monkeypatch)
    next(watching).see("response_url", {"text": "x" * 4001})

    with pytest.raises(AssertionError, match=r"response_url \$\.text: 4,001"):
        next(watching)


def test_an_empty_acknowledgement_is_nothing_to_look_at(checked_payloads: Observer) -> None:
    cast(Callable[[], Any], Ack)()()

    assert (checked_payloads.seen, checked_payloads.problems) == (0, [])


def test_arguments_sent_as_json_text_are_taken_apart(slack_types: None) -> None:
    observer = Observer()

    observer.see("chat.postMessage", {"text": "x", "blocks": json.dumps([{"type": "sektion"}])})

    assert any(problem.startswith("chat.postMessage $.blocks[0]") for problem in observer.problems)
