"""Whoever is no full member of the workspace reads nothing and changes nothing, wherever they knock."""

from collections.abc import Callable

import pytest

from bot.domain.requests import RequestState
from bot.slack.registry import CLICKS, COMMANDS, FORMS
from tests.slack import forgery
from tests.slack.cast import ANA, BO, GONE, GUEST, MEI, ROBOT, STRANGER
from tests.slack.office import Office

OUTSIDE = {
    GUEST: "Guests of this workspace can't use Rollout",
    STRANGER: "serves only this workspace's own people",
    GONE: "This account is deactivated",
    ROBOT: "Bots and apps can't use Rollout's commands",
}
everyone_outside = pytest.mark.parametrize("user", OUTSIDE)


@everyone_outside
def test_no_verb_tells_them_anything(office: Office, user: str) -> None:
    case = office.case()
    with office.nothing_changes():
        for verb in ("", *COMMANDS, "nonsense"):
            ack = office.forges("slash_commands", forgery.command(office, user, case.room, f"{verb} {case.name}"))
            assert OUTSIDE[user] in str(ack.body)
            assert case.name not in str(ack.body)


@everyone_outside
def test_no_control_does_anything_for_them(office: Office, user: str) -> None:
    case = office.case()
    person = office.person(user)
    with office.nothing_changes():
        for name in CLICKS:
            action = {"action_id": name, "value": f"{case.id}:choose_workflow:0:c"}
            office.forges("interactive", forgery.click(office, user, case.room, action))
    said = [person.read(one) for one in person.messages(case.room) if one.get("ephemeral")]
    assert len(said) == len(CLICKS)
    assert all(OUTSIDE[user] in one for one in said)
    assert person.windows == []


@everyone_outside
def test_no_window_takes_what_they_send(office: Office, user: str) -> None:
    case = office.case()
    kept = forgery.metadata(
        workflow=case.id, team=case.workflow.team.id, item="choose_workflow", version="0", origin="c"
    )
    values = {"reason": "x", "note": "x", "evidence": "https://a.example", "name": "mine", "purpose": "x", "person": BO}
    with office.nothing_changes():
        for name in FORMS:
            view = {"callback_id": name, "private_metadata": kept}
            ack = office.forges("interactive", forgery.submission(office, user, view, values))
            assert ack.body["response_action"] == "errors"
            assert OUTSIDE[user] in str(ack.body)


def test_someone_deactivated_after_the_card_was_posted_can_no_longer_approve(office: Office) -> None:
    mei, case = office.person(MEI), office.case()
    ana = office.person(ANA).types(f"/rollout checklist {case.name}", in_=case.room)
    ana.picks("Skip…", beside="Choose a workflow").fills(reason="Agreed.").submits().sees("asks to skip")
    _, approve = mei.finds("Approve", beside="asks to skip", in_=case.room)
    office.settle()
    office.workspace.change_person(MEI, deleted=True)
    action = {"action_id": "request.approve", "value": approve.element["value"]}
    with office.nothing_changes():
        office.forges("interactive", forgery.click(office, MEI, case.room, action))
    office.workspace.change_person(MEI, deleted=False)
    mei.sees("This account is deactivated", in_=case.room)
    with office.desk.reading() as view:
        assert view.requests(case.id)[0].state is RequestState.WAITING


@pytest.fixture
def unknown_person(office: Office) -> Callable[[], str]:
    """Makes someone whom the bot has never asked Slack about."""

    def make() -> str:
        number = office.workspace.next_id("U")
        office.workspace.people[number] = office.workspace.people[BO].__class__(number, number.lower(), f"New {number}")
        return number

    return make


@pytest.mark.parametrize("fault", ["http_500_before", "ratelimited", "drop_before", "html", "truncated"])
def test_where_slack_cannot_say_who_someone_is_they_are_nobody(
    office: Office, unknown_person: Callable[[], str], fault: str
) -> None:
    case, user = office.case(), unknown_person()
    office.fails("users.info", fault)
    with office.nothing_changes():
        ack = office.forges("slash_commands", forgery.command(office, user, case.room, f"status {case.name}"))
    assert "Slack can't say who you are just now" in str(ack.body)
    assert case.name not in str(ack.body)


def test_a_decision_asks_slack_anew_who_decides_and_an_unknown_answer_is_no(office: Office) -> None:
    mei, case = office.person(MEI), office.case()
    ana = office.person(ANA).types(f"/rollout checklist {case.name}", in_=case.room)
    ana.picks("Skip…", beside="Choose a workflow").fills(reason="Agreed.").submits().sees("asks to skip")
    mei.room = case.room
    office.fails("users.info", "http_500_before")
    with office.nothing_changes():
        mei.clicks("Approve", beside="asks to skip").sees("Slack can't say who you are just now")
