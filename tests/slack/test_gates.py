"""Gates in conversation: what stands in the way, a promotion asked for and approved, an override, a step back."""

import io
import json
from dataclasses import replace

import pytest

from bot import playbooks
from bot.actions import items, memos, signals
from bot.actions.desk import Asked
from bot.actions.items import Place
from bot.actions.memos import About
from bot.domain.items import ItemKey
from bot.domain.memos import Category, Entry, Move
from bot.domain.playbook import PhaseName
from bot.domain.ticking import Given
from bot.domain.workflows import Role
from tests.playbook_texts import spoiled
from tests.slack.cast import ANA, BO, CHIDI, MEI, RUI
from tests.slack.office import Case, Office

EVAL = "        eval: {min_cases: 200, min_pass: 0.95, max_age_days: 14}\n"
GAMMA = "            done_when: eval_run\n            max_age_days: 14\n"


def small_case(office: Office, monkeypatch: pytest.MonkeyPatch) -> Case:
    """A workflow whose gate out of pilot asks for three items, two roles and a memo."""
    with monkeypatch.context() as shipped:
        shipped.setattr(
            playbooks, "shipped_text", lambda _: spoiled((EVAL, ""), (GAMMA, "            evidence: link\n"))
        )
        return office.case(playbook="small", approvers=(MEI,), roles={Role.EVAL_OWNER: MEI, Role.GATEKEEPER: CHIDI})


def file(office: Office, case: Case, move: Move | None) -> None:
    """A memo that Ana files."""
    entry = Entry(
        title="The pilot held",
        decision="We go on.",
        category=Category.PHASE_MOVE,
        is_reversible=True,
        move=move,
    )
    office.desk.do(Asked(office.desk.actor(ANA)), memos.file, entry, About(workflow=case.workflow))


def finish(office: Office, case: Case) -> None:
    """Everything there that the gate asks for."""
    for item in ("beta", "gamma"):
        place = Place(case.id, ItemKey.parse(item))
        office.desk.do(Asked(office.desk.actor(ANA)), items.check, place, Given(f"https://docs.example.com/{item}"))
    file(office, case, Move.TO_PRODUCTION)


