"""Teams: made and corrected."""

import pytest

from bot.actions import teams
from bot.actions.teams import TeamEntry
from bot.domain.errors import BadInput, Conflict, NotFound
from tests.program import Program


def test_a_team_has_a_lead_approvers_hours_and_a_zone(program: Program) -> None:
    made = program.team(hours="8-16")
    assert (made.name, made.channel, made.lead.name, [person.name for person in made.approvers]) == (
        "Support",
        "CSUPPORT",
        "Lea",
        ["Bea", "Cem"],
    )
    assert (made.zone, str(made.hours), made.version) == ("Europe/Lisbon", "8-16", 1)


@pytest.mark.parametrize(
    ("entry", "error", "said"),
    [
        (TeamEntry("support"), Conflict, "There is a team support already"),
        (TeamEntry("Sales", channel="CSUPPORT"), Conflict, "This channel belongs to team Support already"),
        (TeamEntry(), BadInput, "A team needs a name"),
        (TeamEntry("Sales", zone="Mars/Base"), BadInput, "There is no time zone 'Mars/Base'"),
        (TeamEntry("Sales", hours="18-9"), BadInput, "Working hours are two whole hours"),
    ],
)
def test_a_team_that_cannot_be_is_refused(
    program: Program, entry: TeamEntry, error: type[Exception], said: str
) -> None:
    program.team()
    with pytest.raises(error, match=said):
        program.do("max", teams.make, entry)
    assert program.facts() == ("team_made",)


def test_an_edit_changes_what_differs_and_notes_what_stood_before(program: Program) -> None:
    team = program.team()
    same_but_hours = TeamEntry(
        "Support", "CSUPPORT", program.person("lea"), (program.person("bea"), program.person("cem")), team.zone, "8-16"
    )
    program.do("lea", teams.edit, team, same_but_hours)
    assert program.chain()[-1]["details"] == {
        "allowed_because": "lead of Support",
        "before": [["hours", "9-18"]],
        "hours": "8-16",
        "seen_version": 1,
        "team_id": team.id,
    }
    edited = program.ask(lambda view: view.team("support"))
    assert (str(edited.hours), edited.version, edited.approvers) == ("8-16", 2, team.approvers)


def test_approvers_can_be_exchanged_and_taken_away(program: Program) -> None:
    team = program.team()
    program.do("lea", teams.edit, team, TeamEntry(approvers=(program.person("cem"), program.person("eva")) * 2))
    team = program.ask(lambda view: view.team_by_id(team.id))
    assert [person.name for person in team.approvers] == ["Cem", "Eva"]
    program.do("lea", teams.edit, team, TeamEntry(approvers=()))
    assert program.ask(lambda view: view.team_by_id(team.id)).approvers == ()


def test_an_edit_without_a_difference_or_on_an_old_look_is_refused(program: Program) -> None:
    team, other = program.team(), program.team("Sales")
    for nothing in (TeamEntry(), TeamEntry("Support", hours="9-18")):
        with pytest.raises(BadInput, match="Nothing was changed"):
            program.do("lea", teams.edit, team, nothing)
    for taken, said in (
        (TeamEntry("SALES"), "There is a team SALES already"),
        (TeamEntry(channel="CSALES"), "team Sales"),
    ):
        with pytest.raises(Conflict, match=said):
            program.do("lea", teams.edit, team, taken)
    program.do("lea", teams.edit, other, TeamEntry("Retail"))
    with pytest.raises(Conflict, match="This team changed in this very moment"):
        program.do("bea", teams.edit, other, TeamEntry("Outlet"))
    assert program.ask(lambda view: [team.name for team in view.teams()]) == ["Retail", "Support"]


def test_a_team_is_found_by_its_name_however_it_is_written(program: Program) -> None:
    program.team("Straße")
    assert program.ask(lambda view: view.team(" STRASSE ")).name == "Straße"
    with pytest.raises(NotFound, match=r"There is no team 'Strasen'\. Did you mean Straße\?"):
        program.ask(lambda view: view.team("Strasen"))
