"""Sources read: each strand goes on from where it was, its signals are kept, and how the run ended is noted."""

import json
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from itertools import islice

import structlog

from bot.actions.desk import Asked, Desk
from bot.actions.signals import Taken, take_in, terms_of
from bot.domain.errors import NotFound
from bot.domain.people import Actor, PrincipalKind, Through
from bot.domain.sources import Reading
from bot.domain.wording import cut
from bot.intake import Rejected, read
from bot.sources.errors import SourceError, Stopped, Throttled, Unreached
from bot.sources.seam import Entry, Source, Strand
from store import sources

log = structlog.get_logger()

WHY = 300
SHOWN = 1000
"""How many signals a dry run shows of each source, and how many refusals any run."""


class Ending(StrEnum):
    """How a run ended: read to the end, broken off, or not begun because another reads, or the system wants quiet."""

    READ = "read"
    FAILED = "failed"
    BUSY = "busy"
    WAITS = "waits"


@dataclass(frozen=True, slots=True)
class Pulled:
    """What a run brought, and how it ended; `why` says so where it is not read to the end."""

    name: str
    ending: Ending
    taken: Taken = field(default_factory=Taken)
    why: str = ""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a run would bring: signals that are not known yet, and what the intake would refuse."""

    name: str
    entries: tuple[Entry, ...]
    rejected: tuple[Rejected, ...]
    why: str = ""


def reader(through: Through) -> Actor:
    """Who brings what sources say; nobody typed it, whoever started the run."""
    return Actor(PrincipalKind.SERVICE, "service:sources", "the sources", through)


def standing(desk: Desk, configured: Iterable[str]) -> tuple[Reading, ...]:
    """How each of these sources stands, read yet or not, and those that once were configured, by name."""
    names = frozenset(configured)
    with desk.reading() as view:
        known = {each.name: each for each in view.sources.all()}
    found = {name: known.get(name, Reading(name)) for name in names | known.keys()}
    return tuple(replace(found[name], is_configured=name in names) for name in sorted(found))


def pull(desk: Desk, source: Source, through: Through) -> Pulled:
    """The source read from where it was, unless another replica does, or the system wants to be left alone."""
    database, owner = desk.store.database, secrets.token_hex(8)
    database.retrying(lambda connection: sources.note(connection, [source.name]))
    fence = database.retrying(lambda connection: sources.claim(connection, source.name, owner))
    if fence is None:
        return Pulled(source.name, Ending.BUSY, why="It is being read at this moment.")
    try:
        return _Run(desk, source, through, owner).whole()
    finally:
        source.close()
        database.retrying(lambda connection: sources.give_back(connection, source.name, fence))


def give_up(desk: Desk, source: Source, why: str) -> Pulled:
    """The end of a run in which something happened that no source accounts for; it is noted, and the next one tries."""
    desk.store.database.retrying(lambda connection: sources.fail(connection, source.name, why, None))
    return Pulled(source.name, Ending.FAILED, why=why)


def foresee(desk: Desk, source: Source) -> Foreseen:
    """What a run would bring now; nothing is kept, and the next run begins where this one did."""
    with desk.reading() as view:
        known = view.sources.one(source.name)
    entries: list[Entry] = []
    why = source.problem
    try:
        found = (each for strand in source.strands for each in _all(desk, strand, known))
        entries += islice(found, SHOWN)
    except SourceError as error:
        why = str(error)
    finally:
        source.close()
    lines = [_line(source.name, each) for each in entries]
    refused = (each for each in read(lines, terms_of(desk)) if isinstance(each, Rejected))
    found_in = {each.line: _named(each, entries) for each in refused}
    new = [each for place, each in enumerate(entries, 1) if place not in found_in and not _is_known(desk, source, each)]
    return Foreseen(source.name, tuple(new), tuple(found_in.values()), why)


def _all(desk: Desk, strand: Strand, known: Reading) -> Iterator[Entry]:
    _demand_workflow(desk, strand)
    for portion in strand.read(known.cursors.get(strand.key), desk.clock.now()):
        yield from portion.entries


def _is_known(desk: Desk, source: Source, entry: Entry) -> bool:
    with desk.reading() as view:
        return view.signals.one(source.name, str(entry["id"])) is not None


def _named(rejected: Rejected, entries: Sequence[Entry]) -> Rejected:
    """The refusal with the id of what was refused; a line number says little to those who never saw the lines."""
    return replace(rejected, why=f"{entries[rejected.line - 1]['id']}: {rejected.why}")


def _line(name: str, entry: Entry) -> str:
    return json.dumps({**entry, "source": name}) + "\n"


def _demand_workflow(desk: Desk, strand: Strand) -> None:
    try:
        with desk.reading() as view:
            view.workflow(strand.workflow)
    except NotFound as missing:
        raise SourceError(f"ROLLOUT_SOURCES maps {strand.key}: {missing}") from None


class _Run:
    """One run over the strands of a source, under a claim that each portion prolongs."""

    def __init__(self, desk: Desk, source: Source, through: Through, owner: str) -> None:
        self._desk, self._source, self._owner = desk, source, owner
        self._asked = Asked(reader(through))
        self._database = desk.store.database
        self._taken = Taken()

    def whole(self) -> Pulled:
        """Every strand read; one that cannot be read keeps no other from it, unless the whole system is silent."""
        until = self._desk.clock.now()
        with self._desk.reading() as view:
            known = view.sources.one(self._source.name)
        if known.not_before and self._desk.real.now() < known.not_before:
            return self._ended(Ending.WAITS, known.why_not or "")
        failures: list[SourceError] = [SourceError(self._source.problem)] if self._source.problem else []
        for strand in self._source.strands:
            try:
                self._read(strand, known.cursors.get(strand.key), until)
            except Stopped as ended:
                return self._ended(Ending.FAILED, str(ended))
            except SourceError as error:
                failures.append(error)
                if isinstance(error, Throttled | Unreached):
                    break
        return self._failed(failures[0]) if failures else self._done(until)

    def _read(self, strand: Strand, cursor: str | None, until: datetime) -> None:
        _demand_workflow(self._desk, strand)
        for portion in strand.read(cursor, until):
            if portion.entries:
                self._keep(portion.entries)
            self._go_on(strand.key, portion.cursor)

    def _keep(self, entries: tuple[Entry, ...]) -> None:
        taken = take_in(self._desk, self._asked, [_line(self._source.name, each) for each in entries])
        refused = tuple(_named(each, entries) for each in taken.rejected)
        if refused:
            log.warning("signals refused", source=self._source.name, count=len(refused), first=refused[0].why)
        self._taken = Taken(
            self._taken.accepted + taken.accepted,
            self._taken.duplicate + taken.duplicate,
            (*self._taken.rejected, *refused)[:SHOWN],
        )

    def _go_on(self, key: str, cursor: str) -> None:
        name, owner = self._source.name, self._owner
        if self._database.retrying(lambda connection: sources.claim(connection, name, owner)) is None:
            raise Stopped("Another replica reads it now.")
        self._database.retrying(lambda connection: sources.go_on(connection, name, key, cursor))

    def _done(self, until: datetime) -> Pulled:
        self._database.retrying(lambda connection: sources.end(connection, self._source.name, until))
        return self._ended(Ending.READ)

    def _failed(self, error: SourceError) -> Pulled:
        why, not_before = cut(str(error), WHY), error.until if isinstance(error, Throttled) else None
        self._database.retrying(lambda connection: sources.fail(connection, self._source.name, why, not_before))
        return self._ended(Ending.FAILED, why)

    def _ended(self, ending: Ending, why: str = "") -> Pulled:
        return Pulled(self._source.name, ending, self._taken, why)
