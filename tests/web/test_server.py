"""What the server says of itself, and that slow work in a listener holds nobody else up."""

import http.client
import json
import socket
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.web.guard import MAX_BODY_BYTES
from bot.web.server import AddressTaken, Serving, WebParts, serve, web_app
from tests.web.asgi import Sent, ask, ask_all
from tests.web.slack import CLICK, COMMAND, NOON, Bot, Json, as_form, as_payload, signed

GATE_TIMEOUT_S = 10


def get(path: str) -> Sent:
    return Sent(path, method="GET")


def quiet() -> WebParts:
    return WebParts(now=lambda: NOON, last_tick=lambda: NOON, obstacles=tuple, outbox_depth=lambda: 0)


def told(parts: WebParts, path: str) -> tuple[int, Any]:
    answered = ask(web_app(parts), get(path))
    return answered.status, json.loads(answered.body)


@pytest.mark.parametrize(("age_s", "healthy"), [(0, True), (300, True), (301, False)])
def test_the_bot_is_healthy_while_its_scheduler_ticks(age_s: int, healthy: bool) -> None:
    ticked = NOON - timedelta(seconds=age_s)

    answer = told(replace(quiet(), last_tick=lambda: ticked), "/healthz")

    assert answer == (200 if healthy else 503, {"healthy": healthy, "last_tick": ticked.isoformat(), "alarms": []})


def test_before_the_first_tick_the_start_counts() -> None:
    moments = iter([NOON, NOON + timedelta(minutes=4), NOON + timedelta(minutes=6)])
    web = web_app(replace(quiet(), now=lambda: next(moments), last_tick=lambda: None))

    assert [ask(web, get("/healthz")).status for _ in range(2)] == [200, 503]


def test_the_bot_is_ready_when_nothing_stands_in_its_way() -> None:
    assert told(quiet(), "/readyz") == (200, {"ready": True, "obstacles": []})


def test_the_bot_says_what_keeps_it_from_being_ready() -> None:
    said = "The database has schema 3 and this version needs 4. Run `rollout db upgrade`."

    answer = told(replace(quiet(), obstacles=lambda: [said]), "/readyz")

    assert answer == (503, {"ready": False, "obstacles": [said]})


def refuse() -> Any:
    raise OSError("canary-dsn")


def test_a_failing_check_is_an_obstacle_and_tells_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    answer = told(replace(quiet(), obstacles=refuse), "/readyz")

    assert answer == (503, {"ready": False, "obstacles": ["The check itself failed; the log names the error."]})
    assert caplog.messages == ["A probe could not be answered: OSError."]


def numbers(web: Any) -> list[str]:
    lines = ask(web, get("/metrics")).body.decode().splitlines()
    return [line for line in lines if line.startswith("rollout_") and "_created" not in line]


def test_requests_are_counted_by_route_and_status_and_unknown_paths_together() -> None:
    bot = Bot()
    web = bot.web()
    for sent in (signed(as_form(COMMAND)), signed(as_form(COMMAND)), Sent("/slack/events"), get("/a"), get("/b")):
        ask(web, sent)

    said = numbers(web)

    assert [line for line in said if line.startswith("rollout_http_requests_total")] == [
        'rollout_http_requests_total{route="/slack/events",status="200"} 2.0',
        'rollout_http_requests_total{route="/slack/events",status="401"} 1.0',
        'rollout_http_requests_total{route="other",status="404"} 2.0',
    ]
    assert "rollout_slack_ack_seconds_count 1.0" in said


def test_the_outbox_is_counted_when_somebody_looks() -> None:
    assert "rollout_outbox_depth 7.0" in numbers(web_app(replace(quiet(), outbox_depth=lambda: 7)))
    assert "rollout_outbox_depth NaN" in numbers(web_app(replace(quiet(), outbox_depth=refuse)))


def test_without_slack_over_http_there_is_no_door() -> None:
    assert ask(web_app(quiet()), signed(as_form(COMMAND))).status == 404


