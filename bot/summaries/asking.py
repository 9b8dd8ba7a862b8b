"""Asking a model for the digest's paragraph, and keeping the answer only if all that it says is in the facts."""

import json
from dataclasses import dataclass
from typing import Protocol

import structlog

from bot.domain.summaries.checking import objections
from bot.domain.summaries.facts import DigestFacts, redacted, told
from bot.summaries.prompts import Prompt, prompt

log = structlog.get_logger()


class NoAnswer(Exception):
    """A model gave no paragraph; `why` is a short code that is safe to log, such as `timeout` or `status 429`."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The language model gave no answer ({why}).")
        self.why = why


class Model(Protocol):
    """A language model that answers once, without tools."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    def paragraph(self, prompt: Prompt, data: str) -> str:
        """Its paragraph on these data (JSON); raises NoAnswer for whatever stands in the way."""
        ...


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
        text = model.paragraph(asked, json.dumps(told(shown), ensure_ascii=False)).strip()
    except NoAnswer as error:
        known.warning("summary.none", why=error.why)
        return None
    faults = sorted({each.fault.value for each in objections(text, shown)})
    if faults:
        known.warning("summary.dropped", faults=faults)
        return None
    known.info("summary.kept", characters=len(text))
    return Summary(text, asked.label, model.name)
