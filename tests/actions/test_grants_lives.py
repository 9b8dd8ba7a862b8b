"""What becomes of a grant in force: stopped, attested, revoked, frozen, and by whom."""

from collections.abc import Callable

import pytest

from bot.actions.grants import lives
from bot.domain.errors import Conflict, NotAllowed
from bot.domain.grants.life import GrantState, SuspensionCause
from bot.domain.items import ItemState
from bot.domain.playbook import PhaseName
from bot.domain.requests import RequestState
from store import Database
from tests.cast import agent
from tests.grants_program import (
    ATTENDED,
    CONFIDENT,
    DRAFT,
    GrantsProgram,
    action,
    policy,
    violation,
)

ACTIVE, SUSPENDED = GrantState.ACTIVE, GrantState.SUSPENDED


@pytest.fixture
def program(database: Database) -> GrantsProgram:
    """refunds_agent on its first day."""
    made = GrantsProgram(database)
    made.start()
    return made


# Who may


@pytest.mark.parametrize(
    ("by", "may"),
    [("stu", True), ("bea", True), ("ada", True), ("apo", True), ("ana", False), ("lea", False), ("max", False)],
)
def test_who_may_resume_and_unfreeze_what_ana_asked_for(program: GrantsProgram, by: str, may: bool) -> None:
    draft = program.grant(DRAFT)
    program.suspend(draft)
    program.freeze()
    if may:
        assert program.go_on(draft, by=by).state is ACTIVE
        assert not program.unfreeze(by=by).is_frozen
        return
    with pytest.raises(NotAllowed):
        program.go_on(draft, by=by)
    with pytest.raises(NotAllowed):
        program.unfreeze(by=by)
    assert (program.one(draft).state, program.workflow().is_frozen, program.denials()) == (SUSPENDED, True, 2)


def test_the_owner_may_resume_what_the_steward_asked_for_and_not_the_other_way_round(program: GrantsProgram) -> None:
    draft = program.grant(DRAFT, by="stu")
    program.suspend(draft, by="ana")
    with pytest.raises(NotAllowed, match="as you asked for the grant for draft_reply yourself: Ana or "):
        program.go_on(draft, by="stu")
    assert program.go_on(draft, by="ana").state is ACTIVE


def test_narrowing_a_grant_lets_nobody_resume_what_they_asked_for(program: GrantsProgram) -> None:
    wide = program.grant(ATTENDED)
    program.send(violation())
    narrow = program.narrow(policy(action("send_macro", max_recipients=1, allowed_when=CONFIDENT)), by="stu")
    assert program.one(wide).state is GrantState.SUPERSEDED
    with pytest.raises(NotAllowed):
        program.go_on(narrow, by="ana")
    assert program.go_on(narrow, by="stu").state is ACTIVE


@pytest.mark.parametrize("verb", [lives.revoke, lives.suspend, lives.attest, lives.resume])
def test_neither_members_nor_agents_touch_a_grant(program: GrantsProgram, verb: Callable[..., object]) -> None:
    draft = program.grant(DRAFT)
    for by in ("max", agent()):
        with pytest.raises(NotAllowed):
            program.do(by, verb, draft.id, "Because.")
    assert program.one(draft) == draft


# Stopping


def test_revoking_is_for_good_and_takes_back_the_widening_that_waits(program: GrantsProgram) -> None:
    given = program.grant(ATTENDED)
    waiting = program.asked(policy(action("send_macro", max_recipients=9, allowed_when=CONFIDENT)))
    other = program.asked(DRAFT)
    assert program.revoke(given).state is GrantState.REVOKED
    assert program.request(waiting).state is RequestState.WITHDRAWN
    assert program.request(other).state is RequestState.WAITING
    with pytest.raises(Conflict, match="is revoked"):
        program.revoke(given)


def test_a_person_suspends_once_and_a_guard_beside_them(program: GrantsProgram) -> None:
    given = program.grant(ATTENDED)
    program.suspend(given)
    with pytest.raises(Conflict, match="by hand already"):
        program.suspend(given, by="ana")
    program.send(violation())
    assert {cause for cause, _ in program.causes(given)} == {SuspensionCause.BY_HAND, SuspensionCause.RED_LINE}


def test_a_drill_is_lifted_by_its_author_within_sixty_minutes(program: GrantsProgram) -> None:
    program.grant(DRAFT)
    for minutes, may in ((59.99, True), (60, False)):
        program.freeze("lea", drill=True)
        program.later(minutes=minutes)
        if may:
            assert not program.unfreeze("lea").is_frozen
            continue
        with pytest.raises(NotAllowed):
            program.unfreeze("lea")
    program.unfreeze("bea")
    program.freeze("lea")
    with pytest.raises(NotAllowed):
        program.unfreeze("lea")


# Attesting


def test_one_or_all_are_attested_and_the_item_ticks_itself_once_all_are(program: GrantsProgram) -> None:
    program.enter(PhaseName.SCALING)
    program.run()
    draft, note = program.grant(DRAFT), program.grant(policy(action("draft_note")))
    item = next(row.key for row in program.checklist().rows if row.item.done_when == "grants_attested")
    program.later(days=3)
    program.attest(draft)
    assert program.row(str(item)).state is ItemState.OPEN
    facts = program.do("stu", lives.attest_all, program.workflow(), "")
    assert {fact.grant_id for fact in facts} == {draft.id, note.id}
    assert program.row(str(item)).state is ItemState.DONE


def test_an_attestation_counts_thirty_days_from_when_it_was_given(program: GrantsProgram) -> None:
    draft = program.grant(DRAFT)
    program.later(days=29)
    program.attest(draft)
    program.later(days=29, hours=23)
    program.tick()
    assert program.one(draft).state is ACTIVE
    program.later(hours=1)
    program.tick()
    assert program.causes(draft) == ((SuspensionCause.UNATTESTED, ""),)


def test_an_attestation_that_comes_late_suspends_first_whether_or_not_a_tick_came_by(program: GrantsProgram) -> None:
    draft = program.grant(DRAFT)
    program.later(days=30)
    assert program.attest(draft).state is SUSPENDED
    assert [fact for fact in program.facts()[-3:] if fact != "proof_seen"][-2:] == ["grant_suspended", "grant_attested"]
    assert program.go_on(draft).state is ACTIVE


def test_without_a_grant_there_is_nothing_to_attest(program: GrantsProgram) -> None:
    with pytest.raises(Conflict, match="no grant in force"):
        program.do("stu", lives.attest_all, program.workflow(), "")
