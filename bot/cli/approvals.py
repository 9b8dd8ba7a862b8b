"""`rollout approvals`: what agents ask people, and the answers."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.call import Call, command
from bot.cli.speech import say, show, worded
from bot.cli.words import Format

if TYPE_CHECKING:
    from datetime import datetime

    from bot.actions.escrow import Said
    from bot.domain.escrow import Question

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Approvals: what agents ask people.")

QuestionId = Annotated[str, typer.Argument(metavar="ID", help="Its id, as `rollout approvals list` shows it.")]
Note = Annotated[str, typer.Option("--note", metavar="TEXT", help="A word to whoever runs the agent.")]


@command(app, "list")
def show_waiting(
    call: Call,
    workflow: Annotated[str | None, typer.Argument(metavar="WORKFLOW", help="Only this one's questions.")] = None,
    *,
    form: Format = "json",
) -> None:
    """List the questions that wait for an answer, the oldest first."""
    from bot.cli.desk import to_read, workflow_in

    with to_read(call) as session, session.desk.reading() as view:
        at = session.desk.clock.now()
        found = view.escrow.waiting(at, workflow_in(view, workflow).id if workflow else None)
    if form == "text":
        say(worded("escrow.cli_list", session.settings.timezone, questions=found))
        return
    show({"approvals": [entry_of(question, at) for question in found]})


@command(app, "show")
def show_one(call: Call, question: QuestionId, *, form: Format = "json") -> None:
    """Show one question, and what became of it."""
    from bot.cli.desk import to_read

    with to_read(call) as session, session.desk.reading() as view:
        found, at = view.escrow.one(question), session.desk.clock.now()
    if form == "text":
        say(worded("escrow.cli_one", session.settings.timezone, q=found, state=found.state(at), facts=_facts_of(found)))
        return
    show(entry_of(found, at))


@command(app, "approve")
def approve(call: Call, question: QuestionId, *, note: Note = "") -> None:
    """Let an agent do the one thing that it asked for, once, within minutes."""
    from bot.actions.escrow import Said
    from bot.domain.escrow import Answer

    _answer(call, question, Said(Answer.APPROVED, note))


@command(app, "edit")
def edit(
    call: Call,
    question: QuestionId,
    *,
    facts: Annotated[str, typer.Option("--facts", metavar="JSON", help="The facts that you change.")],
    note: Note = "",
) -> None:
    """Let an agent do it with other facts, such as a lower amount."""
    from bot.actions.escrow import Said
    from bot.domain.escrow import Answer

    _answer(call, question, Said(Answer.EDITED, note, facts))


@command(app, "reject")
def reject(
    call: Call,
    question: QuestionId,
    *,
    note: Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why not; the agent's people will read it.")],
) -> None:
    """Keep an agent from what it asked for, and say why."""
    from bot.actions.escrow import Said
    from bot.domain.escrow import Answer

    _answer(call, question, Said(Answer.REJECTED, note))


def _answer(call: Call, question_id: str, said: "Said") -> None:
    from bot.actions.escrow import answer
    from bot.cli.desk import to_change

    with to_change(call) as session:
        session.demand_may_decide("Questions of agents")
        session.do(question_id, answer, question_id, said)
        with session.desk.reading() as view:
            found = view.escrow.one(question_id)
        show(entry_of(found, session.desk.clock.now()))


def reply_of(question: "Question", at: "datetime") -> dict[str, object]:
    """What an agent is told of its question when it asks for a decision."""
    from store.types import instant_text

    return {
        "id": question.id,
        "state": question.state(at).value,
        "expires_at": instant_text(question.expires_at),
    }


def _facts_of(question: "Question") -> tuple[str, ...]:
    import json

    facts = json.loads(question.facts, parse_int=str, parse_float=str) if question.facts else {}
    return tuple(f"{name}: {value if isinstance(value, str) else json.dumps(value)}" for name, value in facts.items())


def entry_of(question: "Question", at: "datetime") -> dict[str, object]:
    """A question, with the facts that the API shows of it too."""
    import json

    from store.types import instant_text

    shown = question.facts_to_see(at)
    return {
        "id": question.id,
        "state": question.state(at).value,
        "workflow": question.workflow,
        "action": question.action,
        "summary": question.summary,
        "url": question.url,
        "facts": json.loads(shown) if shown else None,
        "expires_at": instant_text(question.expires_at),
        "answered_by": question.answered_by.handle if question.answered_by else None,
        "note": question.note,
        "usable_until": instant_text(question.usable_until) if question.usable_until else None,
        "used": question.used_at is not None,
    }
