"""Where Slack says no, or nobody can see whether a digest is there, a person decides; an admin is told once."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.actions import absences
from bot.actions.desk import Asked
from bot.actions.digests import holding
from bot.domain.digests.editions import EditionState, HoldCause
from bot.domain.errors import Conflict, NotAllowed
from tests.delivery.newsroom import THREAD, Readers, readers_in, switch, to_eve, to_monday, told_to_admin
from tests.slack.cast import MEI, RUI
from tests.slack.conversation import Someone
from tests.slack.office import Office

REFUSALS = {
    "not_in_channel": HoldCause.NOT_IN_CHANNEL,
    "channel_not_found": HoldCause.NOT_IN_CHANNEL,
    "is_archived": HoldCause.ARCHIVED,
    "restricted_action": HoldCause.REFUSED,
    "missing_scope": HoldCause.REFUSED,
}


def told(office: Office, readers: Readers) -> list[str]:
    """What Rui was told of the digest of these readers."""
    return told_to_admin(office, f"The digest for {readers.case.workflow.team.name}")


def admin(office: Office, readers: Readers) -> Someone:
    """Rui, in front of what they were told."""
    rui = office.person(RUI)
    rui.room = rui.direct
    rui._since = "0"
    return rui


@pytest.mark.parametrize("error", REFUSALS)
def test_a_post_that_slack_refuses_is_held_told_once_and_keeps_no_other_back(
    office: Office, readers: Readers, error: str
) -> None:
    other = readers_in(office)
    to_eve(office)
    office.fails("chat.postMessage", "error", error=error)
    to_monday(office)
    office.settle()
    switch(office, other.case, on=False)
    held = readers if readers.state is EditionState.HELD else other
    fine = other if held is readers else readers
    assert (held.edition.cause, held.digests, len(fine.digests)) == (REFUSALS[error], [], 1)
    office.passes(hours=1)
    office.settle()
    assert len(told(office, held)) == 1
    assert held.facts == ["digest_frozen", "digest_held"]


@pytest.mark.parametrize("error", ["not_in_channel", "channel_not_found", "is_archived", "access_denied"])
def test_a_channel_that_cannot_be_read_is_asked_about_and_not_guessed(
    office: Office, readers: Readers, error: str
) -> None:
    to_eve(office)
    office.fails("conversations.history", "error", error=error)
    to_monday(office)
    office.settle()
    assert (readers.state, readers.digests, len(told(office, readers))) == (EditionState.HELD, [], 1)


def test_post_it_posts_it_and_says_who_said_so(office: Office, readers: Readers) -> None:
    to_eve(office)
    office.fails("conversations.history", "error", error="access_denied")
    to_monday(office)
    office.settle()
    admin(office, readers).clicks("Post it", beside=readers.case.workflow.team.name)
    office.settle()
    (said,) = told(office, readers)
    assert "Rui Alves said to post it, and it stands in" in said
    assert [readers.threads(each) for each in readers.digests] == [[THREAD]]
    assert readers.facts == ["digest_frozen", "digest_held", "digest_released", "digest_posted"]


def test_it_is_there_settles_it_without_a_post(office: Office, readers: Readers) -> None:
    to_eve(office)
    office.fails("conversations.history", "error", error="access_denied")
    to_monday(office)
    office.settle()
    admin(office, readers).clicks("It is there", beside=readers.case.workflow.team.name)
    office.passes(hours=1)
    office.settle()
    (said,) = told(office, readers)
    assert "Rui Alves saw that it is there." in said
    assert (readers.digests, readers.state) == ([], EditionState.POSTED)
    assert readers.facts == ["digest_frozen", "digest_held", "digest_confirmed"]


def test_a_channel_that_stays_unreadable_gets_it_unseen_once_a_person_said_so(office: Office) -> None:
    readers = readers_in(office, office.room(without_bot=True))
    office.expects_problem("not_in_channel")
    to_monday(office)
    office.settle()
    assert (readers.edition.cause, readers.digests) == (HoldCause.NOT_IN_CHANNEL, [])
    admin(office, readers).clicks("Post it", beside=readers.case.workflow.team.name)
    office.settle()
    switch(office, readers.case, on=False)
    readers.room.members.append(office.app.bot_user)
    assert (len(readers.digests), readers.state) == (1, EditionState.POSTED)


def test_an_admin_who_is_the_only_one_is_told_even_while_away(office: Office, readers: Readers) -> None:
    to_eve(office)
    rui = Asked(office.desk.actor(RUI))
    office.desk.do(rui, absences.leave, office.clock.now().date() + timedelta(days=9), None)
    office.fails("conversations.history", "error", error="access_denied")
    to_monday(office)
    office.settle()
    office.desk.do(rui, absences.come_back)
    assert (readers.state, len(told(office, readers))) == (EditionState.HELD, 1)


def test_an_admin_of_whom_slack_says_nothing_just_now_is_told_all_the_same(office: Office, readers: Readers) -> None:
    to_eve(office)
    office.forget_people()
    office.fails("users.info", "error", error="internal_error", times=9)
    office.fails("conversations.history", "error", error="access_denied")
    to_monday(office)
    office.settle()
    assert (readers.state, len(told(office, readers))) == (EditionState.HELD, 1)


def test_only_an_admin_decides(office: Office, readers: Readers) -> None:
    to_eve(office)
    office.fails("conversations.history", "error", error="access_denied")
    to_monday(office)
    office.settle()
    with office.nothing_changes(), pytest.raises(NotAllowed, match="for an admin"):
        office.desk.do(Asked(office.desk.actor(MEI)), holding.release, readers.edition.id)
    assert readers.state is EditionState.HELD


def test_a_second_click_says_what_became_of_it(office: Office, readers: Readers) -> None:
    to_eve(office)
    office.fails("conversations.history", "error", error="access_denied")
    to_monday(office)
    office.settle()
    admin(office, readers).clicks("Post it", beside=readers.case.workflow.team.name)
    office.settle()
    with pytest.raises(Conflict, match="does not wait for you any more: it stands in its channel"):
        office.desk.do(Asked(office.desk.actor(RUI)), holding.confirm, readers.edition.id)
    assert len(readers.digests) == 1


def test_undecided_for_48_hours_it_is_missed(office: Office, readers: Readers) -> None:
    to_eve(office)
    office.fails("conversations.history", "error", error="access_denied")
    to_monday(office)
    office.passes(hours=48, seconds=1)
    office.settle()
    assert (readers.state, readers.digests) == (EditionState.MISSED, [])
    waited, missed = told(office, readers)
    assert "nobody decided while there was time" in waited
    assert "It was held, and nobody decided." in missed


def test_a_channel_that_becomes_shared_with_another_company_gets_no_digest_until_an_admin_says_so(
    office: Office, readers: Readers
) -> None:
    to_monday(office)
    office.settle()
    readers.room.shared = True
    to_monday(office)
    office.settle()
    assert (len(readers.digests), readers.edition.cause) == (1, HoldCause.SHARED)
    admin(office, readers).clicks("Post it", beside=readers.case.workflow.team.name)
    office.settle()
    assert len(readers.digests) == 2
    to_monday(office)
    office.settle()
    assert (len(readers.digests), readers.edition.cause) == (2, HoldCause.SHARED)


def test_a_shared_channel_that_the_settings_name_gets_its_digest(office: Office, readers: Readers) -> None:
    readers.room.shared = True
    office.desk.configured = replace(office.desk.configured, shared=(readers.case.room,))
    to_monday(office)
    office.settle()
    assert (len(readers.digests), readers.state) == (1, EditionState.POSTED)


def test_where_nobody_may_ask_who_reads_a_channel_an_admin_is_asked_and_told_which_scope_is_missing(
    office: Office, readers: Readers
) -> None:
    to_eve(office)
    office.fails("conversations.info", "error", error="missing_scope")
    to_monday(office)
    office.settle()
    (said,) = told(office, readers)
    assert "may not ask who reads" in said
    assert "channels:read is missing, or groups:read for a private one" in said
    assert "if nobody but your company reads there" in said
    assert (readers.edition.cause, readers.digests) == (HoldCause.UNKNOWN_READERS, [])
    office.fails("conversations.info", "error", error="missing_scope", times=2)
    admin(office, readers).clicks("Post it", beside=readers.case.workflow.team.name)
    office.settle()
    assert [readers.threads(each) for each in readers.digests] == [[THREAD]]


@contextmanager
def without_history(office: Office) -> Iterator[None]:
    """An installation whose history scopes were never granted."""
    app = office.workspace.apps[office.app.id]
    few = app.scopes - {"channels:history", "groups:history"}
    office.workspace.apps[app.id] = replace(app, scopes=few)
    yield
    office.workspace.apps[app.id] = app


def test_without_the_history_scopes_it_is_posted_unseen_and_the_chain_says_so(office: Office, readers: Readers) -> None:
    to_eve(office)
    office.expects_problem("missing_scope")
    with without_history(office):
        to_monday(office)
        office.settle()
    assert [readers.threads(each) for each in readers.digests] == [[THREAD]]
    assert readers.facts == ["digest_frozen", "digest_posted"]


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
def test_without_the_history_scopes_a_lost_answer_is_asked_about(office: Office, readers: Readers, kind: str) -> None:
    to_eve(office)
    office.expects_problem("missing_scope")
    office.fails("chat.postMessage", kind)
    with without_history(office):
        to_monday(office)
        office.settle()
        assert (readers.state, readers.edition.cause) == (EditionState.HELD, HoldCause.UNSURE)
        assert len(readers.digests) == (kind == "drop_after")
        choice = "It is there" if readers.digests else "Post it"
        admin(office, readers).clicks(choice, beside=readers.case.workflow.team.name)
        office.settle()
    assert (len(readers.digests), readers.state) == (1, EditionState.POSTED)


def test_without_the_history_scopes_a_429_is_waited_for_and_no_question(office: Office, readers: Readers) -> None:
    to_eve(office)
    office.expects_problem("missing_scope")
    office.fails("chat.postMessage", "ratelimited", retry_after_s=30)
    with without_history(office):
        to_monday(office)
        office.passes(seconds=31)
        office.settle()
    assert len(readers.digests) == 1
