"""Memos in conversation: five questions, the rest laid open, errors beside their fields, and drafts that are kept."""

from datetime import date
from decimal import Decimal

import pytest

from bot.domain.memos import Category, Comparison, Memo, Move, Prediction
from bot.domain.visibility import Visibility
from tests.slack import forgery
from tests.slack.cast import ANA, BO, GONE, GUEST, MEI, ROBOT, STRANGER
from tests.slack.conversation import Someone
from tests.slack.office import Case, Office


@pytest.fixture(autouse=True)
def _nobody_has_a_draft(office: Office) -> None:
    """What a test before left unfiled is not offered in the next."""
    with office.desk.store.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM drafts")


def filed(office: Office, case: Case) -> Memo:
    """The newest memo about a workflow."""
    with office.desk.reading() as view:
        return view.memos.of_workflow(case.id)[0]


def begun(office: Office, case: Case, user: str = ANA, title: str = "We keep the old vendor") -> Someone:
    """Someone with the five questions answered."""
    person = office.person(user).types(f"/rollout memo {title}", in_=case.room)
    return person.fills(decision="It is cheaper.", category="pricing", reversible="No")


def test_a_memo_is_filed_about_the_only_workflow_of_the_channels_team(office: Office) -> None:
    case = office.case()
    bo = office.person(BO).types("/rollout memo We keep the old vendor", in_=case.room)
    bo.sees(f"About  {case.name} · for everyone", "Filed memos can't be changed; a correction supersedes.")
    assert (bo.typed("title"), bo.typed("owner")) == ("We keep the old vendor", BO)
    bo.fills(decision="It is cheaper.", category="pricing", reversible="No", owner=MEI).submits()
    bo.sees("✓ The memo “We keep the old vendor” is filed (memo_", "for good", "Its card stands in", "[Read]")
    found = filed(office, case)
    assert (found.content.category, found.content.is_reversible, found.content.move) == (Category.PRICING, False, None)
    assert (found.owner.handle, found.filed_by.handle) == (MEI, BO)


def test_everything_else_is_laid_open_and_what_was_typed_stays(office: Office) -> None:
    case, other = office.case(), office.case()
    ana = begun(office, case).clicks("More…").sees("What is it about?", "Which memo does it supersede?")
    assert (ana.typed("title"), ana.typed("decision")) == ("We keep the old vendor", "It is cheaper.")
    assert {case.name, "no workflow"} <= set(ana.options("workflow"))
    assert other.name not in ana.options("workflow")
    ana.fills(context="Asked in May.", options="- the new one", metric="csat", value="4.50", check_on="2026-05-01")
    ana.fills(move="pilot → production", changes="acme/app#12, 412\nops-7", visibility="The team").submits()
    said = filed(office, case).content
    assert (said.context, said.options, said.move) == ("Asked in May.", "- the new one", Move.TO_PRODUCTION)
    assert said.prediction == Prediction("csat", Comparison.AT_LEAST, Decimal("4.50"), date(2026, 5, 1))
    assert (said.changes, said.visibility) == (("acme/app#12", "412", "ops-7"), Visibility.TEAM)


def test_a_memo_about_no_workflow_is_chosen(office: Office) -> None:
    case = office.case()
    ana = begun(office, case, title="Since May").clicks("More…").fills(workflow="no workflow").submits()
    ana.sees("“Since May” is filed").sees_no("Its card stands")
    with office.desk.reading() as view:
        assert view.memos.of_workflow(case.id) == ()
        newest = next(memo for memo in view.memos.all() if memo.title == "Since May")
    assert (newest.workflow_id, newest.team_id) == (None, None)


