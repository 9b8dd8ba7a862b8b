"""Document files: Markdown with front matter and the sections of their kind, as text that can be kept."""

from bot.cli.papers import Key, Paper, Title
from bot.domain.documents import DocumentKind, Text
from bot.playbooks.fields import Strict
from bot.playbooks.problems import Problem


class DocumentEntry(Strict):
    """A document's front matter; what an export adds may stay there when it is edited, and changes nothing."""

    title: Title | None = None
    incident: Key | None = None
    id: str | None = None
    kind: str | None = None
    workflow: str | None = None
    state: str | None = None
    version: int | None = None
    drafted_by: str | None = None
    drafted_with: str | None = None


def text_of(paper: Paper, kind: DocumentKind) -> Text:
    """What the paper says; gaps are left for the review, what cannot be read is refused with every problem."""
    root = paper.head.root
    more: list[Problem] = []
    given = root.child("kind")
    if given and given.text not in (None, kind):
        more.append(given.problem(f"is {given.text!r}, and this is a {kind.label}."))
    incident = root.child("incident")
    if incident and kind is not DocumentKind.POSTMORTEM:
        more.append(incident.problem("belongs to a postmortem only: leave it out here."))
    blank = {name for name in ("title", "incident") if (node := root.child(name)) and node.value in (None, "")}
    head = paper.without(blank).filled(DocumentEntry, more)
    return Text(head.title or "", paper.body.strip("\n"), head.incident or "")
