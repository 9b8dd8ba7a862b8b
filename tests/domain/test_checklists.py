"""Checklists: what is open, done, skipped or late, and when."""

from datetime import date, timedelta

import pytest

from bot.domain.checklists import Known, Progress
from bot.domain.errors import NotFound
from bot.domain.items import ItemKey, ItemState
from bot.domain.playbook import DoneWhen, PhaseName
from bot.domain.workflows import Holder, Role
from tests.domain.samples import ANA, BEN, DAY_1, LEA, item, judged, on_day, playbook, proof, record, states, workflow

OPEN, DONE, SKIPPED = ItemState.OPEN, ItemState.DONE, ItemState.SKIPPED
BLOCKED, TAKEN_OVER = ItemState.BLOCKED, ItemState.TAKEN_OVER


def test_an_item_that_nobody_touched_is_open_and_at_version_0() -> None:
    row = judged(playbook(item("a")), on_day(1)).row(ItemKey("a"))
    assert (row.state, row.version, row.record, row.is_settled) == (OPEN, 0, None, False)


def test_a_row_that_does_not_exist_is_refused_with_the_nearest_name() -> None:
    found = judged(playbook(item("choose_workflow")), on_day(1))
    with pytest.raises(NotFound, match=r"refunds_agent has no item 'chose_workflow'\. Did you mean choose_workflow\?"):
        found.row(ItemKey("chose_workflow"))


def test_an_item_is_late_from_the_day_after_its_due_day_on() -> None:
    book = playbook(item("a", 5))
    assert [judged(book, on_day(day)).rows[0].days_late(DAY_1 + timedelta(days=day - 1)) for day in (4, 5, 6, 9)] == [
        0,
        0,
        1,
        4,
    ]


def test_an_item_is_due_until_midnight_in_the_teams_zone() -> None:
    book = playbook(item("a", 5))
    assert [bool(judged(book, on_day(5, 23) + timedelta(minutes=m)).late) for m in (59, 60)] == [False, True]


def test_only_required_items_of_the_phases_reached_are_late_the_most_overdue_first() -> None:
    book = playbook(
        item("second", 4), item("first", 2), item("optional", 1, required=False), production=(item("ahead", 3),)
    )
    assert [row.item.id for row in judged(book, on_day(10)).late] == ["first", "second"]


def test_nothing_is_late_before_the_workflow_starts() -> None:
    assert judged(playbook(item("a", 1)), on_day(-20)).late == ()


def test_items_on_working_days_move_past_weekends_and_holidays_and_others_do_not() -> None:
    holiday = DAY_1 + timedelta(days=7)
    book = playbook(item("moves", 6, working_days=True), item("stays", 6), holidays=[holiday])
    assert {row.item.id: row.due_on for row in judged(book, on_day(1)).rows} == {
        "moves": holiday + timedelta(days=1),
        "stays": date(2026, 3, 7),
    }


@pytest.mark.parametrize(("day", "state"), [(19, SKIPPED), (20, SKIPPED), (21, OPEN)])
def test_a_skip_ends_at_the_local_midnight_after_its_last_day(day: int, state: ItemState) -> None:
    known = Known((record("a", SKIPPED, until=DAY_1 + timedelta(days=19)),))
    assert judged(playbook(item("a")), on_day(day, 0), known=known).rows[0].state is state


def test_an_expired_skip_is_late_by_its_own_due_day() -> None:
    known = Known((record("a", SKIPPED, until=DAY_1 + timedelta(days=9)),))
    found = judged(playbook(item("a", 5)), on_day(12), known=known)
    assert [(row.item.id, row.days_late(found.today)) for row in found.late] == [("a", 7)]


def test_progress_counts_every_state_apart_and_skipped_is_never_done() -> None:
    book = playbook(
        *(item(name) for name in ("a", "b", "c", "d", "e", "f")),
        production=(item("ahead"),),
    )
    known = Known(
        (
            record("a", DONE),
            record("b", SKIPPED, until=DAY_1 + timedelta(days=90)),
            record("c", BLOCKED),
            record("d", TAKEN_OVER),
            record("e", OPEN),
            record("ahead", DONE),
        )
    )
    progress = judged(book, on_day(2), known=known).progress
    assert progress == Progress(done=1, skipped=1, blocked=1, open=2, taken_over=1)
    assert progress.total == 6


