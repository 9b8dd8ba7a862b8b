"""The guards: what signals cause stands in their own transaction, once, whatever is repeated, late or out of order."""

from datetime import timedelta
from typing import Any

import pytest

from bot.actions.grants import lives
from bot.domain.errors import NotAllowed
from bot.domain.grants.life import Grant, GrantState, SuspensionCause
from bot.domain.people import Actor, PrincipalKind, Through
from store import Database
from tests.cast import agent
from tests.grants_program import (
    ATTENDED,
    DRAFT,
    GrantsProgram,
    eval_run,
    incident,
    measured,
    violation,
)

ACTIVE, SUSPENDED = GrantState.ACTIVE, GrantState.SUSPENDED
FAILED = SuspensionCause.EVAL_FAILED
INCIDENT, RED_LINE, GUARDRAIL = SuspensionCause.INCIDENT, SuspensionCause.RED_LINE, SuspensionCause.GUARDRAIL
PIPELINE = Actor(PrincipalKind.SERVICE, "service:pipeline", "pipeline", Through.API)


@pytest.fixture
def program(database: Database) -> GrantsProgram:
    """refunds_agent in its third week, with a draft and an attended grant."""
    made = GrantsProgram(database)
    made.start()
    made.later(days=20)
    return made


@pytest.fixture
def draft(program: GrantsProgram) -> Grant:
    return program.grant(DRAFT)


@pytest.fixture
def macro(program: GrantsProgram) -> Grant:
    return program.grant(ATTENDED)


def ago(program: GrantsProgram, **span: float) -> str:
    return (program.at - timedelta(**span)).isoformat()


CAUSING: dict[str, tuple[dict[str, Any], tuple[SuspensionCause, str], str]] = {
    "run below the floor": (eval_run(189), (FAILED, "refunds"), "grants_suspended"),
    "severe incident": (incident(2), (INCIDENT, "INC-1"), "grants_suspended"),
    "red line": (violation(), (RED_LINE, "no_pii"), "red_line_violated"),
}
HARMLESS: dict[str, dict[str, Any]] = {
    "run exactly at the floor": eval_run(190),
    "light incident": incident(3),
    "resolved incident": incident(1, "resolved"),
    "red line in a test": violation(kind="test_fired"),
    "metric that nobody defined": measured(0),
}


@pytest.mark.parametrize("which", CAUSING)
def test_a_signal_suspends_at_once_whatever_has_an_effect_and_nothing_else(
    program: GrantsProgram, draft: Grant, macro: Grant, which: str
) -> None:
    sent, cause, kind = CAUSING[which]
    before = len(program.chain())
    program.send(sent, by=PIPELINE)
    stood = program.one(macro)
    assert (stood.state, program.causes(macro), stood.suspensions[0].observed_at) == (SUSPENDED, (cause,), program.at)
    assert stood.suspensions[0].by is None
    assert (program.one(draft).state, program.alarms()) == (ACTIVE, [kind])
    records = program.chain()[before:]
    assert [r["fact"] for r in records if r["fact"] != "proof_seen"] == ["signals_taken", "grant_suspended"]
    assert [(r["principal"], r["through"]) for r in records if r["fact"] == "grant_suspended"] == [
        ("service:guard", "guard")
    ]
    assert program.verify().ok


@pytest.mark.parametrize("which", HARMLESS)
def test_what_is_no_cause_changes_nothing(program: GrantsProgram, macro: Grant, which: str) -> None:
    program.send(HARMLESS[which])
    assert (program.one(macro).state, program.halts(), program.alarms()) == (ACTIVE, 0, [])


@pytest.mark.parametrize("which", CAUSING)
def test_the_same_again_and_more_of_it_is_one_transition(program: GrantsProgram, macro: Grant, which: str) -> None:
    sent, cause, kind = CAUSING[which]
    first = {**sent, "id": "one", "at": program.at.isoformat()}
    program.send(first)
    program.send(first)
    program.send(first, {**first, "id": "two"})
    program.later(hours=1)
    program.send(sent)
    assert (program.causes(macro), program.halts()) == ((cause,), 1)
    # A red line is an event: the later violation is told too.
    assert program.alarms() == [kind] * (2 if cause[0] is RED_LINE else 1)


