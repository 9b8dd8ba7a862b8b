"""Actions by the risk matrix: by name and bounds, raised by what a file states and never lowered."""

from dataclasses import replace

import pytest

from bot.domain.grants.classification import Bounds, Classified, Stated, classify, refusal
from bot.domain.grants.terms import Logging
from bot.domain.risk import Area, Effect, Tier
from bot.domain.workflows import Domain
from tests.grants.samples import GROUND, bounds, limit, terms

MATRIX = GROUND.matrix
CONFIDENT = "confidence_score >= 0.95"
NOTHING = Stated()


def found(name: str, held: Bounds | None = None, stated: Stated = NOTHING) -> Classified:
    result = classify(MATRIX, name, held or bounds(), stated)
    assert isinstance(result, Classified), result
    return result


def short(one: Classified) -> tuple[str | None, str, str, str]:
    return (str(one.area) if one.area else None, str(one.tier), str(one.effect), str(one.domain))


MONEY = "financial_actions"
TALK = "customer_communication"


@pytest.mark.parametrize(
    ("name", "held", "expected"),
    [
        ("propose_refund", bounds(limit("max_amount_usd", 100)), (MONEY, "low", "none", "billing")),
        ("issue_refund", bounds(limit("max_amount_usd", 25)), (MONEY, "medium", "external", "billing")),
        ("issue_refund", bounds(limit("max_amount_usd", "25.01")), (MONEY, "high", "external", "billing")),
        ("issue_refund", bounds(limit("max_amount_usd", 26)), (MONEY, "high", "external", "billing")),
        ("issue_refund", bounds(), (MONEY, "high", "external", "billing")),
        ("issue_refund", bounds(limit("min_amount_usd", 1)), (MONEY, "high", "external", "billing")),
        ("send_macro", bounds(when=(CONFIDENT,)), (TALK, "medium", "external", "general")),
        ("send_macro", bounds(when=(f'{CONFIDENT} && a == "b"',)), (TALK, "medium", "external", "general")),
        ("send_macro", bounds(when=("0.95 <= confidence_score",)), (TALK, "medium", "external", "general")),
        ("send_macro", bounds(limit("min_confidence_score", "0.9")), (TALK, "medium", "external", "general")),
        ("send_macro", bounds(), (TALK, "high", "external", "general")),
        ("send_macro", bounds(limit("max_recipients", 1)), (TALK, "high", "external", "general")),
        ("send_macro", bounds(when=("confidence_score <= 0.95",)), (TALK, "high", "external", "general")),
        ("send_macro", bounds(when=("confidence_score >= 0",)), (TALK, "high", "external", "general")),
        ("send_macro", bounds(when=(f"{CONFIDENT} || true == vip",)), (TALK, "high", "external", "general")),
        ("send_legal_notice", bounds(when=(CONFIDENT,)), (TALK, "high", "external", "general")),
        ("draft_reply", bounds(), (TALK, "low", "none", "general")),
        ("draft_board_paper", bounds(), (None, "low", "none", "general")),
        ("summarize_week", bounds(), (None, "low", "none", "general")),
        ("recommend_discount", bounds(), (MONEY, "low", "none", "billing")),
        ("query_analytics", bounds(), ("data_access", "low", "none", "general")),
        ("query_raw_customers", bounds(), ("data_access", "high", "external", "pii")),
        ("open_pull_request", bounds(), ("code_changes", "low", "internal", "general")),
        ("merge_auth_change", bounds(), ("code_changes", "high", "external", "general")),
    ],
)
def test_an_action_is_classified_by_its_name_and_bounds(
    name: str, held: Bounds, expected: tuple[str | None, str, str, str]
) -> None:
    assert short(found(name, held)) == expected


def test_an_action_that_matches_nothing_must_state_area_and_risk() -> None:
    for stated in (NOTHING, Stated(area=Area.CODE_CHANGES), Stated(tier=Tier.LOW), Stated(effect=Effect.NONE)):
        assert classify(MATRIX, "make_coffee", bounds(), stated) == (
            "Nothing in the risk matrix matches make_coffee, so it can't be classified. State its area "
            "(customer_communication, code_changes, data_access, financial_actions, incident_response) and its risk "
            "(low, medium, high) in the file, and ask again."
        )


def test_an_unknown_action_is_what_it_states_and_external_whatever_it_states() -> None:
    stated = Stated(Area.CODE_CHANGES, Tier.LOW, Effect.NONE)
    assert short(found("make_coffee", stated=stated)) == ("code_changes", "low", "external", "general")


