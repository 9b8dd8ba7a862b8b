"""Drafts by a model: asked for outside any transaction, and a clear sentence where none comes."""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from bot.actions.desk import Desk
from bot.domain.composing import composed, words_of
from bot.domain.documents import PARTS, DocumentKind, Text
from bot.domain.errors import Refused, Unavailable
from bot.domain.material import Material
from bot.domain.memos import Entry
from bot.drafting import DRAFT_TIMEOUT_S, MemoSketch, Model, NoAnswer, Sketch, drafted, drafted_memo, parts_for_models

T = TypeVar("T")

_WHY = {
    "timeout": f"The language model gave no answer within {DRAFT_TIMEOUT_S:.0f} seconds",
    "unreachable": "The language model can't be reached just now",
    "refusal": "The language model declined to write this",
    "truncated": "The language model stopped in the middle of its answer",
    "too long": "The language model wrote more than a draft holds",
    "nothing": "The language model found nothing in this to write down",
    "status 401": "The language model's endpoint does not take our key (an admin sees more with rollout doctor)",
    "status 403": "The language model's endpoint does not take our key (an admin sees more with rollout doctor)",
    "status 429": "The language model takes no more questions just now",
}
_ODD = "The language model answered something that is no draft"
_AMISS = "The language model's endpoint does not work as it should"


class Undrafted(Unavailable):
    """A model made no draft; the sentence says why, and what remains. `why` is a code that is safe to log."""

    def __init__(self, sentence: str, why: str) -> None:
        super().__init__(sentence)
        self.why = why


def sketch(desk: Desk, kind: DocumentKind, material: Material) -> Sketch:
    """A model's draft of a document; Undrafted where it made none, Refused where there is no model."""
    return _made(desk, lambda model: drafted(kind, material, model))


def memo_sketch(desk: Desk, material: Material) -> MemoSketch:
    """A model's draft of a memo; Undrafted where it made none, Refused where there is no model."""
    return _made(desk, lambda model: drafted_memo(material, model))


def _made(desk: Desk, ask: Callable[[Model], T]) -> T:
    if desk.model is None:
        raise Refused("No language model is set up here (OPENAI_API_KEY), so drafts are written by hand.")
    try:
        return ask(desk.model)
    except NoAnswer as error:
        status = error.why.startswith("status ")
        why = _WHY.get(error.why, _AMISS if status else _ODD)
        raise Undrafted(f"{why}. Nothing was written: try again, or write it by hand.", error.why) from None


def begun_in(kind: DocumentKind, text: Text) -> dict[str, str]:
    """What somebody wrote already, by the titles of the parts."""
    said = {"title": text.title} | {part.title: words_of(text, part) for part in PARTS[kind]}
    return {title: words for title, words in said.items() if words}


def open_parts(kind: DocumentKind, text: Text) -> tuple[str, ...]:
    """The titles of the parts that a model may still fill."""
    begun = begun_in(kind, text)
    return tuple(part.title for part in parts_for_models(kind) if part.title not in begun)


def filled(kind: DocumentKind, before: Text, sketched: Sketch) -> Text:
    """`before` with a model's words in the parts that nobody had written; what a person wrote stays as it is."""
    begun = begun_in(kind, before)
    parts = {title: words for title, words in sketched.parts.items() if title not in begun}
    return replace(before, title=before.title or sketched.title, body=composed(kind, before, parts))


def entry_of(sketched: MemoSketch) -> Entry:
    """A model's memo as something typed, to be completed and filed by a person."""
    return Entry(
        title=sketched.title,
        decision=sketched.decision,
        category=sketched.category,
        is_reversible=sketched.is_reversible,
        context=sketched.context,
        options=sketched.options,
    )
