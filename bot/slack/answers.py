"""What a handler answers; the boundary in `app` carries it out."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack.blocks import Block, Screen


@dataclass(frozen=True, slots=True)
class Say:
    """A message: only to the asker, or to everyone in the channel; `later` makes one more that takes its time.

    `packed` is the message as it goes out, where that was made before.
    """

    screen: Screen
    public: bool = False
    later: Callable[[], Screen | None] | None = None
    packed: str | None = None


def message(screen: Screen, *, public: bool = False) -> dict[str, Any]:
    """A screen as Slack takes it."""
    kind = "in_channel" if public else "ephemeral"
    return {"response_type": kind, "text": screen.fallback, "blocks": list(screen.blocks)}


def packed(screen: Screen, *, public: bool = False) -> str:
    """The same as JSON."""
    return json.dumps(message(screen, public=public), separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Open:
    """A modal on top of whatever is open."""

    view: Block


@dataclass(frozen=True, slots=True)
class Late:
    """A modal that took its time; where whoever waited has closed theirs, `instead` is said to them."""

    view: Block
    instead: Screen


@dataclass(frozen=True, slots=True)
class Reshape:
    """The modal that was clicked in or submitted, changed; what was typed in fields that stay is kept.

    `later`, after a submission, makes what takes its place as soon as that is done; `view` has an `external_id` then.
    """

    view: Block
    later: Callable[[], Late] | None = None


@dataclass(frozen=True, slots=True)
class Redraw:
    """What was clicked, as things stand now: the message as `screen`, or the Home where that is None."""

    screen: Screen | None = None


@dataclass(frozen=True, slots=True)
class Errors:
    """What is wrong beside which field of a modal (block id → sentence); the modal stays, nothing typed is lost."""

    by_field: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Mend:
    """A message that all see, brought up to date: `make` turns its blocks, as they stand, into what is right.

    It is updated as the bot's own, so that the mark by which it is found again stays on it. `under` is the `ts` of the
    message in whose thread it stands, if it stands in one; `shown` is how it stood when it was clicked, else Slack is
    asked. Where Slack does not let the bot do that, `instead` is said to whoever clicked.
    """

    channel: str
    ts: str
    make: Callable[[tuple[Block, ...]], tuple[Block, ...]]
    under: str | None = None
    shown: Screen | None = None
    instead: Screen | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The modal closes; the message that it was opened from is redrawn, or `say` is told where that was.

    `home` says that it was opened from the Home, which is drawn anew; `mend` is a message that all see.
    """

    redraw: Screen | None = None
    say: Screen | None = None
    home: bool = False
    mend: Mend | None = None


Answer = Say | Open | Reshape | Redraw | Mend | Errors | Done | None