def test_a_repeated_batch_leaves_the_log_as_it_was(program: GrantsProgram, macro: Grant) -> None:
    batch = [{**sent, "id": f"s{n}", "at": program.at.isoformat()} for n, (sent, _, _) in enumerate(CAUSING.values())]
    program.send(*batch)
    stood, records = program.one(macro), len(program.chain())
    assert len(stood.suspensions) == 3
    program.later(minutes=5)
    program.send(*reversed(batch))
    assert (program.one(macro), len(program.chain())) == (stood, records)


def test_a_late_failing_run_behind_a_passing_one_changes_nothing(program: GrantsProgram, macro: Grant) -> None:
    program.run(200)
    program.run(100, at=ago(program, hours=3))
    assert (program.one(macro).state, program.halts()) == (ACTIVE, 0)


def test_a_late_passing_run_behind_a_failing_one_ends_nothing(program: GrantsProgram, macro: Grant) -> None:
    program.run(100)
    program.run(200, at=ago(program, hours=3))
    assert program.causes(macro) == ((FAILED, "refunds"),)


def test_of_two_runs_of_one_instant_the_failing_one_counts(program: GrantsProgram, macro: Grant) -> None:
    program.run(200)
    program.run(100)
    assert program.causes(macro) == ((FAILED, "refunds"),)


def test_what_comes_in_one_batch_is_judged_by_the_latest_of_it(program: GrantsProgram, macro: Grant) -> None:
    program.send(eval_run(200), eval_run(10, at=ago(program, hours=1)), incident(1, at=ago(program, hours=2)),
                 incident(1, "resolved"))  # fmt: skip
    assert program.one(macro).state is ACTIVE


def test_every_suite_is_judged_by_itself(program: GrantsProgram, macro: Grant) -> None:
    program.send(eval_run(100), eval_run(100, suite="tone"), eval_run(200, suite="facts"))
    assert set(program.causes(macro)) == {(FAILED, "refunds"), (FAILED, "tone")}
    assert program.alarms() == ["grants_suspended"] * 2


def test_runs_to_and_fro_over_the_floor_suspend_once_and_never_let_go_on(program: GrantsProgram, macro: Grant) -> None:
    for passed in (190, 189, 190, 189, 190, 190, 189, 190):
        program.later(hours=1)
        program.run(passed)
    assert (program.causes(macro), program.halts()) == (((FAILED, "refunds"),), 1)


def test_an_incident_that_grows_severe_suspends_and_one_that_grows_light_does_not_let_go_on(
    program: GrantsProgram, macro: Grant
) -> None:
    program.send(incident(3))
    program.later(hours=1)
    assert program.one(macro).state is ACTIVE
    program.send(incident(2))
    program.later(hours=1)
    program.send(incident(1), incident(4, key="INC-2"))
    program.later(hours=1)
    program.send(incident(4))
    assert (program.causes(macro), program.halts()) == (((INCIDENT, "INC-1"),), 1)


def test_an_incident_taken_back_to_light_by_a_late_signal_stays_as_it_is(program: GrantsProgram, macro: Grant) -> None:
    program.send(incident(3))
    program.send(incident(1, at=ago(program, hours=2)))
    assert program.one(macro).state is ACTIVE


def test_a_violation_from_before_the_first_day_is_history(program: GrantsProgram, macro: Grant) -> None:
    program.send(violation(at="2026-03-01T23:59:59Z"))
    assert (program.one(macro).state, program.alarms()) == (ACTIVE, [])
    program.send(violation(at="2026-03-02T00:00:00Z"))
    assert (program.causes(macro), program.alarms()) == (((RED_LINE, "no_pii"),), ["red_line_violated"])


