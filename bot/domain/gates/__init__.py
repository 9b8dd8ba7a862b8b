"""Gates: may this phase end? Each check is a pure function over evidence; a verdict holds all their answers."""

from bot.domain.gates.judging import CHECKS, checks_resting_on, judge
from bot.domain.gates.quality import reaches

__all__ = ["CHECKS", "checks_resting_on", "judge", "reaches"]
