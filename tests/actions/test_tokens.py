"""Tokens: made by an admin, of use until their last day, and out of use from the transaction that revokes them."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.actions import tokens
from bot.actions.tokens import Issued, TokenEntry
from bot.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from bot.domain.people import Actor, PrincipalKind, Through
from bot.domain.tokens import Scope, Token, looks_like_secret, secret_hash
from store import note_uses
from tests.cast import agent
from tests.program import Program
from tests.store.together import together

AGENT, SERVICE, HUMAN = PrincipalKind.AGENT, PrincipalKind.SERVICE, PrincipalKind.HUMAN


def entry(**given: Any) -> TokenEntry:
    return replace(TokenEntry("macro_bot", AGENT, (Scope.DECISIONS,), (), date(2026, 3, 31)), **given)


def make(program: Program, by: str | Actor = "ada", **given: Any) -> Issued:
    return program.do(by, tokens.make, entry(**given), "Europe/Lisbon")


def standing(program: Program) -> tuple[Token, ...]:
    return program.ask(lambda view: view.tokens.all())


def test_a_token_is_found_by_its_secret_and_nothing_of_the_secret_is_kept(refunds: Program) -> None:
    workflow = refunds.workflow()
    issued = make(refunds, scopes=(Scope.SIGNALS, Scope.DECISIONS, Scope.SIGNALS), workflows=(workflow,))
    found = refunds.ask(lambda view: view.tokens.by_secret(secret_hash(issued.secret)))
    assert found == Token(
        id=issued.fact.token_id,
        name="macro_bot",
        kind=AGENT,
        scopes=(Scope.DECISIONS, Scope.SIGNALS),
        workflows=(workflow.id,),
        made_at=refunds.at,
        expires_at=found.expires_at if found else refunds.at,
        last_used_at=None,
        revoked_at=None,
    )
    assert found.expires_at.isoformat() == "2026-03-31T23:00:00+00:00"
    assert looks_like_secret(issued.secret)
    assert issued.secret not in json.dumps(refunds.chain())
    assert refunds.verify().ok


def test_two_secrets_are_never_the_same_and_nothing_else_looks_like_one(refunds: Program) -> None:
    one, other = make(refunds).secret, make(refunds, name="other").secret
    assert one != other
    assert not any(looks_like_secret(text) for text in ("", one[:-1], f"{one}x", one.upper(), f" {one}", "rollout_"))


def test_a_token_holds_until_the_end_of_its_last_day(refunds: Program) -> None:
    make(refunds, last_day=date(2026, 3, 2))
    (token,) = standing(refunds)
    assert [token.holds(refunds.at + timedelta(hours=hours)) for hours in (0, 14, 15)] == [True, True, False]


@pytest.mark.parametrize("by", ["lea", "bea", "ana", "max", agent(), replace(agent(), through=Through.CLI)])
def test_nobody_but_an_admin_makes_or_revokes_one_in_slack(refunds: Program, by: str | Actor) -> None:
    with pytest.raises(NotAllowed):
        make(refunds, by)
    assert standing(refunds) == ()
    make(refunds)
    with pytest.raises(NotAllowed):
        refunds.do(by, tokens.revoke, "macro_bot")
    (token,) = standing(refunds)
    assert token.holds(refunds.at)
    assert refunds.denials() == 2


def test_whoever_holds_the_database_makes_one_at_the_command_line(refunds: Program) -> None:
    make(refunds, replace(refunds.actor("max"), through=Through.CLI))
    made = next(record for record in refunds.chain() if record["fact"] == "token_made")
    assert made["details"]["allowed_because"] == "at the command line"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"name": ""}, "letters, digits"),
        ({"name": "a b"}, "letters, digits"),
        ({"name": "x" * 61}, "letters, digits"),
        ({"scopes": ()}, "Say what the token is for"),
        ({"kind": HUMAN}, "an agent or a service"),
        ({"last_day": date(2026, 3, 1)}, "lies ahead"),
        ({"last_day": date(2027, 4, 7)}, "at most 400 days"),
    ],
)
def test_what_makes_no_sound_token_is_refused(refunds: Program, given: dict[str, Any], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        make(refunds, **given)
    assert standing(refunds) == ()


def test_a_name_is_in_use_once_and_free_again_after_the_revocation(refunds: Program) -> None:
    make(refunds)
    with pytest.raises(Conflict, match="in use already"):
        make(refunds)
    refunds.do("ada", tokens.revoke, "macro_bot")
    make(refunds, kind=SERVICE)
    assert [token.revoked_at is None for token in standing(refunds)].count(True) == 1


def test_two_who_make_one_of_the_same_name_at_once_make_one(refunds: Program) -> None:
    refused: list[Conflict] = []

    def run() -> None:
        try:
            make(refunds)
        except Conflict as error:
            refused.append(error)

    together([run] * 4)
    assert (len(standing(refunds)), len(refused)) == (1, 3)


def test_a_revoked_token_is_out_of_use_and_can_not_be_revoked_again(refunds: Program) -> None:
    issued = make(refunds)
    refunds.do("ada", tokens.revoke, issued.fact.token_id)
    (token,) = standing(refunds)
    assert not token.holds(refunds.at)
    with pytest.raises(NotFound, match="token list"):
        refunds.do("ada", tokens.revoke, "macro_bot")


def test_the_last_use_is_noted_to_the_minute(refunds: Program) -> None:
    sha256 = secret_hash(make(refunds).secret)
    seen = []
    for seconds in (0, 30, 60, 89):
        with refunds.database.writing() as connection:
            note_uses(connection, [sha256, "unknown"], refunds.at + timedelta(seconds=seconds))
        (token,) = standing(refunds)
        assert token.last_used_at is not None
        seen.append((token.last_used_at - refunds.at).seconds)
    assert seen == [0, 0, 60, 60]


def test_a_token_acts_under_its_own_name(refunds: Program) -> None:
    make(refunds, kind=SERVICE, name="ci")
    (token,) = standing(refunds)
    assert token.actor == Actor(SERVICE, "service:ci", "ci", Through.API)