def test_a_violation_that_was_answered_is_not_woken_by_an_older_one_that_comes_late(
    program: GrantsProgram, macro: Grant
) -> None:
    program.send(violation())
    program.go_on(macro)
    program.send(violation(at=ago(program, hours=1)))
    assert program.one(macro).state is ACTIVE
    program.later(minutes=1)
    program.send(violation())
    assert program.causes(macro) == ((RED_LINE, "no_pii"),)


def test_red_lines_and_breaches_are_told_although_there_is_no_grant(program: GrantsProgram) -> None:
    program.guard()
    program.send(violation(), measured("4.1"), eval_run(0, 200), incident(1))
    assert program.alarms() == ["guardrail_breached", "red_line_violated"]


def test_without_a_channel_steward_and_owner_hear_it_themselves(program: GrantsProgram) -> None:
    program.name = "triage_agent"
    program.start(team=program.team("Quiet", channel=None))
    program.send(violation())
    assert [each.target for each in program.posted() if each.kind == "red_line_violated"] == ["UANA", "USTU"]


def test_a_breach_suspends_what_goes_unattended_and_is_told_once_for_each_time_it_begins(
    program: GrantsProgram, macro: Grant
) -> None:
    program.guard()
    program.revoke(macro)
    alone = program.unattended()
    draft = program.grant(DRAFT)
    for value in ("4.2", "4.19", "4.0", "4.3", "4.1", "4.2"):
        program.later(minutes=1)
        program.measure(value)
    assert (program.causes(alone), program.halts()) == (((GUARDRAIL, "csat"),), 1)
    assert (program.one(draft).state, program.alarms()) == (ACTIVE, ["guardrail_breached"] * 2)


def test_a_late_value_behind_a_newer_one_is_no_breach(program: GrantsProgram) -> None:
    program.guard()
    alone = program.unattended()
    program.measure("4.5")
    program.measure("3.0", at=ago(program, hours=1))
    assert (program.one(alone).state, program.alarms()) == (ACTIVE, [])


def test_a_limit_that_is_set_or_tightened_past_the_latest_value_is_a_breach(program: GrantsProgram) -> None:
    alone = program.unattended()
    program.measure("4.3")
    program.guard(limit="4.3")
    assert program.one(alone).state is ACTIVE
    program.guard(limit="4.31")
    assert (program.causes(alone), program.alarms()) == (((GUARDRAIL, "csat"),), ["guardrail_breached"])
    program.guard(limit="4.4")
    assert (program.halts(), program.alarms()) == (1, ["guardrail_breached"])


def test_a_batch_about_two_workflows_stops_each_for_its_own(program: GrantsProgram, macro: Grant) -> None:
    program.name = "triage_agent"
    program.start()
    other = program.grant(ATTENDED.replace("refunds_agent", "triage_agent"))
    program.name = "refunds_agent"
    program.send(incident(1), incident(2, workflow="triage_agent", key="INC-9"), eval_run(1, workflow="triage_agent"))
    assert program.causes(macro) == ((INCIDENT, "INC-1"),)
    assert set(program.causes(other)) == {(INCIDENT, "INC-9"), (FAILED, "refunds")}


def test_a_closed_workflow_has_nothing_to_stop_and_nobody_to_tell(program: GrantsProgram, macro: Grant) -> None:
    program.close()
    program.send(violation(), incident(1))
    assert (program.one(macro).state, program.alarms()) == (GrantState.REVOKED, [])


@pytest.mark.parametrize("by", [agent(), PIPELINE])
def test_agents_and_services_bring_signals_and_never_resume(program: GrantsProgram, macro: Grant, by: Actor) -> None:
    program.send(violation(), by=by)
    with pytest.raises(NotAllowed):
        program.do(by, lives.resume, macro.id, "It was nothing.")
    assert program.one(macro).state is SUSPENDED
