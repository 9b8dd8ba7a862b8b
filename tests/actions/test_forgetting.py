"""The facts of decisions are kept for as long as their grant says; what the chain vouches for stays whole."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.actions.decisions import Inquiry, decide
from bot.actions.desk import Asked
from bot.domain.escrow import Asking
from bot.domain.grants.log import LogQuery
from bot.schedule import Job, Schedule, forget_facts, forget_told
from store import Database, forgetting, outbox
from store.tables.ledger import outbox as postings
from store.verification import verify
from tests.cast import agent
from tests.grants_program import CONFIDENT, DRAFT, LOGGING, GrantsProgram, action, policy

FACTS = {"recipients": 1, "confidence_score": 0.97}
MACRO = policy(action("send_macro", allowed_when=CONFIDENT))


@pytest.fixture
def program(database: Database) -> GrantsProgram:
    """refunds_agent on its first day."""
    made = GrantsProgram(database)
    made.start()
    return made


def ask(program: GrantsProgram, doing: str) -> None:
    decide(program.desk, Asked(program.actor("max")), Inquiry(program.workflow().id, doing, FACTS))


def kept(program: GrantsProgram) -> dict[str, bool]:
    """Of each action that was asked about, whether the facts are kept."""
    found = program.ask(lambda view: view.decisions.log(LogQuery()))
    return {each.decision.action: each.decision.facts is not None for each in found}


def test_facts_go_after_the_days_that_each_grant_says_and_the_chain_holds(program: GrantsProgram) -> None:
    program.grant(MACRO)
    program.grant(policy(action("draft_reply")).replace("retention_days: 180", "retention_days: 30"))
    program.grant(policy(action("draft_note")).replace(LOGGING, ""))
    for doing in ("send_macro", "draft_reply", "draft_note", "unknown"):
        ask(program, doing)
    program.later(days=30)
    forget_facts(program.desk)
    assert set(kept(program).values()) == {True}
    program.later(seconds=1)
    forget_facts(program.desk)
    assert kept(program) == {"send_macro": True, "draft_reply": False, "draft_note": True, "unknown": True}
    program.later(days=150)
    forget_facts(program.desk)
    assert kept(program) == {"send_macro": False, "draft_reply": False, "draft_note": False, "unknown": True}
    with program.database.reading() as connection:
        assert verify(connection).ok


def test_the_facts_of_a_question_go_with_them_and_the_chain_holds(program: GrantsProgram) -> None:
    program.grant(policy(action("send_macro", allowed_when=CONFIDENT, requires_human_approval=True)))
    inquiry = Inquiry(program.workflow().id, "send_macro", FACTS, asking=Asking("order 8812", "macro for order 8812"))
    asked = decide(program.desk, Asked(agent()), inquiry).question
    assert asked is not None
    program.later(days=180)
    forget_facts(program.desk)
    assert program.ask(lambda view: view.escrow.one(asked.id)).facts == asked.facts
    program.later(seconds=1)
    forget_facts(program.desk)
    assert program.ask(lambda view: view.escrow.one(asked.id)) == replace(asked, facts=None)
    with program.database.reading() as connection:
        assert verify(connection).ok


def test_a_great_many_are_forgotten_in_steps(program: GrantsProgram, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forgetting, "AT_ONCE", 2)
    program.grant(MACRO)
    for _ in range(5):
        ask(program, "send_macro")
    program.later(days=181)
    forget_facts(program.desk)
    assert kept(program) == {"send_macro": False}


def test_what_was_told_goes_after_400_days_and_what_still_waits_is_kept(program: GrantsProgram) -> None:
    program.asked(DRAFT)
    program.later(days=1)
    with program.database.writing() as box:
        told = outbox.claim(box, "courier", program.at, 60)
        assert told
        assert outbox.mark_posted(box, told, "CSUPPORT", "1.1")

    def forgotten() -> list[str]:
        forget_told(program.desk)
        with program.database.reading() as box:
            return list(box.scalars(select(postings.c.dedupe_key).where(postings.c.body.is_(None))))

    program.later(days=398)
    assert forgotten() == []
    program.later(days=2)
    assert forgotten() == [told.dedupe_key]
    with program.database.reading() as box:
        assert sum(outbox.counts(box).values()) > 1


def test_a_job_with_its_own_pace_is_done_once_an_hour(program: GrantsProgram, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    jobs = (
        Job("often", lambda _: done.append("often")),
        Job("hourly", lambda _: done.append("hourly"), every=timedelta(hours=1)),
    )
    monkeypatch.setattr("bot.schedule.JOBS", jobs)
    schedule = Schedule(program.desk, lambda: None)
    schedule.tick()
    program.later(minutes=59)
    schedule.tick()
    program.later(minutes=1)
    schedule.tick()
    assert done == ["often", "hourly", "often", "often", "hourly"]
