"""Evidence with which every check of a shipped playbook passes, and small ways to spoil it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from bot import playbooks
from bot.domain.checklists import Checklist, Known, checklist
from bot.domain.checks import Check
from bot.domain.deviations import Deviation, DeviationArea
from bot.domain.documents import Document, DocumentKind, DocumentState
from bot.domain.drills import Drill, DrillKind
from bot.domain.gate_evidence import Better, DefinedRedLine, Evidence, MeasuredMetric, MetricKind, RoleHolder
from bot.domain.gates import CHECKS
from bot.domain.grants.life import Grant, GrantState
from bot.domain.grants.terms import GrantTerms, Logging
from bot.domain.items import Evidence as ItemEvidence
from bot.domain.items import ItemRecord, ItemState
from bot.domain.memos import Category, Content, Memo, Move
from bot.domain.playbook import Gate, PhaseName, Playbook
from bot.domain.review_counts import ReviewCounts, Reviews
from bot.domain.risk import Area, Effect, Tier
from bot.domain.signals.kinds import (
    Body,
    EvalRun,
    Incident,
    IncidentCourse,
    IncidentStatus,
    Metric,
    RedLine,
    RedLineKind,
    Signal,
)
from bot.domain.verdicts import CheckResult, Outcome, Trace
from bot.domain.visibility import Visibility
from bot.domain.workflows import Domain, Role, Workflow
from tests.domain.samples import ANA, BEN, DAY_1, ZONE, team, workflow

PASS, FAIL, NO_DATA = Outcome.PASS, Outcome.FAIL, Outcome.NO_DATA
AT = datetime(2026, 4, 20, 12, tzinfo=UTC)
"""A Monday noon, some weeks after a change of the clocks."""
PHASE_SINCE = AT - timedelta(days=25)


@cache
def book(name: str = "ninety_day") -> Playbook:
    """A shipped playbook."""
    return playbooks.load(playbooks.shipped_text(name), name)


def gate(leaving: PhaseName, name: str = "ninety_day") -> Gate:
    """The gate at the end of a phase."""
    found = book(name).phase(leaving).gate
    assert found is not None
    return found


def days_ago(days: float, at: datetime = AT) -> datetime:
    """The same time of the day, by the clock on the wall in Lisbon."""
    return (at.astimezone(ZoneInfo(ZONE)) - timedelta(days=days)).astimezone(UTC)


def signal(body: Body, at: datetime, id_: str = "s_1") -> Signal[Any]:
    """A signal that CI sent."""
    return Signal(id_, "ci", at, "refunds_agent", None, f"https://ci.example.com/{id_}", body)


def trace(id_: str) -> Trace:
    """Where the signal of that id is."""
    return Trace("signal", id_, f"https://ci.example.com/{id_}")


def run(passed: int = 195, cases: int = 200, age_days: float = 2, **fields: Any) -> Signal[EvalRun]:
    """A run of the regression suite."""
    suite = fields.pop("suite", "regression")
    body = EvalRun(suite, cases, passed, fields.pop("prompt_version", "p7"), fields.pop("model", "m-2026-03"))
    return replace(signal(body, days_ago(age_days), fields.pop("id", f"run_{suite}")), **fields)


def value(number: str, age_days: float = 3, metric: str = "minutes_per_refund") -> Signal[Metric]:
    """A measured value."""
    return signal(Metric(metric, Decimal(number)), days_ago(age_days), f"value_{metric}_{number}")


def success(*values: Signal[Metric], **fields: Any) -> MeasuredMetric:
    """Minutes per refund, from 12 down to 8."""
    standard = MeasuredMetric(
        "minutes_per_refund",
        MetricKind.SUCCESS,
        Better.LOWER,
        Decimal(12),
        Decimal(8),
        None,
        values,
    )
    return replace(standard, **fields)


def guardrail(*values: Signal[Metric], **fields: Any) -> MeasuredMetric:
    """Customer satisfaction, not below 4.2."""
    standard = MeasuredMetric("csat", MetricKind.GUARDRAIL, Better.HIGHER, None, None, Decimal("4.2"), values)
    return replace(standard, **fields)


def fired(rule: str, age_days: float = 5) -> DefinedRedLine:
    """A red line that was seen firing."""
    return DefinedRedLine(
        rule, signal(RedLine(rule, RedLineKind.TEST_FIRED, "It fired."), days_ago(age_days), f"test_{rule}")
    )


def incident(severity: int, *, resolved: bool = False) -> IncidentCourse:
    """An incident of yesterday."""
    status = IncidentStatus.RESOLVED if resolved else IncidentStatus.OPEN
    body = Incident(f"INC-{severity}", severity, status, "Refunds were sent twice")
    return IncidentCourse(signal(body, days_ago(1), f"inc_{severity}"), days_ago(1), AT if resolved else None)


def deviation(*, closed: bool = False) -> Deviation:
    """A deviation of last week."""
    return Deviation(
        id="dev_1",
        workflow_id="wf_1",
        workflow="refunds_agent",
        team_id="team_1",
        area=next(iter(DeviationArea)),
        policy=None,
        summary="Prompts went to the wrong region.",
        owner=ANA,
        due_on=DAY_1,
        opened_by=ANA,
        opened_at=days_ago(7),
        closed_by=BEN if closed else None,
        closed_at=days_ago(1) if closed else None,
        answer="Moved back." if closed else None,
    )


def drill(kind: DrillKind = DrillKind.ROLLBACK, took_s: int = 720, age_days: float = 9) -> Drill:
    """A drill of last week."""
    return Drill(f"drill_{kind}", "wf_1", kind, Decimal(took_s), None, ANA, days_ago(age_days))


def red_team(state: DocumentState = DocumentState.ACCEPTED, kind: DocumentKind = DocumentKind.RED_TEAM) -> Document:
    """A red-team review."""
    return Document(f"doc_{kind}", kind, "wf_1", "refunds_agent", "team_1", state, ())


def logging(**fields: Any) -> Logging:
    """Everything kept for 180 days."""
    return replace(Logging(store_prompts=True, store_tool_calls=True, retention_days=180), **fields)


def grant(action: str = "propose_refund", attested_days_ago: float | None = 3, **fields: Any) -> Grant:
    """An active grant, approved 20 days ago."""
    terms = GrantTerms(
        action=action,
        limits=(),
        conditions=(),
        requires_human_approval=True,
        per_day=None,
        effect=Effect.NONE,
        area=Area.FINANCIAL_ACTIONS,
        tier=Tier.LOW,
        expires_in_days=90,
        logging=fields.pop("logging", None),
    )
    attested_at = None if attested_days_ago is None else AT - timedelta(days=attested_days_ago)
    standard = Grant(
        id=f"grant_{action}",
        workflow_id="wf_1",
        terms=terms,
        state=GrantState.ACTIVE,
        approved_at=AT - timedelta(days=20),
        expires_at=AT + timedelta(days=70),
        attested_at=attested_at,
        suspensions=(),
        hash="0" * 64,
    )
    return replace(standard, **fields)


def memo(move: Move | None, age_days: float = 1, **fields: Any) -> Memo:
    """A memo about the workflow, filed yesterday."""
    said = Content(
        title=fields.pop("title", "Refunds agent moves on"),
        decision=fields.pop("decision", "We go on."),
        category=Category.PHASE_MOVE,
        is_reversible=True,
        context="",
        options="",
        move=move,
        changes=(),
        prediction=fields.pop("prediction", None),
        supersedes=None,
        visibility=Visibility.EVERYONE,
    )
    standard = Memo(
        id="memo_1",
        content=said,
        workflow_id="wf_1",
        workflow="refunds_agent",
        team_id="team_1",
        owner=ANA,
        filed_by=ANA,
        decided_at=days_ago(age_days),
        superseded_by=None,
        content_hash="0" * 64,
    )
    return replace(standard, **fields)


MOVES = {move.left: move for move in Move}


def rows(playbook: Playbook, of: Workflow, at: datetime, **states: ItemState) -> Checklist:
    """A checklist on which everything is done with a link, but for the items named."""
    found = checklist(of, playbook, Known(), at)
    proof = ItemEvidence("link", "https://docs.example.com/1", ANA, at - timedelta(days=1))
    done = []
    for row in found.rows:
        state = states.get(row.key.id, ItemState.DONE)
        record = ItemRecord(row.key, state, 1, ANA, at - timedelta(days=1), evidence=proof)
        done.append(replace(row, state=state, record=record))
    return replace(found, rows=tuple(done))


def ready(leaving: PhaseName = PhaseName.PILOT, name: str = "ninety_day", **fields: Any) -> Evidence:
    """Evidence with which the gate out of `leaving` opens; `domain`, `at` and fields of Evidence can be given."""
    domain, at = fields.pop("domain", Domain.BILLING), fields.pop("at", AT)
    of = workflow(phase=leaving, domain=domain, team=team(fields.pop("zone", ZONE)))
    standard = Evidence(
        at=at,
        leaving=leaving,
        phase_since=PHASE_SINCE,
        checklist=rows(book(name), of, at, **fields.pop("states", {})),
        holders=tuple(RoleHolder(Role(role), who.id, True) for role, who in _HELD),
        metrics=(success(value("8")), guardrail(value("4.2", metric="csat"))),
        eval_runs=(run(),),
        red_lines=(fired("no_double_refund"),),
        reviews=ReviewCounts(28, Reviews(due=100, due_reviewed=96, reviewed=98, overridden=6), Reviews()),
        incidents=(),
        deviations=(),
        drills=(drill(),),
        documents=(red_team(),),
        grants=(grant(),),
        memos=(memo(MOVES[leaving]),),
    )
    return replace(standard, **fields)


_HELD = (("owner", ANA), ("steward", BEN), ("eval_owner", BEN), ("gatekeeper", ANA))


def asked(kind: type[Check], leaving: PhaseName, name: str = "ninety_day") -> Any:
    """The check of this kind, as the shipped gate asks for it."""
    found = gate(leaving, name).check(kind)
    assert found is not None
    return found


def answer(check: Check, evidence: Evidence) -> CheckResult:
    """What the table's function says."""
    return CHECKS[type(check)](check, evidence)


def outcomes(check: Check, several: Iterable[Evidence]) -> list[Outcome]:
    """How one check comes out on several evidences."""
    return [answer(check, evidence).outcome for evidence in several]
