"""Whoever gets past the guards and changes the log is found, and the record that was touched is named."""

import json

import pytest
from sqlalchemy import Connection, text

from store import audit
from store.audit import Head, record_hash
from store.engine import Database
from store.tables.ledger import audit as log
from store.types import canonical, instant_text
from store.verification import Verification, verify
from tests.store.samples import entry, record, unguarded

RECORDS = 12

_COLUMNS = (
    "seq, real_at, effective_at, principal_kind, principal, claimed, through, fact, fact_version, subject, details,"
    " prev_hash, hash"
)


def _verify(database: Database, kept: Head | None = None) -> Verification:
    with database.reading() as connection:
        return verify(connection, kept)


def _tamper(database: Database, *statements: str) -> None:
    with database.writing() as connection:
        unguarded(connection, *statements)


def _head(database: Database) -> Head:
    with database.reading() as connection:
        return audit.head(connection)


def _forged_hash(connection: Connection, seq: int, subject: str, prev_hash: str) -> str:
    """The right hash for sample record `seq` with another subject."""
    sample = entry(seq)
    return record_hash(
        prev_hash,
        (
            seq,
            instant_text(sample.real_at),
            instant_text(sample.effective_at),
            sample.principal_kind,
            sample.principal,
            None,
            sample.through,
            sample.fact,
            1,
            subject,
            canonical(sample.details),
        ),
    )


def _prev_hash(connection: Connection, seq: int) -> str:
    return str(connection.execute(text("SELECT prev_hash FROM audit WHERE seq = :seq"), {"seq": seq}).scalar_one())


@pytest.mark.parametrize("seq", [1, 7, RECORDS])
@pytest.mark.parametrize(
    "change",
    [
        "principal = 'p_other'",
        "principal_kind = 'agent'",
        "claimed = 'rui@desk'",
        "through = 'cli'",
        "fact = 'item_opened'",
        "fact_version = 2",
        "subject = 'refunds/other'",
        "details = '{}'",
        "details = details || ' '",
        "real_at = '2026-03-02T10:00:00.000000Z'",
        "effective_at = '2026-03-02T10:00:00.000000Z'",
        "hash = replace(hash, substr(hash, 1, 8), '00000000')",
        "prev_hash = replace(prev_hash, substr(prev_hash, 1, 8), 'ffffffff')",
    ],
)
def test_an_edited_record_is_named(database: Database, change: str, seq: int) -> None:
    record(database, RECORDS)
    _tamper(database, f"UPDATE audit SET {change} WHERE seq = {seq}")
    found = _verify(database)
    assert (found.ok, found.first_broken, found.records) == (False, seq, RECORDS)


@pytest.mark.parametrize("seq", [1, 7, RECORDS])
def test_a_record_edited_and_hashed_anew_is_named(database: Database, seq: int) -> None:
    record(database, RECORDS)
    with database.writing() as connection:
        forged = _forged_hash(connection, seq, "forged", _prev_hash(connection, seq))
        unguarded(connection, f"UPDATE audit SET subject = 'forged', hash = '{forged}' WHERE seq = {seq}")
    found = _verify(database)
    assert (found.ok, found.first_broken) == (False, seq)
    assert f"Record {seq} was rewritten" in str(found.why)


@pytest.mark.parametrize("seq", [1, 7, RECORDS])
def test_a_deleted_record_is_named(database: Database, seq: int) -> None:
    record(database, RECORDS)
    _tamper(database, f"DELETE FROM audit WHERE seq = {seq}")
    found = _verify(database)
    assert (found.ok, found.first_broken, found.records) == (False, seq, RECORDS - 1)


def test_a_deleted_record_is_named_though_the_rest_moved_up(database: Database) -> None:
    record(database, RECORDS)
    moves = [f"UPDATE audit SET seq = {seq - 1} WHERE seq = {seq}" for seq in range(8, RECORDS + 1)]
    _tamper(database, "DELETE FROM audit WHERE seq = 7", *moves)
    assert (_verify(database).ok, _verify(database).first_broken) == (False, 7)


@pytest.mark.parametrize(("first", "second"), [(1, 2), (3, 9), (RECORDS - 1, RECORDS)])
def test_two_records_that_changed_places_are_found_at_the_first(database: Database, first: int, second: int) -> None:
    record(database, RECORDS)
    _tamper(
        database,
        f"UPDATE audit SET seq = -1 WHERE seq = {first}",
        f"UPDATE audit SET seq = {first} WHERE seq = {second}",
        f"UPDATE audit SET seq = {second} WHERE seq = -1",
    )
    assert (_verify(database).ok, _verify(database).first_broken) == (False, first)


@pytest.mark.parametrize("seq", [1, 7, RECORDS])
def test_an_inserted_record_is_named_though_it_fits_what_is_before_it(database: Database, seq: int) -> None:
    record(database, RECORDS)
    with database.writing() as connection:
        prev_hash = _prev_hash(connection, seq)
        forged = _forged_hash(connection, seq, "forged", prev_hash)
        moves = [f"UPDATE audit SET seq = {each + 1} WHERE seq = {each}" for each in range(RECORDS, seq - 1, -1)]
        copy = (
            f"INSERT INTO audit ({_COLUMNS}) SELECT {seq}, real_at, effective_at, principal_kind, principal, claimed,"
            f" through, fact, fact_version, 'forged', details, '{prev_hash}', '{forged}' FROM audit"
            f" WHERE seq = {seq + 1}"
        )
        unguarded(connection, *moves, copy)
    assert (_verify(database).ok, _verify(database).first_broken) == (False, seq)


