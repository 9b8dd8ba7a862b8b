"""Gates: promotions refused with what is missing, asked for, decided by another; overrides; demotions."""

import hashlib
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot import playbooks
from bot.actions import gates, memos
from bot.actions.gates import Promotion, Wish
from bot.actions.memos import About
from bot.domain.errors import BadInput, Conflict, GateShut, NotAllowed, NotFound, Refused
from bot.domain.memos import Category, Entry, Move
from bot.domain.people import Actor, Membership
from bot.domain.playbook import PhaseName
from bot.domain.requests import RequestKind, RequestState
from bot.domain.verdicts import Verdict
from bot.domain.workflows import Role
from store.tables.verdicts import verdicts
from store.types import canonical
from tests.cast import SCHEDULER, agent
from tests.playbook_texts import spoiled
from tests.program import Program

EVAL = "        eval: {min_cases: 200, min_pass: 0.95, max_age_days: 14}\n"
PILOT, PRODUCTION = PhaseName.PILOT, PhaseName.PRODUCTION


@pytest.fixture
def refunds(program: Program, monkeypatch: pytest.MonkeyPatch) -> Program:
    """refunds_agent on a small playbook: to leave pilot it asks for three items, two roles and a memo."""
    monkeypatch.setattr(playbooks, "shipped_text", lambda _: spoiled((EVAL, "")))
    program.start(playbook="small", eval_owner="eva", gatekeeper="gil")
    return program


def file(refunds: Program, *, move: Move | None = Move.TO_PRODUCTION, about: bool = True) -> str:
    """The id of a memo that ana files."""
    entry = Entry(
        title="On to production",
        decision="The pilot held.",
        category=Category.PHASE_MOVE,
        is_reversible=True,
        move=move if about else None,
    )
    place = About(workflow=refunds.workflow() if about else None)
    return refunds.do("ana", memos.file, entry, place).memo_id


def finish(refunds: Program) -> None:
    """Everything there that the gate out of pilot asks for."""
    refunds.check("beta", evidence="https://docs.example.com/beta")
    refunds.see("eval_run")
    file(refunds)


def promote(refunds: Program, by: str | Actor = "ana", wish: Wish | None = None) -> Promotion:
    return refunds.do(by, gates.promote, refunds.workflow(), wish)


def asked(refunds: Program, by: str = "ana", wish: Wish | None = None) -> str:
    """The id of the request that a promotion becomes."""
    request_id = promote(refunds, by, wish).request_id
    assert request_id
    return request_id


def in_a_month(refunds: Program, memo_id: str) -> Wish:
    return Wish(memo_id, refunds.at.date() + timedelta(days=30))


def verdict(refunds: Program, verdict_id: str) -> Verdict:
    return refunds.ask(lambda view: view.gates.verdict(verdict_id))


def failing(found: Verdict) -> tuple[str, ...]:
    return tuple(result.check for result in found.failing)


def test_a_gate_that_is_shut_names_everything_that_is_missing_and_nobody_is_asked(refunds: Program) -> None:
    found = promote(refunds)
    assert (found.request_id, found.verdict.ready, found.verdict.missing) == (
        None,
        False,
        (
            {
                "check": "required_items",
                "found": "1 of 3 done; not done: Do beta, Do gamma",
                "needs": "all required items of pilot done",
            },
            {"check": "memo_filed", "found": "none filed", "needs": "a memo whose move is pilot→production"},
        ),
    )
    assert (refunds.status().waiting, refunds.workflow().phase) == ((), PILOT)
    last = refunds.chain()[-1]
    assert (last["fact"], last["subject"]) == ("gate_judged", refunds.workflow().id)


