"""How fast one person may go: a bucket of turns for each, so that a stuck script keeps nobody waiting (S25)."""

import math
import threading
from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.errors import Refused

AT_ONCE = 300
"""How many requests one person may make at once; nobody clicks that fast."""

PER_S = 10.0
"""How many turns come back each second."""

WATCHED = 10_000
"""Once so many people came, those who have all their turns again are forgotten."""


class TooFast(Refused):
    """Someone asks for more than Rollout takes in from one person."""


@dataclass(slots=True)
class _Bucket:
    turns: float
    at_s: float

    def fill(self, now_s: float) -> float:
        """The turns that there are now."""
        self.turns = min(AT_ONCE, self.turns + (now_s - self.at_s) * PER_S)
        self.at_s = now_s
        return self.turns


class Pace:
    """The buckets of everyone who asked lately, by Slack user id, in this process."""

    def __init__(self, monotonic_s: Callable[[], float]) -> None:
        self._monotonic_s = monotonic_s
        self._lock = threading.Lock()
        self._buckets: dict[str, _Bucket] = {}
        self._enough = WATCHED

    def demand(self, user: str) -> None:
        """Nothing, and a turn less, for whoever has one; else TooFast says how long it takes until they have."""
        now_s = self._monotonic_s()
        with self._lock:
            if user not in self._buckets and len(self._buckets) >= self._enough:
                self._buckets = {who: each for who, each in self._buckets.items() if each.fill(now_s) < AT_ONCE}
                self._enough = max(WATCHED, 2 * len(self._buckets))
            bucket = self._buckets.setdefault(user, _Bucket(AT_ONCE, now_s))
            if bucket.fill(now_s) >= 1:
                bucket.turns -= 1
                return
            wait_s = math.ceil((1 - bucket.turns) / PER_S)
        raise TooFast(
            f"You are faster than Rollout takes in from one person, so nothing was done. Try again in {wait_s} s; "
            "if it was not you, a script may be using your name."
        )
