"""The product measures its own policy: requests for grants, held against the shipped patterns, and people's answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot import playbooks
from bot.domain.grants.measures import Measures, by_area, measures
from bot.domain.risk import Area
from bot.policies import Ground
from bot.policies.patterns import from_pattern, patterns
from store import View


@dataclass(frozen=True, slots=True)
class PolicyMeasures:
    """How the policy does in the whole, and by area; None stands for what has no area."""

    whole: Measures
    areas: Mapping[Area | None, Measures]


def policy_measures(view: View, since: datetime | None, at: datetime) -> PolicyMeasures:
    """The measures of what was asked for and answered from `since` on, or ever, and before `at`."""
    asked = view.grants.requested(since, at)
    shipped = patterns(Ground(playbooks.risk_matrix()))
    patterned = {terms: from_pattern(terms, shipped) is not None for terms in {each.terms for each in asked}}
    answers = view.escrow.answers(since, at)
    return PolicyMeasures(measures(asked, patterned, answers), by_area(asked, patterned, answers))
