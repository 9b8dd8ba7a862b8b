"""Column types and text forms that read back the same from SQLite and from PostgreSQL."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal

from sqlalchemy import TIMESTAMP, BigInteger, Dialect, Integer, String, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from store.errors import StoreDamaged, TextRefused

_HALF = re.compile("[\ud800-\udfff]")
_WRITTEN = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False)

Serial = BigInteger().with_variant(Integer(), "sqlite")
"""A whole number of 64 bits that SQLite may use as its row id."""


def instant_text(at: datetime) -> str:
    """The UTC text of an aware instant, always 27 characters, so that it sorts as it happened."""
    if at.tzinfo is None:
        raise TextRefused(f"The time {at.isoformat()} has no time zone; give one, for instance +00:00.")
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant to the microsecond: timestamptz on PostgreSQL, sortable text on SQLite."""

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[datetime] | TypeEngine[str]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(TIMESTAMP(timezone=True))
        return dialect.type_descriptor(String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | str | None:
        if value is None:
            return None
        text = instant_text(value)
        return value.astimezone(UTC) if dialect.name == "postgresql" else text

    def process_result_value(self, value: datetime | str | None, dialect: Dialect) -> datetime | None:
        del dialect
        if value is None:
            return None
        at = datetime.fromisoformat(value) if isinstance(value, str) else value
        if at.tzinfo is None:
            # Reading it as UTC would hide that it was written past this type.
            raise StoreDamaged(f"The database holds the time {value} without a zone; restore a backup.")
        return at.astimezone(UTC)


class Canonical(TypeDecorator[object]):
    """A value kept as canonical JSON text; it comes back as dicts, lists, strings, whole numbers, bools."""

    impl = Text()
    cache_ok = True

    def process_bind_param(self, value: object, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else canonical(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> object:
        del dialect
        return None if value is None else json.loads(value)


class Exact(TypeDecorator[Decimal]):
    """A decimal kept as text, digit for digit; it does not sort by value."""

    impl = String(64)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        del dialect
        return None if value is None else _decimal_text(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        del dialect
        return None if value is None else Decimal(value)


def canonical(value: object) -> str:
    """The one JSON text of a value: sorted keys, no spaces, NFC, nothing escaped that need not be.

    Instants become UTC text, dates ISO text, decimals digits in quotes. Floats and NaN are refused,
    because two programs may write the same float differently and the hash would not match.
    """
    return _WRITTEN.encode(_plain(value))


def canonical_sha256(value: object) -> str:
    """The SHA-256 of that text, in hexadecimal digits."""
    return text_sha256(canonical(value))


def text_sha256(text: str) -> str:
    """The SHA-256 of a text as UTF-8, in hexadecimal digits."""
    return hashlib.sha256(text.encode()).hexdigest()


def as_recorded(said: Mapping[str, object]) -> dict[str, object]:
    """What is given of `said`, as it comes back out of a record's details: so that rows can be compared with them."""
    given: dict[str, object] = json.loads(canonical({name: value for name, value in said.items() if value is not None}))
    return given


def demand_storable(text: str) -> None:
    """Nothing; refuses a text that PostgreSQL or UTF-8 cannot hold (NUL, half of a surrogate pair)."""
    if "\x00" in text:
        raise TextRefused("The text holds a NUL character, which cannot be saved; remove it and try again.")
    if not text.isascii() and _HALF.search(text):
        raise TextRefused(
            "The text holds half of a character (a lone surrogate), which cannot be saved; "
            "type that character again and retry."
        )


def _plain(value: object) -> object:
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return _decimal_text(value)
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return _plain_mapping(value)
    raise TextRefused(
        f"A value of kind {type(value).__name__} has no exact form in the log; "
        "give text, a whole number, a decimal, a date or a time instead."
    )


def _plain_mapping(value: Mapping[object, object]) -> dict[str, object]:
    plain: dict[str, object] = {}
    for key, each in value.items():
        name = _text(key) if isinstance(key, str) else None
        if name is None or name in plain:
            raise TextRefused(f"The key {key!r} is not a text of its own; give every entry a different name.")
        plain[name] = _plain(each)
    return plain


def _text(value: str) -> str:
    if value.isascii() and "\x00" not in value:
        return str(value)
    demand_storable(value)
    return unicodedata.normalize("NFC", value)


def _decimal_text(value: Decimal) -> str:
    if not value.is_finite():
        raise TextRefused(f"{value} is not a number that can be saved; give a finite one.")
    return format(value, "f")