@pytest.mark.parametrize("seq", [0, -5])
def test_a_record_put_in_front_is_named(database: Database, seq: int) -> None:
    record(database, RECORDS)
    _tamper(
        database,
        f"INSERT INTO audit ({_COLUMNS}) SELECT {seq}, real_at, effective_at, principal_kind, principal, claimed,"
        " through, fact, fact_version, subject, details, prev_hash, 'x' FROM audit WHERE seq = 1",
    )
    assert (_verify(database).ok, _verify(database).first_broken) == (False, seq)


def test_a_record_added_past_the_program_is_named(database: Database) -> None:
    record(database, RECORDS)
    head = _head(database)
    with database.writing() as connection:
        forged = _forged_hash(connection, RECORDS + 1, "forged", head.hash)
        sample = entry(RECORDS + 1)
        connection.execute(
            log.insert().values(
                seq=RECORDS + 1,
                real_at=sample.real_at,
                effective_at=sample.effective_at,
                principal_kind=sample.principal_kind,
                principal=sample.principal,
                through=sample.through,
                fact=sample.fact,
                fact_version=1,
                subject="forged",
                details=canonical(sample.details),
                prev_hash=head.hash,
                hash=forged,
            )
        )
    assert (_verify(database).ok, _verify(database).first_broken) == (False, RECORDS + 1)


def test_a_tail_cut_off_is_named_by_the_head(database: Database) -> None:
    record(database, RECORDS)
    _tamper(database, "DELETE FROM audit WHERE seq > 9")
    found = _verify(database)
    assert (found.ok, found.first_broken) == (False, 10)


def test_a_tail_cut_off_together_with_its_head_is_found_by_a_head_kept_elsewhere(database: Database) -> None:
    record(database, RECORDS)
    kept = _head(database)
    cut = (
        "DELETE FROM audit WHERE seq > 9",
        "UPDATE audit_head SET seq = 9, hash = (SELECT hash FROM audit WHERE seq = 9)",
    )
    _tamper(database, *cut)
    assert _verify(database).ok
    found = _verify(database, kept)
    assert (found.ok, found.first_broken) == (False, 10)


def test_a_log_rewritten_to_its_end_is_found_by_a_head_kept_elsewhere(database: Database) -> None:
    record(database, 8)
    kept = _head(database)
    record(database, 2)
    with database.writing() as connection:
        prev_hash, rewritten = _prev_hash(connection, 5), []
        for seq, number in zip(range(5, 11), (5, 6, 7, 8, 1, 2), strict=True):
            row = connection.execute(
                text("SELECT real_at, effective_at, details FROM audit WHERE seq = :seq"), {"seq": seq}
            ).one()
            sample = entry(number)
            values = (seq, instant_text(sample.real_at), instant_text(sample.effective_at), "human", "p_forged", None)
            forged = record_hash(prev_hash, (*values, "slack", "item_done", 1, sample.subject, row.details))
            rewritten.append(
                f"UPDATE audit SET principal = 'p_forged', prev_hash = '{prev_hash}', hash = '{forged}'"
                f" WHERE seq = {seq}"
            )
            prev_hash = forged
        unguarded(connection, *rewritten, f"UPDATE audit_head SET hash = '{prev_hash}'")
    assert _verify(database).ok
    found = _verify(database, kept)
    assert (found.ok, found.first_broken) == (False, 8)
    assert "noted elsewhere" in str(found.why)


def test_a_kept_head_that_fits_says_so(database: Database) -> None:
    record(database, 4)
    kept = _head(database)
    record(database, 3)
    assert _verify(database, kept) == Verification(True, 7, 0, None, None, _head(database))


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize(
    "value", ["CAST(X'ff41' AS TEXT)", "X'00ff'", "'2026-03-02'", "17"], ids=["no utf-8", "bytes", "short", "number"]
)
@pytest.mark.parametrize("column", ["subject", "real_at", "details", "hash"])
def test_a_record_that_cannot_even_be_read_is_named(database: Database, column: str, value: str) -> None:
    record(database, RECORDS)
    _tamper(database, f"UPDATE audit SET {column} = {value} WHERE seq = 7")
    assert (_verify(database).ok, _verify(database).first_broken) == (False, 7)


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_a_time_out_of_range_is_named(database: Database) -> None:
    record(database, RECORDS)
    _tamper(database, "UPDATE audit SET real_at = 'infinity' WHERE seq = 7")
    assert (_verify(database).ok, _verify(database).first_broken) == (False, 7)


def test_details_that_this_program_never_writes_do_not_stop_the_walk(database: Database) -> None:
    record(database, 3)
    with database.writing() as connection:
        sample, details = entry(3), '{"texts":[1'
        values = (3, instant_text(sample.real_at), instant_text(sample.effective_at), "human", "p_ana", None)
        prev_hash = _prev_hash(connection, 3)
        forged = record_hash(prev_hash, (*values, "slack", "item_done", 1, sample.subject, details))
        unguarded(
            connection,
            f"UPDATE audit SET details = '{details}', hash = '{forged}' WHERE seq = 3",
            f"UPDATE audit_head SET hash = '{forged}'",
        )
    with pytest.raises(json.JSONDecodeError):
        json.loads(details)
    assert (_verify(database).ok, _verify(database).first_broken) == (False, 3)
