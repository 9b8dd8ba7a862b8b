"""What the local workspace remembers when it is stopped, or killed, and started again."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.demo.cast import SUPPORT, company, rollout_app
from bot.sandbox import memory
from bot.sandbox.clock import MovableClock
from bot.sandbox.posting import app_message, edit, join, post, remove, whisper
from bot.sandbox.workspace import Workspace

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


Open = Callable[[], Workspace]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the workspace keeps what it remembers."""
    return tmp_path / "memory"


@pytest.fixture
def started(file: Path) -> Iterator[Open]:
    """Starts the workspace anew: it remembers what the file says, and writes down what becomes of it."""
    with ExitStack() as held:

        def start() -> Workspace:
            made = Workspace(company(rollout_app(), AT), MovableClock(AT))
            memory.recall(made, memory.read(file))
            held.callback(memory.keep(made, file).close)
            return made

        yield start


def said(here: Workspace, text: str, **more: str) -> dict[str, Any]:
    return post(here, here.room(SUPPORT), {"type": "message", "user": "U0ANA", "text": text, **more})


def texts(here: Workspace) -> list[str]:
    return [message["text"] for message in here.room(SUPPORT).messages.values()]


def test_messages_come_back_as_they_last_stood(started: Open) -> None:
    before = started()
    root = said(before, "first")
    said(before, "an answer", thread_ts=root["ts"])
    edit(before, before.room(SUPPORT), said(before, "typo"), {"text": "mended"})
    remove(before, before.room(SUPPORT), said(before, "never mind"))
    whisper(before, before.room(SUPPORT), "U0ANA", {"type": "message", "user": "U0ANA", "text": "for Ana only"})
    after = started()
    assert texts(after) == ["first", "an answer", "mended"]
    assert after.room(SUPPORT).messages == before.room(SUPPORT).messages
    assert after.room(SUPPORT).thread(root["ts"])[0]["reply_count"] == 1


def test_what_is_remembered_counts_as_read(started: Open) -> None:
    said(started(), "<@U0RUI> look")
    after = started()
    assert after.room(SUPPORT).unread("U0RUI", after.marks_of("U0RUI")) == (0, 0)


def test_a_line_that_was_cut_off_costs_only_itself(started: Open, file: Path) -> None:
    said(started(), "whole")
    with file.open("a", encoding="utf-8") as book:
        book.write('{"type": "message", "message": {"ts": "17')
    said(started(), "after the cut")
    assert texts(started()) == ["whole", "after the cut"]


def test_what_is_said_after_a_start_stands_below_what_was_said_before_whatever_the_clock_says(started: Open) -> None:
    before = started()
    before.clock.move_to(AT + timedelta(hours=1))
    said(before, "an hour on")
    said(started(), "and by a clock that begins anew")
    assert texts(started()) == ["an hour on", "and by a clock that begins anew"]


def test_people_who_came_in_are_still_there(started: Open) -> None:
    before = started()
    room = before.room(SUPPORT)
    join(before, room, "U0KENJI")
    post(before, room, {"type": "message", "subtype": "channel_join", "user": "U0KENJI", "text": "came"})
    assert "U0KENJI" in started().room(SUPPORT).members


def test_a_new_id_is_never_one_that_stands_in_a_message(started: Open) -> None:
    before = started()
    app = rollout_app()
    body = {"text": "hello", "blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": "hello"}}]}
    posted = [post(before, before.room(SUPPORT), app_message(before, app, body)) for _ in range(40)]
    last = posted[-1]["blocks"][0]["block_id"]
    said(before, 'not an id: "id": "b99999999"')
    after = started()
    assert after.next_id("b") > last
    assert len(after.next_id("b")) == len(last)


def test_the_clock_remembers_how_far_it_was_moved(started: Open, file: Path) -> None:
    before = started()
    before.clock.advance(3600)
    before.live.publish({"type": "clock", "now": "", "moved_s": 3600})
    found = memory.read(file).ahead_s
    assert found is not None
    assert abs((before.clock.now() - before.clock.real_now()).total_seconds() - found) < 1


def test_only_its_owner_may_read_what_was_said(started: Open, file: Path) -> None:
    started()
    assert file.stat().st_mode & 0o777 == 0o600
