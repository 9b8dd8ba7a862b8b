"""`playbook move`: the difference between two playbooks for one workflow, and whether someone has to agree."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from bot.domain.checklists import Checklist, Known, checklist
from bot.domain.checks import EvalPassed, MemoFiled
from bot.domain.items import ItemState
from bot.domain.loosening import Turn
from bot.domain.playbook import DoneWhen, EvidenceKind, Item, PhaseName, Playbook
from bot.domain.playbook_moves import Change, PlaybookDifference, difference
from bot.domain.risk import Effect, Tier
from bot.domain.thresholds import Threshold
from tests.domain.samples import item, judged, on_day, playbook, proof, record, workflow
from tests.gates.evidence import AT, book

LOOSENED, TIGHTENED, NEITHER = Turn.LOOSENED, Turn.TIGHTENED, Turn.NEITHER


def between(old: Playbook, new: Playbook, known: Known | None = None) -> PlaybookDifference:
    """The difference for a workflow of which `known` is recorded."""

    def under(chosen: Playbook) -> Checklist:
        return checklist(workflow(), chosen, known or Known(), AT)

    return difference(under(old), under(new))


def with_phase(chosen: Playbook, name: PhaseName, **fields: Any) -> Playbook:
    """The same playbook with another phase."""
    phases = (replace(phase, **fields) if phase.name is name else phase for phase in chosen.phases)
    return replace(chosen, phases=tuple(phases))


def one(old: Item, new: Item) -> tuple[Change, ...]:
    """What changes where one item does."""
    return between(playbook(old), playbook(new)).changes


def test_a_playbook_moved_to_itself_changes_nothing() -> None:
    for name in ("ninety_day", "ninety_day_high_risk", "starter"):
        found = between(book(name), book(name))
        assert (found.is_empty, found.changes, found.needs_approver) == (True, (), False)


def test_a_stricter_playbook_needs_no_approver() -> None:
    found = between(book("ninety_day"), book("ninety_day_high_risk"))
    assert (found.old, found.new) == ("ninety_day, version 1", "ninety_day_high_risk, version 1")
    assert found.added == (
        "name_red_team",
        "list_attacks",
        "brief_red_team",
        "pass_red_team",
        "mend_findings",
        "repeat_red_team",
    )
    assert (found.dropped, found.changed, found.loosened, found.needs_approver) == ((), (), (), False)
    assert found.changes[0] == Change(
        "production gate red_team_accepted domains", "billing, auth, pii", "general, billing, auth, pii", TIGHTENED
    )


def test_the_way_back_loosens_and_needs_an_approver() -> None:
    found = between(book("ninety_day_high_risk"), book("ninety_day"))
    assert found.needs_approver
    assert Change("item pass_red_team", "required", "gone", LOOSENED) in found.loosened
    assert found.tightened == ()


def test_the_starter_is_looser_in_its_bars_and_tighter_in_what_goes_unattended() -> None:
    found = between(book("ninety_day"), book("starter"))
    bars = [change for change in found.changes if change.where.endswith(" bar")]
    assert bars == [
        Change("pilot gate eval_passed bar", "min_pass 0.95", "lower_bound 0.910", LOOSENED),
        Change("production gate reviews_held bar", "max_override 0.10", "overrides 0.215 of at least 15", LOOSENED),
    ]
    assert Change("scaling unattended", "low, medium", "low", TIGHTENED) in found.tightened


def test_done_items_are_kept_by_their_id_and_others_are_told() -> None:
    old = playbook(item("a"), item("b"), item("seen", done_when=DoneWhen.SPEC), item("mine"), item("skipped"))
    new = playbook(item("a", 9), item("seen", done_when=DoneWhen.SPEC), item("mine", done_when=DoneWhen.EVAL_RUN))
    done = tuple(record(name, ItemState.DONE) for name in ("a", "b", "mine"))
    known = Known((*done, record("skipped", ItemState.SKIPPED)), (proof(DoneWhen.SPEC, on_day(2)),))
    found = between(old, new, known)
    assert (found.kept_done, found.undone) == (("a", "seen"), ("b", "mine"))
    assert (found.added, found.dropped, found.changed) == ((), ("b", "skipped"), ("a", "mine"))


def test_a_later_due_day_loosens_and_other_words_do_not() -> None:
    assert one(item("a", 5), item("a", 6, title="Other")) == (
        Change("item a title", "A", "Other", NEITHER),
        Change("item a due_day", "5", "6", LOOSENED),
    )


def test_nobody_waits_for_an_optional_item() -> None:
    optional = item("a", required=False, evidence=EvidenceKind.LINK)
    assert one(optional, item("a", 9, required=False)) == (
        Change("item a due_day", "5", "9", NEITHER),
        Change("item a proof", "link", "none", NEITHER),
    )
    assert one(optional, replace(optional, required=True)) == (Change("item a required", "no", "yes", TIGHTENED),)
    gone = between(playbook(optional), playbook())
    assert (gone.changes, gone.needs_approver) == ((Change("item a", "optional", "gone", NEITHER),), False)


def test_an_item_that_changes_its_phase_is_no_longer_waited_for_at_its_gate() -> None:
    found = between(playbook(item("a", 30)), playbook(production=(item("a", 30),)))
    assert found.changes == (Change("item a phase", "pilot", "production", LOOSENED),)


def test_a_proof_that_weakens_is_named() -> None:
    assert one(item("a", done_when=DoneWhen.SPEC), item("a")) == (Change("item a proof", "doc:spec", "none", LOOSENED),)


def test_a_check_that_goes_or_comes_is_named() -> None:
    whole = book("ninety_day")
    gate = whole.phase(PhaseName.PILOT).gate
    assert gate is not None
    fewer = with_phase(
        whole,
        PhaseName.PILOT,
        gate=replace(gate, checks=tuple(check for check in gate.checks if not isinstance(check, MemoFiled))),
    )
    assert between(whole, fewer).changes == (Change("pilot gate memo_filed", "asked for", "not asked for", LOOSENED),)
    assert between(fewer, whole).changes == (Change("pilot gate memo_filed", "not asked for", "asked for", TIGHTENED),)


def test_each_number_of_a_check_is_named() -> None:
    whole = book("ninety_day")
    gate = whole.phase(PhaseName.PILOT).gate
    assert gate is not None
    other = EvalPassed(150, 7, Decimal("0.96"), None)
    changed = tuple(other if isinstance(check, EvalPassed) else check for check in gate.checks)
    assert between(whole, with_phase(whole, PhaseName.PILOT, gate=replace(gate, checks=changed))).changes == (
        Change("pilot gate eval_passed min_cases", "200", "150", LOOSENED),
        Change("pilot gate eval_passed max_age_days", "14", "7", TIGHTENED),
        Change("pilot gate eval_passed bar", "min_pass 0.95", "min_pass 0.96", TIGHTENED),
    )


def test_every_threshold_that_changes_is_named() -> None:
    whole = book("ninety_day")
    for threshold in whole.thresholds:
        raised = Threshold(threshold.rule, threshold.name, threshold.value + 1)
        other = replace(whole, thresholds=tuple(raised if t == threshold else t for t in whole.thresholds))
        assert [(c.where, c.before, c.after) for c in between(whole, other).changes] == [
            (f"{threshold.rule}.{threshold.name}", str(threshold.value), str(raised.value))
        ]


def test_more_autonomy_and_a_longer_phase_loosen() -> None:
    whole = book("starter")
    scaling = whole.phase(PhaseName.SCALING)
    freer = replace(scaling.autonomy, unattended=(Tier.LOW, Tier.MEDIUM))
    assert between(whole, with_phase(whole, PhaseName.SCALING, autonomy=freer, last_day=95)).changes == (
        Change("scaling last_day", "90", "95", LOOSENED),
        Change("scaling unattended", "low", "low, medium", LOOSENED),
    )
    attended = replace(scaling.autonomy, attended=(Effect.EXTERNAL,))
    assert between(whole, with_phase(whole, PhaseName.SCALING, autonomy=attended)).changes == (
        Change("scaling attended", "none", "external", TIGHTENED),
    )


def test_fewer_required_roles_loosen_and_holidays_do_not() -> None:
    whole = playbook(item("a"))
    other = replace(whole, required_roles=("owner",), holiday_calendar="PT")
    assert difference(judged(whole, AT), judged(other, AT)).changes == (
        Change("required_roles", "owner, steward", "owner", LOOSENED),
        Change("holiday_calendar", "none", "PT", NEITHER),
    )
