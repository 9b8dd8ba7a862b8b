"""Facts about policies."""

from dataclasses import dataclass
from datetime import date

from bot.domain.deviations import DeviationArea
from bot.domain.people import FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyAdded:
    """A policy entered the registry; it has its words, or a link to them."""

    policy_id: str
    name: str
    area: DeviationArea
    text: FreeText | None
    link: FreeText | None
    owner: str
    review_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyEdited:
    """The next version of a policy, whole; `before` are the fields that changed, words apart, with what stood there."""

    policy_id: str
    seen_version: int
    area: DeviationArea
    text: FreeText | None
    link: FreeText | None
    owner: str
    review_on: date
    before: tuple[tuple[str, str], ...]
