"""Grants: from the request to the active grant, a decision logged, and a policy of three conditions beside Cedar.

Cedar is given the same facts through its Python binding, cedarpy: once with its policies and entities parsed before, as
our conditions are compiled before, and once with the policies as text. Its numbers are fixed-point decimals with four
places, and there is no schema.
"""

import time
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

import cedarpy

from bot.actions.decisions import Inquiry, answer, decide
from bot.actions.desk import Asked
from bot.conditions import compiled
from bot.domain.grants.decisions import Outcome, Question
from bot.domain.grants.decisions import decide as evaluate
from bot.domain.grants.factsheet import take_facts
from bot.domain.grants.life import Grant, GrantState
from bot.domain.grants.terms import Condition, GrantTerms, Limit, LimitKind, Logging, terms_hash
from bot.domain.playbook import Autonomy
from bot.domain.risk import Area, Effect, Tier
from store import Database
from store.migrating import upgrade
from tests.bench.figures import judge, median, percentile, show
from tests.bench.program import Ground
from tests.grants_program import GrantsProgram, action, policy

ACTS = 40
DECISIONS = 400
GROUPED = 50
CALLS = 20_000
TURN = 500
AIM_P50_S = 20e-6
AIM_RATIO = 10

T = TypeVar("T")

_AT = datetime(2026, 3, 3, 9, tzinfo=UTC)
_FACTS_JSON = '{"amount_usd": 20.5, "confidence_score": 0.97, "customer_tier": "gold", "chargebacks": 0}'
_CONDITIONS = ("confidence_score >= 0.95", 'customer_tier == "gold"', "chargebacks < 1")
_CEDAR = """
permit(principal == Agent::"refunds", action == Action::"issue_refund", resource == Workflow::"refunds_agent")
when {
  context.amount_usd.lessThanOrEqual(decimal("25.0")) &&
  context.confidence_score.greaterThanOrEqual(decimal("0.95")) &&
  context.customer_tier == "gold" &&
  context.chargebacks < 1
};
"""


def run(ground: Ground) -> None:
    """Prints the three acts, decisions through the store, and an evaluation beside cedarpy's."""
    with closing(Database(ground.url("grants"))) as database:
        upgrade(database)
        program = GrantsProgram(database)
        program.start()
        _acts(program)
        _logged(program)
    _evaluated()


def _acts(program: GrantsProgram) -> None:
    asked_s, approved_s, seen_s = [], [], []
    for number in range(ACTS):
        text = policy(action(f"draft_reply_{number}", max_words=200, requires_human_approval=False))
        request_id, taken_s = _timed(lambda text=text: program.asked(text))  # type: ignore[misc]
        asked_s.append(taken_s)
        _, taken_s = _timed(lambda request_id=request_id: program.approve(request_id))  # type: ignore[misc]
        approved_s.append(taken_s)
        inquiry = Inquiry(program.workflow().id, f"draft_reply_{number}", {"words": 20})
        found, taken_s = _timed(lambda inquiry=inquiry: _ask(program, inquiry))  # type: ignore[misc]
        assert found is Outcome.ALLOW, found
        seen_s.append(taken_s)
    rows = [
        (what, f"{median(taken) * 1000:.1f}", f"{percentile(taken, 0.99) * 1000:.1f}")
        for what, taken in (
            ("a policy file read and asked for", asked_s),
            ("approved by another", approved_s),
            ("the first decision allowed", seen_s),
        )
    ]
    show(
        "grants: from the request to the active grant, on SQLite",
        f"{ACTS} grants of one workflow, each act a transaction of its own",
        ("act", "median ms", "p99 ms"),
        rows,
    )


