"""Numbers of a policy file: exact decimals of at most 15 significant digits, and what else one may have written."""

import re
from decimal import Decimal
from typing import Annotated

from pydantic import BeforeValidator, Field

from bot.domain.grants.factsheet import SIGNIFICANT_DIGITS
from bot.playbooks.tree import scalar

_NUMBER = re.compile(r"[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?", re.ASCII)
_NO_NUMBERS = re.compile(r"[+-]?\.?(nan|inf|infinity)", re.ASCII | re.IGNORECASE)
_LONGEST = 400
_LARGEST_EXPONENT = 30


def _number(value: object) -> Decimal:
    """`value` as an exact number; ValueError with a sentence if it is none."""
    if isinstance(value, bool):
        raise ValueError("must be a number, not true or false.")
    if isinstance(value, str):
        value = _written(value)
    if not isinstance(value, int | Decimal):
        raise ValueError("must be a number such as 25 or 0.95.")
    number = Decimal(value)
    if len(number.normalize().as_tuple().digits) > SIGNIFICANT_DIGITS:
        raise ValueError(f"has more than {SIGNIFICANT_DIGITS} significant digits; no amount is meant that exactly.")
    if number and abs(number.adjusted()) > _LARGEST_EXPONENT:
        raise ValueError("is too large or too small to be meant.")
    return number


def _written(text: str) -> Decimal:
    """A number that the tree left as text, as it is longer than those of a playbook."""
    if _NO_NUMBERS.fullmatch(text):
        raise ValueError("must be a finite number; nan and inf hold nothing back.")
    if not isinstance(scalar(text), str):
        raise ValueError("must be a number without quotes.")
    if len(text) > _LONGEST or not _NUMBER.fullmatch(text):
        raise ValueError("must be a number such as 25 or 0.95.")
    return Decimal(text)


def _positive(number: Decimal) -> Decimal:
    if number <= 0:
        raise ValueError("must be more than 0.")
    return number


Bound = Annotated[Decimal, BeforeValidator(_number)]
DayAmount = Annotated[Decimal, BeforeValidator(lambda value: _positive(_number(value)))]
Uses = Annotated[int, Field(ge=1, le=1_000_000)]
Days = Annotated[int, Field(ge=1, le=4_000)]
