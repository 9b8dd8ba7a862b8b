"""Grants on the screen: the table of one workflow's or one team's, and what the status says of them."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.calendar import local_date
from bot.domain.grants.holding import Held, Holding
from bot.domain.grants.life import Grant
from bot.domain.teams import Team
from bot.slack.blocks import Block, Screen, actions, button, context, divider, overflow, section
from bot.slack.pen import Pen
from bot.slack.screens.grant_card import phrases

_ROWS = 30
_WAITING = 6
_BLOCKS = 46
"""Of the fifty blocks that a message may have; what follows the rows needs the others."""


def table(pen: Pen, holding: Holding, said: str = "") -> Screen:
    """A workflow's grants with what can be done about each; `said` is what has just been done."""
    title = pen.md("grants.title", holding=holding)
    blocks: list[Block] = [section(said)] if said else []
    blocks += [section(title), context(pen.md("grants.rung", holding=holding, measured=_measured(pen, holding)))]
    if holding.freeze:
        blocks.append(_frozen(pen, holding, "table"))
    blocks += [_row(pen, holding, held) for held in holding.held[:_ROWS]]
    if len(holding.held) > _ROWS:
        blocks.append(context(pen.md("grants.more_rows", count=len(holding.held) - _ROWS)))
    if not holding.held and not holding.waiting:
        blocks.append(section(pen.md("grants.none", name=holding.workflow.name)))
    blocks += [_waiting_row(pen, grant) for grant in holding.waiting[:_WAITING]]
    if holding.ended:
        blocks.append(context(pen.md("grants.ended", ended=[_ended(grant, holding.at) for grant in holding.ended])))
    blocks.append(actions(*_buttons(holding)))
    return Screen(said or pen.md("grants.fallback", holding=holding), tuple(blocks))


def tables(pen: Pen, found: Sequence[Holding], team: Team | None) -> Screen:
    """The grants of many workflows, the workflows with something to do about them first."""
    if not found:
        text = pen.md("grants.no_workflows")
        return Screen(text, (section(text), actions(button("Start a workflow", "start.open", style="primary"))))
    title = pen.md(
        "grants.team_title",
        team=team,
        active=sum(1 for holding in found for held in holding.held if not held.stops and not holding.freeze),
        stopped=sum(len(holding.held) if holding.freeze else len(holding.stopped) for holding in found),
        waiting=sum(len(holding.waiting) for holding in found),
    )
    blocks: list[Block] = [section(title), divider()]
    left = 0
    for holding in sorted(found, key=_trouble):
        rows = [_row(pen, holding, held) for held in holding.held]
        rows += [_waiting_row(pen, grant) for grant in holding.waiting]
        if len(blocks) + len(rows) + 1 > _BLOCKS:
            left += 1
            continue
        blocks.append(section(pen.md("grants.team_head", holding=holding), _open(holding)))
        blocks += rows
    if left:
        blocks.append(context(pen.md("grants.more_workflows", count=left)))
    return Screen(title, tuple(blocks))


def _measured(pen: Pen, holding: Holding) -> str:
    return pen.md("grants.measured", effect=holding.effect)


def _trouble(holding: Holding) -> tuple[bool, bool, str]:
    needs = bool(holding.freeze or holding.stopped or holding.due or holding.waiting)
    return (not needs, not holding.held, holding.workflow.name)


def _open(holding: Holding) -> Block:
    return button("Open", "grants.open", holding.workflow.id)


def _frozen(pen: Pen, holding: Holding, on: str) -> Block:
    text = pen.md("grants.frozen", f=holding.freeze)
    return section(text, button("Unfreeze…", "freeze.lift", f"{holding.workflow.id}:{on}"))


def _row(pen: Pen, holding: Holding, held: Held) -> Block:
    grant = held.grant
    text = pen.md(
        "grants.row",
        holding=holding,
        h=held,
        bounds=phrases(pen, grant.terms),
        expires_in_days=days_until(grant.expires_at, holding),
        attest_in_days=days_until(held.attest_by, holding),
    )
    steps = ["Attest", "Resume…" if held.stops else "Suspend…", "Revoke…", "All terms", "Why, and history"]
    acts = ["attest", "resume" if held.stops else "suspend", "revoke", "terms", "history"]
    choices = [(step, f"{act}:{grant.id}") for step, act in zip(steps, acts, strict=True)]
    return section(text, overflow("grant.more", choices))


def _waiting_row(pen: Pen, grant: Grant) -> Block:
    text = pen.md("grants.waiting_row", g=grant, bounds=phrases(pen, grant.terms))
    return section(text, button("Look", "request.open", grant.request_id or "-"))


def _ended(grant: Grant, at: datetime) -> tuple[str, str, int]:
    """What ended, how, and how many days ago; whose time is over counts as expired before anyone records it."""
    state = "expired" if grant.lives else str(grant.state)
    end = grant.ended_at or grant.expires_at or at
    return grant.terms.action, state, max((at - end).days, 0)


def _buttons(holding: Holding) -> list[Block]:
    workflow_id = holding.workflow.id
    ask = button("Ask for a grant", "grant.ask", workflow_id, style=None if holding.held else "primary")
    found = [button("Attest all…", "grants.attest", workflow_id, style="primary")] if holding.due else []
    found.append(ask)
    if not holding.freeze:
        found.append(button("Freeze…", "freeze.open", workflow_id, style="danger" if holding.held else None))
    return found


def days_until(end: datetime | None, holding: Holding) -> int:
    """In how many days of the team's calendar `end` comes; negative once it is past."""
    zone = holding.workflow.team.zone
    if end is None:
        return 0
    days = (local_date(end, zone) - local_date(holding.at, zone)).days
    return min(days, -1) if end <= holding.at else days


def status_words(pen: Pen, holding: Holding) -> str:
    """The status' line: the rung, what is expected of it, and what the agent may do."""
    rows = [pen.md("grants.status_grant", h=held, bounds=phrases(pen, held.grant.terms)) for held in holding.held]
    return pen.md("grants.status_line", holding=holding, rows=rows, measured=_measured(pen, holding))


def frozen_blocks(pen: Pen, holding: Holding) -> list[Block]:
    """The status' plain word that a freeze holds, unless the pause beside it says so already."""
    return [_frozen(pen, holding, "status")] if holding.freeze and not holding.workflow.pause else []


def errands(holding: Holding) -> int:
    """How many things about these grants wait on whoever runs the workflow."""
    return bool(holding.freeze) + bool(holding.due) + len(holding.stopped)


def home_blocks(pen: Pen, holding: Holding) -> list[Block]:
    """What waits on whoever runs the workflow: a freeze to lift, grants to attest, grants that stand still."""
    name, workflow_id = holding.workflow.name, holding.workflow.id
    look = button("Grants", "grants.open", workflow_id)
    found: list[Block] = []
    if holding.freeze:
        found.append(section(pen.md("grants.home_frozen", name=name), look))
    if holding.due:
        days = days_until(holding.attest_by, holding)
        text = pen.md("grants.home_attest", name=name, count=len(holding.due), days=days)
        found.append(section(text, button("Attest…", "grants.attest", workflow_id)))
    stopped = (section(pen.md("grants.home_stopped", name=name, h=held), look) for held in holding.stopped)
    return [*found, *stopped]
