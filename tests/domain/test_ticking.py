"""What may become of an item next."""

from datetime import timedelta

import pytest

from bot.domain import ticking
from bot.domain.checklists import Known, Row
from bot.domain.errors import BadInput, Conflict, Refused
from bot.domain.facts import ItemAssigned, ItemBlocked, ItemDone, ItemReopened, ItemRestored, ItemSkipped
from bot.domain.items import ItemKey, ItemRecord, ItemState, Proof
from bot.domain.people import FreeText
from bot.domain.playbook import DoneWhen, EvidenceKind, Item
from bot.domain.ticking import Given
from tests.domain.samples import ANA, BEN, DAY_1, LINK, item, judged, on_day, playbook, proof, record, workflow

OF = workflow()
UNTIL = DAY_1 + timedelta(days=30)


def row(defined: Item, *known: ItemRecord | Proof, others: tuple[Item, ...] = ()) -> Row:
    """The row of an item on day 3, with what is known of it."""
    records = tuple(each for each in known if isinstance(each, ItemRecord))
    proofs = tuple(each for each in known if isinstance(each, Proof))
    found = judged(playbook(defined, *others), on_day(3), known=Known(records, proofs))
    return found.row(ItemKey(defined.id))


PLAIN, PROVEN = item("plain"), item("proven", evidence=LINK)
SELF = item("self", done_when=DoneWhen.SPEC)
OPEN, DONE, BLOCKED = (record("plain", state) for state in (ItemState.OPEN, ItemState.DONE, ItemState.BLOCKED))
SKIPPED = record("plain", ItemState.SKIPPED, until=UNTIL)
TICKED = row(SELF, proof("doc:spec", on_day(2), "the spec was accepted"))


def test_a_tick_says_what_was_before_and_what_proves_it() -> None:
    assert ticking.check(OF, row(PROVEN), Given(" https://docs.example/1 ", "")) == ItemDone(
        workflow_id="wf_1",
        item="proven",
        seen_version=0,
        before=ItemState.OPEN,
        evidence_kind="link",
        evidence=FreeText("https://docs.example/1"),
        note=None,
    )
    assert ticking.check(OF, row(PLAIN, BLOCKED), Given(note="Easier than thought.")) == ItemDone(
        workflow_id="wf_1",
        item="plain",
        seen_version=1,
        before=ItemState.BLOCKED,
        evidence_kind=None,
        evidence=None,
        note=FreeText("Easier than thought."),
    )


@pytest.mark.parametrize("kind", list(EvidenceKind))
def test_an_item_that_asks_for_evidence_is_not_ticked_without(kind: EvidenceKind) -> None:
    wanted = row(item("proven", evidence=kind))
    with pytest.raises(BadInput, match=f"“Proven” needs evidence .{ticking.asked_for(kind)}") as refusal:
        ticking.check(OF, wanted, Given(note="Trust me."))
    assert refusal.value.field == "evidence"


@pytest.mark.parametrize("done_when", list(DoneWhen))
def test_nobody_ticks_by_hand_what_ticks_itself(done_when: DoneWhen) -> None:
    with pytest.raises(Refused) as refusal:
        ticking.check(OF, row(item("self", done_when=done_when)), Given("https://docs.example"))
    why = ticking.ticks_itself_when(done_when)
    assert str(refusal.value) == f"“Self” ticks itself when {why}; nobody ticks it by hand."


def test_what_is_done_is_not_done_again() -> None:
    with pytest.raises(Conflict, match="“Plain” is done already: Ana marked it on 2 Mar at 12:00 UTC"):
        ticking.check(OF, row(PLAIN, DONE), Given())


def test_what_comes_after_something_else_waits_for_it() -> None:
    after = item("after", after=("plain",))
    with pytest.raises(Refused, match="“After” comes after “Plain”, which is still open"):
        ticking.check(OF, row(after, others=(PLAIN,)), Given())
    assert ticking.check(OF, row(after, DONE, others=(PLAIN,)), Given()).item == "after"


@pytest.mark.parametrize(("known", "before"), [((), "open"), ((OPEN,), "open"), ((BLOCKED,), "blocked")])
def test_what_is_not_settled_can_be_blocked_with_a_reason(known: tuple[ItemRecord, ...], before: str) -> None:
    found = row(PLAIN, *known)
    assert ticking.block(OF, found, "No access.") == ItemBlocked(
        workflow_id="wf_1",
        item="plain",
        seen_version=found.version,
        before=ItemState(before),
        note=FreeText("No access."),
    )
    with pytest.raises(BadInput, match="Please say what blocks it"):
        ticking.block(OF, found, "")


