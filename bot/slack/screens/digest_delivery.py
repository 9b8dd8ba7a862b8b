"""What a digest's message says of its own delivery, and what admins hear of one that did not come."""

from zoneinfo import ZoneInfo

from bot.domain.digests.audiences import LEADERS
from bot.domain.digests.editions import Edition, EditionState, HoldCause
from bot.domain.digests.slots import CATCH_UP
from bot.domain.people import Person
from bot.slack.blocks import MESSAGE_BLOCKS, Screen, actions, button, confirmed, context, section
from bot.slack.pen import Pen


def as_sent(edition: Edition, part: int, *, late: bool, plain: bool) -> Screen:
    """One message of a digest as it goes out: as it was frozen, and that it comes late where it does.

    `plain` leaves only its words, for when Slack refuses the blocks. Blocks beyond Slack's limit are counted.
    """
    message = edition.messages[part]
    text, blocks = str(message["text"]), message.get("blocks") or []
    assert isinstance(blocks, list)
    pen = Pen(ZoneInfo(edition.slot.zone))
    said = [context(pen.md("digest_delivery.late", slot=edition.slot))] if late else []
    if late:
        text = f"{text} {pen.md('digest_delivery.late_text', slot=edition.slot)}"
    if plain:
        return Screen(text, ())
    room = MESSAGE_BLOCKS - len(said)
    if len(blocks) > room:
        more = len(blocks) - room + 1
        blocks = [*blocks[: room - 1], context(pen.md("digest_delivery.more", count=more))]
    return Screen(text, (*blocks, *said))


def held_screen(pen: Pen, edition: Edition, team: str | None, by: Person | None) -> Screen:
    """Why a digest waits, with the two things an admin can say; afterwards what became of it."""
    about = {"e": edition, "which": _which(pen, edition, team), "until": edition.slot.at + CATCH_UP}
    if edition.state is not EditionState.HELD:
        text = pen.md("digest_delivery.settled", by=by, **about)
        return Screen(text, (section(text),))
    text = pen.md("digest_delivery.held", **about)
    there = button("It is there", "digest.there", edition.id)
    post = button("Post it", "digest.post", edition.id, style="primary")
    if edition.cause is HoldCause.SHARED:
        sure = "Everybody in that channel reads it, the other company too. Later digests are asked about again."
        post = confirmed(post, "Post it to the other company too?", sure, "Post it")
    return Screen(text, (section(text), actions(there, post)))


def missed_screen(pen: Pen, edition: Edition, team: str | None) -> Screen:
    """That a digest did not come, and will not come any more."""
    text = pen.md("digest_delivery.missed", e=edition, which=_which(pen, edition, team))
    return Screen(text, (section(text),))


def _which(pen: Pen, edition: Edition, team: str | None) -> str:
    whose = "leaders" if edition.audience == LEADERS else team or "a team"
    return pen.md("digest_delivery.which", e=edition, whose=whose)
