"""`rollout doc draft` and `rollout memo draft`: a language model's drafts, from notes and what the program knows."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli import documents, memo_folders
from bot.cli.call import BadUsage, Call, command
from bot.cli.speech import say, show
from bot.cli.words import KindArgument

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.cli.desk import Session
    from bot.domain.material import Material
    from bot.domain.workflows import Workflow

doc_app, memo_app = documents.app, memo_folders.app

Source = Annotated[str, typer.Option("--from", metavar="FILE|-", help="Notes as a text file, or - to type them.")]
DrawnOn = Annotated[
    list[str] | None,
    typer.Option(
        "--with",
        metavar="RECORDS",
        help="What is known of the workflow, to draw on too: incidents, decisions, findings; once for each.",
    ),
]
Incident = Annotated[
    str, typer.Option("--incident", metavar="KEY", help="The incident that a postmortem is about, by its key.")
]
AboutWorkflow = Annotated[
    str | None, typer.Option("--workflow", metavar="W", help="The workflow that it is about, if it is about one.")
]


@command(doc_app, "draft")
def draft(
    call: Call,
    kind: KindArgument,
    *,
    workflow: documents.Workflow,
    source: Source,
    drawn_on: DrawnOn = None,
    incident: Incident = "",
) -> None:
    """Have a language model draft a document from notes; it is kept as a draft that says so, and its id printed."""
    from bot.actions import documents as papers
    from bot.actions.sketching import filled, sketch
    from bot.cli.desk import to_change
    from bot.domain.documents import DocumentKind, Text
    from bot.domain.judging import gaps

    meant = DocumentKind(kind)
    if incident and meant is not DocumentKind.POSTMORTEM:
        raise BadUsage("--incident belongs to a postmortem only: leave it out here.")
    with to_change(call) as session:
        about = session.workflow(workflow)
        _demand_writer(session, about)
        material = _material(session, about, source, drawn_on or ())
        made = sketch(session.desk, meant, material)
        text = filled(meant, Text("", "", incident), made)
        fact = session.do(about.id, papers.draft, about, meant, text, made.drafter)
    missing = [gap.field for gap in gaps(meant, text)]
    by = {"model": made.drafter.model, "prompt": made.drafter.prompt}
    show({"id": fact.document_id, "state": "draft", "version": 1, "missing": missing, **by})


@command(memo_app, "draft")
def draft_memo(call: Call, *, source: Source, workflow: AboutWorkflow = None, drawn_on: DrawnOn = None) -> None:
    """Have a language model draft a memo from notes, and print it as a file to be checked and filed."""
    from bot.actions.sketching import entry_of, memo_sketch
    from bot.cli.desk import to_read
    from bot.sheets import drafted_memo_sheet

    if drawn_on and workflow is None:
        raise BadUsage("--with draws on what is known of a workflow: name it with --workflow.")
    with to_read(call) as session:
        about = session.workflow(workflow) if workflow else None
        made = memo_sketch(session.desk, _material(session, about, source, drawn_on or ()))
    say(drafted_memo_sheet(entry_of(made), made.drafter, about.name if about else None))


def _material(session: "Session", about: "Workflow | None", source: str, drawn_on: "Sequence[str]") -> "Material":
    from bot.actions.linked_records import RecordKind, records_of
    from bot.cli.papers import text_of
    from bot.domain.material import Material

    notes = text_of(source, "standard input" if source == "-" else source)
    if unknown := set(drawn_on) - set(RecordKind):
        raise BadUsage(f"--with {min(unknown)} is nothing to draw on: give {', '.join(RecordKind)}.")
    kinds = tuple(map(RecordKind, drawn_on))
    records = records_of(session.desk, about, kinds) if about and kinds else ()
    return Material(about.name if about else None, notes, records=records)


def _demand_writer(session: "Session", about: "Workflow") -> None:
    """Nothing, if whoever acts may write documents; else the refusal, before a model is asked."""
    from bot.domain.people import PrincipalKind
    from bot.domain.rights import Right

    if session.actor.kind is PrincipalKind.HUMAN:
        session.desk.demand(session.actor, Right.FILE, about.team, about)
