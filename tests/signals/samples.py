"""Sample signals, as they are sent and as they are known, and a program with two workflows to send them to."""

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, insert, select

from bot.domain.signals.kinds import (
    ActionOutcome,
    AgentAction,
    Body,
    Change,
    EvalRun,
    Incident,
    IncidentStatus,
    Metric,
    QualitySave,
    RedLine,
    RedLineKind,
    Review,
    ReviewOutcome,
    ReviewTally,
    Rework,
    ReworkKind,
    Seat,
    Signal,
    WorkItem,
    WorkStatus,
)
from bot.intake import Known, Rejected, Terms, read
from store.recording.signal_rows import HASHED, WORDS, hashed_line
from store.tables.ledger import people, texts
from store.tables.program import playbook_texts, teams, workflows
from store.tables.signals import signals

NOW = datetime(2026, 3, 30, 9, 0, tzinfo=UTC)
WORKFLOW = "refunds_agent"
OTHER = "triage_agent"
TEAM = "Support"

Taken = Signal[Any] | Rejected


def ago(**spans: float) -> datetime:
    """An instant before now, by `days=3` for instance."""
    return NOW - timedelta(**spans)


BODIES: dict[str, dict[str, Any]] = {
    "metric": {"metric": "csat", "value": 4.25, "n": 120},
    "eval_run": {"suite": "refunds", "cases": 200, "passed": 191, "prompt_version": "p7", "model": "m2"},
    "review": {
        "output_id": "out-1",
        "submitted_at": "2026-03-28T09:00:00Z",
        "reviewed_at": "2026-03-28T10:30:00Z",
        "outcome": "edited",
        "reviewer": "U7",
    },
    "review_tally": {"outputs": 80, "reviewed": 78, "overridden": 6, "median_minutes": 12.5},
    "rework": {"kind": "rollback", "cost_usd": 120.5},
    "incident": {"key": "INC-1", "severity": 2, "status": "open", "title": "Refunds were sent twice"},
    "change": {
        "key": "PR-9",
        "title": "Ask twice above $20",
        "merged_at": "2026-03-27T12:00:00+01:00",
        "lead_time_hours": 26.5,
        "reverts": None,
        "irreversible": False,
    },
    "work_item": {
        "key": "T-4",
        "title": "Write the spec",
        "status": "blocked",
        "due": "2026-04-02",
        "assignee": "U3",
    },
    "red_line": {"rule": "no_pii", "kind": "test_fired", "summary": "It refused to quote a card number."},
    "agent_action": {
        "action": "issue_refund",
        "facts": {"amount_usd": 20.0, "currency": "USD"},
        "outcome": "done",
        "reversed": False,
        "decision": "dec_1",
        "run_id": "run-1",
        "tools": ["ledger"],
    },
    "quality_save": {"summary": "A refund to a closed account was stopped.", "by": "U3"},
    "seat": {"tier": "pro", "people": 12, "trained": 9, "cost_usd_month": 240},
}
"""One complete body of each type, as it is sent."""

VALUES: dict[str, Body] = {
    "metric": Metric("csat", Decimal("4.25"), 120),
    "eval_run": EvalRun("refunds", 200, 191, "p7", "m2"),
    "review": Review(
        "out-1",
        datetime(2026, 3, 28, 9, 0, tzinfo=UTC),
        datetime(2026, 3, 28, 10, 30, tzinfo=UTC),
        ReviewOutcome.EDITED,
        "U7",
    ),
    "review_tally": ReviewTally(80, 78, 6, Decimal("12.5")),
    "rework": Rework(ReworkKind.ROLLBACK, Decimal("120.5")),
    "incident": Incident("INC-1", 2, IncidentStatus.OPEN, "Refunds were sent twice"),
    "change": Change(
        "PR-9",
        "Ask twice above $20",
        datetime(2026, 3, 27, 11, 0, tzinfo=UTC),
        Decimal("26.5"),
        reverts=None,
        irreversible=False,
    ),
    "work_item": WorkItem("T-4", "Write the spec", WorkStatus.BLOCKED, date(2026, 4, 2), "U3"),
    "red_line": RedLine("no_pii", RedLineKind.TEST_FIRED, "It refused to quote a card number."),
    "agent_action": AgentAction(
        "issue_refund",
        '{"amount_usd":20,"currency":"USD"}',
        ActionOutcome.DONE,
        reversed=False,
        decision="dec_1",
        run_id="run-1",
        tools=("ledger",),
    ),
    "quality_save": QualitySave("A refund to a closed account was stopped.", "U3"),
    "seat": Seat("pro", 12, 9, Decimal(240)),
}
"""The same, as it is known."""


