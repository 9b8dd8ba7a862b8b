"""The App Home of whoever opens it."""

from dataclasses import replace

from bot.actions.checklists import checklist_of
from bot.actions.findings.scene import scene_of
from bot.actions.findings.tracking import by_gravity, followed_of, with_findings
from bot.actions.readers import in_force_for
from bot.domain.calendar import local_date
from bot.domain.errors import NotAllowed
from bot.domain.findings.tracking import Followed
from bot.domain.statuses import Status
from bot.slack.blocks import Block, section
from bot.slack.desktops import desktop_of
from bot.slack.screens.home import home_view
from bot.slack.screens.memo_cards import RECENT_LIMIT
from bot.slack.visit import Visit
from store import View


def home_of(visit: Visit) -> Block:
    """The Home as a view; outsiders see one sentence."""
    try:
        visit.desk.demand_insider(visit.actor, "open_home")
    except NotAllowed as refusal:
        return {"type": "home", "blocks": [section(visit.pen.md("home.outsider", why=str(refusal)))]}
    with visit.look() as view:
        desktop = desktop_of(visit, view)
        scene = scene_of(visit.desk, tuple(status.workflow for status in desktop.workflows), view)
        mine = with_findings(view, desktop.workflows, visit.at, scene)
        owned = _owned(visit, view, mine)
        decided = in_force_for(view, visit.reader(view), RECENT_LIMIT)
    today = local_date(visit.at, visit.actor.zone)
    return home_view(visit.pen, replace(desktop, workflows=mine, findings=owned, decided=decided), today)


def _owned(visit: Visit, view: View, mine: tuple[Status, ...]) -> tuple[Followed, ...]:
    """The findings that the visitor, or whoever they stand in for, owns: in their workflows, or by assignment."""
    handles = view.absences(visit.at).standing_in(visit.actor).handles
    near = {status.workflow.id for status in mine}
    ids = {each.workflow_id for each in view.findings.in_hands_of(handles) if each.workflow_id} - near
    others = tuple(view.workflow_by_id(id_) for id_ in sorted(ids))
    checklists = [checklist_of(view, workflow, visit.at) for workflow in others]
    far = followed_of(view, checklists, visit.at, scene_of(visit.desk, others, view)) if others else ()
    found = (*(each for status in mine for each in status.findings), *far)
    return by_gravity(each for each in found if each.owner and each.owner.handle in handles)
