"""What a signed request may carry and no client of ours would send: each is answered, and none changes anything."""

import json

import pytest

from bot.slack.registry import CLICKS, FORMS
from tests.slack import forgery
from tests.slack.cast import ANA, BO
from tests.slack.office import Case, Office
from tests.slack.reading import Json


def strange_values(case: Case) -> tuple[str, ...]:
    """What a button's value should never be."""
    item = f"{case.id}:choose_workflow"
    return (
        *("", ":::", "a:b:c:d", "<!channel>", "x" * 2000, "nul\0", "\ud800", "wf_none", "req_none"),
        *(f"{case.id}:nope:0:c", f"{item}:-1:c", f"{item}:7:c", f"{item}:٣:c", f"{item}:{'9' * 1900}:c"),
        *(f"{case.id}:choose_workflow#0:0:c", f"delete:{item}:0:c", f"restore:{item}:7:c"),
    )


@pytest.mark.parametrize("name", CLICKS)
def test_no_control_does_anything_with_a_forged_value(office: Office, name: str) -> None:
    case = office.case()
    bo = office.person(BO)
    with office.nothing_changes():
        for value in strange_values(case):
            carried = {"selected_option": {"value": value}} if name == "item.more" else {"value": value}
            forged = forgery.click(office, BO, case.room, {"action_id": name, **carried})
            assert office.forges("interactive", forged).error is None
    assert [one["text"] for one in bo.messages(case.room) if "on our side" in one["text"]] == []


@pytest.mark.parametrize("name", ["item.delete", "nothing", "💥", "request.approve ", "REQUEST.APPROVE"])
def test_a_control_that_does_not_exist_is_acknowledged_and_does_nothing(office: Office, name: str) -> None:
    case = office.case()
    with office.nothing_changes():
        forged = forgery.click(office, ANA, case.room, {"action_id": name, "value": case.id})
        assert office.forges("interactive", forged).error is None


def test_a_window_that_does_not_exist_is_acknowledged_and_does_nothing(office: Office) -> None:
    case = office.case()
    view = {"callback_id": "workflow.delete", "private_metadata": forgery.metadata(workflow=case.id)}
    with office.nothing_changes():
        assert office.forges("interactive", forgery.submission(office, ANA, view, {"reason": "x"})).error is None


MENU = ("skip", "block", "assign", "history", "reopen", "restore")
STRANGE_MEMORIES = (
    *("", "{", "[]", "null", "1", '"x"', "{}", '{"workflow":5}', '{"workflow":{"a":1},"item":[],"version":{}}'),
    *('{"workflow":"wf_none","item":"choose_workflow","version":"0","origin":"c"}', '{"team":"team_none"}'),
    *('{"request":"req_none"}', '{"channel":7,"url":8,"above":9}', '{"workflow":"\\ud800","team":"\\u0000"}'),
)


@pytest.mark.parametrize("name", sorted(FORMS.keys() - {"start"}))
def test_no_window_does_anything_with_a_forged_memory(office: Office, name: str) -> None:
    values = {"reason": "x", "note": "x", "evidence": "https://a.example", "name": "mine", "purpose": "x", "person": BO}
    with office.nothing_changes():
        for memory in STRANGE_MEMORIES:
            view = {"callback_id": name, "private_metadata": memory}
            ack = office.forges("interactive", forgery.submission(office, ANA, view, values))
            assert (ack.error, ack.body["response_action"]) == (None, "errors")
            assert "on our side" not in str(ack.body)


def test_a_window_without_a_single_field_is_answered_too(office: Office) -> None:
    view = {"callback_id": "item.done", "private_metadata": "{}"}
    with office.nothing_changes():
        ack = office.forges("interactive", forgery.submission(office, ANA, view, {}))
    assert (ack.error, ack.body["response_action"]) == (None, "update")
    assert "Close it and open it again" in str(ack.body["view"])


def picked(value: str) -> Json:
    """A choice in a menu."""
    return {"type": "static_select", "selected_option": {"value": value}}


@pytest.mark.parametrize(
    "forged",
    [
        {"playbook": picked("../../app")},
        {"playbook": picked("none")},
        {"domain": picked("everything")},
        {"start_on": {"type": "datepicker", "selected_date": "2026-02-30"}},
        {"start_on": {"type": "datepicker", "selected_date": "9999-12-31"}},
        {"start_on": {"type": "datepicker", "selected_date": "1000-01-01"}},
        {"owner": {"type": "users_select", "selected_user": "U0NOBODY"}},
        {"owner": {"type": "users_select", "selected_user": "<!channel>"}},
        {"name": {"type": "plain_text_input", "value": None}},
        {"purpose": {"type": "checkboxes", "selected_options": [{"value": "x"}]}},
    ],
)
def test_a_start_with_forged_answers_is_refused(office: Office, forged: Json) -> None:
    view = {"callback_id": "start", "private_metadata": forgery.metadata(channel=office.room())}
    values = {"name": office.fresh(), "purpose": "Sorts tickets.", "playbook": picked("ninety_day")} | forged
    if "owner" in forged:
        office.expects_problem("user_not_found")
    with office.nothing_changes():
        ack = office.forges("interactive", forgery.submission(office, ANA, view, values))
    assert (ack.error, ack.body["response_action"]) == (None, "errors")


@pytest.mark.parametrize("channel", ["-", "<!channel>", "U0MEI", "c0lower", "C" * 300])
def test_a_start_for_what_is_no_channel_is_refused(office: Office, channel: str) -> None:
    view = {"callback_id": "start", "private_metadata": forgery.metadata(channel=channel)}
    values = {"name": office.fresh(), "purpose": "Sorts tickets.", "playbook": picked("ninety_day")}
    with office.nothing_changes():
        ack = office.forges("interactive", forgery.submission(office, ANA, view, values))
    assert (ack.error, ack.body["response_action"]) == (None, "errors")


@pytest.mark.parametrize("name", CLICKS)
def test_a_member_with_a_role_elsewhere_changes_nothing_here(office: Office, name: str) -> None:
    case = office.case()
    with office.desk.reading() as view:
        team = view.workflow_by_id(case.id).team
    item = f"{case.id}:choose_workflow:0:c"
    chosen = tuple(f"{verb}:{item}" for verb in MENU)
    values = chosen if name == "item.more" else (case.name, case.id, team.id, item, f"{case.id}:define_success")
    with office.nothing_changes():
        for value in values:
            forged = forgery.click(office, BO, case.room, {"action_id": name, "value": value})
            assert office.forges("interactive", forged).error is None


def test_an_answer_goes_to_slack_and_nowhere_else(office: Office) -> None:
    case = office.case()
    kept = {"workflow": case.id, "url": "http://127.0.0.1:9/hook", "channel": case.room}
    view = {"callback_id": "workflow.pause", "private_metadata": json.dumps(kept)}
    ack = office.forges("interactive", forgery.submission(office, ANA, view, {"reason": "Holidays."}))
    assert (ack.error, ack.body) == (None, None)
    assert case.workflow.pause
