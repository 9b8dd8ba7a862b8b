"""Freezes: one workflow or all, once, told, and lifted by whom it may be."""

import pytest

from bot.actions.grants import freezing
from bot.domain.errors import Conflict, NotAllowed
from store import Database
from tests.cast import agent
from tests.grants_program import DRAFT, GrantsProgram


@pytest.fixture
def program(database: Database) -> GrantsProgram:
    """refunds_agent and triage_agent, each with its first day begun."""
    made = GrantsProgram(database)
    made.start()
    made.start("triage_agent")
    return made


def test_a_freeze_holds_once_and_leaves_each_grant_as_it_is(program: GrantsProgram) -> None:
    draft = program.grant(DRAFT)
    assert program.freeze().is_frozen
    with pytest.raises(Conflict, match="is frozen already, by Stu since 2 Mar 2026 at 09:00 UTC"):
        program.freeze("ana")
    assert program.one(draft) == draft
    program.unfreeze()
    with pytest.raises(Conflict, match="is not frozen"):
        program.unfreeze()
    kinds = [each.kind for each in program.posted() if "frozen" in each.kind]
    assert kinds == ["workflow_frozen", "workflow_unfrozen"]


def test_all_are_frozen_in_one_step_those_that_are_already_left_out(program: GrantsProgram) -> None:
    program.freeze()
    (fact,) = program.do("bea", freezing.freeze_all, "The model is down.")
    assert fact.workflow_id == program.workflow("triage_agent").id
    with pytest.raises(Conflict, match="all that run are frozen already"):
        program.do("bea", freezing.freeze_all, "The model is down.")


@pytest.mark.parametrize("by", ["max", "agent"])
def test_neither_members_nor_agents_freeze(program: GrantsProgram, by: str) -> None:
    who = agent() if by == "agent" else by
    with pytest.raises(NotAllowed):
        program.do(who, freezing.freeze, program.workflow(), "I say so.")
    program.freeze()
    with pytest.raises(NotAllowed):
        program.do(who, freezing.unfreeze, program.workflow(), "I say so.")
    assert program.workflow().is_frozen


def test_a_freeze_holds_for_what_is_granted_while_it_lasts(program: GrantsProgram) -> None:
    program.freeze()
    program.grant(DRAFT)
    assert program.workflow().is_frozen
