"""A workspace in which one person approves: said before it hurts, and refused all the same."""

from collections.abc import Iterator

import pytest

from tests.slack.cast import ANA, MEI
from tests.slack.conftest import opened
from tests.slack.office import Office

CHOOSE = "Choose a workflow of clear value"


@pytest.fixture(scope="module")
def premises(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A workspace where Mei is the only approver, and nobody administers."""
    yield from opened(Office(tmp_path_factory.mktemp("alone"), ROLLOUT_APPROVERS=MEI, ROLLOUT_ADMINS=""))


def test_the_start_window_says_that_only_one_person_can_approve(office: Office) -> None:
    office.person(ANA).types("/rollout start", in_=office.room()).sees("Only Mei Tanaka can approve", "/rollout team")


def test_the_only_approver_is_told_that_nobody_can_decide_for_them(office: Office) -> None:
    mei, case = office.person(MEI), office.case()
    mei.types(f"/rollout checklist {case.name}", in_=case.room).picks("Skip…", beside=CHOOSE)
    mei.sees("Nobody can approve it yet", case.workflow.team.name).fills(reason="Agreed last year.").submits()
    mei.sees("Nobody but Mei Tanaka could decide this", case.workflow.team.name)
    with office.nothing_changes():
        mei.clicks("Approve", beside="asks to skip").sees("you asked for it", "an approver has to be named")


def test_the_team_says_that_it_needs_a_second_approver(office: Office) -> None:
    case = office.case()
    office.person(ANA).types("/rollout team", in_=case.room).sees("Only one person can approve", "at least two")


def test_the_gate_and_the_card_say_that_too_few_can_decide(office: Office) -> None:
    case = office.case()
    ana = office.person(ANA).types(f"/rollout promote {case.name}", in_=case.room)
    ana.sees("Only one person can approve requests of this team", "Name at least two approvers")
    ana.types(f"/rollout checklist {case.name}").picks("Skip…", beside=CHOOSE).fills(reason="Agreed.").submits()
    ana.sees("asks to skip", "Whoever asked can't decide; only Mei Tanaka can, so name another approver")
