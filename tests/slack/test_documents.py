"""Documents in conversation: written in three steps, kept at each, reviewed by someone else, told in place."""

import pytest

from bot.actions import documents
from bot.actions.desk import Asked
from bot.domain.documents import Document, DocumentKind, DocumentState, Text
from bot.domain.people import Actor, PrincipalKind, Through
from bot.sheets import document_sheet
from tests.documents.samples import body
from tests.slack import forgery
from tests.slack.cast import ANA, BO, CHIDI, GUEST, MEI, ROBOT
from tests.slack.conversation import Someone
from tests.slack.office import Case, Office

SPEC, POSTMORTEM, RED_TEAM = DocumentKind
TESTS = "Order 8812, $20 -> propose $20"
ASKS = "asks to review a spec"


def newest(office: Office, case: Case) -> Document:
    """The document of a workflow that was written last."""
    with office.desk.reading() as view:
        return view.documents.of_workflow(case.id)[0]


def writes_spec(office: Office, case: Case, user: str = BO) -> Someone:
    """A whole spec handed in by someone."""
    who = office.person(user).types(f"/rollout spec {case.name}", in_=case.room)
    who.fills(title="Refunds up to $25", goal="Answer within an hour.", metric="Hours.", owner="Ana.").submits()
    who.sees("Spec, 2 of 3").fills(requirements="It asks.", authoritative_inputs="Orders.")
    who.fills(non_negotiable_constraints="Never above $25.").submits()
    who.sees("Spec, 3 of 3").fills(acceptance_tests=TESTS, counterexamples="An order of 2019 -> pays").submits()
    return who.sees("✓ “Refunds up to $25” is handed in for review (doc_").sees(ASKS)


def test_a_spec_is_written_in_three_steps_and_accepted_by_another(office: Office) -> None:
    ana, mei, case = office.person(ANA), office.person(MEI), office.case(approvers=(MEI,))
    bo = office.person(BO).types(f"/rollout spec {case.name}", in_=case.room)
    bo.sees("Spec, 1 of 3", f"About  {case.name}", "What gets better for whom", "Step 1 of 3", "[Keep as a draft]")
    bo.fills(title="Refunds up to $25", goal="Answer within an hour.", metric="Hours.", owner="Ana.").submits()
    assert (newest(office, case).state, newest(office, case).latest.number) == (DocumentState.DRAFT, 1)
    bo.sees("Spec, 2 of 3", "Requirements", "Authoritative inputs", "Non-negotiable constraints", "[Back]")
    bo.fills(requirements="It asks.", authoritative_inputs="Orders.", non_negotiable_constraints="Never above $25.")
    bo.submits().sees("Spec, 3 of 3").fills(acceptance_tests=TESTS, counterexamples="An order of 2019 -> pays")
    bo.submits().sees("handed in for review (doc_", "Ana Duarte, Mei Tanaka or Chidi Okafor can accept it")
    found = newest(office, case)
    assert (found.state, found.latest.number, found.authors) == (DocumentState.IN_REVIEW, 3, frozenset({BO}))
    bo.sees(f"Bo Lindqvist {ASKS} of", "Goal  Answer within an hour.", "Version  3, by Bo Lindqvist")
    ana.sees(ASKS, "Ana Duarte, Mei Tanaka or Chidi Okafor can", in_=ana.direct)
    mei.sees_no(ASKS, in_=mei.direct)
    with office.nothing_changes():
        bo.clicks("Accept", beside=ASKS).sees("You can't accept or reject this document")
        bo.clicks("Reject…", beside=ASKS).sees("You can't accept or reject this document")
    bo.clicks("Show", beside=ASKS).sees("Acceptance tests", TESTS, "[What changed]").clicks("Export")
    bo.sees("“Refunds up to $25” as a file")
    with office.desk.reading() as view:
        sheet = document_sheet(view.documents.one(found.id))
    assert sheet.startswith(f'---\nid: "{found.id}"\nkind: "spec"\ntitle: "Refunds up to $25"\n')
    assert sheet in [
        part["text"] for block in bo.windows[-1]["blocks"][1:] for part in block["elements"][0]["elements"]
    ]
    bo.closes().closes()
    mei.room = case.room
    mei.clicks("Accept", beside=ASKS).sees("✓ Accepted by Mei Tanaka", "member of group S0APPROVERS")
    bo.sees("Accepted: your spec “Refunds up to $25”", "Mei Tanaka decided", in_=bo.direct)
    ana.sees("✓ Accepted by Mei Tanaka", in_=ana.direct)
    proof = case.row("write_spec").proof
    assert proof
    assert proof.summary == f"the spec {found.id} is accepted"


