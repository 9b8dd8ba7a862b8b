"""Held digests: what admins are told, and the two buttons with which they decide."""

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from bot.actions.desk import Desk
from bot.actions.digests import holding, part_holding
from bot.domain.digests.editions import Edition, HoldCause
from bot.domain.errors import NotFound
from bot.domain.people import Person
from bot.slack.answers import Answer, Redraw
from bot.slack.blocks import Screen
from bot.slack.pen import Pen
from bot.slack.registry import click
from bot.slack.screens.digest_delivery import HeldPart, held_part_screen, held_screen, missed_screen
from bot.slack.visit import Click, Visit
from store import View, outbox

_DECIDED = ("digest_released", "digest_confirmed")
_DECIDED_OF_PART = ("digest_part_released", "digest_part_confirmed")


def draw_held(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen:
    """That a digest waits for an admin, or what became of it by now."""
    del target
    with desk.reading() as view:
        edition = view.digests.one(about["digest"])
        return held_screen(_pen(edition), edition, _team(view, edition), _decided_by(view, edition, _DECIDED))


def draw_held_part(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen:
    """That a part of a digest's thread waits for an admin, or what became of it by now."""
    del target
    part = int(about["part"])
    with desk.reading() as view:
        edition = view.digests.one(about["digest"])
        team, by = _team(view, edition), _decided_by(view, edition, _DECIDED_OF_PART)
    with desk.store.database.reading() as box:
        posting = outbox.find(box, edition.part_key(part))
    held = HeldPart(part, HoldCause(about["cause"]), posting.state if posting else "skipped", by)
    return held_part_screen(_pen(edition), edition, team, held)


def draw_missed(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen:
    """That a digest will not come any more."""
    del target
    with desk.reading() as view:
        edition = view.digests.one(about["digest"])
        return missed_screen(_pen(edition), edition, _team(view, edition))


@click("digest.there")
def there(visit: Visit, clicked: Click) -> Answer:
    """The digest counts as posted."""
    visit.do(holding.confirm, clicked.value)
    return _redrawn(visit, clicked)


@click("digest.post")
def post(visit: Visit, clicked: Click) -> Answer:
    """The digest is to be posted."""
    visit.do(holding.release, clicked.value)
    return _redrawn(visit, clicked)


@click("digest.part_there")
def part_there(visit: Visit, clicked: Click) -> Answer:
    """A part of its thread counts as posted."""
    digest_id, part, cause = _part(clicked)
    visit.do(part_holding.confirm, digest_id, part, cause)
    return _part_redrawn(visit, clicked)


@click("digest.part_post")
def part_post(visit: Visit, clicked: Click) -> Answer:
    """A part of its thread is to be posted."""
    digest_id, part, cause = _part(clicked)
    visit.do(part_holding.release, digest_id, part, cause)
    return _part_redrawn(visit, clicked)


def _part_redrawn(visit: Visit, clicked: Click) -> Answer:
    digest_id, part, cause = _part(clicked)
    about = {"digest": digest_id, "part": str(part), "cause": str(cause)}
    return Redraw(draw_held_part(visit.desk, about, None))


def _part(clicked: Click) -> tuple[str, int, HoldCause]:
    digest_id, _, rest = clicked.value.partition(":")
    part, _, cause = rest.partition(":")
    if not (part.isdecimal() and len(part) < 4 and cause in {each.value for each in HoldCause}):
        raise NotFound("This part of a digest does not exist (any more).")
    return digest_id, int(part), HoldCause(cause)


def _redrawn(visit: Visit, clicked: Click) -> Answer:
    return Redraw(draw_held(visit.desk, {"digest": clicked.value}, None))


def _decided_by(view: View, edition: Edition, facts: Sequence[str]) -> Person | None:
    """The admin who decided last about it, if one did."""
    return next((each.who for each in reversed(view.history(edition.id)) if each.fact in facts), None)


def _team(view: View, edition: Edition) -> str | None:
    _, _, team_id = edition.audience.partition(":")
    return view.team_by_id(team_id).name if team_id else None


def _pen(edition: Edition) -> Pen:
    return Pen(ZoneInfo(edition.slot.zone))
