"""What Cedar and Rego make of an exported grant, case by case: nothing is wider there, and nothing is lost unsaid."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.domain.grants.terms import GrantTerms
from bot.policies.export import Scope, exported
from tests.grants.export_samples import ASK, FAR, cedar_allows, is_whole, one, rego_allows
from tests.grants.samples import FACTS, conditions, grant, limit, per_day, terms, with_facts

BOTH = pytest.mark.parametrize("language", ["cedar", "rego"])


@BOTH
def test_facts_missing_beyond_or_of_another_kind_deny(language: str) -> None:
    text = exported(one(terms()), language).text
    wrong: tuple[dict[str, object], ...] = (
        {},
        with_facts(amount_usd=25.01),
        with_facts(amount_usd="20"),
        with_facts(amount_usd=True),
        with_facts(customer_tier="lead"),
        with_facts(customer_tier=["gold"]),
        with_facts(confidence_score=0.9499),
        {name: value for name, value in FACTS.items() if name != "customer_tier"},
    )
    ask = ASK[language]
    assert ask(text, FACTS, with_facts(amount_usd=25), with_facts(amount_usd=25.0)) == [True, True, True]
    assert ask(text, *wrong) == [False] * len(wrong)
    assert ask(text.replace("package rollout.refunds_agent", "package rollout.another"), FACTS, workflow="another") == [
        False
    ]
    assert ask(text, FACTS, action="issue_credit") == [False]


@BOTH
def test_a_missing_fact_denies_though_the_other_half_of_an_or_is_true(language: str) -> None:
    text = exported(one(terms(conditions=conditions("is_vip || amount_usd < 30"))), language).text
    ask = ASK[language]
    assert ask(text, {"amount_usd": 20, "is_vip": False}) == [True]
    assert ask(text, {"amount_usd": 20}, {"amount_usd": 20, "is_vip": "false"}) == [False, False]


@BOTH
def test_unequal_is_not_true_of_another_kind(language: str) -> None:
    text = exported(one(terms(limits=(), conditions=conditions("n != 0", 't != "x"'))), language).text
    answers = ASK[language](text, {"n": 1, "t": "y"}, {"n": "0", "t": "y"}, {"n": 1, "t": 1}, {"n": 0.0, "t": "y"})
    assert answers == [True, False, False, False]


@BOTH
def test_numbers_of_more_digits_than_rollout_takes_are_denied(language: str) -> None:
    text = exported(one(terms(limits=(limit("min_n", "0.95"),), conditions=())), language).text
    assert ASK[language](text, {"n": 0.9501}, {"n": 99999999999.9999}) == [True, True]
    assert ASK[language](text, {"n": 0.9500000000001234}, {"n": 1e15}) == [False, False]


@BOTH
def test_where_a_person_must_approve_nothing_is_allowed_but_asking(language: str) -> None:
    by_terms = one(terms(requires_human_approval=True))
    by_phase = one(terms(), attended=frozenset({"g_1"}))
    for scope in (by_terms, by_phase):
        text = exported(scope, language).text
        assert ASK[language](text, FACTS) == [False]
        if language == "cedar":
            asking = cedar_allows(text, FACTS, with_facts(amount_usd=26), action="ask_a_person:issue_refund")
        else:
            asking = rego_allows(text, FACTS, with_facts(amount_usd=26), rule="needs_approval")
        assert asking == [True, False]
    free = exported(one(terms()), language).text
    assert rego_allows(free, FACTS, rule="needs_approval") == [False] if language == "rego" else True


@BOTH
def test_a_grant_is_over_at_its_end(language: str) -> None:
    ended = datetime(2026, 1, 1, tzinfo=UTC)
    assert ASK[language](exported(Scope("refunds_agent", (grant(expires_at=ended),)), language).text, FACTS) == [False]
    endless = exported(Scope("refunds_agent", (grant(expires_at=None),)), language)
    assert ASK[language](endless.text, FACTS) == [False]
    assert any("no end" in told for told in endless.unsaid)
    if language == "cedar":
        text = exported(one(terms()), "cedar").text
        assert cedar_allows(text, FACTS, at=FAR - timedelta(seconds=1)) == [True]
        assert cedar_allows(text, FACTS, at=FAR) == [False]


def test_in_cedar_what_a_day_has_room_for_is_what_the_caller_counted() -> None:
    found = exported(one(terms(per_day=per_day(40, amount_usd=100))), "cedar")

    def asked(uses: object, total: str) -> list[bool]:
        day = {"uses": uses, "total": {"amount_usd": {"__extn": {"fn": "decimal", "arg": total}}}}
        return cedar_allows(found.text, FACTS, day=day)

    assert (asked(39, "100.0"), asked(40, "20.0"), asked(0, "100.0001")) == ([True], [False], [False])
    assert cedar_allows(found.text, FACTS) == [False]
    assert any("not counted here (issue_refund)" in told for told in found.unsaid)


def test_in_rego_what_a_day_has_room_for_is_what_the_caller_counted() -> None:
    found = exported(one(terms(per_day=per_day(40, amount_usd=100))), "rego")

    def asked(uses: object, total: object) -> list[bool]:
        return rego_allows(found.text, FACTS, day={"uses": uses, "total": {"amount_usd": total}})

    assert (asked(39, 100), asked(40, 20), asked(0, 100.0001)) == ([True], [False], [False])
    assert (asked("0", 20), asked(0, "20"), rego_allows(found.text, FACTS)) == ([False], [False], [False])
    assert any("not counted here (issue_refund)" in told for told in found.unsaid)


@pytest.mark.parametrize(
    ("said", "cedar", "rego"),
    [
        (terms(conditions=conditions("amount_usd <= order_usd * 0.5")), "calculates with decimals", "calculates"),
        (terms(conditions=conditions("confidence_score >= 0.95001")), "more than 4 decimals", None),
        (terms(limits=(limit("max_amount_usd", "25.00001"),)), "max_amount_usd has the number", None),
        (terms(conditions=conditions("amount_usd <= 1e20")), "too large", "too large"),
        (terms(per_day=per_day(amount_usd="1E+20")), "the sum of amount_usd a day", "the sum of amount_usd a day"),
        (terms(conditions=conditions('tags.all(t, t == "eu")')), "reads tags as a list of texts", None),
        (terms(conditions=conditions('"eu" in tags')), "reads tags as a list of texts", None),
        (terms(conditions=conditions("[1, 2].exists(x, x == n)")), "goes through a list with exists", None),
        (terms(conditions=conditions('size(note) < 9 && note != "x"')), "asks for a size", None),
        (terms(conditions=conditions('note < "m"')), "puts texts in an order", None),
        (terms(conditions=conditions("note.contains(part)")), "not written out", None),
        (terms(conditions=conditions("f in [n > 1, g]")), None, "looks for the answer"),
    ],
)
def test_what_a_language_cant_say_is_left_out_and_named(said: GrantTerms, cedar: str | None, rego: str | None) -> None:
    for language, why in (("cedar", cedar), ("rego", rego)):
        found = exported(one(said), language)
        named = [told for told in found.unsaid if told.startswith("issue_refund (g_1) is left out, so it is denied: ")]
        assert len(named) == (why is not None), (language, found.unsaid)
        assert all(why is not None and why in told and told in found.text for told in named), named
        assert ("permit (" in found.text or "allow if {" in found.text) is (why is None)


def test_a_grant_beside_one_that_is_left_out_still_stands() -> None:
    doubtful = grant(terms(action="a", conditions=conditions("(n > 1 || m > 1) && n + m > 1")), id="g_2")
    scope = Scope("refunds_agent", (doubtful, *one(terms(conditions=conditions("f || n > 1"))).grants))
    facts = with_facts(f=True, n=0)
    for language, ask in ASK.items():
        found = exported(scope, language)
        assert not is_whole(found)
        assert ask(found.text, facts) == [True]
        assert ask(found.text, with_facts(n=9, m=9), action="a") == [False]


@BOTH
def test_while_the_workflow_is_frozen_nothing_is_allowed(language: str) -> None:
    found = exported(one(terms(), is_frozen=True), language)
    assert ASK[language](found.text, FACTS) == [False]
    assert any("is frozen" in told for told in found.unsaid)


@BOTH
def test_a_grant_that_stands_still_is_left_out(language: str) -> None:
    found = exported(one(terms(), still=frozenset({"g_1"})), language)
    assert ASK[language](found.text, FACTS) == [False]
    assert not is_whole(found)


@BOTH
@pytest.mark.parametrize("workflow", ["refunds-agent", "default", "7", "package"])
def test_any_workflow_has_a_policy_that_the_engine_reads(language: str, workflow: str) -> None:
    text = exported(Scope(workflow, one(terms()).grants), language).text
    assert ASK[language](text, FACTS, workflow=workflow) == [True]


@BOTH
def test_names_that_mean_something_to_the_language_are_facts_all_the_same(language: str) -> None:
    names = ("like", "has", "then", "default", "some", "every", "with", "contains", "input", "context", "entry")
    said = terms(limits=(limit("max_if", 3),), conditions=conditions(*(f'{name} == "x"' for name in names)))
    text = exported(one(said), language).text
    facts: dict[str, object] = {"if": 3, **dict.fromkeys(names, "x")}
    assert ASK[language](text, facts, {**facts, "default": "y"}, {**facts, "if": 4}) == [True, False, False]


@BOTH
def test_a_step_down_into_a_fact_is_one(language: str) -> None:
    text = exported(one(terms(limits=(), conditions=conditions('customer.tier == "gold"'))), language).text
    facts: tuple[dict[str, object], ...] = (
        {"customer": {"tier": "gold"}},
        {"customer": {"tier": "lead"}},
        {"customer": "gold"},
        {"customer.tier": "gold"},
    )
    assert ASK[language](text, *facts) == [True, False, False, False]


@BOTH
def test_everything_unsaid_stands_at_the_top(language: str) -> None:
    found = exported(one(terms(members=("triage",), per_day=per_day(1))), language)
    top = found.text.split("package" if language == "rego" else "@id", maxsplit=1)[0]
    assert len(found.unsaid) == 6
    assert all(f"- {told}" in top for told in found.unsaid)
