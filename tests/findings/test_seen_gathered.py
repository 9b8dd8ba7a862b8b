"""What rules find in signals that were really taken in, beside what a plain reading of them finds."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actions import metrics, signals, voids
from bot.actions.decisions import Inquiry, decide
from bot.actions.desk import Asked
from bot.actions.findings.judging import judge
from bot.actions.findings.scene import Scene
from bot.domain.findings.catalogue import acts, evals, open_incidents, red_lines, reviews, rework, work
from bot.domain.findings.catalogue import metrics as metric_rules
from bot.domain.findings.declaring import RULES
from bot.domain.findings.kinds import Finding
from bot.domain.findings.weeks import Weeks
from bot.domain.gate_evidence import Better, MetricKind
from bot.domain.metrics import MetricEntry
from bot.domain.playbook import PhaseName
from store.engine import Database
from tests.findings.oracle import Case, Entry, Line, lines
from tests.findings.seen_samples import AT, ago
from tests.grants_program import UNATTENDED, GrantsProgram

_MODULES = (acts, evals, metric_rules, open_incidents, red_lines, reviews, rework, work)
_OURS = {rule.id for rule in RULES.values() if rule.find.__module__ in {module.__name__ for module in _MODULES}}
_LATER = AT + timedelta(hours=1)
DEFINED_AT = ago(39)


def _written(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime | date) else value


def begin(program: GrantsProgram, name: str, start_on: date, phase: PhaseName = PhaseName.PRODUCTION) -> None:
    """A workflow with one guardrail and one success metric, of which much is told later."""
    program.name = name
    program.clock.at = program.real.at = DEFINED_AT
    program.start(name, start_on=start_on)
    program.guard()
    entry = MetricEntry("minutes", MetricKind.SUCCESS, Better.LOWER, Decimal(12), Decimal(6))
    program.do("stu", metrics.define, program.workflow(), entry)
    if phase is not PhaseName.PILOT:
        program.enter(phase)
    program.clock.at = program.real.at = _LATER


def tell(program: GrantsProgram, sent: Sequence[Entry], prefix: str = "s") -> None:
    """These signals taken in, in their order."""
    usual = {"source": "ci", "workflow": program.name}
    entries = (usual | {"id": f"{prefix}{place}"} | each for place, each in enumerate(sent))
    text = [json.dumps({name: _written(value) for name, value in entry.items()}) + "\n" for entry in entries]
    taken = signals.take_in(program.desk, Asked(program.actor("max")), text)
    assert not taken.rejected, taken.rejected


def judged(program: GrantsProgram, at: datetime = AT) -> tuple[Finding, ...]:
    """What our rules find about the workflow."""
    with program.desk.reading() as view:
        judgement = judge(view, (program.workflow(),), Weeks(at, "Europe/Lisbon"), Scene())
    return tuple(each for each in judgement.findings if each.rule in _OURS)


def in_short(findings: Sequence[Finding]) -> set[Line]:
    """Findings as the oracle tells them."""
    return {(each.rule, each.about, str(each.severity), each.size) for each in findings}


# Random signals

_MOMENTS = [ago(days) + timedelta(microseconds=shift) for days in (7, 10, 14, 21, 28, 35) for shift in (-1, 0, 1)] + [
    ago(days, hours=hours) for days in (0, 1, 2, 4, 6, 9, 13, 16, 20, 30, 60) for hours in (1, 7)
]
_LATE = [AT - timedelta(microseconds=1), AT, AT + timedelta(minutes=30)]
_WHEN = st.sampled_from([*_MOMENTS, *_LATE])
_DUE = st.none() | st.sampled_from([date(2026, 3, 29), date(2026, 3, 30)]) | st.sampled_from(_LATE)


def _entry(kind: str, /, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Entry]:
    return st.fixed_dictionaries({"type": st.just(kind), "at": _WHEN, **fields})


@st.composite
def _reviews(draw: st.DrawFn) -> list[Entry]:
    """A bunch of outputs that were handed in and perhaps reviewed together."""
    prefix, many = draw(st.sampled_from("ab")), draw(st.sampled_from([1, 4, 5, 19, 20, 21]))
    submitted_at = draw(st.sampled_from(_MOMENTS))
    took = draw(st.sampled_from([None, 10, 29.999999, 30, 3600 * 5, 3600 * 30]))
    reviewed_at = None if took is None else submitted_at + timedelta(seconds=took)
    if reviewed_at is not None and reviewed_at > _LATER:
        reviewed_at = None
    outcome = draw(st.sampled_from(["approved", "approved", "edited", "rejected"])) if reviewed_at else None
    told_at = min(max(reviewed_at or submitted_at, draw(_WHEN)), _LATER)
    some = {"type": "review", "at": told_at, "submitted_at": submitted_at, "reviewed_at": reviewed_at}
    done = {"outcome": outcome, "reviewer": "U7" if outcome else None}
    first = draw(st.sampled_from([0, 0, 10]))
    return [{**some, **done, "output_id": f"{prefix}{first + place}"} for place in range(many)]


_ONE = st.one_of(
    _entry("metric", metric=st.sampled_from(["csat", "other"]), value=st.sampled_from([4.1, 4.2, 4.5])),
    _entry("metric", metric=st.just("minutes"), value=st.sampled_from([9.0, 12.0, 12.6, 12.7])),
    _entry(
        "eval_run",
        suite=st.sampled_from("xy"),
        cases=st.just(200),
        passed=st.sampled_from([189, 190, 200]),
        prompt_version=st.just("p"),
        model=st.just("m"),
    ),
    _entry("rework", kind=st.just("defect"), cost_usd=st.sampled_from([10, 50, 100, 130])),
    _entry(
        "red_line", rule=st.sampled_from("pq"), kind=st.sampled_from(["violation", "test_fired"]), summary=st.just("…")
    ),
    _entry(
        "incident",
        key=st.sampled_from(["I1", "I2"]),
        severity=st.sampled_from([1, 2, 3]),
        status=st.sampled_from(["open", "resolved"]),
        title=st.just("…"),
    ),
    _entry(
        "work_item",
        key=st.sampled_from(["T1", "T2", "T3"]),
        title=st.just("…"),
        status=st.sampled_from(["open", "blocked", "done"]),
        due=_DUE,
        assignee=st.none(),
    ),
    _entry(
        "agent_action",
        action=st.sampled_from(["send_macro", "draft_reply"]),
        facts=st.just({"to": "x"}),
        outcome=st.sampled_from(["done", "done", "refused"]),
        reversed=st.booleans(),
        run_id=st.sampled_from([None, "r1"]),
    ),
    _entry(
        "change",
        key=st.sampled_from(["C1", "C2"]),
        title=st.just("…"),
        merged_at=st.sampled_from(_MOMENTS),
        lead_time_hours=st.just(2),
        reverts=st.sampled_from([None, "C0"]),
        irreversible=st.just(False),
    ),
).map(lambda entry: [entry])
_SENT = st.lists(_ONE | _reviews(), max_size=14).map(lambda parts: tuple(each for part in parts for each in part))
_NUMBERS = count()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    sent=_SENT,
    start_on=st.sampled_from([date(2026, 2, 18), date(2026, 3, 15), date(2026, 3, 16), date(2026, 3, 25)]),
    is_pilot=st.booleans(),
)
def test_rules_find_what_a_plain_reading_of_all_that_was_sent_finds(
    database: Database, sent: tuple[Entry, ...], start_on: date, *, is_pilot: bool
) -> None:
    program = GrantsProgram(database)
    begin(program, f"agent_{next(_NUMBERS)}", start_on, PhaseName.PILOT if is_pilot else PhaseName.PRODUCTION)
    tell(program, sent, f"{program.name}-")
    found = judged(program)
    assert in_short(found) == lines(Case(AT, start_on, DEFINED_AT, is_pilot, sent))
    assert len({each.key for each in found}) == len(found)


def test_what_is_taken_back_counts_nowhere(database: Database) -> None:
    program = GrantsProgram(database)
    begin(program, "refunds_agent", date(2026, 2, 18))
    sent: tuple[Entry, ...] = (
        {"type": "metric", "metric": "csat", "value": 4.1, "at": ago(1)},
        {"type": "red_line", "rule": "p", "kind": "violation", "summary": "…", "at": ago(1)},
        {"type": "rework", "kind": "defect", "cost_usd": 200, "at": ago(1)},
        {
            "type": "work_item",
            "key": "T1",
            "title": "…",
            "status": "blocked",
            "due": None,
            "assignee": None,
            "at": ago(1),
        },
    )
    tell(program, sent)
    case = Case(AT, date(2026, 2, 18), DEFINED_AT, False, sent)
    assert in_short(judged(program)) == lines(case)
    for place in range(len(sent)):
        program.do("bea", voids.void, f"ci/s{place}", "It was typed wrongly.")
    assert in_short(judged(program)) == lines(replace(case, sent=()))


def test_a_value_of_before_a_pause_is_held_against_its_own_day(database: Database) -> None:
    program = GrantsProgram(database)
    begin(program, "refunds_agent", date(2026, 1, 30))
    program.clock.at = program.real.at = ago(7)
    program.pause()
    program.clock.at = program.real.at = ago(1)
    program.resume()
    program.clock.at = program.real.at = _LATER
    minutes = {"type": "metric", "metric": "minutes"}
    # Days 52 and 53, where the line is at 9.8 and 9.7; six days of pause lie between them.
    tell(program, [minutes | {"value": 10.41, "at": ago(8)}, minutes | {"value": 10.31, "at": ago(1)}])
    assert ("target.off_pace", "minutes", "warning", 1) in in_short(judged(program))


def test_workflows_are_judged_apart_and_together_alike(database: Database) -> None:
    program = GrantsProgram(database)
    told = {
        "one": {"type": "rework", "kind": "defect", "cost_usd": 200, "at": ago(1)},
        "two": {
            "type": "eval_run",
            "suite": "x",
            "cases": 9,
            "passed": 1,
            "prompt_version": "",
            "model": "",
            "at": ago(1),
        },
        "three": {"type": "metric", "metric": "csat", "value": 4.1, "at": ago(6)},
    }
    for name, entry in told.items():
        begin(program, name, date(2026, 2, 18) if name == "one" else date(2026, 3, 25))
        tell(program, [entry], name)
    with program.desk.reading() as view:
        every = judge(view, view.workflows(), Weeks(AT, "Europe/Lisbon"), Scene()).findings
    apart: list[Finding] = []
    for name in told:
        program.name = name
        apart += judged(program)
    assert {each.key for each in every if each.rule in _OURS} == {each.key for each in apart}


# Decisions and grants

_SURE = {"recipients": 1, "confidence_score": 0.97}


def _asks(program: GrantsProgram, facts: dict[str, Any] | None = None, **more: Any) -> str:
    """The id of the agent's question, asked now."""
    inquiry = Inquiry(program.workflow().id, "send_macro", facts or _SURE, **more)
    return decide(program.desk, Asked(program.actor("max")), inquiry).id


def _does(program: GrantsProgram, **fields: Any) -> None:
    """The agent's macro sent, now."""
    usual = {"type": "agent_action", "action": "send_macro", "facts": _SURE, "outcome": "done", "reversed": False}
    program.send({**usual, "id": f"act{next(_NUMBERS)}", **fields})


@pytest.fixture
def granted(database: Database) -> GrantsProgram:
    """An agent in scaling that may send macros by itself, a week before it is judged; its clock stands on Tuesday."""
    program = GrantsProgram(database)
    program.start(start_on=date(2026, 3, 2))
    program.clock.at = program.real.at = ago(6)
    program.unattended()
    return program


def _lines_of(program: GrantsProgram, *rules: str) -> set[Line]:
    return {line for line in in_short(judged(program)) if line[0] in rules}


def test_an_agent_that_asks_before_it_acts_is_no_finding(granted: GrantsProgram) -> None:
    _does(granted, decision=_asks(granted))
    _asks(granted)
    granted.later(hours=20)
    _does(granted, facts={"confidence_score": 0.97, "recipients": 1.0})
    assert _lines_of(granted, "action.unasked", "policy.drift", "agent.blocked") == set()


def test_an_allow_that_is_used_or_old_or_only_tried_allows_nothing_more(granted: GrantsProgram) -> None:
    used = _asks(granted)
    _does(granted, decision=used)
    _does(granted, decision=used, run_id="again")
    _does(granted, run_id="without")
    _does(granted, decision=_asks(granted, dry_run=True), run_id="tried")
    granted.later(minutes=1)
    _asks(granted)
    granted.later(hours=24, seconds=1)
    _does(granted, run_id="late")
    assert _lines_of(granted, "action.unasked") == {("action.unasked", "send_macro", "critical", 3)}


def test_an_allow_used_in_an_earlier_week_is_used(granted: GrantsProgram) -> None:
    granted.clock.at = granted.real.at = ago(hours=2)
    used = _asks(granted)
    _does(granted, decision=used, run_id="first")
    granted.later(hours=4)
    _does(granted, decision=used, run_id="second")
    _does(granted, run_id="third")
    with granted.desk.reading() as view:
        found = judge(view, (granted.workflow(),), Weeks(ago(-7), "Europe/Lisbon"), Scene()).findings
    assert ("action.unasked", "send_macro", "critical", 1) in in_short(found)


def test_a_later_word_on_a_run_makes_it_no_action_of_this_week(granted: GrantsProgram) -> None:
    _asks(granted)
    _does(granted, run_id="r1")
    granted.later(days=4)
    _does(granted, run_id="r1", reversed=True)
    assert _lines_of(granted, "action.unasked") == set()


def test_an_agent_that_names_another_grant_or_stops_naming_it_drifts(granted: GrantsProgram) -> None:
    (first,) = granted.ask(lambda view: view.grants.living(granted.workflow().id))
    _does(granted, decision=_asks(granted, reported_hash=first.hash), grant_hash=first.hash)
    assert _lines_of(granted, "policy.drift") == set()
    granted.later(hours=1)
    narrower = granted.narrow(UNATTENDED.replace("max_recipients: 5", "max_recipients: 2"))
    granted.later(hours=1)
    _asks(granted, reported_hash=first.hash)
    _does(granted, decision=_asks(granted, reported_hash=narrower.hash), grant_hash=first.hash, run_id="other")
    _asks(granted)
    _does(granted, decision=_asks(granted), run_id="none")
    assert _lines_of(granted, "policy.drift") == {("policy.drift", "", "warning", 5)}


def test_an_action_told_of_again_is_held_against_the_grant_under_which_it_was_done(granted: GrantsProgram) -> None:
    (first,) = granted.ask(lambda view: view.grants.living(granted.workflow().id))
    asked = _asks(granted, reported_hash=first.hash)
    _does(granted, decision=asked, grant_hash=first.hash, run_id="r1")
    granted.later(hours=1)
    granted.narrow(UNATTENDED.replace("max_recipients: 5", "max_recipients: 2"))
    granted.later(hours=1)
    _does(granted, decision=asked, grant_hash=first.hash, run_id="r1", reversed=True)
    assert _lines_of(granted, "policy.drift") == set()
    _does(granted, decision=asked, grant_hash=first.hash, run_id="r2")
    assert _lines_of(granted, "policy.drift") == {("policy.drift", "", "warning", 1)}


def test_what_drifted_in_an_earlier_week_is_not_told_again_with_a_later_word_on_it(granted: GrantsProgram) -> None:
    granted.clock.at = granted.real.at = ago(8)
    _does(granted, grant_hash="made_up", run_id="r1")
    granted.clock.at = granted.real.at = ago(1)
    _does(granted, grant_hash="made_up", run_id="r1", reversed=True)
    assert _lines_of(granted, "policy.drift") == set()


def test_an_agent_that_names_its_grant_only_where_it_acts_is_not_silent_where_it_asks(granted: GrantsProgram) -> None:
    (first,) = granted.ask(lambda view: view.grants.living(granted.workflow().id))
    for run in ("r1", "r2"):
        _does(granted, decision=_asks(granted), grant_hash=first.hash, run_id=run)
    assert _lines_of(granted, "policy.drift") == set()
    _does(granted, decision=_asks(granted), run_id="r3")
    assert _lines_of(granted, "policy.drift") == {("policy.drift", "", "warning", 1)}


def test_an_agent_that_names_its_grant_only_where_it_asks_is_not_silent_where_it_acts(granted: GrantsProgram) -> None:
    (first,) = granted.ask(lambda view: view.grants.living(granted.workflow().id))
    _asks(granted, reported_hash=first.hash)
    _does(granted, run_id="r1")
    assert _lines_of(granted, "policy.drift") == set()
    _asks(granted)
    assert _lines_of(granted, "policy.drift") == {("policy.drift", "", "warning", 1)}


def test_an_agent_that_never_names_its_grant_does_not_drift(granted: GrantsProgram) -> None:
    _does(granted, decision=_asks(granted))
    assert _lines_of(granted, "policy.drift") == set()


@pytest.mark.parametrize(("denies", "expected"), [(19, set()), (20, {("agent.blocked", "send_macro", "warning", 20)})])
def test_an_agent_is_blocked_that_was_allowed_before(granted: GrantsProgram, denies: int, expected: set[Line]) -> None:
    _asks(granted)
    granted.later(hours=1)
    for _ in range(denies):
        _asks(granted, {"recipients": 99, "confidence_score": 0.97})
    _asks(granted, {"recipients": 99, "confidence_score": 0.97}, dry_run=True)
    assert _lines_of(granted, "agent.blocked") == expected


def test_denies_of_what_was_never_allowed_block_nobody(granted: GrantsProgram) -> None:
    for _ in range(25):
        _asks(granted, {"recipients": 99, "confidence_score": 0.97})
    _asks(granted)
    assert _lines_of(granted, "agent.blocked") == set()
