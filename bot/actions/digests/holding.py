"""Digests that a person has to decide about, and those that are given up: admins are told, once."""

from bot.actions.desk import Turn
from bot.actions.findings.tracking import track_told
from bot.domain.digests.editions import Edition, EditionState, HoldCause
from bot.domain.digests.records import value_of
from bot.domain.errors import Conflict, NotAllowed
from bot.domain.facts import DigestConfirmed, DigestHeld, DigestMissed, DigestReleased, FindingsTracked
from bot.domain.people import Told
from bot.domain.rights import demand_person
from store import Posting, outbox

HELD, HOLDS, MISSED = "digest_held", "digest_holds", "digest_missed"
"""The kinds of messages to admins: a digest waits for them, that message brought up to date, a digest was missed."""


def hold(turn: Turn, posting: Posting, cause: HoldCause, reason: str) -> None:
    """The digest kept for an admin to decide, unless someone else has it by now."""
    edition = turn.change.digests.one(_digest_of(posting))
    if not turn.change.in_outbox(lambda box: outbox.hold(box, posting, reason)):
        return
    if edition.state is not EditionState.FROZEN:
        return
    fact = DigestHeld(
        digest_id=edition.id,
        audience=edition.audience,
        week=edition.week,
        channel=edition.channel,
        cause=cause,
        reason=reason,
    )
    turn.record(fact)
    turn.tell(_about(turn, HELD, edition, edition.holds + 1))


def give_up(turn: Turn, posting: Posting, reason: str) -> None:
    """A digest that could not be posted in time, given up by whoever tried last."""
    if turn.change.in_outbox(lambda box: outbox.miss(box, posting, reason)):
        miss(turn, _digest_of(posting), reason)


def miss(turn: Turn, digest_id: str, reason: str) -> None:
    """The digest recorded as missed, and admins told; nothing, where something became of it after all."""
    edition = turn.change.digests.one(digest_id)
    if not edition.state.is_open:
        return
    if edition.state is EditionState.HELD:
        mark = turn.change.digests.mark(edition, 0)
        turn.change.in_outbox(lambda box: outbox.miss_held(box, mark, reason))
    turn.record(DigestMissed(digest_id=edition.id, audience=edition.audience, week=edition.week, reason=reason))
    turn.tell((*_about(turn, MISSED, edition, 1), *_up_to_date(edition)))


def confirm(turn: Turn, digest_id: str) -> None:
    """The digest counts as posted: an admin saw that it is there."""
    edition = _held(turn, digest_id)
    mark = turn.change.digests.mark(edition, 0)
    turn.change.in_outbox(lambda box: outbox.confirm_held(box, mark, edition.channel, None))
    turn.record(DigestConfirmed(digest_id=edition.id, audience=edition.audience, week=edition.week))
    remember(turn, edition)
    turn.tell(_up_to_date(edition))


def remember(turn: Turn, edition: Edition) -> None:
    """What a digest that stands in its channel told of, known from now on; of one that never came nothing is."""
    if isinstance(edition.told, dict):
        track_told(turn, value_of(FindingsTracked, edition.told))


def release(turn: Turn, digest_id: str) -> None:
    """The digest is to be posted, whatever held it: an admin saw that it is not there, or may be read there."""
    edition = _held(turn, digest_id)
    assert edition.cause is not None
    mark = turn.change.digests.mark(edition, 0)
    turn.change.in_outbox(lambda box: outbox.release_held(box, mark, turn.at))
    fact = DigestReleased(digest_id=edition.id, audience=edition.audience, week=edition.week, despite=edition.cause)
    turn.record(fact)
    turn.tell(_up_to_date(edition))


def demand_admin(turn: Turn) -> None:
    """Nothing, if an admin asks; else a refusal."""
    demand_person(turn.actor)
    if turn.actor.admin_because is None:
        raise NotAllowed("What becomes of a held digest is for an admin (ROLLOUT_ADMINS) to say: ask one of them.")
    turn.change.allowed_because(turn.actor.admin_because)


def _held(turn: Turn, digest_id: str) -> Edition:
    demand_admin(turn)
    edition = turn.change.digests.one(digest_id)
    if edition.state is not EditionState.HELD:
        raise Conflict(f"The digest of {edition.week} does not wait for you any more: {_BECAME[edition.state]}")
    return edition


_BECAME = {
    EditionState.DUE: "it is being drafted.",
    EditionState.FROZEN: "somebody said to post it.",
    EditionState.POSTED: "it stands in its channel.",
    EditionState.MISSED: "it was too late, and it is recorded as missed.",
    EditionState.SKIPPED: "it has nothing to say.",
}


def _digest_of(posting: Posting) -> str:
    assert isinstance(posting.body, dict)
    return str(posting.body["digest"])


def _about(turn: Turn, kind: str, edition: Edition, time: int) -> tuple[Told, ...]:
    return to_admins(turn, kind, f"{edition.id}:{time}", (("digest", edition.id), ("time", str(time))))


def to_admins(turn: Turn, kind: str, key: str, about: tuple[tuple[str, str], ...]) -> tuple[Told, ...]:
    """A direct message for each admin who is here, or where none is, for each; once, whoever finds the same."""
    here = turn.deciders.absences.here_among(turn.deciders.admins) or turn.deciders.admins
    return tuple(Told(kind, admin.handle, about, f"{kind}:{key}:{admin.handle}") for admin in here if admin.handle)


def _up_to_date(edition: Edition) -> tuple[Told, ...]:
    """What admins were told of it, as it stands now."""
    about = (("digest", edition.id), ("time", str(edition.holds)))
    return (Told(HOLDS, edition.channel, about, f"{HOLDS}:{edition.id}:{edition.holds}"),) if edition.holds else ()
