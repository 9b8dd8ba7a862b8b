"""Facts about requests."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.people import FreeText
from bot.domain.requests import RequestKind


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestMade:
    """Someone asked for what someone else must decide before `lapses_at`; `terms` are what it would change."""

    request_id: str
    kind: RequestKind
    workflow_id: str
    item: str | None
    terms: tuple[tuple[str, str], ...]
    lapses_at: datetime
    reason: FreeText | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestApproved:
    """Someone other than the asker approved; `because` says by what right."""

    request_id: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDeclined:
    """Someone other than the asker declined, and said why."""

    request_id: str
    because: str
    answer: FreeText


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestWithdrawn:
    """A request was taken back: by its asker, or, with `because`, since something else took its place."""

    request_id: str
    because: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestEscalated:
    """A request waited `step` working days, so more approvers are asked: after one the next, after two all."""

    request_id: str
    step: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestLapsed:
    """Nobody decided in time."""

    request_id: str
