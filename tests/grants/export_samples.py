"""Exports for tests, and what real engines say of them."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import cedarpy
import regorus

from bot.conditions import compiled
from bot.domain.errors import BadInput
from bot.domain.grants.terms import GrantTerms, digits
from bot.policies.export import Exported, Scope
from tests.grants.samples import grant

FAR = datetime(2126, 1, 1, tzinfo=UTC)
NOW = FAR - timedelta(days=9)

Facts = Mapping[str, object]


def one(said: GrantTerms, **fields: Any) -> Scope:
    """A workflow with one grant, far from its end."""
    return Scope("refunds_agent", (grant(said, expires_at=FAR, attested_at=NOW),), **fields)


def is_compiled(line: str) -> bool:
    """Whether `line` is a condition."""
    try:
        compiled(line.strip())
    except BadInput:
        return False
    return True


def is_whole(found: Exported) -> bool:
    """Whether no grant was left out."""
    return not any("is left out" in told for told in found.unsaid)


def in_cedar(value: object) -> object:
    """A fact as Cedar takes it: each number a decimal."""
    if isinstance(value, list):
        return [in_cedar(each) for each in value]
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return value
    written = digits(Decimal(str(value)))
    return {"__extn": {"fn": "decimal", "arg": written if "." in written else f"{written}.0"}}


def cedar_allows(
    text: str,
    *samples: Facts,
    workflow: str = "refunds_agent",
    action: str = "issue_refund",
    at: datetime = NOW,
    **more: object,
) -> list[bool]:
    """Cedar's own answers, one for each of the samples."""
    clock = {"__extn": {"fn": "datetime", "arg": f"{at:%Y-%m-%dT%H:%M:%SZ}"}}
    requests = [
        {
            "principal": f"Workflow::{json.dumps(workflow)}",
            "action": f"Action::{json.dumps(action)}",
            "resource": 'Resource::"any"',
            "context": {"facts": {name: in_cedar(value) for name, value in facts.items()}, "at": clock, **more},
        }
        for facts in samples
    ]
    return [bool(found.allowed) for found in cedarpy.is_authorized_batch(requests, text, [])]


def rego_allows(
    text: str,
    *samples: Facts,
    rule: str = "allow",
    workflow: str = "refunds_agent",
    action: str = "issue_refund",
    **more: object,
) -> list[bool]:
    """A Rego engine's own answers, one for each of the samples."""
    engine = regorus.Engine()
    engine.add_policy("policy.rego", text)
    query = f"data.rollout[{json.dumps(workflow)}].{rule}"
    answers: list[bool] = []
    for facts in samples:
        asked = {"workflow": workflow, "action": action, "facts": facts, **more}
        engine.set_input_json(json.dumps(asked, default=float))
        answers.append(engine.eval_query(query)["result"][0]["expressions"][0]["value"] is True)
    return answers


ASK: Mapping[str, Callable[..., list[bool]]] = {"cedar": cedar_allows, "rego": rego_allows}
