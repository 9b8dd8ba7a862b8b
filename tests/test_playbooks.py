"""The shipped playbooks: valid, with the numbers of RULES, written to be read."""

from collections import Counter
from decimal import Decimal
from math import sqrt
from pathlib import Path

import pytest

from bot import playbooks
from bot.domain import checks
from bot.domain.playbook import Autonomy, DoneWhen, PhaseName, Playbook, Rung
from bot.domain.risk import Effect, Tier
from bot.domain.thresholds import DEFAULTS

FOLDER = Path(__file__).parent.parent / "playbooks"
SHIPPED = ("ninety_day", "starter", "ninety_day_high_risk")
GATE_ROLES = ("owner", "steward", "eval_owner", "gatekeeper")


def shipped(name: str) -> Playbook:
    return playbooks.load(playbooks.shipped_text(name), name)


def days(playbook: Playbook) -> list[tuple[str, int, int | None, list[tuple[int, int | None]]]]:
    return [(p.name, p.first_day, p.last_day, [(w.first_day, w.last_day) for w in p.windows]) for p in playbook.phases]


def gate_checks(playbook: Playbook, name: PhaseName) -> tuple[checks.Check, ...]:
    gate = playbook.phase(name).gate
    assert gate is not None
    return gate.checks


def wilson(passed: int, cases: int, sign: int) -> float:
    """One end of the 95 % Wilson interval of `passed` in `cases`."""
    z, share = 1.959964, passed / cases
    spread = sign * z * sqrt(share * (1 - share) / cases + z * z / (4 * cases * cases))
    return (share + z * z / (2 * cases) + spread) / (1 + z * z / cases)


def test_three_playbooks_ship_and_every_file_of_the_folder_is_valid() -> None:
    assert playbooks.shipped() == SHIPPED
    assert playbooks.check(sorted(FOLDER.glob("*.yaml"))) == ()
    assert {name: shipped(name).id for name in SHIPPED} == {name: name for name in SHIPPED}


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_playbook_has_the_phases_and_windows_of_the_rules(name: str) -> None:
    assert days(shipped(name)) == [
        ("pilot", 1, 30, [(1, 15), (16, 30)]),
        ("production", 31, 60, [(31, 60)]),
        ("scaling", 61, 90, [(61, 90)]),
        ("operating", 91, None, [(91, None)]),
    ]
    assert shipped(name).last_day == 90


def test_the_ninety_day_gates_ask_for_what_the_rules_say() -> None:
    playbook = shipped("ninety_day")
    assert gate_checks(playbook, PhaseName.PILOT) == (
        checks.RequiredItems(),
        checks.RolesHeld(GATE_ROLES),
        checks.MetricsFresh(fresh_days=14, min_guardrails=1),
        checks.EvalPassed(min_cases=200, max_age_days=14, min_pass=Decimal("0.95"), lower_bound=None),
        checks.RedLinesFired(1),
        checks.MemoFiled(),
    )
    assert gate_checks(playbook, PhaseName.PRODUCTION) == (
        checks.RequiredItems(),
        checks.LogsKept(min_days=180, item="keep_run_logs"),
        checks.VersionsNamed(days=28),
        checks.ReviewsHeld(
            days=28, min_reviewed=Decimal("0.95"), min_n=50, max_override=Decimal("0.10"), overrides=None
        ),
        checks.IncidentsClosed((1, 2)),
        checks.DeviationsClosed(),
        checks.RollbackRehearsed(),
        checks.RedTeamAccepted(("billing", "auth", "pii")),
        checks.MemoFiled(),
    )
    assert gate_checks(playbook, PhaseName.SCALING) == (
        checks.RequiredItems(),
        checks.GrantsAttested(),
        checks.GuardrailsHeld(days=14),
        checks.TargetMet(),
        checks.Published(("publish_spec", "publish_training")),
        checks.MemoFiled(),
    )
    assert [phase.gate and phase.gate.to for phase in playbook.phases] == ["production", "scaling", "operating", None]


