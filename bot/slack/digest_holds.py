"""Held digests: what admins are told, and the two buttons with which they decide."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot.actions.desk import Desk
from bot.actions.digests import holding
from bot.domain.digests.editions import Edition
from bot.domain.people import Person
from bot.slack.answers import Answer, Redraw
from bot.slack.blocks import Screen
from bot.slack.pen import Pen
from bot.slack.registry import click
from bot.slack.screens.digest_delivery import held_screen, missed_screen
from bot.slack.visit import Click, Visit
from store import View

_DECIDED = ("digest_released", "digest_confirmed")


def draw_held(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen:
    """That a digest waits for an admin, or what became of it by now."""
    del target
    with desk.reading() as view:
        edition = view.digests.one(about["digest"])
        return held_screen(_pen(edition), edition, _team(view, edition), _decided_by(view, edition))


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


def _redrawn(visit: Visit, clicked: Click) -> Answer:
    return Redraw(draw_held(visit.desk, {"digest": clicked.value}, None))


def _decided_by(view: View, edition: Edition) -> Person | None:
    """The admin who decided last about it, if one did."""
    return next((each.who for each in reversed(view.history(edition.id)) if each.fact in _DECIDED), None)


def _team(view: View, edition: Edition) -> str | None:
    _, _, team_id = edition.audience.partition(":")
    return view.team_by_id(team_id).name if team_id else None


def _pen(edition: Edition) -> Pen:
    return Pen(ZoneInfo(edition.slot.zone))
