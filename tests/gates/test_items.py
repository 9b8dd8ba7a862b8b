"""The checks of what people did: items, roles, evidence of logging, publications, the memo."""

from dataclasses import replace

import pytest

from bot.domain.checks import LogsKept, MemoFiled, Published, RequiredItems, RolesHeld
from bot.domain.gate_evidence import Evidence, RoleHolder
from bot.domain.grants.life import GrantState
from bot.domain.items import ItemState
from bot.domain.memos import Move
from bot.domain.playbook import DoneWhen, PhaseName
from bot.domain.verdicts import CheckResult, Outcome, Trace
from bot.domain.workflows import Role
from tests.domain.samples import proof
from tests.gates.evidence import (
    AT,
    FAIL,
    NO_DATA,
    PASS,
    answer,
    asked,
    book,
    grant,
    logging,
    memo,
    outcomes,
    ready,
)

OPEN, SKIPPED, BLOCKED, TAKEN_OVER = ItemState.OPEN, ItemState.SKIPPED, ItemState.BLOCKED, ItemState.TAKEN_OVER
PILOT, PRODUCTION, SCALING = PhaseName.PILOT, PhaseName.PRODUCTION, PhaseName.SCALING


def without_row(evidence: Evidence, item_id: str) -> Evidence:
    """The same, but nothing is known of one item."""
    kept = tuple(row for row in evidence.checklist.rows if row.key.id != item_id)
    return replace(evidence, checklist=replace(evidence.checklist, rows=kept))


def without_evidence(evidence: Evidence, item_id: str) -> Evidence:
    """The same, but one item is done without showing how."""
    rows = tuple(
        replace(row, record=replace(row.record, evidence=None)) if row.key.id == item_id and row.record else row
        for row in evidence.checklist.rows
    )
    return replace(evidence, checklist=replace(evidence.checklist, rows=rows))


@pytest.mark.parametrize("state", [OPEN, SKIPPED, BLOCKED, TAKEN_OVER])
def test_a_required_item_counts_only_as_done(state: ItemState) -> None:
    found = answer(RequiredItems(), ready(states={"write_spec": state}))
    told = "" if state is OPEN else f" ({state.replace('_', ' ')})"
    title = book().item("write_spec").title
    assert (found.outcome, found.found) == (FAIL, f"22 of 23 done; not done: {title}{told}")


def test_the_answer_names_three_items_counts_the_rest_and_turns_to_whoever_holds_the_first() -> None:
    names = ("choose_workflow", "name_roles", "measure_today", "write_spec", "plan_review")
    found = answer(RequiredItems(), ready(states=dict.fromkeys(names, OPEN)))
    titles = ", ".join(book().item(name).title for name in names[:3])
    assert (found.found, found.needs, found.role) == (
        f"18 of 23 done; not done: {titles} and 2 more",
        "all required items of pilot done",
        "owner",
    )


def test_optional_items_and_those_of_other_phases_are_not_waited_for() -> None:
    states = {"choose_operating_model": OPEN, "keep_run_logs": OPEN}
    assert answer(RequiredItems(), ready(states=states)).outcome is PASS


def test_an_item_of_which_nothing_is_known_is_not_done() -> None:
    assert outcomes(RequiredItems(), [without_row(ready(), "write_spec")]) == [NO_DATA]


def test_one_open_item_outweighs_one_that_nothing_is_known_of() -> None:
    both = without_row(ready(states={"plan_review": OPEN}), "write_spec")
    assert outcomes(RequiredItems(), [both]) == [FAIL]


@pytest.mark.parametrize(
    ("activities", "outcome", "told"),
    [
        ((True,), PASS, "2 of 2 held by 1 person"),
        ((False, True), PASS, "2 of 2 held by 1 person"),
        ((), FAIL, "1 of 2 held by 1 person; eval owner vacant"),
        ((False,), FAIL, "1 of 2 held by 1 person; eval owner deactivated"),
        ((None,), NO_DATA, "1 of 2 held by 1 person; eval owner not known"),
        ((False, None), NO_DATA, "1 of 2 held by 1 person; eval owner not known"),
    ],
)
def test_a_role_is_held_by_somebody_active(activities: tuple[bool | None, ...], outcome: Outcome, told: str) -> None:
    owner = RoleHolder(Role.OWNER, "p_ana", True)
    holders = (owner, *(RoleHolder(Role.EVAL_OWNER, "p_ana", activity) for activity in activities))
    found = answer(asked(RolesHeld, PILOT, "starter"), ready(name="starter", holders=holders))
    assert (found.outcome, found.found) == (outcome, told)


