"""Sources mapped to workflows by hand, in a window for admins that shows what the file maps, too."""

from bot.actions import connections
from bot.domain.errors import BadInput
from bot.domain.sources import Mapped
from bot.ports import Connecting
from bot.slack.answers import Answer, Done, Open, Reshape
from bot.slack.blocks import Block, Screen, section
from bot.slack.registry import Group, click, command, form
from bot.slack.screens.connections import connect_modal
from bot.slack.visit import Click, Form, Visit, memory


@command("connect", "map a repository, project or service to a workflow (admins)", Group.DO, needs_workflow=True)
def connect(visit: Visit, typed: str) -> Answer:
    """The window, for an admin; others are refused before they type."""
    del typed
    visit.do(connections.demand_may_connect)
    return Open(_window(visit, memory(visit)))


def _window(visit: Visit, kept: str, said: str = "") -> Block:
    known = _known(visit)
    with visit.look() as view:
        by_hand = view.sources.by_hand()
        names = tuple(each.name for each in view.workflows())
    return connect_modal(visit.pen, known.offered(), names, (*known.by_file(), *by_hand), kept, said)


@form("connect")
def submit(visit: Visit, filled: Form) -> Answer:
    """The place mapped, and its source read now."""
    known = _known(visit)
    wanted = Mapped(filled.text("source"), filled.text("place"), filled.text("workflow"))
    fact = visit.do(connections.connect, known, wanted)
    visit.desk.read_sources()
    made = Mapped(fact.source, fact.place, wanted.workflow.strip())
    text = visit.pen.md("connect.connected", m=made, lacks=known.lacks(fact.source))
    return Done(say=Screen(text, (section(text),)))


@click("connect.remove")
def remove(visit: Visit, clicked: Click) -> Answer:
    """The window without that mapping; what was typed stays."""
    gone = visit.do(connections.disconnect, clicked.value)
    visit.desk.read_sources()
    kept = str((visit.view or {}).get("private_metadata") or "")
    return Reshape(_window(visit, kept, visit.pen.md("connect.removed", m=gone)))


def _known(visit: Visit) -> Connecting:
    if visit.desk.connections is None:
        raise BadInput("Sources are not read by this program: use /rollout connect where the bot runs.")
    return visit.desk.connections
