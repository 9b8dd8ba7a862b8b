"""A digest comes once: on Monday, late, after whatever Slack does to the answer; never twice."""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from bot.actions.desk import SCHEDULER, Asked
from bot.actions.digests import freezing
from bot.domain.digests.audiences import LeadersPlace
from bot.domain.digests.editions import Drafted, EditionState, Occasion
from bot.ports import Clock
from bot.sandbox.posting import app_message, post
from bot.sandbox.wire import Json
from bot.slack.blocks import section
from tests.delivery.newsroom import (
    THREAD,
    Readers,
    draft,
    has_come,
    readers_in,
    switch,
    to_eve,
    to_monday,
    told_to_admin,
)
from tests.slack.office import Office

UNSURE = ("http_500_before", "http_500_after", "drop_before", "drop_after", "html", "truncated", "slow")


def test_on_monday_at_nine_it_stands_in_the_channel_with_its_thread(office: Office, readers: Readers) -> None:
    at = to_monday(office, later=-timedelta(seconds=1))
    office.settle()
    assert readers.digests == []
    office.passes(seconds=1)
    office.settle()
    (digest,) = readers.digests
    assert (digest["text"], readers.threads(digest)) == (
        f"Digest {readers.edition.week} for {readers.case.workflow.team.name}",
        [THREAD],
    )
    assert (readers.edition.slot.at, readers.edition.late) == (at + timedelta(seconds=1), False)
    assert readers.facts == ["digest_frozen", "digest_posted"]


def test_what_it_was_made_from_is_kept_beside_the_chain_which_has_the_hashes(office: Office, readers: Readers) -> None:
    to_monday(office)
    office.settle()
    edition = readers.edition
    assert edition.inputs == {"week": edition.week, "at": f"{edition.slot.at:%Y-%m-%dT%H:%M:%S.%f}Z", "first": True}
    assert [message["text"] for message in edition.messages] == [readers.digests[0]["text"], THREAD]
    assert edition.inputs_sha256 != edition.messages_sha256


def test_the_first_is_the_first_that_was_posted(office: Office, readers: Readers) -> None:
    office.desk.draft = lambda _: None
    to_monday(office)
    office.settle()
    office.desk.draft = draft
    first = []
    for later in (timedelta(hours=49), timedelta(0), timedelta(0)):
        to_monday(office, later=later)
        office.settle()
        first.append((str(readers.state), readers.edition.first))
    assert first == [("missed", True), ("posted", True), ("posted", False)]


def test_each_week_has_its_own_and_however_often_the_clock_ticks_no_week_has_two(
    office: Office, readers: Readers
) -> None:
    for _ in range(3):
        to_monday(office)
        for _ in range(3):
            office.passes(hours=7)
    office.settle()
    assert len(readers.weeks) == len(set(readers.weeks)) == 3
    assert [readers.threads(each) for each in readers.digests] == [[THREAD]] * 3


@pytest.mark.parametrize("hours", [1, 47])
def test_a_missed_monday_is_made_up_for_once_and_says_that_it_is_late(
    office: Office, readers: Readers, hours: int
) -> None:
    to_monday(office, later=timedelta(hours=hours))
    office.settle()
    office.passes(hours=0.5)
    office.settle()
    (digest,) = readers.digests
    assert "(Late: due Mon " in digest["text"]
    assert "This comes late: it was due" in str(digest["blocks"][-1])
    assert (readers.edition.late, readers.state) == (True, EditionState.POSTED)


def test_after_48_hours_it_is_missed_an_admin_is_told_once_and_the_next_one_comes(
    office: Office, readers: Readers
) -> None:
    to_monday(office)
    to_monday(office, later=timedelta(hours=48, seconds=1))
    office.settle()
    assert (readers.state, readers.facts) == (EditionState.MISSED, ["digest_missed"])
    office.passes(hours=1)
    office.settle()
    about = f"The digest for {readers.case.workflow.team.name}"
    assert [f"{about}, week" in text for text in told_to_admin(office, about)] == [True]
    assert len(readers.digests) == 1
    to_monday(office)
    office.settle()
    assert len(readers.digests) == 2


def test_what_was_due_while_nobody_wanted_it_was_not_missed(office: Office, readers: Readers) -> None:
    to_monday(office)
    office.settle()
    settings = office.desk.configured
    office.desk.configured = replace(settings, leaders=LeadersPlace(readers.case.room, "Europe/Lisbon"))
    for _ in range(3):
        to_monday(office)
        office.settle()
    leaders, office.desk.configured = len(readers.digests) - 1, settings
    office.passes(hours=72)
    office.settle()
    assert (leaders, readers.state) == (3, EditionState.POSTED)
    assert told_to_admin(office, f"The digest for {readers.case.workflow.team.name}") == []
    to_monday(office)
    office.settle()
    assert readers.weeks[-1] == readers.edition.week


