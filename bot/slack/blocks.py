"""Block Kit as plain dicts (slack_sdk's models lag behind Slack), cut to Slack's limits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.wording import cut

Block = dict[str, Any]

SECTION_LIMIT = 3000
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
TYPED_LIMIT = 3000
"""The most characters that a text field takes."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What one message shows: `text` is the notification and fallback, a full sentence."""

    text: str
    blocks: tuple[Block, ...]

    @property
    def fallback(self) -> str:
        """`text` within Slack's limit; people's words may have made it longer."""
        return _fitted(self.text, SECTION_LIMIT)


def mrkdwn(text: str) -> Block:
    """A text object in mrkdwn; `verbatim` keeps Slack from making links and mentions of what looks like one."""
    return {"type": "mrkdwn", "text": _fitted(text, SECTION_LIMIT), "verbatim": True}


def plain(text: str, limit: int = 75) -> Block:
    """A plain text object of at most `limit` characters."""
    return {"type": "plain_text", "text": cut(text, limit) or "–", "emoji": False}


def copied(text: str) -> Block:
    """Text to be copied, letter for letter."""
    words = {"type": "text", "text": text}
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [words]}]}


def section(text: str, accessory: Block | None = None) -> Block:
    """A paragraph, with at most one control beside it."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    return block | {"accessory": accessory} if accessory else block


def context(*texts: str) -> Block:
    """Small print."""
    return {"type": "context", "elements": [mrkdwn(text) for text in texts[:10]]}


def divider() -> Block:
    """A line across."""
    return {"type": "divider"}


def actions(*elements: Block) -> Block:
    """A row of controls."""
    return {"type": "actions", "elements": list(elements[:25])}


def image(file_id: str, alt: str) -> Block:
    """An uploaded picture with the words that say the same."""
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": cut(alt, 2000)}


def button(label: str, action: str, value: str = "-", *, style: str | None = None) -> Block:
    """A button; `value` carries ids and a version, never rights or intent."""
    element: Block = {"type": "button", "text": plain(label), "action_id": action, "value": value}
    return element | {"style": style} if style else element


def confirmed(element: Block, title: str, text: str, label: str) -> Block:
    """The same control, asking "are you sure" first."""
    dialog = {
        "title": plain(title, 100),
        "text": plain(text, 300),
        "confirm": plain(label, 30),
        "deny": plain("Cancel", 30),
    }
    return element | {"confirm": dialog}


def overflow(action: str, choices: Sequence[tuple[str, str]]) -> Block:
    """The `⋯` menu: up to five (label, value) pairs."""
    options = [option(label, value) for label, value in choices[:5]]
    return {"type": "overflow", "action_id": action, "options": options}


def option(label: str, value: str, description: str | None = None) -> Block:
    """One choice of a menu."""
    made: Block = {"text": plain(label), "value": value}
    return made | {"description": plain(description)} if description else made


def field(block_id: str, label: str, element: Block, *, hint: str | None = None, optional: bool = False) -> Block:
    """One question of a modal; its element's action id is `value`."""
    block: Block = {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, 2000),
        "element": element | {"action_id": "value"},
        "optional": optional,
    }
    return block | {"hint": plain(hint, 2000)} if hint else block


def typed(initial: str = "", *, multiline: bool = False, placeholder: str = "", limit: int = TYPED_LIMIT) -> Block:
    """A text field; `limit` is the most it takes."""
    element: Block = {"type": "plain_text_input", "multiline": multiline, "max_length": limit}
    if initial:
        element["initial_value"] = initial[:limit]
    if placeholder:
        element["placeholder"] = plain(placeholder, 150)
    return element


def chosen(options: Sequence[Block], initial: str | None = None) -> Block:
    """A menu with one choice, `initial` (a value) preset."""
    element: Block = {"type": "static_select", "options": list(options[:100])}
    preset = [each for each in options if each["value"] == initial]
    return element | {"initial_option": preset[0]} if preset else element


def radio(options: Sequence[Block], initial: str) -> Block:
    """Choices laid open, `initial` (a value) preset."""
    preset = next(each for each in options if each["value"] == initial)
    return {"type": "radio_buttons", "options": list(options[:10]), "initial_option": preset}


def checkbox(label: str, value: str, *, preset: bool) -> Block:
    """One box to tick."""
    only = [option(label, value)]
    element: Block = {"type": "checkboxes", "options": only}
    return element | {"initial_options": only} if preset else element


def person(initial: str | None = None) -> Block:
    """A menu of people."""
    element: Block = {"type": "users_select"}
    return element | {"initial_user": initial} if initial else element


def persons(initial: Sequence[str] = ()) -> Block:
    """A menu of several people."""
    element: Block = {"type": "multi_users_select"}
    return element | {"initial_users": list(initial)} if initial else element


def calendar(initial: date | None = None) -> Block:
    """A date picker."""
    element: Block = {"type": "datepicker"}
    return element | {"initial_date": initial.isoformat()} if initial else element


def modal(form: str, title: str, blocks: Sequence[Block], *, submit: str | None, metadata: str = "") -> Block:
    """A modal; `form` is the name under which its submission is handled, None for `submit` makes it read-only."""
    view: Block = {
        "type": "modal",
        "callback_id": form,
        "title": plain(title, 24),
        "close": plain("Cancel" if submit else "Close", 24),
        "blocks": list(blocks[:VIEW_BLOCKS]),
        "private_metadata": metadata,
    }
    return view | {"submit": plain(submit, 24)} if submit else view


def _fitted(text: str, limit: int) -> str:
    """`text` cut at a line's end, so that no markup is cut open; a single overlong line is a template's fault."""
    if len(text) <= limit:
        return text or "–"
    head = text[: limit - 2]
    end = head.rfind("\n")
    return f"{head[: end if end > 0 else head.rfind(' ')]}\n…"
