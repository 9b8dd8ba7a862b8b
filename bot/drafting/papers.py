"""Drafts of documents and memos by a model: asked for once in a shape of their kind, cleaned and bounded.

Whatever the material or the model says, an answer is words for the parts of a draft and nothing else: there are no
tools, the incident and the reviewers are for people to name, and the words go where typed ones go.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pydantic import Field, create_model

from bot.domain.documents import PARTS, REVIEWERS, DocumentKind, Drafter, Part
from bot.domain.gaps import TITLE_LIMIT
from bot.domain.material import Material, told
from bot.domain.memos import Category
from bot.domain.sections import key_of
from bot.domain.wording import clean, cut
from bot.drafting.model import A, Model, NoAnswer, Shape
from bot.drafting.prompts import prompt

DRAFT_TIMEOUT_S = 50.0
"""How long a draft is waited for: a page takes longer than the digest's paragraph, and people wait a minute at most."""
PART_LIMIT = 3000
"""The most characters of one part: as many as a field of Slack's windows takes."""


@dataclass(frozen=True, slots=True)
class Sketch:
    """What a model wrote of a document: its title and words by the titles of the parts, some of them perhaps empty."""

    title: str
    parts: Mapping[str, str]
    drafter: Drafter


@dataclass(frozen=True, slots=True)
class MemoSketch:
    """What a model wrote of a memo, some of it perhaps empty."""

    title: str
    decision: str
    context: str
    options: str
    category: Category
    is_reversible: bool
    drafter: Drafter


class MemoDraft(Shape):
    """What a model has to answer for a memo."""

    title: str = Field(description="One line by which others will find it.")
    decision: str = Field(description="What was decided, and why.")
    context: str = Field(description="What one has to know to understand it.")
    options: str = Field(description="What else could have been done, and why not, one a line.")
    category: Literal["pricing", "security_posture", "roadmap", "grant", "phase_move", "other"]
    reversible: bool = Field(description="Whether it can be undone.")


@cache
def shape_of(kind: DocumentKind) -> type[Shape]:
    """What a model has to answer for a document of that kind: a title, and a text for each part that it may write."""
    fields: dict[str, Any] = {_name(part): (str, Field(description=part.asks)) for part in parts_for_models(kind)}
    title = (str, Field(description="One line by which others will find it."))
    return create_model(f"{kind.name.title().replace('_', '')}Draft", __base__=Shape, title=title, **fields)


def drafted(kind: DocumentKind, material: Material, model: Model) -> Sketch:
    """The model's draft of a document; NoAnswer for whatever stands in the way.

    Not to be called inside a transaction: it waits for the model.
    """
    found, drafter = _asked(f"draft_{kind}", material, model, shape_of(kind))
    said = found.model_dump()
    parts = {part.title: said[_name(part)] for part in parts_for_models(kind)}
    return Sketch(said["title"], parts, drafter)


def drafted_memo(material: Material, model: Model) -> MemoSketch:
    """The model's draft of a memo; NoAnswer for whatever stands in the way. Waits for the model too."""
    found, drafter = _asked("draft_memo", material, model, MemoDraft)
    return MemoSketch(
        title=found.title,
        decision=found.decision,
        context=found.context,
        options=found.options,
        category=Category(found.category),
        is_reversible=found.reversible,
        drafter=drafter,
    )


def _asked(name: str, material: Material, model: Model, shape: type[A]) -> tuple[A, Drafter]:
    asked = prompt(name)
    found = _fit(model.answer(asked, json.dumps(told(material), ensure_ascii=False), shape))
    return found, Drafter(model.name, asked.label)


def _fit(found: A) -> A:
    """The answer without what cannot be seen, and its title on a line; NoAnswer where it says nothing or too much."""
    said = {
        name: clean(words.expandtabs(4)).strip() for name, words in found.model_dump().items() if isinstance(words, str)
    }
    said["title"] = cut(said["title"], TITLE_LIMIT)
    if any(len(words) > PART_LIMIT for words in said.values()):
        raise NoAnswer("too long")
    if not any(words for name, words in said.items() if name not in ("title", "category")):
        raise NoAnswer("nothing")
    return found.model_copy(update=said)


def parts_for_models(kind: DocumentKind) -> tuple[Part, ...]:
    """The parts that a model may write."""
    # Who reviewed may read the review: that is never a model's to say.
    return tuple(part for part in PARTS[kind] if part is not REVIEWERS)


def _name(part: Part) -> str:
    return key_of(part.title).replace(" ", "_")
