"""Slack's limits: each with a payload that just fits and one that just does not."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.sandbox.limits import check_blocks, check_view, count_text
from bot.sandbox.sample_blocks import FORM, HOME, SECOND_FORM, SHOWCASE, button, mrkdwn, options, plain
from bot.sandbox.wire import Json

Make = Callable[[int], list[Json]]


def section(**more: Any) -> Json:
    return {"type": "section", "text": mrkdwn("Text"), **more}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


def field(**element: Any) -> list[Json]:
    return [{"type": "input", "label": plain("Label"), "element": element}]


def select(n: int, kind: str = "static_select") -> Json:
    return {"type": kind, "action_id": "s", "options": options(*(f"o{k}" for k in range(n)))}


def confirm(**changed: Json) -> list[Json]:
    asked = {"title": plain("t"), "text": plain("t"), "confirm": plain("c"), "deny": plain("d"), **changed}
    return [actions(button("b", "b", confirm=asked))]


def table(rows: int, cells: int) -> Json:
    return {"type": "table", "rows": [[{"type": "raw_text", "text": "x"}] * cells] * rows}


def chart(title: str = "Title") -> Json:
    segments = [{"label": "a", "value": 1}]
    return {"type": "data_visualization", "title": title, "chart": {"type": "pie", "segments": segments}}


MESSAGE_LIMITS: dict[str, tuple[int, Make, str, str]] = {
    "blocks of a message": (50, lambda n: [{"type": "divider"}] * n, "/blocks", "items"),
    "section text": (3000, lambda n: [section(text=mrkdwn("x" * n))], "/blocks/0/text/text", "characters"),
    "section fields": (10, lambda n: [section(fields=[mrkdwn("x")] * n)], "/blocks/0/fields", "items"),
    "a field": (2000, lambda n: [section(fields=[mrkdwn("x" * n)])], "/blocks/0/fields/0/text", "characters"),
    "header": (150, lambda n: [{"type": "header", "text": plain("x" * n)}], "/blocks/0/text/text", "characters"),
    "actions": (25, lambda n: [actions(*(button("b", f"b{k}") for k in range(n)))], "/blocks/0/elements", "items"),
    "context": (10, lambda n: [{"type": "context", "elements": [plain("x")] * n}], "/blocks/0/elements", "items"),
    "button text": (75, lambda n: [actions(button("x" * n, "b"))], "/blocks/0/elements/0/text/text", "characters"),
    "button value": (
        2000,
        lambda n: [actions(button("b", "b", value="x" * n))],
        "/blocks/0/elements/0/value",
        "characters",
    ),
    "button url": (
        3000,
        lambda n: [actions(button("b", "b", url="https://x.org/".ljust(n, "x")))],
        "/blocks/0/elements/0/url",
        "characters",
    ),
    "block_id": (255, lambda n: [section(block_id="x" * n)], "/blocks/0/block_id", "characters"),
    "action_id": (
        255,
        lambda n: [actions(button("b", "x" * n))],
        "/blocks/0/elements/0/action_id",
        "characters",
    ),
    "options of a select": (100, lambda n: [actions(select(n))], "/blocks/0/elements/0/options", "items"),
    "options of checkboxes": (
        10,
        lambda n: [section(accessory=select(n, "checkboxes"))],
        "/blocks/0/accessory/options",
        "items",
    ),
    "options of radio buttons": (
        10,
        lambda n: [section(accessory=select(n, "radio_buttons"))],
        "/blocks/0/accessory/options",
        "items",
    ),
    "options of an overflow": (
        5,
        lambda n: [section(accessory=select(n, "overflow"))],
        "/blocks/0/accessory/options",
        "items",
    ),
    "option text": (
        75,
        lambda n: [actions({"type": "static_select", "options": [{"text": plain("x" * n), "value": "v"}]})],
        "/blocks/0/elements/0/options/0/text/text",
        "characters",
    ),
    "option value": (
        150,
        lambda n: [actions({"type": "static_select", "options": [{"text": plain("t"), "value": "v" * n}]})],
        "/blocks/0/elements/0/options/0/value",
        "characters",
    ),
    "placeholder": (
        150,
        lambda n: [actions({"type": "users_select", "placeholder": plain("x" * n)})],
        "/blocks/0/elements/0/placeholder/text",
        "characters",
    ),
    "confirm title": (
        100,
        lambda n: confirm(title=plain("x" * n)),
        "/blocks/0/elements/0/confirm/title/text",
        "characters",
    ),
    "confirm text": (
        300,
        lambda n: confirm(text=plain("x" * n)),
        "/blocks/0/elements/0/confirm/text/text",
        "characters",
    ),
    "confirm button": (
        30,
        lambda n: confirm(confirm=plain("x" * n)),
        "/blocks/0/elements/0/confirm/confirm/text",
        "characters",
    ),
    "image alt text": (
        2000,
        lambda n: [{"type": "image", "image_url": "https://x.org/x.png", "alt_text": "x" * n}],
        "/blocks/0/alt_text",
        "characters",
    ),
    "markdown": (12_000, lambda n: [{"type": "markdown", "text": "x" * n}], "/blocks/0/text", "characters"),
    "table rows": (100, lambda n: [table(n, 1)], "/blocks/0/rows", "items"),
    "table cells": (20, lambda n: [table(1, n)], "/blocks/0/rows/0", "items"),
    "tables": (1, lambda n: [table(1, 1)] * n, "/blocks", "blocks"),
    "charts": (2, lambda n: [chart()] * n, "/blocks", "blocks"),
    "chart title": (50, lambda n: [chart("x" * n)], "/blocks/0/title", "characters"),
}
FIELD_LIMITS: dict[str, tuple[int, Make, str, str]] = {
    "input label": (
        2000,
        lambda n: [{"type": "input", "label": plain("x" * n), "element": {"type": "plain_text_input"}}],
        "/blocks/0/label/text",
        "characters",
    ),
    "start value": (
        3000,
        lambda n: field(type="plain_text_input", initial_value="x" * n),
        "/blocks/0/element/initial_value",
        "characters",
    ),
    "longest text": (
        3000,
        lambda n: field(type="plain_text_input", max_length=n),
        "/blocks/0/element/max_length",
        "",
    ),
    "alert": (200, lambda n: [{"type": "alert", "text": plain("x" * n)}], "/blocks/0/text/text", "characters"),
    "blocks of a modal": (100, lambda n: [{"type": "divider"}] * n, "/blocks", "items"),
}


@pytest.mark.parametrize("name", MESSAGE_LIMITS)
def test_a_message_may_hold_so_much_and_no_more(name: str) -> None:
    most, make, path, unit = MESSAGE_LIMITS[name]
    assert check_blocks(make(most), "message") == []
    breaches = check_blocks(make(most + 1), "message")
    assert [(breach.path, breach.found) for breach in breaches] == [(path, f"{most + 1} {unit}")]
    assert str(most + 1 if unit == "characters" else most) in breaches[0].rule


@pytest.mark.parametrize("name", FIELD_LIMITS)
def test_a_modal_may_hold_so_much_and_no_more(name: str) -> None:
    most, make, path, unit = FIELD_LIMITS[name]
    assert check_blocks(make(most), "modal") == []
    found = [(breach.path, breach.found) for breach in check_blocks(make(most + 1), "modal")]
    assert found == [(path, f"{most + 1} {unit}".strip())]


VIEW_LIMITS: dict[str, tuple[int, Callable[[int], Json], str]] = {
    "title": (24, lambda n: {"title": plain("x" * n)}, "/view/title/text"),
    "submit": (24, lambda n: {"submit": plain("x" * n)}, "/view/submit/text"),
    "close": (24, lambda n: {"close": plain("x" * n)}, "/view/close/text"),
    "private_metadata": (3000, lambda n: {"private_metadata": "x" * n}, "/view/private_metadata"),
    "callback_id": (255, lambda n: {"callback_id": "x" * n}, "/view/callback_id"),
    "external_id": (255, lambda n: {"external_id": "x" * n}, "/view/external_id"),
}


@pytest.mark.parametrize("name", VIEW_LIMITS)
def test_a_views_frame_may_hold_so_much_and_no_more(name: str) -> None:
    most, make, path = VIEW_LIMITS[name]
    view = {"type": "modal", "title": plain("Title"), "blocks": [section()]}
    assert check_view(view | make(most)) == []
    found = [(breach.path, breach.found) for breach in check_view(view | make(most + 1))]
    assert found == [(path, f"{most + 1} characters")]


def test_the_sample_app_breaks_no_rule() -> None:
    assert [check_view(FORM), check_view(SECOND_FORM), check_view(HOME)] == [[], [], []]
    assert check_blocks(SHOWCASE, "message") == []


def test_text_is_counted_over_all_blocks() -> None:
    assert count_text([section(text=mrkdwn("12345")), {"type": "markdown", "text": "678"}]) == 8
