"""What holds of any decision, whatever grants, facts and instants come together."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.grants.decisions import DayCount, Outcome, Question
from bot.domain.grants.life import Grant, GrantState, Suspension, SuspensionCause
from bot.domain.grants.terms import Condition, GrantTerms, Limit, LimitKind, is_narrowing, terms_hash
from bot.domain.playbook import Autonomy, PhaseName
from bot.domain.risk import Effect, Tier
from tests.grants.samples import (
    APPROVED,
    EXPIRES,
    FREE,
    WORKFLOW,
    answer,
    autonomy,
    codes,
    conditions,
    limit,
    per_day,
    terms,
)

EXAMPLES = settings(deadline=None, max_examples=150)


def mostly(usual: object, others: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """`usual` five times out of six, so that more than denials come out."""
    return st.integers(0, 5).flatmap(lambda roll: others if roll == 5 else st.just(usual))


LINES = (
    "confidence_score >= 0.95",
    "confidence_score < 1",
    'customer_tier == "gold"',
    'customer_tier in ["gold", "silver"]',
    "amount_usd <= order_usd * 0.5",
    "is_vip",
    "!is_vip || amount_usd < 10",
    'tags.exists(t, t == "eu")',
    "size(tags) < 3",
)
AMOUNTS = st.decimals(-10, 60, places=2)
CONDITIONS = st.lists(st.sampled_from(LINES), max_size=3, unique=True).map(lambda lines: conditions(*lines))
LIMITS = st.lists(
    st.tuples(st.sampled_from(("max_amount_usd", "min_amount_usd", "max_order_usd")), AMOUNTS),
    max_size=3,
    unique_by=lambda pair: pair[0],
).map(lambda pairs: tuple(limit(name, str(bound)) for name, bound in pairs))
TERMS = st.builds(
    terms,
    action=mostly("issue_refund", st.just("issue_credit")),
    limits=LIMITS,
    conditions=CONDITIONS,
    requires_human_approval=st.booleans(),
    per_day=st.sampled_from((None, per_day(2), per_day(amount_usd=50), per_day(0, amount_usd=10))),
    effect=st.sampled_from(Effect),
    tier=st.sampled_from(Tier),
)
DAYS = st.one_of(st.integers(0, 20), st.integers(-3, 100)).map(lambda days: timedelta(days=days))


@st.composite
def grants(draw: st.DrawFn, number: int) -> Grant:
    """A grant in any state, of any age."""
    said = draw(TERMS)
    causes = draw(st.lists(st.sampled_from(SuspensionCause), max_size=2))
    return Grant(
        id=f"g_{number}",
        workflow_id=draw(mostly(WORKFLOW, st.just("w_2"))),
        terms=said,
        state=draw(mostly(GrantState.ACTIVE, st.sampled_from(GrantState))),
        approved_at=draw(mostly(APPROVED, st.none())),
        expires_at=draw(mostly(EXPIRES, st.one_of(st.none(), DAYS.map(lambda days: APPROVED + days)))),
        attested_at=draw(mostly(APPROVED, st.one_of(st.none(), DAYS.map(lambda days: APPROVED + days)))),
        suspensions=tuple(Suspension(cause, APPROVED) for cause in causes),
        hash=terms_hash(said),
    )


GOOD_FACTS = st.fixed_dictionaries(
    {
        "amount_usd": AMOUNTS,
        "order_usd": AMOUNTS,
        "confidence_score": st.sampled_from((0.94, 0.95, 0.97, 1, 1.0)),
        "customer_tier": st.sampled_from(("gold", "silver", "lead")),
        "is_vip": st.booleans(),
        "tags": st.lists(st.sampled_from(("eu", "us")), max_size=4),
    }
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.decimals()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=3)),
    max_leaves=8,
)
ANY_FACTS = st.one_of(
    GOOD_FACTS,
    GOOD_FACTS,
    GOOD_FACTS,
    st.dictionaries(
        st.sampled_from(("amount_usd", "order_usd", "confidence_score", "customer_tier", "is_vip", "tags", "other")),
        JSON,
    ),
    st.tuples(GOOD_FACTS, st.dictionaries(st.sampled_from(("amount_usd", "tags", "is_vip")), JSON)).map(
        lambda both: {**both[0], **both[1]}
    ),
)
AUTONOMIES = st.sampled_from((*(autonomy(phase) for phase in PhaseName), FREE, Autonomy((), ())))


@st.composite
def questions(draw: st.DrawFn) -> Question:
    """Anything that may be asked."""
    return Question(
        workflow_id=WORKFLOW,
        workflow="refunds_agent",
        action="issue_refund",
        is_frozen=draw(mostly(False, st.just(True))),
        autonomy=draw(AUTONOMIES),
        grants=tuple(draw(grants(number)) for number in range(draw(mostly(1, st.integers(0, 3))))),
        counted=DayCount(draw(st.integers(0, 3))),
        evals_fresh_until=draw(mostly(None, DAYS.map(lambda days: APPROVED + days))),
    )


@EXAMPLES
@given(questions(), ANY_FACTS, DAYS)
def test_nothing_is_allowed_without_one_grant_in_force(
    asked: Question, facts: dict[str, object], age: timedelta
) -> None:
    at = APPROVED + age
    found = answer(asked, facts, at)
    assert len(found.codes) == len(found.reasons) or found.outcome is Outcome.ALLOW
    if found.outcome is Outcome.DENY:
        assert found.codes
        return
    own = [g for g in asked.grants if (g.workflow_id, g.terms.action) == (asked.workflow_id, asked.action)]
    living = [g for g in own if g.state in (GrantState.ACTIVE, GrantState.SUSPENDED)]
    assert [g.id for g in living] == [found.grant_id]
    held = living[0]
    assert held.state is GrantState.ACTIVE
    assert held.expires_at is not None
    assert at < held.expires_at
    assert not asked.is_frozen
    if found.outcome is Outcome.ALLOW:
        assert not held.terms.requires_human_approval
        assert held.terms.effect not in asked.autonomy.attended or held.terms.effect is Effect.NONE
        assert held.terms.effect is Effect.NONE or held.terms.tier in asked.autonomy.unattended


ORDER = (Outcome.DENY, Outcome.NEEDS_APPROVAL, Outcome.ALLOW)


def freedom(said: GrantTerms, facts: dict[str, object]) -> int:
    """How far these terms let an agent go, in a phase that caps nothing."""
    held = Grant(
        "g", WORKFLOW, said, GrantState.ACTIVE, APPROVED, APPROVED + timedelta(days=9), APPROVED, (), terms_hash(said)
    )
    asked = Question(WORKFLOW, "refunds_agent", said.action, False, Autonomy((), tuple(Tier)), (held,))
    return ORDER.index(answer(asked, facts, APPROVED).outcome)


@st.composite
def narrowings(draw: st.DrawFn, old: GrantTerms) -> GrantTerms:
    """`old` with something taken away."""
    limits = tuple(
        Limit(
            each.fact,
            each.kind,
            each.value - draw(st.decimals(0, 9, places=2)) * (1 if each.kind is LimitKind.MAX else -1),
        )
        for each in old.limits
    )
    more = [line for line in draw(st.lists(st.sampled_from(LINES), max_size=2, unique=True))]
    lines = [*(condition.source for condition in old.conditions), *more]
    return replace(
        old,
        limits=limits,
        conditions=tuple(Condition(index, line) for index, line in enumerate(lines, start=1)),
        requires_human_approval=old.requires_human_approval or draw(st.booleans()),
    )


@EXAMPLES
@given(st.data(), TERMS.filter(lambda said: said.is_bounded or said.effect is Effect.NONE), GOOD_FACTS)
def test_a_narrowing_never_lets_an_agent_go_further(
    data: st.DataObject, old: GrantTerms, facts: dict[str, object]
) -> None:
    new = data.draw(narrowings(old))
    assert freedom(new, facts) <= freedom(old, facts)
    assert not is_narrowing(new, old)


@EXAMPLES
@given(TERMS, TERMS, GOOD_FACTS)
def test_whatever_counts_as_a_narrowing_lets_an_agent_go_no_further(
    old: GrantTerms, new: GrantTerms, facts: dict[str, object]
) -> None:
    same = replace(new, action=old.action, per_day=old.per_day, effect=old.effect, tier=old.tier)
    if is_narrowing(old, same) and (old.is_bounded or old.effect is Effect.NONE):
        assert freedom(same, facts) <= freedom(old, facts)


@EXAMPLES
@given(TERMS, ANY_FACTS, st.sampled_from(PhaseName))
def test_a_lower_phase_never_lets_an_agent_go_further_than_the_last(
    said: GrantTerms, facts: dict[str, object], phase: PhaseName
) -> None:
    bounded = replace(said, conditions=said.conditions or conditions(LINES[0]))
    held = Grant(
        "g", WORKFLOW, bounded, GrantState.ACTIVE, APPROVED, APPROVED + timedelta(days=9), APPROVED, (), "hash"
    )
    asked = Question(WORKFLOW, "refunds_agent", said.action, False, autonomy(phase), (held,))
    last = replace(asked, autonomy=autonomy(PhaseName.OPERATING))
    assert ORDER.index(answer(asked, facts, APPROVED).outcome) <= ORDER.index(answer(last, facts, APPROVED).outcome)


def test_the_properties_meet_all_three_answers() -> None:
    held = Grant(
        "g", WORKFLOW, terms(), GrantState.ACTIVE, APPROVED, APPROVED + timedelta(days=9), APPROVED, (), "hash"
    )
    asked = Question(WORKFLOW, "refunds_agent", "issue_refund", False, FREE, (held,))
    facts: dict[str, object] = {"amount_usd": Decimal(5), "confidence_score": 1, "customer_tier": "gold"}
    answers = [
        codes(asked, facts, APPROVED),
        codes(replace(asked, autonomy=autonomy(PhaseName.PILOT)), facts, APPROVED),
        codes(asked, {**facts, "amount_usd": 26}, APPROVED),
    ]
    assert answers == [("allow",), ("needs_approval", "phase.cap"), ("deny", "limit.exceeded:max_amount_usd")]
