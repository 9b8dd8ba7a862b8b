"""Real engines: on any facts Cedar and Rego allow what we allow, wherever they hold the grant."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.grants.decisions import Outcome, Question
from bot.domain.grants.terms import GrantTerms, Limit
from bot.domain.playbook import Autonomy
from bot.domain.risk import Tier
from bot.policies.export import exported
from tests.grants.export_samples import ASK, FAR, NOW, is_compiled, is_whole, one
from tests.grants.samples import answer, conditions, grant, limit, terms
from tests.grants.test_oracle import TEMPLATES

VALUES: st.SearchStrategy[object] = st.one_of(
    st.decimals(-100, 100, places=4),
    st.sampled_from((25, 0.95, Decimal("0.9500"), 1, 1.0, 0, -3, 2, Decimal("2.5"))),
    st.sampled_from(("gold", "a", "ab", "", "é*\\\"'\n", "1", "true")),
    st.booleans(),
)
LISTS: st.SearchStrategy[object] = st.one_of(
    st.lists(st.sampled_from(("a", "b", "ab", "")), max_size=3),
    st.lists(st.sampled_from((1, 2.5, 2, -3, Decimal("1.0"))), max_size=3),
    st.lists(st.one_of(st.integers(-3, 3), st.sampled_from(("a", True))), max_size=3),
)
KNOWN: Mapping[str, st.SearchStrategy[object]] = {
    **dict.fromkeys(("n", "m"), st.sampled_from((1, 2, -3, 2.5, 1.0, Decimal("2.50"), 3, 0))),
    **dict.fromkeys(("t", "u"), st.sampled_from(("a", "ab", "", "é*\\\"'\n", "b", "a*"))),
    **dict.fromkeys(("f", "g"), st.booleans()),
    "ns": st.lists(st.sampled_from((1, 2.5, 2, -3, Decimal("1.0"))), max_size=3),
    "ts": st.lists(st.sampled_from(("a", "b", "ab", "")), max_size=3),
}
RARE = st.integers(0, 24).map(lambda roll: roll == 0)


@st.composite
def facts(draw: st.DrawFn) -> dict[str, object]:
    """Facts that are mostly as they should be; now and then one is missing, or of another kind."""
    found: dict[str, object] = {"unread": "x"}
    for name, usual in KNOWN.items():
        if draw(RARE):
            continue
        found[name] = draw(st.one_of(VALUES, LISTS)) if draw(RARE) else draw(usual)
    return found


MORE_TEMPLATES = (
    *TEMPLATES, 't.contains("*")', 't.endsWith("\\\\")', '{t} == "é*\\\\\\"\'\\n"', "({b} ? {n} : {n}) in [{n}, 2.5]",
    "({b} ? t : u) in ts", "({b} ? ts : ts).exists(x, x == {t})", "f == ts.all(x, x == (x == {t} ? u : t))",
    "ts.all(x, x == {t} || !(x != u && f))", "ts.exists(x, f ? x == {t} : x != {t})", "ns.exists_one(x, x > 0 || f)",
    "!(ns.all(x, x {o} {n}))", "{b} != {b}", "f in [g, true]", "n {o} 2.5", "({b}) || n <= 2.5000", "{n} > n || f",
)  # fmt: skip


IN_BOTH = tuple(line for line in MORE_TEMPLATES if not any(word in line for word in ("ns", "ts", "size")))
LEAVES = {
    "n": ("n", "m", "1", "2.5", "-3", "n", "size(u)"),
    "t": ("t", "u", '"a"', '"ab"', '""', '"é*"'),
    "b": ("f", "g", "n > 1", 't == "a"', "true", "f != g", "m <= 2.5000"),
    "o": ("<", "<=", ">", ">=", "==", "!="),
}


@st.composite
def sources(draw: st.DrawFn) -> str:
    """A line of the language, half of them with no list in it; either engine has some that it can't hold."""
    templates = st.sampled_from(draw(st.sampled_from((MORE_TEMPLATES, IN_BOTH))))
    text = draw(templates)
    for _ in range(2):
        if "{b}" in text and draw(st.booleans()):
            text = text.replace("{b}", f"({draw(templates)})", 1)
    for kind, leaves in LEAVES.items():
        while f"{{{kind}}}" in text:
            text = text.replace(f"{{{kind}}}", draw(st.sampled_from(leaves)), 1)
    return text


LIMITS = st.lists(
    st.tuples(
        st.sampled_from(("max_n", "min_n", "max_m", "min_m")), st.sampled_from(("2.5", "1", "-3", "2.0001", "0.00001"))
    ),
    max_size=1,
    unique_by=lambda pair: pair[0],
).map(lambda pairs: tuple(limit(*pair) for pair in pairs))


def we_allow(said: GrantTerms, given: Mapping[str, object]) -> bool:
    """Our answer, where neither phase nor approval nor the day stands in the way."""
    free = replace(said, requires_human_approval=False, per_day=None)
    held = grant(free, expires_at=FAR, attested_at=NOW)
    asked = Question(held.workflow_id, "refunds_agent", said.action, False, Autonomy((), tuple(Tier)), (held,))
    return answer(asked, given, NOW).outcome is Outcome.ALLOW


ANSWERS: dict[str, list[bool]] = {}


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(sources().filter(is_compiled), min_size=1, max_size=2), LIMITS, st.lists(facts(), min_size=4, max_size=4)
)
def _agree(lines: list[str], limits: tuple[Limit, ...], samples: list[dict[str, object]]) -> None:
    said = terms(conditions=conditions(*lines), limits=limits)
    ours = [we_allow(said, each) for each in samples]
    for language, ask in ASK.items():
        found = exported(one(said), language)
        theirs = ask(found.text, *samples)
        assert theirs == (ours if is_whole(found) else [False] * len(samples)), (language, lines, found.text)
        ANSWERS.setdefault(language, []).extend(theirs if is_whole(found) else ())


def test_cedar_and_rego_allow_what_we_allow() -> None:
    ANSWERS.clear()
    _agree()
    for language, answers in ANSWERS.items():
        assert 20 < sum(answers) < len(answers) - 20, (language, len(answers), sum(answers))