def test_a_gate_that_is_ready_becomes_a_request_that_moves_the_phase_once_another_approves(refunds: Program) -> None:
    finish(refunds)
    request_id = asked(refunds)
    waiting = refunds.request(request_id)
    assert (waiting.kind, waiting.reason, waiting.state, refunds.workflow().phase) == (
        RequestKind.PROMOTION,
        None,
        RequestState.WAITING,
        PILOT,
    )
    refunds.later(days=1)
    refunds.approve(request_id)
    decided, of = refunds.request(request_id), refunds.workflow()
    assert (decided.state, decided.decided_by and decided.decided_by.name, decided.because) == (
        RequestState.APPROVED,
        "Bea",
        "approver of Support",
    )
    assert (of.phase, of.phase_since) == (PRODUCTION, refunds.at)
    assert refunds.facts()[-3:] == ("request_approved", "gate_judged", "phase_changed")


def test_a_verdict_is_kept_whole_and_the_log_vouches_for_its_hash(refunds: Program) -> None:
    finish(refunds)
    found = promote(refunds)
    request = refunds.request(str(found.request_id))
    assert verdict(refunds, request.term("verdict")) == found.verdict
    with refunds.database.reading() as connection:
        row = connection.execute(select(verdicts)).one()
    body = hashlib.sha256(canonical(found.verdict.as_json()).encode()).hexdigest()
    judged = next(record for record in refunds.chain() if record["fact"] == "gate_judged")
    assert (row.sha256, judged["details"]["verdict_sha256"], request.term("verdict_sha256")) == (body, body, body)
    refunds.approve(request.id)
    moved = refunds.chain()[-1]["details"]
    assert (moved["because"], verdict(refunds, moved["verdict"]).ready) == (f"promotion {request.id}", True)
    assert refunds.verify().ok


def test_nobody_approves_their_own_promotion_and_agents_neither_ask_nor_decide(refunds: Program) -> None:
    finish(refunds)
    request_id = asked(refunds, "bea")
    with pytest.raises(NotAllowed, match="you asked for it"):
        refunds.approve(request_id, "bea")
    for machine in (agent(), SCHEDULER):
        with pytest.raises(NotAllowed, match="This asks for a person"):
            refunds.approve(request_id, machine)  # type: ignore[arg-type]
        with pytest.raises(NotAllowed, match="This asks for a person"):
            promote(refunds, machine)
        with pytest.raises(NotAllowed, match="This asks for a person"):
            refunds.do(machine, gates.demote, refunds.workflow(), "Because.")
    assert (refunds.workflow().phase, refunds.denials()) == (PILOT, 7)


@pytest.mark.parametrize("by", ["max", "eva"])
def test_promoting_and_demoting_take_the_right(refunds: Program, by: str) -> None:
    finish(refunds)
    with pytest.raises(NotAllowed, match="You can't ask for this: Ana or Stu or Lea can"):
        promote(refunds, by)
    refunds.enter(PRODUCTION)
    with pytest.raises(NotAllowed, match="You can't move this workflow back: Ana or Stu or Lea can"):
        refunds.do(by, gates.demote, refunds.workflow(), "Because.")


def spoil_an_item(refunds: Program) -> None:
    refunds.reopen("beta")


def lose_a_role(refunds: Program) -> None:
    refunds.workspace.memberships["USTU"] = Membership.DEACTIVATED


def lose_slack(refunds: Program) -> None:
    refunds.workspace.memberships["USTU"] = Membership.UNKNOWN


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (spoil_an_item, "required_items: 2 of 3 done; not done: Do beta"),
        (lose_a_role, "roles_held: 1 of 2 held by 1 person; agent steward deactivated"),
        (lose_slack, "roles_held: 1 of 2 held by 1 person; agent steward not known"),
    ],
)
def test_evidence_that_went_stale_keeps_the_gate_shut_at_the_click(
    refunds: Program, change: Callable[[Program], None], told: str
) -> None:
    finish(refunds)
    request_id = asked(refunds)
    change(refunds)
    before = refunds.facts()
    with pytest.raises(GateShut, match=f"is shut now, whatever it was when this was asked. {told}"):
        refunds.approve(request_id)
    assert (refunds.request(request_id).state, refunds.workflow().phase) == (RequestState.WAITING, PILOT)
    assert refunds.facts()[len(before) :] == ("denied",)