def test_money_under_another_name_keeps_the_limits_of_the_matrix() -> None:
    stated = Stated(Area.FINANCIAL_ACTIONS, Tier.MEDIUM)
    assert found("give_voucher", bounds(limit("max_amount_usd", 25)), stated).tier is Tier.MEDIUM
    assert found("give_voucher", bounds(limit("max_amount_usd", 26)), stated).tier is Tier.HIGH


@pytest.mark.parametrize(
    ("name", "stated", "expected"),
    [
        ("propose_refund", Stated(tier=Tier.MEDIUM), (MONEY, "medium", "none", "billing")),
        ("propose_refund", Stated(effect=Effect.INTERNAL), (MONEY, "low", "internal", "billing")),
        ("propose_refund", Stated(area=Area.CODE_CHANGES), (MONEY, "low", "none", "billing")),
        ("draft_reply", Stated(area=Area.FINANCIAL_ACTIONS), (MONEY, "low", "none", "billing")),
        ("draft_board_paper", Stated(area=Area.INCIDENT_RESPONSE), ("incident_response", "low", "none", "general")),
        ("issue_refund", Stated(tier=Tier.LOW), (MONEY, "high", "external", "billing")),
        ("query_raw_customers", Stated(tier=Tier.LOW, effect=Effect.NONE), ("data_access", "high", "external", "pii")),
        ("open_pull_request", Stated(tier=Tier.HIGH), ("code_changes", "high", "internal", "general")),
    ],
)
def test_a_file_may_only_raise_what_is_found(
    name: str, stated: Stated, expected: tuple[str | None, str, str, str]
) -> None:
    assert short(found(name, stated=stated)) == expected


def why_not(name: str, held: Bounds, logging: Logging | None, stated: Stated = NOTHING) -> str | None:
    one = found(name, held, stated)
    asked = terms(action=name, limits=held.limits, conditions=(), logging=logging, tier=one.tier, effect=one.effect)
    return refusal(MATRIX, asked, one, held)


LOGGED = Logging(True, True, 180)


def test_low_risk_may_be_granted_with_nothing_else() -> None:
    assert why_not("open_pull_request", bounds(), None) is None


def test_high_risk_is_for_people_and_the_refusal_says_what_would_make_it_medium() -> None:
    assert why_not("issue_refund", bounds(limit("max_amount_usd", 26)), LOGGED) == (
        "issue_refund is high risk in financial actions. High risk, so people do this themselves. Let the agent draft "
        "or propose it instead. It would be medium with max_amount_usd of 25 or tighter."
    )
    assert why_not("send_macro", bounds(), LOGGED) == (
        "send_macro is high risk in customer communication. High risk, so people do this themselves. Let the agent "
        "draft or propose it instead. It would be medium with a confidence threshold, such as confidence_score >= 0.95."
    )
    assert why_not("delete_bucket", bounds(), LOGGED) == (
        "delete_bucket is high risk in incident response. High risk, so people do this themselves. Let the agent draft "
        "or propose it instead."
    )


def test_medium_risk_needs_a_limit_or_a_confidence_threshold() -> None:
    assert why_not("run_diagnostic", bounds(), LOGGED) == (
        "run_diagnostic is medium risk in incident response. Medium risk. It needs a limit or a confidence threshold, "
        "and logging. Add a limit (max_X or min_X) or a line such as confidence_score >= 0.95."
    )
    assert why_not("run_diagnostic", bounds(when=("is_read_only",)), LOGGED) is not None
    assert why_not("run_diagnostic", bounds(limit("max_hosts", 3)), LOGGED) is None
    assert why_not("run_diagnostic", bounds(when=("diagnosis_confidence >= 0.9",)), LOGGED) is None


@pytest.mark.parametrize(
    "logging", [None, replace(LOGGED, store_prompts=False), replace(LOGGED, store_tool_calls=False)]
)
def test_medium_risk_needs_logging(logging: Logging | None) -> None:
    assert why_not("issue_refund", bounds(limit("max_amount_usd", 25)), logging) == (
        "issue_refund is medium risk in financial actions. Medium risk. It needs a limit or a confidence threshold, "
        "and logging. Add logging with store_prompts: true and store_tool_calls: true."
    )


def test_what_the_whole_domain_becomes_is_told() -> None:
    assert found("issue_refund", bounds(limit("max_amount_usd", 25))).domain is Domain.BILLING
