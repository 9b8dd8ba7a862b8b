"""PostgreSQL gone for a while, crashed or frozen: denies meanwhile, nothing half written, well again by itself."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.actions import escrow
from bot.actions.escrow import Said
from bot.domain.escrow import Answer
from store import Database
from store.errors import StoreUnreachable
from store.migrating import upgrade
from store.tables.decisions import decision_days, decisions
from store.tables.escrow import questions
from store.tables.signals import signals
from tests.grants_program import GrantsProgram, action, policy
from tests.postgres import Server, running
from tests.web.agents import Agent, Heard

AGENTS = 3
PATIENCE_S = 30.0


@pytest.fixture(scope="module")
def server(postgres_programs: Path) -> Iterator[Server]:
    """A server that may be stopped, as nobody else is on it; what it has committed outlasts a crash."""
    with running(postgres_programs) as found:
        found.run("ALTER ROLE rollout SET synchronous_commit = on")
        yield found


@pytest.fixture
def database_url(server: Server) -> str:
    """The address of a database of its own with all tables and nothing in them."""
    url = server.url(server.create())
    with closing(Database(url)) as made:
        upgrade(made)
    return url


class Crowd:
    """Agents that ask again and again; `heard` are their answers, each with when it was asked and when it came."""

    def __init__(self, agent: Agent) -> None:
        self.agent = agent
        self.time = "before"
        self.heard: list[tuple[str, str, Heard]] = []

    def run(self) -> None:
        """One agent, until all is over."""
        while self.time != "over":
            asked_in = self.time
            found = self.agent.ask()
            self.heard.append((asked_in, self.time, found))

    def within(self, when: str) -> list[Heard]:
        """The answers that were asked for and came in that time."""
        return [found for asked_in, came_in, found in self.heard if asked_in == came_in == when]

    def until(self, when: str, outcome: str) -> None:
        """Waits until each agent may well have heard that outcome, all of it in that time."""
        over_s = time.monotonic() + PATIENCE_S
        while len([found for found in self.within(when) if found.outcome == outcome]) < 2 * AGENTS:
            assert time.monotonic() < over_s, f"No {outcome} {when}: {self.heard[-5:]}"
            time.sleep(0.02)


@pytest.mark.parametrize("outage", [Server.crashed, Server.frozen], ids=["crashed", "frozen"])
def test_while_the_server_is_gone_every_answer_is_a_deny_and_then_it_goes_on_by_itself(
    agent: Agent,
    program: GrantsProgram,
    server: Server,
    outage: Callable[[Server], AbstractContextManager[None]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.web.api.ANSWER_S", 0.3)
    crowd = Crowd(agent)
    threads = [threading.Thread(target=crowd.run) for _ in range(AGENTS)]
    try:
        for thread in threads:
            thread.start()
        crowd.until("before", "allow")
        with outage(server):
            crowd.time = "gone"
            crowd.until("gone", "deny")
            crowd.time = "coming"
        crowd.time = "back"
        crowd.until("back", "allow")
    finally:
        crowd.time = "over"
        for thread in threads:
            thread.join()
    assert {(each.status, each.outcome, each.retry_after) for each in crowd.within("gone")} == {(503, "deny", "1")}
    assert {(each.status, each.outcome) for *_, each in crowd.heard} == {(200, "allow"), (503, "deny")}
    allowed = [each.body["id"] for *_, each in crowd.heard if each.outcome == "allow"]
    with program.database.reading() as connection:
        logged = connection.scalars(select(decisions.c.id).where(decisions.c.outcome == "allow")).all()
        counted = connection.scalar(select(func.sum(decision_days.c.uses)))
    assert len(set(allowed)) == len(allowed)
    assert set(allowed) <= set(logged)
    assert counted == len(logged)
    assert program.verify().ok


def test_a_question_asked_polled_or_answered_while_the_server_is_gone_stands_as_it_stood(
    agent: Agent, program: GrantsProgram, server: Server
) -> None:
    program.grant(policy(action("draft_mail", max_words=200)))

    def ask(key: str) -> Heard:
        return agent.ask({"words": 20}, "draft_mail", ask={"key": key, "summary": f"Draft {key}"})

    question_id = ask("one").body["approval"]["id"]
    answer = Said(Answer.APPROVED)
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(agent.get, f"/v1/approvals/{question_id}?wait=25")
        with server.crashed():
            polled = waiting.result()
            lost = ask("two")
            with pytest.raises(StoreUnreachable):
                program.do("stu", escrow.answer, question_id, answer)
    assert (polled.status, polled.retry_after) == (503, "1")
    assert (lost.status, lost.outcome, lost.retry_after) == (503, "deny", "1")
    assert agent.get(f"/v1/approvals/{question_id}").body["state"] == "pending"
    assert _kept(program) == (1, 1)
    assert ask("two").body["approval"]["state"] == "pending"
    program.do("stu", escrow.answer, question_id, answer)
    used = [agent.ask({"words": 20}, "draft_mail", approval=question_id) for _ in range(2)]
    assert [(each.outcome, each.body["codes"]) for each in used] == [("allow", []), ("deny", ["approval.mismatch"])]
    assert _kept(program) == (2, 3)
    assert program.verify().ok


def _kept(program: GrantsProgram) -> tuple[int, int]:
    """How many questions there are, and how many signals say that they were asked or answered."""
    with program.database.reading() as connection:
        asked = connection.scalar(select(func.count()).select_from(questions))
        told = connection.scalar(select(func.count()).select_from(signals).where(signals.c.source == escrow.SOURCE))
    return int(asked or 0), int(told or 0)
