"""Where a memo's card stands: with its team, or with the leaders; and the card of one that is superseded."""

from bot.domain.facts import MemoFiled
from bot.domain.people import Told
from bot.domain.visibility import Visibility
from store import View


def told_of_memo(view: View, fact: MemoFiled, leaders: str | None) -> tuple[Told, ...]:
    """A card for the memo, and the card brought up to date of the one whose place it takes."""
    told = []
    room = room_of(view, fact.team_id, fact.visibility, leaders)
    if room:
        told.append(Told("memo_card", room, _about(fact.memo_id, room), f"memo:{fact.memo_id}:{room}"))
    if fact.supersedes:
        before = view.memos.one(fact.supersedes)
        stood = room_of(view, before.team_id, before.content.visibility, leaders)
        if stood:
            told.append(Told("memo_cards", before.id, _about(before.id, stood), f"memo-cards:{before.id}"))
    return tuple(told)


def room_of(view: View, team_id: str | None, visibility: Visibility, leaders: str | None) -> str | None:
    """The channel where a memo's card stands: its team's, the leaders' for what is theirs or no team's, or none."""
    if visibility is Visibility.LEADERS or team_id is None:
        return leaders
    return view.team_by_id(team_id).channel


def _about(memo_id: str, room: str) -> tuple[tuple[str, str], ...]:
    return (("memo", memo_id), ("room", room))
