"""Looking for words in memos and documents, within what one may see."""

from datetime import timedelta

import pytest

from bot.actions import memos, policies
from bot.actions.memos import About
from bot.actions.readers import HOLDER, reader_of
from bot.actions.searching import search
from bot.domain.deviations import DeviationArea
from bot.domain.memos import Category, Entry
from bot.domain.policies import Entry as PolicyEntry
from bot.domain.visibility import Visibility
from store import Database
from tests.documents.samples import Desk, text
from tests.grants_program import GrantsProgram


def filed(program: GrantsProgram, title: str, decision: str, by: str = "ana", **more: object) -> str:
    given: dict[str, object] = {"category": Category.OTHER, "is_reversible": True, **more}
    entry = Entry(title=title, decision=decision, **given)  # type: ignore[arg-type]
    return program.do(by, memos.file, entry, About(workflow=program.workflow())).memo_id


def found(program: GrantsProgram, words: str, who: str | None = None) -> list[str]:
    """What a person finds, or whoever holds the database."""

    def look(view: object) -> list[str]:
        reader = reader_of(view, program.actor(who)) if who else HOLDER  # type: ignore[arg-type]
        return [hit.id for hit in search(view, reader, words).hits]  # type: ignore[arg-type]

    return program.ask(look)


@pytest.fixture
def refunds(database: Database) -> GrantsProgram:
    program = GrantsProgram(database)
    program.start()
    return program


def test_memos_and_documents_are_found_and_the_title_weighs_more(refunds: GrantsProgram) -> None:
    below = filed(refunds, "We keep the vendor", "The limit stays.")
    above = filed(refunds, "The limit stays", "It is enough.")
    review = refunds.postmortem()

    assert found(refunds, "limit") == [above, below]
    assert found(refunds, "VENDOR lim") == [below]
    assert found(refunds, "refunds told impact") == [review]
    assert found(refunds, "nowhere") == []


def test_a_document_is_found_by_its_latest_version(refunds: GrantsProgram) -> None:
    documents = Desk(refunds)
    id_ = documents.draft(title="Before")
    documents.edit(id_, given=text(title="Afterwards"))

    assert (found(refunds, "before"), found(refunds, "after")) == ([], [id_])


def test_a_policy_is_found_by_what_it_says_now(refunds: GrantsProgram) -> None:
    entry = PolicyEntry(DeviationArea.SECURITY, refunds.at.date() + timedelta(days=90), text="Two people pay out.")
    added = refunds.do("ana", policies.add, "Refund limits", entry, refunds.person("ana"))

    assert found(refunds, "limits") == found(refunds, "pay security", "max") == [added.policy_id]


def test_what_one_may_not_know_of_is_not_found_and_a_body_that_one_may_not_read_gives_nothing_away(
    refunds: GrantsProgram,
) -> None:
    leaders = filed(refunds, "Prices of autumn", "Ten percent.", visibility=Visibility.LEADERS)
    secret = filed(refunds, "Keys are rotated", "The vault leaked.", category=Category.SECURITY_POSTURE)

    assert (found(refunds, "autumn"), found(refunds, "autumn", "max")) == ([leaders], [])
    assert (found(refunds, "rotated", "max"), found(refunds, "leaked", "max")) == ([secret], [])
    assert found(refunds, "rotated leaked", "max") == []
    assert found(refunds, "leaked", "stu") == [secret]


def test_there_is_more_than_is_shown(refunds: GrantsProgram) -> None:
    for number in range(4):
        filed(refunds, f"Limit {number}", "It stays.")
    three = refunds.ask(lambda view: search(view, HOLDER, "limit", most=3))
    assert (len(three.hits), three.has_more) == (3, True)
    four = refunds.ask(lambda view: search(view, HOLDER, "limit", most=4))
    assert (len(four.hits), four.has_more) == (4, False)
