"""What programs send and get over HTTP, as Pydantic sees it; the OpenAPI document is made from these."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from bot.actions.decisions import Inquiry
from bot.domain.errors import BadInput
from bot.domain.escrow import KEY_LIMIT, SUMMARY_LIMIT, URL_LIMIT, Asking, demand_asking
from bot.domain.grants.bodies import parse_body
from bot.domain.wording import cut

Name = Annotated[str, StringConstraints(min_length=1, max_length=60)]
Instant = Annotated[str, Field(description="RFC 3339, UTC", json_schema_extra={"format": "date-time"})]
Json = dict[str, Any]


class Misfit(BadInput):
    """A JSON object that is not the one asked for."""


class Strict(BaseModel):
    """A body in which nothing may stand that is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class AskBody(Strict):
    """What is asked of a person where the answer is needs_approval; the same key is the same question."""

    key: Annotated[str, StringConstraints(max_length=KEY_LIMIT, pattern="^[!-~]+( [!-~]+)*$")]
    summary: Annotated[str, StringConstraints(max_length=SUMMARY_LIMIT, pattern=r"\w")]
    url: Annotated[str, StringConstraints(max_length=URL_LIMIT, pattern="^https?://[!-~]+$")] | None = None


class DecisionBody(Strict):
    """May this agent do this now? The time is the server's."""

    workflow: Name
    action: Name
    facts: Annotated[Json, Field(description="What the agent is about to do it with; numbers stay exact.")]
    dry_run: Annotated[bool, Field(description="Only to see: counts nowhere, asks nobody.")] = False
    ask: AskBody | None = None
    approval: Annotated[
        str | None, Field(max_length=60, description="The id of a question that a person answered.")
    ] = None
    grant_hash: Annotated[
        str | None, Field(pattern="^[0-9a-f]{64}$", description="The grant as the caller enforces it.")
    ] = None


class AskedReply(BaseModel):
    """The question that a person was asked."""

    id: str
    state: Literal["pending", "approved", "edited", "rejected", "expired", "void"]
    expires_at: Instant


class DecisionReply(BaseModel):
    """The answer. Only `allow` lets the agent go on; whatever else arrives, or nothing, is a deny."""

    id: str
    decision: Literal["allow", "needs_approval", "deny"]
    reasons: list[str]
    codes: list[str]
    grant: str | None
    hash: str | None
    approval: Annotated[AskedReply | None, Field(description="There where `ask` was sent.")] = None


class ApprovalReply(BaseModel):
    """How a question stands; act on `facts` once it is approved or edited, within `usable_until`, once."""

    id: str
    state: Literal["pending", "approved", "edited", "rejected", "expired", "void"]
    workflow: str
    action: str
    facts: Annotated[
        Json | None, Field(description="What is asked, then what is let through, exactly; null once over.")
    ]
    expires_at: Instant
    usable_until: Instant | None
    used: bool
    note: str | None


class RejectedReply(BaseModel):
    """A line, or an entry of an array, that is no signal."""

    line: int
    why: str


class SignalsReply(BaseModel):
    """What became of the signals; sent again, they are duplicates."""

    accepted: int
    duplicate: int
    rejected: list[RejectedReply]


class WorkflowReply(BaseModel):
    """A workflow that the token is for."""

    workflow: str
    team: str
    phase: Literal["pilot", "production", "scaling", "operating"]
    day: int


class WorkflowsReply(BaseModel):
    """The running workflows that the token is for."""

    workflows: list[WorkflowReply]


class DigestSource(BaseModel):
    """A source, and whether it was read for the digest."""

    name: str
    state: Literal["fresh", "stale", "failed"]
    read_at: Instant | None


class DigestCounts(BaseModel):
    """How many findings are new, stand since earlier, are gone; how many workflows are on track."""

    new: int
    carried: int
    resolved: int
    on_track: int


class EvidenceReply(BaseModel):
    """What a finding rests on."""

    id: str
    url: str | None


class FindingReply(BaseModel):
    """One thing off plan, or a notice."""

    id: str
    rule: str
    version: int
    severity: Literal["critical", "warning", "notice"]
    workflow: str | None
    team: str | None
    summary: str
    facts: Json
    owner: str | None
    next_step: str
    first_seen: Instant
    weeks: int
    state: Literal["new", "worse", "carried", "acknowledged", "snoozed"]
    evidence: list[EvidenceReply]


class SaveReply(BaseModel):
    """A mistake caught before it did harm."""

    summary: str
    by: str | None
    workflow: str
    url: str | None


class TopicReply(BaseModel):
    """A point of the suggested agenda."""

    minutes: int
    topic: str


class DigestReply(BaseModel):
    """A digest as it was posted: every finding, not only those that had a line in the message."""

    audience: str
    week: str
    window: Annotated[list[Instant], Field(min_length=2, max_length=2)]
    complete: bool
    all_clear: bool
    sources: list[DigestSource]
    counts: DigestCounts
    findings: list[FindingReply]
    quality_saves: list[SaveReply]
    agenda: list[TopicReply]


class Refusal(BaseModel):
    """A request that came to nothing, and why."""

    error: str


class Denial(Refusal):
    """A request that got no answer: it counts as a deny."""

    decision: Literal["deny"]


def inquiry_in(raw: bytes) -> tuple[str, Inquiry]:
    """The workflow's name and the question; BadInput where the body is no JSON object, Misfit where it is another."""
    body = parse_body(raw)
    try:
        fields = DecisionBody.model_validate({**body.fields, "facts": {}})
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = cut(".".join(str(step) for step in first["loc"]) or "body", 60)
        raise Misfit(f"{where}: {first['msg']}.", where) from None
    inquiry = Inquiry(
        workflow_id="",
        action=fields.action,
        facts=body.facts,
        dry_run=fields.dry_run,
        reported_hash=fields.grant_hash,
        asking=_asking(fields.ask) if fields.ask else None,
        approval=cut(fields.approval, 60) if fields.approval is not None else None,
    )
    return fields.workflow, inquiry


def _asking(ask: AskBody) -> Asking:
    try:
        return demand_asking(Asking(ask.key, ask.summary, ask.url))
    except BadInput as error:
        raise Misfit(str(error), error.field) from None
