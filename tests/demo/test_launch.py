"""`rollout demo` from its first line to its end, also when it is killed and started again."""

import signal
import socket
import sqlite3
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path

from bot.demo.cast import LEADS, PROGRAM, SUPPORT
from tests.blockkit.oracle import problems_of_message, problems_of_view
from tests.demo.conftest import Demo, Launch, eventually, killed, rows

MONDAY = "2026-03-02T09:00:00Z"
ROLLOUT = "U0ROLLOUTBOT"


def from_rollout(demo: Demo, who: str, channel: str) -> list[str]:
    return [message["text"] for message in demo.messages(who, channel) if message["user"] == ROLLOUT]


def cards(demo: Demo) -> tuple[list[str], list[str]]:
    """The waiting requests' cards: in the team's channel, and in the approver's direct messages."""
    return (
        from_rollout(demo, "U0RUI", SUPPORT),
        from_rollout(demo, "U0LENA", demo.room_with_rollout("U0LENA")),
    )


def told(demo: Demo) -> bool:
    return all(len(each) == 2 for each in cards(demo))


def problems(demo: Demo) -> list[object]:
    return [entry["summary"] for entry in demo.ask("log", since="0")["entries"] if entry["kind"] == "problem"]


def now(demo: Demo) -> datetime:
    return datetime.fromisoformat(demo.ask("clock")["now"])


def forget_that_the_cards_were_posted(file: Path) -> None:
    """As if the bot had been killed after Slack took them and before that was noted; the claims have run out."""
    with closing(sqlite3.connect(file)) as connection:
        lost = connection.execute(
            "UPDATE outbox SET state = 'sending', owner = 'gone', lease_until = 0, result_channel = NULL, "
            "result_ts = NULL WHERE kind = 'request_card' AND state = 'posted'"
        )
        connection.commit()
        assert lost.rowcount >= 6


def test_a_newcomer_can_click_at_once_and_finds_everything_again(launch: Launch, tmp_path: Path) -> None:
    with closing(socket.socket()) as somebody:
        # Whether this succeeds or somebody listens there already: the usual port is taken now. Connections of an
        # earlier demo that linger there take it from nobody.
        somebody.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):
            somebody.bind(("127.0.0.1", 8090))
            somebody.listen()
        first = launch("--at", MONDAY)
    assert first.printed[1] == "Port 8090 is taken, so it uses another one."
    assert (len(first.printed), first.url.startswith("http://127.0.0.1:")) == (4, True)

    start = first.ask("start")
    assert (start["me"], start["welcome"]["channel"], start["connected"]) == ("U0ANA", SUPPORT, True)
    assert datetime.fromisoformat(MONDAY) <= now(first) < datetime.fromisoformat(MONDAY) + timedelta(minutes=2)
    for channel in (SUPPORT, PROGRAM, LEADS):
        assert [message for message in first.messages("U0LENA", channel) if message["user"] != ROLLOUT]

    assert eventually(lambda: told(first))
    shown = cards(first)
    assert [len(each) for each in shown] == [2, 2]
    assert ["Rui" in shown[0][0], "Ana" in shown[0][1]] == [True, True]
    answers_are_sound(first)
    first.do("clock", advance_s=3 * 86400)
    reached = now(first)
    killed(first)
    forget_that_the_cards_were_posted(tmp_path / "rollout-demo.db")

    second = launch("--at", MONDAY)
    assert second.printed[1] == "It goes on where it was; --fresh begins anew."
    assert now(second) >= reached
    assert eventually(
        lambda: (
            rows(tmp_path / "rollout-demo.db", "SELECT DISTINCT state FROM outbox WHERE kind = 'request_card'")
            == [("posted",), ("skipped",)]
        )
    )
    again = cards(second)
    assert (again[0], again[1][:2], len(again[1])) == (shown[0], shown[1], len(set(again[1])))
    assert second.end(signal.SIGTERM) == 0

    third = launch("--fresh", "--at", MONDAY)
    assert now(third) < reached
    assert rows(tmp_path / "rollout-demo.db", "SELECT count(*) FROM workflows") == [(6,)]
    assert third.end(signal.SIGINT) == 0


def answers_are_sound(demo: Demo) -> None:
    """What one tries first is answered, and Slack would take every message and view of it."""
    for typed in ("", " status refunds_agent", " status", " checklist support_macros", " requests"):
        before = len(from_rollout(demo, "U0ANA", SUPPORT))
        demo.do("say", **{"as": "U0ANA", "channel": SUPPORT, "text": f"/rollout{typed}"})
        assert eventually(lambda before=before: len(from_rollout(demo, "U0ANA", SUPPORT)) > before)  # type: ignore[misc]
    said = from_rollout(demo, "U0ANA", SUPPORT)
    assert [text for text in said if text.startswith("refunds_agent (Support): PRODUCTION · day 44 of 90")] != []
    demo.do("home", **{"as": "U0ANA", "app": "A0ROLLOUT"})
    assert eventually(lambda: demo.ask("start", **{"as": "U0ANA"})["home"]["A0ROLLOUT"] is not None)
    home = demo.ask("start", **{"as": "U0ANA"})["home"]["A0ROLLOUT"]
    messages = [message for message in demo.messages("U0ANA", SUPPORT) if message["user"] == ROLLOUT]
    assert [problem for message in messages for problem in problems_of_message(message)] == []
    assert problems_of_view({name: home[name] for name in ("type", "blocks")}) == ()
    assert problems(demo) == []
