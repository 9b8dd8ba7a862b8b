"""Metrics and red lines as people define them: what a definition needs, and when a new one is easier than the old."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.domain.errors import BadInput, Conflict
from bot.domain.gate_evidence import Better, MetricKind
from bot.domain.wording import clean, cut

MAX_NAME = 200
_NUMBER = re.compile(r"-?\d{1,15}(\.\d{1,9})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class MetricEntry:
    """A metric as it is to be: a success metric has a target and, once known, a baseline; a guardrail has a limit."""

    name: str
    kind: MetricKind
    better: Better
    baseline: Decimal | None = None
    target: Decimal | None = None
    limit: Decimal | None = None

    @property
    def is_complete(self) -> bool:
        """Whether a gate can judge it."""
        if self.kind is MetricKind.GUARDRAIL:
            return self.limit is not None
        return self.baseline is not None and self.target is not None


@dataclass(frozen=True, slots=True)
class DefinedMetric:
    """A metric as it is defined now; `since` is its first definition, `loosened_at` when it was last made easier."""

    entry: MetricEntry
    version: int
    since: datetime
    loosened_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RedLineEntry:
    """A red line as it is defined now: its name, as signals spell it, and what the agent must never do."""

    rule: str
    text: str
    version: int


def signal_name(text: str, field: str) -> str:
    """`text` as a name that signals can use: on one line, trimmed, of at most 200 characters."""
    name = text.strip()
    if not name:
        raise BadInput(f"Please give the {field} a name, spelled as the signals about it spell it.", field)
    if len(name) > MAX_NAME:
        raise BadInput(f"This name has {len(name):,} characters and at most {MAX_NAME} fit: shorten it.", field)
    if not name.isprintable() or clean(name) != name:
        raise BadInput("This name holds a line break or an invisible character: type it anew.", field)
    return name


def demand_spelling(name: str, known: Iterable[str], what: str) -> None:
    """Nothing, unless a name is there already that differs in capital letters only: signals would miss one of them."""
    twin = next((each for each in known if each != name and each.casefold() == name.casefold()), None)
    if twin:
        raise Conflict(
            f"There is a {what} {twin!r} already, and {name!r} differs from it in capital letters only. Signals are "
            f"matched letter for letter: define it as {twin!r}."
        )


def demand_whole(entry: MetricEntry) -> None:
    """Nothing, if the numbers are those that its kind has, and lead somewhere."""
    if entry.kind is MetricKind.GUARDRAIL:
        if entry.limit is None:
            raise BadInput("A guardrail needs a limit: give the value that it must not pass.", "limit")
        if entry.baseline is not None or entry.target is not None:
            raise BadInput("A guardrail has a limit, and no baseline or target: leave those out.", "limit")
        return
    if entry.limit is not None:
        raise BadInput(
            "A success metric has a baseline and a target, and no limit: define a guardrail for that.", "limit"
        )
    if entry.target is None:
        raise BadInput("A success metric needs a target: give the value that it should reach.", "target")
    if entry.baseline is not None and not entry.better.holds(entry.target, entry.baseline):
        raise BadInput(
            f"The target {entry.target:f} is worse than the baseline {entry.baseline:f} where {entry.better} is "
            "better: check both numbers, and which way is better.",
            "target",
        )


def demand_another(entry: MetricEntry, before: DefinedMetric | None) -> None:
    """Nothing, unless a metric is defined just so already."""
    if before and entry == before.entry:
        raise Conflict(f"{entry.name} is defined just so already, so nothing was changed.")


def demand_as_asked(name: str, seen_version: int, known: DefinedMetric | None, asker: str) -> None:
    """Nothing, if the metric still is as it was when `asker` (a name) asked to make it easier; else a refusal."""
    if known is None or known.version != seen_version:
        raise Conflict(
            f"{name} was defined anew since this was asked, so nobody saw what it would change now: decline it; "
            f"{asker} may ask again."
        )


def number_in(text: str, field: str) -> Decimal | None:
    """A plain number that someone typed, digit for digit; None where nothing was typed."""
    typed = text.strip()
    if not typed:
        return None
    if not _NUMBER.fullmatch(typed):
        raise BadInput(f"“{cut(typed, 30)}” is no plain number: write digits, such as 12 or 0.95.", field)
    return Decimal(typed)


def easier_parts(entry: MetricEntry, was: MetricEntry) -> tuple[str, ...]:
    """What of `entry` is easier to meet than in `was`, each as "target 4.5 instead of 5"."""
    if (entry.kind, entry.better) != (was.kind, was.better):
        return (f"{entry.kind}, {entry.better} is better, instead of {was.kind}, {was.better} is better",)
    return tuple(
        f"{part} {_number(now)} instead of {_number(then)}"
        for part in ("baseline", "target", "limit")
        if _is_easier(now := getattr(entry, part), then := getattr(was, part), entry.better)
    )


def _is_easier(now: Decimal | None, then: Decimal | None, better: Better) -> bool:
    """A number that is taken away, or that lies on the worse side of what it was."""
    if then is None:
        return False
    return now is None or not better.holds(now, then)


def _number(value: Decimal | None) -> str:
    return "none" if value is None else f"{value:f}"
