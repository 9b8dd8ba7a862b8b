"""The log of what the app called, what it was sent, and which of Slack's rules it broke."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from bot.sandbox.clock import MovableClock
from bot.sandbox.wire import Json

Kind = Literal["api", "event", "ack", "problem"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log; `at` is the workspace's time."""

    n: int
    at: str
    kind: Kind
    summary: str
    method: str | None = None
    detail: Any = None

    def show(self) -> Json:
        """The entry as the page gets it."""
        shown: Json = {"n": self.n, "at": self.at, "kind": self.kind, "summary": self.summary}
        if self.method is not None:
            shown["method"] = self.method
        if self.detail is not None:
            shown["detail"] = self.detail
        return shown


class Journal:
    """Keeps entries in order; numbers start at 1."""

    def __init__(self, clock: MovableClock) -> None:
        self._clock = clock
        self._entries: list[Entry] = []
        self.on_problem: Callable[[Entry], None] = lambda _entry: None

    def note(self, kind: Kind, summary: str, *, method: str | None = None, detail: Any = None) -> Entry:
        """The entry just written."""
        at = self._clock.now().isoformat(timespec="milliseconds")
        entry = Entry(len(self._entries) + 1, at, kind, summary, method, detail)
        self._entries.append(entry)
        if kind == "problem":
            self.on_problem(entry)
        return entry

    def since(self, n: int) -> tuple[Entry, ...]:
        """The entries after number `n`."""
        return tuple(self._entries[max(0, n) :])

    @property
    def problems(self) -> tuple[Entry, ...]:
        """Every rule the app broke so far."""
        return tuple(entry for entry in self._entries if entry.kind == "problem")
