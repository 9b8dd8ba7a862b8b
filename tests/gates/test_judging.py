"""Verdicts: a gate opens on whole evidence only, and says by name what is missing."""

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from bot.domain import checks
from bot.domain.checks import Check
from bot.domain.gate_evidence import Evidence, RoleHolder
from bot.domain.gates import CHECKS, judge
from bot.domain.playbook import PhaseName
from bot.domain.review_counts import ReviewCounts, Reviews
from bot.domain.verdicts import CheckResult, Outcome, Trace, Verdict, worst
from bot.domain.workflows import Role
from tests.gates.evidence import AT, NO_DATA, PASS, days_ago, gate, guardrail, ready, run, success, value

SHIPPED = ("ninety_day", "ninety_day_high_risk", "starter")
GATED = (PhaseName.PILOT, PhaseName.PRODUCTION, PhaseName.SCALING)

PILOT = ("required_items", "roles_held", "metrics_fresh", "eval_passed", "red_lines_fired", "memo_filed")
PRODUCTION = (
    "required_items",
    "logs_kept",
    "versions_named",
    "reviews_held",
    "incidents_closed",
    "deviations_closed",
    "rollback_rehearsed",
    "red_team_accepted",
    "memo_filed",
)
SCALING = ("required_items", "grants_attested", "guardrails_held", "target_met", "published", "memo_filed")


@pytest.mark.parametrize("name", SHIPPED)
@pytest.mark.parametrize("leaving", GATED)
def test_a_gate_opens_on_whole_evidence(name: str, leaving: PhaseName) -> None:
    verdict = judge(gate(leaving, name), ready(leaving, name))
    assert (verdict.ready, verdict.missing, verdict.to) == (True, (), leaving.following)


@pytest.mark.parametrize(("leaving", "ids"), list(zip(GATED, (PILOT, PRODUCTION, SCALING), strict=True)))
def test_a_verdict_answers_every_check_that_the_playbook_asks_for_in_its_order(
    leaving: PhaseName, ids: tuple[str, ...]
) -> None:
    assert tuple(result.check for result in judge(gate(leaving), ready(leaving)).results) == ids


def test_every_kind_of_check_has_one_function_which_answers_under_its_own_name() -> None:
    assert set(CHECKS) == set(get_args(Check))
    assert len({function.__name__ for function in CHECKS.values()}) == len(CHECKS) == 17
    for leaving in GATED:
        for check in gate(leaving).checks:
            assert CHECKS[type(check)](check, ready(leaving)).check == CHECKS[type(check)].__name__


@pytest.mark.parametrize("leaving", GATED)
def test_without_any_evidence_no_check_passes_and_none_breaks(leaving: PhaseName) -> None:
    whole = ready(leaving)
    optional: Any = {field.name: None for field in fields(Evidence) if field.default is None}
    empty = replace(whole, checklist=replace(whole.checklist, rows=()), **optional)
    assert {result.outcome for result in judge(gate(leaving), empty).results} == {NO_DATA}


@pytest.mark.parametrize("leaving", GATED)
@pytest.mark.parametrize("name", [field.name for field in fields(Evidence) if field.default is None])
def test_a_gate_stays_shut_while_something_it_asks_for_was_not_looked_up(leaving: PhaseName, name: str) -> None:
    unknown: Any = {name: None}
    unaware = judge(gate(leaving), replace(ready(leaving), **unknown))
    assert {result.outcome for result in unaware.failing} <= {NO_DATA}
    assert unaware.ready == (not _ASKS[name] & {result.check for result in unaware.results})


_ASKS = {
    "holders": {"roles_held"},
    "metrics": {"metrics_fresh", "guardrails_held", "target_met"},
    "eval_runs": {"eval_passed", "versions_named"},
    "red_lines": {"red_lines_fired"},
    "reviews": {"reviews_held"},
    "incidents": {"incidents_closed"},
    "deviations": {"deviations_closed"},
    "drills": {"rollback_rehearsed"},
    "documents": {"red_team_accepted"},
    "grants": {"grants_attested", "logs_kept"},
    "memos": {"memo_filed"},
}


def test_a_verdict_names_what_fails_with_what_was_found_and_what_is_needed() -> None:
    short = replace(
        ready(),
        eval_runs=(run(189, age_days=12),),
        memos=(),
        holders=(RoleHolder(Role.OWNER, "p_ana", True), RoleHolder(Role.STEWARD, "p_ben", False)),
    )
    verdict = judge(gate(PhaseName.PILOT), short)
    assert verdict.missing == (
        {
            "check": "roles_held",
            "found": "1 of 4 held by 1 person; agent steward deactivated; eval owner vacant; data gatekeeper vacant",
            "needs": "all 4 roles held by active people",
        },
        {
            "check": "eval_passed",
            "found": "94.5 % of 200 (12 days old)",
            "needs": "≥ 95 % of ≥ 200 cases passed, ≤ 14 days old",
        },
        {"check": "memo_filed", "found": "none filed", "needs": "a memo whose move is pilot→production"},
    )
    assert (verdict.ready, verdict.people_count, verdict.playbook_hash) == (False, 1, "0" * 64)