def test_the_starter_gates_ask_for_bounds_instead_of_counts() -> None:
    playbook = shipped("starter")
    pilot, production = (playbook.phase(name).gate for name in (PhaseName.PILOT, PhaseName.PRODUCTION))
    assert pilot is not None
    assert production is not None
    assert pilot.check(checks.RolesHeld) == checks.RolesHeld(("owner", "eval_owner"))
    assert pilot.check(checks.EvalPassed) == playbook.eval_bar
    assert playbook.eval_bar == checks.EvalPassed(
        min_cases=40, max_age_days=14, min_pass=None, lower_bound=Decimal("0.910")
    )
    assert production.check(checks.ReviewsHeld) == checks.ReviewsHeld(
        days=28,
        min_reviewed=Decimal("0.95"),
        min_n=15,
        max_override=None,
        overrides=checks.OverrideBound(upper_bound=Decimal("0.215"), min_n=15),
    )
    assert production.check(checks.EvalPassed) is None


def test_the_starter_bounds_are_what_the_counts_of_the_long_playbook_prove() -> None:
    bar = Decimal("0.910")
    assert round(Decimal(wilson(190, 200, -1)), 3) == bar
    assert [wilson(passed, cases, -1) >= bar for passed, cases in [(40, 40), (59, 60), (121, 126)]] == [True] * 3
    assert [wilson(passed, cases, -1) >= bar for passed, cases in [(38, 38), (57, 59), (120, 126)]] == [False] * 3
    assert round(Decimal(wilson(5, 50, 1)), 3) <= Decimal("0.215")
    assert wilson(0, 15, 1) <= 0.215 < wilson(0, 14, 1)


def test_phases_let_agents_do_more_step_by_step_and_the_starter_only_what_is_low() -> None:
    both = (Effect.INTERNAL, Effect.EXTERNAL)
    assert [phase.autonomy for phase in shipped("ninety_day").phases] == [
        Autonomy(both, ()),
        Autonomy((Effect.EXTERNAL,), (Tier.LOW, Tier.MEDIUM)),
        Autonomy((), (Tier.LOW, Tier.MEDIUM)),
        Autonomy((), (Tier.LOW, Tier.MEDIUM)),
    ]
    assert [phase.autonomy.unattended for phase in shipped("starter").phases] == [
        (),
        (Tier.LOW,),
        (Tier.LOW,),
        (Tier.LOW,),
    ]


def test_the_ninety_days_have_eight_to_twelve_items_a_window_and_about_half_tick_themselves() -> None:
    playbook = shipped("ninety_day")
    counts = [len(window.items) for phase in playbook.phases[:3] for window in phase.windows]
    assert all(8 <= count <= 12 for count in counts)
    ticking = [bool(item.done_when) for phase in playbook.phases[:3] for item in phase.items]
    assert 0.35 <= sum(ticking) / len(ticking) <= 0.65


def test_the_starter_has_fourteen_required_items_until_day_ninety() -> None:
    required = [item for item in shipped("starter") if item.required and item.due_day <= 90]
    assert len(required) == 14
    assert shipped("starter").required_roles == ("owner", "eval_owner")


def test_the_long_playbooks_need_all_four_roles() -> None:
    assert [shipped(name).required_roles for name in ("ninety_day", "ninety_day_high_risk")] == [GATE_ROLES] * 2


def test_after_day_ninety_grants_are_attested_drills_held_and_cases_renewed() -> None:
    recurring = {item.id: item.every_days for item in shipped("ninety_day").items_of(PhaseName.OPERATING)}
    assert recurring == {"attest_grants_monthly": 30, "drill_freeze_quarterly": 90, "renew_regression_set": 90}
    high_risk = {item.id: item.every_days for item in shipped("ninety_day_high_risk").items_of(PhaseName.OPERATING)}
    assert high_risk == recurring | {"repeat_red_team": 180}


