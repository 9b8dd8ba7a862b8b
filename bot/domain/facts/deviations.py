"""Facts about deviations."""

from dataclasses import dataclass
from datetime import date

from bot.domain.deviations import DeviationArea
from bot.domain.people import FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviationOpened:
    """Something was done against a policy; `owner` has it mended by `due_on`.

    The policy is one of the registry, or named in words, or neither.
    """

    deviation_id: str
    workflow_id: str
    area: DeviationArea
    policy_id: str | None
    policy: FreeText | None
    summary: FreeText
    owner: str
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviationClosed:
    """A deviation was mended, and someone said how."""

    deviation_id: str
    answer: FreeText
