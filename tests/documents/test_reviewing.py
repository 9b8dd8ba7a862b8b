"""A document's way: draft, in review, accepted or rejected; never by its author, a red-team review by no insider."""

from datetime import timedelta

import pytest

from bot.actions import absences
from bot.domain.documents import DocumentKind, DocumentState, Text
from bot.domain.errors import BadInput, Conflict, NotAllowed, Refused
from bot.domain.gaps import Incomplete
from bot.domain.items import ItemState
from bot.domain.people import Membership
from bot.domain.workflows import Role
from tests.actions.test_races import at_once
from tests.cast import MONDAY, agent
from tests.documents.samples import Desk, text

SPEC, POSTMORTEM, RED_TEAM = DocumentKind


def test_a_document_comes_back_as_it_was_written(desk: Desk) -> None:
    id_ = desk.draft(POSTMORTEM, "max")
    found = desk.read(id_)
    (version,) = found.versions
    assert (found.kind, found.workflow, found.state, found.title) == (
        POSTMORTEM,
        "refunds_agent",
        DocumentState.DRAFT,
        "Refunds, told",
    )
    assert (version.number, version.text, version.author_handle, version.written_at) == (
        1,
        text(POSTMORTEM),
        "UMAX",
        MONDAY,
    )


def test_a_draft_with_gaps_is_kept_and_submitting_it_names_them(desk: Desk) -> None:
    id_ = desk.draft(SPEC, given=Text("", "## Goal\n\nFaster."))
    with pytest.raises(Incomplete) as refusal:
        desk.submit(id_)
    assert str(refusal.value) == (
        "This spec can't be submitted yet, 8 parts are missing or empty: title, Requirements, Authoritative inputs, "
        "Non-negotiable constraints, Acceptance tests, Counterexamples, Metric, Owner. Fill them and edit the "
        "document; nothing is lost meanwhile."
    )
    assert (desk.read(id_).state, desk.read(id_).title) == (DocumentState.DRAFT, "Untitled spec")


def test_an_accepted_spec_ticks_what_waits_for_it(desk: Desk) -> None:
    id_ = desk.in_review()
    assert desk.program.row("write_spec").state is ItemState.OPEN
    desk.accept(id_)
    found = desk.read(id_)
    assert (found.state, found.decided_by and found.decided_by.handle, found.decided_at, found.because) == (
        DocumentState.ACCEPTED,
        "UBEA",
        MONDAY,
        "approver of Support",
    )
    row = desk.program.row("write_spec")
    assert (row.state, row.proof and row.proof.summary) == (ItemState.DONE, f"the spec {id_} is accepted")
    assert desk.program.facts()[-4:] == ("document_drafted", "document_submitted", "document_accepted", "proof_seen")


def test_an_accepted_red_team_review_is_a_proof_and_a_postmortem_is_none(desk: Desk) -> None:
    desk.accept(desk.in_review(POSTMORTEM))
    desk.accept(desk.in_review(RED_TEAM, "red"))
    here = desk.program.workflow().id
    known = desk.program.ask(lambda view: view.known((here,)))[here]
    assert [proof.kind for proof in known.proofs] == ["doc:redteam"]


def test_a_rejected_document_says_why_and_an_edit_makes_it_a_draft_again(desk: Desk) -> None:
    id_ = desk.in_review()
    desk.reject(id_, reason="No tests in it.")
    found = desk.read(id_)
    assert (found.state, found.answer) == (DocumentState.REJECTED, "No tests in it.")
    desk.edit(id_)
    again = desk.read(id_)
    assert (again.state, again.answer, again.decided_by, again.latest.number) == (DocumentState.DRAFT, None, None, 2)
    desk.submit(id_)
    desk.accept(id_)
    assert desk.read(id_).state is DocumentState.ACCEPTED


