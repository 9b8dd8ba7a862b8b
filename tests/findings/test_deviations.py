"""deviation.open."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.deviations import DeviationArea
from bot.domain.findings.kinds import Severity
from bot.domain.findings.records import Records
from bot.domain.workflows import Outcome
from tests.domain.samples import BEN, on_day
from tests.findings.record_samples import (
    CRITICAL,
    WARNING,
    Told,
    findings,
    look,
    severities,
    staffed,
    standing_still,
    told,
)
from tests.gates.evidence import deviation

RULE = "deviation.open"
AT = on_day(50)
OPEN = replace(
    deviation(),
    area=DeviationArea.CODE_CHANGES,
    owner=BEN,
    summary="Merged without a review.\nBy night.",
    due_on=date(2026, 4, 24),
)


def test_it_goes_to_the_deviations_owner_and_shows_its_first_line() -> None:
    assert told(RULE, look(AT, Records(deviations=(OPEN,)))) == [
        Told(
            WARNING,
            "dev_1",
            "a deviation in code changes is open, due on 24 Apr 2026: “Merged without a review.”",
            "Ben",
            "mend it, write its postmortem, and close it with how that was done",
        )
    ]


@pytest.mark.parametrize("area", DeviationArea)
def test_it_is_critical_in_security_and_data_access(area: DeviationArea) -> None:
    weight: Severity = CRITICAL if area in (DeviationArea.SECURITY, DeviationArea.DATA_ACCESS) else WARNING
    assert severities(findings(RULE, look(AT, Records(deviations=(replace(OPEN, area=area),))))) == [weight]


def test_each_open_one_counts_and_none_that_is_closed_or_of_a_paused_or_closed_workflow() -> None:
    several = Records(deviations=(OPEN, deviation(closed=True), replace(OPEN, id="dev_2")))
    assert [found.about for found in findings(RULE, look(AT, several))] == ["dev_1", "dev_2"]
    for of in (standing_still(date(2026, 4, 1)), staffed(outcome=Outcome.MERGED)):
        assert findings(RULE, look(AT, several, of=of)) == ()