def entry(kind: str, /, **fields: Any) -> dict[str, Any]:
    """A complete signal of that type as it is sent, with some fields other than usual; `...` leaves one out."""
    subject = {"team": TEAM} if kind == "seat" else {"workflow": WORKFLOW}
    whole = {
        "id": "s1",
        "type": kind,
        "at": "2026-03-28T11:00:00Z",
        "source": "ci",
        **subject,
        **BODIES[kind],
        **fields,
    }
    return {name: value for name, value in whole.items() if value is not ...}


def line(kind: str, /, **fields: Any) -> str:
    """`entry` as a line."""
    return json.dumps(entry(kind, **fields)) + "\n"


def terms(now: datetime = NOW) -> Terms:
    """Terms by which two workflows, since 1 March, and one team are known."""

    def workflow(name: str) -> Known | str:
        if name.casefold() in (WORKFLOW, OTHER):
            return Known(name.casefold(), datetime(2026, 3, 1, tzinfo=UTC) - timedelta(days=400))
        return f"There is no workflow {name!r}; did you mean {WORKFLOW}?"

    def team(name: str) -> Known | str:
        return Known(TEAM) if name.casefold() == "support" else f"There is no team {name!r}."

    return Terms(now, workflow, team)


def take(*lines: str) -> list[Taken]:
    """What the intake makes of these lines."""
    return list(read(lines, terms()))


def why_not(*lines: str) -> str:
    """Why the only line that counts was refused."""
    (rejected,) = take(*lines)
    assert isinstance(rejected, Rejected)
    return rejected.why


def signal(body: Body, at: datetime = NOW, **other: Any) -> Signal[Any]:
    """A signal with that content; its id follows from it unless given."""
    subject = {"workflow": None, "team": TEAM} if isinstance(body, Seat) else {"workflow": WORKFLOW, "team": None}
    usual = {"id": f"{at.isoformat()} {body}", "source": "ci", "at": at, "url": None, "body": body, **subject}
    return Signal(**{**usual, **other})


def make_program(connection: Connection) -> None:
    """A team with two workflows, written straight into the tables; their ids are `w_` and `t_` and the name."""
    connection.execute(insert(people).values(id="p_lea", handle="ULEA", name="Lea", seen_at=NOW))
    connection.execute(insert(texts).values(id="x_purpose", sha256="0" * 64, body="Refunds", written_at=NOW))
    connection.execute(insert(playbook_texts).values(hash="h", id="ninety_day", version=1, text="…"))
    team = {"name": TEAM, "name_key": "support", "lead": "p_lea", "zone": "UTC", "hours": "9-18", "version": 1}
    connection.execute(insert(teams).values(id="t_Support", **team))
    for name in (WORKFLOW, OTHER):
        connection.execute(
            insert(workflows).values(
                id=f"w_{name}",
                name=name,
                purpose="x_purpose",
                team_id="t_Support",
                playbook_hash="h",
                phase="pilot",
                phase_since=NOW,
                start_on=date(2026, 3, 1),
                domain="general",
                paused_days=0,
                started_at=NOW,
                version=1,
            )
        )


def ids(found: Iterable[Signal[Any]]) -> list[str]:
    """The ids of signals."""
    return [each.id for each in found]


def batch_hash(connection: Connection, batch: str) -> str:
    """The hash of a batch as it is kept now; it is not what the chain has if one of its signals was altered."""
    columns = (signals.c[name] for name in (*HASHED, WORDS))
    rows = select(*columns).where(signals.c.batch == batch).order_by(signals.c.seq)
    return hashlib.sha256(b"".join(map(hashed_line, connection.execute(rows).mappings()))).hexdigest()
