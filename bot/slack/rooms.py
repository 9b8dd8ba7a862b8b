"""Who reads what stands in a room of Slack's."""

from bot.actions.desk import Desk


def is_among_us(desk: Desk, room: str | None) -> bool:
    """Whether only people of our workspace read there; no room is a window or the Home of one of them."""
    found = desk.directory.channel(room) if room and not room.startswith(("U", "W", "D")) else None
    return not (found and found.is_shared)