def test_a_rejection_needs_a_reason(desk: Desk) -> None:
    id_ = desk.in_review()
    with pytest.raises(BadInput, match="why not"):
        desk.reject(id_, reason=" ")


def test_every_edit_is_a_version_and_takes_the_document_out_of_review(desk: Desk) -> None:
    id_ = desk.in_review()
    desk.program.later(hours=1)
    desk.edit(id_, "stu")
    found = desk.read(id_)
    assert found.state is DocumentState.DRAFT
    assert [(v.number, v.author_name, v.text.title) for v in found.versions] == [
        (1, "Ana", "Refunds, told"),
        (2, "Stu", "Again"),
    ]


def test_an_accepted_document_changes_no_more(desk: Desk) -> None:
    id_ = desk.in_review()
    desk.accept(id_)
    with pytest.raises(Refused, match="was accepted as it is"):
        desk.edit(id_)
    for act in (desk.accept, desk.reject):
        with pytest.raises(Conflict, match="is accepted by Bea, so nothing changed"):
            act(id_, "cem")
    with pytest.raises(Conflict, match="nothing to submit"):
        desk.submit(id_)


def test_what_is_not_in_review_is_neither_accepted_nor_rejected(desk: Desk) -> None:
    id_ = desk.draft()
    for act in (desk.accept, desk.reject):
        with pytest.raises(Conflict, match="submit it first"):
            act(id_)


def test_who_read_an_older_version_decides_nothing(desk: Desk) -> None:
    id_ = desk.in_review()
    desk.edit(id_, "stu")
    desk.submit(id_)
    for act in (desk.accept, desk.reject):
        with pytest.raises(Conflict, match="Stu wrote version 2"):
            act(id_, seen=1)
    with pytest.raises(Conflict, match="Stu wrote version 2"):
        desk.edit(id_, seen=1)
    desk.accept(id_, seen=2)


@pytest.mark.parametrize("kind", [SPEC, POSTMORTEM])
@pytest.mark.parametrize("who", ["lea", "stu", "ana", "bea", "apo", "ada"])
def test_those_who_run_the_workflow_and_those_who_decide_accept(desk: Desk, kind: DocumentKind, who: str) -> None:
    id_ = desk.in_review(kind, "max")
    desk.accept(id_, who)
    assert desk.read(id_).state is DocumentState.ACCEPTED


def test_a_member_accepts_nothing(desk: Desk) -> None:
    id_ = desk.in_review()
    with pytest.raises(NotAllowed, match=r"You can't accept or reject this document: Stu or Lea or Bea can\."):
        desk.accept(id_, "max")
    assert desk.program.facts()[-1] == "denied"


@pytest.mark.parametrize("who", ["ana", "bea", "ada"])
def test_nobody_accepts_or_rejects_what_they_wrote_a_version_of(desk: Desk, who: str) -> None:
    id_ = desk.draft(by=who)
    desk.edit(id_, "max")
    desk.submit(id_, "max")
    for act in (desk.accept, desk.reject):
        with pytest.raises(NotAllowed, match="you wrote it"):
            act(id_, who)
    assert desk.program.denials() == 2
    desk.accept(id_, "cem")


def test_the_refusal_names_who_can_instead(desk: Desk) -> None:
    id_ = desk.in_review(by="bea")
    with pytest.raises(NotAllowed) as refusal:
        desk.accept(id_, "bea")
    assert str(refusal.value) == "You can't accept or reject this: you wrote it. Cem or Apo or Ada can."


def test_a_refusal_names_nobody_who_may_not_judge_it_either(desk: Desk) -> None:
    desk.program.do("bea", absences.leave, MONDAY.date() + timedelta(days=9), desk.program.person("cem"))
    id_ = desk.in_review(RED_TEAM, "red")
    desk.edit(id_, "bea")
    desk.submit(id_, "red")
    said = []
    for who in ("max", "ana"):
        with pytest.raises(NotAllowed) as refusal:
            desk.accept(id_, who)
        said.append(str(refusal.value))
    assert said == [
        "You can't accept or reject this document: Apo or Ada or Lea can.",
        "You can't accept or reject this: you hold a role in refunds_agent, and a red-team review is judged by "
        "others. Apo or Ada can.",
    ]


