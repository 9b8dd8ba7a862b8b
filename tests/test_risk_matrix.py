"""The shipped risk matrix: five areas, three tiers, and what RULES says of them."""

from decimal import Decimal
from fnmatch import fnmatchcase

import pytest

from bot import playbooks
from bot.domain.risk import Area, Cell, Effect, Limit, Tier, TierRule
from bot.playbooks import PlaybookError

SOURCE = "playbooks/risk_matrix.yaml"


def matrix_text() -> str:
    return (playbooks.shelf.FOLDER / "risk_matrix.yaml").read_text(encoding="utf-8")


def matching(action: str) -> list[tuple[Area, Tier]]:
    cells = playbooks.risk_matrix().cells
    return [(c.area, c.tier) for c in cells if any(fnmatchcase(action, pattern) for pattern in c.patterns)]


def told(*changes: tuple[str, str]) -> list[str]:
    text = matrix_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new, 1)
    with pytest.raises(PlaybookError) as caught:
        playbooks.load_matrix(text, SOURCE)
    return [f"{problem.key}: {problem.message}" for problem in caught.value.problems]


def test_it_has_five_areas_by_three_tiers_each_with_examples_and_names() -> None:
    matrix = playbooks.risk_matrix()
    assert [(cell.area, cell.tier) for cell in matrix.cells] == [(area, tier) for area in Area for tier in Tier]
    assert all(cell.examples and cell.patterns for cell in matrix.cells)
    assert [matrix.title(area) for area in Area] == [
        "Customer communication",
        "Code changes",
        "Data access",
        "Financial actions",
        "Incident response",
    ]


def test_low_may_be_granted_medium_needs_a_bound_and_logging_high_is_for_people() -> None:
    rules = [(t.tier, t.grantable, t.needs_bound, t.needs_logging) for t in playbooks.risk_matrix().tiers]
    assert rules == [
        (Tier.LOW, True, False, False),
        (Tier.MEDIUM, True, True, True),
        (Tier.HIGH, False, True, True),
    ]
    assert isinstance(playbooks.risk_matrix().tier(Tier.HIGH), TierRule)


def test_proposals_and_drafts_are_low_and_without_effect_in_every_area() -> None:
    proposals = playbooks.risk_matrix().proposals
    assert set(proposals.patterns) == {"propose_*", "draft_*", "recommend_*", "summarize_*", "query_*"}
    assert (proposals.tier, proposals.effect) == (Tier.LOW, Effect.NONE)


def test_a_refund_up_to_25_dollars_is_medium_and_reaches_the_customer() -> None:
    cell = playbooks.risk_matrix().cell(Area.FINANCIAL_ACTIONS, Tier.MEDIUM)
    assert matching("issue_refund") == [(Area.FINANCIAL_ACTIONS, Tier.MEDIUM)]
    assert (cell.limits, cell.effect, cell.domain) == (
        (Limit("max_amount_usd", Decimal(25)),),
        Effect.EXTERNAL,
        "billing",
    )


def test_sending_is_medium_with_a_confidence_threshold_and_reaches_the_customer() -> None:
    cell = playbooks.risk_matrix().cell(Area.CUSTOMER_COMMUNICATION, Tier.MEDIUM)
    assert matching("send_macro") == [(Area.CUSTOMER_COMMUNICATION, Tier.MEDIUM)]
    assert (cell.confidence_fact, cell.effect) == ("confidence_score", Effect.EXTERNAL)


def test_money_is_billing_and_raw_data_personal() -> None:
    matrix = playbooks.risk_matrix()
    assert {matrix.cell(Area.FINANCIAL_ACTIONS, tier).domain for tier in Tier} == {"billing"}
    assert [matrix.cell(Area.DATA_ACCESS, tier).domain for tier in Tier] == ["general", "general", "pii"]
    assert matching("query_raw_customers") == [(Area.DATA_ACCESS, Tier.HIGH)]


def test_no_low_cell_reaches_outside_and_every_high_one_does() -> None:
    cells: tuple[Cell, ...] = playbooks.risk_matrix().cells
    assert {cell.effect for cell in cells if cell.tier is Tier.LOW} <= {Effect.NONE, Effect.INTERNAL}
    assert {cell.effect for cell in cells if cell.tier is Tier.HIGH} == {Effect.EXTERNAL}


def test_a_name_belongs_to_one_cell_of_an_area_at_most_or_the_highest_counts() -> None:
    assert matching("send_legal_notice") == [
        (Area.CUSTOMER_COMMUNICATION, Tier.MEDIUM),
        (Area.CUSTOMER_COMMUNICATION, Tier.HIGH),
    ]
    assert matching("make_coffee") == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("      effect: internal", "      effect: inside"), "code_changes.low.effect: 'inside' is not known here"),
        (("max_amount_usd: 25", "amount_usd: 25"), "limits.amount_usd: must be max_ or min_ and the name of a fact."),
        (("max_amount_usd: 25", "max_amount_usd: -1"), "limits.max_amount_usd: must be at least 0."),
        (("actions: [send_*,", "actions: ['*send',"), "actions.0: must be an action's name, with * at the end"),
        (("  code_changes:", "  code_change:"), "code_change: is not known here: did you mean 'code_changes'?"),
        (("    grantable: true", "    grantable: yes"), "tiers.low.grantable: must be true or false"),
        (("    domain: billing", "    domain: biling"), "domain: 'biling' is not known here: did you mean 'billing'?"),
        (("version: 1", "version: &v 1"), "version: has the anchor '&v': anchors are not taken here."),
    ],
)
def test_a_matrix_is_refused_for(change: tuple[str, str], message: str) -> None:
    found = told(change)
    assert [line for line in found if message in line] != [], found
