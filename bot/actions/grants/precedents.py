"""What an agent's logged actions of the last days say of a grant that is asked for."""

from datetime import datetime

from bot.actions.checklists import playbook_of
from bot.conditions import compiled
from bot.domain.grants.backtest import SPAN, backtest
from bot.domain.grants.calibration import calibrations
from bot.domain.grants.precedents import Precedents
from bot.domain.grants.terms import GrantTerms
from bot.domain.signals.kinds import Span
from bot.domain.workflows import Workflow
from store import View


def precedents_of(view: View, workflow: Workflow, terms: GrantTerms, at: datetime) -> Precedents:
    """The back-test and the calibrations of these terms, over the 28 days before `at`."""
    actions = view.grants.actions(workflow.id, terms.action, Span(at - SPAN, at))
    floor = playbook_of(view, workflow).share("grant.calibration", "min_lower_bound")
    return Precedents(
        terms.action,
        backtest(terms, compiled, actions, workflow.team.zone),
        calibrations(terms, compiled, actions, floor),
    )