def test_what_is_missing_is_named_and_the_draft_is_kept_and_offered_again(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    bo = office.person(BO).types(f"/rollout spec {case.name}", in_=case.room).fills(title="Refunds").submits()
    bo.sees("Spec, 2 of 3").submits().sees("Spec, 3 of 3").fills(acceptance_tests=TESTS).submits()
    bo.sees("Spec, 1 of 3", "✗ Not handed in yet. Missing or not right: Goal, Requirements, Authoritative inputs")
    bo.sees("Goal (missing or not right)", "What you wrote is kept as a draft, version 2.")
    assert (bo.typed("title"), newest(office, case).state) == ("Refunds", DocumentState.DRAFT)
    bo.fills(goal="Faster.").clicks("Keep as a draft")
    bo.sees("✓ Kept as a draft, version 3.", f"/rollout spec {case.name}").closes()
    bo.types(f"/rollout spec {case.name}").sees("Your spec “Refunds” is a draft, version 3.")
    assert (bo.typed("title"), bo.typed("goal")) == ("Refunds", "Faster.")
    bo.clicks("Start a new one").sees_no_more("Your spec “Refunds”")
    assert bo.typed("goal_anew") is None
    bo.fills(title_anew="Another").clicks("Keep as a draft").sees("✓ Kept as a draft, version 1.")
    with office.desk.reading() as view:
        assert {each.title for each in view.documents.of_workflow(case.id)} == {"Refunds", "Another"}


def test_going_back_keeps_what_was_typed_and_unchanged_steps_make_no_version(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    bo = office.person(BO).types(f"/rollout postmortem {case.name} INC-7", in_=case.room)
    assert bo.typed("incident") == "INC-7"
    bo.fills(title="Paid twice", summary="It paid twice.").submits().sees("Postmortem, 2 of 3")
    bo.fills(timeline="10:02 paid").clicks("Back").sees("Postmortem, 1 of 3")
    assert (bo.typed("summary"), newest(office, case).latest.number) == ("It paid twice.", 2)
    bo.submits().sees("Postmortem, 2 of 3")
    assert (bo.typed("timeline"), newest(office, case).latest.number) == ("10:02 paid", 2)


def test_a_rejection_says_why_and_an_edit_is_a_new_version_with_what_changed(office: Office) -> None:
    mei, case = office.person(MEI), office.case(approvers=(MEI,))
    bo = writes_spec(office, case)
    first = newest(office, case).id
    mei.room = case.room
    mei.clicks("Reject…", beside=ASKS).fills(reason="No limit per day. <!channel> {{ 7 + 7 }}").submits()
    bo.sees("✗ Rejected by Mei Tanaka", "No limit per day. <!channel> {{ 7 + 7 }}")
    bo.sees("Rejected: your spec “Refunds up to $25”", "Mei Tanaka says: No limit per day.", in_=bo.direct)
    bo.room = bo.direct
    bo.clicks("Edit…", beside="Rejected: your spec").sees("is rejected: No limit per day.", "version 3")
    bo.submits().sees("Spec, 2 of 3").fills(requirements="It asks.\nAt most 40 a day.").submits()
    bo.sees("Spec, 3 of 3").submits().sees("is handed in for review", "version 4")
    found = newest(office, case)
    assert (found.id, found.state, found.latest.number) == (first, DocumentState.IN_REVIEW, 4)
    mei.sees("○ A draft again: Bo Lindqvist wrote version 4").clicks("Show", beside=ASKS).clicks("What changed")
    mei.sees("version 4 by Bo Lindqvist", "against version 3", "Requirements: 1 line in", "+ At most 40 a day.")
    mei.chooses("from version 1").sees("against version 1", "Acceptance tests: new, 1 line", f"+ {TESTS}")
    mei.chooses("to version 1").sees("Both versions say the same.")


def test_who_looked_at_an_older_version_decides_nothing(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    bo = writes_spec(office, case)
    bo.clicks("Edit…", beside=ASKS).sees("is in review, version 3", "The first change makes it a draft again.")
    bo.fills(goal="Answer within a day.").submits().sees("Spec, 2 of 3").closes()
    bo.sees("○ A draft again: Bo Lindqvist wrote version 4")
    stale = {"value": f"{newest(office, case).id}:3"}
    with office.nothing_changes():
        for name in ("document.accept", "document.reject"):
            office.forges("interactive", forgery.click(office, MEI, case.room, {"action_id": name, **stale}))
    writes = {"kind": "spec", "workflow": case.id, "step": "3", "document": newest(office, case).id, "version": "4"}
    filled = {"callback_id": "document.write", "private_metadata": forgery.metadata(**writes)}
    office.forges("interactive", forgery.submission(office, BO, filled, {"counterexamples": "x -> y"}))
    assert newest(office, case).state is DocumentState.IN_REVIEW
    with office.nothing_changes():
        for name in ("document.accept", "document.reject"):
            office.forges("interactive", forgery.click(office, MEI, case.room, {"action_id": name, **stale}))


def test_of_two_who_edit_one_document_the_second_loses_nothing_they_typed(office: Office) -> None:
    ana, case = office.person(ANA), office.case(approvers=(MEI,))
    bo = writes_spec(office, case)
    ana.room = case.room
    ana.clicks("Edit…", beside=ASKS).fills(goal="Ana's words.")
    bo.clicks("Edit…", beside=ASKS).fills(goal="Bo's words.").submits().sees("Spec, 2 of 3")
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("title", "Bo Lindqvist wrote version 4", "what you did was not saved")
    assert ana.typed("goal") == "Ana's words."


def test_who_may_judge_is_asked_one_after_the_other_and_nobody_once_it_is_decided(office: Office) -> None:
    ana, mei, chidi, case = (*map(office.person, (ANA, MEI, CHIDI)), office.case(approvers=(MEI,)))
    writes_spec(office, case)
    title = f"{ASKS} of {case.name}"
    ana.sees(title, in_=ana.direct)
    mei.sees_no(title, in_=mei.direct)
    office.passes(days=1)
    mei.sees(title, in_=mei.direct)
    chidi.sees_no(title, in_=chidi.direct)
    ana.room = ana.direct
    ana.clicks("Accept", beside=title).sees(f"Spec of {case.name}", "✓ Accepted by Ana Duarte")
    mei.sees(f"Spec of {case.name}", "✓ Accepted by Ana Duarte", in_=mei.direct)
    office.passes(days=2)
    office.settle()
    chidi.sees_no(case.name, in_=chidi.direct)


def test_the_home_shows_what_waits_for_a_review_to_those_who_may_give_it(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    writes_spec(office, case)
    title = f"{ASKS} of {case.name}"
    office.person(BO).opens_home().sees_no(title)
    mei = office.person(MEI).opens_home().sees(title).clicks("Look", beside=title).sees("[Accept] [Reject…] [Show]")
    mei.clicks("Accept", beside=title).sees("✓ Accepted by Mei Tanaka").closes()
    office.settle()
    mei.opens_home().sees_no(title)


def test_a_document_is_begun_from_the_home_about_a_workflow_that_is_asked(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    office.case()
    bo = office.person(BO).opens_home().clicks("Write a spec").sees("Which workflow is it about?")
    bo.fills(workflow=case.name).submits().sees("Spec, 1 of 3", f"About  {case.name}")
    bo.fills(title="From home").clicks("Keep as a draft").sees("✓ Kept as a draft, version 1.")
    assert newest(office, case).title == "From home"


def test_a_part_that_is_too_long_for_a_window_stays_as_it_is(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    long = "It asks. " * 500
    text = Text("Long", body(SPEC, Requirements=long))
    office.desk.do(Asked(office.desk.actor(BO)), documents.draft, case.workflow, SPEC, text)
    bo = office.person(BO).types(f"/rollout spec {case.name}", in_=case.room).submits().sees("Spec, 2 of 3")
    bo.sees("Requirements  has 4,499 characters, more than a window takes").fills(authoritative_inputs="Orders.")
    bo.submits().sees("Spec, 3 of 3")
    after = newest(office, case).latest.text.body
    assert after == text.body.replace("Authoritative inputs, told.", "Orders.").replace(long, long.rstrip())


def test_words_that_mean_something_elsewhere_stay_words(office: Office) -> None:
    mei, case = office.person(MEI), office.case(approvers=(MEI,))
    odd = "<!channel> <@U0BO> *x* <https://evil.example|free> {{ 7 * 7 }}\n## Verdict\n```\nopen"
    bo = office.person(BO).types(f"/rollout spec {case.name}", in_=case.room)
    bo.fills(title="<!everyone> `x`", goal=odd, metric=odd, owner=odd).submits().sees("Spec, 2 of 3")
    bo.fills(requirements=odd, authoritative_inputs=odd, non_negotiable_constraints=odd).submits()
    bo.sees("Spec, 3 of 3").fills(acceptance_tests=odd, counterexamples=odd).submits().sees(ASKS, "<!everyone> x")
    mei.room = case.room
    mei.clicks("Show", beside=ASKS).sees("[What changed]", "<!channel> <@U0BO>", "evil.example|free>", "\n## Verdict")
    shown = str(mei.windows[-1]["blocks"])
    assert "<!channel>" not in shown
    assert "<https" not in shown


@pytest.mark.parametrize("user", [GUEST, ROBOT])
def test_guests_and_bots_write_and_decide_nothing(office: Office, user: str) -> None:
    case = office.case(approvers=(MEI,))
    writes_spec(office, case)
    place = f"{newest(office, case).id}:3"
    with office.nothing_changes():
        for verb in ("spec", "postmortem", "redteam", "deviation"):
            answer = office.forges("slash_commands", forgery.command(office, user, case.room, f"{verb} {case.name}"))
            assert "can't" in str(answer)
        for name in ("document.accept", "document.reject", "document.show", "document.edit"):
            office.forges("interactive", forgery.click(office, user, case.room, {"action_id": name, "value": place}))
        kept = {"kind": "spec", "workflow": case.id, "step": "1"}
        filled = {"callback_id": "document.write", "private_metadata": forgery.metadata(**kept)}
        office.forges("interactive", forgery.submission(office, user, filled, {"title": "Mine"}))


@pytest.mark.parametrize(
    "kept",
    [{}, {"kind": "spec"}, {"kind": "novel", "step": "1"}, {"kind": "spec", "step": "9"}, {"document": "doc_none"}],
)
def test_a_window_that_is_none_of_ours_is_refused_in_a_sentence(office: Office, kept: dict[str, str]) -> None:
    case = office.case()
    with office.nothing_changes():
        whole = {"workflow": case.id, "step": "1", "kind": "spec", **kept} if kept else {}
        filled = {"callback_id": "document.write", "private_metadata": forgery.metadata(**whole)}
        answer = office.forges("interactive", forgery.submission(office, BO, filled, {"title": "x" * 50_000}))
    assert "errors" in str(answer)


def test_what_an_agent_drafted_is_handed_in_by_a_person_who_then_does_not_accept_it(office: Office) -> None:
    ana, mei, case = office.person(ANA), office.person(MEI), office.case(approvers=(MEI,))
    agent = Actor(PrincipalKind.AGENT, "agent:drafts", "drafts", Through.API)
    text = Text("Drafted", body(SPEC))
    drafted = office.desk.do(Asked(agent), documents.draft, case.workflow, SPEC, text)
    office.desk.do(Asked(office.desk.actor(ANA)), documents.submit, documents.Seen(drafted.document_id))
    mei.sees("Ana Duarte asks to review a spec", "Version  1, by agent:drafts", in_=mei.direct)
    ana.room = case.room
    with office.nothing_changes():
        ana.clicks("Accept", beside=ASKS).sees("You can't accept or reject this: you wrote it.")


@pytest.mark.parametrize("line", ["&<>&<>&<>&<> " * 40, "It asks. " * 60])
def test_a_very_long_document_is_shown_as_far_as_a_window_goes_and_the_rest_is_named(office: Office, line: str) -> None:
    case = office.case(approvers=(MEI,))
    text = Text("Long", body(SPEC, Requirements=f"{line}\n" * (90_000 // len(line))))
    drafted = office.desk.do(Asked(office.desk.actor(BO)), documents.draft, case.workflow, SPEC, text)
    bo = office.person(BO).types(f"/rollout spec {case.name}", in_=case.room).clicks("Look at 1 document…")
    bo.clicks("Show").sees(
        "Goal, told.", f"The whole of it, at the command line: rollout doc export {drafted.document_id}"
    )