def test_progress_takes_in_the_phases_as_they_are_reached() -> None:
    book = playbook(item("a"), production=(item("b"),), scaling=(item("c"),))
    assert [judged(book, on_day(40), of=workflow(phase=phase)).progress.total for phase in tuple(PhaseName)[:3]] == [
        1,
        2,
        3,
    ]


def test_an_item_comes_after_what_must_be_done_first() -> None:
    book = playbook(item("a"), item("b"), item("c", after=("a", "b")))
    one_done = judged(book, on_day(1), known=Known((record("a", DONE),)))
    skipped = Known((record("a", DONE), record("b", SKIPPED, until=DAY_1 + timedelta(days=3))))
    assert one_done.row(ItemKey("c")).waiting_for == ("B",)
    assert judged(book, on_day(4), known=skipped).row(ItemKey("c")).waiting_for == ()
    assert judged(book, on_day(5), known=skipped).row(ItemKey("c")).waiting_for == ("B",)


def test_next_up_are_the_required_rows_that_are_not_settled_by_due_date() -> None:
    book = playbook(item("late", 9), item("soon", 2), item("optional", 1, required=False), item("done", 1))
    found = judged(book, on_day(1), known=Known((record("done", DONE),)))
    assert [row.item.id for row in found.next_up] == ["soon", "late"]


def test_an_item_is_whose_it_was_given_to_else_its_roles() -> None:
    book = playbook(item("given"), item("owners"), item("leads", role="lead"), item("nobodys", role="steward"))
    known = Known((record("given", OPEN, assignee=BEN),))
    assert {row.item.id: row.holders for row in judged(book, on_day(1), known=known).rows} == {
        "given": (BEN,),
        "owners": (ANA,),
        "leads": (LEA,),
        "nobodys": (),
    }


# Items that tick themselves


def test_an_item_ticks_itself_by_proof_of_its_kind_and_no_other() -> None:
    book = playbook(
        item("spec", done_when=DoneWhen.SPEC),
        item("eval", done_when=DoneWhen.EVAL_RUN),
        item("by_hand"),
    )
    known = Known(proofs=(proof("doc:spec", on_day(2)),))
    assert states(judged(book, on_day(1), known=known)) == {"spec": OPEN, "eval": OPEN, "by_hand": OPEN}
    assert states(judged(book, on_day(3), known=known)) == {"spec": DONE, "eval": OPEN, "by_hand": OPEN}


def test_a_memo_for_a_move_ticks_the_phase_that_it_leaves() -> None:
    memo = DoneWhen.MOVE_MEMO
    book = playbook(item("out_of_pilot", done_when=memo), production=(item("out_of_production", done_when=memo),))
    known = Known(proofs=(proof("memo:move:pilot", on_day(2)),))
    assert states(judged(book, on_day(3), known=known)) == {"out_of_pilot": DONE, "out_of_production": OPEN}


def test_machine_evidence_opens_the_item_again_when_it_gets_too_old() -> None:
    book = playbook(item("a", done_when=DoneWhen.EVAL_RUN, max_age_days=14))
    seen = on_day(3)
    known = Known(proofs=(proof("eval_run", seen - timedelta(days=9)), proof("eval_run", seen)))
    ages = (timedelta(days=14), timedelta(days=14, microseconds=1))
    assert [judged(book, seen + age, known=known).rows[0].state for age in ages] == [DONE, OPEN]


def test_a_proof_settles_what_is_blocked_but_not_what_is_skipped_or_taken_over() -> None:
    book = playbook(*(item(name, done_when=DoneWhen.SPEC) for name in ("a", "b", "c")))
    known = Known(
        (record("a", BLOCKED), record("b", SKIPPED, until=DAY_1 + timedelta(days=30)), record("c", TAKEN_OVER)),
        (proof("doc:spec", on_day(2)),),
    )
    assert states(judged(book, on_day(3), known=known)) == {"a": DONE, "b": SKIPPED, "c": TAKEN_OVER}


def test_the_roles_item_is_done_while_every_required_role_is_held() -> None:
    book = playbook(item("name_roles", done_when=DoneWhen.ROLES))
    owner, steward = Holder(Role.OWNER, ANA, on_day(1)), Holder(Role.STEWARD, BEN, on_day(4))
    both, one = workflow(holders=(owner, steward)), workflow(holders=(owner,))
    assert [judged(book, on_day(day), of=both).rows[0].state for day in (3, 5)] == [OPEN, DONE]
    assert judged(book, on_day(5), of=one).rows[0].state is OPEN
    assert (judged(book, on_day(5), of=both).vacant, judged(book, on_day(5), of=one).vacant) == ((), (Role.STEWARD,))


