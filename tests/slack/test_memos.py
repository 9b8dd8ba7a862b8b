"""Memos in conversation: written down in a minute, about a workflow or about none."""

from bot.domain.memos import Category
from tests.slack.cast import ANA, BO, MEI
from tests.slack.office import Office


def test_a_memo_is_filed_about_the_only_workflow_of_the_channels_team(office: Office) -> None:
    case = office.case()
    bo = office.person(BO).types("/rollout memo We keep the old vendor", in_=case.room).sees(f"About  {case.name}")
    assert (bo.typed("title"), bo.typed("owner")) == ("We keep the old vendor", BO)
    bo.fills(decision="It is cheaper.", category="pricing", reversible="No", owner=MEI).submits()
    bo.sees("✓ The memo “We keep the old vendor” is filed (memo_", "for good")
    with office.desk.reading() as view:
        (filed,) = view.memos.of_workflow(case.id)
    said = filed.content
    assert (said.category, said.is_reversible, said.move) == (Category.PRICING, False, None)
    assert (filed.owner.handle, filed.filed_by.handle) == (MEI, BO)


def test_a_memo_about_no_workflow_is_chosen_and_what_was_typed_stays(office: Office) -> None:
    case = office.case()
    ana = office.person(ANA).types("/rollout memo", in_=case.room).fills(title="Since May", decision="It works.")
    ana.clicks("Change…").sees("What is it about?")
    assert (ana.typed("title"), ana.typed("decision")) == ("Since May", "It works.")
    ana.fills(workflow="no workflow", category="other", reversible="Yes").submits().sees("“Since May” is filed")
    with office.desk.reading() as view:
        assert view.memos.of_workflow(case.id) == ()
        newest = next(memo for memo in view.memos.all() if memo.title == "Since May")
    assert (newest.workflow_id, newest.team_id) == (None, None)


def test_a_memo_is_filed_from_the_home(office: Office) -> None:
    case, title = office.case(), office.fresh("We write it down ")
    ana = office.person(ANA).opens_home().clicks("File a memo").clicks("Change…")
    ana.fills(title=title, decision="So that we remember.", category="other", reversible="Yes", workflow=case.name)
    ana.submits().sees("File a memo")
    with office.desk.reading() as view:
        assert [memo.title for memo in view.memos.of_workflow(case.id)] == [title]
