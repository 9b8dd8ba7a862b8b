"""Systems that a file of sources describes: each list read page by page, its records told as signals."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from pydantic import AwareDatetime, BaseModel, ValidationError

from bot.sources.errors import Garbled, Missing
from bot.sources.exchange import MAX_BYTES, Raw
from bot.sources.http import Answer, Http, json_of
from bot.sources.mapping import Paging, Read, System, written
from bot.sources.places import Place
from bot.sources.records import Record, Unlisted, at, entries_of, listed, rows
from bot.sources.seam import Access, Portion, Source

OVERLAP = timedelta(days=1)
"""Read again each time: nobody knows how far a system's lists lag behind."""

Pages = Callable[[Read, datetime], Iterator[list[Record]]]
"""Reads a list from an instant on, page by page."""


class Mark(BaseModel):
    """Where a strand goes on, and from when on it reads at all."""

    first: AwareDatetime
    since: AwareDatetime


def described(name: str, system: System, access: Access) -> Source:
    """The source of that name as the file describes it; each list is a strand."""
    if system.kind == "file":
        strands = tuple(ListOf(name, system, each, _FileOf(name).pages) for each in system.reads)
        return Source(name, strands, greet=lambda: _greet(strands, access))
    token = {"Authorization": f"Bearer {access.token}"} if access.token else {}
    secrets = (access.token,) if access.token else ()
    headers = {"Accept": "application/json, text/csv;q=0.9", **token}
    place = Place(name, access.url, headers, token_of(name), f"the url of {name}", secrets, access.private)
    lines = {each.format: Http(place, access.world, _READERS[each.format]) for each in system.reads}

    def close() -> None:
        for line in lines.values():
            line.close()

    strands = tuple(ListOf(name, system, each, _ListAt(place, lines[each.format]).pages) for each in system.reads)
    return Source(name, strands, greet=lambda: _greet(strands, access), close=close)


def token_of(name: str) -> str:
    """The variable that has the token of a described source."""
    return f"SOURCE_TOKEN_{name.upper()}"


def _greet(strands: "tuple[ListOf, ...]", access: Access) -> str:
    """What was reached: of each list the first page is read."""
    for each in strands:
        next(each.pages(each.what, each.what.begins(access.world.now())), None)
    return ", ".join(dict.fromkeys(each.workflow for each in strands))


@dataclass(frozen=True, slots=True)
class ListOf:
    """One list of a described system."""

    name: str
    system: System
    what: Read
    pages: Pages

    @property
    def key(self) -> str:
        """What it is called."""
        return f"{self.what.path} → {self.what.workflow}"

    @property
    def workflow(self) -> str:
        """The workflow that it is about."""
        return self.what.workflow

    def read(self, cursor: str | None, until: datetime) -> Iterator[Portion]:
        """All records that the system gives for the time since the cursor, page by page."""
        first = self.what.begins(until)
        mark = _mark(self.name, cursor) if cursor else Mark(first=first, since=first)
        since = max(mark.first, mark.since - OVERLAP)
        for page in self.pages(self.what, since):
            zone = self.system.timezone
            entries = tuple(each for one in page for each in entries_of(self.what, one, zone, mark.first))
            yield Portion(entries, mark.model_dump_json())
        yield Portion((), Mark(first=mark.first, since=until).model_dump_json())


@dataclass(frozen=True, slots=True)
class _ListAt:
    """Lists over HTTP."""

    place: Place
    line: Http

    def pages(self, read: Read, since: datetime) -> Iterator[list[Record]]:
        query = {name: _filled(text, since) for name, text in read.query.items()}
        numbers = count(read.pages.first + 1) if read.pages else count()
        if read.pages and read.pages.by == "number" and read.pages.parameter:
            query[read.pages.parameter] = str(read.pages.first)

        def following(answer: Answer) -> str | None:
            if read.pages is None or (read.pages.by == "number" and not self._records(read, answer)):
                return None
            return _next(read.pages, answer, query, numbers)

        by_header = read.pages is not None and read.pages.by == "header"
        for answer in self.line.pages(read.path, query, None if by_header else following):
            yield self._records(read, answer)

    def _records(self, read: Read, answer: Answer) -> list[Record]:
        try:
            return rows(answer.value) if read.format == "csv" else listed(answer.value, read.items)
        except Unlisted as error:
            raise Garbled(self.place.sentence(str(error))) from None


def _next(paging: Paging, answer: Answer, query: dict[str, str], numbers: Iterator[int]) -> str | None:
    """The link to the page after this one."""
    if paging.by == "number":
        return f"?{urlencode(query | {str(paging.parameter): str(next(numbers))})}"
    found = written(at(answer.value, str(paging.path)))
    return f"?{urlencode(query | {str(paging.parameter): found})}" if found and paging.by == "cursor" else found or None


def _filled(text: str, since: datetime) -> str:
    utc = since.astimezone(UTC)
    places = {"{since}": f"{utc:%Y-%m-%dT%H:%M:%SZ}", "{since_day}": f"{utc:%Y-%m-%d}"}
    for place, value in (places | {"{since_seconds}": str(int(utc.timestamp()))}).items():
        text = text.replace(place, value)
    return text


@dataclass(frozen=True, slots=True)
class _FileOf:
    """Lists in files on this machine."""

    name: str

    def pages(self, read: Read, since: datetime) -> Iterator[list[Record]]:
        del since
        try:
            if (file := Path(read.path)).exists() and not file.is_file():
                raise self._missing(read, "it is no file")
            with file.open("rb") as opened:
                body = opened.read(MAX_BYTES + 1)
        except OSError as error:
            raise self._missing(read, error.strerror) from None
        if len(body) > MAX_BYTES:
            raise Garbled(f"{self.name} has a file of more than {MAX_BYTES // 1_000_000} MB: {read.path}.")
        yield self._records(read, body)

    def _missing(self, read: Read, why: str | None) -> Missing:
        return Missing(f"{self.name} has no file {read.path} that can be read ({why}): mend the path.")

    def _records(self, read: Read, body: bytes) -> list[Record]:
        try:
            found = _READERS[read.format](Raw(200, {}, body))
            return rows(found) if read.format == "csv" else listed(found, read.items)
        except Garbled:
            raise Garbled(f"{self.name} has a file that is no {read.format.upper()} in UTF-8: {read.path}.") from None
        except Unlisted as error:
            raise Garbled(f"{self.name} {error} in {read.path}.") from None


def _text_of(raw: Raw) -> Any:
    try:
        return raw.body.decode("utf-8")
    except UnicodeDecodeError:
        raise Garbled("gave an answer that is no text in UTF-8") from None


_READERS: Mapping[str, Callable[[Raw], Any]] = {"json": json_of, "csv": _text_of}


def _mark(name: str, cursor: str) -> Mark:
    try:
        return Mark.model_validate_json(cursor)
    except ValidationError:
        raise Garbled(f"The kept place of {name} cannot be read: restore a backup.") from None
