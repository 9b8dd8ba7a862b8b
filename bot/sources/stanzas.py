"""The kinds of field that a file of sources is made of, checked strictly."""

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from bot.sources.seam import FIRST_STRETCH

T = TypeVar("T")


class Strict(BaseModel):
    """A part of a file: nothing is converted, and no unknown key passes."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def matching(pattern: str, complaint: str) -> AfterValidator:
    """Takes text of one shape; `complaint` says what is wanted."""

    def check(text: str) -> str:
        if re.fullmatch(pattern, text):
            return text
        raise ValueError(complaint)

    return AfterValidator(check)


def _day(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError("must be a date such as 2026-09-01.") from None


def _money(value: object) -> object:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _demand_different(values: list[T]) -> list[T]:
    if len(values) > len(set(values)):
        raise ValueError("names something twice.")
    return values


Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Day = Annotated[date, BeforeValidator(_day)]
Money = Annotated[Decimal, BeforeValidator(_money), Field(ge=0, le=1_000_000)]
Different = Annotated[list[T], AfterValidator(_demand_different)]


class Dated(Strict):
    """An entry that may say the first day that is read."""

    since: Day | None = None

    def begins(self, until: datetime) -> datetime:
        """From when on the first run reads."""
        return datetime.combine(self.since, time(), UTC) if self.since else until - FIRST_STRETCH
