"""Records of a system that a file of sources describes, and the signals that they are."""

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.signals.shapes import FieldKind
from bot.sources.mapping import TYPES, Condition, Read, Rule, written
from bot.sources.seam import Entry

_NUMBERS = (FieldKind.NUMBER, FieldKind.AMOUNT, FieldKind.COUNT, FieldKind.SEVERITY)
_INSTANTS = (FieldKind.INSTANT, FieldKind.DUE)
_AS_THEY_ARE = (FieldKind.FACTS, FieldKind.NAMES)
_WHOLE = re.compile(r"-?[0-9]{1,15}", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?", re.ASCII)
_SECONDS = re.compile(r"[0-9]{9,13}", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NARROW_OFFSET = re.compile(r"([+-][0-9]{2})([0-9]{2})", re.ASCII)
_MILLISECONDS_FROM = 100_000_000_000
"""A number of seconds from here on would be a day after the year 5138: it counts milliseconds."""

Record = Mapping[str, Any]


class Unlisted(Exception):
    """What was answered is no list of records; the text goes on after the system's name."""


def rows(text: str) -> list[Record]:
    """The records of a CSV, parted by commas, semicolons or tabs, with the columns' names in its first row."""
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="")
    header = text.lstrip("\ufeff\r\n").partition("\n")[0]
    found = csv.DictReader(lines, delimiter=max(",;\t", key=header.count), strict=True)
    try:
        names = found.fieldnames or ()
        if len(names) > len(set(names)):
            raise Unlisted("gave a CSV in which two columns have the same name")
        records: list[Record] = []
        for row in found:
            if None in row:
                raise Unlisted(f"gave a CSV whose line {found.line_num} has more cells than its first one")
            records.append(row)
    except csv.Error:
        raise Unlisted(f"gave a CSV that cannot be read from line {found.line_num + 1} on") from None
    return records


def listed(answer: object, path: str | None) -> list[Record]:
    """The records at a path of an answer; the answer itself where there is none."""
    found = at(answer, path) if path else answer
    if not isinstance(found, list):
        raise Unlisted(
            f"gave no list at {path}" if path else "gave something else than a list: say where it is in items"
        )
    if not all(isinstance(each, dict) for each in found):
        raise Unlisted("gave a list in which something is no record with fields")
    return found


def at(value: object, path: str) -> Any:
    """What stands at a path, with a number for a place in a list; None where nothing does."""
    if isinstance(value, Mapping) and path in value:
        return value[path]
    for step in path.split("."):
        if isinstance(value, list) and step.isascii() and step.isdigit():
            value = value[int(step)] if int(step) < len(value) else None
        else:
            value = value.get(step) if isinstance(value, Mapping) else None
    return value


def entries_of(read: Read, record: Record, zone: ZoneInfo | None, since: datetime) -> Iterator[Entry]:
    """The signals that a record is, by each rule that it meets; none from before `since`."""
    for rule in read.signals:
        if all(_meets(at(record, path), condition) for path, condition in rule.when.items()):
            entry = _entry(rule, record, zone) | {"type": rule.type, "workflow": read.workflow}
            if not _is_before(entry.get("at"), since):
                yield entry | {"id": _id(rule, entry)}


def _meets(value: object, condition: Condition) -> bool:
    if condition.exists is not None:
        return (value not in (None, "")) is condition.exists
    values = value if isinstance(value, list) else [value]
    return any(written(each) in condition.values for each in values)


def _entry(rule: Rule, record: Record, zone: ZoneInfo | None) -> dict[str, object]:
    entry: dict[str, object] = {}
    for name, part in rule.parts.items():
        value = at(record, rule.fields[name]) if name in rule.fields else rule.constants.get(name)
        value = rule.words.get(name, {}).get(written(value), value)
        if (value := _fit(value, part.kind, zone)) not in (None, ""):
            entry[name] = value
        elif part.required and part.kind is FieldKind.VERSION:
            entry[name] = ""
    if not _is_link(entry.get("url")):
        entry.pop("url", None)
    return entry


def _fit(value: object, kind: FieldKind, zone: ZoneInfo | None) -> object:
    """A value as a signal would have it; one that cannot be is left as it is, and the intake says why it is refused."""
    if kind in _AS_THEY_ARE or value is None:
        return value
    if kind in _NUMBERS:
        return _number(value)
    if kind is FieldKind.FLAG:
        return {"true": True, "false": False, "": None}.get(written(value).casefold(), value)
    if kind in _INSTANTS:
        return _instant(value, kind, zone)
    return value if isinstance(value, str | list | dict) else written(value)


def _number(value: object) -> object:
    if isinstance(value, str):
        text = value.strip()
        return int(text) if _WHOLE.fullmatch(text) else float(text) if _NUMBER.fullmatch(text) else text
    return value


def _instant(value: object, kind: FieldKind, zone: ZoneInfo | None) -> object:
    """Seconds or milliseconds since 1970, or a text; one that names no offset is meant in `zone`, if there is one."""
    text = written(value)
    if (isinstance(value, int | float) and not isinstance(value, bool)) or _SECONDS.fullmatch(text):
        seconds = float(text) / (1000 if float(text) >= _MILLISECONDS_FROM else 1)
        try:
            return datetime.fromtimestamp(seconds, UTC).isoformat()
        except (ValueError, OverflowError, OSError):
            return value
    if kind is FieldKind.DUE and _DAY.fullmatch(text):
        return text
    head, tail = text[:-5], text[-5:]
    if "T" in head.upper() or " " in head:
        text = head + _NARROW_OFFSET.sub(r"\1:\2", tail)
    return _placed(text, zone) if zone else text


def _placed(text: str, zone: ZoneInfo) -> str:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return found.replace(tzinfo=zone).isoformat() if found.tzinfo is None else text


def _is_before(instant: object, since: datetime) -> bool:
    try:
        found = datetime.fromisoformat(str(instant))
    except ValueError:
        return False
    return found.tzinfo is not None and found < since


def _is_link(url: object) -> bool:
    return isinstance(url, str) and url.startswith(("https://", "http://")) and url.isprintable() and " " not in url


def _id(rule: Rule, entry: Entry) -> str:
    """The same for the same record, however often it is read: made of its own id, its time and its key fields."""
    parts = [entry.get(name) for name in ("workflow", "at", "id", *TYPES[rule.type].identity)]
    return f"{rule.type}-{hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:32]}"
