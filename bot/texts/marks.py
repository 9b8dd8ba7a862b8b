"""Text that is safe on its surface, and foreign text made so."""

import re
from collections.abc import Callable
from decimal import Decimal
from enum import StrEnum

from jinja2 import Undefined

from bot.domain.wording import clean, one_line

# Slack makes mentions and links even of these bare words where automatic parsing is on.
_BAIT = re.compile(r"@(?=channel|here|everyone)|:(?=//)|(?<=mailto):", re.IGNORECASE)
_WORD_JOINER = "\u2060"


class Surface(StrEnum):
    """Where a text is read: Slack's mrkdwn, or anywhere that shows characters as they are."""

    MRKDWN = "mrkdwn"
    PLAIN = "plain"


class Mrkdwn(str):
    """Text that is safe to send as Slack mrkdwn just as it is; only say so of what we wrote ourselves."""

    __slots__ = ()


class Plain(str):
    """Text that is safe to show as it is where no markup is read; still foreign to mrkdwn."""

    __slots__ = ()


MARKS: dict[Surface, Callable[[str], str]] = {Surface.MRKDWN: Mrkdwn, Surface.PLAIN: Plain}
"""How text that is safe on a surface is marked as such."""


def escape(text: str) -> Mrkdwn:
    """`text` as mrkdwn that shows the same characters and mentions and links nothing; newlines stay."""
    escaped = clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Mrkdwn(_BAIT.sub(rf"\g<0>{_WORD_JOINER}", escaped) if "@" in escaped or ":" in escaped else escaped)


def printed_as_mrkdwn(value: object) -> str:
    """What a template prints of a value where mrkdwn is read; TypeError for what is neither text nor number."""
    if isinstance(value, Mrkdwn):
        return value
    return escape(one_line(value)) if isinstance(value, str) else _printed_number(value)


def printed_as_plain(value: object) -> str:
    """The same where no markup is read; TypeError for mrkdwn too."""
    if isinstance(value, Mrkdwn):
        raise TypeError(f"Text marked up for Slack cannot be shown as plain text: {value!r}.")
    if isinstance(value, Plain):
        return value
    return one_line(value) if isinstance(value, str) else _printed_number(value)


def _printed_number(value: object) -> str:
    if isinstance(value, int | float | Decimal | Undefined) and not isinstance(value, bool):
        return str(value)
    raise TypeError(f"A template prints text and numbers; it was given {value!r}: use a filter such as |day or |who.")