def test_a_gate_that_is_shut_says_what_stands_between_and_who_can_mend_it(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    ana = office.person(ANA).types(f"/rollout promote {case.name}", in_=case.room)
    ana.sees(f"{case.name} can't move to production yet, so nobody was asked.")
    ana.sees("✗ Eval: no run (needs ≥ 95 % of ≥ 200 cases passed, ≤ 14 days old) → vacant (eval owner)")
    ana.sees("✗ Memo: none filed (needs a memo whose move is pilot→production) → Ana Duarte, accountable owner")
    ana.types(f"/rollout status {case.name}").sees("Stands between us and production", "✗ Eval: no run")
    with office.desk.reading() as view:
        assert view.requests(case.id) == ()


def test_a_promotion_is_asked_for_on_a_card_with_its_verdict_and_moves_the_phase_once_approved(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    mei, case = office.person(MEI), small_case(office, monkeypatch)
    finish(office, case)
    ana = office.person(ANA).types(f"/rollout status {case.name}", in_=case.room).sees("✓ 3 checks pass")
    ana.types(f"/rollout promote {case.name}").sees(f"Asked: move {case.name} to production")
    ana.sees(f"Ana Duarte asks to move {case.name} to production", "every check passed when this was asked")
    ana.sees("✓ Roles: 2 of 2 held by 1 person", "3 people hold the roles", "[Approve] [Decline…] [Withdraw]")
    with office.nothing_changes():
        ana.clicks("Approve", beside="asks to move").sees("You can't decide this: you asked for it.")
    mei.room = mei.direct
    mei.clicks("Approve", beside="asks to move").sees("✓ Approved by Mei Tanaka")
    mei.sees("✓ Approved by Mei Tanaka", "member of group S0APPROVERS", in_=case.room)
    mei.sees(f"{case.name} is in production now", in_=case.room)
    ana.types(f"/rollout status {case.name}").sees("PRODUCTION · day 1", "Stands between us and scaling")
    assert case.workflow.phase is PhaseName.PRODUCTION


def test_what_went_stale_since_keeps_the_gate_shut_at_the_click(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    mei, case = office.person(MEI), small_case(office, monkeypatch)
    finish(office, case)
    ana = office.person(ANA).types(f"/rollout promote {case.name}", in_=case.room).sees("asks to move")
    office.desk.do(
        Asked(office.desk.actor(ANA)), items.reopen, Place(case.id, ItemKey.parse("beta")), "It was the wrong link."
    )
    mei.room = case.room
    with office.nothing_changes():
        mei.clicks("Approve", beside="asks to move").sees("is shut now", "not done: Do beta", "Nothing changed")
    ana.sees("[Approve]")
    assert case.workflow.phase is PhaseName.PILOT


def test_an_override_rests_on_a_memo_and_shows_as_one_from_then_on(office: Office) -> None:
    mei, case = office.person(MEI), office.case(approvers=(MEI,))
    ana = office.person(ANA).types(f"/rollout promote {case.name}", in_=case.room)
    with office.nothing_changes():
        ana.clicks("Ask for an override…").sees("rests on a filed memo")
    file(office, case, None)
    ana.clicks("Ask for an override…")
    ana.fills(memo="The pilot held", until=office.day_after(30).isoformat()).submits()
    ana.sees(f"asks to move {case.name} to production although checks fail, by override until")
    ana.sees("6 of 6 checks failed when this was asked", "✗ Eval: no run", "It rests on memo memo_")
    mei.room = case.room
    mei.clicks("Approve", beside="asks to move").sees("✓ Approved by Mei Tanaka")
    ana.types(f"/rollout status {case.name}").sees("Entered production by override although 6 checks failed", "memo_")


def test_a_step_back_takes_the_right_and_a_reason(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    mei, case = office.person(MEI), small_case(office, monkeypatch)
    finish(office, case)
    ana = office.person(ANA).types(f"/rollout promote {case.name}", in_=case.room).sees("asks to move")
    mei.room = case.room
    mei.clicks("Approve", beside="asks to move").sees("✓ Approved by Mei Tanaka")
    bo = office.person(BO)
    with office.nothing_changes():
        bo.types(f"/rollout demote {case.name}", in_=case.room).sees("You can't move this workflow back")
    assert bo.windows == []
    ana.types(f"/rollout demote {case.name}").sees("goes from production back to pilot at once")
    ana.fills(reason="Refunds were sent twice.").submits().sees(f"{case.name} is back in pilot")
    assert case.workflow.phase is PhaseName.PILOT
    with office.nothing_changes():
        ana.types(f"/rollout demote {case.name}").sees("is in pilot, the first phase")


def test_the_gate_shows_what_stands_between_and_opens_the_memo_already_filled(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = small_case(office, monkeypatch)
    ana = office.person(ANA).types(f"/rollout status {case.name}", in_=case.room)
    with office.nothing_changes():
        ana.clicks("Gate").sees(
            f"Stands between {case.name} and production", "2 of 3 checks do not pass · due in 29 days"
        )
        ana.sees("✗ Memo: none filed (needs a memo whose move is pilot→production) → Ana Duarte, accountable owner")
        ana.sees("✓ 1 more check passes", "3 people hold the roles", "[File the memo…] [Open checklist]")
        ana.clicks("Show them").sees("✓ Roles: 2 of 2 held by 1 person").sees_no_more("[Show them]")
    ana.clicks("File the memo…").sees(
        f"About  {case.name}, its move from pilot to production", "a correction supersedes"
    )
    assert (ana.typed("title"), ana.typed("owner")) == (f"Move {case.name} from pilot to production", ANA)
    ana.fills(decision="The pilot held.", reversible="Yes").submits()
    ana.sees(f"✓ The memo “Move {case.name} from pilot to production” is filed", "1 of 3 checks does not pass")
    with office.desk.reading() as view:
        (filed,) = view.memos.of_workflow(case.id)
    said = filed.content
    assert (said.move, said.category, said.decision, said.is_reversible) == (
        Move.TO_PRODUCTION,
        Category.PHASE_MOVE,
        "The pilot held.",
        True,
    )
    ana.sees_no("[File the memo…]")


def test_an_open_gate_asks_from_where_it_is_seen_and_shows_the_request_that_waits(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = small_case(office, monkeypatch)
    finish(office, case)
    ana = office.person(ANA).types(f"/rollout status {case.name}", in_=case.room).clicks("Gate")
    ana.sees("Nothing: every check passes", "✓ 3 checks pass", "[Ask for production]").clicks("Ask for production")
    ana.sees(f"Asked: move {case.name} to production")
    ana.types(f"/rollout status {case.name}").clicks("Gate").sees("Ana Duarte asked to move it to production", "[Look]")


def test_a_memo_that_lacks_something_is_refused_beside_each_field(office: Office) -> None:
    case = office.case()
    ana = office.person(ANA).types(f"/rollout promote {case.name}", in_=case.room).clicks("File the memo…")
    with office.nothing_changes():
        ana.fills(title=" ", decision=" ", reversible="No").tries_to_submit()
    ana.sees_error("title", "Give it a title").sees_error("decision", "Say what was decided and why")


def test_what_a_gate_rests_on_is_linked_only_on_hosts_that_an_admin_named(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    for suite, host in (("refunds", "evals.example.com"), ("tone", "evils.example")):
        run = {
            "id": f"{case.name}-{suite}",
            "type": "eval_run",
            "workflow": case.name,
            "at": office.clock.now().isoformat(),
            "suite": suite,
            "cases": 200,
            "passed": 100,
            "prompt_version": "p1",
            "model": "m1",
            "source": "evals",
            "url": f"https://{host}/runs/1",
        }
        taken = signals.take_in(office.desk, Asked(office.desk.actor(RUI)), io.StringIO(json.dumps(run)))
        assert taken.rejected == ()
    settings = office.desk.configured
    office.desk.configured = replace(settings, link_hosts=("example.com",))
    ana = office.person(ANA).types(f"/rollout status {case.name}", in_=case.room).sees("✗ Eval: ")
    office.desk.configured = settings
    told = str(ana.messages())
    assert "<https://evals.example.com/runs/1|signal>" in told
    assert "signal https:\\u2060//evils.example/runs/1" in told
