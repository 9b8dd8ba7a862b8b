"""Checklist items through the desk: marked, given back, handed on; two people on one item lose nothing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.actions import items
from bot.actions.desk import Asked
from bot.domain.errors import Conflict, NotFound, Refused
from bot.domain.items import Evidence, ItemKey, ItemRecord, ItemState, Proof
from bot.domain.playbook import PhaseName
from bot.domain.ticking import Given
from store import AlreadyDone
from tests.cast import MONDAY
from tests.program import Program

PLAIN, PROVEN = "choose_operating_model", "choose_workflow"
FAMILY = "👩‍👩‍👧‍👦 שלום \u202e <!channel> <@U1> & naïve"


def record(program: Program, item: str) -> ItemRecord:
    """What was recorded of an item."""
    found = program.row(item).record
    assert found is not None
    return found


def test_a_tick_keeps_who_when_and_what_proves_it(refunds: Program) -> None:
    refunds.check(PROVEN, "stu", evidence="https://docs.example/1", note="Agreed in the kick-off.")
    stu = refunds.ask(lambda view: view.person_by_handle("USTU"))
    assert stu is not None
    assert record(refunds, PROVEN) == ItemRecord(
        key=ItemKey(PROVEN),
        state=ItemState.DONE,
        version=1,
        changed_by=stu,
        changed_at=MONDAY,
        note="Agreed in the kick-off.",
        evidence=Evidence("link", "https://docs.example/1", stu, MONDAY),
        before=ItemState.OPEN,
    )


def test_restoring_gives_back_exactly_what_was_before_and_again_what_was_after(refunds: Program) -> None:
    """Each change is followed by a restore and another: state, note, until and evidence are those of before."""

    def kept() -> tuple[object, ...]:
        row = refunds.row(PROVEN)
        found = row.record
        return (row.state, found and found.note, found and found.until, found and found.evidence)

    changes: tuple[Callable[[], None], ...] = (
        lambda: refunds.block(PROVEN, reason="No access."),
        lambda: refunds.check(PROVEN, evidence="https://docs.example/1", note="First."),
        lambda: refunds.reopen(PROVEN, note="Wrong link."),
        lambda: refunds.skip(PROVEN),
        lambda: refunds.check(PROVEN, "stu", evidence="https://docs.example/2", note="Second."),
    )
    for change in changes:
        before = kept()
        change()
        after = kept()
        assert after != before
        refunds.restore(PROVEN)
        assert kept() == before
        refunds.restore(PROVEN)
        assert kept() == after
    assert record(refunds, PROVEN).version == len(changes) * 3


def test_an_assignment_is_not_undone_by_restoring_nor_does_it_change_who_ticked(refunds: Program) -> None:
    refunds.assign(PLAIN, "max")
    refunds.check(PLAIN, "max")
    refunds.later(hours=1)
    refunds.assign(PLAIN, "eva", by="lea")
    found = record(refunds, PLAIN)
    assert (found.state, found.changed_by.name, found.changed_at, found.assignee and found.assignee.name) == (
        "done",
        "Max",
        MONDAY,
        "Eva",
    )
    refunds.restore(PLAIN)
    found = record(refunds, PLAIN)
    assert (found.state, found.assignee and found.assignee.name, found.version) == ("open", "Eva", 4)


def test_whoever_looked_before_someone_else_changed_it_is_told_who_and_loses_nothing(refunds: Program) -> None:
    seen = refunds.row(PLAIN).version
    refunds.block(PLAIN, "stu", reason="No access yet.", seen=seen)
    before = record(refunds, PLAIN)
    late: tuple[Callable[[], None], ...] = (
        lambda: refunds.check(PLAIN, seen=seen),
        lambda: refunds.block(PLAIN, seen=seen),
        lambda: refunds.assign(PLAIN, "max", seen=seen),
        lambda: refunds.restore(PLAIN, seen=seen),
        lambda: refunds.reopen(PLAIN, seen=seen),
    )
    for change in late:
        with pytest.raises(Conflict, match="Stu marked it blocked on 2 Mar at 09:00 UTC"):
            change()
    assert record(refunds, PLAIN) == before
    refunds.check(PLAIN, seen=1)
    assert record(refunds, PLAIN).state == "done"


def test_a_look_at_an_assignment_that_came_later_is_told_of_too(refunds: Program) -> None:
    refunds.assign(PLAIN, "max")
    with pytest.raises(Conflict, match="and it is Max's"):
        refunds.check(PLAIN, seen=0)


def test_a_second_click_is_told_that_it_is_done_already(refunds: Program) -> None:
    refunds.check(PLAIN)
    with pytest.raises(Conflict, match="is done already: Ana marked it on 2 Mar at 09:00 UTC"):
        refunds.check(PLAIN, "stu")


def test_the_same_click_delivered_four_times_is_one_change(refunds: Program) -> None:
    asked = Asked(refunds.actor("ana"), once="trigger 123")
    place = refunds.place(PLAIN)
    refunds.desk.do(asked, items.check, place, Given())
    for _ in range(3):
        with pytest.raises(AlreadyDone, match="This was done already"):
            refunds.desk.do(asked, items.check, place, Given())
    assert (record(refunds, PLAIN).version, refunds.facts().count("item_done")) == (1, 1)


def test_a_refused_click_can_be_repeated_with_what_was_missing(refunds: Program) -> None:
    asked = Asked(refunds.actor("ana"), once="trigger 123")
    with pytest.raises(Exception, match="needs evidence"):
        refunds.desk.do(asked, items.check, refunds.place(PROVEN), Given())
    refunds.desk.do(asked, items.check, refunds.place(PROVEN), Given("https://docs.example/1"))
    assert record(refunds, PROVEN).state == "done"


def test_a_wrong_item_is_answered_with_the_nearest(refunds: Program) -> None:
    with pytest.raises(NotFound, match=r"has no item 'chose_workflow'\. Did you mean choose_workflow\?"):
        refunds.check("chose_workflow")
    with pytest.raises(NotFound, match="has no item 'choose_workflow#2'"):
        refunds.check("choose_workflow#2")


def test_the_ids_of_another_workflow_reach_nothing_here(refunds: Program) -> None:
    other = refunds.start("triage", by="max", owner="max", steward="max", team=refunds.team("Sales", lead=None))
    forged = replace(refunds.place(PLAIN), workflow_id=other.id)
    refunds.do("max", items.check, forged, Given())
    assert (refunds.row(PLAIN).state, other.id == refunds.workflow().id) == ("open", False)
    with pytest.raises(NotFound, match="This workflow does not exist"):
        refunds.do("max", items.check, replace(forged, workflow_id="wf_nowhere"), Given())


def test_an_item_waits_for_what_comes_before(refunds: Program) -> None:
    with pytest.raises(Refused, match="comes after"):
        refunds.check("check_redaction", evidence="x")
    refunds.check("build_regression_set", evidence="https://docs.example/cases")
    refunds.check("check_redaction", evidence="https://docs.example/sample")
    refunds.reopen("build_regression_set")
    assert (refunds.row("check_redaction").state, len(refunds.row("check_redaction").waiting_for)) == ("done", 1)


def test_a_proof_ticks_its_items_and_lapses_with_its_age(refunds: Program) -> None:
    refunds.see("eval_run", "190 of 200 passed")
    row = refunds.row("run_full_eval")
    assert (row.state, row.proof) == ("done", Proof("eval_run", MONDAY, "190 of 200 passed"))
    with pytest.raises(Refused, match=r"ticked itself \(190 of 200 passed\)"):
        refunds.reopen("run_full_eval")
    refunds.later(days=14, seconds=1)
    assert refunds.row("run_full_eval").state == "open"
    with pytest.raises(Refused, match="ticks itself when an eval run is taken in"):
        refunds.check("run_full_eval", evidence="x")
    refunds.block("run_full_eval", reason="The vendor is down.")
    refunds.see("eval_run", "195 of 200 passed")
    assert refunds.row("run_full_eval").state == "done"


def test_a_recurring_item_is_marked_turn_by_turn(refunds: Program) -> None:
    refunds.enter(PhaseName.OPERATING)
    refunds.later(days=260)
    refunds.check("renew_regression_set", evidence="https://docs.example/a")
    refunds.block("renew_regression_set#2", reason="No time.")
    turns = {str(row.key): row.state for row in refunds.checklist().rows if row.key.id == "renew_regression_set"}
    assert turns == {
        "renew_regression_set": "done",
        "renew_regression_set#2": "blocked",
        "renew_regression_set#3": "open",
    }


def test_an_expired_skip_opens_at_midnight_and_can_be_ticked(refunds: Program) -> None:
    refunds.skip(PLAIN, days=3)
    refunds.later(days=3, hours=14, minutes=59)
    assert refunds.row(PLAIN).state == "skipped"
    refunds.later(minutes=1)
    assert refunds.row(PLAIN).state == "open"
    refunds.check(PLAIN)
    found = record(refunds, PLAIN)
    assert (found.state, found.until, found.before) == ("done", None, "open")


def test_words_of_any_script_come_back_letter_for_letter(refunds: Program) -> None:
    refunds.check(PROVEN, evidence=FAMILY, note=FAMILY)
    found = record(refunds, PROVEN)
    assert (found.note, found.evidence and found.evidence.text) == (FAMILY, FAMILY)
    assert refunds.verify().ok


def test_the_history_tells_who_did_what_and_what_they_said(refunds: Program) -> None:
    refunds.block(PROVEN, reason="No access.")
    refunds.later(hours=1)
    refunds.check(PROVEN, "stu", evidence="https://docs.example/1", note="Got it.")
    of = refunds.workflow()
    found = refunds.ask(lambda view: view.history(f"{of.id}/{PROVEN}"))
    assert [(each.fact, each.at, each.who and each.who.name, each.words) for each in found] == [
        ("item_blocked", MONDAY, "Ana", "No access."),
        ("item_done", MONDAY + timedelta(hours=1), "Stu", "https://docs.example/1 · Got it."),
    ]
