"""Overrides: a gate passed by decision stays failing in its verdict, and is owed until its checks pass."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.errors import BadInput, Refused
from bot.domain.gates import judge
from bot.domain.overrides import Debt, Override, checks_as_term, debts, override, overrides_in, uncovered
from bot.domain.playbook import PhaseName
from bot.domain.requests import Request, RequestKind, RequestState
from bot.domain.verdicts import Verdict
from tests.domain.samples import ANA, on_day
from tests.gates.evidence import gate, ready, run

TODAY = date(2026, 4, 20)
UNTIL = date(2026, 6, 1)
PILOT = PhaseName.PILOT


def verdict(*, evals: int = 195, memo: bool = True) -> Verdict:
    """The pilot gate's verdict with so many of 200 cases passed, and a memo or none."""
    evidence = replace(ready(), eval_runs=(run(evals),))
    return judge(gate(PILOT), evidence if memo else replace(evidence, memos=()))


def test_an_override_names_every_check_that_fails() -> None:
    assert override(verdict(evals=150, memo=False), "memo_9", UNTIL, TODAY, 180) == Override(
        PhaseName.PRODUCTION, ("eval_passed", "memo_filed"), "memo_9", UNTIL
    )


def test_an_override_lasts_from_tomorrow_to_at_most_180_days_ahead() -> None:
    for days in (1, 180):
        end = TODAY + timedelta(days=days)
        assert override(verdict(memo=False), "memo_9", end, TODAY, 180).until == end
    for days, why in ((0, "ends on a later day than today"), (181, "lasts at most 180 days")):
        with pytest.raises(BadInput, match=why):
            override(verdict(memo=False), "memo_9", TODAY + timedelta(days=days), TODAY, 180)


def test_a_gate_that_is_ready_needs_no_override() -> None:
    with pytest.raises(Refused, match="ready, so nothing needs an override"):
        override(verdict(), "memo_9", UNTIL, TODAY, 180)


def test_an_override_without_a_memo_is_refused() -> None:
    with pytest.raises(BadInput, match="rests on a filed memo"):
        override(verdict(memo=False), "", UNTIL, TODAY, 180)


def test_what_fails_only_at_the_click_is_not_covered() -> None:
    agreed = override(verdict(memo=False), "memo_9", UNTIL, TODAY, 180)
    assert [r.check for r in uncovered(agreed, verdict(evals=150, memo=False))] == ["eval_passed"]
    assert uncovered(agreed, verdict(memo=False)) == uncovered(agreed, verdict()) == ()


def test_an_overridden_check_is_still_reported_as_failing_and_owed_until_it_passes() -> None:
    failing = verdict(memo=False)
    agreed = override(failing, "memo_9", UNTIL, TODAY, 180)
    assert (failing.ready, [r["check"] for r in failing.missing]) == (False, ["memo_filed"])
    assert debts(agreed, failing, TODAY) == (Debt(failing.failing[0], agreed, is_expired=False),)
    assert debts(agreed, verdict(), TODAY) == ()


@pytest.mark.parametrize(
    ("today", "words"),
    [
        (UNTIL, "overridden by memo memo_9, until 1 Jun 2026"),
        (UNTIL + timedelta(days=1), "overridden by memo memo_9, expired on 1 Jun 2026"),
    ],
)
def test_an_override_is_in_force_to_the_end_of_its_last_day(today: date, words: str) -> None:
    agreed = override(verdict(memo=False), "memo_9", UNTIL, TODAY, 180)
    assert [debt.words for debt in debts(agreed, verdict(memo=False), today)] == [words]


def test_an_override_says_nothing_about_another_gate() -> None:
    agreed = override(verdict(memo=False), "memo_9", UNTIL, TODAY, 180)
    other = judge(gate(PhaseName.SCALING), ready(PhaseName.SCALING))
    with pytest.raises(ValueError, match="says nothing about the gate to operating"):
        debts(agreed, other, TODAY)


def test_a_request_says_which_gates_it_passes_over_and_one_that_is_ready_is_none_of_them() -> None:
    failing = verdict(evals=150, memo=False)
    passed = (failing, replace(verdict(), to=PhaseName.SCALING), replace(failing, to=PhaseName.OPERATING))
    checks = ("eval_passed", "memo_filed")
    over = request(RequestKind.TAKE_OVER, to="operating", checks=checks_as_term(passed))
    assert overrides_in(over) == (
        Override(PhaseName.PRODUCTION, checks, "memo_9", UNTIL, "req_1"),
        Override(PhaseName.OPERATING, checks, "memo_9", UNTIL, "req_1"),
    )
    single = request(RequestKind.OVERRIDE, to="production", checks=",".join(checks))
    assert overrides_in(single) == (Override(PhaseName.PRODUCTION, checks, "memo_9", UNTIL, "req_1"),)
    assert overrides_in(request(RequestKind.PROMOTION, to="production")) == ()


def request(kind: RequestKind, **terms: str) -> Request:
    """A request of Ana's that rests on a memo."""
    asked = tuple((terms | {"memo": "memo_9", "until": UNTIL.isoformat()}).items())
    return Request("req_1", kind, "wf_1", "refunds", None, asked, None, ANA, on_day(1), RequestState.WAITING, on_day(8))
