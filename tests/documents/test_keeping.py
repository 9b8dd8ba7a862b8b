"""Who reads a document, how it is found, and that every version stays as it was written."""

import pytest
from sqlalchemy import text as sql

from bot.actions import privacy
from bot.actions.readers import demand_reads, reader_of
from bot.domain.documents import DocumentKind
from bot.domain.errors import NotAllowed, NotFound
from store.errors import ChangeRefused
from tests.documents.samples import Desk

SPEC, POSTMORTEM, RED_TEAM = DocumentKind


@pytest.mark.parametrize(
    ("who", "reads"),
    [
        ("red", True),
        ("run", True),
        ("ana", True),
        ("stu", True),
        ("lea", True),
        ("bea", True),
        ("apo", True),
        ("ada", True),
        ("max", False),
    ],
)
def test_a_red_team_review_is_for_few(desk: Desk, who: str, reads: bool) -> None:
    id_ = desk.draft(RED_TEAM, "red")
    actor = desk.program.actor(who)
    assert desk.program.ask(lambda view: reader_of(view, actor).reads(view.documents.one(id_).audience)) is reads
    assert desk.read(id_).verdict == "Verdict, told."
    if not reads:
        with pytest.raises(NotAllowed, match="its title and verdict are for all"):
            desk.program.ask(lambda view: demand_reads(reader_of(view, actor), view.documents.one(id_)))
        with pytest.raises(NotAllowed, match="is read by those who hold a role"):
            desk.submit(id_, who)


@pytest.mark.parametrize("kind", [SPEC, POSTMORTEM])
def test_specs_and_postmortems_are_for_everyone(desk: Desk, kind: DocumentKind) -> None:
    id_ = desk.draft(kind)
    actor = desk.program.actor("max")
    assert desk.program.ask(lambda view: reader_of(view, actor).reads(view.documents.one(id_).audience))
    assert desk.read(id_).verdict is None


def test_the_store_finds_documents_by_what_they_are_about(desk: Desk) -> None:
    spec, other = desk.in_review(), desk.in_review(POSTMORTEM)
    desk.accept(spec)
    here = desk.program.workflow().id

    def ids(found: tuple[object, ...]) -> set[str]:
        return {getattr(document, "id", "") for document in found}

    view_of = desk.program.ask
    assert ids(view_of(lambda view: view.documents.of_workflow(here))) == {spec, other}
    assert ids(view_of(lambda view: view.documents.all())) == {spec, other}
    assert ids(view_of(lambda view: view.documents.accepted(here, SPEC))) == {spec}
    assert ids(view_of(lambda view: view.documents.accepted(here, POSTMORTEM))) == set()
    assert ids(view_of(lambda view: view.documents.postmortems_of("INC-7"))) == {other}
    assert ids(view_of(lambda view: view.documents.postmortems_of("INC-8"))) == set()
    with pytest.raises(NotFound, match="no document 'doc_none'"):
        desk.read("doc_none")


def test_the_database_itself_keeps_every_version(desk: Desk) -> None:
    id_ = desk.draft()
    for statement in (
        "UPDATE document_versions SET author = NULL, agent = 'forged'",
        "UPDATE document_versions SET number = 2",
        "DELETE FROM document_versions",
    ):
        with pytest.raises(ChangeRefused, match="never changed or deleted"), desk.program.database.writing() as change:
            change.execute(sql(statement))
    assert [version.number for version in desk.read(id_).versions] == [1]


def test_an_erased_version_says_so_and_the_log_stays_whole(desk: Desk) -> None:
    id_ = desk.draft(by="max")
    desk.program.do("ada", privacy.erase, "UMAX", "They left.")
    latest = desk.read(id_).latest
    assert (latest.text.title, latest.text.body) == ("erased", "erased")
    assert desk.program.verify().ok
