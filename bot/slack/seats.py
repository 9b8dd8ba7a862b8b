"""Seats in Slack: one look at all teams, and a window to change a tier of one."""

from bot.actions import seats
from bot.domain.errors import BadInput
from bot.slack.answers import Answer, Done, Open, Say
from bot.slack.blocks import Screen
from bot.slack.registry import Group, click, command, form
from bot.slack.screens.seats import CELLS, seats_modal, seats_screen
from bot.slack.visit import Click, Form, Visit, memory


@command("seats", "who has which seats, who is trained, and what it costs", Group.LOOK_UP)
def seats_of_all(visit: Visit, typed: str) -> Answer:
    """The table."""
    del typed
    return Say(_screen(visit))


def _screen(visit: Visit, said: str = "") -> Screen:
    with visit.look() as view:
        found = seats.equipment(view, visit.at)
    return seats_screen(visit.pen, found, said)


@click("seats.change")
def open_change(visit: Visit, clicked: Click) -> Answer:
    """The window, with the teams whose seats the visitor may change; others are refused before they type."""
    del clicked
    teams = visit.do(seats.demand_teams)
    if not teams:
        raise BadInput(visit.pen.plain("seats.none"))
    with visit.look() as view:
        here = view.team_of_channel(visit.channel) if visit.channel else None
        known = {each.team.id: each for each in seats.equipment(view, visit.at)}
    preset = next((team for team in teams if here and team.id == here.id), teams[0] if len(teams) == 1 else None)
    return Open(seats_modal(visit.pen, teams, known[preset.id] if preset else None, memory(visit)))


@form("seats")
def submit(visit: Visit, filled: Form) -> Answer:
    """The seats as they are from now on, and the table anew."""
    with visit.look() as view:
        team = view.team_by_id(filled.text("team"))
    done = visit.do(seats.set_seats, team, {name: filled.text(name).strip() for name in CELLS})
    said = visit.pen.md("seats.changed", team=team, seat=done.signal.body, is_new=done.is_new)
    screen = _screen(visit, said)
    return Done(redraw=screen, say=screen)
