"""Policy files as Pydantic sees them (RULES, "Grants and decisions")."""

from typing import Annotated

from pydantic import Field, StringConstraints

from bot.domain.grants.terms import Logging, Mode, PerDay, Sum
from bot.domain.risk import Area, Effect, Tier
from bot.playbooks.fields import FactName, LimitName, Strict
from bot.policies.numbers import Bound, DayAmount, Days, Uses

MAX_ACTIONS = 30
MAX_CONDITIONS = 20

Name = Annotated[str, StringConstraints(max_length=60)]
Source = Annotated[str, StringConstraints(max_length=4_000)]


class PerDayEntry(Strict):
    """`per_day:`"""

    uses: Uses | None = None
    sum: dict[FactName, DayAmount] | None = None

    def value(self) -> PerDay:
        """What a day has room for."""
        return PerDay(self.uses, tuple(Sum(fact, amount) for fact, amount in (self.sum or {}).items()))


class LoggingEntry(Strict):
    """`logging:`; whoever writes it means both prompts and tool calls, unless it says otherwise."""

    store_prompts: bool = True
    store_tool_calls: bool = True
    retention_days: Days = 180

    def value(self) -> Logging:
        """What is kept."""
        return Logging(self.store_prompts, self.store_tool_calls, self.retention_days)


class ActionEntry(Strict):
    """One action; `max_X` holds its `max_…` and `min_…` keys, gathered by `reading`."""

    name: Name
    max_X: Annotated[dict[LimitName, Bound], Field(max_length=MAX_CONDITIONS)] | None = None  # noqa: N815
    allowed_when: Annotated[list[Source], Field(max_length=MAX_CONDITIONS)] | None = None
    requires_human_approval: bool = True
    per_day: PerDayEntry | None = None
    effect: Annotated[Effect, Field(strict=False)] | None = None
    area: Annotated[Area, Field(strict=False)] | None = None
    risk: Annotated[Tier, Field(strict=False)] | None = None
    expires_in_days: Days | None = None


class PolicyEntry(Strict):
    """A policy file."""

    workflow: Name
    mode: Annotated[Mode, Field(strict=False)] = Mode.SCOPED_AUTONOMY
    members: Annotated[list[Name], Field(max_length=MAX_ACTIONS)] | None = None
    actions: Annotated[list[ActionEntry], Field(min_length=1, max_length=MAX_ACTIONS)]
    logging: LoggingEntry | None = None
