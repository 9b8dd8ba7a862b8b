"""What a language model is told of a digest: an allow-list of fields, without addresses, ids, links or secrets."""

import re
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.domain.findings.kinds import FactValue, Finding
from bot.domain.findings.words import called, titled
from bot.domain.redaction import redact
from bot.domain.wording import cut

LINES = 30
TEXT_CHARACTERS = 400
TITLE_CHARACTERS = 120

FOREIGN = ("title", "titles", "about", "text", "summary", "description", "label", "why_not")
"""Facts of a finding that hold text from outside, such as a ticket's title: the model sees it; it proves nothing."""

NAMES = (
    "incident", "change", "reverts", "items", "metric", "suite", "red_line", "action", "actions", "prompt_version",
    "model",
)  # fmt: skip
"""Facts of a finding that hold names from outside, such as an incident's key: one of several words is a text."""

_LINKS = re.compile(r"(?:[a-z][a-z0-9+.-]{1,20}://|\bwww\.|\bmailto:)[^\s>|\"']*", re.IGNORECASE)
_MENTIONS = re.compile(r"<[@#!][^>\s]*>?|@(?:channel|here|everyone)\b", re.IGNORECASE)
_SLACK_IDS = re.compile(r"\b(?=[A-Z0-9]*\d)[UWCGDTSB][A-Z0-9]{7,}\b")


@dataclass(frozen=True, slots=True)
class Line:
    """One finding as the model is told of it: names, words and numbers, and nothing that can be followed.

    `workflow` is the name of what it is about, `titles` are texts from outside that stand in the other fields too.
    """

    rule: str
    severity: str
    state: str
    weeks: int
    workflow: str
    team: str | None
    summary: str
    owner: str | None
    next_step: str
    facts: tuple[tuple[str, FactValue], ...] = ()
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DigestFacts:
    """What the model is told of one digest: the week from `start` to `end` (local days), counts by name, the lines.

    A count's name says what is counted (`critical`, `warning`, `new`, `carried`, `resolved`, `on_track` …). `moves`
    are sentences such as "triage_agent moved to production".
    """

    week: str
    start: date
    end: date
    counts: tuple[tuple[str, int], ...]
    lines: tuple[Line, ...]
    moves: tuple[str, ...] = ()

    @property
    def criticals(self) -> tuple[Line, ...]:
        """The lines that nobody may leave out."""
        return tuple(line for line in self.lines if line.severity == "critical")


def line_of(finding: Finding, state: str, weeks: int, owner: str | None) -> Line:
    """A finding as the model is told of it; `owner` is the name of who has it now."""
    titles = (_unbroken(text) for name, value in finding.facts if name in FOREIGN for text in _texts(value))
    return Line(
        rule=finding.rule,
        severity=finding.severity.value,
        state=state,
        weeks=weeks,
        workflow=finding.subject.name,
        team=finding.team,
        summary=finding.summary,
        owner=owner,
        next_step=finding.next_step,
        facts=tuple((name, value) for name, value in finding.facts if name not in FOREIGN),
        titles=tuple(titles),
    )


def redacted(facts: DigestFacts) -> DigestFacts:
    """The facts as they may leave: every text masked, without links and ids, and cut; the first lines only."""
    return DigestFacts(
        week=facts.week,
        start=facts.start,
        end=facts.end,
        counts=facts.counts,
        lines=tuple(_redacted_line(line) for line in facts.lines[:LINES]),
        moves=tuple(_shown(move) for move in facts.moves[:LINES]),
    )


def told(facts: DigestFacts) -> dict[str, Any]:
    """The facts as plain values for JSON, in one order; `redacted` comes first."""
    return {
        "week": {"name": facts.week, "from": facts.start.isoformat(), "to": facts.end.isoformat()},
        "counts": dict(facts.counts),
        "moves": list(facts.moves),
        "findings": [
            {
                "rule": line.rule,
                "severity": line.severity,
                "state": line.state,
                "weeks": line.weeks,
                "workflow": line.workflow,
                "team": line.team,
                "summary": line.summary,
                "owner": line.owner,
                "next_step": line.next_step,
                "facts": {name: list(value) if isinstance(value, tuple) else value for name, value in line.facts},
                "titles_written_by_others": list(line.titles),
            }
            for line in facts.lines
        ],
    }


def _redacted_line(line: Line) -> Line:
    line = _cut_anew(line)
    return Line(
        rule=line.rule,
        severity=line.severity,
        state=line.state,
        weeks=line.weeks,
        workflow=_shown(line.workflow),
        team=None if line.team is None else _shown(line.team),
        summary=_shown(line.summary),
        owner=None if line.owner is None else _shown(line.owner),
        next_step=_shown(line.next_step),
        facts=tuple((_shown(name), _shown_value(value)) for name, value in line.facts),
        titles=tuple(_shown(title, TITLE_CHARACTERS) for title in line.titles),
    )


def _unbroken(text: str) -> str:
    """A text that came cut without what was cut in two: its last word, and numbers right before that."""
    if not text.endswith("…"):
        return text
    words = text.split(" ")[:-1]
    while words and any(character.isdigit() for character in words[-1]):
        words.pop()
    return " ".join((*words, "…"))


def _cut_anew(line: Line) -> Line:
    """The line with the texts from outside masked before its sentences cut them: half of a key is not known as one."""
    summary, next_step = line.summary, line.next_step
    texts = {*line.titles, *(each for _, value in line.facts for each in _texts(value))}
    for text in sorted(texts, key=lambda each: (-len(each), each)):
        masked = _masked(text)
        for form in (titled, called):
            if masked != text and (before := form(text)):
                summary, next_step = (each.replace(before, form(masked)) for each in (summary, next_step))
    return replace(line, summary=summary, next_step=next_step)


def _shown(text: str, limit: int = TEXT_CHARACTERS) -> str:
    return cut(_masked(text), limit)


def _masked(text: str) -> str:
    masked = redact(text)
    for pattern, word in ((_MENTIONS, "[mention]"), (_LINKS, "[link]"), (_SLACK_IDS, "[id]")):
        masked = pattern.sub(word, masked)
    return masked


def _shown_value(value: FactValue) -> FactValue:
    if isinstance(value, str):
        return _shown(value)
    return tuple(_shown(each) for each in value) if isinstance(value, tuple) else value


def _texts(value: FactValue) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value if isinstance(value, tuple) else ()
