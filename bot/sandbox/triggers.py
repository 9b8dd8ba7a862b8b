"""Trigger ids (one use, 3 seconds) and response URLs (five uses, thirty minutes)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

from bot.sandbox.wire import SlackError

HOOK_USES = 5
HOOK_LIFE = timedelta(minutes=30)


@dataclass(slots=True)
class Trigger:
    """What a person did that lets the app open a modal; `made_s` is on the monotonic clock."""

    id: str
    app: str
    user: str
    made_s: float
    view: str | None = None
    used: bool = False


@dataclass(slots=True)
class Hook:
    """A response URL: whose, in which room, and the message it came from."""

    token: str
    app: str
    user: str
    room: str
    made: datetime
    message_ts: str | None = None
    thread_ts: str | None = None
    uses: int = 0

    def spend(self, now: datetime) -> None:
        """Counts one use; `expired_url` or `used_url` if there is none left."""
        if now - self.made > HOOK_LIFE:
            raise SlackError("expired_url")
        if self.uses >= HOOK_USES:
            raise SlackError("used_url")
        self.uses += 1


class Triggers:
    """Every trigger id handed out."""

    def __init__(self, life_s: float = 3.0) -> None:
        self.life_s = life_s
        self._known: dict[str, Trigger] = {}

    def make(self, app: str, user: str, view: str | None = None) -> str:
        """A new trigger id; `view` is the modal it came from."""
        number = len(self._known) + 1
        trigger = Trigger(f"{10**12 + number}.{10**11}.{number:032x}", app, user, monotonic(), view)
        self._known[trigger.id] = trigger
        return trigger.id

    def exchange(self, trigger_id: object, app: str) -> Trigger:
        """The trigger, used up; Slack's refusal if it is unknown, used or too old."""
        trigger = self._known.get(str(trigger_id))
        if trigger is None or trigger.app != app:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if monotonic() - trigger.made_s > self.life_s:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger
