"""Rules about what agents did, what was violated, what is open or stuck."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot import playbooks
from bot.domain.findings.acts import (
    Act,
    Answer,
    Effects,
    GrantSpan,
    hash_in_force,
    reports_another,
    reports_none,
    without_allow,
)
from bot.domain.findings.kinds import Severity
from bot.domain.findings.seen import ActsSeen, Blocked, Drift, Seen, StuckItem, StuckWork, Unasked
from bot.domain.grants.log import facts_hash
from bot.domain.risk import Effect
from bot.domain.signals.kinds import Change, Incident, IncidentCourse, IncidentStatus, RedLine, RedLineKind, WorkStatus
from bot.domain.signals.texts import facts_text
from bot.domain.verdicts import Trace
from tests.domain.samples import ANA, BEN
from tests.findings.seen_samples import ago, found, look, signal, told

W = "wf_1"
DAY = timedelta(hours=24)
FACTS = {"amount_usd": Decimal("20.50"), "to": {"name": "Zoë"}}


def test_what_is_not_there_is_no_finding() -> None:
    for rule in ("red_line.violated", "action.unasked", "policy.drift", "agent.blocked", "incident.open", "work.stuck"):
        assert found(rule, look(Seen())) == ()


# red_line.violated


def _violation(rule: str, at: datetime) -> Any:
    return signal(RedLine(rule, RedLineKind.VIOLATION, "It quoted a card number."), at, f"{rule}_{at:%d}")


def test_each_violated_red_line_is_critical_also_while_paused() -> None:
    seen = Seen(violations=(_violation("no_pii", ago(3)), _violation("no_spam", ago(2)), _violation("no_pii", ago(1))))
    for here in (look(seen), look(seen, paused=True)):
        assert [(f.about, f.size, f.severity, f.owner) for f in found("red_line.violated", here)] == [
            ("no_pii", 2, Severity.CRITICAL, ANA),
            ("no_spam", 1, Severity.CRITICAL, ANA),
        ]
    assert told("red_line.violated", look(seen))[0] == (
        "critical",
        "red line no_pii was violated 2 times, last on Sunday (never allowed)",
    )


# action.unasked


_YESTERDAY, _JUST_BEFORE = ago(1), ago(1, minutes=1)


def _act(id_: str = "a1", at: datetime = _YESTERDAY, **fields: Any) -> Act:
    usual = Act(Trace("signal", id_), "send_macro", at, True, facts_text(FACTS), None, None, None)
    return replace(usual, **fields)


def _allow(id_: str = "d1", at: datetime = _JUST_BEFORE, **fields: Any) -> Answer:
    return replace(Answer(id_, W, "send_macro", at, True, facts_hash(FACTS), has_reported=False), **fields)


def _unasked(*acts: Act, allows: tuple[Answer, ...]) -> list[str]:
    return [act.trace.id for act in without_allow(W, acts, {each.id: each for each in allows}, DAY)]


def test_an_action_that_names_an_allow_was_asked_for_however_many_name_it() -> None:
    assert _unasked(_act(decision="d1", facts="{}"), allows=(_allow(),)) == []
    first, second = _act("a1", ago(1), decision="d1"), _act("a2", ago(0, hours=3), decision="d1")
    assert _unasked(second, first, allows=(_allow(),)) == []


@pytest.mark.parametrize("fields", [{"action": "issue_refund"}, {"workflow_id": "wf_2"}, {"is_allow": False}])
def test_a_decision_about_something_else_or_no_allow_allows_nothing(fields: dict[str, Any]) -> None:
    assert _unasked(_act(decision="d1"), allows=(_allow(**fields),)) == ["a1"]
    assert _unasked(_act(), allows=(_allow(**fields),)) == ["a1"]


def test_a_decision_that_does_not_exist_allows_nothing_even_where_another_would() -> None:
    assert _unasked(_act(decision="made_up"), allows=(_allow(),)) == ["a1"]


def test_an_allow_that_nobody_names_answers_for_one_action() -> None:
    first, second = _act("a1", ago(1)), _act("a2", ago(0, hours=3))
    assert _unasked(second, first, allows=(_allow(),)) == ["a2"]
    assert _unasked(_act("a1", ago(1)), _act("a2", ago(0, hours=3), decision="d1"), allows=(_allow(),)) == ["a1"]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (ago(1), []),
        (ago(1) - DAY, []),
        (ago(1) - DAY - timedelta(microseconds=1), ["a1"]),
        (ago(1) + timedelta(microseconds=1), ["a1"]),
    ],
)
def test_without_a_decision_an_allow_for_the_same_facts_within_24_hours_before_will_do(
    at: datetime, expected: list[str]
) -> None:
    assert _unasked(_act(), allows=(_allow(at=at),)) == expected


def test_the_same_facts_are_those_of_equal_value_whatever_their_spelling() -> None:
    same = {"to": {"name": "Zoë"}, "amount_usd": 20.5}
    assert _unasked(_act(facts=facts_text(same)), allows=(_allow(),)) == []
    assert _unasked(_act(facts=facts_text({**same, "amount_usd": 21})), allows=(_allow(),)) == ["a1"]


def test_the_oldest_allow_is_used_first_so_that_as_many_as_possible_have_one() -> None:
    allows = (_allow("old", ago(1) - timedelta(hours=20)), _allow("new", ago(1)))
    assert _unasked(_act("a1", ago(1)), _act("a2", ago(1) + timedelta(hours=10)), allows=allows) == []


def test_unasked_actions_are_critical_one_line_for_each_kind() -> None:
    seen = Seen(
        acts=ActsSeen(
            unasked=(Unasked("issue_refund", 1, ago(1)), Unasked("send_macro", 3, ago(2), (Trace("signal", "a1"),)))
        )
    )
    assert told("action.unasked", look(seen)) == [
        ("critical", "issue_refund was done once without an allow, on Sunday"),
        ("critical", "send_macro was done 3 times without an allow, first on Saturday"),
    ]
    assert [(f.about, f.size, f.owner) for f in found("action.unasked", look(seen))] == [
        ("issue_refund", 1, BEN),
        ("send_macro", 3, BEN),
    ]
    assert found("action.unasked", look(seen, paused=True)) == ()


def test_how_far_an_action_reaches_is_said_by_its_grant_else_by_its_name() -> None:
    effects = Effects(playbooks.risk_matrix())
    granted = GrantSpan("draft_reply", "h1", Effect.INTERNAL, ago(9), None)
    assert effects.of(_act(action="draft_reply"), ()) is Effect.NONE
    assert effects.of(_act(action="draft_reply"), (granted,)) is Effect.INTERNAL
    assert effects.of(_act(action="draft_reply", at=ago(10)), (granted,)) is Effect.NONE
    assert effects.of(_act(action="send_macro"), ()) is Effect.EXTERNAL
    assert effects.of(_act(action="never_heard_of"), ()) is Effect.EXTERNAL


# policy.drift


_OLD = GrantSpan("send_macro", "old", Effect.EXTERNAL, ago(20), ago(2))
_NEW = GrantSpan("send_macro", "new", Effect.EXTERNAL, ago(2), None)


def test_the_hash_in_force_is_that_of_the_grant_at_that_instant() -> None:
    both = (_OLD, _NEW)
    asked = (ago(21), ago(20), ago(2, microseconds=1), ago(2), ago(1))
    assert [hash_in_force(both, "send_macro", at) for at in asked] == [None, "old", "old", "new", "new"]
    assert hash_in_force(both, "issue_refund", ago(1)) is None


def test_an_action_drifts_that_reports_another_grant_or_none_where_there_is_one() -> None:
    grants = (_OLD, _NEW)
    assert [reports_another(_act(grant_hash=each), grants) for each in ("new", "old", None)] == [False, True, False]
    assert reports_another(_act(action="issue_refund", grant_hash="new"), grants)
    assert [reports_none(_act(grant_hash=each), grants, {}) for each in ("old", None)] == [False, True]
    assert not reports_none(_act(action="issue_refund"), grants, {})


def test_an_action_reports_through_the_decision_that_it_names() -> None:
    act = _act(decision="d1")
    assert not reports_none(act, (_NEW,), {"d1": _allow(has_reported=True)})
    assert reports_none(act, (_NEW,), {"d1": _allow(has_reported=False)})


def test_drift_is_one_line_for_the_whole_agent() -> None:
    drifts = (Drift("issue_refund", 2, 0, (Trace("signal", "a1"),)), Drift("send_macro", 1, 4))
    (finding,) = found("policy.drift", look(Seen(acts=ActsSeen(drifts=drifts))))
    assert finding.summary == (
        "of the agent's actions and decisions 3 reported another grant than the one in force and 4 reported none "
        "(issue_refund, send_macro)"
    )
    assert (finding.severity, finding.about, finding.size) == (Severity.WARNING, "", 7)
    assert finding.evidence == (Trace("signal", "a1"),)


# agent.blocked


@pytest.mark.parametrize(
    ("denies", "allowed_at", "count"),
    [
        (20, ago(35), 1),
        (19, ago(1), 0),
        (20, ago(35) - timedelta(microseconds=1), 0),
        (50, None, 0),
        (20, ago(1), 1),
    ],
)
def test_an_agent_is_blocked_by_twenty_denies_of_what_it_was_allowed(
    denies: int, allowed_at: datetime | None, count: int
) -> None:
    seen = Seen(acts=ActsSeen(blocked=(Blocked("send_macro", denies, allowed_at),)))
    assert len(found("agent.blocked", look(seen))) == count


def test_a_blocked_agent_says_of_what_and_since_when() -> None:
    seen = Seen(acts=ActsSeen(blocked=(Blocked("send_macro", 34, ago(6)),)))
    assert told("agent.blocked", look(seen)) == [
        ("warning", "send_macro was denied 34 times (from 20 on), and last allowed on Tuesday")
    ]


# incident.open


def _incident(severity: int = 2, resolved_at: datetime | None = None) -> IncidentCourse:
    status = IncidentStatus.RESOLVED if resolved_at else IncidentStatus.OPEN
    body = Incident("INC-1", severity, status, "Refunds were sent twice")
    return IncidentCourse(signal(body, resolved_at or ago(5), "inc_1"), ago(5), resolved_at)


@pytest.mark.parametrize("is_paused", [False, True])
def test_a_severe_incident_is_critical_while_it_is_open_and_a_notice_after(is_paused: bool) -> None:
    def line(course: IncidentCourse) -> list[tuple[str, str]]:
        return told("incident.open", look(Seen(incidents=(course,)), paused=is_paused))

    assert line(_incident()) == [("critical", "incident INC-1 (sev2) is open since Wednesday")]
    assert line(_incident(1, ago(1))) == [
        ("notice", "incident INC-1 (sev1) was opened on Wednesday and resolved on Sunday")
    ]
    assert line(_incident(3)) == []


# work.stuck and change.reverted


def test_stuck_work_is_one_notice_that_lists_the_first_of_it() -> None:
    items = tuple(
        StuckItem(f"T-{n}", "Write it down", WorkStatus.OPEN, ago(n), Trace("signal", f"t{n}")) for n in (9, 3)
    ) + tuple(StuckItem(f"T-{n}", "Ask them", WorkStatus.BLOCKED, None, Trace("signal", f"t{n}")) for n in (4, 5, 6))
    (finding,) = found("work.stuck", look(Seen(stuck=StuckWork(blocked=5, overdue=2, first=items))))
    assert finding.summary == (
        "work items: 2 past due and 5 blocked: T-9 due 21 Mar 2026, T-3 due Friday, T-4 blocked and 4 more"
    )
    assert (finding.severity, finding.size, finding.about) == (Severity.NOTICE, 7, "")
    one = StuckWork(blocked=1, first=items[2:3])
    assert told("work.stuck", look(Seen(stuck=one))) == [("notice", "work items: 1 blocked: T-4 blocked")]


def test_a_change_that_takes_another_back_is_a_warning() -> None:
    change = Change("PR-12", "Undo it", ago(2), Decimal(3), reverts="PR-9", irreversible=False)
    seen = Seen(reverts=(signal(change, ago(1)),))
    assert told("change.reverted", look(seen)) == [("warning", "PR-9 was taken back by PR-12 on Saturday")]
    assert found("change.reverted", look(seen))[0].about == "PR-12"
