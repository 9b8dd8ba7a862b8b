"""The windows in which a spec, a postmortem or a red-team review is written, three steps each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.composing import words_of
from bot.domain.documents import (
    HANDLE,
    PARTS,
    REVIEWERS,
    Document,
    DocumentKind,
    DocumentState,
    Part,
    Text,
    reviewers,
)
from bot.domain.gaps import TITLE_LIMIT, Gap
from bot.domain.playbook import DoneWhen
from bot.domain.sections import key_of
from bot.domain.workflows import Workflow
from bot.slack.blocks import Block, actions, button, chosen, context, field, modal, option, persons, section, typed
from bot.slack.pen import Pen
from bot.slack.screens.document_reviews import drafter_told

FIELD_LIMIT = 3000
"""The most that a field of a window takes."""

STEPS: Mapping[DocumentKind, tuple[tuple[str, ...], ...]] = {
    DocumentKind.SPEC: (
        ("Goal", "Metric", "Owner"),
        ("Requirements", "Authoritative inputs", "Non-negotiable constraints"),
        ("Acceptance tests", "Counterexamples"),
    ),
    DocumentKind.POSTMORTEM: (
        ("Summary", "Impact"),
        ("Timeline", "What the agent did and why"),
        ("Contributing factors", "Actions with owners and dates"),
    ),
    DocumentKind.RED_TEAM: (
        ("Scope", "Reviewers"),
        ("Attacks tried", "Outcomes"),
        ("Score", "Verdict"),
    ),
}
"""Which parts are asked in which step; the title stands in the first one, and a postmortem's incident too."""

LAST_STEP = 3
_TITLE, _INCIDENT = "title", "incident"
_ANEW = "_anew"
_OFFERED_LIMIT = 100
_BESIDE_HANDLES = frozenset(" \n,;-*+<>@")