def test_the_door_takes_nothing_but_posts() -> None:
    assert ask(Bot().web(), get("/slack/events")).status == 405


def test_thirty_slow_listeners_hold_up_neither_the_loop_nor_another_click() -> None:
    """Each slow listener waits until both a click and a health check that came after it were answered."""
    clicked, checked = threading.Event(), threading.Event()
    missed: list[Json] = []

    def during(body: Json) -> None:
        if body.get("type") == "block_actions":
            clicked.set()
        elif not (clicked.wait(GATE_TIMEOUT_S) and checked.wait(GATE_TIMEOUT_S)):
            missed.append(body)

    def last_tick() -> Any:
        checked.set()
        return NOON

    bot = Bot(during=during)
    web = web_app(replace(bot.parts(), last_tick=last_tick))
    slow = [signed(as_form(COMMAND | {"text": f"slow {n}"})) for n in range(30)]

    answers = ask_all(web, [*slow, get("/healthz"), signed(as_payload(CLICK))])

    assert [answered.status for answered in answers] == [200] * 32
    assert (bot.runs(), missed) == (31, [])


@pytest.fixture
def serving() -> Iterator[Serving]:
    running = serve(Bot().web(), "127.0.0.1", 0)
    yield running
    running.stop()
    assert not running.thread.is_alive()


def test_over_a_real_socket_a_signed_request_is_answered(serving: Serving) -> None:
    sent = signed(as_form(COMMAND))
    connection = http.client.HTTPConnection("127.0.0.1", serving.port)

    connection.request("POST", sent.path, sent.pieces[0], {k.decode(): v.decode() for k, v in sent.headers})
    response = connection.getresponse()
    connection.close()

    assert (response.status, response.read(), response.getheader("server")) == (200, b"", None)


def test_over_a_real_socket_a_body_without_a_length_is_cut_off(serving: Serving) -> None:
    sent = signed(as_form(COMMAND))
    connection = http.client.HTTPConnection("127.0.0.1", serving.port)
    pieces = (b"x" * 65_536 for _ in range(MAX_BODY_BYTES // 65_536 + 1))

    connection.request(
        "POST", sent.path, pieces, {k.decode(): v.decode() for k, v in sent.headers}, encode_chunked=True
    )
    response = connection.getresponse()
    connection.close()

    assert response.status == 413


@pytest.mark.parametrize("raw", [b"\x16\x03\x01\x02\x00\r\n\r\n", b"POST /slack/events HTTP/9\r\n\r\n", b"\0\r\n\r\n"])
def test_what_is_no_http_is_answered_with_400_and_not_logged(
    raw: bytes, serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_connection(("127.0.0.1", serving.port)) as connection:
        connection.sendall(raw)
        answered = connection.makefile("rb").readline()

    assert answered.startswith(b"HTTP/1.1 400")
    assert caplog.messages == []


def test_a_request_under_way_is_answered_before_the_server_stops() -> None:
    begun, gate = threading.Event(), threading.Event()

    def during(body: Json) -> None:
        begun.set()
        gate.wait(GATE_TIMEOUT_S)

    running = serve(Bot(during=during).web(), "127.0.0.1", 0)
    sent = signed(as_form(COMMAND))
    connection = http.client.HTTPConnection("127.0.0.1", running.port)
    connection.request("POST", sent.path, sent.pieces[0], {k.decode(): v.decode() for k, v in sent.headers})
    assert begun.wait(GATE_TIMEOUT_S)

    stopping = threading.Thread(target=running.stop)
    stopping.start()
    gate.set()
    response = connection.getresponse()
    connection.close()
    stopping.join()

    assert (response.status, running.thread.is_alive()) == (200, False)


def test_an_address_that_is_taken_is_named(serving: Serving) -> None:
    with pytest.raises(AddressTaken, match=f"cannot listen at 127.0.0.1:{serving.port}"):
        serve(web_app(quiet()), "127.0.0.1", serving.port)
