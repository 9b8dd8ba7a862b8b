"""Grants in Slack: asking for them, and looking at those that are there."""

from bot.actions.desk import Turn
from bot.actions.grants import requesting
from bot.actions.grants.looking import holding_of
from bot.actions.grants.requesting import Answered, PolicyRefused
from bot.domain.errors import BadInput, GrantBarred
from bot.domain.people import Person
from bot.domain.rights import Right
from bot.domain.teams import Team
from bot.domain.workflows import Workflow, demand_open
from bot.policies import PolicyFile
from bot.slack.answers import Answer, Done, Open, Say
from bot.slack.blocks import Block, Screen, button, section
from bot.slack.lookups import one_status, workflow_meant
from bot.slack.registry import Group, click, command, form
from bot.slack.screens.grant_card import terms_modal
from bot.slack.screens.grant_forms import ask_modal, fitting, problem_words
from bot.slack.screens.grants import table, tables
from bot.slack.visit import Click, Form, Visit, memory


def one_table(visit: Visit, workflow_id: str, said: str = "") -> Screen:
    """The grants of one workflow as they stand; `said` is what has just been done about them."""
    with visit.look() as view:
        holding = holding_of(view, view.workflow_by_id(workflow_id), visit.at)
    return table(visit.pen, holding, said)


def finished(visit: Visit, filled: Form, workflow: Workflow, said: Screen) -> Done:
    """The screen that a window was opened from drawn anew, with what was done on top; else just that said."""
    origin = filled.memory.get("origin")
    if origin == "table":
        return Done(redraw=one_table(visit, workflow.id, said.text), say=said)
    if origin == "status":
        return Done(redraw=one_status(visit, workflow.id), say=said)
    return Done(say=said, home=visit.channel is None)


@command("grants [workflow]", "what its agent may do, until when, and how to stop it", Group.LOOK_UP)
def grants(visit: Visit, typed: str) -> Answer:
    """The grants of the workflow that was typed, or of the channel's team."""
    with visit.look() as view:
        if typed.strip():
            return Say(table(visit.pen, holding_of(view, view.workflow(typed.split(maxsplit=1)[0]), visit.at)))
        team = view.team_of_channel(visit.channel) if visit.channel else None
        found = view.workflows(team.id if team else None)
        holdings = [holding_of(view, workflow, visit.at) for workflow in found]
    return Say(table(visit.pen, holdings[0]) if len(holdings) == 1 else tables(visit.pen, holdings, team))


@click("grants.open")
def open_table(visit: Visit, clicked: Click) -> Answer:
    """The grants of one workflow, told to whoever clicked."""
    return Say(one_table(visit, clicked.value))


@click("grant.terms")
def open_terms(visit: Visit, clicked: Click) -> Answer:
    """What a grant says, uncut."""
    return terms_of(visit, clicked.value)


@click("grant.seen")
def note_seen(visit: Visit, clicked: Click) -> Answer:
    """Nothing yet: what is ticked counts when the request is approved."""
    del visit, clicked
    return None


def terms_of(visit: Visit, grant_id: str) -> Answer:
    """The window with everything that a grant says."""
    with visit.look() as view:
        grant = view.grants.one(grant_id)
        workflow = view.workflow_by_id(grant.workflow_id)
    return Open(terms_modal(visit.pen, workflow.name, grant))


@command("grant [workflow]", "ask what its agent may do by itself", Group.DO)
def grant(visit: Visit, typed: str) -> Answer:
    """The window into which a policy is pasted."""
    with visit.look() as view:
        workflow = workflow_meant(visit, view, typed, "grant")
    return _ask(visit, workflow)


@click("grant.ask")
def open_ask(visit: Visit, clicked: Click) -> Answer:
    """The window into which a policy is pasted."""
    with visit.look() as view:
        workflow = view.workflow_by_id(clicked.value)
    return _ask(visit, workflow)


def _ask(visit: Visit, workflow: Workflow) -> Answer:
    visit.desk.demand(visit.actor, Right.REQUEST, workflow.team, workflow)
    demand_open(workflow)
    able = visit.approvers(workflow.team)
    return Open(ask_modal(visit.pen, workflow, able, memory(visit, workflow=workflow.id)))


@form("grant.ask")
def submit_ask(visit: Visit, filled: Form) -> Answer:
    """What became of each action; where all are refused the window stays, with what was typed."""
    with visit.look() as view:
        workflow = view.workflow_by_id(filled.kept("workflow"))
        try:
            _, file = requesting.read_file(view, filled.text("policy"), "policy", workflow)
        except PolicyRefused as refused:
            raise BadInput(problem_words(visit.pen, refused.problems), "policy") from refused
    answered = visit.do(_request, workflow, file)
    return Done(say=_answers(visit, workflow, answered), home=visit.channel is None)


def _request(turn: Turn, workflow: Workflow, file: PolicyFile) -> tuple[Answered, ...]:
    answered = requesting.request(turn, workflow, file)
    if all(each.refused for each in answered):
        # Refused as a whole, so that the window stays and what was typed can be mended.
        raise GrantBarred(fitting(str(each.refused) for each in answered))
    return answered


def _answers(visit: Visit, workflow: Workflow, answered: tuple[Answered, ...]) -> Screen:
    able = visit.approvers(workflow.team)
    title = visit.pen.md("grants.asked_title", count=len(answered), name=workflow.name)
    rows = [_answer(visit, each, able, workflow.team) for each in answered]
    return Screen(title, (section(title), *rows))


def _answer(visit: Visit, answered: Answered, able: tuple[Person, ...], team: Team) -> Block:
    names = visit.pen.md("people.either", people=able[:3]) if able else ""
    text = visit.pen.md("grants.asked_one", a=answered, able=names, team=team)
    return section(text, button("Look", "request.open", answered.request_id) if answered.request_id else None)
