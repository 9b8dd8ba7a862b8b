"""The table of all teams' seats, and the window that changes a tier of one."""

from collections.abc import Sequence

from bot.domain.seats import Equipment, in_dollars, table_rows
from bot.domain.teams import Team
from bot.domain.wording import columns
from bot.slack.blocks import Block, Screen, actions, button, chosen, context, field, modal, option, section, typed
from bot.slack.pen import Pen

CELLS = ("tier", "people", "trained", "cost_usd_month")
"""The fields of the window that say something of a tier."""

_TEAMS_LIMIT = 100
_AT_ONCE = 12
_MOST = 240
_NUMBER = 20
_NAME = 200


def seats_screen(pen: Pen, teams: Sequence[Equipment], said: str = "") -> Screen:
    """Every team's tiers in rows, with what was `said` of a change above them."""
    if not teams:
        text = pen.md("seats.none")
        return Screen(text, (section(text), actions(button("Start a workflow", "start.open", style="primary"))))
    text = pen.md("seats.title", short=[each.team for each in teams if each.is_asked and each.holds is False])
    blocks = [section(said)] if said else []
    blocks += [section(text), *_table(pen, teams), context(pen.md("seats.rule"))]
    return Screen(text, (*blocks, actions(button("Change…", "seats.change"))))


def _table(pen: Pen, teams: Sequence[Equipment]) -> list[Block]:
    """The rows in blocks of code, each with the headings; as many as fit into one message."""
    heading, *rows = table_rows(teams)
    shown = rows[:_MOST]
    parts = [[heading, *shown[start : start + _AT_ONCE]] for start in range(0, len(shown), _AT_ONCE)]
    blocks = [section(pen.md("seats.table", table=columns(part).replace("`", "'"))) for part in parts]
    if len(rows) > _MOST:
        blocks.append(context(pen.md("seats.more", count=len(rows) - _MOST)))
    return blocks


def seats_modal(pen: Pen, teams: Sequence[Team], preset: Equipment | None, memory: str) -> Block:
    """Which team and tier, how many people, how many of them trained, and what it costs."""
    offered = [option(team.name, team.id) for team in teams[:_TEAMS_LIMIT]]
    tier = preset.tiers[0].tier if preset and len(preset.tiers) == 1 else ""
    blocks = [
        field("team", "Team", chosen(offered, preset.team.id if preset else None)),
        field("tier", "Tier", typed(tier, limit=_NAME), hint=pen.plain("seats.hint_tier")),
        field("people", "How many people have such a seat?", typed(limit=_NUMBER), hint=pen.plain("seats.hint_people")),
        field("trained", "How many of them are trained?", typed(limit=_NUMBER)),
        field("cost_usd_month", "What do they cost a month together, in US dollars?", typed(limit=_NUMBER)),
    ]
    if preset and preset.tiers:
        stands = [(seat, in_dollars(seat.cost_usd_month)) for seat in preset.tiers[:10]]
        blocks.append(context(pen.md("seats.stands", team=preset.team, stands=stands)))
    return modal("seats", "Change seats", blocks, submit="Save", metadata=memory)
