"""After a revocation, of a token or of a grant, nothing is allowed: in the chain, here, and on every replica."""

import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace

import pytest

from bot.actions import tokens
from bot.actions.callers import Call, serve
from bot.actions.decisions import Answered, Inquiry
from bot.actions.desk import Desk
from bot.domain.grants.decisions import Outcome
from bot.domain.grants.factsheet import parse_facts
from bot.domain.tokens import Unrecognized, secret_hash
from bot.web.server import Serving
from store import Database, Store
from store.tables.decisions import decisions
from tests.grants_program import UNATTENDED, GrantsProgram
from tests.store.together import together
from tests.web.agents import Agent, listening, token_for

OF_TOKENS, OF_GRANTS = 320, 100
"""Rounds on each engine; with those of decisions without HTTP more than a thousand in all."""
FACTS = parse_facts('{"recipients": 1, "confidence_score": 0.97}')
ON_POSTGRESQL = pytest.mark.parametrize("engine_name", ["postgresql"])


def replica_of(program: GrantsProgram, database: Database) -> Desk:
    """Another bot on the same database, with nothing in common but that."""
    mine = program.desk
    desk = GrantsProgram(database).desk
    desk.store, desk.clock, desk.real = Store(database), mine.clock, mine.real
    return desk


@pytest.fixture
def other(program: GrantsProgram, database_url: str) -> Iterator[Desk]:
    """Another replica."""
    with closing(Database(database_url)) as database:
        yield replica_of(program, database)


def call(secret: str) -> Call:
    return Call(secret_hash(secret), "refunds_agent", Inquiry("", "send_macro", FACTS))


def allows(desk: Desk, secret: str) -> bool:
    (reply,) = serve(desk, [call(secret)])
    return isinstance(reply, Answered) and reply.decision.outcome is Outcome.ALLOW


def allowed_after(program: GrantsProgram, opening: str, closing_: str) -> int:
    """How many allows the chain has between each `closing_` and the next `opening`."""
    with program.database.reading() as connection:
        batches = {
            row.batch for row in connection.execute(decisions.select().where(decisions.c.outcome == Outcome.ALLOW))
        }
    shut, found = False, 0
    for record in program.chain():
        if record["fact"] in {opening, closing_}:
            shut = record["fact"] == closing_
        elif record["fact"] == "decisions_logged":
            found += shut and record["subject"] in batches
    return found


def test_no_allow_stands_behind_the_revocation_of_its_token(program: GrantsProgram, other: Desk) -> None:
    for number in range(OF_TOKENS):
        secret = token_for(program, f"bot_{number}")
        together(
            [
                lambda secret=secret: allows(program.desk, secret),  # type: ignore[misc]
                lambda number=number: program.do("ada", tokens.revoke, f"bot_{number}"),  # type: ignore[misc]
                lambda secret=secret: allows(other, secret),  # type: ignore[misc]
            ]
        )
        assert isinstance(serve(other, [call(secret)])[0], Unrecognized)
    assert allowed_after(program, "token_made", "token_revoked") == 0
    assert program.verify().ok


def test_no_allow_stands_behind_the_revocation_of_its_grant(program: GrantsProgram, other: Desk) -> None:
    secret = token_for(program)
    for _ in range(OF_GRANTS):
        (grant,) = program.ask(lambda view: view.grants.living(program.workflow().id))
        together(
            [
                lambda: allows(program.desk, secret),
                lambda grant=grant: program.revoke(grant),  # type: ignore[misc]
                lambda: allows(other, secret),
            ]
        )
        assert not allows(other, secret)
        program.grant(UNATTENDED)
    assert allowed_after(program, "grant_activated", "grant_revoked") == 0
    assert program.verify().ok


@ON_POSTGRESQL
def test_what_is_revoked_at_one_replica_is_denied_at_the_other_from_then_on(
    program: GrantsProgram, serving: Serving, agent: Agent, other: Desk
) -> None:
    with listening(other) as elsewhere:
        there = replace(agent, port=elsewhere.port)
        for _ in range(20):
            assert (agent.ask().outcome, there.ask().outcome) == ("allow", "allow")
            (grant,) = program.ask(lambda view: view.grants.living(program.workflow().id))
            program.revoke(grant)
            assert there.ask().body["codes"] == ["grant.none"]
            program.grant(UNATTENDED)
        program.do("ada", tokens.revoke, "macro_bot")
        assert (there.ask().status, agent.ask().status) == (401, 401)


@ON_POSTGRESQL
def test_agents_at_two_replicas_hear_of_no_allow_after_the_revocation_was_answered(
    program: GrantsProgram, agent: Agent, other: Desk
) -> None:
    over, late = threading.Event(), list[str]()
    (grant,) = program.ask(lambda view: view.grants.living(program.workflow().id))
    with listening(other) as elsewhere:
        there = replace(agent, port=elsewhere.port)

        def run(who: Agent) -> None:
            for _ in range(40):
                was_over = over.is_set()
                if who.ask().outcome == "allow" and was_over:
                    late.append("allow")

        def revoke() -> None:
            program.revoke(grant)
            over.set()

        together([lambda: run(agent), lambda: run(there), revoke])
        assert (late, there.ask().outcome) == ([], "deny")
