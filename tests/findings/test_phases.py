"""phase.slipping and pause.long."""

from datetime import date

import pytest

from bot.domain.findings.kinds import Severity
from bot.domain.playbook import PhaseName
from bot.domain.workflows import Outcome
from tests.domain.samples import on_day
from tests.findings.record_samples import (
    CRITICAL,
    NOTICE,
    WARNING,
    Told,
    findings,
    look,
    severities,
    staffed,
    standing_still,
    told,
)


def test_a_phase_slips_once_its_last_day_is_over() -> None:
    assert told("phase.slipping", look(on_day(33))) == [
        Told(
            WARNING,
            "",
            "day 33 and still in pilot, which was to end on day 30, 3 days ago",
            "Ana",
            "ask for the promotion to production, and settle what its gate names",
        )
    ]


@pytest.mark.parametrize(("day", "found"), [(30, []), (31, [WARNING]), (44, [WARNING]), (45, [CRITICAL])])
def test_it_is_critical_once_a_phase_slips_by_more_than_fourteen_days(day: int, found: list[Severity]) -> None:
    assert severities(findings("phase.slipping", look(on_day(day)))) == found


def test_each_phase_has_its_own_end_and_operating_has_none() -> None:
    days = {PhaseName.PRODUCTION: 60, PhaseName.SCALING: 90}
    for phase, last in days.items():
        assert findings("phase.slipping", look(on_day(last), of=staffed(phase=phase))) == ()
        assert severities(findings("phase.slipping", look(on_day(last + 1), of=staffed(phase=phase)))) == [WARNING]
    assert findings("phase.slipping", look(on_day(400), of=staffed(phase=PhaseName.OPERATING))) == ()


def test_days_spent_paused_do_not_count_and_a_paused_or_closed_workflow_is_not_judged() -> None:
    assert findings("phase.slipping", look(on_day(37), of=staffed(paused_days=7))) == ()
    assert severities(findings("phase.slipping", look(on_day(38), of=staffed(paused_days=7)))) == [WARNING]
    assert findings("phase.slipping", look(on_day(50), of=standing_still(date(2026, 4, 2)))) == ()
    assert findings("phase.slipping", look(on_day(50), of=staffed(outcome=Outcome.DONE))) == ()


def test_a_pause_is_long_after_twenty_eight_local_days_also_where_clocks_change_between() -> None:
    since_monday = standing_still(date(2026, 3, 9))
    assert told("pause.long", look(on_day(37, hour=0), of=since_monday)) == [
        Told(
            NOTICE,
            "",
            "paused for 29 days, since 9 Mar 2026, and 28 are the most",
            "Ana",
            "resume it, or close it",
        )
    ]
    assert findings("pause.long", look(on_day(36, hour=23), of=since_monday)) == ()


def test_what_is_not_paused_or_closed_has_no_long_pause() -> None:
    assert findings("pause.long", look(on_day(80), of=staffed(paused_days=60))) == ()
    assert findings("pause.long", look(on_day(80), of=standing_still(date(2026, 3, 9), outcome=Outcome.MERGED))) == ()
