"""Misbehaviour on order: what Slack does on a bad day, so that an app can be tested against it."""

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

from bot.sandbox.wire import Json, Refusal

FaultKind = Literal[
    "ratelimited",
    "http_500_before",
    "http_500_after",
    "drop_before",
    "drop_after",
    "slow",
    "html",
    "truncated",
    "error",
]
AFTER_EFFECT: frozenset[str] = frozenset({"http_500_after", "drop_after", "slow", "truncated"})


@dataclass(frozen=True, slots=True)
class Fault:
    """The next `times` calls of `method` misbehave.

    `method` is a Web API method, `response_url`, `upload`, or `*` for all. `retry_after_s` is the header of a
    429: a number, text as it stands, or None for no header. `delay_s` delays a slow answer, `error` names
    the refusal, `status` is that of the HTML page.
    """

    method: str
    kind: FaultKind
    times: int = 1
    retry_after_s: float | str | None = 1
    delay_s: float = 5.0
    error: str = "internal_error"
    status: int = 200


class Faults:
    """The misbehaviour still to come."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self.repeat_events = 0
        self.repeat_envelopes = 0

    def add(self, fault: Fault) -> None:
        """Orders a misbehaviour; earlier orders for the same method come first."""
        if fault.kind not in get_args(FaultKind):
            raise Refusal(f"There is no fault “{fault.kind}”; choose one of {', '.join(get_args(FaultKind))}.")
        self._waiting.append(fault)

    def add_from(self, order: dict[str, Any]) -> None:
        """Orders a misbehaviour given as JSON."""
        unknown = set(order) - set(Fault.__dataclass_fields__)
        if unknown or not {"method", "kind"} <= set(order):
            raise Refusal("A fault needs method and kind; times, retry_after_s, delay_s, error are optional.")
        self.add(Fault(**order))

    def take(self, method: str) -> Fault | None:
        """The misbehaviour for this call, used up by one; None if the call goes well."""
        for place, fault in enumerate(self._waiting):
            if fault.method in (method, "*"):
                if fault.times > 1:
                    self._waiting[place] = replace(fault, times=fault.times - 1)
                else:
                    del self._waiting[place]
                return fault
        return None

    def clear(self) -> None:
        """Good behaviour from now on."""
        self._waiting.clear()
        self.repeat_events = 0
        self.repeat_envelopes = 0

    def show(self) -> Json:
        """What is ordered, as JSON."""
        return {
            "faults": [asdict(fault) for fault in self._waiting],
            "repeat_events": self.repeat_events,
            "repeat_envelopes": self.repeat_envelopes,
        }
