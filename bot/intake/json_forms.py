"""Signals as JSON lines, or as one JSON array."""

import json
from collections.abc import Iterable, Iterator

from bot.domain.signals.kinds import Body, Signal
from bot.intake.entries import Clerk, Terms
from bot.intake.lines import MAX_LINE, TOO_LONG, Rejected, is_too_long
from bot.intake.literals import constant, entries, number, whole_number
from bot.intake.values import Unfit

_CHUNK = 1 << 16
_SKIPPED = 16 * MAX_LINE
"""How long an entry may be so that those after it can still be found."""

_SPACES = " \t\r\n"

_DECODER = json.JSONDecoder(
    object_pairs_hook=entries, parse_float=number, parse_int=whole_number, parse_constant=constant
)


def read_json_lines(lines: Iterable[str], terms: Terms) -> Iterator[Signal[Body] | Rejected]:
    """The signals in lines of one JSON object each; blank lines count, and say nothing."""
    clerk = Clerk(terms)
    for place, line in enumerate(lines, 1):
        text = line.lstrip("\ufeff") if place == 1 else line
        if text.isspace() or not text:
            continue
        try:
            if is_too_long(text):
                raise Unfit(TOO_LONG)
            yield clerk.take(decoded(text))
        except Unfit as unfit:
            yield Rejected(place, str(unfit))


def read_array(lines: Iterable[str], terms: Terms) -> Iterator[Signal[Body] | Rejected]:
    """The signals in one JSON array, counted from 1; after broken JSON nothing more can be read."""
    clerk, array = Clerk(terms), _Array(lines)
    place = 0
    while array.goes_on():
        place += 1
        try:
            entry = array.entry()
        except Unfit as broken:
            yield Rejected(place, f"{broken} Nothing from here on was read.")
            return
        try:
            if array.is_too_long:
                raise Unfit(TOO_LONG)
            yield clerk.take(entry)
        except Unfit as unfit:
            yield Rejected(place, str(unfit))
    if array.complaint:
        yield Rejected(place + 1, f"{array.complaint} Nothing from here on was read.")


def decoded(text: str) -> object:
    """What one JSON text says; Unfit if it is none."""
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise Unfit(_broken(error.msg, error.pos)) from None
    except RecursionError:
        raise Unfit("This is nested too deeply.") from None


def _broken(message: str, position: int) -> str:
    return f"This is not valid JSON: {message.lower()} (character {position + 1})."


class _Array:
    """A JSON array that is read entry by entry, while its text comes in lines."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines = iter(lines)
        self._text = ""
        self._place = 0
        self._is_first = True
        self.is_too_long = False
        self.complaint = ""

    def goes_on(self) -> bool:
        """Whether an entry comes next; if not, `complaint` says what stands there in place of a proper end."""
        opener = self._mark()
        if self._is_first:
            self._is_first = False
            opener = self._mark() if opener == "[" else opener
            if opener != "]":
                self._place -= len(opener)
                return True
        elif opener == ",":
            return True
        if opener != "]":
            self.complaint = "The array is not closed." if not opener else "Entries are not parted by a comma."
        elif self._mark():
            self.complaint = "More comes after the end of the array."
        return False

    def entry(self) -> object:
        """The next entry, decoded; Unfit if it is no JSON."""
        self._skip_spaces()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._text, self._place)
            except json.JSONDecodeError as error:
                held = len(self._text) - self._place
                if held <= _SKIPPED and self._fill():
                    continue
                if held > _SKIPPED:
                    raise Unfit(TOO_LONG) from None
                raise Unfit(_broken(error.msg, error.pos - self._place)) from None
            except RecursionError:
                raise Unfit("This is nested too deeply.") from None
            self.is_too_long = is_too_long(self._text[self._place : end])
            self._place = end
            return value

    def _mark(self) -> str:
        self._skip_spaces()
        mark = self._text[self._place : self._place + 1]
        self._place += len(mark)
        return mark

    def _skip_spaces(self) -> None:
        while True:
            while self._place < len(self._text) and self._text[self._place] in _SPACES + "\ufeff":
                self._place += 1
            if self._place < len(self._text) or not self._fill():
                return

    def _fill(self) -> bool:
        """Whether there was more text to come."""
        more, size = [], 0
        for line in self._lines:
            more.append(line)
            size += len(line)
            if size >= _CHUNK:
                break
        self._text = self._text[self._place :] + "".join(more)
        self._place = 0
        return bool(more)
