"""The log: one chain, whoever writes at once; readable and checkable without this program."""

import hashlib
import json
from functools import partial

import pytest
from sqlalchemy import Connection

from store import audit, people, texts
from store.audit import FIRST_HASH, AuditEntry, Head
from store.engine import Database
from store.errors import StoreError, TextRefused
from store.verification import Verification, verify
from tests.store.samples import AT, entry, record, unguarded
from tests.store.together import together


def test_an_empty_log_is_whole(database: Database) -> None:
    with database.reading() as connection:
        assert verify(connection) == Verification(
            ok=True, records=0, erased_texts=0, first_broken=None, why=None, head=Head(0, FIRST_HASH)
        )


def test_each_record_holds_the_hash_of_the_one_before(database: Database) -> None:
    with database.writing() as connection:
        heads = [audit.append(connection, entry(number)) for number in (1, 2, 3)]
    with database.reading() as connection:
        records = list(audit.export(connection))
        assert audit.head(connection) == heads[-1]
    assert [(each["seq"], each["hash"]) for each in records] == [(head.seq, head.hash) for head in heads]
    assert [each["prev_hash"] for each in records] == [FIRST_HASH, heads[0].hash, heads[1].hash]


def test_an_export_can_be_checked_without_this_program(database: Database) -> None:
    full = AuditEntry(
        real_at=AT,
        effective_at=AT,
        principal_kind="agent",
        principal='refunds "bot"\u2028é',
        through="api",
        fact="item_done",
        fact_version=2,
        subject="w\n1",
        claimed="ana@desk",
        details={"z": [1, {"b": None, "a": True}], "é": "\u007f\u001f👍"},
    )
    with database.writing() as connection:
        audit.append(connection, full)
        audit.append(connection, entry(2))
    names = "seq real_at effective_at principal_kind principal claimed through fact fact_version subject details"
    before = "0" * 64
    with database.reading() as connection:
        exported = list(audit.export(connection))
    for each in exported:
        array = json.dumps(
            [each[name] for name in names.split()], sort_keys=True, separators=(",", ":"), ensure_ascii=False
        )
        before = hashlib.sha256(f"{before}\n{array}".encode()).hexdigest()
        assert before == each["hash"]
    assert exported[0]["details"] == full.details


def test_a_change_that_fails_leaves_no_record_and_a_record_that_fails_leaves_no_change(database: Database) -> None:
    def fails(connection: Connection) -> None:
        audit.append(connection, entry(1))
        raise LookupError

    def records_what_cannot_be_recorded(connection: Connection) -> None:
        people.known(connection, "U1", AT)
        audit.append(connection, AuditEntry(AT, AT, "human", "p_1", "slack", "made", "w", details={"x": 0.5}))

    with pytest.raises(LookupError):
        database.retrying(fails)
    with pytest.raises(TextRefused):
        database.retrying(records_what_cannot_be_recorded)
    with database.reading() as connection:
        assert (audit.head(connection).seq, people.find(connection, "U1")) == (0, None)


def test_details_may_not_pose_as_stored_texts(database: Database) -> None:
    posing = AuditEntry(AT, AT, "human", "p_1", "slack", "made", "w", details={"texts": {}})
    with pytest.raises(ValueError, match="may not use the key"), database.writing() as connection:
        audit.append(connection, posing)


def test_eight_threads_leave_one_whole_chain(database: Database) -> None:
    def write(thread: int) -> None:
        for number in range(25):
            with database.writing() as connection:
                person = people.known(connection, f"U{number}", AT)
                texts.write(connection, f"{thread} {number}", person, AT)
                audit.append(connection, entry(thread * 100 + number))

    together([partial(write, number) for number in range(8)])
    with database.reading() as connection:
        found = verify(connection)
        subjects = {each["subject"] for each in audit.export(connection)}
    assert (found.ok, found.records, found.head.seq, len(subjects)) == (True, 200, 200, 200)


def test_without_its_head_nothing_can_be_recorded(database: Database) -> None:
    record(database, 1)
    with database.writing() as connection:
        unguarded(connection, "DELETE FROM audit_head")
    with pytest.raises(StoreError, match="head of the audit log is missing"), database.writing() as connection:
        audit.append(connection, entry(2))


def test_a_log_longer_than_a_batch_is_walked_whole(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.verification.BATCH", 10)
    record(database, 25)
    with database.reading() as connection:
        found = verify(connection)
        assert (found.ok, found.records, found.head) == (True, 25, audit.head(connection))
