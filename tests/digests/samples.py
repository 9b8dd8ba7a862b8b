"""Findings and inputs of digests, with a standard for everything left out."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.digests.audiences import LEADERS, Audience
from bot.domain.digests.composing import Digest, compose
from bot.domain.digests.inputs import (
    ChainHead,
    Heard,
    Inputs,
    PhaseCount,
    Portfolio,
    Reported,
    Source,
    SourceState,
    Waiting,
)
from bot.domain.findings.kinds import Finding, Severity, Subject, SubjectKind
from bot.domain.findings.tracking import FindingState
from bot.domain.people import Person
from bot.domain.playbook import PhaseName
from bot.domain.signals.kinds import Span
from bot.domain.signals.volumes import Volume
from bot.domain.verdicts import Trace
from tests.domain.samples import ZONE, person

AT = datetime(2026, 3, 9, 9, tzinfo=UTC)
"""Monday at nine in Lisbon."""
WEEK = Span(AT - timedelta(days=7), AT)
HEAD = ChainHead(1234, "9f3a" * 16)
ANA, RUI, LENA = person("ana"), person("rui"), person("lena")
EVERYONE = Audience(LEADERS, "leaders", "CLEADERS", ZONE, None, None)
SUPPORT = Audience("team:team_support", "Support", "CSUPPORT", ZONE, "team_support", None)
PHASES = (PhaseCount(PhaseName.PILOT, 3), PhaseCount(PhaseName.PRODUCTION, 5), PhaseCount(PhaseName.SCALING, 4))


def finding(severity: str = "warning", workflow: str = "refunds_agent", **fields: Any) -> Finding:
    """A finding about a workflow of Support, which ana has."""
    standard = Finding(
        rule="rework.rising",
        version=1,
        severity=Severity(severity),
        subject=Subject(SubjectKind.WORKFLOW, f"wf_{workflow}", workflow),
        about="",
        team_id="team_support",
        team="Support",
        summary="rework $1,840, 46 % over its four-week mean",
        facts=(("cost_usd", "1840"), ("n", 7), ("records", ("r1", "r2"))),
        owner=ANA,
        next_step="name the cause by Thursday's review",
        evidence=(Trace("rework", "rw-1"), Trace("rework", "rw-2")),
    )
    return replace(standard, **fields)


def reported(
    severity: str = "warning",
    state: FindingState = FindingState.NEW,
    weeks: int = 1,
    *,
    finding_: Finding | None = None,
    **fields: Any,
) -> Reported:
    """A finding in a digest; one that is carried has been seen for so many weeks."""
    return Reported(
        finding=finding_ or finding(severity, **fields),
        state=state,
        first_seen=AT - timedelta(days=7 * (weeks - 1)),
        weeks=weeks,
        acknowledged_by=RUI if state is FindingState.ACKNOWLEDGED else None,
        snoozed_until=(AT + timedelta(days=9)).date() if state is FindingState.SNOOZED else None,
        snooze_reason="The vendor mends it." if state is FindingState.SNOOZED else None,
    )


def sources(*states: SourceState) -> tuple[Source, ...]:
    """A source in each of these states."""
    names = ("GitHub", "Jira", "Linear", "PagerDuty", "Zendesk")
    return tuple(
        Source(name, state, AT - timedelta(hours=1 if state is SourceState.FRESH else 70))
        for name, state in zip(names, states, strict=False)
    )


def giving(*volumes: Volume, state: SourceState = SourceState.FRESH) -> tuple[Source, ...]:
    """A source for each of these volumes, all in one state."""
    found = sources(*(state,) * len(volumes))
    return tuple(replace(each, volume=volume) for each, volume in zip(found, volumes, strict=True))


def fresh(count: int = 5) -> tuple[Source, ...]:
    """So many sources, all read."""
    return sources(*(SourceState.FRESH,) * count)


def waiting(hours: int = 96, decider: Person = LENA, **fields: Any) -> Waiting:
    """A request of ana's that has waited for so long."""
    standard = Waiting("req_1", "promotion", "refunds_agent", ANA, AT - timedelta(hours=hours), (decider,))
    return replace(standard, **fields)


def inputs(*findings: Reported, **fields: Any) -> Inputs:
    """A quiet week of the leaders', with twelve workflows and five sources, but for these findings."""
    troubled = {each.finding.subject.id for each in findings if each.finding.is_off_track}
    standard = Inputs(
        audience=EVERYONE,
        window=WEEK,
        week="2026-W10",
        portfolio=Portfolio(PHASES, paused=0, on_track=12 - len(troubled), moves=()),
        findings=findings,
        resolved=(),
        waiting=(),
        sources=fresh(),
        heard=Heard(sent=340, typed=0),
        saves=(),
        corrections=(),
        head=HEAD,
    )
    return replace(standard, **fields)


def digest(*findings: Reported, **fields: Any) -> Digest:
    """The digest of such a week."""
    return compose(inputs(*findings, **fields))
