"""What the database narrows a search to, against the domain's own rule asked of everything that was written down."""

from itertools import cycle, product

import pytest

from bot.actions import memos
from bot.actions.memos import About
from bot.actions.readers import HOLDER, at_large_for, in_force_for, memos_for, reader_of
from bot.actions.searching import search
from bot.domain.documents import Document, DocumentKind, Text
from bot.domain.memos import Category, Entry, Memo
from bot.domain.searching import holds
from bot.domain.visibility import Reader, Visibility
from bot.domain.workflows import Role
from store import Database, View
from tests.cast import agent
from tests.documents.samples import Desk, body, text
from tests.grants_program import GrantsProgram

EVERYONE = ("ana", "stu", "lea", "bea", "cem", "ada", "apo", "max", "red", "run", "tom", "tia", "pia", "wes")
"""The cast; tom leads another team with tia as its approver, pia and wes own and steward its workflow."""

AGENT = agent("scribe")


@pytest.fixture
def written(database: Database) -> GrantsProgram:
    """Two teams' memos of every kind and visibility, and documents with and without a title, of several authors."""
    program = GrantsProgram(database)
    program.start()
    other = program.team("Claims", lead=program.person("tom"), approvers=(program.person("tia"),))
    program.start("claims_agent", by="pia", team=other, owner="pia", steward="wes")
    _memos(program)
    _documents(program)
    program.name = "claims_agent"
    _memos(program)
    _documents(program)
    program.edit("pia", team=program.ask(lambda view: view.team_named("Support")))
    program.do("ada", memos.file, _entry("For all", Visibility.EVERYONE, Category.SECURITY_POSTURE), About())
    return program


def _entry(title: str, visibility: Visibility, category: Category) -> Entry:
    return Entry(title=title, decision="The limit stays.", category=category, is_reversible=True, visibility=visibility)


def _memos(program: GrantsProgram) -> None:
    owners = cycle(("ana", "max", "tom", "wes"))
    kinds = product(Visibility, (Category.OTHER, Category.SECURITY_POSTURE), ("We keep it", "A limit"))
    for visibility, category, title in kinds:
        about = About(workflow=program.workflow(), owner=program.person(next(owners)))
        program.do("ana", memos.file, _entry(title, visibility, category), about)


def _documents(program: GrantsProgram) -> None:
    desk = Desk(program)
    told = {"Scope": "The limit, told."}
    for title in ("Limits attacked", "Attacked", ""):
        written = Text(title=title, body=body(DocumentKind.RED_TEAM, **told))
        id_ = desk.draft(DocumentKind.RED_TEAM, "red", written)
        desk.edit(id_, "run", given=Text(title=title, body=written.body + "\nUntitled it is not, nor red."))
    desk.draft(DocumentKind.SPEC, AGENT, text(title="A limit"))
    desk.draft(DocumentKind.RED_TEAM, AGENT, Text(title="Its limits", body="## Scope\n\nThe limit, told."))


def _readers(program: GrantsProgram, view: View) -> list[Reader]:
    people = [reader_of(view, program.actor(each)) for each in EVERYONE]
    return [HOLDER, reader_of(view, AGENT), *people]


def test_who_looks_finds_all_that_they_may_and_nothing_else(written: GrantsProgram) -> None:
    def compare(view: View) -> None:
        there: tuple[Memo | Document, ...] = (*view.memos.all(), *view.documents.all())
        for words in ("limit", "lim stays", "limit told", "attack", "untitled red", "ured limit"):
            sought, hits = tuple(words.split()), 0
            holding = {id_ for _, id_ in view.search.page(HOLDER, sought, 1000, 0)}
            for reader in _readers(written, view):
                known = (each for each in there if each.id in holding and reader.knows_of(each.audience))
                shown = {each.id for each in known if holds(each.title, sought) or reader.reads(each.audience)}
                found = search(view, reader, words, most=1000)
                assert {hit.id for hit in found.hits} == shown, (words, reader.handle)
                hits += len(shown)
            assert hits > 5, words

    written.ask(compare)


def test_what_one_may_not_know_of_is_left_out_by_the_database_already(written: GrantsProgram) -> None:
    def compare(view: View) -> tuple[int, int]:
        max_ = reader_of(view, written.actor("max"))
        known = {memo.id for memo in view.memos.all() if max_.knows_of(memo.audience)}
        given = [id_ for kind, id_ in view.search.page(max_, ("limit",), 1000, 0) if kind == "memo"]
        return len(known), len(set(given) - known)

    known, beyond = written.ask(compare)
    assert (known > 10, beyond) == (True, 0)


def test_memos_are_listed_as_far_as_each_reader_may_know_of_them_the_newest_first(written: GrantsProgram) -> None:
    def compare(view: View) -> None:
        for reader in _readers(written, view):
            known = [memo for memo in view.memos.all() if reader.knows_of(memo.audience)]
            listed = memos_for(view, reader)
            assert listed == tuple(known), reader.handle
            assert memos_for(view, reader, most=3) == listed[:3]
            found = memos_for(view, reader, "limit")
            assert {memo.id for memo in found} == {
                memo.id for memo in known if reader.reads(memo.audience) or holds(memo.title, ("limit",))
            }
            assert memos_for(view, reader, "limit", most=2) == found[:2]
            assert at_large_for(view, reader, 100) == tuple(memo for memo in listed if memo.workflow is None)

    written.ask(compare)


def test_what_was_superseded_is_not_offered(database: Database) -> None:
    program = GrantsProgram(database)
    program.start()
    first = program.do("ana", memos.file, _entry("First", Visibility.EVERYONE, Category.OTHER), About()).memo_id
    entry = Entry(title="Second", decision="No.", category=Category.OTHER, is_reversible=True, supersedes=first)
    second = program.do("ana", memos.file, entry, About()).memo_id

    def offered(view: View) -> list[str]:
        return [memo.id for memo in in_force_for(view, reader_of(view, program.actor("ana")), 5)]

    assert program.ask(offered) == [second]


def test_a_new_role_lets_one_find_what_was_there_before(database: Database) -> None:
    program = GrantsProgram(database)
    program.start()
    about = About(workflow=program.workflow())
    memo = program.do("ana", memos.file, _entry("Kept", Visibility.TEAM, Category.SECURITY_POSTURE), about).memo_id

    def found(view: View) -> list[str]:
        return [hit.id for hit in search(view, reader_of(view, program.actor("max")), "limit").hits]

    assert program.ask(found) == []
    program.give(Role.REVIEWER, "max")
    assert program.ask(found) == [memo]
