"""Conditions of grants: CEL, compiled and typed when the grant is requested, compared as decimals when it is used.

CEL's own engine parses each line, so that what a grant says is CEL and nothing else, and checks it a second time with
the kinds that were found for its facts. It does not evaluate. Its numbers are binary floats and 64-bit integers:
0.1 + 0.2 <= 0.3 is false there, and a whole number times a fraction is an error. And what a line compares a fact
with, `x != 0` being true of the text "0", is not something that it can be asked. So the tree that it parsed is
evaluated here, with each number exact as it was written, after each fact was checked for its kind
(`bot.domain.grants.decisions`). The language is small: comparisons, `&&`, `||`, `!`, `? :`, `+`, `-`, `*`, `in`, size,
contains, startsWith, endsWith, and all, exists and exists_one over a list, not nested. Hence no evaluation loops for
ever: steps are counted, and too many are an error, which denies. In the tests CEL's engine is the oracle.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from bot.conditions.checking import demand_checked
from bot.conditions.evaluation import closure
from bot.conditions.floors import floors
from bot.conditions.kinds import fact_uses
from bot.conditions.parsing import parse
from bot.domain.grants.conditions import FactUse, Floor, Value

__all__ = ["Compiled", "compiled"]


@dataclass(frozen=True, slots=True)
class Compiled:
    """A condition that was parsed and typed; see `bot.domain.grants.conditions.CompiledCondition`."""

    source: str
    uses: tuple[FactUse, ...]
    floors: tuple[Floor, ...]
    evaluate: Callable[[Mapping[str, Value]], bool] = field(repr=False, compare=False)

    def holds(self, values: Mapping[str, Value]) -> bool:
        """Whether it is true of `values`; ConditionError if there is no exact answer in time."""
        return self.evaluate(values)


@lru_cache(maxsize=4_096)
def compiled(source: str) -> Compiled:
    """The condition that `source` is; BadInput with a sentence if it is none that a grant may have."""
    tree = parse(source)
    uses = fact_uses(tree)
    demand_checked(source, uses)
    return Compiled(source, uses, floors(tree), closure(tree))
