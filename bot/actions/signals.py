"""Signals: taken in, line by line, in batches that each are one change."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from bot.actions.desk import Asked, Desk, Turn
from bot.actions.grants import guards
from bot.actions.proofs import see
from bot.domain.errors import NotFound
from bot.domain.facts import SignalsTaken
from bot.domain.signals.kinds import Body, Signal, SignalType
from bot.intake import Known, Rejected, Terms, read
from store import Kept, View

BATCH = 5000
"""How many signals one transaction takes in: few enough that others who write need not wait for long."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of what was sent: how many signals are new, how many were known, and what is no signal."""

    accepted: int = 0
    duplicate: int = 0
    rejected: tuple[Rejected, ...] = ()


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a caller may send signals about: the workflows of these names, None for everything.

    `demand` refuses, inside the transaction that keeps them, a caller who may not (any more).
    """

    workflows: frozenset[str] | None
    demand: Callable[[Turn], object]


UNBOUND = Bounds(None, lambda _: None)
"""Whoever holds the database itself."""

_NOT_BOUND = "The token is bound to other workflows than this."
_NO_TEAMS = "The token is bound to workflows, so it brings nothing about a team."


def take_in(desk: Desk, asked: Asked, lines: Iterable[str], bounds: Bounds = UNBOUND) -> Taken:
    """The good lines kept, a batch in each transaction; the others with the reason. Sent again, they are duplicates."""
    terms = _bounded(terms_of(desk), bounds.workflows)
    taken = Taken()
    rejected: list[Rejected] = []
    for batch in _batches(read(lines, terms), rejected):
        kept = desk.do(asked, _keep_within, batch, bounds)
        taken = replace(taken, accepted=taken.accepted + kept.accepted, duplicate=taken.duplicate + kept.duplicate)
    return replace(taken, rejected=tuple(rejected))


def _keep_within(turn: Turn, batch: Sequence[Signal[Body]], bounds: Bounds) -> Kept:
    bounds.demand(turn)
    return keep(turn, batch)


def keep(turn: Turn, batch: Sequence[Signal[Body]]) -> Kept:
    """One batch kept, and what follows from it; a batch that holds nothing new changes nothing."""
    seen = guards.look_at_all(turn, batch)
    kept = turn.change.keep_signals(batch)
    if kept.accepted:
        turn.record(SignalsTaken(subject=kept.batch, count=kept.accepted, sha256=kept.hash))
    touched: dict[SignalType, list[str]] = defaultdict(list)
    for workflow_id, kind in kept.touched:
        touched[kind].append(workflow_id)
    see(turn, touched)
    news = {workflow_id for workflow_id, _ in kept.touched}
    guards.act(turn, *(sight for sight in seen if sight.workflow.id in news))
    return kept


def terms_of(desk: Desk) -> Terms:
    """What signals are taken in by at this moment: every workflow and team may be named."""

    def named(find: Callable[[View, str], Known]) -> Callable[[str], Known | str]:
        def look(name: str) -> Known | str:
            try:
                with desk.reading() as view:
                    return find(view, name)
            except NotFound as missing:
                return str(missing)

        return look

    def seal(source: str, made: str) -> str:
        with desk.reading() as view:
            return view.signals.sealed_id(source, made)

    return Terms(desk.clock.now(), named(_workflow), named(_team), seal=seal)


def _bounded(terms: Terms, names: frozenset[str] | None) -> Terms:
    if names is None:
        return terms

    def workflow(name: str) -> Known | str:
        return terms.workflow(name) if name.strip().casefold() in names else _NOT_BOUND

    return replace(terms, workflow=workflow, team=lambda _: _NO_TEAMS)


def _workflow(view: View, name: str) -> Known:
    return Known(name.strip().casefold(), view.history_begins(name))


def _team(view: View, name: str) -> Known:
    return Known(view.team(name).name)


def _batches(found: Iterable[Signal[Body] | Rejected], rejected: list[Rejected]) -> Iterator[tuple[Signal[Body], ...]]:
    """The signals in batches; what was refused goes into `rejected`."""
    batch: list[Signal[Body]] = []
    for each in found:
        if isinstance(each, Rejected):
            rejected.append(each)
            continue
        batch.append(each)
        if len(batch) == BATCH:
            yield tuple(batch)
            batch.clear()
    if batch:
        yield tuple(batch)
