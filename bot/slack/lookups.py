"""Looking things up: status, checklist, help, and the state in one line."""

from dataclasses import dataclass, replace

from bot.actions.checklists import checklist_of, status_of, statuses
from bot.actions.findings.scene import scene_of
from bot.actions.findings.tracking import with_findings
from bot.actions.gates import handles_of, judged
from bot.actions.grants.looking import holding_of
from bot.domain.errors import BadInput
from bot.domain.nearness import near
from bot.domain.statuses import Status, timeline_of
from bot.domain.teams import Team
from bot.domain.timeline import Timeline
from bot.domain.workflows import Workflow
from bot.slack.answers import Answer, Redraw, Say, packed
from bot.slack.blocks import Screen, context, section
from bot.slack.desktops import desktop_of
from bot.slack.registry import COMMANDS, Group, click, command, verbs
from bot.slack.screens.checklist import checklist_screen
from bot.slack.screens.home import bare_screen
from bot.slack.screens.status import LINES_LIMIT, day_words, overview_screen, picture_screen, status_screen
from bot.slack.visit import Click, Form, Visit
from store import View


def workflow_meant(visit: Visit, view: View, typed: str, verb: str) -> Workflow:
    """The workflow that was typed, or the only one of this channel's team; else a refusal that lists the names."""
    name = typed.split(maxsplit=1)[0] if typed.split() else ""
    if name:
        return view.workflow(name)
    team = view.team_of_channel(visit.channel) if visit.channel else None
    found = view.workflows(team.id if team else None)
    if len(found) == 1:
        return found[0]
    raise BadInput(visit.pen.plain("workflows.needs_name", verb=verb, names=[w.name for w in found]))


@command("help", "what you can type, with examples", Group.LOOK_UP)
def help_(visit: Visit, typed: str) -> Answer:
    """The verbs that have something to act on, grouped; `typed` is a verb that does not exist, or nothing."""
    pen = visit.pen
    known = [verb.name for verb in COMMANDS.values()]
    blocks = []
    if typed and typed not in known:
        blocks.append(section(pen.md("help.unknown", verb=typed, guess=near(typed, known))))
    blocks.append(section(pen.md("help.title")))
    with visit.look() as view:
        is_empty = view.is_empty()
    for group in Group:
        found = [verb for verb in verbs() if verb.group is group and not (is_empty and verb.needs_workflow)]
        if found:
            blocks.append(section(pen.md("help.group", name=group.value, verbs=found)))
    blocks.append(context(pen.md("help.examples_at_first" if is_empty else "help.examples")))
    return Say(Screen(pen.md("help.fallback", verbs=known), tuple(blocks)))


def bare(visit: Visit) -> Answer:
    """The state, and at most three next steps."""
    with visit.look() as view:
        desktop = desktop_of(visit, view)
        found = statuses(view, view.workflows(), visit.at)
    troubled = sum(1 for status in found if status.blocking)
    return Say(bare_screen(visit.pen, desktop, len(found), troubled))


@command("status [workflow]", "where a workflow stands, what is in the way, who is next", Group.LOOK_UP)
def status(visit: Visit, typed: str) -> Answer:
    """One workflow's status, or one line for each of the team's."""
    if typed.strip():
        return _told(visit, typed.split(maxsplit=1)[0])
    with visit.look() as view:
        team = view.team_of_channel(visit.channel) if visit.channel else None
        found = _many(visit, view, team)
    return Say(overview_screen(visit.pen, found, team))


def _many(visit: Visit, view: View, team: Team | None) -> tuple[Status, ...]:
    """The statuses of a team's workflows or of all, with most trouble first; those that are shown with findings."""
    found = statuses(view, view.workflows(team.id if team else None), visit.at)
    shown, rest = found[:LINES_LIMIT], found[LINES_LIMIT:]
    scene = scene_of(visit.desk, tuple(each.workflow for each in shown), view)
    return (*with_findings(view, shown, visit.at, scene), *rest)


def _status_of(visit: Visit, view: View, workflow: Workflow) -> Status:
    found = replace(status_of(view, workflow, visit.at), holding=holding_of(view, workflow, visit.at))
    (found,) = with_findings(view, (found,), visit.at, scene_of(visit.desk, (workflow,), view))
    return judged(view, found, visit.desk.memberships(handles_of(workflow)))


def one_status(visit: Visit, name: str) -> Screen:
    """The status screen of the workflow called `name`, or with that id."""
    return _told(visit, name).screen