def test_machine_evidence_that_aged_since_it_was_asked_keeps_the_gate_shut(refunds: Program) -> None:
    finish(refunds)
    refunds.later(days=9)
    request_id = asked(refunds)
    refunds.later(days=6)
    with pytest.raises(GateShut, match="not done: Do gamma"):
        refunds.approve(request_id)
    refunds.see("eval_run")
    refunds.approve(request_id)
    assert refunds.workflow().phase is PRODUCTION


def test_a_promotion_is_asked_for_once_at_a_time(refunds: Program) -> None:
    finish(refunds)
    first = asked(refunds)
    with pytest.raises(Conflict, match="Ana asked to move refunds_agent to production already"):
        promote(refunds, "stu")
    refunds.withdraw(first)
    assert refunds.request(asked(refunds, "stu")).state is RequestState.WAITING


def test_a_promotion_asked_for_before_the_workflow_was_moved_is_not_carried_out(refunds: Program) -> None:
    refunds.enter(PRODUCTION)
    memo_id = file(refunds)
    request_id = asked(refunds, wish=in_a_month(refunds, memo_id))
    refunds.do("lea", gates.demote, refunds.workflow(), "Refunds were sent twice.")
    with pytest.raises(GateShut, match="to scaling, and it was moved since: it is in pilot now"):
        refunds.approve(request_id)
    assert (refunds.workflow().phase, refunds.request(request_id).state) == (PILOT, RequestState.WAITING)


def test_what_was_asked_before_a_demotion_is_refused_also_once_the_workflow_is_back(refunds: Program) -> None:
    refunds.enter(PRODUCTION)
    refunds.later(hours=1)
    memo_id = file(refunds)
    stale = asked(refunds, wish=in_a_month(refunds, memo_id))
    refunds.do("lea", gates.demote, refunds.workflow(), "Refunds were sent twice.")
    refunds.later(hours=1)
    finish(refunds)
    refunds.approve(asked(refunds))
    assert refunds.workflow().phase is PRODUCTION
    with pytest.raises(GateShut, match="to scaling, and it was moved since: it is in production now"):
        refunds.approve(stale)
    assert (refunds.workflow().phase, refunds.facts()[-1]) == (PRODUCTION, "denied")
    assert refunds.request(asked(refunds, wish=in_a_month(refunds, memo_id))).state is RequestState.WAITING


def test_a_demotion_takes_one_person_and_a_reason(refunds: Program) -> None:
    refunds.enter(PRODUCTION)
    refunds.later(days=3)
    with pytest.raises(BadInput, match="Please say why it goes back"):
        refunds.do("stu", gates.demote, refunds.workflow(), " ")
    refunds.do("stu", gates.demote, refunds.workflow(), "Refunds were sent twice.")
    of = refunds.workflow()
    assert (of.phase, of.phase_since) == (PILOT, refunds.at)
    (*_, last) = refunds.ask(lambda view: view.history(of.id))
    assert (last.fact, last.who and last.who.name, last.words) == ("phase_changed", "Stu", "Refunds were sent twice.")
    with pytest.raises(Refused, match="is in pilot, the first phase, so it cannot be moved back"):
        refunds.do("stu", gates.demote, of, "Again.")


def test_the_last_phase_and_a_closed_workflow_have_no_gate_ahead(refunds: Program) -> None:
    refunds.enter(PhaseName.OPERATING)
    with pytest.raises(Refused, match="is in operating, the last phase"):
        promote(refunds)
    refunds.close()
    with pytest.raises(Refused, match="was closed as stopped"):
        promote(refunds)
    with pytest.raises(Refused, match="was closed as stopped"):
        refunds.do("ana", gates.demote, refunds.workflow(), "Because.")


