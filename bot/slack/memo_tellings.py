"""The card of a memo in a channel, drawn with as much of it as all who read there may know.

Where another company reads too it says only that there is one.
"""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot.actions.desk import Desk
from bot.actions.readers import Link
from bot.domain.memos import Memo
from bot.slack.blocks import Screen
from bot.slack.pen import Pen
from bot.slack.rooms import is_among_us
from bot.slack.screens.memo_cards import Card, memo_card
from store import View


def card_of_memo(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen:
    """The card as it should be now, in the channel where it stands."""
    del target
    room = desk.directory.channel(about["room"])
    few = bool(room and room.is_private)
    among_us = is_among_us(desk, about["room"])
    with desk.reading() as view:
        memo = view.memos.one(about["memo"])
        card = Card(
            memo,
            named=among_us and memo.audience.is_named_to(few=few),
            whole=among_us and memo.audience.is_shown_to(few=few),
            superseded=_link(view, memo.content.supersedes, few=few, among_us=among_us),
            successor=_link(view, memo.superseded_by, few=few, among_us=among_us),
        )
        zone = view.team_by_id(memo.team_id).zone if memo.team_id else desk.configured.leaders.zone
    return memo_card(Pen(ZoneInfo(zone)), card)


def _link(view: View, memo_id: str | None, *, few: bool, among_us: bool) -> Link | None:
    if memo_id is None:
        return None
    memo: Memo = view.memos.one(memo_id)
    return Link(memo.id, memo.title if among_us and memo.audience.is_named_to(few=few) else None, memo.decided_at)
