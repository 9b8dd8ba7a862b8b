"""The audit log vouches for documents too: whoever changes one past this program is found out."""

import pytest

from bot.actions import documents
from bot.domain.documents import DocumentKind, Drafter
from tests.actions.test_tampering import record_of, tamper
from tests.cast import agent
from tests.documents.samples import Desk, text

SPEC, POSTMORTEM, RED_TEAM = DocumentKind


@pytest.fixture
def accepted(desk: Desk) -> str:
    """The id of a red-team review that was accepted; a spec was rejected, written anew and stands in review."""
    program = desk.program
    program.do("max", documents.draft, program.workflow(), SPEC, text(), Drafter("told", "draft_spec@1"))
    spec = desk.draft(SPEC, agent())
    desk.submit(spec, "max")
    program.later(hours=1)
    desk.reject(spec)
    desk.edit(spec, "stu")
    desk.submit(spec, "stu")
    id_ = desk.in_review(RED_TEAM, "red")
    desk.accept(id_)
    desk.reject(desk.in_review(POSTMORTEM, "max"), "cem")
    return id_


def test_documents_as_they_were_written_and_judged_verify(desk: Desk, accepted: str) -> None:
    assert desk.read(accepted).decided_by
    assert desk.program.verify().ok


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("UPDATE documents SET state = 'in_review', decided_by = NULL WHERE id = '{}'", "not as its records left it."),
        ("UPDATE documents SET decided_by = submitted_by WHERE id = '{}'", "not as its records left it."),
        ("UPDATE documents SET because = 'admin' WHERE id = '{}'", "not as its records left it."),
        ("UPDATE documents SET kind = 'spec' WHERE id = '{}'", "not as its records left it."),
        ("DELETE FROM document_versions WHERE document_id = '{0}'; DELETE FROM documents WHERE id = '{0}'", "missing."),
    ],
)
def test_a_document_that_is_not_as_its_records_left_it_is_named(
    desk: Desk, accepted: str, statement: str, said: str
) -> None:
    tamper(desk.program, *statement.format(accepted).split("; "))
    found = desk.program.verify()
    accepting = next(int(each["seq"]) for each in desk.program.chain() if each["fact"] == "document_accepted")
    assert (found.ok, str(found.why).endswith(said)) == (False, True)
    assert found.first_broken in (accepting, accepting - 2)


def test_a_draft_that_was_accepted_past_this_program_is_named(desk: Desk) -> None:
    id_ = desk.draft()
    tamper(desk.program, f"UPDATE documents SET state = 'accepted' WHERE id = '{id_}'")
    found = desk.program.verify()
    seq = record_of(desk.program, "document_drafted")
    assert (found.first_broken, found.why) == (
        seq,
        f"Document {id_} (record {seq}) was changed: it is not as its records left it.",
    )


def test_a_version_that_says_something_else_is_named(desk: Desk) -> None:
    id_ = desk.draft(given=text())
    desk.edit(id_)
    tamper(
        desk.program,
        f"UPDATE document_versions SET body = (SELECT body FROM document_versions WHERE id = '{id_}/2')"
        f" WHERE id = '{id_}/1'",
    )
    found = desk.program.verify()
    seq = record_of(desk.program, "document_drafted")
    assert found.why == f"Version {id_}/1 (record {seq}) was changed: it is not as its records left it."


def test_a_document_that_no_record_tells_of_is_named(desk: Desk) -> None:
    id_ = desk.draft()
    tamper(
        desk.program,
        "INSERT INTO documents (id, kind, workflow_id, state, version)"
        f" SELECT 'doc_x', kind, workflow_id, 'accepted', 1 FROM documents WHERE id = '{id_}'",
    )
    found = desk.program.verify()
    assert (found.first_broken, found.why) == (
        None,
        "Document doc_x was added past this program: no record tells of it.",
    )
