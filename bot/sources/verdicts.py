"""What a score is worth, as the file of sources has it: a reviewer's verdict, or whether a case passes."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import BeforeValidator, Field, model_validator

from bot.domain.wording import cut
from bot.sources.mapping import written
from bot.sources.stanzas import Different, Name, Strict

LONGEST = 200
"""How long a name may be that stands in a signal."""

Score = bool | int | float | str
"""What a system gives as a score: a number, yes or no, or the name of a category."""


def _one(value: object) -> object:
    if isinstance(value, list | dict) or not written(value):
        raise ValueError("must be one value, such as good, true or 4.")
    return written(value)


def _number(value: object) -> object:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


Value = Annotated[str, BeforeValidator(_one)]
Bound = Annotated[Decimal, BeforeValidator(_number)]


def _is_among(score: Score, values: list[str]) -> bool:
    """Whether it is one of these; some systems keep true and false as 1 and 0."""
    told = written(score)
    same = {"true": "1", "false": "0", "1": "true", "0": "false"}.get(told, told)
    return told in values or (not isinstance(score, str) and same in values)


class Verdicts(Strict):
    """Which values of a score say what a reviewer did with an output; any other value says nothing."""

    approved: Annotated[Different[Value], Field(min_length=1)]
    edited: Different[Value] = Field(default_factory=list)
    rejected: Different[Value] = Field(default_factory=list)

    @model_validator(mode="after")
    def _demand_both_ways(self) -> Self:
        if not self.overrides:
            raise ValueError("would find approvals only: name the values of edited, rejected or both.")
        if twice := sorted({each for each in self.approved if each in self.overrides} | self._edited_and_rejected):
            raise ValueError(f"has {twice[0]!r} under two outcomes: keep the one that it means.")
        return self

    @property
    def overrides(self) -> list[str]:
        """The values that say edited or rejected."""
        return [*self.edited, *self.rejected]

    @property
    def _edited_and_rejected(self) -> set[str]:
        return set(self.edited) & set(self.rejected)

    @property
    def values(self) -> list[str]:
        """Every value that says something."""
        return [*self.approved, *self.overrides]

    def outcome(self, score: Score) -> str | None:
        """What became of the output; None where the score does not say."""
        named = (("approved", self.approved), ("edited", self.edited), ("rejected", self.rejected))
        return next((outcome for outcome, values in named if _is_among(score, values)), None)


class Threshold(Strict):
    """Which scores of a case say that it passes: numbers from a bound on, or values by name."""

    at_least: Bound | None = None
    at_most: Bound | None = None
    passes: Different[Value] = Field(default_factory=list)

    @model_validator(mode="after")
    def _demand_one(self) -> Self:
        has_bound = self.at_least is not None or self.at_most is not None
        if has_bound != bool(self.passes):
            return self
        raise ValueError("must say when a case passes: by at_least or at_most, or else by the values in passes.")

    def is_met(self, score: Score) -> bool | None:
        """Whether a case with that score passes; None where a word stands in place of the number."""
        if self.passes:
            return _is_among(score, self.passes)
        if isinstance(score, str):
            return None
        number = Decimal(str(int(score) if isinstance(score, bool) else score))
        is_enough = self.at_least is None or number >= self.at_least
        return is_enough and (self.at_most is None or number <= self.at_most)


class Measured(Threshold):
    """A dataset whose runs are runs of an eval suite, and which scores pass; by what is scored, each system says."""

    dataset: Name
    suite: Name | None = None

    @property
    def named(self) -> str:
        """What the suite is called."""
        return self.suite or self.dataset


def demand_once(names: Sequence[str], mend: str) -> None:
    """Nothing; refuses a name that stands there twice."""
    if twice := next((each for each in names if names.count(each) > 1), None):
        raise ValueError(f"names {twice!r} twice: {mend}.")


def told_in(metadata: dict[str, Any] | None, key: str) -> str:
    """What stands under that key, if it is a word or a number; else nothing."""
    value = (metadata or {}).get(key)
    is_plain = isinstance(value, str | int | float) and not isinstance(value, bool)
    return cut(str(value), LONGEST) if is_plain else ""
