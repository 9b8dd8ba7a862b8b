"""Systems that a file of sources describes: each list read page by page, its records told as signals."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode

from pydantic import AwareDatetime, BaseModel

from bot.sources.cursors import kept
from bot.sources.errors import Astray, Garbled, Missing
from bot.sources.exchange import MAX_BYTES, Raw
from bot.sources.http import Answer, Http, json_of, linked
from bot.sources.mapping import Paging, Read, System, written
from bot.sources.places import Place
from bot.sources.records import Record, Unlisted, at, entries_of, listed, rows
from bot.sources.seam import Access, Portion, Source

OVERLAP = timedelta(days=1)
"""Read again each time: nobody knows how far a system's lists lag behind."""

Page = tuple[list[Record], str | None]
"""Some records, and the link to the next ones; none where there are no more."""

Pages = Callable[[Read, datetime, str | None], Iterator[Page]]
"""Reads a list from an instant on, page by page, or from the page to which a link leads."""


class Mark(BaseModel):
    """Where a strand goes on, and from when on it reads at all; and what a run that broke off had not read."""

    first: AwareDatetime
    since: AwareDatetime
    begun: AwareDatetime | None = None
    left: str | None = None


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
        next(each.pages(each.what, each.what.begins(access.world.now()), None), None)
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
        """All records that the system gives for the time since the cursor; what broke off goes on where it was."""
        first, zone = self.what.begins(until), self.system.timezone
        mark = kept(Mark, self.name, cursor) if cursor else Mark(first=first, since=first)
        begun = mark.begun or until
        for page, left in self._all(mark):
            entries = tuple(each for one in page for each in entries_of(self.what, one, zone, mark.first))
            going_on = Mark(first=mark.first, since=mark.since, begun=begun, left=left)
            yield Portion(entries, (going_on if left else Mark(first=mark.first, since=begun)).model_dump_json())

    def _all(self, mark: Mark) -> Iterator[Page]:
        """Page after page; from the first one where that at which a run broke off is not there any more."""
        since = max(mark.first, mark.since - OVERLAP)
        pages = self.pages(self.what, since, mark.left)
        try:
            beginning = next(pages)
        except (Astray, Missing, Garbled):
            if mark.left is None:
                raise
            pages = self.pages(self.what, since, None)
            beginning = next(pages)
        yield beginning
        yield from pages


@dataclass(frozen=True, slots=True)
class _ListAt:
    """Lists over HTTP."""

    place: Place
    line: Http

    def pages(self, read: Read, since: datetime, left: str | None) -> Iterator[Page]:
        query = {name: _filled(text, since) for name, text in read.query.items()}
        if read.pages and read.pages.by == "number":
            query[str(read.pages.parameter)] = str(read.pages.first)
        ahead = [left]
        for answer in self.line.pages(read.path, query, lambda _: ahead[-1], left):
            records = self._records(read, answer)
            has_more = read.pages and (records or read.pages.by != "number")
            ahead.append(_next(read.pages, answer, query, ahead[-1]) if read.pages and has_more else None)
            yield records, ahead[-1]

    def _records(self, read: Read, answer: Answer) -> list[Record]:
        try:
            return rows(answer.value) if read.format == "csv" else listed(answer.value, read.items)
        except Unlisted as error:
            raise Garbled(self.place.sentence(str(error))) from None


def _next(paging: Paging, answer: Answer, query: dict[str, str], current: str | None) -> str | None:
    """The link to the page after this one, to which `current` led unless it is the first."""
    if paging.by == "header":
        return linked(answer)
    parameter = str(paging.parameter)
    if paging.by == "number":
        asked = dict(parse_qsl(current.removeprefix("?"))).get(parameter, "") if current else query[parameter]
        return f"?{urlencode(query | {parameter: str(int(asked) + 1 if asked.isdecimal() else paging.first)})}"
    found = written(at(answer.value, str(paging.path)))
    return f"?{urlencode(query | {parameter: found})}" if found and paging.by == "cursor" else found or None


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

    def pages(self, read: Read, since: datetime, left: str | None) -> Iterator[Page]:
        del since, left
        try:
            if (file := Path(read.path)).exists() and not file.is_file():
                raise self._missing(read, "it is no file")
            with file.open("rb") as opened:
                body = opened.read(MAX_BYTES + 1)
        except OSError as error:
            raise self._missing(read, error.strerror) from None
        if len(body) > MAX_BYTES:
            raise Garbled(f"{self.name} has a file of more than {MAX_BYTES // 1_000_000} MB: {read.path}.")
        yield self._records(read, body), None

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
