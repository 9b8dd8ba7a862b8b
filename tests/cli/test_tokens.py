"""`rollout token`: a secret shown once, and a list that knows nothing of it."""

import json

import pytest

from tests.cli.conftest import Rollout

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

AT = "--at 2026-03-02T12:00:00Z"


def test_a_token_is_made_shown_once_listed_and_revoked(rollout: Rollout, refunds: str) -> None:
    made = rollout(
        f"token new refunds-agent --scope decisions --scope read --workflow refunds_agent --expires 2026-06-30 {AT}"
    )
    assert made.status == 0, made.err
    assert made.err == "Keep the token now: it is shown this once, and nothing of it but a hash is kept.\n"
    secret = made.answer["token"]
    assert made.answer == {
        "id": made.answer["id"],
        "token": secret,
        "expires_at": "2026-07-01T00:00:00.000000Z",
    }
    listed = rollout(f"token list {AT}")
    assert listed.answer == {
        "tokens": [
            {
                "id": made.answer["id"],
                "name": "refunds-agent",
                "kind": "agent",
                "scopes": ["decisions", "read"],
                "workflows": ["refunds_agent"],
                "made_at": "2026-03-02T12:00:00.000000Z",
                "expires_at": "2026-07-01T00:00:00.000000Z",
                "last_used_at": None,
                "revoked_at": None,
                "usable": True,
            }
        ]
    }
    assert rollout(f"token revoke refunds-agent {AT}").answer == {"id": made.answer["id"], "revoked": True}
    assert [token["usable"] for token in rollout(f"token list {AT}").answer["tokens"]] == [False]
    everywhere = json.dumps([listed.out, rollout("audit export").out, rollout("token list").out])
    assert secret not in everywhere
    assert rollout("audit verify").answer["ok"]


@pytest.mark.parametrize(
    ("typed", "status", "told"),
    [
        ("token new x --scope decisions --expires 2026-03-01", 1, "A token's last day lies ahead"),
        ("token new 'a b' --scope decisions --expires 2026-06-01", 1, "A token's name is"),
        ("token new x --scope decisions --workflow nobody --expires 2026-06-01", 1, "There is no workflow 'nobody'"),
        ("token new x --scope admin --expires 2026-06-01", 2, "admin"),
        ("token new x --scope decisions --expires 2026-06-01 --as agent:x", 1, "a person must do it"),
        ("token revoke x", 1, "There is no token 'x' in use"),
    ],
)
def test_what_can_not_be_done_is_said_in_a_sentence(
    rollout: Rollout, refunds: str, typed: str, status: int, told: str
) -> None:
    ran = rollout(f"{typed} {AT}")
    assert (ran.status, ran.out) == (status, "")
    assert told in ran.err
