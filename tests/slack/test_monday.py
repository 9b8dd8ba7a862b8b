"""Mondays as people live them: what the digest says, what one does about a line, and what the next one makes of it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.actions.desk import Asked
from bot.actions.digests import holding
from bot.actions.digests.previewing import audience_of
from bot.actions.digests.replaying import stored_inputs
from bot.domain.digests.editions import EditionState
from bot.slack.digest_drafts import messages_of
from bot.slack.screens.digest_delivery import as_sent
from tests.blockkit.observer import Observer
from tests.delivery.newsroom import Readers, readers_in, switch, to_eve, to_monday
from tests.slack.cast import ANA, RUI
from tests.slack.conftest import judged, opened
from tests.slack.conversation import Someone
from tests.slack.office import Office
from tests.slack.reading import Json

LATE = "required items are past due"
VACANT = "nobody is eval owner"


@pytest.fixture(scope="module")
def premises(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A workspace whose bot drafts digests as it does everywhere."""
    yield from opened(Office(tmp_path_factory.mktemp("mondays")))


@pytest.fixture
def office(premises: Office, checked_payloads: Observer) -> Iterator[Office]:
    """The module's office for one test."""
    yield from judged(premises)


@pytest.fixture
def readers(office: Office) -> Iterator[Readers]:
    """A team that reads a digest for as long as the test lasts."""
    found = readers_in(office)
    yield found
    switch(office, found.case, on=False)


def monday(office: Office, readers: Readers) -> Someone:
    """Ana in the channel on the next Monday, with only that week's digest before her."""
    ana = office.person(ANA)
    ana.room = readers.case.room
    to_monday(office)
    readers.becomes(EditionState.POSTED)
    office.settle()
    return ana


def without_ids(blocks: list[Json]) -> list[Json]:
    """Blocks as an app wrote them: Slack gives each an id."""
    return [{name: value for name, value in block.items() if name != "block_id"} for block in blocks]


def test_a_line_is_acknowledged_in_the_digest_and_the_next_one_folds_it(office: Office, readers: Readers) -> None:
    ana = monday(office, readers)
    ana.sees(f"{readers.case.name}: ", LATE, "How to read this", "Audit log: record")
    ana.picks("Acknowledge", beside=VACANT).sees("Acknowledged by Ana Duarte")
    office.settle()

    monday(office, readers).sees("1 carried, acknowledged")


def test_a_line_is_explained_and_put_off_until_it_returns(office: Office, readers: Readers) -> None:
    ana = monday(office, readers).sees(VACANT)
    ana.picks("Why?", beside=VACANT).sees("Rule role.vacant", "role: ")
    until = office.clock.now().date() + timedelta(days=9)
    ana.picks("Snooze…", beside=VACANT).fills(until=str(until), reason="The vendor is on leave.").submits()
    office.settle()

    monday(office, readers).sees("1 snoozed")
    monday(office, readers).sees(VACANT)


def test_what_was_put_off_is_back_when_it_gets_worse(office: Office, readers: Readers) -> None:
    ana = monday(office, readers)
    until = office.clock.now().date() + timedelta(days=9)
    ana.picks("Snooze…", beside=LATE).fills(until=str(until), reason="We catch up next week.").submits()
    office.settle()

    monday(office, readers).sees("CRITICAL", LATE, "Worse than last week")


def test_a_posted_digest_is_said_again_byte_for_byte(office: Office, readers: Readers) -> None:
    monday(office, readers)
    edition = readers.edition
    with office.desk.reading() as view:
        inputs = stored_inputs(view, audience_of(readers.case.workflow.team), edition.week)

    assert messages_of(inputs) == edition.messages
    (posted,) = [one for one in readers.room.top_level() if one.get("ts") == edition.posted_ts]
    sent = as_sent(edition, 0, late=edition.late, plain=edition.plain)
    assert (posted["text"], without_ids(posted["blocks"])) == (sent.fallback, list(sent.blocks))


def test_what_is_told_of_is_remembered_in_the_freezing_of_the_digest(office: Office, readers: Readers) -> None:
    monday(office, readers)
    with office.desk.reading() as view:
        known = view.findings.of_workflows((readers.case.id,)).values()

    assert {(each.rule, each.first_week) for each in known} >= {("item.overdue", readers.edition.week)}


def held(office: Office, readers: Readers) -> None:
    """This Monday's digest, about which an admin has to decide."""
    to_eve(office)
    office.fails("conversations.history", "error", error="access_denied")
    to_monday(office)
    readers.becomes(EditionState.HELD)


def remembered(office: Office, readers: Readers) -> set[str | None]:
    """The weeks whose digests told first of what is known about the workflow."""
    with office.desk.reading() as view:
        return {each.first_week for each in view.findings.of_workflows((readers.case.id,)).values()}


def test_what_stood_in_a_digest_that_never_came_is_new_in_the_next_one(office: Office, readers: Readers) -> None:
    held(office, readers)
    office.passes(hours=49)
    readers.becomes(EditionState.MISSED)
    assert remembered(office, readers) == set()

    monday(office, readers).sees(VACANT, "New.")
    assert remembered(office, readers) == {readers.edition.week}


def test_what_stood_in_a_digest_that_an_admin_saw_is_remembered(office: Office, readers: Readers) -> None:
    held(office, readers)
    office.desk.do(Asked(office.desk.actor(RUI)), holding.confirm, readers.edition.id)
    assert remembered(office, readers) == {readers.edition.week}
    assert readers.edition.told is None