@pytest.mark.parametrize("role", [*Role])
def test_the_workflows_own_people_judge_no_red_team_review(desk: Desk, role: Role) -> None:
    id_ = desk.in_review(RED_TEAM, "red")
    desk.program.give(role, "bea")
    for act in (desk.accept, desk.reject):
        with pytest.raises(NotAllowed, match="you hold a role in refunds_agent, and a red-team review is judged by"):
            act(id_, "bea")
    desk.accept(id_, "cem")


def test_the_lead_who_holds_no_role_judges_a_red_team_review(desk: Desk) -> None:
    desk.accept(desk.in_review(RED_TEAM, "red"), "lea")


def test_a_red_team_review_is_not_made_by_the_workflows_own(desk: Desk) -> None:
    id_ = desk.draft(RED_TEAM, "red", Reviewers="URED, USTU")
    with pytest.raises(Refused, match="Stu is agent steward of refunds_agent"):
        desk.submit(id_, "red")


def test_a_reviewer_who_took_a_role_meanwhile_spoils_the_review(desk: Desk) -> None:
    id_ = desk.in_review(RED_TEAM, "red")
    desk.program.give(Role.EVAL_OWNER, "run")
    with pytest.raises(Refused, match="Run is eval owner of refunds_agent"):
        desk.accept(id_)
    assert desk.read(id_).state is DocumentState.IN_REVIEW


def test_an_agent_drafts_and_edits_but_hands_nothing_in_and_judges_nothing(desk: Desk) -> None:
    id_ = desk.draft(RED_TEAM, agent())
    desk.edit(id_, agent())
    assert [version.author for version in desk.read(id_).versions] == ["agent:macro_bot"] * 2
    with pytest.raises(NotAllowed, match="a person must do it"):
        desk.submit(id_, agent())
    desk.submit(id_, "ada")
    for act in (desk.accept, desk.reject):
        with pytest.raises(NotAllowed, match="a person must do it"):
            act(id_, agent())


def test_who_hands_in_what_only_an_agent_wrote_answers_for_it_as_its_author(desk: Desk) -> None:
    id_ = desk.draft(SPEC, agent())
    desk.submit(id_, "bea")
    with pytest.raises(NotAllowed, match="you wrote it"):
        desk.accept(id_, "bea")
    desk.accept(id_, "cem")


def test_a_guest_writes_nothing(desk: Desk) -> None:
    desk.program.workspace.memberships["UGUS"] = Membership.GUEST
    with pytest.raises(NotAllowed, match="Guests"):
        desk.draft(SPEC, "gus")


def test_of_several_who_decide_at_once_one_wins_and_the_others_are_told_what_happened(desk: Desk) -> None:
    for _ in range(5):
        id_ = desk.in_review(by="max")
        told = at_once(
            [
                lambda id_=id_: desk.accept(id_, "bea", seen=1),  # type: ignore[misc]
                lambda id_=id_: desk.reject(id_, "cem", seen=1),  # type: ignore[misc]
                lambda id_=id_: desk.accept(id_, "apo", seen=1),  # type: ignore[misc]
            ]
        )
        (winner,) = [place for place, answer in enumerate(told) if answer == "done"]
        found = desk.read(id_)
        assert found.decided_by
        assert (found.state.value, found.decided_by.name) == (
            ("accepted", "Bea"),
            ("rejected", "Cem"),
            ("accepted", "Apo"),
        )[winner]
        lost = {answer.partition(" is ")[2] for answer in told if answer != "done"}
        assert lost == {f"{found.state} by {found.decided_by.name}, so nothing changed."}
    assert desk.program.verify().ok