def test_high_risk_adds_the_red_team_to_the_ninety_days_and_changes_nothing_else() -> None:
    base, high = shipped("ninety_day"), shipped("ninety_day_high_risk")
    added = [item.id for item in high if item not in set(base)]
    assert added == [
        "name_red_team",
        "list_attacks",
        "brief_red_team",
        "pass_red_team",
        "mend_findings",
        "repeat_red_team",
    ]
    assert [item for item in high if item.id not in added] == list(base)
    assert [item.id for item in high if item.done_when is DoneWhen.RED_TEAM] == ["pass_red_team", "repeat_red_team"]
    always = checks.RedTeamAccepted(("general", "billing", "auth", "pii"))
    differing = set(gate_checks(high, PhaseName.PRODUCTION)) - set(gate_checks(base, PhaseName.PRODUCTION))
    assert differing == {always}


def test_every_kind_of_self_ticking_item_of_the_rules_is_used() -> None:
    used = {item.done_when for name in SHIPPED for item in shipped(name) if item.done_when}
    assert used == set(DoneWhen)
    assert {str(kind) for kind in DoneWhen} == {
        "roles", "metric:success", "metric:guardrail", "doc:spec", "doc:redteam", "memo:kickoff", "memo:move",
        "eval_run", "red_lines", "drill:freeze", "drill:rollback", "grants_attested",
    }  # fmt: skip


@pytest.mark.parametrize("name", SHIPPED)
def test_each_phase_before_the_last_ends_with_its_memo(name: str) -> None:
    last = [phase.items[-1] for phase in shipped(name).phases[:3]]
    assert [(item.done_when, item.due_day, item.required) for item in last] == [
        (DoneWhen.MOVE_MEMO, 30, True),
        (DoneWhen.MOVE_MEMO, 60, True),
        (DoneWhen.MOVE_MEMO, 90, True),
    ]


@pytest.mark.parametrize("name", SHIPPED)
def test_items_stand_in_the_order_in_which_they_are_due(name: str) -> None:
    for phase in shipped(name).phases:
        for window in phase.windows:
            assert [i.due_day for i in window.items] == sorted(i.due_day for i in window.items), window.id


@pytest.mark.parametrize("name", SHIPPED)
def test_items_are_short_plain_and_each_said_once(name: str) -> None:
    items = list(shipped(name))
    assert all(count == 1 for count in Counter(item.title for item in items).values())
    for item in items:
        assert len(item.title) <= 70, item.title
        assert not item.title.endswith("."), item.title
        assert item.why.endswith("."), item.why
        assert item.why.count(". ") == 0, f"more than one sentence: {item.why}"
        assert "!" not in item.title + item.why


def test_the_same_item_means_the_same_in_every_playbook() -> None:
    """`playbook move` keeps done items by their id."""
    long = {item.id: item for item in shipped("ninety_day_high_risk")}
    kinds = {item.id: (item.done_when, long[item.id].done_when) for item in shipped("starter")}
    assert {item_id for item_id, (mine, theirs) in kinds.items() if mine != theirs} == set()


@pytest.mark.parametrize("name", SHIPPED)
def test_thresholds_are_those_of_the_rules(name: str) -> None:
    playbook = shipped(name)
    found = {(t.rule, t.name): t.value for t in playbook.thresholds}
    assert found == {(rule, key): value for rule, numbers in DEFAULTS.items() for key, value in numbers.items()}
    assert playbook.count("item.overdue", "critical_after_days") == 7
    assert playbook.share("review.backlog", "min_share") == Decimal("0.95")
    with pytest.raises(KeyError):
        playbook.count("review.backlog", "min_share")
    with pytest.raises(KeyError):
        playbook.count("review.backlog", "nothing")


def test_the_ladder_says_what_to_expect_of_each_rung() -> None:
    playbook = shipped("ninety_day")
    assert [model.rung for model in playbook.rungs] == list(Rung)
    assert playbook.operating_model(Rung.COPILOT).expected_cycle_time == "10–25 % faster"
    assert playbook.operating_model(Rung.INTERN).expected_cycle_time == "25–50 % faster"
    assert playbook.operating_model(Rung.OPERATOR).expected_cycle_time == "50–80 % faster"
    assert "throughput" in playbook.operating_model(Rung.MESH).expected_cycle_time