def test_a_memo_is_filed_from_the_home(office: Office) -> None:
    case, title = office.case(), office.fresh("We write it down ")
    ana = office.person(ANA).opens_home().clicks("File a memo").clicks("More…")
    ana.fills(title=title, decision="So that we remember.", category="other", reversible="Yes", workflow=case.name)
    ana.submits().sees("Recent decisions", title)
    assert filed(office, case).title == title


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({"metric": "csat"}, {"value": "Say which value", "check_on": "Pick the day"}),
        ({"value": "4,5", "check_on": "2026-05-01"}, {"metric": "Name the metric", "value": "no plain number"}),
        ({"metric": "csat", "value": "4", "check_on": "2026-03-08"}, {"check_on": "2026-03-08 has passed already"}),
        ({"title": " ", "decision": " "}, {"title": "Give it a title", "decision": "Say what was decided"}),
        ({"owner": GUEST}, {"owner": "Gil Moreau is not a full member"}),
        ({"owner": STRANGER}, {"owner": "is not a full member"}),
        ({"owner": GONE}, {"owner": "Greta Holm is not a full member"}),
        ({"owner": ROBOT}, {"owner": "is not a full member"}),
        ({"changes": "x" * 201}, {"changes": "1 to 200 characters"}),
        ({"workflow": "none", "move": "pilot → production"}, {"workflow": "names the workflow that moves"}),
        (
            {"workflow": "none", "metric": "a", "value": "1", "check_on": "2026-05-01"},
            {"workflow": "name the workflow"},
        ),
        ({"decision": "x" * 3001}, {"decision": "at most 3000 characters"}),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_nothing_is_filed(
    office: Office, answers: dict[str, str], errors: dict[str, str]
) -> None:
    case = office.case()
    ana = begun(office, case).clicks("More…").sees("What is it about?").fills(**answers)
    with office.nothing_changes():
        ana.tries_to_submit()
    for field, sentence in errors.items():
        ana.sees_error(field, sentence)
    assert set(ana.errors) == set(errors)


def test_fifty_thousand_characters_that_no_field_takes_are_refused_and_kept(office: Office) -> None:
    case = office.case()
    memory = f'{{"draft": "draft_1", "given.workflow": "{case.id}"}}'
    view = {"callback_id": "memo", "private_metadata": memory}
    values = {"title": "Long", "decision": "x" * 50_000, "category": "other", "reversible": "yes", "owner": ANA}
    with office.nothing_changes():
        ack = office.forges("interactive", forgery.submission(office, ANA, view, values))
    assert ack.body["errors"] == {
        "decision": "This has 50,000 characters and at most 10,000 fit: shorten it, or link to the rest."
    }
    office.person(ANA).types("/rollout memo", in_=case.room).sees("Not filed yet", "“Long”")


# Drafts


def test_a_memo_that_was_refused_is_offered_again_and_taken_up(office: Office) -> None:
    case = office.case()
    ana = begun(office, case).clicks("More…").fills(context="Asked in May.", owner=GUEST).tries_to_submit()
    ana.sees_error("owner", "is not a full member").closes()
    ana.types("/rollout memo Another").sees("Not filed yet", "“We keep the old vendor”").clicks("Take it up")
    ana.sees("Context")
    assert [ana.typed(f"{name}.2") for name in ("title", "decision", "context", "owner")] == [
        "We keep the old vendor",
        "It is cheaper.",
        "Asked in May.",
        GUEST,
    ]
    ana.tries_to_submit().sees_error("owner.2", "is not a full member")
    ana.fills(**{"owner.2": MEI}).submits().sees("is filed")
    assert (filed(office, case).content.context, filed(office, case).owner.handle) == ("Asked in May.", MEI)
    ana.types("/rollout memo").sees("Title").sees_no("Not filed yet")


def test_a_memo_that_was_laid_open_and_closed_is_offered_again_to_nobody_else(office: Office) -> None:
    case = office.case()
    begun(office, case).clicks("More…").sees("What is it about?").closes()
    office.person(BO).types("/rollout memo", in_=case.room).sees("Title").sees_no("Not filed yet")
    ana = office.person(ANA).opens_home().clicks("File a memo").sees("“We keep the old vendor”")
    ana.clicks("Take it up").sees(f"About  {case.name}").submits()
    assert filed(office, case).content.decision == "It is cheaper."


