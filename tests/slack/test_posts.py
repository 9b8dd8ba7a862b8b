"""What must be told is told once, whatever Slack does to the answer; and what cannot be told harms nothing else."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import select

from store.tables.ledger import outbox
from tests.slack.cast import ANA, BO, MEI
from tests.slack.office import Office

CHOOSE = "Choose a workflow of clear value"
UNSURE = ("http_500_before", "http_500_after", "drop_before", "drop_after", "html", "truncated")


@pytest.fixture(autouse=True)
def impatient(office: Office) -> Iterator[None]:
    """Lets the bot wait a second for Slack, not ten, so that a slow answer is a lost one."""
    client = office.bot.parts.messenger.client
    kept, client.timeout = client.timeout, 1
    yield
    client.timeout = kept


def cards(office: Office, room: str, words: str) -> list[str]:
    """The public messages of a room that hold these words."""
    bo = office.person(BO)
    everything = office.workspace.rooms[room].messages.values()
    return [text for one in everything if words in (text := bo.read(one))]


class Fate(NamedTuple):
    """What became of something that must be told, and when it is due."""

    state: str
    not_before: datetime


def posting(office: Office, room: str, kind: str) -> Fate:
    """The fate of what must be told in a room."""
    with office.desk.store.database.reading() as connection:
        where = (outbox.c.target == room, outbox.c.kind == kind)
        return Fate(*connection.execute(select(outbox.c.state, outbox.c.not_before).where(*where)).one())


@pytest.mark.parametrize("kind", [*UNSURE, "slow"])
def test_a_post_whose_answer_is_lost_stands_once_in_the_channel(office: Office, kind: str) -> None:
    office.fails("chat.postMessage", kind, delay_s=1.3)
    case = office.case()
    assert len(cards(office, case.room, f"started {case.name}")) == 1


@pytest.mark.parametrize("error", ["internal_error", "fatal_error", "service_unavailable"])
def test_an_error_that_does_not_say_whether_it_was_done_is_looked_into(office: Office, error: str) -> None:
    office.fails("chat.postMessage", "error", error=error)
    case = office.case()
    assert len(cards(office, case.room, f"started {case.name}")) == 1


def test_answers_that_are_lost_again_and_again_still_make_one_post(office: Office) -> None:
    for kind in ("drop_after", "drop_before"):
        office.fails("chat.postMessage", kind)
    office.fails("conversations.history", "http_500_before")
    case = office.case()
    assert len(cards(office, case.room, f"started {case.name}")) == 1


@pytest.mark.parametrize(("header", "wait_s"), [(1, 1), (30, 30), (9999, 3600), (None, 30), ("soon", 30), (-5, 1)])
def test_a_429_waits_in_the_database_as_long_as_slack_says(
    office: Office, header: float | str | None, wait_s: int
) -> None:
    ana, room, name = office.person(ANA), office.room(), office.fresh()
    office.fails("chat.postMessage", "ratelimited", retry_after_s=header)
    ana.types("/rollout start", in_=room).fills(name=name, purpose="Sorts tickets.").submits()
    begun = office.clock.now()

    def waits() -> bool:
        found = posting(office, room, "workflow_started")
        off = abs(found.not_before - begun - timedelta(seconds=wait_s))
        return bool(found.state == "pending" and off < timedelta(seconds=2))

    office.until(waits, f"a wait of {wait_s} seconds")
    office.clock.advance(wait_s)
    office.settle()
    assert len(cards(office, room, f"started {name}")) == 1


@pytest.mark.parametrize(
    "error", ["channel_not_found", "not_in_channel", "is_archived", "restricted_action", "missing_scope"]
)
def test_a_channel_that_takes_no_posts_holds_its_own_and_no_others(office: Office, error: str) -> None:
    office.fails("chat.postMessage", "error", error=error)
    held, other = office.case(), office.case()
    assert posting(office, held.room, "workflow_started").state == "held"
    assert len(cards(office, other.room, f"started {other.name}")) == 1
    assert cards(office, held.room, f"started {held.name}") == []


@pytest.mark.parametrize("error", ["token_revoked", "invalid_auth", "account_inactive"])
def test_what_waits_is_kept_while_the_token_is_not_accepted(office: Office, error: str) -> None:
    ana, room, name = office.person(ANA), office.room(), office.fresh()
    office.fails("chat.postMessage", "error", error=error, times=1)
    ana.types("/rollout start", in_=room).fills(name=name, purpose="Sorts tickets.").submits()
    office.until(lambda: posting(office, room, "workflow_started").state == "pending", "a wait")
    assert cards(office, room, f"started {name}") == []
    office.clock.advance(601)
    office.settle()
    assert len(cards(office, room, f"started {name}")) == 1


def test_a_lost_answer_in_a_channel_that_the_bot_cannot_read_is_held_not_repeated(office: Office) -> None:
    office.fails("chat.postMessage", "drop_after")
    office.expects_problem("not_in_channel")
    case = office.case(room=office.room(without_bot=True))
    assert len(cards(office, case.room, f"started {case.name}")) == 1
    assert posting(office, case.room, "workflow_started").state == "held"


@pytest.mark.parametrize("kind", ["http_500_before", "drop_after", "html", "ratelimited"])
def test_a_card_is_brought_up_to_date_however_often_slack_fails(office: Office, kind: str) -> None:
    mei, case = office.person(MEI), office.case()
    office.reader(case).picks("Skip…", beside=CHOOSE).fills(reason="Agreed.").submits().sees("asks to skip")
    office.settle()
    office.fails("chat.update", kind)
    mei.room = mei.direct
    mei.clicks("Approve", beside=case.name).sees("✓ Approved by Mei Tanaka")
    office.passes(seconds=1)
    office.settle()
    mei.sees("✓ Approved by Mei Tanaka", case.name, in_=case.room).sees_no("[Approve]", in_=case.room)


def test_a_card_that_somebody_deleted_does_not_keep_the_others_stale(office: Office) -> None:
    mei, case = office.person(MEI), office.case()
    office.reader(case).picks("Skip…", beside=CHOOSE).fills(reason="Agreed.").submits().sees("asks to skip")
    office.settle()
    shown, _ = mei.finds("Approve", beside=case.name, in_=case.room)
    del office.workspace.rooms[case.room].messages[shown["ts"]]
    office.expects_problem("message_not_found")
    mei.types("/rollout requests", in_=office.room()).clicks("Look", beside=case.name)
    mei.clicks("Approve", beside=case.name).sees("✓ Approved by Mei Tanaka")
    mei.sees("✓ Approved by Mei Tanaka", case.name, in_=mei.direct).sees_no("[Approve]", in_=mei.direct)


@pytest.mark.parametrize("kind", ["http_500_before", "drop_after", "ratelimited", "html"])
def test_a_direct_message_that_does_not_open_is_told_once_all_the_same(office: Office, kind: str) -> None:
    mei, case = office.person(MEI), office.case()
    office.fails("conversations.open", kind)
    office.reader(case).picks("Skip…", beside=CHOOSE).fills(reason="Agreed.").submits().sees("asks to skip")
    office.passes(seconds=1)
    office.settle()
    told = [one for one in mei.messages(mei.direct) if f"of {case.name} until" in mei.read(one)]
    assert len(told) == 1
