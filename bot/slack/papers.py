"""Where a document or a deviation is begun without a workflow in sight: that is asked first."""

from bot.domain.documents import DocumentKind
from bot.domain.errors import BadInput
from bot.domain.workflows import Workflow
from bot.slack import deviations, documents
from bot.slack.answers import Answer, Open, Reshape
from bot.slack.blocks import Block, chosen, field, modal, option
from bot.slack.registry import click, form
from bot.slack.visit import Click, Form, Visit, memory

_DEVIATION = "deviation"
_LIMIT = 100
_OLD = "This button is from an older message. Open the Home again to see how things stand now."


@click("paper.spec")
def begin_spec(visit: Visit, clicked: Click) -> Answer:
    """The window for a spec."""
    del clicked
    return _begun(visit, DocumentKind.SPEC)


@click("paper.deviation")
def begin_deviation(visit: Visit, clicked: Click) -> Answer:
    """The window for a deviation."""
    del clicked
    return _begun(visit, _DEVIATION)


def _begun(visit: Visit, what: str) -> Answer:
    """The window, where there is one workflow only; else the question which one it is about."""
    with visit.look() as view:
        found = view.workflows()
    if not found:
        raise BadInput("There is no workflow yet that this could be about: start one first.")
    if len(found) == 1:
        return Open(_window(visit, what, found[0]))
    options = [option(workflow.name, workflow.id) for workflow in found[:_LIMIT]]
    which = field("workflow", visit.pen.plain("documents.which"), chosen(options))
    return Open(modal("paper.begin", "Which workflow?", [which], submit="Next", metadata=memory(visit, what=what)))


@form("paper.begin")
def choose(visit: Visit, filled: Form) -> Answer:
    """The window about the workflow that was chosen."""
    what = _what(filled.kept("what"))
    with visit.look() as view:
        workflow = view.workflow_by_id(filled.text("workflow"))
    return Reshape(_window(visit, what, workflow))


def _what(value: str) -> str:
    if value not in (_DEVIATION, *DocumentKind):
        raise BadInput(_OLD)
    return value


def _window(visit: Visit, what: str, workflow: Workflow) -> Block:
    if what == _DEVIATION:
        return deviations.window_of(visit, workflow, "")
    return documents.begun(visit, workflow, DocumentKind(what))
