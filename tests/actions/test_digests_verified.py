"""`audit verify` compares what digests say, and were made from, with the hashes that the chain holds of them."""

from dataclasses import replace

import pytest
from sqlalchemy import text

from bot.actions import privacy
from bot.actions.desk import SCHEDULER, Asked
from bot.actions.digests import freezing
from bot.domain.digests.audiences import Audience
from bot.domain.digests.editions import Drafted
from bot.domain.digests.slots import latest_slot
from store import Database, audit
from store.audit import AuditEntry
from tests.grants_program import GrantsProgram


@pytest.fixture
def program(database: Database) -> GrantsProgram:
    """refunds_agent, whose leaders have one digest that is frozen; it names Ana."""
    made = GrantsProgram(database)
    made.start()
    made.later(days=7)
    audience = Audience("leaders", "leaders", "CLEADERS", "Europe/Lisbon", None, made.at)
    slot = latest_slot(audience.zone, made.at)
    ana = made.ask(lambda view: view.person_by_handle("UANA"))
    assert ana
    drafted = Drafted({"people": [{"id": ana.id, "name": "Ana"}]}, ({"text": "2 warnings", "blocks": []},))

    def put(turn: object) -> None:
        turn.change.note_due(audience, slot)  # type: ignore[attr-defined]
        (edition,) = turn.change.digests.still_open()  # type: ignore[attr-defined]
        freezing.freeze(turn, edition.id, drafted)  # type: ignore[arg-type]

    made.desk.do(Asked(SCHEDULER), put)
    return made


def tampered(program: GrantsProgram, statement: str) -> str:
    with program.database.writing() as connection:
        connection.execute(text(statement))
    return str(program.verify().why)


def test_an_untouched_digest_is_vouched_for(program: GrantsProgram) -> None:
    assert program.verify().ok


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("""UPDATE digests SET messages = '[{"text":"All clear","blocks":[]}]'""", "was changed: it is not as it was"),
        ("UPDATE digests SET inputs = '{}'", "was changed: it is not as it was frozen"),
        ("UPDATE digests SET inputs = NULL, messages = NULL", "was changed: it is not as it was frozen"),
        ("DELETE FROM digests", "is missing"),
    ],
)
def test_a_digest_that_was_tampered_with_is_named(program: GrantsProgram, statement: str, why: str) -> None:
    assert why in tampered(program, statement)


def test_one_that_was_emptied_with_a_person_is_no_fault(program: GrantsProgram) -> None:
    tampered(program, "UPDATE digests SET state = 'posted', posted_at = slot_at")
    program.later(hours=2)
    fact, _ = program.do("ada", privacy.erase, "UANA", "They asked for it.")
    assert (fact.digest_count, program.verify().ok) == (1, True)


def test_one_that_an_erasure_did_not_empty_may_not_be_empty(program: GrantsProgram) -> None:
    tampered(program, "UPDATE digests SET state = 'posted', posted_at = slot_at")
    program.later(hours=2)
    program.block("tell_people", "stu")
    fact, _ = program.do("ada", privacy.erase, "USTU", "They asked for it.")
    assert (fact.digest_ids, program.verify().ok) == ((), True)
    assert "was changed" in tampered(program, "UPDATE digests SET inputs = NULL, messages = NULL")


def test_one_that_quotes_someone_is_emptied_with_them(program: GrantsProgram) -> None:
    tampered(program, "UPDATE digests SET state = 'posted', posted_at = slot_at")
    program.later(hours=2)
    program.block("tell_people", "stu", reason="2 warnings came\nfrom   Legal.")
    kept = '{"people":[],"value":{"told":["blocked: 2 warnings came from Legal. Ask them"]}}'
    tampered(program, f"UPDATE digests SET inputs = '{kept}'")
    fact, _ = program.do("ada", privacy.erase, "USTU", "They asked for it.")
    assert (fact.digest_count, program.verify().ok) == (1, True)


def test_an_erasure_of_an_earlier_version_tells_only_how_many_it_emptied(program: GrantsProgram) -> None:
    told = AuditEntry(program.at, program.at, "human", "p_ada", "slack", "person_erased", "p_ana")
    with program.database.writing() as connection:
        audit.append(connection, replace(told, details={"digest_count": 1}))
        connection.execute(text("UPDATE digests SET inputs = NULL, messages = NULL"))
    assert program.verify().ok
