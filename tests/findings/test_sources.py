"""source.blind."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.findings.kinds import Finding, Subject, SubjectKind
from bot.domain.findings.records import SourceState
from bot.domain.thresholds import thresholds
from tests.domain.samples import on_day, person, workflow
from tests.findings.record_samples import WARNING, of_team, program, program_findings, small

RULE = "source.blind"
AT = on_day(29, hour=9)
"""The Monday after the change of the clocks, hours of which are counted as they pass."""
ADA = person("ada")


def blind(*read_at: datetime | None) -> list[str]:
    sources = tuple(SourceState(f"source_{place}", at) for place, at in enumerate(read_at))
    return [found.subject.name for found in program_findings(RULE, program(AT, sources=sources))]


def test_a_source_that_was_not_read_for_a_day_is_a_warning_for_an_admin() -> None:
    jira = SourceState("jira", AT - timedelta(hours=70), "401")
    (found,) = program_findings(RULE, program(AT, sources=(jira,), admins=(ADA,)))
    assert found == Finding(
        rule=RULE,
        version=1,
        severity=WARNING,
        subject=Subject(SubjectKind.SOURCE, "jira", "jira"),
        about="",
        team_id=None,
        team=None,
        summary="not read since 27 Mar 2026 at 10:00 UTC (401), and 24 hours is the most",
        facts=(
            ("source", "jira"),
            ("read_at", "2026-03-27T10:00:00+00:00"),
            ("why_not", "401"),
            ("max_hours", 24),
        ),
        owner=ADA,
        next_step="mend its access; until then what it knows is left out",
        evidence=(),
    )


def test_exactly_a_day_is_fresh_enough_and_never_is_not() -> None:
    day = AT - timedelta(hours=24)
    assert blind(AT, day, day - timedelta(microseconds=1), None) == ["source_2", "source_3"]


def test_a_playbook_in_use_may_allow_less() -> None:
    strict = replace(small(), thresholds=thresholds({("source.blind", "max_hours"): 6}))
    sources = (SourceState("jira", AT - timedelta(hours=7)),)
    support = of_team("Support", workflow(), playbooks=(small(), strict))
    assert len(program_findings(RULE, program(AT, support, sources=sources))) == 1
    assert program_findings(RULE, program(AT, sources=sources)) == ()


def test_without_sources_nothing_is_blind() -> None:
    assert blind() == []
