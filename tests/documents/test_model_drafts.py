"""A model's draft among the versions: it says so until a person writes another, and its asker never judges it."""

import pytest

from bot.actions import documents
from bot.actions.documents import Place, Seen
from bot.domain.documents import DocumentKind, Drafter
from bot.domain.errors import NotAllowed
from bot.sheets import document_sheet
from tests.documents.samples import Desk, text

SPEC = DocumentKind.SPEC
DRAFTER = Drafter("gpt-5.4-mini", "draft_spec@1")


def drafted(desk: Desk, by: str = "ana") -> str:
    """The id of a draft that a model wrote for someone."""
    return desk.program.do(by, documents.draft, desk.program.workflow(), SPEC, text(), DRAFTER).document_id


def test_a_draft_by_a_model_says_so_and_its_author_is_who_asked(desk: Desk) -> None:
    found = desk.read(drafted(desk))
    assert (found.latest.drafter, found.authors) == (DRAFTER, frozenset({desk.program.actor("ana").handle}))
    head = document_sheet(found).partition("\n---\n")[0]
    assert 'drafted_by: "gpt-5.4-mini"\ndrafted_with: "draft_spec@1"' in head
    details = [each for each in desk.program.chain() if each["fact"] == "document_drafted"][-1]["details"]
    assert details["drafter"] == {"model": "gpt-5.4-mini", "prompt": "draft_spec@1"}
    assert desk.program.verify().ok


def test_whoever_asked_never_accepts_it_and_the_mark_stays_while_nobody_changes_it(desk: Desk) -> None:
    id_ = drafted(desk)
    desk.submit(id_)
    with pytest.raises(NotAllowed, match="you wrote it"):
        desk.accept(id_, "ana")
    desk.accept(id_, "bea")
    assert desk.read(id_).latest.drafter == DRAFTER


def test_an_edit_by_a_person_is_a_persons_version_and_the_history_keeps_the_mark(desk: Desk) -> None:
    id_ = drafted(desk)
    desk.edit(id_)
    assert [each.drafter for each in desk.read(id_).versions] == [DRAFTER, None]
    assert "drafted_by" not in document_sheet(desk.read(id_))


def test_a_model_may_go_on_with_what_a_person_began(desk: Desk) -> None:
    id_ = desk.draft(given=text(title="Begun"))
    place = Place(desk.program.workflow(), SPEC, Seen(id_, 1))
    kept = desk.program.do("ana", documents.keep, place, text(title="Begun", Goal="Faster."), DRAFTER)
    assert (kept.version, [each.drafter for each in desk.read(id_).versions]) == (2, [None, DRAFTER])
