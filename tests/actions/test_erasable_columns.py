"""Every column of text says what it holds: what may be a person's name or words is emptied by an erasure.

Whoever adds one names it here, under what it holds; and a person's words where the erasure finds them.
"""

from collections.abc import Iterator

import pytest
from sqlalchemy import Column, String, select, text, update

from bot.actions import memos, privacy
from bot.actions.desk import SCHEDULER, Asked
from bot.actions.digests import freezing
from bot.actions.memos import About
from bot.domain.digests.audiences import Audience
from bot.domain.digests.editions import Drafted
from bot.domain.digests.slots import latest_slot
from bot.domain.memos import Category, Entry
from store import Database, drafts, outbox
from store.drafts import Draft
from store.outbox import Letter
from store.tables import all_tables
from store.tables.digests import digests
from store.tables.ledger import people
from tests.grants_program import GrantsProgram

WORD = "canaryword"

PERSONAL = {
    "digests": "inputs messages",
    "drafts": "given",
    "outbox": "dedupe_key target",
    "people": "handle name zone",
    "signals": "person",
    "texts": "body nonce",
}
"""What is gone when a person is."""

MADE = {
    "agent_actions": "about body outcome",
    "audit": "details fact hash prev_hash principal principal_kind subject through",
    "audit_head": "hash",
    "decision_days": "sums",
    "decisions": "approval batch codes facts_hash grant_hash id kept_hash outcome principal principal_kind reasons "
    "reasons_hash reported_hash through",
    "deviations": "area id",
    "digest_key": "secret",
    "digest_audiences": "audience",
    "digests": "audience cause channel despite id inputs_sha256 messages_sha256 plain_thread posted_channel posted_ts "
    "state told week why zone",
    "document_versions": "id model prompt",
    "documents": "because id kind state",
    "drafts": "id kind",
    "drills": "id kind took_s",
    "evidence": "id item kind",
    "findings": "acknowledged_severity changed_week first_week id key resolved_week rule severity severity_before "
    "snoozed_severity",
    "freezes": "id kind took_s",
    "grants": "hash id state",
    "idempotency": "key",
    "incidents": "about body status",
    "items": "before_state item state",
    "leases": "name owner",
    "marks": "subject",
    "memos": "category comparison content_hash id move value visibility",
    "metric_definitions": "baseline better bound kind target",
    "metrics": "value",
    "outbox": "body error id kind owner result_channel result_ts state",
    "overrides_met": "check to",
    "people": "id",
    "policies": "id",
    "policy_versions": "area id",
    "proofs": "id kind",
    "questions": "answer asked_hash because facts_hash grant_hash id",
    "red_lines": "kind",
    "replayed": "signature_hash",
    "requests": "because id item kind state terms",
    "reviews": "about body outcome",
    "reworks": "kind",
    "roles": "role",
    "search_entries": "insiders kind object_id team_id visibility workflow_id",
    "signals": "about batch type",
    "source_mappings": "id",
    "sources": "cursors why_not",
    "suspensions": "cause id subject",
    "teams": "channel hours id zone",
    "texts": "id sha256",
    "tokens": "id kind scopes sha256 workflows",
    "verdicts": "body id sha256",
    "work_items": "about body status",
    "workflows": "domain id outcome phase",
}
"""What the program itself makes or chooses from a list: ids, hashes, states, sentences that name nobody."""

NAMES = {
    "agent_actions": "action run_id",
    "changes": "key reverts",
    "decision_days": "action",
    "decisions": "action facts",
    "document_versions": "agent incident",
    "eval_runs": "model prompt_version suite",
    "grants": "action terms",
    "incidents": "key",
    "memos": "changes metric",
    "metric_definitions": "metric",
    "metrics": "metric",
    "playbook_texts": "hash id text",
    "policies": "name name_key",
    "questions": "action agent facts key",
    "red_line_definitions": "rule",
    "red_lines": "rule",
    "reviews": "output_id",
    "seats": "tier",
    "signals": "body id source url",
    "source_mappings": "place place_key source",
    "sources": "name",
    "teams": "name name_key",
    "tokens": "name",
    "work_items": "key",
    "workflows": "name",
}
"""What things are called, what programs sent, and what was set out for all: not said by a person of themselves."""

