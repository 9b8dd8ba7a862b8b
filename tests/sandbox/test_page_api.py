"""What the page asks for: the start, saying and clicking over HTTP, the live socket, clock, faults, log."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from websockets.sync.client import ClientConnection, connect

from bot.sandbox.clock import MovableClock
from bot.sandbox.sample import make_sample_cast
from bot.sandbox.wire import Json
from bot.sandbox.workspace import Workspace
from tests.sandbox.conftest import Stage


def ask(stage: Stage, path: str, **body: Any) -> Json:
    data = json.dumps(body).encode() if body else None
    with urlopen(Request(f"{stage.server.url}/_/{path}", data)) as response:
        answer: Json = json.load(response)
    return answer


@contextmanager
def watch(stage: Stage, user: str) -> Iterator[ClientConnection]:
    url = stage.server.url.replace("http", "ws")
    with connect(f"{url}/_/live?as={user}", proxy=None) as live:
        assert json.loads(live.recv(timeout=5)) == {"type": "app", "connected": False}
        yield live


def next_of(live: ClientConnection, kind: str) -> Json:
    while True:
        item: Json = json.loads(live.recv(timeout=5))
        if item["type"] == kind:
            return item


def test_the_start_shows_what_the_person_may_see(stage: Stage) -> None:
    start = ask(stage, "start?as=U0GUEST")
    assert set(start) == {
        "ok", "team", "clock", "me", "connected", "people", "channels", "apps", "groups", "welcome", "home", "views"
    }  # fmt: skip
    assert (start["team"], start["me"]) == ({"id": "T0LOCAL", "name": "Harbour & Co"}, "U0GUEST")
    assert [(one["name"], one["kind"]) for one in start["channels"]] == [
        ("general", "channel"),
        ("directmessage", "im"),
    ]
    app = start["apps"][0]
    assert (app["commands"][0]["command"], app["bot_user"], app["home"]) == ("/echo", "U0ECHOBOT", True)
    assert [one["callback_id"] for one in app["message_shortcuts"]] == ["quote"]
    people = {one["id"]: (one["guest"], one["foreign"], one["deleted"]) for one in start["people"]}
    assert (people["U0GUEST"], people["U0STRANGER"], people["U0GONE"]) == (
        (True, False, False),
        (False, True, False),
        (False, False, True),
    )


def test_messages_unread_counts_and_reading(stage: Stage) -> None:
    said = ask(stage, "say", **{"as": "U0ANA", "channel": "C0GENERAL", "text": "<b> @bo"})["message"]
    assert said["text"] == "&lt;b&gt; <@U0BO>"

    def counts() -> tuple[int, int]:
        channels = {one["id"]: one for one in ask(stage, "start?as=U0BO")["channels"]}
        return channels["C0GENERAL"]["unread"], channels["C0GENERAL"]["mentions"]

    assert counts() == (1, 1)
    assert ask(stage, "messages?as=U0BO&channel=C0GENERAL")["messages"] == [said]
    ask(stage, "read", **{"as": "U0BO", "channel": "C0GENERAL"})
    assert counts() == (0, 0)


def test_each_page_hears_only_what_its_person_may(stage: Stage) -> None:
    client = stage.client()
    with watch(stage, "U0ANA") as ana, watch(stage, "U0BO") as bo:
        client.chat_postEphemeral(channel="C0GENERAL", user="U0ANA", text="for Ana")
        posted = client.chat_postMessage(channel="C0GENERAL", text="for all")
        client.chat_update(channel="C0GENERAL", ts=posted["ts"], text="changed")
        client.chat_delete(channel="C0GENERAL", ts=posted["ts"])

        whispered = next_of(ana, "message")["message"]
        assert (whispered["text"], whispered["ephemeral"]) == ("for Ana", True)
        assert [next_of(live, "message")["message"]["text"] for live in (ana, bo)] == ["for all"] * 2
        assert next_of(bo, "unread") == {
            "type": "unread",
            "channel": "C0GENERAL",
            "unread": 1,
            "mentions": 0,
        }
        assert next_of(bo, "message_changed")["message"]["text"] == "changed"
        assert next_of(bo, "message_deleted") == {
            "type": "message_deleted",
            "channel": "C0GENERAL",
            "ts": posted["ts"],
        }
        ask(stage, "dismiss", **{"as": "U0ANA", "channel": "C0GENERAL", "ts": whispered["ts"]})
        assert next_of(ana, "message_deleted")["ts"] == posted["ts"]
        assert next_of(ana, "message_deleted")["ts"] == whispered["ts"]
    assert ask(stage, "messages?as=U0ANA&channel=C0GENERAL")["messages"] == []


def test_a_problem_is_pushed_and_stands_in_the_log(stage: Stage) -> None:
    with watch(stage, "U0ANA") as ana:
        stage.client().api_call("api.test")
        ask(stage, "faults", add={"method": "auth.test", "kind": "error", "error": "token_revoked"})
        assert ask(stage, "faults")["faults"][0]["error"] == "token_revoked"
        ask(stage, "faults", clear=True)
        assert ask(stage, "faults")["faults"] == []
        refused = ask(stage, "say", **{"as": "U0ANA", "channel": "C0GENERAL", "text": "/echo"})
        assert refused == {"ok": False, "error": "dispatch_failed: Echo is not connected."}
        stage.workspace.journal.note("problem", "A rule was broken.")
        assert next_of(ana, "problem")["entry"]["summary"] == "A rule was broken."
    kinds = [(entry["kind"], entry["summary"]) for entry in ask(stage, "log?since=0")["entries"]]
    assert kinds == [
        ("api", "Echo called api.test"),
        ("event", "sent /echo"),
        ("event", "/echo not delivered: the app is not connected"),
        ("problem", "A rule was broken."),
    ]
    assert [entry["n"] for entry in ask(stage, "log?since=3")["entries"]] == [4]


@pytest.mark.parametrize(
    ("path", "body", "sentence"),
    [
        ("say", {"as": "U0ANA"}, "The request is incomplete or malformed: 'channel'."),
        ("submit", {"as": "U0ANA", "view": "V1"}, "That window is closed."),
        ("home", {"as": "U0ANA", "app": "A1"}, "That app has no Home."),
        ("shortcut", {"as": "U0ANA", "app": "A0ECHO", "callback_id": "x"}, "The app has no such shortcut."),
        ("clock", {"to": "yesterday"}, "Invalid isoformat string: 'yesterday'"),
        ("clock", {"advance_s": -1}, "The clock never goes back; give a number of seconds above 0."),
    ],
)
def test_a_request_that_cannot_be_met_is_answered_with_a_sentence(
    stage: Stage, path: str, body: Json, sentence: str
) -> None:
    assert ask(stage, path, **body) == {"ok": False, "error": sentence}


def test_the_page_moves_the_clock_and_every_page_hears_of_it(stage: Stage) -> None:
    with watch(stage, "U0BO") as bo:
        moved = ask(stage, "clock", **{"to": "next_monday_9", "as": "U0MEI"})
        told = next_of(bo, "clock")
    assert told == {"type": "clock", "now": moved["now"], "moved_s": moved["moved_s"]}
    there = datetime.fromisoformat(moved["now"]).astimezone(UTC) + timedelta(hours=9)
    assert (there.weekday(), there.hour, there.minute) == (0, 9, 0)
    posted = stage.client().chat_postMessage(channel="C0GENERAL", text="on Monday")
    assert float(posted["ts"]) >= datetime.fromisoformat(moved["now"]).timestamp()


def test_the_page_and_files_are_served(stage: Stage) -> None:
    with urlopen(stage.server.url) as page:
        assert page.status == 200
    shared = stage.client().files_upload_v2(channel="C0GENERAL", filename="a.txt", content="some text")
    with urlopen(shared["file"]["url_private"]) as file:
        assert (file.read(), file.headers.get_content_type()) == (b"some text", "text/plain")
    assert ask(stage, f"file/{shared['file']['id']}")["file"]["name"] == "a.txt"


def test_the_clock_starts_where_it_is_told_and_never_goes_back() -> None:
    start = datetime(2026, 3, 2, 9, tzinfo=UTC)
    clock = MovableClock(start)
    assert (clock.now() - start < timedelta(seconds=5), clock.moved_s) == (True, 0.0)
    later = start + timedelta(days=7)
    assert clock.move_to(later) >= later
    assert 0 <= timedelta(days=7).total_seconds() - clock.moved_s < 5
    with pytest.raises(ValueError, match="never goes back"):
        clock.move_to(start)
    with pytest.raises(ValueError, match="no time zone"):
        clock.move_to(datetime(2027, 1, 1))  # noqa: DTZ001 - the naive time is the point


def test_message_times_never_repeat() -> None:
    workspace = Workspace(make_sample_cast(), MovableClock())
    stamps = [workspace.next_ts() for _ in range(1000)]
    assert stamps == sorted(set(stamps))


def test_a_deactivated_person_can_no_longer_act(stage: Stage) -> None:
    stage.workspace.change_person("U0BO", deleted=True)
    answer = ask(stage, "say", **{"as": "U0BO", "channel": "C0GENERAL", "text": "still here"})
    assert answer == {"ok": False, "error": "Bo Lindqvist is deactivated and can do nothing here."}
    assert stage.client().users_info(user="U0BO")["user"]["deleted"] is True


@pytest.mark.parametrize("headers", [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Origin": "null"}])
def test_other_sites_cannot_drive_the_workspace(stage: Stage, headers: dict[str, str]) -> None:
    body = json.dumps({"as": "U0ANA", "channel": "C0GENERAL", "text": "not me"}).encode()
    with pytest.raises(HTTPError) as refused, urlopen(Request(f"{stage.server.url}/_/say", body, headers)):
        pass
    with refused.value:
        assert refused.value.code == 403
    assert ask(stage, "messages?as=U0ANA&channel=C0GENERAL")["messages"] == []