@pytest.mark.parametrize("kind", UNSURE)
def test_a_lost_answer_brings_no_second_digest(office: Office, readers: Readers, kind: str) -> None:
    to_eve(office)
    office.fails("chat.postMessage", kind, delay_s=1.3)
    to_monday(office)
    readers.becomes(EditionState.POSTED)
    office.settle()
    assert [readers.threads(each) for each in readers.digests] == [[THREAD]]


@pytest.mark.parametrize("error", ["internal_error", "fatal_error"])
def test_an_error_that_does_not_say_whether_it_was_done_is_looked_into(
    office: Office, readers: Readers, error: str
) -> None:
    to_eve(office)
    office.fails("chat.postMessage", "error", error=error)
    to_monday(office)
    readers.becomes(EditionState.POSTED)
    assert len(readers.digests) == 1


@pytest.mark.parametrize("method", ["conversations.history", "conversations.info", "chat.postMessage"])
@pytest.mark.parametrize(("header", "wait_s"), [(1, 1), (30, 30), (9999, 3600), (None, 30), ("soon", 30)])
def test_a_429_waits_as_long_as_slack_says_wherever_it_comes(
    office: Office, readers: Readers, method: str, header: float | str | None, wait_s: int
) -> None:
    to_eve(office)
    office.fails(method, "ratelimited", retry_after_s=header)
    to_monday(office)
    office.settle()
    assert readers.digests == []
    office.passes(seconds=wait_s + 1)
    office.settle()
    assert (len(readers.digests), readers.state) == (1, EditionState.POSTED)


def test_what_slack_never_answers_about_is_looked_for_48_hours_and_then_missed(
    office: Office, readers: Readers
) -> None:
    to_eve(office)
    office.fails("conversations.history", "http_500_before", times=10_000)
    to_monday(office)
    office.until(lambda: readers.state is EditionState.FROZEN, "a digest on its way")
    office.clock.advance(timedelta(hours=48).total_seconds() + 1)
    office.until(lambda: has_come(office, lambda: readers.state is EditionState.MISSED), "a digest that is given up")
    office.workspace.faults.clear()
    office.settle()
    assert readers.digests == []
    (told,) = told_to_admin(office, f"The digest for {readers.case.workflow.team.name}")
    assert "Nobody knows whether it stands in its channel." in told


def test_every_attempt_looks_first_so_that_a_digest_which_is_there_is_found(office: Office, readers: Readers) -> None:
    to_monday(office)
    office.settle()
    forget(office, readers)
    office.passes(hours=1)
    office.settle()
    assert (len(readers.digests), readers.state) == (1, EditionState.POSTED)
    assert readers.edition.posted_ts == readers.digests[0]["ts"]
    assert [readers.threads(each) for each in readers.digests] == [[THREAD]]


def forget(office: Office, readers: Readers) -> None:
    """The database as a backup from before Monday has it: nothing is known of this week's digest."""
    edition = readers.edition
    with office.desk.store.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM digests WHERE id = ?", (edition.id,))
        connection.exec_driver_sql("DELETE FROM outbox WHERE dedupe_key LIKE ?", (f"{edition.key}%",))


@pytest.mark.parametrize("theirs", ["bot_id", "app_id"])
def test_another_apps_copy_of_the_mark_does_not_keep_the_digest_back(
    office: Office, readers: Readers, theirs: str
) -> None:
    to_eve(office)
    office.fails("chat.postMessage", "ratelimited", retry_after_s=30)
    to_monday(office)
    office.settle()
    copy_mark(office, readers, {theirs: "X0OTHER"})
    office.passes(seconds=31)
    office.settle()
    (digest,) = readers.digests
    assert (readers.state, readers.edition.posted_ts) == (EditionState.POSTED, digest["ts"])


def copy_mark(office: Office, readers: Readers, changed: Json) -> None:
    """A message of another app that carries the mark of this week's digest."""
    with office.desk.reading() as view:
        mark = view.digests.mark(readers.edition, 0)
    metadata = {"event_type": "rollout_posting", "event_payload": {"id": mark}}

    async def say() -> None:
        message = app_message(office.workspace, office.app, {"text": "Not a digest.", "metadata": metadata})
        post(office.workspace, readers.room, message | changed)

    office.server.run(say())


@pytest.mark.parametrize("error", ["msg_too_long", "invalid_blocks"])
def test_a_digest_whose_blocks_slack_refuses_comes_in_words(office: Office, readers: Readers, error: str) -> None:
    to_eve(office)
    office.fails("chat.postMessage", "error", error=error)
    to_monday(office)
    office.settle()
    (digest,) = readers.digests
    assert (digest.get("blocks"), readers.edition.plain, readers.state) == (None, True, EditionState.POSTED)


def test_a_digest_of_too_many_blocks_is_cut_and_says_so(office: Office, readers: Readers) -> None:
    text = f"Digest of sixty lines for {readers.case.name}"
    blocks = [section(f"line {number}") for number in range(60)]
    office.desk.draft = lambda _: Drafted({}, ({"text": text, "blocks": blocks},))
    to_monday(office, later=timedelta(hours=1))
    office.settle()
    office.desk.draft = draft
    (digest,) = readers.digests
    assert len(digest["blocks"]) == 50
    assert "+12 more than fits" in str(digest["blocks"][-2])
    assert "comes late" in str(digest["blocks"][-1])