# Items that recur


def instances(
    day: int, *proofs: int, done_when: DoneWhen | None = DoneWhen.GRANTS_ATTESTED
) -> dict[str, tuple[int, bool]]:
    """For each instance on a day: its due day, and whether one of the proofs (by day) ticks it."""
    book = playbook(operating=(item("attest", 100, every_days=30, done_when=done_when),))
    known = Known(proofs=tuple(proof("grants_attested", on_day(each)) for each in proofs))
    found = judged(book, on_day(day), of=workflow(phase=PhaseName.OPERATING), known=known)
    return {str(row.key): ((row.due_on - DAY_1).days + 1, row.state is DONE) for row in found.rows}


def test_a_recurring_item_has_the_turns_that_came_and_the_next() -> None:
    assert {day: tuple(instances(day)) for day in (1, 99, 100, 129, 130, 190)} == {
        1: ("attest",),
        99: ("attest",),
        100: ("attest", "attest#2"),
        129: ("attest", "attest#2"),
        130: ("attest", "attest#2", "attest#3"),
        190: ("attest", "attest#2", "attest#3", "attest#4", "attest#5"),
    }
    assert [due for due, _ in instances(130).values()] == [100, 130, 160]


@pytest.mark.parametrize(
    ("proofs", "ticked"),
    [
        ((), []),
        ((70,), []),  # on the day the turn before it would have been due: too early
        ((71,), ["attest"]),
        ((71, 100), ["attest"]),  # twice within one turn ticks one turn
        ((100, 101), ["attest", "attest#2"]),
        ((101,), ["attest"]),  # late, but for the turn that is still open
        ((101, 102), ["attest", "attest#2"]),
        ((80, 135), ["attest", "attest#2"]),  # the second came late, and the third is still to be done
        ((80, 110, 131), ["attest", "attest#2", "attest#3"]),
        ((80, 110, 141), ["attest", "attest#2"]),  # not seen yet on day 140
    ],
)
def test_each_turn_is_ticked_by_the_first_proof_since_the_turn_before(
    proofs: tuple[int, ...], ticked: list[str]
) -> None:
    assert [key for key, (_, done) in instances(140, *proofs).items() if done] == ticked


def test_turns_ticked_by_hand_are_kept_apart() -> None:
    book = playbook(operating=(item("renew", 100, every_days=30),))
    found = judged(
        book,
        on_day(140),
        of=workflow(phase=PhaseName.OPERATING),
        known=Known((record("renew", DONE), record("renew#3", BLOCKED))),
    )
    assert states(found) == {"renew": DONE, "renew#2": OPEN, "renew#3": BLOCKED}
    assert [(str(row.key), row.days_late(found.today)) for row in found.late] == [("renew#2", 10)]


def test_a_pause_moves_the_turns_too() -> None:
    book = playbook(operating=(item("attest", 100, every_days=30, done_when=DoneWhen.GRANTS_ATTESTED),))
    of = workflow(phase=PhaseName.OPERATING, paused_days=10)
    known = Known(proofs=(proof("grants_attested", on_day(80)), proof("grants_attested", on_day(81))))
    found = judged(book, on_day(139), of=of, known=known)
    assert [((row.due_on - DAY_1).days + 1, row.state) for row in found.rows] == [(110, DONE), (140, OPEN)]


def test_what_was_due_before_a_workflow_was_taken_over_is_due_when_its_phase_ends() -> None:
    of = workflow(phase=PhaseName.PRODUCTION)
    book = playbook(item("early", 5), production=(item("missed", 35), item("ahead", 55)))
    known = Known(records=(record("early", TAKEN_OVER, changed_at=on_day(40)),))

    def due(known: Known, day: int) -> dict[str, date]:
        return {row.item.id: row.due_on for row in judged(book, on_day(day), of=of, known=known).rows}

    planned = due(Known(), 40)
    assert due(known, 40) == planned | {"missed": of.date_of(60)}
    assert [row.item.id for row in judged(book, on_day(40), of=of, known=known).late] == []
    assert [row.item.id for row in judged(book, on_day(61), of=of, known=known).late] == ["ahead", "missed"]
