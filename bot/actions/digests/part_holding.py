"""Parts of a posted digest's thread that a person has to decide about; those after it wait with it."""

from bot.actions.desk import Turn
from bot.actions.digests.delivering import put_following
from bot.actions.digests.holding import demand_admin, to_admins
from bot.domain.digests.editions import Edition, HoldCause
from bot.domain.digests.pages import message_of
from bot.domain.errors import Conflict
from bot.domain.facts import DigestPartConfirmed, DigestPartHeld, DigestPartReleased
from bot.domain.people import Told
from store import Posting, outbox

HELD, HOLDS = "digest_part_held", "digest_part_holds"
"""The kinds of messages to admins: a part waits for them; that message brought up to date."""


def hold(turn: Turn, posting: Posting, cause: HoldCause, reason: str) -> None:
    """The part kept for an admin to decide, unless someone else has it by now."""
    body = posting.body
    assert isinstance(body, dict)
    edition, part = turn.change.digests.one(str(body["digest"])), int(str(body["part"]))
    if not turn.change.in_outbox(lambda box: outbox.hold(box, posting, reason)):
        return
    fact = DigestPartHeld(
        digest_id=edition.id,
        audience=edition.audience,
        week=edition.week,
        channel=edition.channel,
        part=part,
        cause=cause,
        reason=reason,
    )
    turn.record(fact)
    about = (("digest", edition.id), ("part", str(part)), ("cause", str(cause)))
    turn.tell(to_admins(turn, HELD, f"{edition.id}:{part}:{posting.attempt}", about))


def confirm(turn: Turn, digest_id: str, part: int, cause: HoldCause) -> None:
    """The part counts as posted: an admin saw that it is there."""
    edition, held = _held(turn, digest_id, part)
    turn.change.in_outbox(lambda box: outbox.confirm_held(box, held.id, edition.channel, None))
    turn.record(DigestPartConfirmed(digest_id=edition.id, audience=edition.audience, week=edition.week, part=part))
    put_following(turn, edition, part, plain=edition.is_plain(message_of(edition, part)))
    turn.tell((_up_to_date(edition, held, part, cause),))


def release(turn: Turn, digest_id: str, part: int, cause: HoldCause) -> None:
    """The part is to be posted, whatever held it: an admin saw that it is not there, or may be read there."""
    edition, held = _held(turn, digest_id, part)
    body = {"digest": edition.id, "part": str(part), "despite": str(cause)}
    turn.change.in_outbox(lambda box: outbox.release_held(box, held.id, turn.at, body))
    fact = DigestPartReleased(
        digest_id=edition.id, audience=edition.audience, week=edition.week, part=part, despite=cause
    )
    turn.record(fact)
    turn.tell((_up_to_date(edition, held, part, cause),))


def _held(turn: Turn, digest_id: str, part: int) -> tuple[Edition, Posting]:
    demand_admin(turn)
    edition = turn.change.digests.one(digest_id)
    held = turn.change.in_outbox(lambda box: outbox.find(box, edition.part_key(part)))
    if held is None or held.state != "held":
        raise Conflict(f"This part of the digest of {edition.week} does not wait for you any more.")
    return edition, held


def _up_to_date(edition: Edition, held: Posting, part: int, cause: HoldCause) -> Told:
    """What admins were told of it, as it stands now."""
    about = (("digest", edition.id), ("part", str(part)), ("cause", str(cause)))
    return Told(HOLDS, edition.channel, about, f"{HOLDS}:{edition.id}:{part}:{held.attempt}")