def test_an_override_rests_on_a_memo_and_an_end_and_is_shown_as_such(refunds: Program) -> None:
    memo_id = file(refunds, move=None)
    request_id = asked(refunds, wish=in_a_month(refunds, memo_id))
    waiting = refunds.request(request_id)
    assert (waiting.kind, dict(waiting.terms) | {"verdict": "", "verdict_sha256": ""}) == (
        RequestKind.OVERRIDE,
        {
            "to": "production",
            "since": "pilot 2026-03-02T09:00:00+00:00",
            "memo": memo_id,
            "until": "2026-04-01",
            "checks": "required_items,memo_filed",
            "verdict": "",
            "verdict_sha256": "",
        },
    )
    refunds.approve(request_id)
    moved = refunds.chain()[-1]["details"]
    assert (refunds.workflow().phase, moved["because"]) == (PRODUCTION, f"override {request_id}")
    assert failing(verdict(refunds, moved["verdict"])) == ("required_items", "memo_filed")
    (shown,) = refunds.ask(lambda view: gates.overrides_of(view, refunds.workflow()))
    assert (shown.to, shown.checks, shown.memo_id, shown.until) == (
        PRODUCTION,
        ("required_items", "memo_filed"),
        memo_id,
        date(2026, 4, 1),
    )


def test_an_override_no_longer_shows_once_the_gate_was_passed_by_evidence(refunds: Program) -> None:
    refunds.approve(asked(refunds, wish=in_a_month(refunds, file(refunds, move=None))))
    refunds.later(hours=1)
    refunds.do("lea", gates.demote, refunds.workflow(), "Too early.")
    assert refunds.ask(lambda view: gates.overrides_of(view, refunds.workflow())) == ()
    finish(refunds)
    refunds.approve(asked(refunds))
    assert refunds.workflow().phase is PRODUCTION
    assert refunds.ask(lambda view: gates.overrides_of(view, refunds.workflow())) == ()


def test_an_override_covers_what_failed_when_it_was_asked_and_nothing_else(refunds: Program) -> None:
    request_id = asked(refunds, wish=in_a_month(refunds, file(refunds, move=None)))
    refunds.vacate(Role.STEWARD, "stu")
    with pytest.raises(GateShut, match="roles_held: 1 of 2 held by 1 person; agent steward vacant"):
        refunds.approve(request_id)
    refunds.give(Role.STEWARD, "max")
    refunds.approve(request_id)
    assert refunds.workflow().phase is PRODUCTION


def test_an_override_whose_last_day_is_over_is_not_approved(refunds: Program) -> None:
    tomorrow = refunds.at.date() + timedelta(days=1)
    request_id = asked(refunds, wish=Wish(file(refunds, move=None), tomorrow))
    refunds.later(days=2)
    with pytest.raises(GateShut, match="asked for until 2026-03-03 and that day is over"):
        refunds.approve(request_id)


def test_an_override_is_refused_without_need_memo_or_a_near_end(refunds: Program) -> None:
    today = refunds.at.date()
    own, elsewhere = file(refunds, move=None), file(refunds, about=False)
    for wish, told in (
        (Wish(own, today), "ends on a later day than today"),
        (Wish(own, today + timedelta(days=181)), "lasts at most 180 days"),
        (Wish(" ", today + timedelta(days=9)), "rests on a filed memo"),
        (Wish(elsewhere, today + timedelta(days=9)), "is about no workflow"),
    ):
        with pytest.raises(BadInput, match=told):
            promote(refunds, wish=wish)
    with pytest.raises(NotFound, match="There is no memo 'memo_nothing'"):
        promote(refunds, wish=in_a_month(refunds, "memo_nothing"))
    finish(refunds)
    with pytest.raises(Refused, match="is ready, so nothing needs an override"):
        promote(refunds, wish=in_a_month(refunds, own))
    assert refunds.status().waiting == ()
