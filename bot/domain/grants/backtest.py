"""What a grant would have allowed: its terms held against what its agent did and tried lately (RULES, "Grants")."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Context, Decimal

from bot.domain.calendar import local_date
from bot.domain.errors import BadInput
from bot.domain.grants.conditions import Compiler
from bot.domain.grants.decisions import DayCount, beyond_day
from bot.domain.grants.factsheet import parse_facts
from bot.domain.grants.sheet import Sheet
from bot.domain.grants.terms import GrantTerms, LimitKind
from bot.domain.signals.kinds import AgentAction, Signal

SPAN = timedelta(days=28)
"""How far back one looks."""

_MONEY = re.compile(r"(^|_)(amount|cost|price|usd|eur|gbp|chf|jpy|cad|aud)(_|$)", re.ASCII)
_WIDE = Context(prec=100)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many actions, and what they come to together; `amount` is 0 where no money is limited or counted."""

    count: int = 0
    amount: Decimal = Decimal(0)

    def plus(self, amount: Decimal) -> "Tally":
        """The same with one more."""
        return Tally(self.count + 1, _WIDE.add(self.amount, amount))


@dataclass(frozen=True, slots=True)
class BackTest:
    """What some terms make of the logged actions of one name.

    `allowed` are within every limit, condition and the room of their day, `reversed` those of them that were taken
    back later; `beyond_day` are within the limits and conditions, and their day was full. Where the terms ask for a
    person, all of these would have been asked about. `money` is the fact that amounts are of, None without one.
    """

    actions: int
    allowed: Tally
    reversed: Tally
    beyond_day: Tally
    money: str | None

    @property
    def has_data(self) -> bool:
        """Whether anything was logged that tells something."""
        return self.actions > 0


def backtest(terms: GrantTerms, compiler: Compiler, actions: Iterable[Signal[AgentAction]], zone: str) -> BackTest:
    """The answers that `terms` would have given to `actions`, the day's room counted in `zone`, oldest first."""
    named = sorted(
        (each for each in actions if each.body.action == terms.action), key=lambda each: (each.at, each.source, each.id)
    )
    money = money_of(terms)
    allowed = reversed_ = beyond = Tally()
    days: dict[date, DayCount] = {}
    for each in named:
        sheet = sheet_of(each.body)
        if sheet is None or sheet.check(terms, compiler):
            continue
        amount = sheet.amount(money) if money else Decimal(0)
        day, adds = local_date(each.at, zone), sheet.adds(terms)
        counted = days.get(day, DayCount())
        if beyond_day(terms, counted, adds):
            beyond = beyond.plus(amount)
            continue
        days[day] = counted.plus(adds)
        allowed = allowed.plus(amount)
        reversed_ = reversed_.plus(amount) if each.body.reversed else reversed_
    return BackTest(len(named), allowed, reversed_, beyond, money)


def sheet_of(action: AgentAction) -> Sheet | None:
    """The facts that were logged with an action, to be read as a decision reads them; None if they are no facts."""
    try:
        return Sheet(parse_facts(action.facts))
    except BadInput:
        return None


def money_of(terms: GrantTerms) -> str | None:
    """The fact by whose sum a day is limited, else the one that has a maximum, if it is money by its name."""
    counted = [capped.fact for capped in terms.per_day.sums] if terms.per_day else []
    limited = [limit.fact for limit in terms.limits if limit.kind is LimitKind.MAX]
    return next((fact for fact in (*counted, *limited) if _MONEY.search(fact)), None)
