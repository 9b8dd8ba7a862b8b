"""What a grant's card says of the agent's own history, in conversation."""

import io
import json
from datetime import UTC, datetime

import pytest

from bot.actions import signals
from bot.actions.desk import Asked
from bot.intake import lines_of
from tests.slack.cast import ANA, BO, MEI
from tests.slack.granting import ACTION, policy, request
from tests.slack.office import Case, Office

SAW = "I saw that there is no data to judge this by"


@pytest.fixture
def case(office: Office) -> Case:
    """A workflow whose approver is Mei."""
    return office.case(approvers=(MEI,))


def log(office: Office, case: Case, right: int, of: int, *, action: str = ACTION, **facts: float) -> None:
    """So many actions an hour ago, all but `right` of them taken back."""
    at = datetime.fromtimestamp(office.clock.now().timestamp(), UTC).isoformat()
    lines = (
        {
            "type": "agent_action",
            "id": f"{case.id} {action} {number}",
            "run_id": f"run {number}",
            "source": "agent",
            "at": at,
            "workflow": case.name,
            "action": action,
            "outcome": "done",
            "reversed": number >= right,
            "facts": {"confidence_score": 0.97, **facts},
        }
        for number in range(of)
    )
    text = "".join(f"{json.dumps(line)}\n" for line in lines)
    taken = signals.take_in(office.desk, Asked(office.desk.actor(BO)), lines_of(io.StringIO(text)))
    assert not taken.rejected
    office.passes(hours=1)


def test_the_card_says_what_would_have_been_asked_and_how_often_the_agent_was_right(office: Office, case: Case) -> None:
    log(office, case, 1164, 1200)
    request(office, case)
    mei = office.person(MEI).types("/rollout requests", in_=case.room).clicks("Look", beside=case.name)
    mei.sees("Back-test, 28 days  would have asked for 1,200 of 1,200; 36 later reversed")
    mei.sees("Calibration above 0.95  1,164 of 1,200 right, at least 95.8 % (floor 90 %)")
    mei.sees_no(SAW)
    mei.clicks("Approve", beside=case.name).sees("✓ Approved by Mei Tanaka")


def test_amounts_are_money_and_a_person_less_grant_would_have_run_alone(office: Office, case: Case) -> None:
    log(office, case, 9, 10, action="propose_refund", amount_usd=400.25)
    text = policy(case, "max_amount_usd: 500", "requires_human_approval: false", action="propose_refund")
    request(office, case, text)
    mei = office.person(MEI).types("/rollout requests", in_=case.room).clicks("Look", beside=case.name)
    mei.sees("Back-test, 28 days  would have run 10 of 10 alone, $4,002.5; 1 later reversed ($400.25)")


def test_a_confidence_that_is_not_worth_its_name_is_said_before_and_refused_at_the_click(
    office: Office, case: Case
) -> None:
    log(office, case, 46, 50)
    request(office, case)
    mei = office.person(MEI).types("/rollout requests", in_=case.room).clicks("Look", beside=case.name)
    mei.sees("Calibration above 0.95  46 of 50 right, at least 81.1 % (floor 90 %)", "Can't be approved right now")
    mei.sees("✗ At confidence_score 0.95 or above, 46 of 50 were right")
    with office.nothing_changes():
        mei.clicks("Approve", beside="Can't be approved").sees("can't come into force now", "wants 90 %")


def test_the_box_is_ticked_in_a_window_of_the_home_too(office: Office, case: Case) -> None:
    request(office, case)
    mei = office.person(MEI).opens_home().clicks("Look", beside=case.name)
    mei.sees("Back-test, 28 days  no data", f"[{SAW}]").ticks(SAW).clicks("Approve").sees("✓ Approved by Mei Tanaka")
    mei.sees_no(SAW)


def test_whoever_asked_ticks_in_vain(office: Office, case: Case) -> None:
    ana = office.person(ANA)
    request(office, case)
    ana.room = case.room
    with office.nothing_changes():
        ana.ticks(SAW, beside=case.name).clicks("Approve", beside=case.name).sees("you asked for it")