def test_a_verdict_says_how_many_people_hold_the_four_roles() -> None:
    one = tuple(RoleHolder(role, "p_ana", True) for role in Role)
    reviewer = RoleHolder(Role.REVIEWER, "p_lea", True)
    counts = [
        judge(gate(PhaseName.PILOT), ready(holders=holders)).people_count
        for holders in (one, (*one, reviewer), (*one, RoleHolder(Role.OWNER, "p_ben", True)), None)
    ]
    assert counts == [1, 1, 2, None]


def test_what_was_made_easier_since_the_phase_began_shows_on_the_card_and_changes_no_outcome() -> None:
    evidence = ready()
    eased = guardrail(value("4.2", metric="csat"), loosened_at=days_ago(10))
    long_ago = success(value("8"), loosened_at=days_ago(40))
    verdict = judge(gate(PhaseName.PILOT), replace(evidence, metrics=(long_ago, eased)))
    assert verdict.notes == ("The numbers of csat were made easier on 10 Apr 2026.",)
    assert verdict.results == judge(gate(PhaseName.PILOT), evidence).results
    elsewhere = judge(gate(PhaseName.PILOT), ready(zone="Pacific/Auckland", metrics=(eased,)))
    assert elsewhere.notes == ("The numbers of csat were made easier on 11 Apr 2026.",)


def test_a_gate_is_not_judged_by_the_evidence_of_another_phase() -> None:
    with pytest.raises(ValueError, match="The gate to scaling does not end pilot"):
        judge(gate(PhaseName.PRODUCTION), ready(PhaseName.PILOT))


def test_a_gate_that_asks_for_nothing_is_never_ready() -> None:
    assert not judge(replace(gate(PhaseName.PILOT), checks=()), ready()).ready


def test_evidence_that_holds_today_may_be_stale_at_the_click() -> None:
    early = ready()
    late = replace(early, at=AT + timedelta(days=20))
    assert judge(gate(PhaseName.PILOT), early).ready
    assert [r["check"] for r in judge(gate(PhaseName.PILOT), late).missing] == ["metrics_fresh", "eval_passed"]


@pytest.mark.parametrize("leaving", GATED)
def test_a_verdict_comes_back_whole_from_what_was_stored(leaving: PhaseName) -> None:
    verdict = judge(gate(leaving), replace(ready(leaving), eval_runs=(run(150),), memos=None))
    assert Verdict.from_json(json.loads(json.dumps(verdict.as_json()))) == verdict


def test_a_stored_verdict_has_a_shape_that_stays() -> None:
    verdict = Verdict(
        to=PhaseName.SCALING,
        at=datetime(2026, 4, 20, 12, tzinfo=UTC),
        playbook_hash="ab",
        people_count=2,
        results=(
            CheckResult("memo_filed", Outcome.FAIL, "none filed", "a memo", "owner"),
            CheckResult("eval_passed", Outcome.PASS, "97 %", "≥ 95 %", "eval_owner", (Trace("signal", "r", "u"),)),
        ),
        notes=("Eased.",),
    )
    assert verdict.as_json() == {
        "to": "scaling",
        "at": "2026-04-20T12:00:00+00:00",
        "playbook_hash": "ab",
        "people_count": 2,
        "ready": False,
        "results": [
            {
                "check": "memo_filed",
                "outcome": "fail",
                "found": "none filed",
                "needs": "a memo",
                "role": "owner",
                "evidence": [],
            },
            {
                "check": "eval_passed",
                "outcome": "pass",
                "found": "97 %",
                "needs": "≥ 95 %",
                "role": "eval_owner",
                "evidence": [{"kind": "signal", "id": "r", "url": "u"}],
            },
        ],
        "notes": ["Eased."],
    }


def test_no_verdict_names_a_person() -> None:
    for leaving in GATED:
        stored = json.dumps(judge(gate(leaving), ready(leaving)).as_json())
        assert not [name for name in ("Ana", "Ben", "p_ana", "UANA") if name in stored]


def test_a_starter_workflow_looks_to_its_owner_where_nobody_holds_the_usual_role() -> None:
    evidence = ready(PhaseName.PRODUCTION, "starter", incidents=None, reviews=None)
    roles = {r.check: r.role for r in judge(gate(PhaseName.PRODUCTION, "starter"), evidence).failing}
    assert roles == {"reviews_held": "owner", "incidents_closed": "owner"}


@pytest.mark.parametrize(
    ("several", "whole"),
    [
        ((PASS, PASS), PASS),
        ((PASS, NO_DATA), NO_DATA),
        ((NO_DATA, Outcome.FAIL, PASS), Outcome.FAIL),
        ((), NO_DATA),
    ],
)
def test_several_outcomes_are_as_good_as_the_worst(several: tuple[Outcome, ...], whole: Outcome) -> None:
    assert worst(several) is whole


def test_typed_numbers_open_the_gate_of_production_and_not_that_of_scaling() -> None:
    typed = ReviewCounts(28, Reviews(), Reviews(60, 60, 60, 6))
    check = next(check for check in gate(PhaseName.PRODUCTION).checks if isinstance(check, checks.ReviewsHeld))
    scaling = replace(gate(PhaseName.SCALING), checks=(check,))
    assert judge(gate(PhaseName.PRODUCTION), ready(PhaseName.PRODUCTION, reviews=typed)).ready
    assert [r.outcome for r in judge(scaling, ready(PhaseName.SCALING, reviews=typed)).results] == [NO_DATA]
