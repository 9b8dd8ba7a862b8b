"""What may be said on the ground of some facts: the numbers, days, names and states that occur in them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation

from bot.domain.findings.kinds import FactValue
from bot.domain.findings.words import called, titled
from bot.domain.summaries.claims import Claim, Day, Name, Number, State, calendar_words, days_in, numbers_in, words_in
from bot.domain.summaries.facts import NAMES, DigestFacts, Line
from bot.domain.summaries.words import COUNTED_STEMS, SEVERITIES, STATES, UNITS, stem

_QUOTED = re.compile(r"“[^”]*(?:”|$)|\[[a-z-]+\]")
_ONE_WORD = re.compile(r"[\w.:/#@+-]*[^\W\d][\w.:/#@+-]*")
_PARTS = re.compile(r"[_.:/-]")
_STATES = tuple(beginning for group in STATES for beginning in group)
_FINDINGS = frozenset(map(stem, ("finding", "exception")))
_SEVERITIES = frozenset(map(stem, SEVERITIES))
_WORKFLOWS = frozenset(map(stem, ("workflow", "agent")))
_TEAMS = frozenset(map(stem, ("team",)))
_COUNTED_THINGS = {"on_track": "workflow", "off_track": "workflow", "workflows": "workflow"}


@dataclass(frozen=True, slots=True)
class Ground:
    """Some facts, taken apart: numbers with the words around them, days, and texts as runs of words.

    `states` are the words that say how things stand, without what is to be done next. In a tally a number is that of
    exactly what it counts: with 3 new warnings of 4, "3 warnings" is wrong.
    """

    numbers: tuple[tuple[Decimal, frozenset[str]], ...]
    days: frozenset[Day]
    runs: tuple[str, ...]
    folded: frozenset[str]
    states: frozenset[str]
    is_tally: bool = False

    def bears(self, claim: Claim) -> bool:
        """Whether these facts contain what is claimed."""
        match claim:
            case Number():
                return any(self._is_same(claim, value, around) for value, around in self.numbers)
            case Day():
                return any(_falls_on(claim, day) for day in self.days)
            case Name():
                return self._names(claim)
            case State():
                return any(word.startswith(claim.group) for word in (self.states if claim.holds else self.folded))

    def names(self, name: str) -> bool:
        """Whether the name occurs as a whole."""
        return bool(name) and any(f" {name} " in run for run in self.runs)

    def _is_same(self, claim: Number, value: Decimal, around: frozenset[str]) -> bool:
        counted = around & COUNTED_STEMS if self.is_tally else claim.counted & around
        if claim.value != value or claim.counted != counted:
            return False
        if self.is_tally and claim.nearest in _SEVERITIES and not around & _FINDINGS:
            return False
        return claim.nearest is None or claim.nearest in around or (claim.points and bool(claim.counted))

    def _names(self, claim: Name) -> bool:
        if self.names(" ".join(claim.words)):
            return True
        first, *rest = claim.words
        if len(claim.words) == 1 and not first[:1].isupper():
            return first.casefold() in self.folded
        if claim.opens and first.casefold() in self.folded:
            return not rest or self.names(" ".join(rest))
        return False


def ground_of_line(line: Line) -> Ground:
    """What may be said on the ground of one finding; texts that others wrote prove nothing."""
    foreign = _foreign(line)
    stated = [_without(text, foreign) for text in (line.rule, line.severity, line.state, line.summary)]
    others = (line.workflow, line.team, line.owner, line.next_step)
    texts = [*stated, *(_without(text, foreign) for text in others if text)]
    numbers = [(Decimal(line.weeks), frozenset([stem("week")]))]
    for name, value in line.facts:
        around = _around(name)
        for each in _scalars(value):
            number = _number(each)
            if number is None or name in NAMES:
                texts.append(_without(str(each), foreign))
                continue
            numbers.append((number, around))
            if 0 <= number <= 1:
                numbers.append(((number * 100).normalize(), around | {"percent"}))
        texts.append(name.replace("_", " "))
    stated += [name.replace("_", " ") for name, value in line.facts if value and not name.startswith(SEVERITIES)]
    ground = _ground(texts, numbers)
    whole = tuple(f" {' '.join(words_in(name))} " for name in _names(line) if _ONE_WORD.fullmatch(name))
    return replace(ground, runs=(*ground.runs, *whole), states=_ground(stated, ()).folded)


def ground_of_week(facts: DigestFacts) -> Ground:
    """What may be said of the week as a whole."""
    year, _, number = facts.week.partition("-W")
    numbers = [(Decimal(count), _around_count(name)) for name, count in facts.counts]
    numbers += [(Decimal(number), frozenset(["week"])), (Decimal(year), frozenset())] if number.isdecimal() else []
    ground = _ground([facts.week, facts.start.isoformat(), facts.end.isoformat(), *facts.moves], numbers)
    return replace(ground, is_tally=True)


def ground_of_names(facts: DigestFacts) -> Ground:
    """The states that the week's counts speak of, such as "resolved"; they say nothing of any one workflow."""
    return _ground([name.replace("_", " ") for name, count in facts.counts if count], ())


