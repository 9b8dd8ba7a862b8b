"""Take-overs: a workflow that is under way already is started in the phase where it is, by a memo and an approval."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot import playbooks
from bot.actions import gates, memos, takeovers
from bot.actions.memos import About
from bot.actions.takeovers import Wish
from bot.actions.workflows import Beginning
from bot.domain.errors import BadInput, Conflict, GateShut, NotAllowed, NotFound
from bot.domain.items import ItemState
from bot.domain.memos import Category, Entry
from bot.domain.overrides import Override
from bot.domain.people import Actor
from bot.domain.playbook import PhaseName
from bot.domain.requests import RequestKind, RequestState
from bot.domain.workflows import Role, Workflow
from tests.cast import SCHEDULER, agent
from tests.playbook_texts import SMALL
from tests.program import Program

PILOT, PRODUCTION, SCALING = PhaseName.PILOT, PhaseName.PRODUCTION, PhaseName.SCALING
TAKEN = ItemState.TAKEN_OVER


@pytest.fixture
def support(program: Program, monkeypatch: pytest.MonkeyPatch) -> Program:
    """A program whose team Support has no workflow yet, and where every playbook is a small one."""
    monkeypatch.setattr(playbooks, "shipped_text", lambda _: SMALL)
    program.team()
    return program


def file(program: Program, about: Workflow | None = None, decision: str = "It has run since May.") -> str:
    """The id of a memo that ana files."""
    entry = Entry(title="Take it over", decision=decision, category=Category.OTHER, is_reversible=True)
    return program.do("ana", memos.file, entry, About(workflow=about)).memo_id


def take_over(
    program: Program, to: PhaseName = PRODUCTION, by: str | Actor = "ana", day: int = 40, **given: Any
) -> str:
    """The id of the request to take refunds_agent over on its `day`."""
    today = program.at.date()
    beginning = Beginning(
        program.name,
        "Drafts refunds.",
        playbook="small",
        team=program.ask(lambda view: view.team_named("Support")),
        start_on=today - timedelta(days=day - 1),
        roles={Role.OWNER: program.person("ana"), **given.get("roles", {})},
    )
    wish = Wish(to, given.get("memo") or file(program), today + timedelta(days=given.get("days", 30)))
    return program.do(by, takeovers.start, beginning, wish)[1].request_id


def states(program: Program) -> dict[str, ItemState]:
    return {str(row.key): row.state for row in program.checklist().rows}


def test_it_stands_in_pilot_until_someone_else_approved_and_then_in_the_phase_that_was_named(support: Program) -> None:
    memo_id = file(support)
    request_id = take_over(support, memo=memo_id)
    waiting = support.request(request_id)
    assert (waiting.kind, waiting.term("to"), waiting.term("memo"), waiting.term("until")) == (
        RequestKind.TAKE_OVER,
        "production",
        memo_id,
        "2026-04-01",
    )
    assert (support.workflow().phase, support.status().day) == (PILOT, 40)
    with pytest.raises(NotAllowed, match="you asked for it"):
        support.approve(request_id, "ana")
    for machine in (agent(), SCHEDULER):
        with pytest.raises(NotAllowed, match="This asks for a person"):
            support.approve(request_id, machine)  # type: ignore[arg-type]
    support.later(hours=2)
    support.approve(request_id)
    of = support.workflow()
    assert (of.phase, of.phase_since, support.status().day) == (PRODUCTION, support.at, 40)
    assert states(support) == {
        "alpha": TAKEN,
        "beta": TAKEN,
        "gamma": TAKEN,
        "delta": ItemState.OPEN,
        "epsilon": ItemState.OPEN,
        "zeta": ItemState.OPEN,
    }
    assert support.facts()[-6:] == (
        "request_approved",
        "gate_judged",
        "phase_changed",
        *("item_taken_over",) * 3,
    )
    moved = next(record for record in support.chain() if record["fact"] == "phase_changed")["details"]
    assert (moved["left"], moved["entered"], moved["because"]) == ("pilot", "production", f"take_over {request_id}")
    assert support.verify().ok


def test_nothing_before_is_late_and_what_was_due_in_the_phase_is_due_at_its_end(support: Program) -> None:
    request_id = take_over(support, day=50)
    assert support.status().blocking > 1
    support.approve(request_id)
    status = support.status()
    assert (status.checklist.late, status.blocking) == ((), 0)
    assert support.row("delta").due_on == support.workflow().date_of(60)
    support.later(days=11)
    assert [row.item.id for row in support.checklist().late] == ["delta"]


def test_each_earlier_gate_shows_as_overridden_until_the_day_that_was_given(support: Program) -> None:
    memo_id = file(support)
    request_id = take_over(support, SCALING, day=70, memo=memo_id)
    support.approve(request_id)
    until = date(2026, 4, 1)
    shown = support.ask(lambda view: gates.overrides_of(view, support.workflow()))
    pilot_checks = ("required_items", "roles_held", "eval_passed", "memo_filed")
    assert shown == (
        Override(PRODUCTION, pilot_checks, memo_id, until, request_id),
        Override(SCALING, ("required_items", "logs_kept"), memo_id, until, request_id),
    )
    assert states(support)["delta"] is TAKEN
    assert support.facts().count("gate_judged") == 4
    support.do("lea", gates.demote, support.workflow(), "Too early.")
    assert [each.to for each in support.ask(lambda view: gates.overrides_of(view, support.workflow()))] == [PRODUCTION]


def test_declined_withdrawn_or_lapsed_it_stays_in_pilot(support: Program) -> None:
    def let_lapse(_: str) -> None:
        support.later(days=8)
        support.lapse()

    for settle, state in (
        (support.decline, RequestState.DECLINED),
        (support.withdraw, RequestState.WITHDRAWN),
        (let_lapse, RequestState.LAPSED),
    ):
        support.name = f"agent_{state}"
        request_id = take_over(support)
        settle(request_id)
        assert (support.request(request_id).state, support.workflow().phase) == (state, PILOT)
        assert TAKEN not in states(support).values()


def test_what_was_ticked_by_hand_meanwhile_stays_done(support: Program) -> None:
    request_id = take_over(support)
    for role in (Role.STEWARD, Role.EVAL_OWNER, Role.GATEKEEPER):
        support.give(role, "stu")
    support.assign("gamma", "max")
    support.check("beta", "lea", evidence="https://docs.example.com/beta")
    support.approve(request_id)
    assert [states(support)[item] for item in ("alpha", "beta", "gamma")] == [TAKEN, ItemState.DONE, TAKEN]
    assert support.row("gamma").holders == (support.ask(lambda view: view.person_by_handle("UMAX")),)


def test_what_fails_beside_what_was_asked_for_keeps_it_in_pilot(support: Program) -> None:
    request_id = take_over(support, roles={Role.STEWARD: support.person("stu")})
    support.vacate(Role.STEWARD, "stu")
    with pytest.raises(GateShut, match="roles_held: 1 of 2 held by 1 person; agent steward vacant"):
        support.approve(request_id)
    assert (support.workflow().phase, support.facts()[-1]) == (PILOT, "denied")
    support.give(Role.STEWARD, "max")
    support.approve(request_id)
    assert support.workflow().phase is PRODUCTION


def test_it_is_not_approved_once_its_last_day_is_over_or_the_workflow_was_moved(support: Program) -> None:
    short = take_over(support, days=1)
    support.later(days=2)
    with pytest.raises(GateShut, match="asked for until 2026-03-03 and that day is over"):
        support.approve(short)
    support.enter(PRODUCTION)
    with pytest.raises(GateShut, match="asked to move refunds_agent to production, and it was moved since"):
        support.approve(short)
    assert TAKEN not in states(support).values()


def test_it_rests_on_a_memo_that_is_about_nothing_else(support: Program) -> None:
    other = support.start("other_agent", team=support.ask(lambda view: view.team_named("Support")))
    for memo, told in (
        (file(support, about=other), "is about other_agent and does not name refunds_agent"),
        (file(support, about=other, decision="As refunds_agent_2 does."), "does not name refunds_agent"),
        (" ", "rests on a filed memo"),
    ):
        with pytest.raises(BadInput, match=told):
            take_over(support, memo=memo)
    with pytest.raises(NotFound, match="There is no memo 'memo_nothing'"):
        take_over(support, memo="memo_nothing")
    assert not support.ask(lambda view: view.has_workflow("refunds_agent"))
    take_over(support, memo=file(support, about=other, decision="refunds_agent goes the same way."))


def test_a_take_over_is_refused_without_need_right_or_sense(support: Program) -> None:
    with pytest.raises(BadInput, match="Every workflow begins in pilot"):
        take_over(support, PILOT)
    with pytest.raises(BadInput, match="lasts at most 180 days"):
        take_over(support, days=181)
    with pytest.raises(BadInput, match="is still to come: give the day that was its first"):
        take_over(support, day=0)
    with pytest.raises(NotAllowed, match="You can't ask for this"):
        take_over(support, by="max")
    with pytest.raises(NotAllowed, match="This asks for a person"):
        take_over(support, by=agent())
    assert not support.ask(lambda view: view.has_workflow("refunds_agent"))


def test_a_promotion_waits_until_the_take_over_is_decided(support: Program) -> None:
    take_over(support)
    wish = gates.Wish(file(support, about=support.workflow()), support.at.date() + timedelta(days=9))
    with pytest.raises(Conflict, match="Ana asked to move refunds_agent to production already"):
        support.do("ana", gates.promote, support.workflow(), wish)