CLAIMED = {"audit": "claimed"}
"""The account behind a name given at the command line, which stays (README, "What is promised about data")."""


def named() -> Iterator[str]:
    for held in (PERSONAL, MADE, NAMES, CLAIMED):
        for table, columns in held.items():
            yield from (f"{table}.{column}" for column in columns.split())


def test_every_column_of_text_says_here_what_it_holds() -> None:
    texts = (column for table in all_tables().sorted_tables for column in table.columns if _may_hold_words(column))
    told = list(named())
    assert sorted(map(str, texts)) == sorted(told)
    assert len(told) == len(set(told))


def _may_hold_words(column: Column[object]) -> bool:
    """Whether it is of text and no id of another row."""
    kind = getattr(column.type, "impl_instance", column.type)
    return not column.foreign_keys and isinstance(kind, String) and type(column.type).__name__ != "Instant"


@pytest.fixture
def program(database: Database) -> GrantsProgram:
    """refunds_agent, with something of its owner Ana in every column that may hold a person's name or words."""
    made = GrantsProgram(database)
    made.start()
    entry = Entry(title=f"We keep {WORD}", decision="It works.", category=Category.OTHER, is_reversible=True)
    made.do("ana", memos.file, entry, About(workflow=made.workflow()))
    save = {"id": "s1", "type": "quality_save", "summary": "Stopped it.", "by": "UANA"}
    made.send(save, by="max")
    asked = Letter("document_asked", "document:doc_1:UANA", "UANA", {"document": "doc_1"}, made.at)
    with database.writing() as connection:
        outbox.put(connection, asked, made.at)
        drafts.keep(connection, "UANA", "memo", Draft("d_1", {"title": WORD}, made.at))
        connection.execute(update(people).where(people.c.handle == "UANA").values(zone=f"Europe/{WORD}"))
    made.later(days=7)
    _post(made)
    made.later(hours=2)
    return made


def _post(program: GrantsProgram) -> None:
    """A digest that names and quotes Ana, and stands in its channel."""
    audience = Audience("leaders", "leaders", "CLEADERS", "Europe/Lisbon", None, program.at)
    ana = program.ask(lambda view: view.person_by_handle("UANA"))
    assert ana
    said = {"people": [{"id": ana.id, "handle": "UANA"}], "value": {"told": f"We keep {WORD}"}}

    def put(turn: object) -> None:
        turn.change.note_due(audience, latest_slot(audience.zone, program.at))  # type: ignore[attr-defined]
        (edition,) = turn.change.digests.still_open()  # type: ignore[attr-defined]
        drafted = Drafted(said, ({"text": f"We keep {WORD}", "blocks": []},))
        freezing.freeze(turn, edition.id, drafted)  # type: ignore[arg-type]

    program.desk.do(Asked(SCHEDULER), put)
    with program.database.writing() as connection:
        connection.execute(update(digests).values(state="posted", posted_at=digests.c.slot_at))


def holding(database: Database, words: tuple[str, ...]) -> set[str]:
    """The columns in which one of the words stands."""
    with database.reading() as connection:
        return {
            f"{table.name}.{name}"
            for table in all_tables().sorted_tables
            for row in connection.execute(select(table)).mappings()
            for name, value in row.items()
            if any(word in str(value) for word in words)
        }


def test_what_may_be_a_name_or_words_of_a_person_goes_with_them(program: GrantsProgram) -> None:
    with program.database.reading() as connection:
        nonce = connection.scalar(text("SELECT nonce FROM texts WHERE body = :body"), {"body": f"We keep {WORD}"})
    words = (WORD, "UANA", "Ana", str(nonce))
    told = {f"{table}.{column}" for table, columns in PERSONAL.items() for column in columns.split()}
    assert holding(program.database, words) == told
    program.do("ada", privacy.erase, "UANA", "They asked for it.")
    assert holding(program.database, words) == set()
    assert program.verify().ok
