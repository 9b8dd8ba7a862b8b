"""What people typed and who they are stand outside the audit chain, and can be erased without breaking it."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.actions import privacy
from bot.domain.errors import RolloutError
from bot.domain.workflows import Role
from store import audit, people, texts
from store.audit import AuditEntry
from store.tables.ledger import texts as text_rows
from tests.cast import handle_of
from tests.program import Program

ITEM, PROVEN = "choose_operating_model", "choose_workflow"
FIELDS = (
    "purpose",
    "new purpose",
    "evidence",
    "note",
    "block",
    "reopen",
    "ask",
    "answer",
    "proof",
    "pause",
    "resume",
    "end",
)
CAST = ("lea", "ana", "stu", "bea", "cem", "eva", "max", "ada")


def canary(name: str) -> str:
    """Words that occur nowhere else."""
    return f"canary-{name.replace(' ', '-')}"


@pytest.fixture
def lived(program: Program) -> Program:
    """A program in which every field for free text was used once, by people with names that stand out."""
    program.workspace.names = {handle_of(name): f"Canary {name.title()}" for name in CAST}
    program.start(purpose=canary("purpose"))
    program.edit(purpose=canary("new purpose"))
    program.give(Role.EVAL_OWNER, "eva")
    program.check(PROVEN, evidence=canary("evidence"), note=canary("note"))
    program.block(ITEM, reason=canary("block"))
    program.reopen(ITEM, note=canary("reopen"))
    program.assign(ITEM, "max")
    program.approve(program.ask_skip(ITEM, reason=canary("ask")))
    program.decline(program.ask_skip("measure_today"), reason=canary("answer"))
    program.see("eval_run", canary("proof"))
    program.pause(reason=canary("pause"))
    program.resume(reason=canary("resume"))
    with pytest.raises(RolloutError, match="Canary Ana"):
        program.pause("max")
    return program


def test_neither_words_nor_names_nor_user_ids_stand_in_the_chain(lived: Program) -> None:
    lived.close(reason=canary("end"))
    chain = json.dumps(lived.chain(), ensure_ascii=False).casefold()
    with lived.database.reading() as connection:
        typed = " ".join(connection.scalars(select(text_rows.c.body)))
    assert [name for name in FIELDS if canary(name) not in typed] == []
    assert [word for word in ("canary", *(handle_of(name).casefold() for name in CAST)) if word in chain] == []


def test_every_text_is_vouched_for_by_the_record_that_brought_it(lived: Program) -> None:
    vouched = [text_id for record in lived.chain() for text_id in record["details"].get("texts", {})]
    with lived.database.reading() as connection:
        kept = list(connection.scalars(select(text_rows.c.id)))
    assert sorted(vouched) == sorted(kept)


def test_erased_words_leave_the_chain_whole_and_readers_see_that_they_are_gone(lived: Program) -> None:
    pending = lived.ask_skip("map_decisions", reason=canary("waits"))
    lived.pause(reason=canary("stands"))
    records = len(lived.chain())
    with lived.database.writing() as connection:
        by_people = list(connection.scalars(select(text_rows.c.id).where(text_rows.c.author.is_not(None))))
        assert texts.erase(connection, by_people) == len(by_people)
        authors = sorted(set(connection.scalars(select(text_rows.c.author).where(text_rows.c.author.is_not(None)))))
        for author in authors:
            told = AuditEntry(lived.at, lived.at, "human", "p_admin", "slack", "person_erased", author)
            audit.append(connection, replace(told, details={"digest_ids": []}))
    found = lived.verify()
    assert (found.ok, found.records, found.erased_texts) == (True, records + len(authors), len(by_people))

    of, proven = lived.workflow(), lived.row(PROVEN).record
    assert of.pause is not None
    assert proven is not None
    assert proven.evidence is not None
    assert (of.purpose, of.pause.reason, proven.note, proven.evidence.text) == (None, None, None, None)
    assert lived.row("run_full_eval").proof.summary == canary("proof")  # type: ignore[union-attr]
    assert lived.request(pending).reason is None
    history = lived.ask(lambda view: view.history(f"{of.id}/{PROVEN}"))
    assert [(each.fact, each.words) for each in history] == [("item_done", "erased · erased")]
    assert (lived.row(PROVEN).state, lived.row(ITEM).state) == ("done", "skipped")
    lived.approve(pending)
    lived.resume()
    lived.check("tell_people", evidence="https://docs.example/1")
    assert lived.verify().ok


def test_an_erased_person_leaves_their_deeds_to_someone_erased(lived: Program) -> None:
    ana = lived.ask(lambda view: view.person_by_handle("UANA"))
    assert ana is not None
    lived.do("ada", privacy.erase, "UANA", "They left.")
    assert lived.verify().ok
    row = lived.row(PROVEN)
    assert row.record is not None
    assert (row.record.changed_by.id, row.record.changed_by.handle, row.record.changed_by.name) == (
        ana.id,
        None,
        "someone erased",
    )
    assert [holder.person.name for holder in lived.workflow().holders if holder.role is Role.OWNER] == [
        "someone erased"
    ]
    with pytest.raises(RolloutError, match="You can't change this item: Canary Stu or Canary Lea can"):
        lived.block("tell_people", "ana")
    lived.give(Role.OWNER, "max", by="lea")
    lived.block("tell_people", "max")


def test_someone_who_comes_back_after_an_erasure_is_another_person(lived: Program) -> None:
    ana = lived.ask(lambda view: view.person_by_handle("UANA"))
    assert ana is not None
    with lived.database.writing() as connection:
        people.erase(connection, ana.id, lived.at)
    lived.give(Role.OWNER, "ana", by="lea")
    again = lived.ask(lambda view: view.person_by_handle("UANA"))
    assert again is not None
    assert again.id != ana.id


def test_a_person_keeps_their_id_when_their_name_changes(lived: Program) -> None:
    before = lived.ask(lambda view: view.person_by_handle("USTU"))
    lived.workspace.names["USTU"] = "Stuart Little"
    lived.later(hours=1)
    lived.block("tell_people", "stu")
    after = lived.row("tell_people").record
    assert before is not None
    assert after is not None
    assert (after.changed_by.id, after.changed_by.name) == (before.id, "Stuart Little")


# Real and effective time


def test_what_is_filled_in_later_keeps_both_times(lived: Program) -> None:
    lived.later(days=9)
    real = lived.real.at
    lived.clock.at -= timedelta(days=30)
    lived.check("measure_today", evidence="https://docs.example/back-filled")
    last = lived.chain()[-1]
    assert (last["real_at"], last["effective_at"]) == ("2026-03-11T09:00:00.000000Z", "2026-02-09T09:00:00.000000Z")
    record = lived.row("measure_today").record
    assert record is not None
    assert record.evidence is not None
    assert (record.changed_at, record.evidence.at) == (lived.clock.at, lived.clock.at)
    assert (lived.status().day, lived.checklist().late) == (-20, ())
    lived.clock.at = real
    lived.check("map_decisions", evidence="https://docs.example/now")
    assert lived.verify().ok


def test_a_clock_put_forward_judges_by_its_own_time(lived: Program) -> None:
    asked = lived.ask_skip("map_decisions")
    lived.clock.at += timedelta(days=7)
    assert lived.lapse() == (asked,)
    last = lived.chain()[-1]
    assert (last["real_at"], last["effective_at"]) == ("2026-03-02T09:00:00.000000Z", "2026-03-09T09:00:00.000000Z")
