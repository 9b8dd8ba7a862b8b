"""What a grant would change about the one that it replaces, each difference in words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from bot.domain.grants.phrases import Phrase, amount, condition_phrase, limit_phrase, subject
from bot.domain.grants.terms import GrantTerms, LimitKind, Logging


class Turned(StrEnum):
    """Which way something went; a bound that is removed is a loosening, one that is added a tightening."""

    LOOSENED = "loosened"
    REMOVED = "removed"
    CHANGED = "changed"
    TIGHTENED = "tightened"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is otherwise; `was` is what it was before, where that is not the same thing gone or come."""

    turned: Turned
    what: Phrase
    was: str | None = None


def differences(old: GrantTerms, new: GrantTerms) -> tuple[Difference, ...]:
    """Everything in which `new` differs from `old`, what gives more first."""
    found = (
        *_limits(old, new),
        *_conditions(old, new),
        *_approval(old, new),
        *_per_day(old, new),
        *_length(old, new),
        *_logging(old, new),
        *_kind(old, new),
    )
    order = tuple(Turned)
    return tuple(sorted(found, key=lambda each: order.index(each.turned)))


def _limits(old: GrantTerms, new: GrantTerms) -> Iterator[Difference]:
    before, after = ({limit.name: limit for limit in terms.limits} for terms in (old, new))
    for name in dict.fromkeys((*before, *after)):
        was, now = before.get(name), after.get(name)
        if was and now and was.value != now.value:
            relation = "≤" if was.kind is LimitKind.MAX else "≥"
            told = f"{relation} {amount(was.fact, was.value)}"
            yield Difference(Turned.TIGHTENED if now.is_within(was) else Turned.LOOSENED, limit_phrase(now), told)
        elif was and not now:
            yield Difference(Turned.REMOVED, limit_phrase(was))
        elif now and not was:
            yield Difference(Turned.ADDED, limit_phrase(now))


def _conditions(old: GrantTerms, new: GrantTerms) -> Iterator[Difference]:
    before, after = ({each.source.strip(): each for each in terms.conditions} for terms in (old, new))
    yield from (
        Difference(Turned.REMOVED, condition_phrase(before[source])) for source in before if source not in after
    )
    yield from (Difference(Turned.ADDED, condition_phrase(after[source])) for source in after if source not in before)


def _approval(old: GrantTerms, new: GrantTerms) -> Iterator[Difference]:
    if old.requires_human_approval and not new.requires_human_approval:
        yield Difference(Turned.LOOSENED, Phrase("it goes without a person"), "with a person each time")
    elif new.requires_human_approval and not old.requires_human_approval:
        yield Difference(Turned.TIGHTENED, Phrase("a person approves each time"), "without a person")


def _per_day(old: GrantTerms, new: GrantTerms) -> Iterator[Difference]:
    before, after = _day_limits(old), _day_limits(new)
    for fact in dict.fromkeys((*before, *after)):
        was, now = before.get(fact), after.get(fact)
        if was is not None and now is not None and was != now:
            turned = Turned.LOOSENED if now > was else Turned.TIGHTENED
            yield Difference(turned, Phrase(_a_day(fact, now)), _a_day(fact, was))
        elif was is not None and now is None:
            yield Difference(Turned.REMOVED, Phrase(_a_day(fact, was)))
        elif now is not None and was is None:
            yield Difference(Turned.ADDED, Phrase(_a_day(fact, now)))


def _day_limits(terms: GrantTerms) -> dict[str, Decimal]:
    """Each limit of a day by its fact; "" is the number of uses."""
    if terms.per_day is None:
        return {}
    uses = {} if terms.per_day.uses is None else {"": Decimal(terms.per_day.uses)}
    return uses | {each.fact: each.amount for each in terms.per_day.sums}


def _a_day(fact: str, value: Decimal) -> str:
    return f"{subject(fact)} {amount(fact, value)} a day in all" if fact else f"{value:,f} uses a day"


def _length(old: GrantTerms, new: GrantTerms) -> Iterator[Difference]:
    if old.expires_in_days != new.expires_in_days:
        turned = Turned.LOOSENED if new.expires_in_days > old.expires_in_days else Turned.TIGHTENED
        yield Difference(turned, Phrase(f"it lasts {new.expires_in_days} days"), f"{old.expires_in_days} days")


def _logging(old: GrantTerms, new: GrantTerms) -> Iterator[Difference]:
    if old.logging == new.logging:
        return
    less = _kept(new.logging) < _kept(old.logging)
    told = Phrase(f"logging: {_logged(new.logging)}")
    yield Difference(Turned.LOOSENED if less else Turned.TIGHTENED, told, _logged(old.logging))


def _kept(logging: Logging | None) -> tuple[int, int]:
    if logging is None:
        return (0, 0)
    return (logging.store_prompts + logging.store_tool_calls, logging.retention_days)


def _logged(logging: Logging | None) -> str:
    if logging is None:
        return "none"
    parts = (("prompts", logging.store_prompts), ("tool calls", logging.store_tool_calls))
    kept = " and ".join(name for name, is_kept in parts if is_kept) or "nothing"
    return f"{kept}, {logging.retention_days} days"


def _kind(old: GrantTerms, new: GrantTerms) -> Iterator[Difference]:
    pairs: Iterable[tuple[str, str, str]] = (
        ("effect", old.effect, new.effect),
        ("tier", old.tier, new.tier),
        ("area", old.area or "none", new.area or "none"),
        ("mode", old.mode, new.mode),
        ("members", ", ".join(sorted(old.members)) or "none", ", ".join(sorted(new.members)) or "none"),
    )
    for name, was, now in pairs:
        if was != now:
            yield Difference(Turned.CHANGED, Phrase(f"{name} {now.replace('_', ' ')}"), was.replace("_", " "))
