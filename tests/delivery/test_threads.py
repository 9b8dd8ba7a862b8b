"""The thread of a digest: in its order, whole, and never lost without a word."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot.actions.desk import Asked
from bot.actions.digests import part_holding
from bot.domain.digests.editions import EditionState, HoldCause, Message
from bot.domain.digests.pages import PAGE_CHARACTERS
from bot.domain.errors import Conflict, NotAllowed
from bot.slack.blocks import actions, button, context, divider, section
from bot.slack.screens.digest_delivery import screens_sent
from tests.delivery.newsroom import Readers, draft, draft_of, has_come, said, to_eve, to_monday, told_to_admin
from tests.delivery.test_once import forget
from tests.slack.cast import MEI, RUI
from tests.slack.conversation import Someone
from tests.slack.office import Office

PARTS = ("What to talk about", "Two more lines", "What is acknowledged")


@pytest.fixture
def long(office: Office) -> Iterator[None]:
    """Digests with three messages in their thread."""
    office.desk.draft = draft_of(said("Digest of many messages"), *map(said, PARTS))
    yield
    office.desk.draft = draft


@pytest.mark.usefixtures("long")
@pytest.mark.parametrize("lost", [1, 2])
def test_a_message_of_the_thread_that_slack_puts_off_keeps_its_place(
    office: Office, readers: Readers, lost: int
) -> None:
    to_eve(office)
    for _ in range(lost):
        office.fails("conversations.replies", "ratelimited", retry_after_s=30)
    to_monday(office)
    for _ in range(lost + 1):
        office.settle()
        office.passes(seconds=31)
    office.settle()
    (digest,) = readers.digests
    assert readers.threads(digest) == list(PARTS)


FIRST = "Digest of a hard week: 3 critical."
PARAGRAPHS = tuple(f"CRITICAL agent_{number}: {'it is off plan and ' * 40}so.\n→ Ana: mend it" for number in range(12))


def full(*paragraphs: str) -> Message:
    """A message with controls between its paragraphs."""
    told = [block for each in paragraphs for block in (section(each), actions(button("Acknowledge", "finding.ack")))]
    return {"text": FIRST, "blocks": [section(FIRST), divider(), *told, context("Audit log: record 7")]}


def words_of(*texts: str) -> list[str]:
    """The paragraphs of messages, in their order."""
    return [paragraph for text in texts for paragraph in text.split("\n\n")]


@pytest.fixture
def hard(office: Office) -> Iterator[None]:
    """Digests that say more than one message holds in words alone."""
    office.desk.draft = draft_of(full(*PARAGRAPHS), full(*PARAGRAPHS[:6]), said("Last"))
    yield
    office.desk.draft = draft


@pytest.mark.usefixtures("hard")
def test_a_digest_whose_blocks_slack_refuses_says_all_of_it_in_words_on_as_many_pages_as_it_takes(
    office: Office, readers: Readers
) -> None:
    to_eve(office)
    office.fails("chat.postMessage", "error", error="invalid_blocks")
    to_monday(office)
    office.settle()
    (digest,) = readers.digests
    pages = (digest["text"], *readers.threads(digest)[:-2])
    assert words_of(*pages) == [FIRST, *PARAGRAPHS, "Audit log: record 7"]
    assert all(len(page) <= PAGE_CHARACTERS for page in pages)
    assert readers.threads(digest)[-2:] == [FIRST, "Last"]


@pytest.mark.usefixtures("hard")
def test_a_late_one_in_words_says_so_in_its_first_line(office: Office, readers: Readers) -> None:
    to_eve(office)
    office.fails("chat.postMessage", "error", error="invalid_blocks")
    to_monday(office, later=timedelta(hours=1))
    office.settle()
    (digest,) = readers.digests
    assert digest["text"].partition("\n")[0].startswith(f"{FIRST} (Late: due Mon ")


def stands(readers: Readers) -> list[str]:
    """What stands in the channel and in the thread."""
    (digest,) = readers.digests
    return [digest["text"], *readers.threads(digest)]


def known(readers: Readers) -> list[str]:
    """The same as it is known of old."""
    return [each.fallback for each in screens_sent(readers.edition)]


@pytest.mark.usefixtures("hard")
def test_of_a_message_of_the_thread_too_slack_may_take_the_words_alone(office: Office, readers: Readers) -> None:
    to_eve(office)
    office.fails("conversations.replies", "ratelimited", retry_after_s=30)
    to_monday(office)
    office.settle()
    office.fails("chat.postMessage", "error", error="invalid_blocks")
    office.passes(seconds=31)
    office.settle()
    edition = readers.edition
    assert (edition.plain, edition.plain_thread) == (False, (1,))
    assert words_of(*stands(readers)) == [FIRST, FIRST, *PARAGRAPHS[:6], "Audit log: record 7", "Last"]
    assert stands(readers) == known(readers)


@pytest.mark.usefixtures("hard")
@pytest.mark.parametrize("hours", [0, 1])
def test_what_a_restored_backup_knows_nothing_of_is_known_as_it_stands(
    office: Office, readers: Readers, hours: int
) -> None:
    to_eve(office)
    office.fails("chat.postMessage", "error", error="invalid_blocks")
    to_monday(office, later=timedelta(hours=hours))
    office.settle()
    before = stands(readers)
    forget(office, readers)
    office.passes(hours=1)
    office.settle()
    assert (stands(readers), known(readers)) == (before, before)
    assert (readers.edition.plain, readers.edition.late) == (True, hours == 1)


def part_held(office: Office, readers: Readers, error: str) -> Someone:
    """Rui, in front of what he was told of a digest whose thread Slack refuses."""
    to_eve(office)
    office.fails("conversations.replies", "error", error=error)
    to_monday(office)
    office.settle()
    assert readers.threads(*readers.digests) == []
    rui = office.person(RUI)
    rui.room = rui.direct
    rui._since = "0"
    return rui


def asked(office: Office, readers: Readers) -> list[str]:
    """What admins were told of the thread of the digest of these readers."""
    name = readers.case.workflow.team.name
    return [text for text in told_to_admin(office, "of it") + told_to_admin(office, "of its thread") if name in text]


@pytest.mark.usefixtures("long")
def test_a_part_of_the_thread_that_is_held_is_shown_to_admins_and_posted_when_they_say_so(
    office: Office, readers: Readers
) -> None:
    rui = part_held(office, readers, "access_denied")
    office.passes(hours=50)
    office.settle()
    (told,) = asked(office, readers)
    assert "message 1 of it waits for you, and what comes after it" in told
    rui.clicks("Post it", beside=readers.case.workflow.team.name)
    office.settle()
    (digest,) = readers.digests
    assert readers.threads(digest) == list(PARTS)
    assert "Rui Alves decided, and it stands there" in asked(office, readers)[0]
    assert readers.facts[-2:] == ["digest_part_held", "digest_part_released"]


@pytest.mark.usefixtures("long")
def test_a_part_that_an_admin_saw_is_not_posted_and_the_next_ones_are(office: Office, readers: Readers) -> None:
    rui = part_held(office, readers, "access_denied")
    rui.clicks("It is there", beside=readers.case.workflow.team.name)
    office.settle()
    (digest,) = readers.digests
    assert readers.threads(digest) == list(PARTS[1:])
    with pytest.raises(Conflict, match="does not wait for you any more"):
        office.desk.do(Asked(office.desk.actor(RUI)), part_holding.release, readers.edition.id, 1, HoldCause.UNREADABLE)


@pytest.mark.usefixtures("long")
def test_only_an_admin_decides_about_a_part(office: Office, readers: Readers) -> None:
    part_held(office, readers, "access_denied")
    with office.nothing_changes(), pytest.raises(NotAllowed, match="for an admin"):
        office.desk.do(Asked(office.desk.actor(MEI)), part_holding.release, readers.edition.id, 1, HoldCause.UNREADABLE)


@pytest.mark.usefixtures("long")
def test_a_part_that_slack_never_answers_about_is_asked_about_after_48_hours(office: Office, readers: Readers) -> None:
    to_eve(office)
    office.fails("conversations.replies", "http_500_before", times=10_000)
    to_monday(office)
    office.until(lambda: readers.state is EditionState.POSTED, "a digest in its channel")
    office.clock.advance(timedelta(hours=49).total_seconds())
    office.until(lambda: has_come(office, lambda: readers.facts[-1] == "digest_part_held"), "a held part")
    office.workspace.faults.clear()
    office.settle()
    assert "message 1 of it waits for you" in asked(office, readers)[0]
