"""Values come back from both engines exactly as they went in, or are refused with a sentence."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection, select

from store import texts
from store.engine import Database
from store.errors import StoreDamaged, TextRefused
from store.tables.ledger import people
from store.tables.sources import sources
from store.types import Exact, canonical, instant_text
from tests.store.samples import AT


def _meet(connection: Connection, name: str, seen_at: datetime) -> None:
    connection.execute(people.insert().values(id=name, handle=name, seen_at=seen_at))


def test_an_instant_comes_back_as_the_same_moment_in_utc(database: Database) -> None:
    tokyo = datetime(2026, 3, 2, 18, 0, 0, 123456, tzinfo=timezone(timedelta(hours=9)))
    with database.writing() as connection:
        _meet(connection, "aiko", tokyo)
    with database.reading() as connection:
        found = connection.execute(select(people.c.seen_at)).scalar_one()
    assert (found, found.tzinfo) == (datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC), UTC)


def test_instants_sort_and_compare_as_they_happened(database: Database) -> None:
    moments = {
        "first": datetime(999, 12, 31, 23, 59, tzinfo=UTC),
        "second": AT,
        "third": AT + timedelta(microseconds=1),
        "fourth": AT.astimezone(timezone(timedelta(hours=-8))) + timedelta(seconds=1),
    }
    with database.writing() as connection:
        for name in sorted(moments):
            _meet(connection, name, moments[name])
    with database.reading() as connection:
        everyone = connection.scalars(select(people.c.id).order_by(people.c.seen_at)).all()
        later = set(connection.scalars(select(people.c.id).where(people.c.seen_at > AT)))
    assert (everyone, later) == (["first", "second", "third", "fourth"], {"third", "fourth"})


def test_an_instant_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(TextRefused, match="has no time zone"), database.writing() as connection:
        _meet(connection, "ana", AT.replace(tzinfo=None))


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_an_instant_that_was_written_without_a_zone_is_not_taken_for_utc(database: Database) -> None:
    with database.writing() as connection:
        connection.exec_driver_sql("INSERT INTO people (id, seen_at) VALUES ('p', '2026-03-02T09:00:00.000000')")
    with pytest.raises(StoreDamaged, match="without a zone"), database.reading() as connection:
        connection.execute(select(people.c.seen_at)).all()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "naïve\u0301",
        "👩‍👩‍👧‍👦",
        "\u202eright to left",
        "a\tb\r\nc",
        "x" * 100_000,
        "'; DROP TABLE audit; --",
        "\\u0000 %s :x",
    ],
    ids=["empty", "combining", "joined emoji", "override", "lines", "long", "quotes", "escapes"],
)
def test_a_text_is_kept_letter_for_letter(database: Database, body: str) -> None:
    with database.writing() as connection:
        stored = texts.write(connection, body, None, AT)
    with database.reading() as connection:
        assert texts.read(connection, [stored.id]) == {stored.id: body}


@pytest.mark.parametrize(
    ("body", "why"), [("a\x00b", "NUL character"), ("a\ud83d", "lone surrogate"), ("é\udc00", "lone surrogate")]
)
def test_what_one_engine_cannot_hold_is_refused_by_both(database: Database, body: str, why: str) -> None:
    with pytest.raises(TextRefused, match=why), database.writing() as connection:
        texts.write(connection, body, None, AT)
    with pytest.raises(TextRefused, match=why), database.writing() as connection:
        connection.execute(people.insert(), [{"id": "p_1", "handle": body, "seen_at": AT}] * 2)


def test_canonical_json_is_one_text_for_one_value() -> None:
    value = {"b": [True, None, -3], "a": "cafe\u0301", "at": AT, "on": date(2026, 3, 2), "sum": Decimal("1E+3")}
    assert canonical(value) == (
        '{"a":"café","at":"2026-03-02T09:00:00.000000Z","b":[true,null,-3],"on":"2026-03-02","sum":"1000"}'
    )


@pytest.mark.parametrize(
    "value",
    [1.5, float("nan"), {1: "a"}, {"é": 1, "e\u0301": 2}, Decimal("NaN"), {"at": AT.replace(tzinfo=None)}, "\x00", {1}],
    ids=["float", "nan", "number as key", "keys that normalise to one", "decimal nan", "naive time", "nul", "set"],
)
def test_what_has_no_one_form_is_refused(value: object) -> None:
    with pytest.raises(TextRefused):
        canonical(value)


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec="utf-8", exclude_characters="\0")),
    lambda inner: st.lists(inner) | st.dictionaries(st.text("abc"), inner),
))  # fmt: skip
def test_canonical_json_does_not_depend_on_the_order_of_keys(value: object) -> None:
    def reversed_keys(each: object) -> object:
        if isinstance(each, dict):
            return {key: reversed_keys(each[key]) for key in reversed(each)}
        return [reversed_keys(one) for one in each] if isinstance(each, list) else each

    assert canonical(value) == canonical(reversed_keys(value))


def test_a_canonical_column_gives_the_value_back(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(sources.insert().values(name="s", configured=True, cursors={"b": [1, "é"]}))
    with database.reading() as connection:
        assert connection.execute(select(sources.c.cursors)).scalar_one() == {"b": [1, "é"]}


@pytest.mark.parametrize("number", ["0.10", "12345678901234567890.12", "-0.00000001"])
def test_an_exact_decimal_keeps_its_digits(database: Database, number: str) -> None:
    with database.reading() as connection:
        column = Exact()
        kept = column.process_bind_param(Decimal(number), connection.dialect)
        assert str(column.process_result_value(kept, connection.dialect)) in {number, str(Decimal(number))}


def test_the_text_of_an_instant_is_always_as_long() -> None:
    assert [instant_text(at) for at in (datetime(1, 1, 1, tzinfo=UTC), AT)] == [
        "0001-01-01T00:00:00.000000Z",
        "2026-03-02T09:00:00.000000Z",
    ]
