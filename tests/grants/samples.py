"""Grants, questions and policy files for tests, with a standard for everything left out."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from bot import playbooks
from bot.conditions import compiled
from bot.domain.grants.classification import Bounds
from bot.domain.grants.decisions import Decision, Question, decide
from bot.domain.grants.life import Grant, GrantState
from bot.domain.grants.terms import Condition, GrantTerms, Limit, LimitKind, Logging, PerDay, Sum, terms_hash
from bot.domain.playbook import Autonomy, PhaseName, Playbook
from bot.domain.risk import Area, Effect, Tier
from bot.policies import Ground, PolicyFile, read

APPROVED = datetime(2026, 3, 2, 9, tzinfo=UTC)
NOW = APPROVED + timedelta(days=1)
EXPIRES = APPROVED + timedelta(days=90)
WORKFLOW = "w_1"
GROUND = Ground(playbooks.risk_matrix())
SOURCE = "policy.yaml"

NINETY_DAY: Playbook = playbooks.load(playbooks.shipped_text("ninety_day"), "playbooks/ninety_day.yaml")
STARTER: Playbook = playbooks.load(playbooks.shipped_text("starter"), "playbooks/starter.yaml")
FREE = Autonomy((), (Tier.LOW, Tier.MEDIUM))
"""What scaling lets agents do."""

HEAD = """\
workflow: support_macros
mode: scoped_autonomy
actions:
"""
LOGGING = """\
logging:
  store_prompts: true
  store_tool_calls: true
  retention_days: 180
"""
MACROS = f"""\
{HEAD}  - name: send_macro
    max_recipients: 1
    requires_human_approval: false
    allowed_when:
      - confidence_score >= 0.95
      - ticket_priority == "low"
    per_day: {{uses: 40}}
{LOGGING}"""
"""The example of RULES."""


def limit(name: str, value: str | int) -> Limit:
    """`max_amount_usd` and its bound."""
    return Limit(name[4:], LimitKind(name[:3]), Decimal(value))


def conditions(*sources: str) -> tuple[Condition, ...]:
    """Lines of `allowed_when`."""
    return tuple(Condition(index, source) for index, source in enumerate(sources, start=1))


def per_day(uses: int | None = None, **sums: str | int) -> PerDay:
    """What a day has room for."""
    return PerDay(uses, tuple(Sum(fact, Decimal(amount)) for fact, amount in sums.items()))


def terms(**fields: Any) -> GrantTerms:
    """An unattended refund of at most 25 dollars for a loyal customer, medium and external."""
    standard = GrantTerms(
        action="issue_refund",
        limits=(limit("max_amount_usd", 25),),
        conditions=conditions("confidence_score >= 0.95", 'customer_tier == "gold"'),
        requires_human_approval=False,
        per_day=None,
        effect=Effect.EXTERNAL,
        area=Area.FINANCIAL_ACTIONS,
        tier=Tier.MEDIUM,
        expires_in_days=90,
        logging=Logging(True, True, 180),
    )
    return replace(standard, **fields)


def grant(of: GrantTerms | None = None, **fields: Any) -> Grant:
    """An active grant, approved and attested a day ago."""
    said = of or terms()
    standard = Grant("g_1", WORKFLOW, said, GrantState.ACTIVE, APPROVED, EXPIRES, APPROVED, (), terms_hash(said))
    return replace(standard, **fields)


FACTS: dict[str, object] = {"amount_usd": 20, "confidence_score": Decimal("0.97"), "customer_tier": "gold"}
"""Facts that the standard grant allows."""


def with_facts(**facts: object) -> dict[str, object]:
    """The same with something changed or added."""
    return {**FACTS, **facts}


def question(*grants: Grant, **fields: Any) -> Question:
    """May the refunds agent issue a refund, in a phase that caps nothing?"""
    standard = Question(WORKFLOW, "refunds_agent", "issue_refund", False, FREE, grants)
    return replace(standard, **fields)


def answer(asked: Question, facts: Mapping[str, object] | None = None, at: datetime = NOW) -> Decision:
    """The decision, with the product's own compiler."""
    return decide(asked, FACTS if facts is None else facts, at, compiled)


def codes(asked: Question, facts: Mapping[str, object] | None = None, at: datetime = NOW) -> tuple[str, ...]:
    """The outcome and its codes."""
    found = answer(asked, facts, at)
    return (found.outcome, *found.codes)


def autonomy(phase: PhaseName, playbook: Playbook = NINETY_DAY) -> Autonomy:
    """What a phase lets agents do."""
    return playbook.phase(phase).autonomy


def bounds(*limits: Limit, when: tuple[str, ...] = ()) -> Bounds:
    """What holds an action in."""
    return Bounds(limits, tuple(compiled(source) for source in when))


def policy(text: str) -> PolicyFile:
    """A policy file that is in order."""
    found = read(text, SOURCE, GROUND)
    assert isinstance(found, PolicyFile), "\n".join(map(str, found))
    return found


def told(text: str) -> list[str]:
    """What is wrong with a policy file, as people read it."""
    found = read(text, SOURCE, GROUND)
    assert isinstance(found, tuple), found
    return [str(problem) for problem in found]


def refund(*lines: str) -> str:
    """A file that asks for refunds, with `lines` in the action, the first of them on line 5."""
    return HEAD + "  - name: issue_refund\n" + "".join(f"    {line}\n" for line in lines) + LOGGING
