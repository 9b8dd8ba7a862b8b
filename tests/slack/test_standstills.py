"""What the team's channel hears at once when an agent must stand still, may do less, or may go on."""

import io
import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.actions import requests, signals
from bot.actions.desk import Asked, Turn
from bot.actions.grants import freezing, lives, requesting
from bot.domain.freezes import FreezeKind
from bot.domain.grants.life import Grant
from bot.intake import lines_of
from tests.grants_program import ATTENDED, CONFIDENT, action, eval_run, incident, policy, violation
from tests.slack.cast import ANA, BO, MEI
from tests.slack.office import Case, Office


@pytest.fixture
def case(office: Office) -> Case:
    return office.case(approvers=(MEI,))


def do(office: Office, by: str, act: Any, *args: Any, **more: Any) -> Any:
    return office.desk.do(Asked(office.desk.actor(by)), act, *args, **more)


def ask(office: Office, case: Case, text: str) -> requesting.Answered:
    def request(turn: Turn) -> requesting.Answered:
        workflow, file = requesting.read_file(turn.change, text.replace("refunds_agent", case.name), "policy.yaml")
        return requesting.request(turn, workflow, file)[0]

    found: requesting.Answered = do(office, ANA, request)
    return found


def grant(office: Office, case: Case, text: str = ATTENDED) -> Grant:
    request_id = ask(office, case, text).request_id
    do(office, MEI, requests.approve, request_id, saw_no_data=True)
    with office.desk.reading() as view:
        return view.grants.of_request(str(request_id))


def send(office: Office, case: Case, *entries: dict[str, Any]) -> None:
    at = datetime.fromtimestamp(office.clock.now().timestamp(), UTC).isoformat()
    usual = {"source": "ci", "at": at, "workflow": case.name}
    text = "".join(json.dumps({**usual, "id": f"{case.id} {n} {at}", **e}) + "\n" for n, e in enumerate(entries))
    taken = signals.take_in(office.desk, Asked(office.desk.actor(BO)), lines_of(io.StringIO(text)))
    assert not taken.rejected


def heard(office: Office, case: Case, words: str) -> str:
    """The one public message of the channel that holds these words."""
    office.settle()
    bo = office.person(BO)
    (found,) = [text for one in office.workspace.rooms[case.room].messages.values() if words in (text := bo.read(one))]
    return found


def test_a_failed_run_names_the_number_the_floor_what_stands_still_and_what_it_takes(
    office: Office, case: Case
) -> None:
    grant(office, case)
    send(office, case, eval_run(180))
    said = heard(office, case, "passed 180 of 200")
    for words in (
        f"send_macro of {case.name} stands still, because the latest run of refunds passed 180 of 200, and the floor "
        "is ≥ 95 %.",
        "To go on  The last 2 runs of refunds have to pass. Then its steward or owner (not for what they asked for "
        "themselves) or an approver resumes it, and says why.",
        "Ana Duarte",
    ):
        assert words in said


def test_a_red_line_is_told_with_what_happened_although_there_is_no_grant(office: Office, case: Case) -> None:
    send(office, case, violation())
    said = heard(office, case, "the red line no_pii was violated")
    assert "None of its grants stands still by this." in said
    assert "What happened  It quoted a card number." in said
    assert "To go on" not in said


def test_two_causes_in_one_batch_are_two_messages_and_two_grants_one(office: Office, case: Case) -> None:
    grant(office, case)
    grant(office, case, policy(action("send_note", max_recipients=1, allowed_when=CONFIDENT)))
    send(office, case, incident(1), violation())
    assert "send_macro and send_note" in heard(office, case, "incident INC-1 (sev1) is open")
    assert "send_macro and send_note" in heard(office, case, "the red line no_pii was violated")


def test_what_people_do_to_a_grant_is_told_with_who_and_why(office: Office, case: Case) -> None:
    given = grant(office, case)
    do(office, MEI, lives.suspend, given.id, "It answers in the wrong tone.")
    assert "Why  It answers in the wrong tone." in heard(office, case, "because someone suspended it")
    do(office, MEI, lives.resume, given.id, "The prompt was put right.")
    assert "Why  The prompt was put right." in heard(office, case, f"Mei Tanaka lets {case.name} do send_macro again.")
    narrower = policy(action("send_macro", max_recipients=2, allowed_when=CONFIDENT))
    narrowed = ask(office, case, narrower).grant_id
    said = heard(office, case, "narrowed send_macro")
    assert "max_recipients 2, confidence_score >= 0.95, each use with a person's approval." in said
    do(office, ANA, lives.revoke, narrowed, "The campaign is over.")
    assert "Why  The campaign is over." in heard(office, case, "revoked send_macro")


def test_a_freeze_says_who_may_lift_it_and_its_end_what_is_in_force_again(office: Office, case: Case) -> None:
    grant(office, case)
    do(office, MEI, freezing.freeze, case.workflow, "Quarterly drill.", FreezeKind.DRILL)
    said = heard(office, case, f"Mei Tanaka froze {case.name} as a drill: send_macro stands still.")
    assert "until 60 minutes have passed Mei Tanaka may too" in said
    do(office, MEI, freezing.unfreeze, case.workflow, "It took 4 seconds.")
    assert "send_macro is in force again." in heard(office, case, f"Mei Tanaka unfroze {case.name}")
