"""The bounds of a grant as people read them: `max_amount_usd: 25` is "amount ≤ $25"."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.grants.terms import Condition, GrantTerms, Limit, LimitKind, digits

_SIGNS = {"usd": "$", "eur": "€", "gbp": "£"}
_UNITS = {
    **{unit: unit for unit in ("days", "hours", "minutes", "seconds", "weeks", "months")},
    **{"percent": "%", "pct": "%", "ms": "ms", "kb": "kB", "mb": "MB", "gb": "GB"},
}
_RELATIONS = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠", ">": ">", "<": "<"}
# What may be shown in words without any doubt: one plain name, one relation, one plain value.
_SIMPLE = re.compile(
    r"([a-z][a-z0-9_]{0,39})\s*"
    r"(>=|<=|==|!=|>|<)\s*"
    r'(-?[0-9]{1,12}(?:\.[0-9]{1,12})?|true|false|"[ !#-\[\]-~]{1,60}")'
)


@dataclass(frozen=True, slots=True)
class Phrase:
    """One bound to be read: in words, or `as_written`, the source itself, where words could say something else."""

    text: str
    as_written: bool = False


def limit_phrase(limit: Limit) -> Phrase:
    """A limit in words, with the unit that the name of its fact tells."""
    relation = "≤" if limit.kind is LimitKind.MAX else "≥"
    return Phrase(f"{subject(limit.fact)} {relation} {amount(limit.fact, limit.value)}")


def condition_phrase(condition: Condition) -> Phrase:
    """A condition in words if it is one plain comparison, else as it is written."""
    found = _SIMPLE.fullmatch(condition.source.strip())
    if found is None:
        return Phrase(condition.source, as_written=True)
    fact, relation, value = found.groups()
    plain = value[0] in '"tf'
    told = value if plain else amount(fact, Decimal(value))
    return Phrase(f"{fact.replace('_', ' ') if plain else subject(fact)} {_RELATIONS[relation]} {told}")


def bounds(terms: GrantTerms) -> tuple[Phrase, ...]:
    """Every limit and every condition."""
    return (*map(limit_phrase, terms.limits), *map(condition_phrase, terms.conditions))


def day_phrases(terms: GrantTerms) -> tuple[str, ...]:
    """What a day has room for; empty where it has no limit."""
    return tuple(_day(terms)) if terms.per_day else ()


def _day(terms: GrantTerms) -> Iterator[str]:
    per_day = terms.per_day
    assert per_day is not None
    if per_day.uses is not None:
        yield f"{per_day.uses:,} {'use' if per_day.uses == 1 else 'uses'}"
    for each in per_day.sums:
        yield f"{subject(each.fact)} {amount(each.fact, each.amount)} in all"


def subject(fact: str) -> str:
    """What a number is about: the name of its fact without its unit."""
    stem, unit = _parted(fact)
    return (stem if unit else fact).replace("_", " ")


def amount(fact: str, value: Decimal) -> str:
    """`value` with the unit that the fact's name ends in."""
    _, unit = _parted(fact)
    number = f"{Decimal(digits(value)):,f}"
    if sign := _SIGNS.get(unit):
        return f"-{sign}{number[1:]}" if number.startswith("-") else f"{sign}{number}"
    return f"{number} {_UNITS[unit]}" if unit else number


def _parted(fact: str) -> tuple[str, str]:
    """The name of a fact and the unit that it ends in, "" for none: `refunds_in_90_days` counts refunds, not days."""
    stem, _, unit = fact.rpartition("_")
    counts_otherwise = not stem or stem.rpartition("_")[2].isdigit()
    return (fact, "") if counts_otherwise or unit not in (*_SIGNS, *_UNITS) else (stem, unit)
