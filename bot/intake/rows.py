"""Signals as CSV: the fields' names in the first row, one signal in each other; an empty cell is a field left out."""

import csv
import hashlib
import json
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.signals.by_hand import SOURCE
from bot.domain.signals.kinds import Body, Signal
from bot.domain.signals.shapes import COMMON, SHAPE_OF, SHAPES, Field, FieldKind
from bot.domain.signals.texts import body_text, words_in
from bot.intake.entries import Clerk, Terms
from bot.intake.json_forms import decoded
from bot.intake.lines import MAX_LINE, TOO_LONG, Rejected, is_too_long
from bot.intake.literals import number, whole_number
from bot.intake.values import Unfit, bare_date

_MAX_LINES = 200
_WORDS = (FieldKind.TEXT, FieldKind.TITLE)
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_FLAGS = {"true": True, "false": False}
_NUMBERS = (FieldKind.NUMBER, FieldKind.AMOUNT, FieldKind.COUNT, FieldKind.SEVERITY)
_NESTED = (FieldKind.FACTS, FieldKind.NAMES)
_FIELDS = {kind: {field.name: field for field in shape.fields} for kind, shape in SHAPES.items()}
_PLACEHOLDER = "-"


def is_header(line: str) -> bool:
    """Whether a line can be the first of a CSV file of signals: it names the fields `type` and `at`."""
    names = _names(line)
    return "type" in names and "at" in names


def read_rows(lines: Iterable[str], terms: Terms) -> Iterator[Signal[Body] | Rejected]:
    """The signals in rows of CSV, parted by commas, semicolons or tabs; a row without an id gets one."""
    table = _Table(lines)
    if table.complaint:
        yield Rejected(table.line, table.complaint)
        return
    clerk, earlier = Clerk(terms), Counter[tuple[object, ...]]()
    for row in table.rows():
        try:
            if isinstance(row.cells, str):
                raise Unfit(row.cells)
            cells = dict(zip(table.names, row.cells, strict=True))
            signal, day = signal_of(clerk, cells), _day_alone(cells) if terms.by_hand else None
            if day:
                signal = replace(signal, id=_day_row_id(signal, day, earlier))
            yield signal if cells.get("id", "").strip() else _sealed(signal, terms)
        except Unfit as unfit:
            yield Rejected(row.line, str(unfit))


def row_id(signal: Signal[Body]) -> str:
    """The id of a row that came without one: the same for the same key fields."""
    fields = [getattr(signal.body, name) for name in SHAPE_OF[type(signal.body)].identity]
    subject = signal.workflow or signal.team
    return _hashed(type(signal.body).__name__, signal.source, subject, signal.at, *fields)


def _day_row_id(signal: Signal[Body], day: date, earlier: Counter[tuple[object, ...]]) -> str:
    """The id of a row that a person typed for a day, without an id: the same for the same words, whenever they come.

    The instant for which today stands is another at each paste, so the day itself counts. `earlier` counts the equal
    rows before it in the same paste, and this one too from now on: all of them count, and none twice.
    """
    subject = signal.workflow or signal.team
    key = (type(signal.body).__name__, signal.source, subject, day, body_text(signal.body), signal.url or "")
    earlier[key] += 1
    return _hashed(*key, earlier[key])


def _sealed(signal: Signal[Body], terms: Terms) -> Signal[Body]:
    """The signal, its id sealed if that may be made from words of whoever typed it."""
    if signal.source != SOURCE or words_in(signal.body) is None:
        return signal
    return replace(signal, id=terms.seal(signal.source, signal.id))


def _day_alone(cells: Mapping[str, str]) -> date | None:
    """The day of a row without an id that names no time beside it."""
    return None if cells.get("id", "").strip() else bare_date(cells["at"].strip(), "at")


def _hashed(*key: object) -> str:
    return f"row-{hashlib.sha256(json.dumps([*map(str, key)]).encode()).hexdigest()[:32]}"


