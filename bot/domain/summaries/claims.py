"""What a text claims, read word by word: numbers with what they count, days, names, states."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from bot.domain.summaries.words import (
    COUNTED,
    COUNTED_STEMS,
    FOLLOWING,
    MEASURE_STEMS,
    MONTHS,
    NUMBERS,
    OPENERS,
    ORDINALS,
    SEVERITIES,
    STATES,
    UNITS,
    WEEKDAYS,
    stem,
)

_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" if month != "may" else month for month in MONTHS)
_DAYS = re.compile(
    r"\b(?P<iso>\d{4}-\d{2}-\d{2})(?:T[\d:.]+(?:Z|[+-]\d{2}:\d{2})?)?"
    rf"|\b(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{_MONTH})\b(?:,?\s+(?P<year>\d{{4}})\b)?"
    rf"|\b(?P<month2>{_MONTH})\s+(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<year2>\d{{4}})\b)?",
    re.IGNORECASE,
)
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_CLAUSES = re.compile(r"[;:()\u2013\u2014]\s*|,\s|\s-\s|\b(?:and|while|whereas|but|then)\b")
_TOKENS = re.compile(r"\d{1,2}:\d{2}(?!\d)|[$€£]?\d+(?:,\d{3})+(?:\.\d+)?%?|[^\s,;:()\[\]!?\"“”…→]+")
_NUMBER = re.compile(
    r"[+\u2212-]?(?P<money>[$€£]?)(?P<digits>\d+(?:,\d{3})*(?:\.\d+)?)(?P<unit>%|h|d|min|ms|s|st|nd|rd|th)?"
)
_JOINED = re.compile(r"[\d.,]+%?(?:[/\u2013-][\d.,]+%?)+")
_DENIALS = frozenset(["no", "without", "neither", "nor", "none", "zero", "0"])
_TO_COME = frozenset(["be", "until", "if", "unless", "once", "when", "before"])
_EDGES = ".'‘’-\u2013\u2014/&"
_OWNING = re.compile(r"['’]s?$")
# Facts are read more widely than claims: what is counted may stand before its number there.
_BEFORE, _AFTER, _NEAR = 4, 4, 3
_TRACK = stem("track")
# Units belong to the number that they follow, to no other.
_ATTACHED = frozenset(stem(unit) for unit in ("percent", "dollar"))


@dataclass(frozen=True, slots=True)
class Number:
    """A number with the words around it, as stems.

    `nearest` is what it counts: the next of them that can be counted, or the whole that it is part of ("182 of 200").
    `counted` are those that a digest counts. `points` for the word "one", which may only point at something.
    """

    value: Decimal
    around: frozenset[str]
    nearest: str | None
    counted: frozenset[str]
    points: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the calendar; the year may be left open."""

    month: int
    day: int
    year: int | None


@dataclass(frozen=True, slots=True)
class Name:
    """A run of words that looks like a name; `opens` where it begins a sentence, as any word may with a capital."""

    words: tuple[str, ...]
    opens: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """A word for a state or a movement, as the group of words that say the same.

    `holds` where it is said to be so already; "to be frozen" and "until it is resolved" speak of what is to come.
    """

    group: tuple[str, ...]
    holds: bool


Claim = Number | Day | Name | State


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a sentence and what it claims."""

    text: str
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence in clauses; `follows` where it speaks of what the one before it named."""

    text: str
    clauses: tuple[Clause, ...]
    follows: bool


def sentences_in(text: str) -> tuple[Sentence, ...]:
    """The sentences of a paragraph."""
    return tuple(_sentence(each) for each in _SENTENCES.split(text.strip()) if each)


def words_in(text: str) -> tuple[str, ...]:
    """The words of a text as they are written, without punctuation at their edges and without a possessive s."""
    return tuple(word for raw in _TOKENS.findall(text) if (word := _OWNING.sub("", raw.strip(_EDGES)).strip(_EDGES)))


def days_in(text: str) -> tuple[Day, ...]:
    """The days that a text names."""
    return tuple(_day(found) for found in _DAYS.finditer(text))


def numbers_in(text: str) -> tuple[Number, ...]:
    """The numbers of a text, without those of its days."""
    words = words_in(_DAYS.sub(" ", text))
    return tuple(number for at in range(len(words)) for number in _numbers_at(words, at))


def _sentence(text: str) -> Sentence:
    days = days_in(text)
    rest = _DAYS.sub("; ", text)
    clauses, opens = [], True
    for part in _CLAUSES.split(rest):
        if words := words_in(part):
            clauses.append(Clause(part, tuple(_claims(words, opens=opens))))
            opens = False
    if days:
        clauses.append(Clause("", days))
    first = words_in(text)[:1]
    return Sentence(text, tuple(clauses), bool(first) and first[0].lower() in FOLLOWING)


