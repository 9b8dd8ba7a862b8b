"""Ids of what people typed: the same words are one signal, and no id tells what they were once they are erased."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.actions import numbers, privacy, saves, signals
from bot.actions.desk import Turn
from bot.actions.numbers import Pasted, Typed
from bot.domain.signals.by_hand import numbered
from bot.domain.signals.kinds import Body, Signal, SignalType
from bot.domain.signals.texts import words_in
from bot.intake import Terms, read_pasted
from store import Database
from tests.actions.test_erasure import everything
from tests.grants_program import GrantsProgram

SUMMARY = "Caught a duplicate."
ZONE = "Europe/Lisbon"


@pytest.fixture
def program(database: Database) -> GrantsProgram:
    """A workflow that people record numbers for."""
    program = GrantsProgram(database)
    program.start()
    return program


def told(program: GrantsProgram) -> Signal[Body]:
    """The save that Ana types now."""
    return program.do("ana", saves.save, program.workflow(), SUMMARY, program.person("max")).signal


def rows(program: GrantsProgram) -> str:
    """A row for the day and one with its time, each with words."""
    day, at = f"{program.at:%Y-%m-%d}", program.at.isoformat()
    cells = ",".join(("never_twice", "violation", "It paid twice."))
    return f"type,at,rule,kind,summary\nred_line,{day},{cells}\nred_line,{at},{cells}\n"


def pasted(program: GrantsProgram) -> tuple[int, int]:
    """How many of them are new when the steward pastes them, and how many were known."""
    found: Pasted = program.do("stu", numbers.record_rows, program.workflow(), rows(program))
    return found.accepted, found.duplicate


def ids(program: GrantsProgram) -> set[str]:
    """The ids of everything that was typed."""
    found = program.ask(lambda view: view.signals.newest_of("typed", program.workflow().id, 10))
    return {each.signal.id for each in found}


def unsealed(signal: Signal[Body]) -> str:
    """The id that whoever guesses the words of a number can compute."""
    return numbered(signal, (), ZONE, lambda made: made)[0].id


def unsealed_rows(program: GrantsProgram) -> Iterator[Signal[Body]]:
    """The rows, with ids that whoever guesses their words can compute."""

    def terms(turn: Turn) -> Terms:
        return replace(numbers.terms_of(turn, program.workflow()), seal=lambda _, made: made)

    for each in read_pasted(rows(program), program.do("stu", terms)):
        assert isinstance(each, Signal)
        yield each


def kept(program: GrantsProgram, *before: Signal[Body]) -> None:
    """Signals under ids as earlier versions gave them."""
    program.do("ana", signals.keep, before)


def test_no_guess_of_what_was_typed_can_be_tested_against_what_is_left(program: GrantsProgram) -> None:
    guessed = {unsealed(told(program)), *(each.id for each in unsealed_rows(program))}
    assert pasted(program) == (2, 0)
    for who in ("UANA", "USTU"):
        program.later(hours=2)
        program.do("ada", privacy.erase, who, "They asked for it.")

    left = everything(program.database)
    assert (len(guessed), [each for each in guessed if each in left]) == (3, [])
    assert program.verify().ok


def test_the_same_words_are_known_again(program: GrantsProgram) -> None:
    first = told(program)
    assert pasted(program) == (2, 0)
    program.later(minutes=1)
    assert told(program).id == first.id
    program.clock.at = program.real.at = first.at
    assert pasted(program) == (0, 2)


def test_what_was_typed_before_ids_were_sealed_is_known_again(program: GrantsProgram) -> None:
    from_before = tuple(unsealed_rows(program))
    kept(program, *from_before)
    assert pasted(program) == (0, 2)
    assert ids(program) == {each.id for each in from_before}


def test_what_is_typed_again_after_it_was_erased_is_new(program: GrantsProgram) -> None:
    told(program)
    program.later(hours=2)
    program.do("ada", privacy.erase, "UANA", "They asked for it.")
    again = program.do("stu", saves.save, program.workflow(), SUMMARY, program.person("max"))
    assert again.is_new
    assert again.signal.id in ids(program)


@pytest.mark.parametrize(
    ("kind", "cells"),
    [
        (SignalType.METRIC, {"metric": "csat", "value": "4.1"}),
        (SignalType.REVIEW_TALLY, {"outputs": "60", "reviewed": "59", "overridden": "2"}),
        (SignalType.REWORK, {"kind": "defect", "cost_usd": "20"}),
    ],
)
def test_what_has_no_words_is_known_by_what_it_says_in_every_database(
    program: GrantsProgram, kind: SignalType, cells: dict[str, Any]
) -> None:
    signal = program.do("ana", numbers.record, program.workflow(), Typed(kind, cells)).signal
    assert (words_in(signal.body), signal.id) == (None, unsealed(signal))