def signal_of(clerk: Clerk, cells: Mapping[str, str]) -> Signal[Body]:
    """The signal that a row's cells are, by the names of their fields; Unfit if they are none."""
    fields = _FIELDS.get(cells.get("type", "").strip(), {})
    entry: dict[str, object] = {}
    for name, cell in cells.items():
        if cell.strip():
            entry[name] = _value(cell, fields.get(name))
        elif name in fields and fields[name].required and fields[name].kind is FieldKind.VERSION:
            entry[name] = ""
    if "id" in entry:
        return clerk.take(entry)
    signal = clerk.take(entry | {"id": _PLACEHOLDER})
    return replace(signal, id=row_id(signal))


def _value(cell: str, field: Field | None) -> object:
    """What a cell says, as JSON would have said it; a cell that says no such thing stays text, and is refused later."""
    text = cell.strip()
    if field is None or field.kind in _WORDS:
        return text if field is None else cell
    if field.kind in _NUMBERS and _WHOLE.fullmatch(text):
        return whole_number(text)
    if field.kind in _NUMBERS and _NUMBER.fullmatch(text):
        return number(text)
    if field.kind is FieldKind.FLAG:
        return _FLAGS.get(text.lower(), text)
    if field.kind in _NESTED:
        try:
            return decoded(text)
        except Unfit as unfit:
            raise Unfit(f"{field.name} must be written as JSON in its cell. {unfit}") from None
    return text


@dataclass(frozen=True, slots=True)
class _Row:
    """A row at the line where it begins: its cells, or the sentence that says why it has none."""

    line: int
    cells: list[str] | str


class _Table:
    """A CSV file: the names in its header, then its rows, each tried on its own so that one broken row costs one."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._waiting: deque[str] = deque()
        self.line = 0
        self.complaint = ""
        header = self._next()
        while header is not None and not header.strip("\ufeff \t\r\n"):
            header = self._next()
        self._delimiter = _delimiter(header or "")
        self.names = _names(header or "")
        twice = next((name for name in self.names if name and self.names.count(name) > 1), None)
        if twice:
            self.complaint = f'The column "{twice}" is there twice, so nothing was read.'
        elif not is_header(header or ""):
            expected = ", ".join(("type", "workflow", *COMMON[2:]))
            self.complaint = f"The first row must name the fields ({expected} …), so nothing was read."

    def rows(self) -> Iterator[_Row]:
        """The rows after the header; blank lines are none."""
        while (line := self._next()) is not None:
            if line.strip():
                yield self._row(line)

    def _row(self, line: str) -> _Row:
        begins = self.line
        if is_too_long(line):
            return _Row(begins, TOO_LONG)
        record = [line]
        is_open = line.count('"') % 2 == 1
        while is_open and len(record) < _MAX_LINES and sum(map(len, record)) <= MAX_LINE:
            more = self._next()
            if more is None:
                break
            record.append(more)
            is_open = more.count('"') % 2 == 0
        cells = "A quotation mark is opened and not closed." if is_open else self._cells(record)
        if isinstance(cells, str):
            # The quotation mark may be a stray one: the lines after it are tried as rows of their own.
            self._waiting.extendleft(reversed(record[1:]))
            self.line = begins
        return _Row(begins, cells)

    def _cells(self, record: list[str]) -> list[str] | str:
        try:
            (cells,) = csv.reader(record, delimiter=self._delimiter, strict=True)
        except (csv.Error, ValueError):
            return "This is not valid CSV: look at its quotation marks."
        if len(cells) != len(self.names):
            return f"This row has {len(cells)} cells, and the header names {len(self.names)}."
        return cells

    def _next(self) -> str | None:
        line = self._waiting.popleft() if self._waiting else next(self._lines, None)
        if line is not None:
            self.line += 1
        return line


def _delimiter(header: str) -> str:
    return next((each for each in "\t;," if each in header), ",")


def _names(header: str) -> list[str]:
    try:
        (cells,) = csv.reader([header.lstrip("\ufeff")], delimiter=_delimiter(header))
    except (csv.Error, ValueError):
        return []
    return [cell.strip() for cell in cells]