def _claims(words: tuple[str, ...], *, opens: bool) -> Iterator[Claim]:
    for at, word in enumerate(words):
        yield from _numbers_at(words, at)
        yield from _denials_at(words, at)
        if not _DENIALS.intersection(each.lower() for each in words[max(at - 2, 0) : at]):
            holds = _holds(words, at)
            yield from (State(group, holds) for group in STATES if word.lower().startswith(group))
    yield from _names(words, opens=opens)


def _holds(words: tuple[str, ...], at: int) -> bool:
    word = words[at].lower()
    if word.startswith(SEVERITIES):
        return True
    is_state = word.endswith(("ed", "en")) or word in COUNTED
    return is_state and not _TO_COME.intersection(each.lower() for each in words[:at])


def _numbers_at(words: tuple[str, ...], at: int) -> Iterator[Number]:
    word = words[at]
    if word.lower() in NUMBERS:
        number = _number(Decimal(NUMBERS[word.lower()]), (), words, at)
        if number.nearest or word.lower() not in ORDINALS:
            yield number
    elif _JOINED.fullmatch(word):
        for part in re.split(r"[/\u2013-]", word):
            if found := _NUMBER.fullmatch(part.strip(".,")):
                yield _number(_value(found), _units(found), words, at)
    elif found := _NUMBER.fullmatch(word):
        yield _number(_value(found), _units(found), words, at)


def _denials_at(words: tuple[str, ...], at: int) -> Iterator[Number]:
    """What a denial of something counted claims: "no critical finding" says that there are 0."""
    if words[at].lower() in _DENIALS:
        number = _number(Decimal(0), (), words, at)
        if number.counted:
            yield number


def _number(value: Decimal, units: tuple[str, ...], words: tuple[str, ...], at: int) -> Number:
    after = [*units, *_measured(words[at + 1 : at + 1 + _AFTER])]
    near = [*units, *(stem(UNITS.get(word.lower(), word)) for word in words[at + 1 : at + 1 + _AFTER])]
    before = _measured(words[max(at - _BEFORE, 0) : at])
    nearest = next((each for each in near[:_NEAR] if each in MEASURE_STEMS), None)
    if nearest is None and before and before[-1] in ("day", "week"):
        nearest = before[-1]
    whole = f"of {near[1]}" if near[:1] == ["of"] and near[1:] and near[1].replace(",", "").isdecimal() else None
    around = {*(each for each in (*before, *after[1:]) if each not in _ATTACHED), *after[:1]}
    return Number(
        value=value,
        around=frozenset(around | {whole} if whole else around),
        nearest=whole or nearest,
        counted=COUNTED_STEMS.intersection(near[:_NEAR]) | {_TRACK}.intersection(near),
        points=words[at].lower() == "one" and near[:1] != [stem("finding")],
    )


def _measured(words: tuple[str, ...]) -> list[str]:
    """The stems of words, of the parts of an identifier too, and of what a unit stands for."""
    return [stem(UNITS.get(part.lower(), part)) for word in words for part in word.split("_") if part]


def _value(found: re.Match[str]) -> Decimal:
    return Decimal(found["digits"].replace(",", "")).normalize()


def _units(found: re.Match[str]) -> tuple[str, ...]:
    unit = UNITS.get(found["unit"] or "")
    return tuple(stem(each) for each in (unit, "dollar" if found["money"] else None) if each)


def _day(found: re.Match[str]) -> Day:
    if found["iso"]:
        year, month, day = map(int, found["iso"].split("-"))
        return Day(month, day, year)
    word, day_text, year_text = (found[name] or found[f"{name}2"] for name in ("month", "day", "year"))
    month = next(n for n, name in enumerate(MONTHS, 1) if name.startswith(word.lower()[:3]))
    return Day(month, int(day_text), int(year_text) if year_text else None)


def _names(words: tuple[str, ...], *, opens: bool) -> Iterator[Name]:
    run: list[str] = []
    starts = 0
    for at, word in enumerate((*words, "")):
        if _is_capitalised(word) and not (opens and at == 0 and word.lower() in OPENERS):
            if not run:
                starts = at
            run.append(word)
            continue
        if run:
            yield Name(tuple(run), opens and starts == 0)
            run = []
        if _is_identifier(word):
            yield Name((word,))


def _is_capitalised(word: str) -> bool:
    return word[:1].isupper() and not _is_identifier(word)


def _is_identifier(word: str) -> bool:
    """Whether a word is written as no ordinary word is: `refunds_agent`, PAY-12, sev1, GitHub, SLA, 09:00."""
    if not word or _NUMBER.fullmatch(word) or _JOINED.fullmatch(word):
        return False
    if any(mark in word for mark in "_.:/") or any(letter.isdigit() for letter in word):
        return True
    return any(letter.isupper() for letter in word[1:].replace("-", "")) or not word.isascii()


def calendar_words(day: Day) -> tuple[str, ...]:
    """How a known day may be called: its month, and its weekday where the year is known."""
    month = MONTHS[day.month - 1].capitalize()
    if day.year is None:
        return (month, month[:3])
    weekday = WEEKDAYS[date(day.year, day.month, day.day).weekday()].capitalize()
    return (month, month[:3], weekday, weekday[:3])
