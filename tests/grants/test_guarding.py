"""What makes a grant stand still and what lets it go on, rule by rule, at their boundaries."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.checks import EvalPassed
from bot.domain.gate_evidence import fresh_until
from bot.domain.grants.guarding import (
    Cause,
    Watched,
    as_it_stands,
    bars,
    causes,
    causes_for,
    crossings,
    due_at,
    news_for,
    obstacles,
    tells_of,
)
from bot.domain.grants.life import Grant, GrantState, Suspension, SuspensionCause
from bot.domain.risk import Effect
from bot.domain.signals.kinds import EvalRun, Incident, IncidentCourse, IncidentStatus, RedLine, RedLineKind, Signal
from tests.gates.evidence import guardrail, signal, value
from tests.grants.samples import grant, terms

AT = datetime(2026, 4, 8, 12, tzinfo=UTC)
SHARE = EvalPassed(min_cases=200, max_age_days=14, min_pass=Decimal("0.95"), lower_bound=None)
BOUND = EvalPassed(min_cases=40, max_age_days=14, min_pass=None, lower_bound=Decimal("0.910"))
FAILED, STALE, UNATTESTED = SuspensionCause.EVAL_FAILED, SuspensionCause.EVALS_STALE, SuspensionCause.UNATTESTED
INCIDENT, RED_LINE, GUARDRAIL = SuspensionCause.INCIDENT, SuspensionCause.RED_LINE, SuspensionCause.GUARDRAIL
BY_HAND = SuspensionCause.BY_HAND
DRAFT = grant(terms(action="draft_reply", effect=Effect.NONE))
ATTENDED = grant(terms(requires_human_approval=True))
ALONE = grant()
MINUTE = timedelta(minutes=1)


def run(passed: int, cases: int = 200, minutes_ago: int = 0, suite: str = "refunds") -> Signal[EvalRun]:
    return signal(EvalRun(suite, cases, passed, "p7", "m2"), AT - minutes_ago * MINUTE, f"{suite}{passed}{minutes_ago}")


def course(severity: int, *, resolved: bool = False, key: str = "INC-1") -> IncidentCourse:
    status = IncidentStatus.RESOLVED if resolved else IncidentStatus.OPEN
    latest = signal(Incident(key, severity, status, "Sent twice"), AT - MINUTE)
    return IncidentCourse(latest, AT - 2 * MINUTE, AT - MINUTE if resolved else None)


def red_line(minutes_ago: int, kind: RedLineKind = RedLineKind.VIOLATION, rule: str = "no_pii") -> Signal[RedLine]:
    return signal(RedLine(rule, kind, "It did."), AT - minutes_ago * MINUTE)


def seen(*runs: Signal[EvalRun], **fields: Any) -> Watched:
    """A workflow in production against which nothing speaks but what is given; runs newest first."""
    suites = {one.body.suite: tuple(each for each in runs if each.body.suite == one.body.suite) for one in runs}
    standard = Watched(
        at=AT,
        zone="UTC",
        bar=SHARE,
        runs=suites,
        evals_fresh_until=AT,
        incidents=(),
        severities=range(1, 3),
        postmortems=frozenset(),
        red_lines=frozenset(),
        guardrails=(),
        attest_every_days=30,
    )
    return replace(standard, **fields)


def names(found: tuple[Cause, ...]) -> list[tuple[SuspensionCause, str]]:
    return [each.name for each in found]


def suspended(*causes: tuple[SuspensionCause, str], of: Grant = ALONE) -> Grant:
    stood = tuple(Suspension(cause, AT - MINUTE, subject) for cause, subject in causes)
    return replace(of, state=GrantState.SUSPENDED, suspensions=stood, attested_at=AT)


SITUATIONS: dict[str, tuple[Watched, list[tuple[SuspensionCause, str]]]] = {
    "nothing speaks against it": (seen(run(200)), []),
    "a run exactly at the floor": (seen(run(190)), []),
    "a run one case below the floor": (seen(run(189)), [(FAILED, "refunds")]),
    "a run that fails behind one that passes": (seen(run(190), run(0, minutes_ago=1)), []),
    "a run that passes behind one that fails": (seen(run(189), run(200, minutes_ago=1)), [(FAILED, "refunds")]),
    "two runs of one instant, one of them failing": (seen(run(200), run(189)), [(FAILED, "refunds")]),
    "one suite of two fails": (seen(run(200), run(9, 10, suite="tone")), [(FAILED, "tone")]),
    "a small suite below a plain share": (seen(run(18, 20)), [(FAILED, "refunds")]),
    "a small suite exactly at a plain share": (seen(run(19, 20)), []),
    "a clean small suite is not held against a bound": (seen(run(5, 5), bar=BOUND), []),
    "a small suite exactly at a bound": (seen(run(18, 20), bar=replace(BOUND, lower_bound=Decimal("0.9"))), []),
    "a small suite whose share is below a bound": (seen(run(0, 39), bar=BOUND), [(FAILED, "refunds")]),
    "40 of 40 reach the bound": (seen(run(40, 40), bar=BOUND), []),
    "39 of 40 do not": (seen(run(39, 40), bar=BOUND), [(FAILED, "refunds")]),
    "59 of 60 reach it": (seen(run(59, 60), bar=BOUND), []),
    "190 of 200 reach it": (seen(run(190), bar=BOUND), []),
    "189 of 200 do not": (seen(run(189), bar=BOUND), [(FAILED, "refunds")]),
    "no bar, no floor": (seen(run(0), bar=None), []),
    "evals at their last fresh instant": (seen(run(200), evals_fresh_until=AT), []),
    "evals a moment older": (seen(run(200), evals_fresh_until=AT - timedelta(microseconds=1)), [(STALE, "")]),
    "in pilot no age is asked for": (seen(run(200, minutes_ago=99999), evals_fresh_until=None), []),
    "sev1 is open": (seen(incidents=(course(1),)), [(INCIDENT, "INC-1")]),
    "sev2 is open": (seen(incidents=(course(2),)), [(INCIDENT, "INC-1")]),
    "sev3 is open": (seen(incidents=(course(3),)), []),
    "sev1 is resolved": (seen(incidents=(course(1, resolved=True),)), []),
    "a guardrail exactly at its limit": (seen(guardrails=((guardrail(), value("4.2", metric="csat")),)), []),
    "a guardrail beyond its limit": (
        seen(guardrails=((guardrail(), value("4.19", metric="csat")),)),
        [(GUARDRAIL, "csat")],
    ),
}


@pytest.mark.parametrize("which", SITUATIONS)
def test_what_speaks_against_a_workflows_agent(which: str) -> None:
    watched, expected = SITUATIONS[which]
    assert names(causes(watched)) == expected


def test_days_are_told_as_they_are_where_the_team_is() -> None:
    elsewhere = seen(run(200), evals_fresh_until=AT - timedelta(days=1), zone="Pacific/Auckland")
    owed = replace(ALONE, attested_at=AT - timedelta(days=31))
    assert [each.told for each in causes_for(owed, elsewhere)] == [
        "the evals are too old since 8 Apr 2026",
        "its attestation was due on 8 Apr 2026",
    ]


def test_each_cause_names_the_number_found_and_its_limit() -> None:
    watched = seen(
        run(189),
        evals_fresh_until=AT - timedelta(days=1),
        incidents=(course(2),),
        guardrails=((guardrail(), value("4.10", metric="csat")),),
    )
    assert [each.told for each in causes(watched)] == [
        "the latest run of refunds passed 189 of 200, and the floor is ≥ 95 %",
        "the evals are too old since 7 Apr 2026",
        "incident INC-1 (sev2) is open",
        "csat is 4.1, limit 4.2",
    ]


EVERYTHING = seen(
    run(189),
    evals_fresh_until=AT - timedelta(days=1),
    incidents=(course(1),),
    guardrails=((guardrail(), value("1", metric="csat")),),
)


@pytest.mark.parametrize(
    ("given", "reached"),
    [
        (DRAFT, []),
        (ATTENDED, [FAILED, STALE, INCIDENT]),
        (ALONE, [FAILED, STALE, INCIDENT, GUARDRAIL]),
    ],
)
def test_a_cause_reaches_what_has_an_effect_and_a_breach_what_goes_unattended(
    given: Grant, reached: list[SuspensionCause]
) -> None:
    attested = replace(given, attested_at=AT)
    assert [each.cause for each in causes_for(attested, EVERYTHING)] == reached
    assert len(bars(given.terms, EVERYTHING)) == len(reached)


def test_an_unanswered_red_line_bars_another_grant_with_an_effect() -> None:
    watched = seen(run(200), red_lines=frozenset({"no_pii"}))
    assert bars(ATTENDED.terms, watched) == ("a violation of the red line no_pii is not answered yet",)
    assert bars(DRAFT.terms, watched) == ()


@pytest.mark.parametrize(
    ("past_due", "missed"), [(timedelta(microseconds=-1), False), (timedelta(), True), (timedelta(days=9), True)]
)
def test_an_attestation_is_missed_from_its_thirtieth_day_on_whatever_the_effect(
    past_due: timedelta, missed: bool
) -> None:
    given = replace(DRAFT, attested_at=AT - timedelta(days=30) - past_due)
    found = causes_for(given, seen(run(200)))
    assert names(found) == ([(UNATTESTED, "")] if missed else [])
    assert [each.observed_at for each in found] == ([AT - past_due] if missed else [])


@pytest.mark.parametrize(
    ("ran_at", "last_fresh"),
    [
        # Lisbon goes from 01:00 to 02:00 on 29 March and back on 25 October: noon stays noon.
        (datetime(2026, 3, 20, 12, tzinfo=UTC), datetime(2026, 4, 3, 11, tzinfo=UTC)),
        (datetime(2026, 10, 20, 11, tzinfo=UTC), datetime(2026, 11, 3, 12, tzinfo=UTC)),
        (datetime(2026, 5, 4, 11, tzinfo=UTC), datetime(2026, 5, 18, 11, tzinfo=UTC)),
    ],
)
def test_evals_are_fresh_for_fourteen_days_of_the_wall_clock_to_the_second(
    ran_at: datetime, last_fresh: datetime
) -> None:
    until = fresh_until(ran_at, 14, "Europe/Lisbon")
    for late_s, expected in ((-1, []), (0, []), (1, [(STALE, "")])):
        at = last_fresh + timedelta(seconds=late_s)
        assert names(causes(seen(run(200), at=at, evals_fresh_until=until))) == expected


RESUMING: dict[str, tuple[Grant, Watched, tuple[str, ...]]] = {
    "by hand: a reason is enough": (suspended((BY_HAND, "")), seen(run(200)), ()),
    "a red line: a reason is enough": (suspended((RED_LINE, "no_pii")), seen(run(200)), ()),
    "failed: no run since": (
        suspended((FAILED, "refunds")),
        seen(run(189)),
        (
            "the latest run of refunds passed 189 of 200, and the floor is ≥ 95 %",
            "the last 2 runs of refunds have to pass, and so far 0 in a row did",
        ),
    ),
    "failed: one passed since": (
        suspended((FAILED, "refunds")),
        seen(run(200), run(189, minutes_ago=1)),
        ("the last 2 runs of refunds have to pass, and so far 1 in a row did",),
    ),
    "failed: two passed since": (
        suspended((FAILED, "refunds")),
        seen(run(190), run(190, minutes_ago=1), run(1, minutes_ago=2)),
        (),
    ),
    "failed: another suite passed twice": (
        suspended((FAILED, "refunds")),
        seen(run(200, suite="tone"), run(200, minutes_ago=1, suite="tone"), run(200), run(1, minutes_ago=1)),
        ("the last 2 runs of refunds have to pass, and so far 1 in a row did",),
    ),
    "failed below a bound: runs too small to prove anything": (
        suspended((FAILED, "refunds")),
        seen(run(5, 5), run(5, 5, minutes_ago=1), run(150, minutes_ago=2), bar=BOUND),
        ("the last 2 runs of refunds have to pass, and so far 0 in a row did",),
    ),
    "stale: still": (
        suspended((STALE, "")),
        seen(run(200), evals_fresh_until=AT - timedelta(days=1)),
        ("the evals are too old since 7 Apr 2026",),
    ),
    "stale: one passed since": (suspended((STALE, "")), seen(run(190)), ()),
    "stale: one failed since": (
        suspended((STALE, "")),
        seen(run(189)),
        ("the latest run of refunds passed 189 of 200, and the floor is ≥ 95 %",),
    ),
    "stale in a workflow that was moved back and has no run": (
        suspended((STALE, "")),
        seen(evals_fresh_until=None),
        ("no eval run has come in since",),
    ),
    "incident: open": (
        suspended((INCIDENT, "INC-1")),
        seen(run(200), incidents=(course(2),)),
        ("incident INC-1 (sev2) is open",),
    ),
    "incident: light by now, but open": (
        suspended((INCIDENT, "INC-1")),
        seen(run(200), incidents=(course(4),)),
        ("incident INC-1 (sev4) is open",),
    ),
    "incident: resolved and not learned from": (
        suspended((INCIDENT, "INC-1")),
        seen(run(200), incidents=(course(2, resolved=True),), postmortems=frozenset({"INC-9"})),
        ("incident INC-1 is resolved, but has no accepted postmortem",),
    ),
    "incident: resolved and learned from": (
        suspended((INCIDENT, "INC-1")),
        seen(run(200), incidents=(course(2, resolved=True),), postmortems=frozenset({"INC-1"})),
        (),
    ),
    "guardrail: still beyond": (
        suspended((GUARDRAIL, "csat")),
        seen(run(200), guardrails=((guardrail(), value("4.1", metric="csat")),)),
        ("csat is 4.1, limit 4.2",),
    ),
    "guardrail: back at its limit": (
        suspended((GUARDRAIL, "csat")),
        seen(run(200), guardrails=((guardrail(), value("4.2", metric="csat")),)),
        (),
    ),
    "unattested: attested since": (suspended((UNATTESTED, "")), seen(run(200)), ()),
    "unattested: still": (
        replace(suspended((UNATTESTED, "")), attested_at=AT - timedelta(days=30)),
        seen(run(200)),
        ("its attestation was due on 8 Apr 2026",),
    ),
    "one cause gone, another not": (
        suspended((FAILED, "refunds"), (INCIDENT, "INC-1")),
        seen(run(200), run(200, minutes_ago=1), incidents=(course(1),)),
        ("incident INC-1 (sev1) is open",),
    ),
}


@pytest.mark.parametrize("which", RESUMING)
def test_what_it_takes_to_go_on(which: str) -> None:
    given, watched, expected = RESUMING[which]
    assert obstacles(given, watched) == expected


def test_a_grant_is_suspended_once_for_each_cause_and_subject() -> None:
    held = suspended((INCIDENT, "INC-1"), of=ATTENDED)
    watched = seen(incidents=(course(1), course(2, key="INC-2")), guardrails=EVERYTHING.guardrails)
    found = (*causes(watched), *causes(watched))
    assert names(news_for(held, found)) == [(INCIDENT, "INC-2")]
    assert news_for(replace(DRAFT, attested_at=AT), found) == ()


def test_only_a_later_violation_of_a_rule_is_news() -> None:
    known = {"no_pii": red_line(5)}
    assert crossings(known, known) == ()
    assert names(crossings(known, {"no_pii": red_line(4), "no_debts": red_line(9, rule="no_debts")})) == [
        (RED_LINE, "no_debts"),
        (RED_LINE, "no_pii"),
    ]
    assert names(crossings({}, known)) == [(RED_LINE, "no_pii")]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (run(189), (FAILED, "refunds")),
        (run(190), None),
        (course(2, resolved=True).latest, (INCIDENT, "INC-1")),
        (course(3).latest, None),
        (red_line(0), (RED_LINE, "no_pii")),
        (red_line(0, RedLineKind.TEST_FIRED), None),
        (value("4.1", metric="csat"), (GUARDRAIL, "csat")),
        (value("4.2", metric="csat"), None),
        (value("1", metric="other"), None),
    ],
)
def test_what_one_signal_by_itself_speaks_against(
    told: Signal[Any], expected: tuple[SuspensionCause, str] | None
) -> None:
    assert tells_of(told, seen(guardrails=((guardrail(), value("4.5", metric="csat")),))) == expected


def test_what_time_alone_did_to_a_grant_shows_before_anyone_notes_it() -> None:
    held = grant()
    assert held.expires_at
    due, over = held.attest_by(30), held.expires_at
    assert due
    fresh = seen(run(200))
    before, at_due = replace(fresh, at=due - timedelta(microseconds=1)), replace(fresh, at=due)
    assert as_it_stands(held, replace(before, evals_fresh_until=None)) == held
    stopped = as_it_stands(held, replace(at_due, evals_fresh_until=None))
    assert stopped == replace(
        held,
        state=GrantState.SUSPENDED,
        suspensions=(Suspension(SuspensionCause.UNATTESTED, due, observed_at=due),),
    )
    assert as_it_stands(stopped, replace(at_due, evals_fresh_until=None)) == stopped
    ended = as_it_stands(stopped, replace(fresh, at=over))
    assert (ended.state, ended.suspensions, ended.ended_at) == (GrantState.EXPIRED, (), over)
    revoked = grant(state=GrantState.REVOKED)
    assert as_it_stands(revoked, replace(fresh, at=over)) == revoked


def test_only_time_shows_before_it_is_noted_as_decisions_have_it() -> None:
    failed = seen(run(180))
    held = grant(attested_at=failed.at)
    assert names(causes_for(held, failed)) == [(SuspensionCause.EVAL_FAILED, "refunds")]
    assert as_it_stands(held, failed) == held


def test_the_next_thing_that_time_does_to_a_grant_is_what_is_not_recorded_yet() -> None:
    expires, attest = AT + timedelta(days=60), AT + timedelta(days=30)
    given = replace(ALONE, expires_at=expires, attested_at=AT)
    fresh = AT + timedelta(days=3)
    assert due_at(given, fresh, 30) == fresh + timedelta(microseconds=1)
    assert due_at(replace(given, terms=DRAFT.terms), fresh, 30) == attest
    assert due_at(given, None, 30) == attest
    stale = replace(given, suspensions=suspended((STALE, "")).suspensions)
    assert due_at(stale, fresh, 30) == attest
    assert (
        due_at(replace(stale, suspensions=suspended((STALE, ""), (UNATTESTED, "")).suspensions), fresh, 30) == expires
    )
    assert due_at(replace(given, approved_at=None, attested_at=None, expires_at=None), None, 30) is None
