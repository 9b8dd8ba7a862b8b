"""What holds of every gate, whatever the evidence: more passed cases never hurt, less evidence never helps."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.checks import EvalPassed, ReviewsHeld
from bot.domain.gate_evidence import DefinedRedLine, Evidence, RoleHolder
from bot.domain.gates import judge
from bot.domain.items import ItemState
from bot.domain.memos import Move
from bot.domain.playbook import PhaseName
from bot.domain.review_counts import ReviewCounts, Reviews
from bot.domain.verdicts import Outcome, Verdict
from bot.domain.workflows import Domain, Role
from tests.gates.evidence import (
    AT,
    PASS,
    answer,
    asked,
    book,
    deviation,
    drill,
    fired,
    gate,
    grant,
    guardrail,
    incident,
    logging,
    memo,
    ready,
    red_team,
    run,
    success,
    value,
)

NAMES = st.sampled_from(["ninety_day", "ninety_day_high_risk", "starter"])
LEAVING = st.sampled_from([PhaseName.PILOT, PhaseName.PRODUCTION, PhaseName.SCALING])
AGES = st.sampled_from([0, 1, 13, 14, 15, 28, 29])


@st.composite
def suites(draw: st.DrawFn) -> tuple[int, int, int]:
    """Cases, how many of them passed, and how many more of them might have."""
    cases = draw(st.integers(1, 400))
    passed = draw(st.integers(0, cases))
    return cases, passed, draw(st.integers(passed, cases))


@settings(deadline=None)
@given(several=st.lists(suites(), min_size=1, max_size=3), name=NAMES, age_days=AGES)
def test_more_passed_cases_never_turn_a_pass_into_anything_else(
    several: list[tuple[int, int, int]], name: str, age_days: int
) -> None:
    check = asked(EvalPassed, PhaseName.PILOT, name)
    before = tuple(run(p, n, age_days, suite=f"suite_{i}") for i, (n, p, _) in enumerate(several))
    after = tuple(run(q, n, age_days, suite=f"suite_{i}") for i, (n, _, q) in enumerate(several))
    if answer(check, ready(name=name, eval_runs=before)).outcome is PASS:
        assert answer(check, ready(name=name, eval_runs=after)).outcome is PASS


@settings(deadline=None)
@given(suite=suites(), more=st.integers(0, 200), name=NAMES)
def test_more_cases_that_all_pass_never_turn_a_pass_into_anything_else(
    suite: tuple[int, int, int], more: int, name: str
) -> None:
    cases, passed, _ = suite
    check = asked(EvalPassed, PhaseName.PILOT, name)
    if answer(check, ready(name=name, eval_runs=(run(passed, cases),))).outcome is PASS:
        assert answer(check, ready(name=name, eval_runs=(run(passed + more, cases + more),))).outcome is PASS


@st.composite
def counted(draw: st.DrawFn) -> Reviews:
    """Counts of reviews that go together."""
    due, reviewed = draw(st.integers(0, 120)), draw(st.integers(0, 120))
    return Reviews(due, draw(st.integers(0, due)), reviewed, draw(st.integers(0, reviewed)))


@settings(deadline=None)
@given(counts=counted(), name=NAMES, data=st.data())
def test_more_reviewed_and_fewer_overridden_never_turn_a_pass_into_anything_else(
    counts: Reviews, name: str, data: st.DataObject
) -> None:
    check = asked(ReviewsHeld, PhaseName.PRODUCTION, name)
    better = replace(
        counts,
        due_reviewed=data.draw(st.integers(counts.due_reviewed, counts.due)),
        overridden=data.draw(st.integers(0, counts.overridden)),
    )
    outcomes = [
        answer(check, ready(PhaseName.PRODUCTION, name, reviews=ReviewCounts(28, given_, Reviews()))).outcome
        for given_ in (counts, better)
    ]
    assert outcomes != [PASS, Outcome.FAIL]
    assert outcomes != [PASS, Outcome.NO_DATA]


@st.composite
def evidences(draw: st.DrawFn) -> tuple[str, Evidence]:
    """Evidence of every kind, good and bad, whole and in pieces, and the playbook that it is judged by."""
    name, leaving = draw(NAMES), draw(LEAVING)
    ids = [item.id for item in book(name).items_of(leaving) if item.required]
    states = draw(st.dictionaries(st.sampled_from(ids), st.sampled_from(ItemState), max_size=2))

    def some(*choices: Any) -> Any:
        return draw(st.lists(st.sampled_from(choices), max_size=3, unique_by=repr).map(tuple))

    ages, activity = draw(AGES), draw(st.sampled_from([True, False, None]))
    whole = ready(leaving, name, states=states, domain=draw(st.sampled_from(Domain)))
    return name, replace(
        whole,
        holders=some(*(whole.holders or ()), RoleHolder(Role.OWNER, "p_lea", activity)),
        metrics=(
            success(*some(value("8", ages), value("9", 1))),
            guardrail(*some(value("4.2", ages, "csat"), value("4.1", 2, "csat"))),
        ),
        eval_runs=some(run(195, 200, ages, id="a"), run(150, id="b"), run(60, 60, suite="hard", id="c", model="")),
        red_lines=some(fired("a"), fired("b", -1), DefinedRedLine("c")),
        reviews=ReviewCounts(28, draw(counted()), draw(counted())),
        incidents=some(incident(1), incident(3)),
        deviations=some(deviation(), deviation(closed=True)),
        drills=some(drill()),
        documents=some(red_team()),
        grants=some(grant(), grant("b", None), grant("c", logging=logging(retention_days=30))),
        memos=some(*(memo(move) for move in Move), memo(None, title="minutes_per_refund missed")),
    )


def _without(field: str, empty: Any = None) -> Callable[[Evidence], Evidence]:
    def remove(evidence: Evidence) -> Evidence:
        emptied: dict[str, Any] = {field: empty}
        return replace(evidence, **emptied)

    return remove


def _without_rows(evidence: Evidence) -> Evidence:
    return replace(evidence, checklist=replace(evidence.checklist, rows=evidence.checklist.rows[::2]))


def _unticked(evidence: Evidence) -> Evidence:
    rows = tuple(replace(row, state=ItemState.OPEN) for row in evidence.checklist.rows)
    return replace(evidence, checklist=replace(evidence.checklist, rows=rows))


def _unshown(evidence: Evidence) -> Evidence:
    rows = tuple(replace(row, record=None, proof=None) for row in evidence.checklist.rows)
    return replace(evidence, checklist=replace(evidence.checklist, rows=rows))


def _unmeasured(evidence: Evidence) -> Evidence:
    metrics = evidence.metrics or ()
    return replace(evidence, metrics=(*(replace(metric, values=()) for metric in metrics[:1]), *metrics[1:]))


def _unseen(evidence: Evidence) -> Evidence:
    return replace(evidence, red_lines=tuple(replace(line, test=None) for line in evidence.red_lines or ()))


def _unattested(evidence: Evidence) -> Evidence:
    return replace(evidence, grants=tuple(replace(g, attested_at=None) for g in evidence.grants or ()))


def _unreviewed(evidence: Evidence) -> Evidence:
    counts = evidence.reviews
    assert counts is not None
    fewer = (replace(one, due_reviewed=one.due_reviewed // 2) for one in (counts.seen, counts.typed))
    return replace(evidence, reviews=ReviewCounts(counts.days, *fewer))


OPTIONAL = (
    "holders",
    "metrics",
    "eval_runs",
    "red_lines",
    "reviews",
    "incidents",
    "deviations",
    "drills",
    "documents",
    "grants",
    "memos",
)
LOSSES: tuple[Callable[[Evidence], Evidence], ...] = (
    *(_without(field) for field in OPTIONAL),
    *(_without(field, ()) for field in ("holders", "eval_runs", "red_lines", "drills", "documents", "memos")),
    _without_rows,
    _unticked,
    _unshown,
    _unmeasured,
    _unseen,
    _unattested,
    _unreviewed,
)


def passed(verdict: Verdict) -> set[str]:
    """The checks that pass."""
    return {result.check for result in verdict.results if result.passed}


@settings(max_examples=300, deadline=None)
@given(judged=evidences(), lose=st.sampled_from(LOSSES))
def test_less_evidence_never_turns_a_failure_or_a_gap_into_a_pass(
    judged: tuple[str, Evidence], lose: Callable[[Evidence], Evidence]
) -> None:
    name, whole = judged
    asked_for = gate(whole.leaving, name)
    assert passed(judge(asked_for, lose(whole))) <= passed(judge(asked_for, whole))


@settings(max_examples=100, deadline=None)
@given(judged=evidences())
def test_every_verdict_comes_back_as_it_was(judged: tuple[str, Evidence]) -> None:
    name, evidence = judged
    verdict = judge(gate(evidence.leaving, name), evidence)
    assert Verdict.from_json(verdict.as_json()) == verdict


@settings(max_examples=100, deadline=None)
@given(judged=evidences())
def test_a_verdict_is_ready_exactly_when_nothing_is_missing_and_every_word_of_it_is_there(
    judged: tuple[str, Evidence],
) -> None:
    name, evidence = judged
    verdict = judge(gate(evidence.leaving, name), evidence)
    assert verdict.ready == (verdict.missing == ())
    assert all(word for missing in verdict.missing for word in missing.values())
    assert {result.role for result in verdict.results} <= {"owner", "steward", "eval_owner", "gatekeeper", "lead"}


@settings(deadline=None)
@given(passes=st.integers(9_000, 10_000), overridden=st.integers(500, 1_500))
def test_no_number_is_rounded_over_its_threshold(passes: int, overridden: int) -> None:
    evals = answer(asked(EvalPassed, PhaseName.PILOT), ready(eval_runs=(run(passes, 10_000),)))
    told = Decimal(evals.found.partition(" %")[0])
    assert (told >= 95) == evals.passed
    counts = ReviewCounts(28, Reviews(100, 100, 10_000, overridden), Reviews())
    held = answer(
        asked(ReviewsHeld, PhaseName.PRODUCTION),
        ready(PhaseName.PRODUCTION, reviews=counts),
    )
    share = Decimal(held.found.rpartition("; ")[2].partition(" %")[0])
    assert (share <= 10) == held.passed


@settings(deadline=None)
@given(minutes=st.integers(0, 60 * 24 * 40))
def test_time_alone_never_opens_the_pilots_gate(minutes: int) -> None:
    evidence = ready()
    later = replace(evidence, at=AT + timedelta(minutes=minutes))
    check = asked(EvalPassed, PhaseName.PILOT)
    stale = replace(evidence, eval_runs=(run(age_days=15),))
    assert not answer(check, replace(stale, at=later.at)).passed
    assert answer(check, later).passed == (minutes <= 60 * 24 * 12)
