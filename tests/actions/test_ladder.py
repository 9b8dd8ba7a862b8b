"""A workflow's place on the ladder, from what is granted and what was measured."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.actions.grants.ladder import ladder_of
from bot.domain.grants.ladder import Ladder, MeasuredEffect
from bot.domain.playbook import Rung
from store import Database
from tests.grants_program import DRAFT, GrantsProgram


@pytest.fixture
def refunds(database: Database) -> GrantsProgram:
    """refunds_agent on its first day."""
    program = GrantsProgram(database)
    program.start()
    return program


def ladder(program: GrantsProgram) -> Ladder:
    return program.ask(lambda view: ladder_of(view, program.workflow(), program.at))


def change(program: GrantsProgram, days_ago: int, hours: str) -> dict[str, Any]:
    at = program.at - timedelta(days=days_ago)
    return {
        "type": "change",
        "id": f"change-{days_ago}",
        "key": f"PR-{days_ago}",
        "title": "Ask twice",
        "at": at.isoformat(),
        "merged_at": at.isoformat(),
        "lead_time_hours": float(hours),
        "reverts": None,
        "irreversible": False,
    }


def test_the_rung_follows_the_living_grants(refunds: GrantsProgram) -> None:
    assert (ladder(refunds).model.rung, ladder(refunds).grants) == (Rung.COPILOT, ())
    grant = refunds.unattended()
    assert (ladder(refunds).model.rung, [each.id for each in ladder(refunds).grants]) == (Rung.OPERATOR, [grant.id])
    refunds.suspend(grant)
    assert ladder(refunds).model.rung is Rung.COPILOT
    refunds.grant(DRAFT)
    refunds.later(days=90)
    assert ladder(refunds).grants == ()


def test_the_effect_is_measured_over_all_changes_the_history_before_the_start_included(refunds: GrantsProgram) -> None:
    assert ladder(refunds).effect is None
    sent = [(100, "40"), (73, "60"), (72, "1"), (28, "30.5"), (1, "20.5")]
    refunds.send(*(change(refunds, days, hours) for days, hours in sent))
    assert ladder(refunds).effect == MeasuredEffect(Decimal(50), Decimal("25.5"))
    refunds.later(days=28)
    assert ladder(refunds).effect is None