def test_what_was_typed_before_a_draft_was_taken_up_is_kept_too(office: Office) -> None:
    case = office.case()
    begun(office, case, title="First").clicks("More…").sees("What is it about?").closes()
    begun(office, case, title="Second").clicks("Take it up", beside="“First”").sees_no_more("Not filed yet").closes()
    office.person(ANA).types("/rollout memo", in_=case.room).sees("“First”", "“Second”")


def test_a_draft_is_forgotten_after_two_weeks_and_was_never_in_the_log(office: Office) -> None:
    case = office.case()
    ana = begun(office, case, title="Secret plan").clicks("More…").sees("What is it about?").closes()
    assert not any("Secret plan" in row for name in ("audit", "texts") for row in office.rows()[name])
    ana.types("/rollout memo").sees("“Secret plan”").closes()
    office.passes(days=14)
    assert office.rows()["drafts"] == ()
    ana.types("/rollout memo").sees("Title").sees_no("Not filed yet")


# Who may see it


def test_from_a_private_channel_it_is_for_the_team(office: Office) -> None:
    case = office.case(room=office.room("private", private=True))
    begun(office, case).sees("only for the team").submits().sees("is filed")
    assert filed(office, case).content.visibility is Visibility.TEAM


def test_from_a_channel_that_the_bot_cannot_see_it_is_for_a_team_too(office: Office) -> None:
    case = office.case()
    office.expects_problem("channel_not_found")
    unseen = office.room("unseen", private=True, without_bot=True)
    ana = office.person(ANA).types("/rollout memo Quiet", in_=unseen).clicks("More…")
    ana.fills(decision="Not for all.", category="other", reversible="Yes", workflow=case.name)
    ana.submits().sees("is filed")
    assert filed(office, case).content.visibility is Visibility.TEAM


def test_a_private_channels_memo_about_no_workflow_is_for_its_team(office: Office) -> None:
    case = office.case(room=office.room("private", private=True))
    begun(office, case, title=(title := office.fresh("Alone "))).clicks("More…").fills(workflow="no workflow").submits()
    with office.desk.reading() as view:
        (found,) = (memo for memo in view.memos.all() if memo.title == title)
    assert (found.workflow_id, found.team_id) == (None, case.workflow.team.id)


# What is long, and what is empty


@pytest.mark.parametrize("length", [151, 3000, 6000])
def test_what_is_too_long_for_a_title_stands_whole_in_the_window(office: Office, length: int) -> None:
    case, typed = office.case(), ("We pay up to $25 by ourselves. " * 200)[: length - 1] + "!"
    ana = office.person(ANA).types(f"/rollout memo {typed}", in_=case.room).sees("File a memo")
    assert ana.typed("title") == f"{typed[:149].rstrip()}…"
    assert ana.typed("decision") == typed[:3000]
    assert length <= 3000 or ana.typed("context") == typed[3000:]


def test_what_no_window_takes_is_given_back(office: Office) -> None:
    case, typed = office.case(), f"Begin {'x' * 6000} end"
    ana = office.person(ANA).types(f"/rollout memo {typed}", in_=case.room)
    ana.sees("These are 6,010 characters, and a memo's window begins with at most 6,000.")
    assert typed in str(ana.messages()[-1]["blocks"])
    assert ana.windows == []


def test_a_window_in_which_nobody_typed_takes_no_drafts_place(office: Office) -> None:
    case = office.case()
    for title in ("First", "Second", "Third"):
        begun(office, case, title=title).clicks("More…").sees("What is it about?").closes()
    office.person(ANA).types("/rollout memo", in_=case.room).clicks("More…").sees("What is it about?").closes()
    office.person(ANA).types("/rollout memo", in_=case.room).sees("“First”", "“Second”", "“Third”")
