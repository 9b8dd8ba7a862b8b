"""Grants as policy for others: a file that gives them again, Cedar and Rego that allow what we allow."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.grants.terms import GrantTerms, Logging, Mode, PerDay, Sum, digits, terms_hash
from bot.domain.risk import Area, Effect, Tier
from bot.policies import PolicyFile, read
from bot.policies.export import Scope, exported
from tests.grants.export_samples import is_compiled, one
from tests.grants.samples import GROUND, SOURCE, conditions, grant, limit, per_day, policy, terms
from tests.grants.test_properties import LINES


def again(text: str) -> tuple[GrantTerms, ...]:
    """What the documents of an exported file ask for."""
    files = [policy(part) for part in text.split("---\n")]
    return tuple(asked.terms for file in files for asked in file.actions if asked.terms)


NUMBERS = st.one_of(
    st.decimals(-(10**9), 10**9, places=4),
    st.integers(-(10**14), 10**14).map(Decimal),
    st.sampled_from(("0", "-0.0", "1E+20", "-2.5E-20", "0.000000000000001", "999999999999999")).map(Decimal),
)
FACTS = st.sampled_from(("amount_usd", "order_usd", "recipients", "null", "x"))
PLAIN = st.characters(exclude_categories=("C", "Z", "M"), exclude_characters="\"'\\/")
LINE = st.one_of(
    st.sampled_from(LINES),
    st.text(PLAIN, min_size=1, max_size=12).map(lambda text: f'  note == "{text} - : # [{{"  '),
    NUMBERS.map(lambda number: f"amount_usd < {digits(number)}"),
)
SUMS = st.lists(
    st.tuples(FACTS, NUMBERS.filter(lambda number: number > 0)), max_size=2, unique_by=lambda pair: pair[0]
).map(lambda pairs: tuple(Sum(*pair) for pair in pairs))
SHARED = st.tuples(
    st.sampled_from((None, Logging(True, True, 180), Logging(True, False, 1), Logging(True, True, 4_000))),
    st.sampled_from(((Mode.SCOPED_AUTONOMY, ()), (Mode.MESH, ("triage", "42", "true")))),
)
ACTION = st.sampled_from(("issue_refund", "send_macro", "propose_x", "true", "null", "on", "tidy_up", "query_sales"))


@st.composite
def any_terms(draw: st.DrawFn, action: str | None = None) -> GrantTerms:
    """Terms that a file could ask for, whatever the matrix makes of them."""
    bounds = draw(st.lists(st.tuples(FACTS, NUMBERS), max_size=3, unique_by=lambda pair: pair[0]))
    sides = draw(st.lists(st.sampled_from(("max", "min")), min_size=3, max_size=3))
    logging, (mode, members) = draw(SHARED)
    return GrantTerms(
        action=action or draw(ACTION),
        limits=tuple(limit(f"{side}_{fact}", str(bound)) for side, (fact, bound) in zip(sides, bounds, strict=False)),
        conditions=conditions(*draw(st.lists(LINE.filter(is_compiled), max_size=3))),
        requires_human_approval=draw(st.booleans()),
        per_day=draw(st.one_of(st.none(), st.builds(PerDay, st.none() | st.integers(1, 10**6), SUMS))),
        effect=draw(st.sampled_from(Effect)),
        area=draw(st.sampled_from(Area)),
        tier=draw(st.sampled_from(Tier)),
        expires_in_days=draw(st.integers(1, 180)),
        logging=logging,
        mode=mode,
        members=members,
    )


@settings(deadline=None, max_examples=150)
@given(any_terms())
def test_an_exported_file_asks_for_the_same_terms(said: GrantTerms) -> None:
    first = read(exported(one(said), "yaml").text, SOURCE, GROUND)
    if not isinstance(first, PolicyFile):
        # Two lines that take a fact for different things, which no file may have.
        assert all("takes" in problem.message for problem in first), first
        return
    known = first.actions[0].terms
    assert known is not None
    # The matrix may raise what was made up here; what it gave is what a grant has, and stays.
    found = replace(said, area=known.area, tier=known.tier, effect=known.effect)
    assert terms_hash(known) == terms_hash(found)
    assert [terms_hash(each) for each in again(exported(one(known), "yaml").text)] == [terms_hash(known)]


@settings(deadline=None, max_examples=30)
@given(st.data())
def test_grants_that_no_single_file_holds_come_out_as_several(data: st.DataObject) -> None:
    kept = LINES[:6]
    said = [
        replace(data.draw(any_terms(f"propose_{number}")), conditions=conditions(*kept[number : number + 2]))
        for number in range(4)
    ]
    said = [replace(each, limits=(), per_day=None, tier=Tier.HIGH, effect=Effect.EXTERNAL) for each in said]
    scope = Scope("refunds_agent", tuple(grant(each, id=f"g_{each.action}") for each in said))
    found = exported(scope, "yaml")
    assert {terms_hash(each) for each in again(found.text)} == {terms_hash(each) for each in said}
    parts = len({(each.logging, each.mode) for each in said})
    assert found.text.count("---\n") == parts - 1
    assert any(told.startswith(f"These grants need {parts} files") for told in found.unsaid) is (parts > 1)


def test_more_grants_than_a_file_has_room_for_come_out_as_several() -> None:
    many = [grant(terms(action=f"propose_{number}")) for number in range(31)]
    assert exported(Scope("refunds_agent", tuple(many)), "yaml").text.count("---\n") == 1
    long = terms(conditions=conditions(*(f'note != "{number}{"x" * 480}"' for number in range(20))))
    files = exported(Scope("a", tuple(grant(replace(long, action=f"propose_{n}")) for n in range(9))), "yaml").text
    assert len(again(files)) == 9


def test_the_file_reads_as_a_person_would_write_it() -> None:
    said = terms(per_day=per_day(40, amount_usd=100), action="issue_refund")
    assert exported(one(said), "yaml").text == (
        """\
# The active grants of refunds_agent, as `rollout grant request` takes them.
# A grant that is asked for again lasts its expires_in_days from its own approval on.
workflow: refunds_agent
mode: scoped_autonomy
actions:
  - name: issue_refund
    max_amount_usd: 25
    allowed_when:
      - "confidence_score >= 0.95"
      - "customer_tier == \\"gold\\""
    requires_human_approval: false
    per_day: {uses: 40, sum: {amount_usd: 100}}
    effect: external
    area: financial_actions
    risk: medium
    expires_in_days: 90
logging:
  store_prompts: true
  store_tool_calls: true
  retention_days: 180
"""
    )
