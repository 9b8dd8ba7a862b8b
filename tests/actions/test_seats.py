"""Seats: set by hand or sent by programs, the last word counts; a gap in training is found, end to end."""

from datetime import timedelta

import pytest

from bot.actions import seats
from bot.actions.findings.judging import judge
from bot.actions.findings.scene import scene_of
from bot.actions.seats import SeatsSet
from bot.domain.errors import BadInput, NotAllowed
from bot.domain.findings.weeks import Weeks
from bot.domain.people import Membership
from bot.domain.playbook import PhaseName
from tests.actions.test_voids import send, void
from tests.cast import agent
from tests.program import Program

PRO = {"tier": "pro", "people": "10", "trained": "7", "cost_usd_month": "240.50"}


def put(program: Program, by: str = "lea", team: str = "Support", **cells: str) -> SeatsSet:
    of = program.ask(lambda view: view.team(team))
    return program.do(by, seats.set_seats, of, PRO | cells)


def stands(program: Program) -> dict[str, list[str]]:
    """Each team's tiers: people, trained, cost."""
    found = program.ask(lambda view: seats.equipment(view, program.at))
    return {
        each.team.name: [f"{s.tier} {s.people} {s.trained} {s.cost_usd_month}" for s in each.tiers] for each in found
    }


def gaps(program: Program) -> list[str]:
    """What the rule `enablement.gap` finds now."""
    scene = scene_of(program.desk, ())
    judgement = program.ask(lambda view: judge(view, (), Weeks(program.at, "Europe/Lisbon"), scene))
    return [f"{each.subject.name}: {each.summary}" for each in judgement.findings if each.rule == "enablement.gap"]


def hear(program: Program, people: int, trained: int) -> None:
    """A program of the company's says how many seats of the tier pro Support has."""
    about = {"id": program.at.isoformat(), "source": "hr", "type": "seat", "team": "Support", "tier": "pro"}
    numbers = {"at": program.at.isoformat(), "people": people, "trained": trained, "cost_usd_month": 240.5}
    send(program, about | numbers)


def test_the_last_word_on_each_tier_counts_whoever_said_it(refunds: Program) -> None:
    made = put(refunds)
    assert (made.is_new, made.signal.source, made.signal.team) == (True, "typed", "Support")
    put(refunds, tier="basic", people="2", trained="0", cost_usd_month="20")
    assert stands(refunds) == {"Support": ["basic 2 0 20", "pro 10 7 240.50"]}
    refunds.later(hours=1)
    hear(refunds, people=12, trained=12)
    assert stands(refunds) == {"Support": ["basic 2 0 20", "pro 12 12 240.5"]}
    refunds.later(hours=1)
    put(refunds, tier=" PRO ", people="12", trained="11")
    put(refunds, tier="basic", people="0", trained="0", cost_usd_month="0")
    assert stands(refunds) == {"Support": ["pro 12 11 240.50"]}
    assert refunds.verify().ok


def test_what_stands_so_already_is_not_written_again_and_of_one_instant_the_later_word_holds(refunds: Program) -> None:
    first, again = put(refunds), put(refunds, cost_usd_month="240.5")
    assert (again.is_new, again.signal.id) == (False, first.signal.id)
    assert [put(refunds, trained=trained).is_new for trained in ("8", "7")] == [True, True]
    assert stands(refunds) == {"Support": ["pro 10 7 240.50"]}
    assert refunds.facts().count("signals_taken") == 3


def test_a_word_about_an_earlier_time_leaves_the_later_one_standing(refunds: Program) -> None:
    put(refunds)
    refunds.clock.at -= timedelta(days=3)
    put(refunds, people="3", trained="3")
    refunds.clock.at += timedelta(days=3)
    assert stands(refunds) == {"Support": ["pro 10 7 240.50"]}


def test_one_that_is_taken_back_gives_its_place_to_the_one_before(refunds: Program) -> None:
    put(refunds)
    refunds.later(hours=1)
    wrong = put(refunds, trained="1")
    void(refunds, wrong.signal.id, "bea")
    assert stands(refunds) == {"Support": ["pro 10 7 240.50"]}


@pytest.mark.parametrize(
    ("cells", "field", "why"),
    [
        ({"trained": "11"}, "trained", "trained is 11 and people only 10."),
        ({"people": "ten"}, "people", "“ten” is no plain number"),
        ({"people": "1.5"}, "people", "people must be a whole number"),
        ({"people": "-1", "trained": "-2"}, "people", "people must be"),
        ({"cost_usd_month": "1e9"}, "cost_usd_month", "no plain number"),
        ({"tier": " "}, "tier", "tier"),
    ],
)
def test_what_is_no_number_of_seats_is_refused_beside_its_field(
    refunds: Program, cells: dict[str, str], field: str, why: str
) -> None:
    with pytest.raises(BadInput, match=why) as refusal:
        put(refunds, **cells)
    assert refusal.value.field == field
    assert stands(refunds) == {"Support": []}


def test_whoever_runs_something_in_the_team_or_decides_there_sets_its_seats(refunds: Program) -> None:
    refunds.workspace.memberships["UGUEST"] = Membership.GUEST
    refunds.team("Billing", lead=refunds.person("bo"), approvers=())
    refunds.start("other_agent", owner="own", steward="own")
    able = {"Support": [], "Billing": []}  # type: dict[str, list[str]]
    for number, who in enumerate(("max", "guest", "lea", "stu", "own", "bea", "apo", "ada", "bo")):
        for team, found in able.items():
            try:
                put(refunds, who, team, people=f"{20 + number}")
                found.append(who)
            except NotAllowed:
                pass
    assert able == {"Support": ["lea", "stu", "own", "bea", "apo", "ada"], "Billing": ["apo", "ada", "bo"]}
    with pytest.raises(NotAllowed, match="a person must do it"):
        refunds.do(agent(), seats.set_seats, refunds.workflow().team, PRO)
    opened = [team.name for team in refunds.do("stu", seats.demand_teams)]
    with pytest.raises(NotAllowed, match="You can't change this team's seats: Bo can"):
        refunds.do("max", seats.demand_teams)
    assert opened == ["Support"]


def test_a_gap_in_training_is_found_and_goes_once_enough_are_trained(refunds: Program) -> None:
    put(refunds)
    refunds.later(minutes=1)
    assert gaps(refunds) == []
    refunds.enter(PhaseName.SCALING)
    (found,) = gaps(refunds)
    assert found.startswith("Support: 7 of 10 people are trained, 70 %, and 80 % should be")
    assert [each.verdict for each in refunds.ask(lambda view: seats.equipment(view, refunds.at))] == ["✗ < 80 %"]
    put(refunds, trained="8")
    refunds.later(minutes=1)
    assert gaps(refunds) == []
    hear(refunds, people=20, trained=15)
    refunds.later(minutes=1)
    assert len(gaps(refunds)) == 1
    refunds.pause()
    assert (gaps(refunds), refunds.ask(lambda view: seats.equipment(view, refunds.at))[0].is_asked) == ([], False)
