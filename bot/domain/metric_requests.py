"""Requests for easier metrics: what is asked for, as the terms of a request and back."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.domain.gate_evidence import Better, MetricKind
from bot.domain.metrics import MetricEntry
from bot.domain.requests import Request

_NUMBERS = ("baseline", "target", "limit")


@dataclass(frozen=True, slots=True)
class Loosening:
    """A metric as it is to be, in place of its version `seen_version`; `easier` says in words what gets easier."""

    entry: MetricEntry
    seen_version: int
    easier: tuple[str, ...]

    @property
    def terms(self) -> tuple[tuple[str, str], ...]:
        """The same as the terms of a request; numbers that there are none of are left out."""
        return tuple(self._terms())

    def _terms(self) -> Iterator[tuple[str, str]]:
        yield from (("metric", self.entry.name), ("kind", self.entry.kind), ("better", self.entry.better))
        for name in _NUMBERS:
            if (number := getattr(self.entry, name)) is not None:
                yield name, f"{number:f}"
        yield from (("easier", "; ".join(self.easier)), ("seen_version", str(self.seen_version)))

    @classmethod
    def of(cls, request: Request) -> "Loosening":
        """What a request for an easier metric asks for."""
        terms = dict(request.terms)
        baseline, target, limit = (Decimal(terms[name]) if name in terms else None for name in _NUMBERS)
        entry = MetricEntry(
            terms["metric"], MetricKind(terms["kind"]), Better(terms["better"]), baseline, target, limit=limit
        )
        return cls(entry, int(terms["seen_version"]), (terms["easier"],))
