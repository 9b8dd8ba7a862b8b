"""The audit log vouches for grants: whoever changes one past this program is found out."""

import pytest
from sqlalchemy import text

from store import Database
from tests.grants_program import ATTENDED, CONFIDENT, DRAFT, REFUND, GrantsProgram, action, incident, policy


@pytest.fixture
def program(database: Database) -> GrantsProgram:
    """Grants in every state: active, suspended, narrowed, revoked, declined, withdrawn, expired, waiting."""
    made = GrantsProgram(database)
    made.start()
    made.revoke(made.grant(DRAFT))
    made.decline(made.asked(DRAFT))
    made.grant(policy(action("draft_note", expires_in_days=1)))
    made.later(days=2)
    made.tick()
    made.attest(made.grant(ATTENDED))
    made.narrow(policy(action("send_macro", max_recipients=2, allowed_when=CONFIDENT)))
    made.send(incident(1))
    made.withdraw(made.asked(policy(action("draft_plan"))))
    made.grant(policy(action("draft_plan")))
    made.grant(policy(action("draft_plan", expires_in_days=120)))
    made.asked(REFUND)
    return made


def stored(program: GrantsProgram, column: str, state: str = "active") -> str:
    with program.database.reading() as connection:
        found = connection.execute(text(f"SELECT {column} FROM grants WHERE state = :state"), {"state": state})
        return str(found.scalar_one())


def tamper(program: GrantsProgram, statement: str) -> None:
    with program.database.writing() as connection:
        connection.exec_driver_sql(statement)


def test_grants_that_lived_by_the_rules_verify(program: GrantsProgram) -> None:
    with program.database.reading() as connection:
        states = connection.execute(text("SELECT state FROM grants")).scalars().all()
    assert sorted(set(states)) == [
        "active", "declined", "expired", "requested", "revoked", "superseded", "suspended", "withdrawn"
    ]  # fmt: skip
    assert program.verify().ok


@pytest.mark.parametrize(
    "change",
    [
        'terms = replace(terms, \'"max_recipients","2"\', \'"max_recipients","2000"\')',
        "terms = replace(terms, '\"requires_human_approval\":true', '\"requires_human_approval\":false')",
        "terms = '{'",
        "terms = '[]'",
        "hash = 'forged'",
        "state = 'active'",
        "action = 'issue_refund'",
        "expires_at = '2036-03-02T09:00:00.000000Z'",
        "approved_at = '2026-04-20T09:00:00.000000Z'",
        "attested_at = '2026-04-20T09:00:00.000000Z'",
    ],
)
def test_a_grant_that_is_not_as_its_records_left_it_is_named(program: GrantsProgram, change: str) -> None:
    grant_id = stored(program, "id", "suspended")
    tamper(program, f"UPDATE grants SET {change} WHERE state = 'suspended'")
    found, record = program.verify(), program.chain()
    assert (found.ok, found.first_broken) == (
        False,
        [int(r["seq"]) for r in record if r["fact"] == "grant_suspended"][-1],
    )
    assert f"Grant {grant_id} " in str(found.why)
    assert "was changed" in str(found.why)


def test_terms_and_hash_that_were_changed_together_are_found(program: GrantsProgram) -> None:
    terms, hash_ = stored(program, "terms"), stored(program, "hash")
    tamper(program, f"UPDATE grants SET terms = '{terms}', hash = '{hash_}' WHERE state = 'suspended'")
    assert "was changed" in str(program.verify().why)


def test_a_grant_that_was_brought_back_to_life_or_slipped_in_is_found(program: GrantsProgram) -> None:
    tamper(program, "UPDATE grants SET state = 'active' WHERE state = 'expired'")
    assert "was changed" in str(program.verify().why)
    tamper(program, "UPDATE grants SET state = 'expired' WHERE action = 'draft_note'")
    assert program.verify().ok
    tamper(program, "INSERT INTO grants SELECT 'grant_forged', workflow_id, 'draft_other', terms, hash, state, NULL, "
           "requested_by, requested_at, NULL, approved_at, expires_at, attested_at, attested_by, ended_at, version "
           "FROM grants WHERE state = 'suspended'")  # fmt: skip
    assert str(program.verify().why) == "Grant grant_forged was added past this program: no record tells of it."


def test_a_grant_that_is_gone_is_named(program: GrantsProgram) -> None:
    grant_id = stored(program, "id", "declined")
    tamper(program, "DELETE FROM grants WHERE state = 'declined'")
    assert f"Grant {grant_id} (record " in str(program.verify().why)
    assert "is missing" in str(program.verify().why)
