"""Drafts: one's own, the newest few, for two weeks, whatever was pasted into them."""

from datetime import timedelta

from store import drafts, people
from store.drafts import KEPT, MOST, Draft
from store.engine import Database
from store.verification import verify
from tests.store.samples import AT

MINUTE = timedelta(minutes=1)


def keep(database: Database, draft: Draft, handle: str = "U1", kind: str = "memo") -> None:
    with database.writing() as connection:
        drafts.keep(connection, handle, kind, draft)


def kept(database: Database, handle: str = "U1", kind: str = "memo", later: timedelta = MINUTE) -> tuple[Draft, ...]:
    with database.reading() as connection:
        return drafts.kept_for(connection, handle, kind, AT + later)


def test_a_draft_comes_back_as_it_was_typed_and_takes_its_own_place(database: Database) -> None:
    keep(database, Draft("d1", {"title": "Go", "decision": "half \ud800, \0, {{ x }}"}, AT))
    assert kept(database) == (Draft("d1", {"title": "Go", "decision": "half \ud800, \0, {{ x }}"}, AT),)
    keep(database, Draft("d1", {"title": "Go now"}, AT + MINUTE))
    assert kept(database) == (Draft("d1", {"title": "Go now"}, AT + MINUTE),)
    assert (kept(database, "U2"), kept(database, kind="spec")) == ((), ())


def test_the_draft_of_someone_else_is_neither_changed_nor_forgotten(database: Database) -> None:
    mine = Draft("d1", {"title": "Mine"}, AT)
    keep(database, mine)
    keep(database, Draft("d1", {"title": "Theirs"}, AT + MINUTE), "U2")
    with database.writing() as connection:
        drafts.forget(connection, "U2", "d1")
        drafts.forget(connection, "U3", "d1")
    assert (kept(database), kept(database, "U2")) == ((mine,), ())
    with database.writing() as connection:
        drafts.forget(connection, "U1", "d1")
    assert kept(database) == ()


def test_only_the_newest_few_of_a_kind_are_kept(database: Database) -> None:
    keep(database, Draft("spec", {}, AT), kind="spec")
    for number in range(MOST + 2):
        keep(database, Draft(f"d{number}", {}, AT + number * MINUTE))
    found = [draft.id for draft in kept(database, later=10 * MINUTE)]
    assert found == [f"d{number}" for number in reversed(range(2, MOST + 2))]
    assert len(kept(database, kind="spec")) == 1


def test_a_draft_is_forgotten_after_two_weeks(database: Database) -> None:
    keep(database, Draft("old", {}, AT))
    keep(database, Draft("new", {}, AT + MINUTE))
    assert [draft.id for draft in kept(database, later=KEPT)] == ["new"]
    with database.writing() as connection:
        assert drafts.prune(connection, AT + KEPT) == 1
    assert [draft.id for draft in kept(database)] == ["new"]


def test_whoever_is_erased_leaves_no_draft_and_no_log_ever_knew_of_one(database: Database) -> None:
    keep(database, Draft("d1", {"title": "Mine"}, AT))
    with database.writing() as connection:
        person = people.find(connection, "U1")
        assert person
        assert people.erase(connection, person, AT)
    assert kept(database) == ()
    with database.reading() as connection:
        assert (verify(connection).ok, verify(connection).records) == (True, 0)
