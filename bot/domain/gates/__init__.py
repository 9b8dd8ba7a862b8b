"""Gates: may this phase end? Each check is a pure function over evidence; a verdict holds all their answers."""

from bot.domain.gates.judging import CHECKS, judge
from bot.domain.gates.quality import reaches

__all__ = ["CHECKS", "judge", "reaches"]
