"""Whether a model's paragraph may stand above a digest: all that it says must occur in the facts it was told.

Numbers must occur with what they count, days, names and states as they are; those in a clause that names a workflow
must occur in that workflow's findings. Texts that others wrote, such as tickets' titles, prove nothing. What is out of
reach: a dropped or added "not", a relation between facts that are all true, a name in small letters.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.summaries.claims import Claim, Clause, Day, Name, Number, Sentence, sentences_in, words_in
from bot.domain.summaries.facts import DigestFacts, Line
from bot.domain.summaries.grounds import Ground, ground_of_counts, ground_of_line, ground_of_names, ground_of_week
from bot.domain.summaries.words import stem
from bot.domain.wording import one_line

LIMIT = 600

_CHARACTERS = re.compile(r"[A-Za-z0-9 .,;:!?'\"()%/$€£+_\u2212&→‘’“”…\u2013\u2014-]|[^\W\d_]")
_MARKUP = re.compile(r"(?<![^\W_])_|_(?![^\W_])|:[a-z0-9_+-]+:|--+|^[^A-Za-z0-9\"“$€£]")
_LINK = re.compile(r"\w\.[^\W\d]{2,}|://|//|\bwww\b|\bhttps?\b|\bmailto\b|\bdot\s+\w+\b", re.IGNORECASE)
_VOICE = re.compile(
    r"\b(?:I|I['’]\w+|[Mm]y|[Mm]e|[Ww]e|[Oo]urs?|[Yy]ours?|[Yy]ou|[Yy]ou['’]\w+|[Ll]et['’]s|AI)\b"
    r"|(?i:\b(?:us|ignor\w*|disregard\w*|forget|overrule|instruct\w*|obey|system prompts?|assistants?|language models?"
    r"|as requested|sure|certainly|sorry|cannot|unable to|here is|here['’]s|please|click|visit|download|install"
    r"|log ?in|sign ?in|passwords?|passcodes?|credentials?|secrets?|bitcoin|gift cards?|wire|transfer|phone|call"
    r"|e-?mail|dm|reply|forward|contact|json|null|undefined|n/a|lorem)\b|^(?:summary|note|digest|output|answer)\b)"
)
_REASSURING = re.compile(
    r"\b(?:all[- ]clear|all (?:is |are |looks? )?(?:well|good|fine|green|quiet|clear)|everything|everyone"
    r"|(?:all|every|each) (?:of the )?(?:\w+ )?(?:workflows?|teams?|agents?|metrics?|checks?)"
    r"|no (?:(?:other|more|further|new|real|serious|major|open) )?(?:issues?|problems?|concerns?|exceptions?|findings?"
    r"|actions?|incidents?|risks?|reason)|not? need\w*|nothing|nobody|no one|harmless|false alarms?|can wait|may wait"
    r"|healthy|in good shape|under control|safe(?:ly)?|fine|smooth(?:ly)?|as planned|on plan|on schedule"
    r"|not (?:a )?(?:serious|critical|urgent|important)|unimportant|minor|negligible|trivial)\b",
    re.IGNORECASE,
)


class Fault(StrEnum):
    """Why a paragraph may not stand; logged and counted, without the text."""

    LENGTH = "length"
    CHARACTERS = "characters"
    MARKUP = "markup"
    LINK = "link"
    VOICE = "voice"
    REASSURANCE = "reassurance"
    UNFINISHED = "unfinished"
    NUMBER = "number"
    DAY = "day"
    NAME = "name"
    STATE = "state"
    OMISSION = "omission"


@dataclass(frozen=True, slots=True)
class Objection:
    """One reason to drop a paragraph, and the words that gave it."""

    fault: Fault
    words: str


def objections(answer: str, facts: DigestFacts) -> tuple[Objection, ...]:
    """Why the paragraph may not stand above these facts; empty if it may."""
    return (*_of_form(answer), *_of_content(answer, facts)) if len(answer) <= 10 * LIMIT else (_long(answer),)


def _of_form(answer: str) -> Iterator[Objection]:
    if not 1 <= len(answer) <= LIMIT:
        yield _long(answer)
    if odd := "".join(sorted({character for character in answer if not _CHARACTERS.match(character)})):
        yield Objection(Fault.CHARACTERS, odd)
    if one_line(answer) != answer:
        yield Objection(Fault.CHARACTERS, "breaks or invisible characters")
    if not answer.endswith((".", "!", "?")):
        yield Objection(Fault.UNFINISHED, answer[-20:])
    for fault, pattern in _FORMS:
        yield from (Objection(fault, found[0]) for found in pattern.finditer(answer))


_FORMS = (
    (Fault.MARKUP, _MARKUP),
    (Fault.LINK, _LINK),
    (Fault.VOICE, _VOICE),
    (Fault.REASSURANCE, _REASSURING),
)


def _long(answer: str) -> Objection:
    return Objection(Fault.LENGTH, f"{len(answer)} characters")


def _of_content(answer: str, facts: DigestFacts) -> Iterator[Objection]:
    week, names = ground_of_week(facts), ground_of_names(facts)
    complete = dict(facts.counts).get("findings", len(facts.lines)) == len(facts.lines)
    lines = tuple(_Grounded(line, ground_of_line(line)) for line in facts.lines)
    sentences = sentences_in(answer)
    named: tuple[_Grounded, ...] = ()
    for sentence in sentences:
        here = _named_in(sentence.text, lines)
        before, named = named, here or (named if sentence.follows else ())
        for clause in sentence.clauses:
            own = _named_in(clause.text, here or lines)
            narrow = own or here or (before if sentence.follows else ()) or lines
            counts = ground_of_counts(each.line for each in own or lines if complete)
            wide = (week, counts) if own else (week, counts, names)
            yield from _unborne(clause, (*wide, *(each.ground for each in narrow)))
    yield from _left_out(answer, sentences, facts)


@dataclass(frozen=True, slots=True)
class _Grounded:
    line: Line
    ground: Ground


def _named_in(text: str, lines: tuple[_Grounded, ...]) -> tuple[_Grounded, ...]:
    """The lines whose workflow the text names, else those whose team it names."""
    said = _spoken(text)
    own = (each for each in lines if each.line.workflow != each.line.team)
    by_workflow = tuple(each for each in own if _spoken(each.line.workflow) in said)
    return by_workflow or tuple(each for each in lines if each.line.team and _spoken(each.line.team) in said)


def _spoken(text: str) -> str:
    """The text as runs of words: `refunds_agent` may be called the refunds agent."""
    return f" {' '.join(words_in(text)).replace('_', ' ').casefold()} "


def _unborne(clause: Clause, grounds: tuple[Ground, ...]) -> Iterator[Objection]:
    for claim in clause.claims:
        if not (_is_pronoun(claim) or any(ground.bears(claim) for ground in grounds)):
            yield Objection(_fault(claim), str(claim))


def _is_pronoun(claim: Claim) -> bool:
    """Whether "one" only points at something: it counts where what a digest counts stands beside it."""
    return isinstance(claim, Number) and claim.points and not claim.counted


def _fault(claim: Claim) -> Fault:
    match claim:
        case Number():
            return Fault.NUMBER
        case Day():
            return Fault.DAY
        case Name():
            return Fault.NAME
        case _:
            return Fault.STATE


def _left_out(answer: str, sentences: tuple[Sentence, ...], facts: DigestFacts) -> Iterator[Objection]:
    """Each critical finding is named by its workflow, or they are counted."""
    said = _spoken(answer)
    missing = [line.workflow for line in facts.criticals if _spoken(line.workflow) not in said]
    count = dict(facts.counts).get("critical", len(facts.criticals))
    claims = (claim for sentence in sentences for clause in sentence.clauses for claim in clause.claims)
    counted = any(isinstance(each, Number) and each.value == count and _CRITICAL in each.counted for each in claims)
    if missing and not counted:
        yield Objection(Fault.OMISSION, ", ".join(missing))


_CRITICAL = stem("critical")
