"""The bot is killed at the worst moments: after the next start everything is there once, and nothing twice."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from bot.domain.items import ItemState
from bot.domain.requests import RequestState
from bot.sandbox.wire import Refusal
from tests.slack.cast import ANA, MEI
from tests.slack.conversation import Someone
from tests.slack.hiring import environ_for
from tests.slack.office import Case, Office

CHOOSE = "Choose a workflow of clear value"
ROOT = Path(__file__).parents[2]


@contextmanager
def a_bot_that_dies(office: Office, moment: str) -> Iterator[None]:
    """In place of the office's bot one in a process of its own, which dies at that moment; then the usual one again."""
    office.settle()
    office.dismiss()
    office.until(lambda: office.app.id not in office.workspace.connected, "the end of the connection")
    environ = json.dumps(environ_for(office.server.url, office.app, office.database_url))
    command = [sys.executable, "-m", "tests.slack.mortal", environ, moment]
    pipe = subprocess.PIPE
    with (
        subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True) as mortal,
        impatient(office),
    ):
        try:
            assert mortal.stdout
            assert mortal.stdin
            assert mortal.stdout.readline() == "ready\n"
            office.until(lambda: office.app.id in office.workspace.connected, "the bot's connection")
            mortal.stdin.write("\n")
            mortal.stdin.flush()
            assert mortal.stdout.readline() == "armed\n"
            yield
            assert mortal.wait(60) == -signal.SIGKILL
        finally:
            mortal.kill()
            mortal.wait()
            office.until(lambda: office.app.id not in office.workspace.connected, "the end of the connection")
            office.hire()
    office.settle()


@contextmanager
def impatient(office: Office) -> Iterator[None]:
    """Lets the workspace wait only a second for an acknowledgement that may never come."""
    kept, office.workspace.ack_timeout_s = office.workspace.ack_timeout_s, 1.0
    office.tolerates_problem("not acknowledged in time")
    yield
    office.workspace.ack_timeout_s = kept


def cards(office: Office, room: str, words: str) -> list[str]:
    """The public messages of a room that hold these words."""
    mei = office.person(MEI)
    everything = office.workspace.rooms[room].messages.values()
    return [text for one in everything if words in (text := mei.read(one))]


def asking(office: Office, case: Case) -> Someone:
    """Ana, about to ask to skip the first item."""
    ana = office.person(ANA).types(f"/rollout checklist {case.name}", in_=case.room)
    return ana.picks("Skip…", beside=CHOOSE).fills(reason="Agreed last year.")


@pytest.mark.parametrize("moment", ["before the acknowledgement", "before the post", "after the post"])
def test_a_request_that_was_committed_is_told_once_after_the_next_start(office: Office, moment: str) -> None:
    case = office.case()
    ana = asking(office, case)
    with a_bot_that_dies(office, moment), suppress(Refusal):
        ana.tries_to_submit()
    with office.desk.reading() as view:
        assert [request.state for request in view.requests(case.id)] == [RequestState.WAITING]
    (card,) = cards(office, case.room, "asks to skip")
    assert "[Approve]" in card
    assert len(cards(office, office.person(MEI).direct, f"of {case.name} until")) == 1


def test_a_window_sent_again_after_the_kill_changes_nothing_more(office: Office) -> None:
    case = office.case()
    ana = asking(office, case)
    with a_bot_that_dies(office, "before the acknowledgement"), suppress(Refusal):
        ana.tries_to_submit()
    with office.nothing_changes():
        ana.submits()
    assert ana.windows == []
    assert len(cards(office, case.room, "asks to skip")) == 1


def test_a_decision_is_kept_and_its_cards_are_brought_up_to_date_after_the_next_start(office: Office) -> None:
    mei, case = office.person(MEI), office.case()
    asking(office, case).submits().sees("asks to skip")
    mei.sees("asks to skip", in_=case.room).room = case.room
    with a_bot_that_dies(office, "before the update"), suppress(Refusal):
        mei.clicks("Approve", beside="asks to skip")
    assert case.row("choose_workflow").state is ItemState.SKIPPED
    for room in (case.room, mei.direct):
        (card,) = cards(office, room, f"of {case.name} until")
        assert "✓ Approved by Mei Tanaka" in card
        assert "[Approve]" not in card
    assert len(cards(office, office.person(ANA).direct, f"of {case.name} until")) == 1
