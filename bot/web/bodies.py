"""What programs send and get over HTTP, as Pydantic sees it; the OpenAPI document is made from these."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.domain.errors import BadInput
from bot.domain.escrow import KEY_LIMIT, SUMMARY_LIMIT, URL_LIMIT
from bot.domain.grants.factsheet import TOO_DEEP

Name = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Hash = Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]


class Strict(BaseModel):
    """A body in which nothing may stand that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class AskBody(Strict):
    """What is asked of a person where the answer is needs_approval; the same key is the same question."""

    key: Annotated[str, StringConstraints(min_length=1, max_length=KEY_LIMIT)]
    summary: Annotated[str, StringConstraints(min_length=1, max_length=SUMMARY_LIMIT)]
    url: Annotated[str, StringConstraints(max_length=URL_LIMIT, pattern="^https?://")] | None = None


class DecisionBody(Strict):
    """May this agent do this now? The time is the server's."""

    workflow: Name
    action: Name
    facts: Annotated[dict[str, Any], Field(description="What the agent is about to do it with; numbers stay exact.")]
    dry_run: Annotated[bool, Field(description="Only to see: counts nowhere, asks nobody.")] = False
    ask: AskBody | None = None
    approval: Annotated[str, StringConstraints(max_length=60)] | None = None
    grant_hash: Annotated[Hash, Field(description="The grant as the caller enforces it, to notice drift.")] | None = (
        None
    )


class ApprovalReply(BaseModel):
    """A question, where one was asked."""

    id: str
    state: Annotated[str, Field(pattern="^(pending|approved|edited|rejected|expired|void)$")]
    expires_at: str


class DecisionReply(BaseModel):
    """The answer. Only `allow` lets the agent go on; whatever else arrives, or nothing, is a deny."""

    id: str
    decision: Annotated[str, Field(pattern="^(allow|needs_approval|deny)$")]
    reasons: list[str]
    codes: list[str]
    grant: str | None
    hash: str | None
    approval: ApprovalReply | None = None


class Refusal(BaseModel):
    """A request that got no answer; whoever asked for a decision takes it for a deny."""

    error: str
    decision: Annotated[str, Field(pattern="^deny$")] = "deny"


def decision_body(raw: bytes) -> DecisionBody:
    """The body of a decision request; BadInput with a sentence where it is none."""
    try:
        return DecisionBody.model_validate(_parsed(raw))
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(str(step) for step in first["loc"]) or "body"
        raise BadInput(f"{where}: {first['msg']}.", where) from None


def _parsed(raw: bytes) -> object:
    try:
        return json.loads(raw.decode(), parse_int=Decimal, parse_float=_number, object_pairs_hook=_once)
    except RecursionError:
        raise BadInput(TOO_DEEP, "body") from None
    except UnicodeDecodeError:
        raise BadInput("The body is not UTF-8 text.", "body") from None
    except json.JSONDecodeError as error:
        where = f"{error.msg} at line {error.lineno}, column {error.colno}"
        raise BadInput(f"The body is not valid JSON: {where}.", "body") from None
    except ValueError:
        # Python refuses whole numbers of more than some thousand digits.
        raise BadInput("A number in the body is too long to be meant.", "body") from None


def _number(digits: str) -> Decimal:
    return Decimal(digits)


def _once(pairs: list[tuple[str, object]]) -> Mapping[str, object]:
    found: dict[str, object] = {}
    for name, value in pairs:
        if name in found:
            raise BadInput(f"The body names {name[:60]!r} twice; write each field once.", name[:60])
        found[name] = value
    return found