def test_a_role_without_an_owner_is_the_leads_to_fill() -> None:
    check = asked(RolesHeld, PILOT)
    assert [answer(check, ready(holders=holders)).role for holders in ((), ready().holders)] == ["lead", "owner"]


def test_logging_is_shown_by_evidence_on_its_item() -> None:
    check = asked(LogsKept, PRODUCTION)
    assert answer(check, ready(PRODUCTION)) == CheckResult(
        check="logs_kept",
        outcome=PASS,
        found="shown by evidence",
        needs="prompts and tool calls kept ≥ 180 days, with evidence",
        role="steward",
        evidence=(Trace("item", "keep_run_logs"),),
    )


def test_logging_is_not_guessed() -> None:
    check, whole = asked(LogsKept, PRODUCTION), ready(PRODUCTION)
    several = (
        ready(PRODUCTION, states={"keep_run_logs": OPEN}),
        ready(PRODUCTION, states={"keep_run_logs": SKIPPED}),
        without_evidence(whole, "keep_run_logs"),
        without_row(whole, "keep_run_logs"),
        replace(whole, grants=None),
    )
    assert outcomes(check, several) == [FAIL, FAIL, NO_DATA, NO_DATA, NO_DATA]


def test_logging_that_the_product_saw_itself_is_evidence() -> None:
    bare = without_evidence(ready(PRODUCTION), "keep_run_logs")
    rows = tuple(replace(row, proof=proof(DoneWhen.SPEC, AT)) for row in bare.checklist.rows)
    seen = replace(bare, checklist=replace(bare.checklist, rows=rows))
    assert answer(asked(LogsKept, PRODUCTION), seen).outcome is PASS


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (None, PASS),
        (logging(), PASS),
        (logging(retention_days=179), FAIL),
        (logging(retention_days=0), FAIL),
        (logging(store_prompts=False), FAIL),
        (logging(store_tool_calls=False), FAIL),
    ],
)
def test_an_active_grant_that_keeps_less_speaks_against_the_evidence(said: object, outcome: Outcome) -> None:
    evidence = ready(PRODUCTION, grants=(grant("other"), grant("send_macro", logging=said)))
    assert answer(asked(LogsKept, PRODUCTION), evidence).outcome is outcome


def test_the_answer_names_the_grants_that_keep_less() -> None:
    evidence = ready(PRODUCTION, grants=(grant("send_macro", logging=logging(retention_days=30)),))
    found = answer(asked(LogsKept, PRODUCTION), evidence)
    assert (found.found, found.evidence[1:]) == (
        "the grants for send_macro keep less",
        (Trace("grant", "grant_send_macro"),),
    )


def test_a_revoked_grant_says_nothing_of_logs() -> None:
    gone = grant("send_macro", logging=logging(retention_days=30), state=GrantState.REVOKED)
    assert answer(asked(LogsKept, PRODUCTION), ready(PRODUCTION, grants=(gone,))).outcome is PASS


def test_what_the_next_team_needs_is_published_when_its_items_are_done() -> None:
    check = asked(Published, SCALING)
    several = (
        ready(SCALING),
        ready(SCALING, states={"publish_training": OPEN}),
        ready(SCALING, states={"publish_spec": SKIPPED}),
        without_row(ready(SCALING), "publish_spec"),
    )
    assert outcomes(check, several) == [PASS, FAIL, FAIL, NO_DATA]
    assert answer(check, several[1]).role == "steward"


def test_only_a_memo_for_this_very_move_counts() -> None:
    several = (
        ready(memos=(memo(Move.TO_PRODUCTION),)),
        ready(memos=(memo(Move.TO_SCALING), memo(None))),
        ready(memos=()),
        ready(memos=None),
    )
    assert outcomes(MemoFiled(), several) == [PASS, FAIL, FAIL, NO_DATA]


def test_a_superseded_memo_no_longer_argues_for_the_move() -> None:
    old = memo(Move.TO_PRODUCTION, id="memo_0", superseded_by="memo_1")
    assert outcomes(MemoFiled(), [ready(memos=(old,)), ready(memos=(old, memo(Move.TO_PRODUCTION)))]) == [FAIL, PASS]
    assert answer(MemoFiled(), ready(memos=(old, memo(Move.TO_PRODUCTION)))).evidence == (Trace("memo", "memo_1"),)