def _logged(program: GrantsProgram) -> None:
    inquiry = Inquiry(program.workflow().id, "draft_reply_0", {"words": 20})
    alone_s = [_timed(lambda: _ask(program, inquiry))[1] for _ in range(DECISIONS)]
    _, together_s = _timed(
        lambda: [program.do("max", answer, [inquiry] * GROUPED) for _ in range(DECISIONS // GROUPED)]
    )
    show(
        "grants: decisions through the store, on SQLite",
        f"{DECISIONS} decisions by one caller, each logged, counted in its day and in the chain before it is answered",
        ("how", "decisions/s", "median ms", "p99 ms"),
        (
            (
                "a commit each",
                f"{DECISIONS / sum(alone_s):.0f}",
                f"{median(alone_s) * 1000:.2f}",
                f"{percentile(alone_s, 0.99) * 1000:.2f}",
            ),
            (f"{GROUPED} a commit", f"{DECISIONS / together_s:.0f}", "-", "-"),
        ),
    )


def _ask(program: GrantsProgram, inquiry: Inquiry) -> Outcome:
    return decide(program.desk, Asked(program.actor("max")), inquiry).decision.outcome


def _evaluated() -> None:
    facts = take_facts(_FACTS_JSON)
    assert isinstance(facts, Mapping)
    question, request = _question(), _request()
    assert evaluate(question, facts, _AT, compiled).outcome is Outcome.ALLOW
    assert cedarpy.is_authorized(request, _CEDAR, []).decision == cedarpy.Decision.Allow
    assert cedarpy.is_authorized(_request(amount="25.1"), _CEDAR, []).decision == cedarpy.Decision.Deny
    policies, nobody = cedarpy.PolicySet.from_str(_CEDAR), cedarpy.Entities.from_json_str("[]")
    calls: dict[str, Callable[[], object]] = {
        "ours, from facts": lambda: evaluate(question, facts, _AT, compiled),
        "ours, from JSON": lambda: evaluate(question, take_facts(_FACTS_JSON), _AT, compiled),
        "cedarpy, policies parsed before": lambda: cedarpy.is_authorized(request, policies, nobody),
        "cedarpy, policies as text": lambda: cedarpy.is_authorized(request, _CEDAR, []),
    }
    taken_s: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(CALLS // TURN):
        # In turns, so that whatever else the machine does at the time weighs on all of them.
        for name, call in calls.items():
            taken_s[name] += [_timed(call)[1] for _ in range(TURN)]
    show(
        "grants: one decision evaluated, a limit and three conditions",
        f"{CALLS:,} calls each, in turns of {TURN}, in one process",
        ("what", "p50 µs", "p99 µs"),
        [(n, f"{median(s) * 1e6:.1f}", f"{percentile(s, 0.99) * 1e6:.1f}") for n, s in taken_s.items()],
    )
    ours = median(taken_s["ours, from facts"])
    judge("p50 under 20 µs", met=ours < AIM_P50_S, figure=f"{ours * 1e6:.1f} µs")
    for name in ("cedarpy, policies parsed before", "cedarpy, policies as text"):
        ratio = median(taken_s[name]) / ours
        judge(f"ten times faster than {name}", met=ratio >= AIM_RATIO, figure=f"{ratio:.1f} times")


def _question() -> Question:
    terms = GrantTerms(
        action="issue_refund",
        limits=(Limit("amount_usd", LimitKind.MAX, Decimal(25)),),
        conditions=tuple(Condition(index, source) for index, source in enumerate(_CONDITIONS, start=1)),
        requires_human_approval=False,
        per_day=None,
        effect=Effect.EXTERNAL,
        area=Area.FINANCIAL_ACTIONS,
        tier=Tier.MEDIUM,
        expires_in_days=90,
        logging=Logging(store_prompts=True, store_tool_calls=True, retention_days=180),
    )
    approved = _AT - timedelta(days=1)
    expires = approved + timedelta(days=90)
    grant = Grant("g", "w", terms, GrantState.ACTIVE, approved, expires, approved, (), terms_hash(terms))
    return Question("w", "refunds_agent", "issue_refund", False, Autonomy((), (Tier.LOW, Tier.MEDIUM)), (grant,))


def _request(amount: str = "20.5") -> dict[str, Any]:
    def decimal(text: str) -> dict[str, object]:
        return {"__extn": {"fn": "decimal", "arg": text}}

    return {
        "principal": 'Agent::"refunds"',
        "action": 'Action::"issue_refund"',
        "resource": 'Workflow::"refunds_agent"',
        "context": {
            "amount_usd": decimal(amount),
            "confidence_score": decimal("0.97"),
            "customer_tier": "gold",
            "chargebacks": 0,
        },
    }


def _timed(act: Callable[[], T]) -> tuple[T, float]:
    begun_s = time.perf_counter()
    found = act()
    return found, time.perf_counter() - begun_s
