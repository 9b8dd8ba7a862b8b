"""`rollout doc`: specs, postmortems and red-team reviews, from the blank file to the verdict."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.call import BadUsage, Call, command
from bot.cli.speech import say, show, worded
from bot.cli.words import DocumentId, Format, KindArgument, KindName, Reason

if TYPE_CHECKING:
    from bot.cli.desk import Session
    from bot.domain.documents import Document, Version
    from store import View

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Documents: specs, postmortems, red-team reviews.")

_LINE_LIMIT = 2000

File = Annotated[str, typer.Option("--file", metavar="F", help="A Markdown file with front matter, or -.")]
Workflow = Annotated[str, typer.Option("--workflow", metavar="W", help="The workflow that it is about.")]
VersionSeen = Annotated[
    int | None,
    typer.Option("--version", metavar="N", help="The version that you read; refused if there is a newer one."),
]


@command(app, "template")
def template(call: Call, kind: KindArgument) -> None:
    """Print a blank file with the sections that a document of this kind must have."""
    from bot.domain.documents import PARTS, DocumentKind

    del call
    say(worded(f"{kind}.md.blank", parts=PARTS[DocumentKind(kind)]))


@command(app, "new")
def new(call: Call, kind: KindArgument, *, file: File, workflow: Workflow) -> None:
    """Keep the draft of a document, with gaps or without, and print its id."""
    from bot.actions.documents import draft
    from bot.cli.desk import to_change
    from bot.cli.document_files import text_of
    from bot.cli.papers import read
    from bot.domain.documents import DocumentKind
    from bot.domain.judging import gaps

    text = text_of(read(file), DocumentKind(kind))
    with to_change(call) as session:
        found = session.workflow(workflow)
        fact = session.do(found.id, draft, found, DocumentKind(kind), text)
    missing = [gap.field for gap in gaps(fact.kind, text)]
    show({"id": fact.document_id, "state": "draft", "version": 1, "missing": missing})


@command(app, "edit")
def edit(call: Call, document: DocumentId, *, file: File, version: VersionSeen = None) -> None:
    """Write the next version of a document, which makes it a draft again."""
    from bot.actions.documents import Seen
    from bot.actions.documents import edit as rewrite
    from bot.cli.desk import to_change
    from bot.cli.document_files import text_of
    from bot.cli.papers import read
    from bot.domain.judging import gaps

    paper = read(file)
    with to_change(call) as session:
        with session.desk.reading() as view:
            kind = view.documents.one(document).kind
        text = text_of(paper, kind)
        fact = session.do(document.strip(), rewrite, Seen(document, version), text)
    missing = [gap.field for gap in gaps(kind, text)]
    show({"id": fact.document_id, "state": "draft", "version": fact.seen_version + 1, "missing": missing})


@command(app, "submit")
def submit(call: Call, document: DocumentId) -> None:
    """Hand a draft in for review; what is missing is named."""
    from bot.actions.documents import Seen
    from bot.actions.documents import submit as hand_in
    from bot.cli.desk import to_change

    with to_change(call) as session:
        session.do(document.strip(), hand_in, Seen(document))
        _show_state(session, document)


@command(app, "accept")
def accept(call: Call, document: DocumentId, version: VersionSeen = None) -> None:
    """Accept a document that someone else wrote."""
    from bot.actions.documents import Seen
    from bot.actions.documents import accept as agree
    from bot.cli.desk import to_change

    with to_change(call) as session:
        session.demand_may_decide("Documents")
        session.do(document.strip(), agree, Seen(document, version))
        _show_state(session, document)


@command(app, "reject")
def reject(call: Call, document: DocumentId, *, reason: Reason, version: VersionSeen = None) -> None:
    """Reject a document that someone else wrote, and say why."""
    from bot.actions.documents import Seen
    from bot.actions.documents import reject as refuse
    from bot.cli.desk import to_change

    with to_change(call) as session:
        session.demand_may_decide("Documents")
        session.do(document.strip(), refuse, Seen(document, version), reason)
        _show_state(session, document)


def _show_state(session: "Session", document_id: str) -> None:
    with session.desk.reading() as view:
        document = view.documents.one(document_id)
    show({"id": document.id, "kind": document.kind.value, "state": document.state.value})


@command(app, "list")
def show_all(
    call: Call,
    kind: Annotated[KindName | None, typer.Option("--kind", help="Only those of this kind.")] = None,
    workflow: Annotated[
        str | None, typer.Option("--workflow", metavar="W", help="Only what was written about this one.")
    ] = None,
    form: Format = "json",
) -> None:
    """List the documents, the one that was written last first."""
    from bot.cli.desk import to_read, workflow_in
    from store.types import instant_text

    with to_read(call) as session, session.desk.reading() as view:
        every = view.documents.all() if workflow is None else view.documents.of_workflow(workflow_in(view, workflow).id)
    found = [document for document in every if kind in (None, document.kind.value)]
    if form == "text":
        say(worded("cli.documents", documents=found))
        return
    show(
        {
            "documents": [
                {
                    "id": document.id,
                    "kind": document.kind.value,
                    "title": document.title,
                    "workflow": document.workflow,
                    "state": document.state.value,
                    "version": document.latest.number,
                    "at": instant_text(document.latest.written_at),
                    "verdict": document.verdict,
                }
                for document in found
            ]
        }
    )


@command(app, "show")
def show_one(call: Call, document: DocumentId, form: Format = "json") -> None:
    """Show how a document stands and what it says; with --as what this person may read of it."""
    from bot.cli.desk import reader_in, to_read

    with to_read(call) as session, session.desk.reading() as view:
        found = view.documents.one(document)
        reads = reader_in(session, view, call).reads(found.audience)
    if form == "text":
        body = f"\n\n{_body(found)}" if reads else ""
        say(worded("cli.document", session.settings.timezone, d=found, reads=reads) + body)
        return
    show(_entry(found, reads=reads))


def _entry(document: "Document", *, reads: bool) -> dict[str, object]:
    from bot.domain.judging import gaps
    from store.types import instant_text

    latest = document.latest
    return {
        "id": document.id,
        "kind": document.kind.value,
        "title": document.title,
        "workflow": document.workflow,
        "state": document.state.value,
        "version": latest.number,
        "incident": latest.text.incident or None,
        "verdict": document.verdict,
        "authors": sorted(document.authors),
        "submitted_by": document.submitted_by.handle if document.submitted_by else None,
        "decided_by": document.decided_by.handle if document.decided_by else None,
        "decided_at": instant_text(document.decided_at) if document.decided_at else None,
        "because": document.because,
        "reason": document.answer if reads else None,
        "missing": [gap.field for gap in gaps(document.kind, latest.text)],
        "versions": [
            {
                "version": each.number,
                "author": each.author_handle,
                "at": instant_text(each.written_at),
                **_drafter(each),
            }
            for each in document.versions
        ],
        "body": latest.text.body if reads else None,
    }


def _drafter(version: "Version") -> dict[str, object]:
    """Which model wrote it after which prompt; nothing where none did."""
    by = version.drafter
    return {"drafted_by": {"model": by.model, "prompt": by.prompt}} if by else {}


@command(app, "export")
def export(call: Call, document: DocumentId) -> None:
    """Print a document as a Markdown file, which `doc edit` takes again."""
    from bot.cli.desk import to_read
    from bot.sheets import document_sheet

    with to_read(call) as session, session.desk.reading() as view:
        found = _readable(session, view, call, document)
    say(document_sheet(found))


@command(app, "diff")
def diff(
    call: Call,
    document: DocumentId,
    since: Annotated[
        int | None, typer.Option("--from", metavar="N", help="Against this version; else against the one before.")
    ] = None,
    until: Annotated[
        int | None, typer.Option("--to", metavar="M", help="What this version changed; else the latest one.")
    ] = None,
) -> None:
    """Say what a version of a document changed, section by section."""
    from bot.cli.desk import to_read
    from bot.domain.document_changes import alterations

    with to_read(call) as session, session.desk.reading() as view:
        found = _readable(session, view, call, document)
    after = found.version(until)
    if since is None and after.number == 1:
        raise BadUsage(f"Version 1 of “{found.title}” has no version before it to compare with.")
    before = found.version(after.number - 1 if since is None else since)
    changes = alterations(before.text, after.text)
    say(worded("documents.changes_title", session.settings.timezone, before=before, after=after))
    for change in changes:
        say(worded("documents.change", c=change, limit=len(change.lines), width=_LINE_LIMIT))
    if not changes:
        say(worded("documents.unchanged"))


@command(app, "cases")
def cases(
    call: Call,
    document: DocumentId,
    version: Annotated[
        int | None, typer.Option("--version", metavar="N", help="The tests of this version; else of the latest one.")
    ] = None,
) -> None:
    """Print a spec's acceptance tests and counterexamples as JSON lines for an eval suite."""
    from bot.cli.desk import to_read
    from bot.domain.eval_cases import cases as cases_of

    with to_read(call) as session, session.desk.reading() as view:
        found = _readable(session, view, call, document)
    meant = found.version(version)
    source = {"spec": found.id, "version": meant.number, "hash": meant.text.hash}
    for case in cases_of(found, meant.text):
        show({"id": case.id, "kind": case.kind.value, "input": case.input, "expected": case.expected, **source})


def _readable(session: "Session", view: "View", call: Call, document_id: str) -> "Document":
    from bot.actions.readers import demand_reads
    from bot.cli.desk import reader_in

    found = view.documents.one(document_id)
    demand_reads(reader_in(session, view, call), found)
    return found


def _body(document: "Document") -> str:
    from bot.domain.wording import clean

    return clean(document.latest.text.body.expandtabs(4))