@dataclass(frozen=True, slots=True)
class _Told:
    """What was told of a workflow to readers in one zone, and the picture that it shows, if it was there."""

    screen: Screen
    packed: str
    timeline: Timeline
    picture: str | None


def _told(visit: Visit, name: str) -> Say:
    """The status at once; its picture a moment later, unless it is there already."""
    told = _told_before(visit, name) or _made_anew(visit, name)

    def picture() -> Screen | None:
        made = visit.pictures.made(told.timeline)
        return picture_screen(told.timeline, made) if made else None

    return Say(told.screen, later=None if told.picture else picture, packed=told.packed)


def _told_before(visit: Visit, name: str) -> _Told | None:
    """What was told before, if nothing changed since then and its picture is not still to come."""
    marks = visit.desk.store.marks(name)
    told = visit.desk.looks.at(marks, visit.at).known(visit.actor.zone) if marks else None
    if told is None or (told.picture is None and visit.pictures.ready(told.timeline)):
        return None
    assert isinstance(told, _Told)
    return told


def _made_anew(visit: Visit, name: str) -> _Told:
    with visit.look() as view:
        marks = view.marks_of(name) if name.startswith("wf_") else view.marks(name)
        look = visit.desk.looks.at(marks, visit.at)
        found = _status_of(visit, view, view.workflow_by_id(marks.workflow_id))
    timeline = timeline_of(found)
    ready = visit.pictures.ready(timeline)
    screen = status_screen(visit.pen, found, ready)
    return look.keep(visit.actor.zone, _Told(screen, packed(screen), timeline, ready))


@command("checklist [workflow]", "its items: tick, skip, block, assign", Group.DO)
def checklist(visit: Visit, typed: str) -> Answer:
    """The interactive checklist."""
    with visit.look() as view:
        workflow = workflow_meant(visit, view, typed, "checklist")
    return Say(one_checklist(visit, workflow.id))


def one_checklist(visit: Visit, workflow_id: str, opened: str | None = None) -> Screen:
    """The checklist of a workflow, with the window `opened` unfolded."""
    with visit.look() as view:
        workflow = view.workflow_by_id(workflow_id)
        found = status_of(view, workflow, visit.at)
    return checklist_screen(visit.pen, found.checklist, day_words(visit.pen, found), opened)


def window_of(visit: Visit, workflow_id: str, item: str) -> str | None:
    """The window in which an item stands, so that a redrawn checklist stays open where it was."""
    with visit.look() as view:
        found = checklist_of(view, view.workflow_by_id(workflow_id), visit.at)
    return next((row.window.id for row in found.rows if str(row.key) == item), None)


@click("status.open")
def open_status(visit: Visit, clicked: Click) -> Answer:
    """One workflow's status, told to whoever clicked."""
    return _told(visit, clicked.value)


@click("status.all")
def open_all(visit: Visit, clicked: Click) -> Answer:
    """All workflows, one line each."""
    del clicked
    with visit.look() as view:
        found = _many(visit, view, None)
    return Say(overview_screen(visit.pen, found, None))


@click("status.team")
def open_team(visit: Visit, clicked: Click) -> Answer:
    """A team's workflows, one line each."""
    with visit.look() as view:
        team = view.team_by_id(clicked.value)
        found = _many(visit, view, team)
    return Say(overview_screen(visit.pen, found, team))


@click("status.share")
def share_status(visit: Visit, clicked: Click) -> Answer:
    """The status, for everyone in the channel."""
    if visit.response_url is None:
        raise BadInput(
            f"This window stands in no channel, so nobody else would see it. Type /rollout status {clicked.value} "
            "in a channel and share it there."
        )
    with visit.look() as view:
        found = _status_of(visit, view, view.workflow(clicked.value))
    ready = visit.pictures.ready(timeline_of(found))
    return Say(status_screen(visit.pen, found, ready, visit.desk.person(visit.actor.handle)), public=True)


@click("checklist.open")
def open_checklist(visit: Visit, clicked: Click) -> Answer:
    """The checklist, told to whoever clicked."""
    with visit.look() as view:
        workflow = view.workflow(clicked.value)
    return Say(one_checklist(visit, workflow.id))


@click("checklist.window")
def unfold_window(visit: Visit, clicked: Click) -> Answer:
    """The checklist with another window unfolded, in place."""
    workflow_id, _, window = clicked.value.partition(":")
    return Redraw(one_checklist(visit, workflow_id, window))


def workflow_of(visit: Visit, filled: Form) -> Workflow:
    """The workflow that a window is about, as it remembers."""
    with visit.look() as view:
        return view.workflow_by_id(filled.kept("workflow"))
