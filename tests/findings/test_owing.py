"""What is owed of an overridden gate is owed until it passes once; a pass is kept, whatever comes after it."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from bot import playbooks
from bot.actions import gates, voids
from bot.actions.digests.freezing import keep_judgement
from bot.actions.findings.judging import judge
from bot.actions.findings.owing import watch
from bot.actions.findings.scene import scene_of
from bot.actions.gates import Wish
from bot.domain.findings.judgement import Judgement
from bot.domain.findings.weeks import Weeks
from bot.domain.requests import RequestKind
from bot.schedule import Schedule
from tests.actions.test_races import at_once
from tests.cast import SCHEDULER
from tests.grants_program import GrantsProgram
from tests.memos.samples import file
from tests.playbook_texts import SMALL, spoiled

EVAL = "        eval: {min_cases: 200, min_pass: 0.95, max_age_days: 14}\n"


@pytest.fixture
def overridden(program: GrantsProgram, monkeypatch: pytest.MonkeyPatch) -> GrantsProgram:
    """refunds_agent, in production by an override of two checks: the required items, and the memo of the move."""
    monkeypatch.setattr(playbooks, "shipped_text", lambda _: spoiled((EVAL, "")))
    program.start(playbook="small", eval_owner="eva", gatekeeper="gil")
    override(program)
    program.later(hours=1)
    return program


def override(program: GrantsProgram) -> str:
    """The id of an approved override of the gate out of pilot."""
    wish = Wish(file(program), program.at.date() + timedelta(days=30))
    request_id = program.do("ana", gates.promote, program.workflow(), wish).request_id
    assert request_id
    program.approve(request_id)
    return request_id


def judged(program: GrantsProgram, at: datetime | None = None) -> Judgement:
    """The program at an instant, now unless told otherwise."""
    weeks = Weeks(at or program.at, "UTC")
    scene = scene_of(program.desk, program.ask(lambda view: view.workflows()))
    return program.ask(lambda view: judge(view, view.workflows(), weeks, scene))


def owed(program: GrantsProgram) -> list[tuple[str, ...]]:
    """The checks that the findings of now call owed."""
    found = (dict(each.facts)["checks"] for each in judged(program).findings if each.rule == "override.debt")
    return [each for each in found if isinstance(each, tuple)]


def do_items(program: GrantsProgram) -> None:
    """The required items done."""
    program.check("beta", "ana", evidence="https://docs.example.com/1")
    program.see("eval_run")
    program.later(minutes=1)


def undo_items(program: GrantsProgram) -> None:
    """One of them open again."""
    program.reopen("beta")
    program.later(minutes=1)


def met(program: GrantsProgram) -> list[tuple[str, str, list[str]]]:
    """Every pass that was recorded: of which request, at the gate to which phase, of which checks."""
    records = [each for each in program.chain() if each["fact"] == "override_met"]
    return [(each["details"]["request_id"], each["details"]["to"], each["details"]["checks"]) for each in records]


def move(program: GrantsProgram) -> str:
    """The id of the request by which it came where it is."""
    (*_, last) = program.ask(lambda view: view.moves(program.workflow().id))
    assert last.kind is RequestKind.OVERRIDE
    return last.id


def test_a_check_that_passed_once_between_two_digests_is_owed_no_more(overridden: GrantsProgram) -> None:
    watch(overridden.desk)
    assert (owed(overridden), met(overridden)) == ([("required_items", "memo_filed")], [])
    do_items(overridden)
    Schedule(overridden.desk, lambda: None).tick()
    undo_items(overridden)
    assert overridden.row("beta").state == "open"
    assert owed(overridden) == [("memo_filed",)]
    assert met(overridden) == [(move(overridden), "production", ["required_items"])]
    watch(overridden.desk)
    assert len(met(overridden)) == 1
    assert overridden.verify().ok


def test_a_pass_that_a_digest_saw_is_kept_as_well(overridden: GrantsProgram) -> None:
    do_items(overridden)
    overridden.do(SCHEDULER, keep_judgement, judged(overridden))
    undo_items(overridden)
    assert owed(overridden) == [("memo_filed",)]


def test_a_pass_that_nobody_saw_is_none(overridden: GrantsProgram) -> None:
    do_items(overridden)
    undo_items(overridden)
    watch(overridden.desk)
    assert owed(overridden) == [("required_items", "memo_filed")]


def test_the_status_shows_the_override_still(overridden: GrantsProgram) -> None:
    shown = overridden.ask(lambda view: gates.overrides_of(view, overridden.workflow()))
    do_items(overridden)
    watch(overridden.desk)
    assert overridden.ask(lambda view: gates.overrides_of(view, overridden.workflow())) == shown
    assert [each.checks for each in shown] == [("required_items", "memo_filed")]


def test_another_override_of_the_same_gate_is_owed_from_its_beginning(overridden: GrantsProgram) -> None:
    do_items(overridden)
    watch(overridden.desk)
    undo_items(overridden)
    overridden.do("lea", gates.demote, overridden.workflow(), "Too early.")
    overridden.later(hours=1)
    renewed = override(overridden)
    overridden.later(hours=1)
    assert owed(overridden) == [("required_items", "memo_filed")]
    do_items(overridden)
    watch(overridden.desk)
    assert met(overridden)[1:] == [(renewed, "production", ["required_items"])]


def test_a_late_digest_of_an_instant_before_the_override_says_nothing_about_it(
    program: GrantsProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(playbooks, "shipped_text", lambda _: SMALL)
    program.start(playbook="small", eval_owner="eva", gatekeeper="gil")
    program.run(200)
    program.later(hours=1)
    slot = program.at
    program.run(100)
    program.later(hours=1)
    override(program)
    late = judged(program, slot)
    assert [each.checks for look in late.looks for each in look.records.met] == [("eval_passed",)]
    program.do(SCHEDULER, keep_judgement, late)
    assert met(program) == []


@pytest.fixture
def with_evals(program: GrantsProgram, monkeypatch: pytest.MonkeyPatch) -> GrantsProgram:
    """refunds_agent, in production by an override of its evals, which pass by now in a run that CI calls `good`."""
    monkeypatch.setattr(playbooks, "shipped_text", lambda _: SMALL)
    program.start(playbook="small", eval_owner="eva", gatekeeper="gil")
    override(program)
    program.later(hours=1)
    program.run(200, id="good")
    program.later(minutes=1)
    return program


EVALS = "eval_passed"


def test_a_pass_that_rested_on_a_signal_which_was_taken_back_is_owed_until_it_passes_anew(
    with_evals: GrantsProgram,
) -> None:
    watch(with_evals.desk)
    (before,) = met(with_evals)
    assert EVALS in before[2]
    assert EVALS not in owed(with_evals)[0]
    with_evals.do("bea", voids.void, "good", "Measured wrongly.")
    with_evals.later(minutes=5)
    watch(with_evals.desk)
    assert EVALS in owed(with_evals)[0]
    assert len(met(with_evals)) == 1
    with_evals.run(200, id="better")
    with_evals.later(minutes=5)
    watch(with_evals.desk)
    assert [each[2] for each in met(with_evals)[1:]] == [[EVALS]]
    with_evals.run(100, id="worse")
    with_evals.later(minutes=5)
    assert EVALS not in owed(with_evals)[0]
    assert with_evals.verify().ok


def test_a_signal_of_another_kind_or_of_a_later_time_takes_no_pass_back(with_evals: GrantsProgram) -> None:
    with_evals.measure("4.3", id="number")
    watch(with_evals.desk)
    with_evals.later(minutes=1)
    with_evals.run(200, id="later")
    known = met(with_evals)
    for named in ("number", "later"):
        with_evals.do("bea", voids.void, named, "Measured wrongly.")
    assert EVALS not in owed(with_evals)[0]
    assert met(with_evals) == known
    assert "override_owed" not in with_evals.facts()


def test_a_pass_seen_before_a_signal_was_taken_back_is_not_recorded_after_it(with_evals: GrantsProgram) -> None:
    judgement = judged(with_evals)
    assert EVALS in judgement.looks[0].records.met[0].checks
    with_evals.later(minutes=1)
    with_evals.do("bea", voids.void, "good", "Measured wrongly.")
    with_evals.do(SCHEDULER, keep_judgement, judgement)
    assert not any(EVALS in each[2] for each in met(with_evals))


def test_replicas_that_see_a_pass_at_once_record_it_once(overridden: GrantsProgram) -> None:
    do_items(overridden)
    judgement = judged(overridden)
    see = partial(watch, overridden.desk)
    tell = partial(overridden.do, SCHEDULER, keep_judgement, judgement)
    assert at_once([see, tell, see, tell]) == ["done"] * 4
    assert met(overridden) == [(move(overridden), "production", ["required_items"])]
    assert overridden.verify().ok
