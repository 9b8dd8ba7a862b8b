"""Asking a model for the digest's paragraph, and keeping the answer only if all that it says is in the facts."""

import json
from dataclasses import dataclass

import structlog
from pydantic import Field

from bot.domain.summaries.checking import objections
from bot.domain.summaries.facts import DigestFacts, redacted, told
from bot.drafting.model import Model, NoAnswer, Shape
from bot.drafting.prompts import prompt

log = structlog.get_logger()


class Paragraph(Shape):
    """What the model has to answer."""

    paragraph: str = Field(description="One paragraph of plain text, at most 500 characters.")


@dataclass(frozen=True, slots=True)
class Summary:
    """A paragraph that may stand above the digest's lines, as plain text; which prompt and model it came from."""

    text: str
    prompt: str
    model: str


def summarise(facts: DigestFacts, model: Model | None) -> Summary | None:
    """The model's paragraph about these facts, or None: without a model, findings or an answer, or with a wrong one.

    Not to be called inside a transaction: it waits for the model. Nothing of what was said is logged.
    """
    if model is None or not facts.lines:
        return None
    asked, shown = prompt("digest_summary"), redacted(facts)
    known = log.bind(prompt=asked.label, model=model.name)
    try:
        text = model.answer(asked, json.dumps(told(shown), ensure_ascii=False), Paragraph).paragraph.strip()
    except NoAnswer as error:
        known.warning("summary.none", why=error.why)
        return None
    faults = sorted({each.fault.value for each in objections(text, shown)})
    if faults:
        known.warning("summary.dropped", faults=faults)
        return None
    known.info("summary.kept", characters=len(text))
    return Summary(text, asked.label, model.name)
