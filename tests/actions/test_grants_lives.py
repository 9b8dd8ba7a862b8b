"""What becomes of a grant in force: stopped, resumed once its causes are gone, attested, revoked, frozen."""

from collections.abc import Callable

import pytest

from bot.actions import gates
from bot.actions.grants import guards, lives
from bot.domain.errors import Conflict, GrantBarred, NotAllowed
from bot.domain.grants.life import Grant, GrantState, SuspensionCause
from bot.domain.items import ItemState
from bot.domain.people import Actor
from bot.domain.playbook import PhaseName
from bot.domain.requests import RequestState
from store import Database
from store.reading.signals import find_signals
from store.recording.signals import Voiding, void_signal
from tests.cast import agent
from tests.grants_program import (
    ATTENDED,
    CONFIDENT,
    DRAFT,
    GrantsProgram,
    action,
    eval_run,
    incident,
    measured,
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


@pytest.fixture
def alone(program: GrantsProgram) -> Grant:
    """An unattended grant that ana asked for, in scaling, with a guardrail at its limit."""
    program.guard()
    program.measure("4.2")
    return program.unattended()


def why_not(program: GrantsProgram, grant: Grant, by: str | Actor = "stu") -> str:
    """Why the grant can't go on; nothing changes by that."""
    with pytest.raises(GrantBarred) as barred:
        program.go_on(grant, by=by)
    assert program.one(grant).state is SUSPENDED
    return str(barred.value)


# Resuming, cause by cause


def test_after_a_failed_run_the_last_two_of_the_suite_have_to_pass(program: GrantsProgram, alone: Grant) -> None:
    for passed, told in ((100, "0 in a row"), (190, "1 in a row"), (189, "0 in a row"), (200, "1 in a row")):
        program.later(hours=1)
        program.run(passed)
        assert told in why_not(program, alone)
    program.later(hours=1)
    program.run(190)
    assert program.go_on(alone).state is ACTIVE


def test_after_mere_staleness_one_run_has_to_pass(program: GrantsProgram, alone: Grant) -> None:
    program.later(days=14, hours=1)
    program.tick()
    assert "the evals are too old" in why_not(program, alone)
    program.run(190)
    assert program.go_on(alone).state is ACTIVE


def test_an_incident_has_to_be_resolved_and_learned_from(program: GrantsProgram, alone: Grant) -> None:
    program.send(incident(1))
    assert "incident INC-1 (sev1) is open" in why_not(program, alone)
    program.postmortem("INC-1")
    assert "incident INC-1 (sev1) is open" in why_not(program, alone)
    program.later(hours=1)
    program.send(incident(4))
    assert "incident INC-1 (sev4) is open" in why_not(program, alone)
    program.later(hours=1)
    program.send(incident(1, "resolved"))
    assert program.go_on(alone).state is ACTIVE


def test_an_incident_that_nobody_learned_from_keeps_it_still(program: GrantsProgram, alone: Grant) -> None:
    program.send(incident(2))
    program.later(hours=1)
    program.send(incident(2, "resolved"))
    assert "has no accepted postmortem" in why_not(program, alone)
    program.postmortem("INC-1")
    assert program.go_on(alone).state is ACTIVE


def test_a_violation_has_to_be_answered_with_a_reason(program: GrantsProgram, alone: Grant) -> None:
    program.send(violation())
    with pytest.raises(Exception, match="what was done about it"):
        program.go_on(alone, reason="  ")
    assert program.go_on(alone, reason="The card number was a test card.").state is ACTIVE


def test_a_guardrail_has_to_be_back_within_its_limit(program: GrantsProgram, alone: Grant) -> None:
    program.later(minutes=1)
    program.measure("4.1")
    assert "csat is 4.1, limit 4.2" in why_not(program, alone)
    program.later(minutes=1)
    program.measure("4.2")
    assert program.go_on(alone).state is ACTIVE


def test_a_missed_attestation_has_to_be_given_and_then_still_takes_a_person(program: GrantsProgram) -> None:
    draft = program.grant(DRAFT)
    program.later(days=30)
    program.tick()
    assert "its attestation was due" in why_not(program, draft)
    assert program.attest(draft).state is SUSPENDED
    assert program.go_on(draft).state is ACTIVE


def test_what_time_has_caused_bars_whether_or_not_it_is_recorded(program: GrantsProgram, alone: Grant) -> None:
    program.suspend(alone)
    program.later(days=14, hours=1)
    assert "the evals are too old" in why_not(program, alone)


def test_every_cause_has_to_be_gone_and_one_person_answers_them_all(program: GrantsProgram, alone: Grant) -> None:
    program.send(violation(), incident(1), eval_run(1))
    program.later(hours=1)
    program.send(incident(1, "resolved"), eval_run(200))
    told = why_not(program, alone)
    assert "the last 2 runs" in told
    assert "postmortem" in told
    program.later(hours=1)
    program.run()
    program.postmortem()
    assert (program.go_on(alone).state, program.causes(alone)) == (ACTIVE, ())
    assert program.facts().count("grant_resumed") == 1


def test_an_expired_or_revoked_grant_never_goes_on(program: GrantsProgram) -> None:
    draft, note = program.grant(DRAFT), program.grant(policy(action("draft_note")))
    program.suspend(draft)
    program.suspend(note)
    program.revoke(note)
    program.later(days=90)
    for grant, state in ((draft, "expired"), (note, "revoked")):
        with pytest.raises(Conflict, match=f"is {state}, so nothing was changed"):
            program.go_on(grant)


def test_what_is_in_force_needs_no_resuming(program: GrantsProgram) -> None:
    with pytest.raises(Conflict, match="nothing to resume"):
        program.go_on(program.grant(DRAFT))


def test_neither_a_demotion_nor_a_freeze_changes_what_is_suspended(program: GrantsProgram, alone: Grant) -> None:
    program.send(violation())
    before = program.one(alone)
    program.do("stu", gates.demote, program.workflow(), "Too many complaints.")
    program.freeze()
    program.unfreeze()
    assert program.one(alone) == before


def test_whoever_answers_one_cause_has_not_answered_another_that_came_since(
    program: GrantsProgram, alone: Grant
) -> None:
    seen = program.suspend(alone).version
    program.send(violation())
    with pytest.raises(Conflict, match=r"it is suspended now because .*a red line was violated"):
        program.do("stu", lives.resume, alone.id, "It was me who stopped it.", seen)
    program.do("stu", lives.resume, alone.id, "Both were looked into.", program.one(alone).version)
    assert program.one(alone).state is ACTIVE


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


# What is taken back


def take_back(program: GrantsProgram, id_: str) -> None:
    """The signal voided, and judged anew by the guards."""
    with program.database.writing() as connection:
        (found,) = find_signals(connection, id_)
        assert void_signal(connection, found.seq, Voiding(program.at, None, None))
    program.do("bea", guards.judge_anew, program.workflow().id, found.signal)


@pytest.mark.parametrize("wrong", [eval_run(1), incident(1), violation(), measured("4.0")])
def test_a_void_lifts_what_rested_on_the_signal_alone(
    program: GrantsProgram, alone: Grant, wrong: dict[str, object]
) -> None:
    program.later(minutes=1)
    program.send({**wrong, "id": "wrong"})
    assert program.one(alone).state is SUSPENDED
    take_back(program, "wrong")
    assert (program.one(alone).state, program.causes(alone)) == (ACTIVE, ())
    lifted = program.chain()[-2:]
    assert [(r["fact"], r["through"]) for r in lifted] == [("suspension_lifted", "guard"), ("grant_resumed", "guard")]
    assert program.verify().ok


def test_a_void_leaves_what_another_signal_tells_of_too(program: GrantsProgram, alone: Grant) -> None:
    for number in (1, 2):
        program.later(minutes=1)
        program.send(*({**sent, "id": f"{number} {place}"} for place, sent in enumerate((eval_run(1), violation()))))
    program.later(minutes=1)
    program.run()
    take_back(program, "1 0")
    take_back(program, "1 1")
    assert len(program.causes(alone)) == 2
    take_back(program, "2 0")
    assert program.causes(alone) == ((SuspensionCause.RED_LINE, "no_pii"),)
    take_back(program, "2 1")
    assert program.one(alone).state is ACTIVE


def test_a_void_leaves_other_causes_and_what_a_person_suspended(program: GrantsProgram, alone: Grant) -> None:
    program.suspend(alone)
    program.send({**incident(1), "id": "wrong"}, violation())
    take_back(program, "wrong")
    assert program.one(alone).state is SUSPENDED
    assert {cause for cause, _ in program.causes(alone)} == {SuspensionCause.BY_HAND, SuspensionCause.RED_LINE}


def test_an_incident_that_was_resolved_meanwhile_still_has_to_be_learned_from(
    program: GrantsProgram, alone: Grant
) -> None:
    program.send({**incident(2), "id": "opened"})
    program.later(hours=1)
    program.send({**incident(2, "resolved"), "id": "closed"})
    take_back(program, "opened")
    assert "postmortem" in why_not(program, alone)


def test_a_void_brings_to_light_what_the_signal_hid(program: GrantsProgram, alone: Grant) -> None:
    program.later(hours=2)
    program.send({**eval_run(200), "id": "wrong"}, {**measured("4.9"), "id": "wrong too"})
    program.send(eval_run(3, at=program.at.replace(hour=program.at.hour - 1).isoformat()))
    program.send(measured("3.0", at=program.at.replace(hour=program.at.hour - 1).isoformat()))
    assert program.one(alone).state is ACTIVE
    take_back(program, "wrong")
    take_back(program, "wrong too")
    assert set(program.causes(alone)) == {
        (SuspensionCause.EVAL_FAILED, "refunds"),
        (SuspensionCause.GUARDRAIL, "csat"),
    }
    assert "guardrail_breached" in [each.kind for each in program.posted()]
