"""Moving to another playbook in conversation: chosen in the edit window, the difference seen first, then decided."""

from bot.actions import memos
from bot.actions.desk import Asked
from bot.actions.memos import About
from bot.domain.memos import Category, Entry
from tests.slack.cast import ANA, BO, MEI
from tests.slack.office import Case, Office


def file(office: Office, case: Case) -> None:
    """A memo that Ana files."""
    entry = Entry(title="A plan that fits", decision="We are few.", category=Category.OTHER, is_reversible=True)
    office.desk.do(Asked(office.desk.actor(ANA)), memos.file, entry, About(workflow=case.workflow))


def test_a_move_that_loosens_shows_its_difference_and_takes_another_to_approve(office: Office) -> None:
    mei, case = office.person(MEI), office.case(approvers=(MEI,))
    file(office, case)
    ana = office.person(ANA).types(f"/rollout edit {case.name}", in_=case.room)
    ana.sees("ninety day, version 1. It can move to another").clicks("Move…", beside="Playbook")
    ana.fills(playbook="starter", memo="A plan that fits").submits()
    ana.sees("From ninety day, version 1 to starter, version 1", "Loosened", "someone else has to approve it first")
    ana.sees("• pilot gate eval passed")
    assert case.workflow.playbook.id == "ninety_day"
    ana.submits().closes().sees(f"Asked: move {case.name} to the playbook starter, version 1")
    ana.sees(f"Ana Duarte asks to move {case.name} to the playbook starter", "Loosened", "by memo memo_", "[Approve]")
    with office.nothing_changes():
        ana.clicks("Approve", beside="asks to move").sees("You can't decide this: you asked for it.")
    mei.room = case.room
    mei.clicks("Approve", beside="asks to move").sees("✓ Approved by Mei Tanaka", "member of group S0APPROVERS")
    mei.sees(f"{case.name} follows the playbook starter, version 1, from now on")
    assert case.workflow.playbook.id == "starter"


def test_a_move_that_loosens_nothing_takes_effect_at_once(office: Office) -> None:
    case = office.case()
    file(office, case)
    ana = office.person(ANA).types(f"/rollout edit {case.name}", in_=case.room).clicks("Move…", beside="Playbook")
    ana.fills(playbook="ninety_day_high_risk", memo="A plan that fits").submits()
    ana.sees("Nothing is loosened, so this takes effect at once.", "Tightened").submits().closes()
    ana.sees(f"{case.name} follows ninety day high risk, version 1 now; what was done stays done.")
    assert case.workflow.playbook.id == "ninety_day_high_risk"


def test_a_move_is_refused_where_it_changes_nothing_or_rests_on_nothing(office: Office) -> None:
    case = office.case()
    ana = office.person(ANA).types(f"/rollout edit {case.name}", in_=case.room)
    ana.clicks("Move…", beside="Playbook").sees("rests on a filed memo", "none is filed yet")
    file(office, case)
    ana.closes().closes().types(f"/rollout edit {case.name}").clicks("Move…", beside="Playbook")
    with office.nothing_changes():
        ana.fills(playbook="ninety_day", memo="A plan that fits").tries_to_submit()
    ana.sees_error("playbook", "follows ninety_day, version 1, just as it is shipped now")
    with office.nothing_changes():
        office.person(BO).types(f"/rollout edit {case.name}", in_=case.room).sees("You can't change this workflow")