@pytest.mark.parametrize("found", [row(PLAIN, DONE), row(PLAIN, SKIPPED), TICKED])
def test_what_is_settled_is_neither_blocked_nor_skipped(found: Row) -> None:
    with pytest.raises(Conflict, match="already"):
        ticking.block(OF, found, "No access.")
    with pytest.raises(Conflict, match="already"):
        ticking.demand_skippable(found, UNTIL, DAY_1)


@pytest.mark.parametrize("known", [DONE, SKIPPED, BLOCKED, record("plain", ItemState.TAKEN_OVER)])
def test_whatever_was_marked_can_be_opened_again(known: ItemRecord) -> None:
    assert ticking.reopen(OF, row(PLAIN, known), "") == ItemReopened(
        workflow_id="wf_1", item="plain", seen_version=1, before=known.state, note=None
    )


def test_nobody_opens_what_is_open_or_what_ticked_itself() -> None:
    with pytest.raises(Conflict, match="“Plain” is open already, so there is nothing to reopen"):
        ticking.reopen(OF, row(PLAIN), "")
    with pytest.raises(Refused, match=r"“Self” ticked itself \(the spec was accepted\); it opens again by itself"):
        ticking.reopen(OF, TICKED, "")


def test_restoring_gives_back_the_state_before_and_refuses_where_there_is_none() -> None:
    assert ticking.restore(OF, row(PLAIN, DONE)) == ItemRestored(
        workflow_id="wf_1", item="plain", seen_version=1, before=ItemState.DONE, state=ItemState.OPEN
    )
    for untouched in (row(PLAIN), row(PLAIN, record("plain", ItemState.OPEN, assignee=BEN, before=None))):
        with pytest.raises(Refused, match="Nothing was changed about “Plain” yet"):
            ticking.restore(OF, untouched)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (-1, "A skip ends on a later day than today"),
        (0, "A skip ends on a later day than today"),
        (181, "A skip lasts at most 180 days"),
    ],
)
def test_a_skip_ends_on_a_later_day_within_half_a_year(days: int, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refusal:
        ticking.demand_skippable(row(PLAIN), DAY_1 + timedelta(days=days), DAY_1)
    assert refusal.value.field == "until"
    for fits in (1, 180):
        ticking.demand_skippable(row(PLAIN), DAY_1 + timedelta(days=fits), DAY_1)


def test_a_skip_names_the_request_that_allowed_it() -> None:
    assert ticking.skip(OF, row(PLAIN, BLOCKED), UNTIL, "req_1") == ItemSkipped(
        workflow_id="wf_1", item="plain", seen_version=1, before=ItemState.BLOCKED, until=UNTIL, request_id="req_1"
    )


def test_an_item_passes_from_one_to_another_but_not_to_whom_it_belongs() -> None:
    bens = row(PLAIN, record("plain", ItemState.OPEN, assignee=BEN))
    assert ticking.assign(OF, bens, ANA) == ItemAssigned(
        workflow_id="wf_1", item="plain", seen_version=1, person=ANA.id, before=BEN.id
    )
    with pytest.raises(Conflict, match="“Plain” is Ben's already"):
        ticking.assign(OF, bens, BEN)


def test_whoever_saw_another_version_is_told_who_changed_what() -> None:
    blocked = row(PLAIN, BLOCKED)
    for seen in (None, 1):
        ticking.demand_seen(blocked, seen)
    with pytest.raises(Conflict) as told:
        ticking.demand_seen(blocked, 0)
    assert str(told.value) == (
        "This item changed while you were at it: Ana marked it blocked on 2 Mar at 12:00 UTC. "
        "Look at it again; what you typed was not saved."
    )
    with pytest.raises(Conflict, match="Ana marked it open on 2 Mar at 12:00 UTC and it is Ben's"):
        ticking.demand_seen(row(PLAIN, record("plain", ItemState.OPEN, assignee=BEN)), 0)


def test_every_way_to_tick_itself_is_put_in_words() -> None:
    assert len({ticking.ticks_itself_when(done_when) for done_when in DoneWhen}) == len(DoneWhen)
