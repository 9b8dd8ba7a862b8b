"""Quality saves in conversation: told in a window of three fields, thanked for where the team is."""

from pathlib import Path

import pytest

from bot.actions.desk import Asked
from bot.actions.voids import void
from bot.domain.signals.kinds import QualitySave
from tests.slack import forgery
from tests.slack.cast import ANA, BO, GUEST, MEI
from tests.slack.conftest import opened
from tests.slack.office import Case, Office
from tests.slack.reading import fields
from tests.slack.test_forged import picked


def kept(office: Office, case: Case) -> list[object]:
    with office.desk.reading() as view:
        return [each.signal.body for each in view.signals.newest_of("typed", case.id, 9)]


def test_a_save_is_told_in_three_fields_and_the_channel_thanks_whoever_caught_it(office: Office) -> None:
    case = office.case()
    ana = office.person(ANA)
    ana.room = case.room
    bo = office.person(BO).types("/rollout save A second <!here> payout was stopped", in_=case.room)
    bo.sees("What was caught?", "the Monday digest names it")
    assert (len(fields(bo.windows[-1])), bo.typed("by")) == (3, BO)
    bo.submits().sees(f"Kept for {case.name}", "says thank you")
    ana.sees(f"Thank you, Bo Lindqvist, for what you caught in {case.name}: A second <!here> payout was stopped")
    assert kept(office, case) == [QualitySave("A second <!here> payout was stopped", BO)]
    bo.types("/rollout save A second <!here> payout was stopped").submits().sees("today already")
    office.settle()
    assert len([one for one in ana.messages() if "Thank you" in ana.read(one)]) == 1


def test_someone_else_may_have_caught_it_in_a_workflow_of_another_team(office: Office) -> None:
    case, other = office.case(), office.case(stem="triage")
    bo = (
        office.person(BO)
        .types("/rollout save", in_=office.room())
        .fills(summary="A leak.", workflow=other.name, by=MEI)
    )
    bo.submits().sees(f"Kept for {other.name}")
    bo.sees("Thank you, Mei Tanaka", other.name, in_=other.room)
    assert (kept(office, case), kept(office, other)) == ([], [QualitySave("A leak.", MEI)])


def test_what_is_wrong_stands_beside_its_field(office: Office) -> None:
    case = office.case()
    bo = office.person(BO).types("/rollout save", in_=case.room).fills(summary=" ", by=GUEST)
    with office.nothing_changes():
        bo.tries_to_submit().sees_error("by", "not a full member")
        bo.fills(by=BO).tries_to_submit().sees_error("summary", "Say what was caught")


def test_a_save_is_logged_from_the_home(office: Office) -> None:
    case = office.case()
    bo = office.person(BO).opens_home().clicks("Log a quality save")
    bo.fills(summary="It was caught.", workflow=case.name).submits().sees("[Log a quality save]")
    bo.sees("Thank you, Bo Lindqvist", in_=case.room)


def test_one_that_was_taken_back_before_it_was_told_is_thanked_for_by_nobody(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    office.fails("chat.postMessage", "ratelimited", times=1)
    bo = office.person(BO).types("/rollout save Nothing, really", in_=case.room).submits().sees("Kept for")
    with office.desk.reading() as view:
        (stored,) = view.signals.newest_of("typed", case.id, 1)
    office.desk.do(Asked(office.desk.actor(MEI)), void, stored.signal.id, "It was none.")
    office.passes(minutes=5)
    office.settle()
    bo.sees_no("Thank you", in_=case.room)


def test_without_any_workflow_there_is_nothing_to_save(tmp_path: Path) -> None:
    for empty in opened(Office(tmp_path)):
        ana = empty.person(ANA).types("/rollout save Something", in_=empty.room())
        ana.sees("Which workflow? There is none yet")
        assert ana.windows == []


@pytest.mark.parametrize(
    "forged",
    [
        {"summary": "nul\0"},
        {"summary": "\ud800"},
        {"summary": "x" * 3001},
        {"workflow": picked("wf_none")},
        {"workflow": picked("\ud800")},
        {"by": {"type": "users_select", "selected_user": None}},
    ],
)
def test_a_window_with_forged_answers_saves_nothing(office: Office, forged: dict[str, object]) -> None:
    case = office.case()
    whose = {"type": "users_select", "selected_user": BO}
    values = {"summary": "x", "workflow": picked(case.id), "by": whose} | forged
    view = {"callback_id": "save", "private_metadata": forgery.metadata()}
    with office.nothing_changes():
        ack = office.forges("interactive", forgery.submission(office, BO, view, values))
    assert (ack.error, ack.body["response_action"]) == (None, "errors")
    assert "on our side" not in str(ack.body)


def test_several_lines_are_told_in_one(office: Office) -> None:
    case = office.case()
    bo = office.person(BO).types("/rollout save", in_=case.room).fills(summary="One.\nTwo.").submits()
    bo.sees(f"Thank you, Bo Lindqvist, for what you caught in {case.name}: One. Two.", in_=case.room)
