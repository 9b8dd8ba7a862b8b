"""What a digest's message says of its own delivery, and what admins hear of one that did not come."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.domain.digests.audiences import LEADERS
from bot.domain.digests.editions import Edition, EditionState, HoldCause
from bot.domain.digests.pages import message_of, page_of, pages, parts
from bot.domain.digests.slots import CATCH_UP
from bot.domain.people import Person
from bot.slack.blocks import MESSAGE_BLOCKS, Screen, actions, button, confirmed, context, section
from bot.slack.pen import Pen


def as_sent(edition: Edition, part: int, *, late: bool, plain: bool) -> Screen:
    """One message of a digest as it goes out: as it was frozen, and that it comes late where it does.

    `plain` leaves the words, a page of them, for when Slack refuses the blocks. Blocks beyond Slack's limit are
    counted.
    """
    message = edition.messages[message_of(edition, part)]
    text, blocks = str(message["text"]), message.get("blocks") or []
    assert isinstance(blocks, list)
    pen = Pen(ZoneInfo(edition.slot.zone))
    if plain:
        text = pages(message)[page_of(edition, part)]
    if late:
        first, end, rest = text.partition("\n")
        text = f"{first} {_late_words(edition)}{end}{rest}"
    if plain:
        return Screen(text, ())
    said = [context(pen.md("digest_delivery.late", slot=edition.slot))] if late else []
    room = MESSAGE_BLOCKS - len(said)
    if len(blocks) > room:
        more = len(blocks) - room + 1
        blocks = [*blocks[: room - 1], context(pen.md("digest_delivery.more", count=more))]
    return Screen(text, (*blocks, *said))


def screens_sent(edition: Edition) -> tuple[Screen, ...]:
    """Every message of a posted digest exactly as it was sent, the one in the channel first."""
    return tuple(
        as_sent(edition, part, late=edition.late and not part, plain=edition.is_plain(message_of(edition, part)))
        for part in parts(edition)
    )


def is_plain(standing: Screen) -> bool:
    """Whether Slack took only the words of a message that stands there; of such words it makes rich text."""
    return all(block.get("type") == "rich_text" for block in standing.blocks)


def says_late(edition: Edition, standing: Screen) -> bool:
    """Whether a message of the digest that stands there says that it is late."""
    return _late_words(edition) in standing.text


def _late_words(edition: Edition) -> str:
    return Pen(ZoneInfo(edition.slot.zone)).md("digest_delivery.late_text", slot=edition.slot)


def held_screen(pen: Pen, edition: Edition, team: str | None, by: Person | None) -> Screen:
    """Why a digest waits, with the two things an admin can say; afterwards what became of it."""
    about = {"e": edition, "which": _which(pen, edition, team), "until": edition.slot.at + CATCH_UP}
    if edition.state is not EditionState.HELD:
        text = pen.md("digest_delivery.settled", by=by, **about)
        return Screen(text, (section(text),))
    assert edition.cause is not None
    text = pen.md("digest_delivery.held", why=_why(pen, edition, edition.cause), **about)
    there = button("It is there", "digest.there", edition.id)
    post = button("Post it", "digest.post", edition.id, style="primary")
    if edition.cause is HoldCause.SHARED:
        sure = "Everybody in that channel reads it, the other company too. Later digests are asked about again."
        post = confirmed(post, "Post it to the other company too?", sure, "Post it")
    return Screen(text, (section(text), actions(there, post)))


@dataclass(frozen=True, slots=True)
class HeldPart:
    """A part of a digest's thread that an admin was asked about: why, its state in the outbox, who decided."""

    part: int
    cause: HoldCause
    state: str
    by: Person | None


def held_part_screen(pen: Pen, edition: Edition, team: str | None, held: HeldPart) -> Screen:
    """Why a part of a digest's thread waits, with the two things an admin can say; afterwards what became of it."""
    place = list(parts(edition)).index(held.part) if held.part in parts(edition) else held.part
    about = {"e": edition, "which": _which(pen, edition, team), "place": place, "cause": held.cause.value}
    if held.state != "held":
        text = pen.md("digest_delivery.settled_part", by=held.by, state=held.state, **about)
        return Screen(text, (section(text),))
    text = pen.md("digest_delivery.held_part", why=_why(pen, edition, held.cause), **about)
    value = f"{edition.id}:{held.part}:{held.cause}"
    there = button("It is there", "digest.part_there", value)
    post = button("Post it", "digest.part_post", value, style="primary")
    return Screen(text, (section(text), actions(there, post)))


def missed_screen(pen: Pen, edition: Edition, team: str | None) -> Screen:
    """That a digest did not come, and will not come any more."""
    text = pen.md("digest_delivery.missed", e=edition, which=_which(pen, edition, team))
    return Screen(text, (section(text),))


def _why(pen: Pen, edition: Edition, cause: HoldCause) -> str:
    return pen.md("digest_delivery.cause", e=edition, cause=cause.value)


def _which(pen: Pen, edition: Edition, team: str | None) -> str:
    whose = "leaders" if edition.audience == LEADERS else team or "a team"
    return pen.md("digest_delivery.which", e=edition, whose=whose)
