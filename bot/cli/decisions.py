"""`rollout decide` and `rollout decisions`: what agents may do now, and what they were answered."""

import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.approvals import reply_of
from bot.cli.call import BadUsage, Call, command
from bot.cli.speech import say, show, worded
from bot.cli.words import AnswerName, Format, WorkflowName, hash_of, instant_of

if TYPE_CHECKING:
    from bot.domain.escrow import Asking
    from bot.domain.grants.log import LogEntry

app = typer.Typer(rich_markup_mode=None)
log = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Decisions: what agents asked and were answered.")

# More than this is refused by its size anyway; what is larger still need not be read.
_MOST_BYTES = 2_000_000


@command(app, "decide")
def decide(
    call: Call,
    workflow: WorkflowName,
    action: Annotated[str, typer.Argument(metavar="ACTION", help="What the agent wants to do, such as send_macro.")],
    *,
    facts: Annotated[
        str | None, typer.Option("--facts", metavar="JSON", help="What it is about, such as '{\"amount_usd\": 20}'.")
    ] = None,
    place: Annotated[
        str | None, typer.Option("--facts-file", metavar="F|-", help="The same from a file or standard input.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only to see: it counts nowhere.")] = False,
    grant_hash: Annotated[
        str | None, typer.Option("--grant-hash", metavar="H", parser=hash_of, help="The hash of the grant you enforce.")
    ] = None,
    key: Annotated[
        str | None,
        typer.Option("--ask", metavar="KEY", help="Ask a person where one is needed; a key is one question."),
    ] = None,
    summary: Annotated[str, typer.Option("--summary", metavar="TEXT", help="What the person is asked.")] = "",
    url: Annotated[str | None, typer.Option("--url", metavar="U", help="Where the person can see more.")] = None,
    approval: Annotated[
        str | None, typer.Option("--approval", metavar="ID", help="The question that a person let through.")
    ] = None,
) -> None:
    """Answer whether an agent may do something now, and log the answer."""
    from bot.actions.decisions import Inquiry
    from bot.actions.decisions import decide as judge
    from bot.actions.desk import Asked
    from bot.cli.desk import to_change
    from bot.domain.errors import BadInput
    from bot.domain.grants.factsheet import take_facts

    try:
        given = take_facts(_facts(facts, place))
        asking = _asking(key, summary, url)
    except BadInput as error:
        raise BadUsage(str(error)) from None
    with to_change(call) as session:
        found = session.workflow(workflow)
        inquiry = Inquiry(found.id, action, given, dry_run, grant_hash, asking, approval=approval)
        answered = judge(session.desk, Asked(session.actor), inquiry)
        at = session.desk.clock.now()
    told, question = answered.as_json(), answered.question
    show(told | {"approval": question and reply_of(question, at)} if asking else told)


def _asking(key: str | None, summary: str, url: str | None) -> "Asking | None":
    from bot.domain.escrow import Asking, demand_asking

    if key is None and (summary or url):
        raise BadUsage("A question needs a key of its own, so that it is asked once: add --ask KEY.")
    return None if key is None else demand_asking(Asking(key, summary, url))


def _facts(typed: str | None, place: str | None) -> str:
    if (typed is None) == (place is None):
        raise BadUsage("Say what it is about, once: --facts JSON or --facts-file F.")
    if typed is not None:
        return typed
    assert place is not None
    try:
        if place == "-":
            content = sys.stdin.buffer.read(_MOST_BYTES)
        else:
            with Path(place).open("rb") as file:
                content = file.read(_MOST_BYTES)
    except (OSError, ValueError) as error:
        why = (getattr(error, "strerror", None) or "its name is no file's name").lower()
        raise BadUsage(f"{place} can't be read: {why}.") from None
    return content.decode("utf-8-sig", "surrogateescape")


@command(log, "list")
def show_log(
    call: Call,
    workflow: Annotated[
        str | None, typer.Argument(metavar="WORKFLOW", help="Only what this one's agent asked.")
    ] = None,
    *,
    action: Annotated[str | None, typer.Option("--action", metavar="A", help="Only about this action.")] = None,
    since: Annotated[
        datetime | None, typer.Option("--since", metavar="RFC3339", parser=instant_of, help="From this instant on.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--until", metavar="RFC3339", parser=instant_of, help="Before this instant.")
    ] = None,
    outcome: Annotated[AnswerName | None, typer.Option("--outcome", help="Only those answered so.")] = None,
    code: Annotated[
        str | None, typer.Option("--code", metavar="C", help="Only with this code, such as fact.missing.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Those asked only to see, instead.")] = False,
    decision: Annotated[str | None, typer.Option("--id", metavar="ID", help="Only this one, dry run or not.")] = None,
    form: Format = "json",
) -> None:
    """List what agents asked and were answered, the newest first, at most 1,000."""
    from bot.cli.desk import to_read, workflow_in
    from bot.domain.grants.decisions import Outcome
    from bot.domain.grants.log import LogQuery

    answer = Outcome(outcome) if outcome else None
    with to_read(call) as session, session.desk.reading() as view:
        of = workflow_in(view, workflow).id if workflow is not None else None
        found = view.decisions.log(LogQuery(of, action, since, until, answer, code, dry_run, id=decision))
    if form == "text":
        say(worded("cli.decisions", session.settings.timezone, entries=found))
        return
    show({"decisions": [_entry(each) for each in found]})


def _entry(entry: "LogEntry") -> dict[str, object]:
    import json

    from store.types import instant_text

    made = entry.decision
    # A fact is kept as JSON; its numbers are shown by their digits, which no float could garble.
    facts = {
        name: json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
        for name, text in (made.facts or {}).items()
    }
    return {
        "id": made.id,
        "at": instant_text(made.at),
        "workflow": entry.workflow,
        "action": made.action,
        "decision": made.outcome.value,
        "reasons": list(made.reasons) if made.reasons is not None else None,
        "codes": list(made.codes),
        "facts": facts if made.facts is not None else None,
        "grant": made.grant_id,
        "hash": made.grant_hash,
        "approval": made.approval,
        "reported_hash": made.reported_hash,
        "drift": made.has_drifted,
        "by": entry.by,
        "dry_run": made.dry_run,
    }
