"""The kinds of field that playbook files are made of, checked strictly."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from bot.domain.wording import clean

_EVERY = re.compile(r"[1-9][0-9]{0,2}d", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

ID_PATTERN = r"^[a-z][a-z0-9_]{0,39}$"
CALENDAR_PATTERN = r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$"
ACTION_PATTERN = r"^[a-z][a-z0-9_]{0,59}[*]?$"
LIMIT_PATTERN = r"^(max|min)_[a-z][a-z0-9_]{0,59}$"
FACT_PATTERN = r"^[a-z][a-z0-9_]{0,63}$"

PATTERN_MEANINGS = {
    ID_PATTERN: "an id: a to z, digits and _, at most 40 of them, the first a letter",
    CALENDAR_PATTERN: "a country code such as PT or US-CA",
    ACTION_PATTERN: "an action's name, with * at the end for whatever follows",
    LIMIT_PATTERN: "max_ or min_ and the name of a fact",
    FACT_PATTERN: "the name of a fact: a to z, digits and _",
}


class Strict(BaseModel):
    """A part of a file: nothing is converted, and no unknown key passes."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def _demand_line(text: str) -> str:
    if not text.strip():
        raise ValueError("is blank: write what people should read.")
    if "\n" in text or clean(text) != text:
        raise ValueError("has a line break or an invisible character in it: write one plain line.")
    return text


def _decimal(value: object) -> object:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _date(value: object) -> date:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError("must be a date such as 2026-12-25.")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("is no day of the calendar.") from None


def _every(value: object) -> str:
    if not isinstance(value, str) or not _EVERY.fullmatch(value):
        raise ValueError("must be a number of days such as 30d.")
    return value


Many = TypeVar("Many")


def _demand_different(values: list[Many]) -> list[Many]:
    if len(values) > len(set(values)):
        raise ValueError("names something twice.")
    return values


Line = Annotated[str, StringConstraints(max_length=300), AfterValidator(_demand_line)]
Title = Annotated[str, StringConstraints(max_length=70), AfterValidator(_demand_line)]
# A playbook's summary stands under its name in the start modal, where Slack allows 75 characters.
Summary = Annotated[str, StringConstraints(max_length=75), AfterValidator(_demand_line)]
Id = Annotated[str, StringConstraints(pattern=ID_PATTERN)]
Every = Annotated[str, BeforeValidator(_every)]
Calendar = Annotated[str, StringConstraints(pattern=CALENDAR_PATTERN)]
ActionPattern = Annotated[str, StringConstraints(pattern=ACTION_PATTERN)]
LimitName = Annotated[str, StringConstraints(pattern=LIMIT_PATTERN)]
FactName = Annotated[str, StringConstraints(pattern=FACT_PATTERN)]
Day = Annotated[int, Field(ge=1, le=3650)]
DayCount = Annotated[int, Field(ge=1, le=400)]
Count = Annotated[int, Field(ge=1, le=1_000_000)]
Share = Annotated[Decimal, BeforeValidator(_decimal), Field(ge=0, le=1)]
Amount = Annotated[Decimal, BeforeValidator(_decimal), Field(ge=0)]
Holiday = Annotated[date, BeforeValidator(_date)]
Different = Annotated[list[Many], AfterValidator(_demand_different), Field(min_length=1)]