def test_a_draft_that_fails_keeps_no_other_digest_back_and_comes_when_it_is_mended(
    office: Office, readers: Readers
) -> None:
    def broken(occasion: Occasion) -> Drafted:
        if occasion.audience.id == readers.audience:
            raise ValueError("a broken rule")
        return draft(occasion)

    other = readers_in(office)
    office.desk.draft = broken
    to_monday(office)
    office.settle()
    assert (len(readers.digests), len(other.digests), readers.state) == (0, 1, EditionState.DUE)
    office.desk.draft = draft
    office.passes(minutes=1)
    office.settle()
    switch(office, other.case, on=False)
    assert (len(readers.digests), readers.state) == (1, EditionState.POSTED)


def test_a_draft_that_keeps_silent_is_recorded_and_nothing_is_posted(office: Office, readers: Readers) -> None:
    office.desk.draft = lambda _: None
    to_monday(office)
    office.settle()
    office.desk.draft = draft
    assert (readers.digests, readers.state, readers.facts) == ([], EditionState.SKIPPED, ["digest_skipped"])


def test_a_second_draft_of_the_same_digest_changes_nothing(office: Office, readers: Readers) -> None:
    to_monday(office)
    office.settle()
    before = readers.edition
    office.desk.do(Asked(SCHEDULER), freezing.freeze, before.id, Drafted({}, ({"text": "Digest anew"},)))
    assert readers.edition == before


@pytest.mark.parametrize("skew", [timedelta(hours=20), timedelta(days=8)])
def test_a_clock_that_runs_ahead_posts_early_and_not_again_when_it_comes_right(
    office: Office, readers: Readers, skew: timedelta
) -> None:
    to_eve(office)
    office.passes(hours=150)
    real, ahead = office.desk.clock, Ahead(office.desk.clock, skew)
    office.desk.clock = ahead
    office.bot.parts.schedule.tick()
    office.until(lambda: readers.weeks and readers.state is EditionState.POSTED, "an early digest")
    office.desk.clock = real
    before = len(readers.weeks)
    for _ in range(2):
        to_monday(office)
        office.settle()
    assert len(set(readers.weeks)) == len(readers.weeks) >= before


@dataclass(frozen=True, slots=True)
class Ahead:
    """A clock that is wrong."""

    right: Clock
    by: timedelta

    def now(self) -> datetime:
        """The wrong time."""
        return self.right.now() + self.by


@pytest.mark.parametrize("error", ["token_revoked", "invalid_auth", "account_inactive"])
def test_while_the_token_is_not_accepted_nothing_is_asked_health_is_red_and_then_it_comes(
    office: Office, readers: Readers, error: str
) -> None:
    to_eve(office)
    office.fails("conversations.history", "error", error=error, times=1)
    to_monday(office)
    office.until(lambda: office.bot.parts.messenger.locked_out == error, "a refusal")
    asked = len(calls(office))
    for _ in range(3):
        office.clock.advance(60)
        office.bot.parts.schedule.tick()
    assert len(calls(office)) == asked
    assert health(office, "healthz")["alarms"][0].startswith(f"Slack does not accept the bot's token ({error})")
    assert health(office, "readyz")["ready"] is False
    office.clock.advance(601)
    office.bot.parts.schedule.tick()
    readers.becomes(EditionState.POSTED)
    office.settle()
    assert (len(readers.digests), health(office, "healthz"), health(office, "readyz")["ready"]) == (
        1,
        health(office, "healthz") | {"healthy": True, "alarms": []},
        True,
    )


def test_health_is_red_while_a_digest_is_overdue_by_a_quarter_of_an_hour(office: Office, readers: Readers) -> None:
    to_eve(office)
    office.fails("chat.postMessage", "ratelimited", retry_after_s=3600)
    to_monday(office)
    office.settle()
    assert health(office, "healthz")["healthy"] is True
    office.passes(minutes=16)
    (alarm,) = health(office, "healthz")["alarms"]
    assert f"The digest of {readers.edition.week} for {readers.audience} is due since" in alarm
    office.passes(hours=1)
    office.settle()
    assert (len(readers.digests), health(office, "healthz")["healthy"]) == (1, True)


def calls(office: Office) -> list[str]:
    """What the bot asked Slack about channels so far."""
    asked = (entry.method or "" for entry in office.workspace.journal.since(0))
    return [method for method in asked if method.startswith(("conversations.", "chat."))]


def health(office: Office, probe: str) -> Json:
    """What the bot says of itself to those who watch over it."""
    assert office.bot.web
    try:
        with urlopen(f"http://127.0.0.1:{office.bot.web.port}/{probe}", timeout=10) as answer:
            found: Json = json.load(answer)
    except HTTPError as error:
        found = json.load(error)
    return found
