"""Saying no to a request: with which status, why, and in the log without its content."""

import logging
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.responses import PlainTextResponse, Response

QUIET_S = 1.0

log = logging.getLogger(__name__)


class TurnedAway(Exception):
    """A request that goes no further; its text is a reason without anything that the request said.

    `is_read` says that all of its body came in, so that there is nothing to wait for.
    """

    def __init__(self, status: int, why: str, *, is_read: bool = False) -> None:
        super().__init__(why)
        self.status = status
        self.why = why
        self.is_read = is_read


def answer_to(refusal: TurnedAway) -> Response:
    """The answer that says why; what was not read to its end is not waited for."""
    closing = {"connection": "close"} if refusal.status in {408, 413} else {}
    return PlainTextResponse(f"Refused: {refusal.why}.\n", refusal.status, closing)


@dataclass(slots=True)
class RefusalLog:
    """Counts refusals and writes at most one line a second, so that a flood cannot fill a disk."""

    door: str = "Slack's"
    monotonic: Callable[[], float] = time.monotonic
    waiting: Counter[str] = field(default_factory=Counter)
    written_at: float = float("-inf")

    def note(self, refusal: TurnedAway) -> None:
        """Count a refusal, and write what was counted if a second has passed."""
        self.waiting[f"{refusal.status} {refusal.why}"] += 1
        now = self.monotonic()
        if now - self.written_at >= QUIET_S:
            counts = ", ".join(f"{count} × {why}" for why, count in sorted(self.waiting.items()))
            log.warning("Turned away at %s door: %s", self.door, counts)
            self.waiting.clear()
            self.written_at = now
