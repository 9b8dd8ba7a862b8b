"""Reading a signed request once: what is in no shape that Slack sends is refused before Bolt sees it."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from pydantic import TypeAdapter

from bot.web.refusal import TurnedAway
from bot.web.shapes import Done, SlashCommand, SslCheck, Told

MAX_DEPTH = 20
MAX_FIELDS = 64
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"

TOLD: TypeAdapter[Any] = TypeAdapter(Told)
DONE: TypeAdapter[Any] = TypeAdapter(Done)
COMMAND: TypeAdapter[Any] = TypeAdapter(SlashCommand)
SSL_CHECK: TypeAdapter[Any] = TypeAdapter(SslCheck)


def payload_of(content_type: str, body: bytes) -> dict[str, Any]:
    """Return the payload of a signed request; raise TurnedAway (400) when Slack sends nothing like it."""
    kind = content_type.partition(";")[0].strip().lower()
    try:
        text = body.decode("utf-8")
        if kind == JSON:
            return fitting(TOLD, parsed(text))
        if kind == FORM:
            return payload_of_form(text)
    # RecursionError: deep nesting. ValueError: bad UTF-8, JSON, form, number. Their texts may quote the body.
    except (ValueError, RecursionError):
        raise TurnedAway(400, "the body is not what Slack sends") from None
    raise TurnedAway(400, "the content type is not what Slack sends")


def payload_of_form(text: str) -> dict[str, Any]:
    """Return the payload that a form holds: a command, an interaction as JSON, or a check of the address."""
    pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MAX_FIELDS)
    form = once_each(pairs)
    if "payload" in form and len(form) > 1:
        raise ValueError("A payload comes alone.")
    if "payload" in form:
        return fitting(DONE, parsed(form["payload"]))
    return fitting(SSL_CHECK if "ssl_check" in form else COMMAND, form)


def parsed(text: str) -> object:
    """Return the JSON value; raise ValueError for what two readers could read in two ways."""
    return json.loads(text, object_pairs_hook=once_each, parse_constant=refuse_constant)


def once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return the pairs as a mapping; raise ValueError when a name comes twice."""
    mapping = dict(pairs)
    if len(mapping) != len(pairs):
        raise ValueError("A name comes twice.")
    return mapping


def refuse_constant(name: str) -> object:
    """Raise ValueError: NaN and infinities are no JSON."""
    raise ValueError(f"{name} is no JSON.")


def fitting(shape: TypeAdapter[Any], value: object) -> dict[str, Any]:
    """Return the value as it came; raise ValueError when it does not fit the shape."""
    check_content(value)
    shape.validate_python(value)
    if not isinstance(value, dict):
        raise ValueError("No object.")
    return value


def check_content(value: object) -> None:
    """Raise ValueError for nesting over 20 levels, and for text that a database cannot hold."""
    level: list[object] = [value]
    for _ in range(MAX_DEPTH):
        inner: list[object] = []
        for one in level:
            if isinstance(one, str):
                check_text(one)
            elif isinstance(one, Mapping):
                inner += one.keys()
                inner += one.values()
            elif isinstance(one, list):
                inner += one
        if not inner:
            return
        level = inner
    raise ValueError("Too deep.")


def check_text(text: str) -> None:
    """Raise ValueError for NUL, which PostgreSQL cannot hold, and lone surrogates, which UTF-8 cannot."""
    if "\0" in text:
        raise ValueError("NUL in a text.")
    text.encode("utf-8")
