"""pilot.too_broad, approval.uncovered and enablement.gap."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.findings.kinds import Finding, Subject, SubjectKind
from bot.domain.findings.records import TeamRecords
from bot.domain.playbook import PhaseName, Playbook
from bot.domain.signals.kinds import Seat, Signal
from bot.domain.thresholds import thresholds
from bot.domain.verdicts import Trace
from tests.domain.samples import DAY_1, LEA, on_day, paused, person
from tests.findings.record_samples import (
    NOTICE,
    WARNING,
    Told,
    in_phase,
    of_team,
    program,
    program_findings,
    small,
    told_in,
)

AT = on_day(64, hour=9)
PILOT, SCALING = PhaseName.PILOT, PhaseName.SCALING
TRIAGE = in_phase(PILOT, "triage_agent")


def seat(people: int = 10, trained: int = 10, cost: str = "200", tier: str = "pro") -> Signal[Any]:
    return Signal(f"s_{tier}", "hr", on_day(60), None, "Support", None, Seat(tier, people, trained, Decimal(cost)))


def with_number(rule: str, name: str, number: int) -> Playbook:
    return replace(small(), thresholds=thresholds({(rule, name): number}))


def test_a_team_with_more_than_two_workflows_in_pilot_is_a_notice_for_its_lead() -> None:
    support = of_team("Support", *in_phase(PILOT, "a_agent", "b_agent", "c_agent"))
    (found,) = program_findings("pilot.too_broad", program(AT, support, of_team("Billing", *TRIAGE)))
    assert found == Finding(
        rule="pilot.too_broad",
        version=1,
        severity=NOTICE,
        subject=Subject(SubjectKind.TEAM, "t_support", "Support"),
        about="",
        team_id="t_support",
        team="Support",
        summary="3 workflows are in pilot at once, and 2 are the most: a_agent, b_agent, c_agent",
        facts=(("workflows", ("a_agent", "b_agent", "c_agent")), ("count", 3), ("max_workflows", 2)),
        owner=LEA,
        next_step="pause or close one of them, or bring it through its gate",
        evidence=(),
        size=3,
    )


def test_two_pilots_and_what_is_paused_or_further_on_are_not_too_many() -> None:
    two = in_phase(PILOT, "a_agent", "b_agent")
    others = (*in_phase(SCALING, "c_agent"), paused(DAY_1, name="d_agent"))
    assert program_findings("pilot.too_broad", program(AT, of_team("Support", *two, *others))) == ()


def test_of_several_playbooks_in_a_team_the_strictest_number_counts() -> None:
    books = (small(), with_number("pilot.too_broad", "max_workflows", 1))
    two = of_team("Support", *in_phase(PILOT, "a_agent", "b_agent"), playbooks=books)
    assert len(program_findings("pilot.too_broad", program(AT, two))) == 1


@pytest.mark.parametrize(
    ("able", "said"), [((), "nobody can"), ((person("bea"),), "1 person can")], ids=["nobody", "one"]
)
def test_a_team_with_fewer_than_two_who_can_approve_is_uncovered(able: tuple[Any, ...], said: str) -> None:
    alone = program(AT, of_team("Support", *TRIAGE, able=able), of_team("Billing", *TRIAGE))
    assert told_in("approval.uncovered", alone) == [
        (
            "Support",
            Told(
                WARNING,
                "",
                f"{said} approve requests, and 2 are needed, since nobody approves their own",
                "Lea",
                "name another approver of the team",
            ),
        )
    ]


def test_a_team_without_a_workflow_needs_nobody_yet_and_one_with_a_paused_one_does() -> None:
    assert program_findings("approval.uncovered", program(AT, of_team("Support", able=()))) == ()
    still = of_team("Support", paused(DAY_1), able=())
    assert len(program_findings("approval.uncovered", program(AT, still))) == 1


def equipped(name: str, *seats: Signal[Any], phase: PhaseName = SCALING) -> TeamRecords:
    return of_team(name, *in_phase(phase, f"{name.lower()}_agent"), seats=seats)


def test_a_team_in_scaling_where_too_few_are_trained_has_a_gap() -> None:
    support = equipped("Support", seat(12, 9), seat(8, 6, "80", "basic"))
    assert told_in("enablement.gap", program(AT, support)) == [
        (
            "Support",
            Told(
                NOTICE,
                "trained",
                "15 of 20 people are trained, 75 %, and 80 % should be where a workflow is in scaling or later",
                "Lea",
                "offer training to the 5 who had none yet",
            ),
        )
    ]
    assert program_findings("enablement.gap", program(AT, support))[0].evidence == (
        Trace("signal", "s_pro"),
        Trace("signal", "s_basic"),
    )


def test_exactly_eighty_percent_are_enough_and_before_scaling_or_without_a_word_on_seats_nobody_asks() -> None:
    enough, earlier = equipped("Support", seat(20, 16)), equipped("Billing", seat(20, 0), phase=PhaseName.PRODUCTION)
    silent = (equipped("Data"), equipped("Legal", seat(0, 0, "0")))
    assert program_findings("enablement.gap", program(AT, enough, earlier, *silent)) == ()


def test_a_team_whose_seats_cost_less_than_half_the_highest_per_person_has_a_gap() -> None:
    best, cheap = equipped("Support", seat(10, 10, "400")), equipped("Billing", seat(5, 5, "99.99"), phase=PILOT)
    assert told_in("enablement.gap", program(AT, best, cheap)) == [
        (
            "Billing",
            Told(
                NOTICE,
                "seats",
                "a seat costs $19.99 a month here, less than 50 % of the $40 in Support",
                "Lea",
                "offer the better seats here too, or say why not",
            ),
        )
    ]


def test_exactly_half_is_enough_and_teams_without_an_active_workflow_are_not_compared() -> None:
    best, half = equipped("Support", seat(10, 10, "400")), equipped("Billing", seat(5, 5, "100"))
    idle = of_team("Data", paused(DAY_1), seats=(seat(5, 0, "1"),))
    richest = of_team("Legal", seats=(seat(1, 1, "900"),))
    assert program_findings("enablement.gap", program(AT, best, half, idle, richest)) == ()


def test_one_team_may_have_both_gaps() -> None:
    both = equipped("Billing", seat(5, 1, "10"))
    found = program_findings("enablement.gap", program(AT, equipped("Support", seat()), both))
    assert [(each.subject.name, each.about) for each in found] == [("Billing", "trained"), ("Billing", "seats")]
