"""Quality saves in Slack: told in a window of three fields, thanked for in the team's channel."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot.actions import saves
from bot.actions.desk import Desk
from bot.domain.errors import BadInput
from bot.domain.rights import Right
from bot.domain.signals.by_hand import SOURCE
from bot.domain.signals.kinds import QualitySave
from bot.domain.workflows import Workflow
from bot.slack.answers import Answer, Done, Open
from bot.slack.blocks import Screen, section
from bot.slack.pen import Pen
from bot.slack.registry import Group, click, command, form
from bot.slack.screens.saves import SaveWindow, save_modal
from bot.slack.visit import Click, Form, Visit, memory


@command(
    "save [what]",
    "tell of a mistake caught in time: it is thanked for, and named on Monday",
    Group.DO,
    needs_workflow=True,
)
def save(visit: Visit, typed: str) -> Answer:
    """The window, with what was typed in it and the asker as whoever caught it."""
    offered = _offered(visit)
    if not offered:
        raise BadInput(visit.pen.plain("workflows.needs_name", verb="save", names=[]))
    visit.desk.demand(visit.actor, Right.FILE, offered[0].team)
    return Open(save_modal(visit.pen, SaveWindow(typed, offered, visit.actor.handle), memory(visit)))


@click("save.open")
def open_save(visit: Visit, clicked: Click) -> Answer:
    """The same window."""
    del clicked
    return save(visit, "")


def _offered(visit: Visit) -> tuple[Workflow, ...]:
    """The running workflows of the channel's team, else all."""
    with visit.look() as view:
        team = view.team_of_channel(visit.channel) if visit.channel else None
        return (view.workflows(team.id) if team else ()) or view.workflows()


@form("save")
def submit(visit: Visit, filled: Form) -> Answer:
    """What was caught, kept; the channel hears of it in a moment."""
    with visit.look() as view:
        workflow = view.workflow_by_id(filled.text("workflow"))
    saved = visit.do(saves.save, workflow, filled.text("summary"), visit.member(filled.text("by"), "by"))
    text = visit.pen.md("saves.kept", w=workflow, is_new=saved.is_new, channel=workflow.team.channel)
    return Done(say=Screen(text, (section(text),)), home=filled.memory.get("url") is None)


def thanks(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen | None:
    """What the team's channel hears of a save; nothing, if it was taken back by then."""
    del target
    with desk.reading() as view:
        workflow = view.workflow_by_id(about["workflow"])
        stored = view.signals.one(SOURCE, about["signal"])
        if stored is None or stored.voided_at or not isinstance(stored.signal.body, QualitySave):
            return None
        found = stored.signal.body
        by = view.person_by_handle(found.by) if found.by else None
    text = Pen(ZoneInfo(workflow.team.zone)).md("saves.thanks", by=by, w=workflow, summary=found.summary)
    return Screen(text, (section(text),))
