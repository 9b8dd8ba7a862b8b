"""Seats in conversation: one look at all teams, and a change in a window of five fields."""

import pytest

from bot.domain.workflows import Role
from tests.slack import forgery
from tests.slack.cast import ANA, BO, MEI
from tests.slack.office import Office
from tests.slack.reading import fields
from tests.slack.test_forged import picked


def test_seats_are_changed_in_a_window_and_the_table_shows_them_at_once(office: Office) -> None:
    case = office.case()
    ana = office.person(ANA).types("/rollout seats", in_=case.room).sees("Team of ref", "no data")
    ana.clicks("Change…").sees("How many people have such a seat?")
    assert (len(fields(ana.windows[-1])), ana.options("team").count(case.workflow.team.name)) == (5, 1)
    ana.fills(tier="pro", people="10", trained="7", cost_usd_month="240.50").submits()
    ana.sees(f"{case.workflow.team.name} has 10 seats of the tier pro from now on, 7 of them", "7 (70 %)", "240.5")
    ana.sees("(✗ < 80 %)", "in brackets")
    ana.types("/rollout seats").clicks("Change…").sees("so far: pro, 10 people, 7 trained, $240.5 a month")
    assert ana.typed("tier") == "pro"
    ana.fills(people="10", trained="9", cost_usd_month="240.50").submits().sees("9 (90 %)", "(✓ ≥ 80 %)")


def test_what_is_no_number_stands_beside_its_field(office: Office) -> None:
    case = office.case()
    ana = office.person(ANA).types("/rollout seats", in_=case.room).clicks("Change…")
    ana.fills(tier="pro", people="10", trained="11", cost_usd_month="240")
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("trained", "trained is 11 and people only 10")
        ana.fills(trained="9", people="ten").tries_to_submit().sees_error("people", "no plain number")
    assert ana.typed("trained") == "9"


def test_a_member_without_a_role_looks_and_is_refused_before_typing(office: Office) -> None:
    case = office.case()
    bo = office.person(BO).types("/rollout seats", in_=case.room).sees("Seats by team")
    with office.nothing_changes():
        bo.clicks("Change…").sees("You can't change this team's seats")
    assert bo.windows == []


def test_a_steward_is_offered_the_teams_in_which_they_are_one(office: Office) -> None:
    case, _ = office.case(roles={Role.STEWARD: BO}), office.case(stem="other")
    bo = office.person(BO).types("/rollout seats", in_=office.room()).clicks("Change…")
    assert bo.options("team") == [case.workflow.team.name]
    mei = office.person(MEI).types("/rollout seats", in_=office.room()).clicks("Change…")
    assert len(mei.options("team")) > 1


@pytest.mark.parametrize(
    "forged",
    [
        {"team": picked("team_none")},
        {"team": picked("\ud800")},
        {"tier": "a\nb"},
        {"tier": "\ud800"},
        {"tier": "x" * 3000},
        {"people": "9" * 3000},
        {"people": "١٠"},
        {"cost_usd_month": "1e308"},
        {"cost_usd_month": "-1"},
    ],
)
def test_a_window_with_forged_answers_changes_nothing(office: Office, forged: dict[str, object]) -> None:
    team = office.case().workflow.team.id
    values = {"team": picked(team), "tier": "pro", "people": "10", "trained": "1", "cost_usd_month": "1"} | forged
    view = {"callback_id": "seats", "private_metadata": forgery.metadata()}
    with office.nothing_changes():
        ack = office.forges("interactive", forgery.submission(office, ANA, view, values))
    assert (ack.error, ack.body["response_action"]) == (None, "errors")
    assert "on our side" not in str(ack.body)
