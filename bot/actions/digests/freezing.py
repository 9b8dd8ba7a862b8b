"""A digest from its slot to what it says: noted when due, drafted, and kept exactly as it will be sent."""

from collections.abc import Mapping

from bot.actions.desk import SCHEDULER, Asked, Desk, Turn
from bot.actions.digests.holding import miss
from bot.actions.findings.owing import note_met
from bot.actions.findings.tracking import told_by, track_now
from bot.domain.digests.audiences import Audience, Presence, as_present, audiences, came_and_went, team_id_of
from bot.domain.digests.editions import Drafted, Edition, EditionState, Occasion
from bot.domain.digests.records import record_of
from bot.domain.digests.slots import due_slots
from bot.domain.facts import DigestFrozen, DigestSkipped
from bot.domain.findings.judgement import Judgement
from bot.domain.findings.weeks import Weeks
from store import View, outbox
from store.outbox import Letter

KIND = "digest"
"""The kind of posting under which a digest's messages wait in the outbox."""


def audiences_now(desk: Desk, view: View) -> tuple[Audience, ...]:
    """Everyone who reads a digest, as the settings and the teams have it."""
    known = view.digests.presences()
    everyone = audiences(desk.configured.leaders, view.digests.begun_at(), view.teams())
    return tuple(as_present(audience, known.get(audience.id)) for audience in everyone)


def note(desk: Desk) -> tuple[Edition, ...]:
    """The digests that are not posted yet, those among them that became due by now; whoever looks first notes them."""
    now = desk.clock.now()
    with desk.reading() as view:
        moved = came_and_went(audiences_now(desk, view), view.digests.presences(), now)
    if moved:
        desk.do(Asked(SCHEDULER), note_readers, moved)
    with desk.reading() as view:
        everyone = audiences_now(desk, view)
        owed = any(due_slots(each, view.digests.last_slot(each.id), now) for each in everyone)
    if owed:
        desk.do(Asked(SCHEDULER), note_due, everyone)
    with desk.reading() as view:
        return view.digests.still_open()


def go_on(desk: Desk, edition: Edition) -> None:
    """A digest one step on: frozen if it is due, given up if it is held or unfrozen and its time is over.

    Whatever happens in between, and however many replicas do it at once, each step is done once. One that is frozen
    is the outbox's, which also gives it up.
    """
    if edition.state is EditionState.FROZEN:
        return
    if edition.slot.is_over(desk.clock.now()):
        desk.do(Asked(SCHEDULER), miss, edition.id, _TOO_LATE[edition.state])
    elif edition.state is EditionState.DUE:
        _freeze(desk, edition)


_TOO_LATE = {
    EditionState.DUE: "No bot was running, or it could not draft the digest.",
    EditionState.HELD: "It was held, and nobody decided.",
}


def note_readers(turn: Turn, moved: Mapping[str, Presence]) -> None:
    """Which audiences there are from now on, so that none misses what was due while it was none."""
    for audience, presence in moved.items():
        turn.change.note_audience(audience, presence)


def note_due(turn: Turn, everyone: tuple[Audience, ...]) -> None:
    """A row for every slot that is owed by now; where one stands already, nothing."""
    for audience in everyone:
        for slot in due_slots(audience, turn.change.digests.last_slot(audience.id), turn.at):
            turn.change.note_due(audience, slot)


def _freeze(desk: Desk, edition: Edition) -> None:
    assert desk.draft is not None
    with desk.reading() as view:
        audience = next((each for each in audiences_now(desk, view) if each.id == edition.audience), None)
    weeks = Weeks(edition.slot.at, edition.slot.zone)
    drafted = desk.draft(Occasion(edition.id, audience, weeks, edition.first)) if audience else None
    desk.do(Asked(SCHEDULER), freeze, edition.id, drafted)


def freeze(turn: Turn, digest_id: str, drafted: Drafted | None) -> None:
    """What a digest says kept for good, and put aside to be sent; whoever comes second changes nothing.

    None skips it: it has nothing to say, or its audience wants none any more.
    """
    change = turn.change
    edition = change.digests.one(digest_id)
    if edition.state is not EditionState.DUE:
        return
    if drafted is None or not drafted.messages:
        turn.record(DigestSkipped(digest_id=edition.id, audience=edition.audience, week=edition.week))
        return
    judged, team_id = drafted.judgement, team_id_of(edition.audience)
    told = record_of(told_by(change, judged, team_id)) if judged else None
    inputs_sha256, messages_sha256 = change.keep_digest(edition.id, drafted.inputs, drafted.messages, told)
    fact = DigestFrozen(
        digest_id=edition.id,
        audience=edition.audience,
        week=edition.week,
        channel=edition.channel,
        slot_at=edition.slot.at,
        zone=edition.slot.zone,
        messages=len(drafted.messages),
        inputs_sha256=inputs_sha256,
        messages_sha256=messages_sha256,
    )
    turn.record(fact)
    if judged:
        note_passed(turn, judged)
    put_part(turn, edition, 0)


def keep_judgement(turn: Turn, judgement: Judgement) -> None:
    """What a leaders' digest with this judgement changes once it is read: what overrides owe no more, its findings."""
    note_passed(turn, judgement)
    track_now(turn, judgement)


def note_passed(turn: Turn, judgement: Judgement) -> None:
    """What overrides owe no more, recorded whether or not anybody reads the digest."""
    # Always in the same order, so that two digests at once never wait for each other.
    for look in sorted(judgement.looks, key=lambda look: look.workflow.id):
        if look.records.met:
            note_met(turn, look.workflow.id, look.records.met, judgement.weeks.at)


def put_part(turn: Turn, edition: Edition, part: int) -> None:
    """One message of a digest in the outbox, under a mark that stays the same whoever puts it again."""
    letter = Letter(
        kind=KIND,
        dedupe_key=edition.part_key(part),
        target=edition.channel,
        body={"digest": edition.id, "part": str(part)},
        not_before=turn.at,
        id=turn.change.digests.mark(edition, part),
    )
    turn.change.in_outbox(lambda box: outbox.put(box, letter, turn.at))
