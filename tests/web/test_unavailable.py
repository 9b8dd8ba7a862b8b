"""The database gone, locked or slow: 503 with a deny within seconds, never an allow, and nothing counted twice."""

import asyncio
import time
from collections.abc import Sequence
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from bot.actions.callers import Call, Reply
from bot.actions.decisions import Inquiry
from bot.domain.errors import RolloutError
from bot.web.decider import Crowded, Decider, Uses
from store.tables.decisions import decision_days, decisions
from tests.grants_program import GrantsProgram
from tests.store.silence import silenced_at_commit
from tests.store.together import together
from tests.web.agents import Agent

ON_POSTGRESQL = pytest.mark.parametrize("engine_name", ["postgresql"])
ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])


def counted(program: GrantsProgram) -> tuple[int, int]:
    """How many uses are counted, and how many allows are in the log."""
    with program.database.reading() as connection:
        uses = sum(connection.scalars(select(decision_days.c.uses)))
        return uses, len(connection.execute(select(decisions.c.id).where(decisions.c.outcome == "allow")).all())


@ON_SQLITE
def test_a_database_file_that_is_gone_denies_and_serves_again_when_it_is_back(
    agent: Agent, program: GrantsProgram
) -> None:
    file = program.database.file
    assert file is not None
    assert agent.ask().outcome == "allow"
    away = Path(f"{file}.away")
    file.rename(away)
    begun_s = time.monotonic()
    heard = [agent.ask(), agent.get("/v1/workflows"), agent.get("/v1/approvals/ask_1"), agent.post("/v1/signals", "[]")]
    assert [each.status for each in heard] == [503] * 4
    assert heard[0].outcome == "deny"
    assert time.monotonic() - begun_s < 8
    away.rename(file)
    assert agent.ask().outcome == "allow"
    assert counted(program) == (2, 2)


@ON_SQLITE
def test_a_locked_database_denies_within_seconds_and_what_nobody_waits_for_any_more_is_not_decided(
    agent: Agent, program: GrantsProgram
) -> None:
    begun_s = time.monotonic()
    with program.database.writing():
        heard = agent.ask()
        assert (heard.status, heard.outcome) == (503, "deny")
    assert time.monotonic() - begun_s < 7
    deadline_s = time.monotonic() + 10
    while agent.ask().outcome != "allow" and time.monotonic() < deadline_s:
        time.sleep(0.1)
    uses, allows = counted(program)
    assert uses == allows <= 2


@ON_POSTGRESQL
def test_connections_that_break_deny_or_answer_and_count_once(
    agent: Agent, program: GrantsProgram, database_url: str
) -> None:
    heard: list[tuple[int, str]] = []

    def ask() -> None:
        for _ in range(40):
            found = agent.ask()
            heard.append((found.status, found.outcome))

    def cut() -> None:
        with psycopg.connect(database_url, autocommit=True) as other:
            for _ in range(20):
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
                time.sleep(0.05)

    together([ask, ask, cut])
    assert set(heard) <= {(200, "allow"), (503, "deny")}
    uses, allows = counted(program)
    assert heard.count((200, "allow")) <= allows == uses <= len(heard)
    assert program.verify().ok


@ON_POSTGRESQL
def test_an_answer_whose_commit_was_in_doubt_is_the_one_that_was_kept_and_counted_once(
    agent: Agent, program: GrantsProgram, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = silenced_at_commit(monkeypatch, database_url)
    heard = agent.ask()
    assert (heard.status, heard.outcome, len(broken)) == (200, "allow", 1)
    assert counted(program) == (1, 1)
    assert agent.ask().outcome == "allow"
    assert counted(program) == (2, 2)


def test_one_call_that_breaks_the_batch_fails_alone() -> None:
    served: list[str] = []

    def serve(calls: Sequence[Call]) -> tuple[Reply, ...]:
        served.extend(call.workflow for call in calls)
        if any(call.workflow == "bad" for call in calls):
            raise ZeroDivisionError
        return tuple(RolloutError(call.workflow) for call in calls)

    async def heard() -> list[str]:
        decider = Decider(serve, Uses(lambda _: None))
        replies = [decider.ask(Call("", name, Inquiry("", "a", {}))) for name in ("one", "bad", "two", "given up")]
        assert replies.pop().cancel()
        decider.start()
        found = await asyncio.gather(*replies, return_exceptions=True)
        await asyncio.to_thread(decider.stop)
        return [str(each) for each in found]

    assert asyncio.run(heard()) == ["one", "", "two"]
    assert served == ["one", "bad", "two", "one", "bad", "two"]


def test_where_too_many_wait_the_next_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.decider.MOST_WAITING", 1)

    async def crowd() -> None:
        decider, call = Decider(lambda _: (), Uses(lambda _: None)), Call("", "w", Inquiry("", "a", {}))
        decider.ask(call)
        await decider.ask(call)

    with pytest.raises(Crowded):
        asyncio.run(crowd())
