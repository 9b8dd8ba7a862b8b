"""A wrong signal on its card: what it would take back, why, and what opens again once someone approved."""

import json

from bot.actions import signals, voids
from bot.actions.desk import Asked
from bot.domain.items import ItemState
from tests.signals.samples import entry
from tests.slack.cast import BO, MEI
from tests.slack.office import Office


def test_a_signal_is_taken_back_on_a_card_and_what_rested_on_it_opens_again(office: Office) -> None:
    case, mei, bo = office.case(day=28, approvers=(MEI,)), office.person(MEI), office.desk.actor(BO)
    run = entry("eval_run", id=case.id, workflow=case.name, at="2026-03-09T08:00:00Z")
    signals.take_in(office.desk, Asked(bo), [json.dumps(run)])
    assert case.row("run_full_eval").state is ItemState.DONE
    office.desk.do(Asked(bo), voids.void, case.id, "The runner used the old prompt.")
    mei.room = mei.direct
    mei.sees(f"Bo Lindqvist asks to take back a signal of {case.name}", "191 of 200 passed", f"ci/{case.id}")
    mei.sees("The runner used the old prompt.", "The record stays and counts nowhere")
    mei.clicks("Approve", beside=case.name).sees("✓ Approved by Mei Tanaka")
    assert case.row("run_full_eval").state is ItemState.OPEN