def ground_of_counts(lines: Iterable[Line]) -> Ground:
    """What may be said of how many these findings are, of which severity and state, in how many workflows and teams."""
    lines = tuple(lines)
    numbers = []
    for severity in ("", *{line.severity for line in lines}):
        of_severity = [line for line in lines if severity in ("", line.severity)]
        for state in ("", *{line.state for line in of_severity}):
            alike = [line for line in of_severity if state in ("", line.state)]
            kinds = frozenset(stem(word) for word in (severity, state) if word)
            numbers.append((Decimal(len(alike)), kinds | _FINDINGS))
            numbers.append((Decimal(len({line.workflow for line in alike})), kinds | _WORKFLOWS))
            numbers.append((Decimal(len({line.team for line in alike if line.team})), kinds | _TEAMS))
    return replace(_ground((), numbers), is_tally=True)


def _ground(texts: Iterable[str], numbers: Iterable[tuple[Decimal, frozenset[str]]]) -> Ground:
    kept = [_QUOTED.sub(" ; ", text) for text in texts]
    days = frozenset(day for text in kept for day in days_in(text))
    words = [words_in(text) for text in kept]
    words += [(word,) for day in days for word in calendar_words(day)]
    parts = (part for run in words for word in run for part in (word, *_PARTS.split(word)))
    folded = frozenset(part.casefold() for part in parts if part)
    return Ground(
        numbers=(*numbers, *((each.value, each.around) for text in kept for each in numbers_in(text))),
        days=days,
        runs=tuple(f" {' '.join(run)} " for run in words),
        folded=folded,
        states=folded,
    )


def _foreign(line: Line) -> tuple[str, ...]:
    """The texts from outside in a finding, as they are and as they are cut in its sentences, the longest first."""
    texts = (*filter(None, line.titles), *(name for name in _names(line) if _says_more(name)))
    forms = {form for text in texts for form in (text, called(text), titled(text))}
    return tuple(sorted(forms, key=lambda form: (-len(form), form)))


def _names(line: Line) -> Iterator[str]:
    return (str(each) for name, value in line.facts if name in NAMES for each in _scalars(value))


def _says_more(name: str) -> bool:
    """Whether a name from outside could pass for a sentence, a number or a state: then it may be named, no more."""
    parts = _PARTS.split(name.casefold())
    return not _ONE_WORD.fullmatch(name) or any(each.isdecimal() or each.startswith(_STATES) for each in parts)


def _without(text: str, foreign: tuple[str, ...]) -> str:
    for each in foreign:
        text = re.sub(rf"(?<!\w){re.escape(each)}(?!\w)", " ; ", text)
    return text


def _falls_on(claim: Day, day: Day) -> bool:
    same = (claim.month, claim.day) == (day.month, day.day)
    return same and (claim.year is None or day.year is None or claim.year == day.year)


def _scalars(value: FactValue) -> tuple[str | int, ...]:
    if value is None or isinstance(value, bool):
        return ()
    return value if isinstance(value, tuple) else (value,)


def _number(value: str | int) -> Decimal | None:
    try:
        number = Decimal(value)
    except InvalidOperation:
        return None
    return number.normalize() if number.is_finite() else None


def _around(name: str) -> frozenset[str]:
    words = name.split("_")
    return frozenset(stem(each) for word in words for each in (word, UNITS.get(word, word)))


def _around_count(name: str) -> frozenset[str]:
    return _around(name) | {stem(_COUNTED_THINGS.get(name, "finding"))}