@dataclass(frozen=True, slots=True)
class Writing:
    """What a window shows: a step of a text of that kind, about a workflow; `document` once something is kept.

    `lacking` is what kept it from its review, `known` are the incidents without a postmortem, and `is_anew` says that
    another draft was offered first: Slack keeps what stands in a field that bears the same name. `written` is how many
    documents of this workflow can be looked at, and `has_model` whether a model can be asked to draft.
    """

    kind: DocumentKind
    workflow: Workflow
    text: Text
    step: int = 1
    document: Document | None = None
    lacking: tuple[Gap, ...] = ()
    known: tuple[str, ...] = ()
    notice: str = ""
    is_anew: bool = False
    written: int = 0
    has_model: bool = False

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts that this step asks."""
        return tuple(
            part for title in STEPS[self.kind][self.step - 1] for part in PARTS[self.kind] if part.title == title
        )


def block_of(name: str, *, is_anew: bool = False) -> str:
    """The block in which a part, or `title` or `incident`, is typed."""
    return f"{key_of(name).replace(' ', '_')}{_ANEW if is_anew else ''}"


def step_of(kind: DocumentKind, lacking: tuple[Gap, ...]) -> int:
    """The first step that has something missing to be filled in."""
    missing = {gap.field for gap in lacking}
    found = (number for number, titles in enumerate(STEPS[kind], start=1) if missing & set(titles))
    return 1 if missing & {_TITLE, _INCIDENT} else next(found, LAST_STEP)


def document_modal(pen: Pen, writing: Writing, memory: str) -> Block:
    """One step of writing: what it is about, its fields, and the way back."""
    others = button(pen.plain("documents.others", count=writing.written), "document.list", writing.workflow.id)
    about = pen.md("documents.about", w=writing.workflow)
    blocks = [section(about, others if writing.written and writing.step == 1 else None)]
    blocks += _notices(pen, writing)
    blocks += drafter_told(pen, writing.document.latest) if writing.document else []
    missing = {gap.field for gap in writing.lacking}
    if writing.step == 1:
        blocks += _heads(pen, writing, missing)
    blocks += [_part(pen, writing, part, is_missing=part.title in missing) for part in writing.parts]
    controls = [button("Back", "document.back", str(writing.step))] if writing.step > 1 else []
    controls.append(button("Keep as a draft", "document.keep", str(writing.step)))
    if writing.has_model and writing.step == 1:
        controls.append(button("Draft with the model…", "document.ask_model"))
    blocks += [actions(*controls), context(pen.md("documents.step", step=writing.step, steps=LAST_STEP))]
    title = f"{writing.kind.label.capitalize()}, {writing.step} of {LAST_STEP}"
    submit = "Submit for review" if writing.step == LAST_STEP else "Next"
    return modal("document.write", title, blocks, submit=submit, metadata=memory)


def which_modal(pen: Pen, offered: Sequence[Workflow], memory: str) -> Block:
    """The question which workflow a document is about."""
    options = [option(workflow.name, workflow.id) for workflow in offered[:_OFFERED_LIMIT]]
    which = field("workflow", pen.plain("documents.which"), chosen(options))
    return modal("document.begin", "Which workflow?", [which], submit="Next", metadata=memory)


def _notices(pen: Pen, writing: Writing) -> list[Block]:
    document = writing.document
    if writing.lacking:
        version = document.latest.number if document else 1
        fields = list(dict.fromkeys(gap.field for gap in writing.lacking))
        return [section(pen.md("documents.lacks", gaps=writing.lacking, fields=fields, version=version))]
    if writing.notice:
        return [section(writing.notice)]
    if document and document.state is DocumentState.IN_REVIEW:
        return [section(pen.md("documents.edits", d=document))]
    return []


def kept_before(pen: Pen, document: Document) -> str:
    """That a draft of theirs is offered again, and why it was rejected if it was."""
    return pen.md("documents.kept_before", d=document)


def with_fresh_start(pen: Pen, view: Block) -> Block:
    """The same window with a way to begin another document instead of the draft that it offers."""
    offered = section(view["blocks"][1]["text"]["text"], button(pen.plain("documents.anew"), "document.anew"))
    return view | {"blocks": [view["blocks"][0], offered, *view["blocks"][2:]]}


def _heads(pen: Pen, writing: Writing, missing: set[str]) -> list[Block]:
    label = _label(pen, pen.plain("documents.title_label"), is_missing=_TITLE in missing)
    title = block_of(_TITLE, is_anew=writing.is_anew)
    found = [field(title, label, typed(writing.text.title, limit=TITLE_LIMIT), optional=True)]
    if writing.kind is DocumentKind.POSTMORTEM:
        label = _label(pen, pen.plain("documents.incident_label"), is_missing=_INCIDENT in missing)
        hint = pen.plain("documents.incident_hint", known=writing.known)
        name = block_of(_INCIDENT, is_anew=writing.is_anew)
        found.append(field(name, label, typed(writing.text.incident, limit=200), hint=hint, optional=True))
    return found


def _part(pen: Pen, writing: Writing, part: Part, *, is_missing: bool) -> Block:
    words = words_of(writing.text, part)
    if len(words) > FIELD_LIMIT:
        return section(pen.md("documents.too_long", part=part, length=len(words)))
    element, hint = typed(words, multiline=True), part.asks
    if part is REVIEWERS and set(HANDLE.sub("", words)) <= _BESIDE_HANDLES:
        element, hint = persons(reviewers(writing.text)), pen.plain("documents.reviewers_hint")
    label = _label(pen, part.title, is_missing=is_missing)
    return field(block_of(part.title, is_anew=writing.is_anew), label, element, hint=hint, optional=True)


def _label(pen: Pen, title: str, *, is_missing: bool) -> str:
    return pen.plain("documents.missing_label", title=title) if is_missing else title


_LABELS = {
    DoneWhen.SPEC: (DocumentKind.SPEC, "Write the spec…"),
    DoneWhen.RED_TEAM: (DocumentKind.RED_TEAM, "Write the red-team review…"),
}


def writing_button(done_when: DoneWhen | None, workflow_id: str) -> Block | None:
    """The way to the document that an item, a gate or a grant waits for; None where it waits for none."""
    if done_when not in _LABELS:
        return None
    kind, label = _LABELS[done_when]
    return button(label, "document.write", f"{kind}:{workflow_id}")


def postmortem_button(workflow_id: str, incident: str) -> Block:
    """The way to the postmortem of an incident or a deviation."""
    return button("Write the postmortem…", "document.write", f"{DocumentKind.POSTMORTEM}:{workflow_id}:{incident}")
