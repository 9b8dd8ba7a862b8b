"""What Slack refuses for its shape: unknown or misplaced blocks, missing and stray fields, doubled ids."""

from typing import Any

import pytest

from bot.sandbox.blocks import BLOCKS, SURFACES
from bot.sandbox.limits import check_blocks, check_view
from bot.sandbox.sample_blocks import button, mrkdwn, options, plain
from bot.sandbox.wire import Json
from tests.sandbox.test_limits import actions, field, section, select, table

WRONG: dict[str, tuple[list[Any], str]] = {
    "unknown block": ([{"type": "sektion"}], "/blocks/0/type: unsupported type: sektion."),
    "no type": ([{}], "/blocks/0: missing required field: type."),
    "null block": ([None], "/blocks/0: must provide an object (it is null)."),
    "section without text": ([{"type": "section"}], "/blocks/0: missing required field: text or fields."),
    "empty text": (
        [section(text=mrkdwn(""))],
        "/blocks/0/text/text: must be more than 0 characters (it is 0 characters).",
    ),
    "mrkdwn in a header": (
        [{"type": "header", "text": mrkdwn("x")}],
        "/blocks/0/text/type: unsupported type: mrkdwn (it is not allowed in this place).",
    ),
    "misspelt field": ([section(acessory={})], "/blocks/0: invalid additional property: acessory."),
    "null field": ([section(fields=None)], "/blocks/0/fields: must provide an array (it is null)."),
    "button without text": (
        [actions({"type": "button", "action_id": "b"})],
        "/blocks/0/elements/0: missing required field: text.",
    ),
    "unknown style": (
        [actions(button("b", "b", style="green"))],
        "/blocks/0/elements/0/style: must be a valid enum value: primary, danger (it is 'green').",
    ),
    "link that runs code": (
        [actions(button("b", "b", url="javascript:alert(1)"))],
        "/blocks/0/elements/0/url: must match the expected format (it is “javascript:alert(1)”).",
    ),
    "text field in actions": (
        [actions({"type": "plain_text_input", "action_id": "t"})],
        "/blocks/0/elements/0/type: unsupported type: plain_text_input (it is not allowed in this place).",
    ),
    "button as input": (
        [{"type": "input", "label": plain("L"), "element": button("b", "b")}],
        "/blocks/0/element/type: unsupported type: button (it is not allowed in this place).",
    ),
    "image without alt text": (
        [{"type": "image", "image_url": "https://x.org/x.png"}],
        "/blocks/0: missing required field: alt_text.",
    ),
    "image from two places": (
        [{"type": "image", "image_url": "https://x.org", "slack_file": {"id": "F1"}, "alt_text": "x"}],
        "/blocks/0: only one of image_url, slack_file is allowed.",
    ),
    "no options": (
        [actions({"type": "static_select", "action_id": "s"})],
        "/blocks/0/elements/0: missing required field: options or option_groups.",
    ),
    "start outside the options": (
        [actions({**select(2), "initial_option": options("other")[0]})],
        "/blocks/0/elements/0/initial_option: must be one of the element's options.",
    ),
    "action_id twice in a block": (
        [actions(button("a", "same"), button("b", "same"))],
        "/blocks/0: action_id “same” already exists in this block.",
    ),
    "block_id twice": (
        [section(block_id="same"), section(block_id="same")],
        "/blocks/1/block_id: block_id “same” already exists.",
    ),
    "empty cell": (
        [{"type": "table", "rows": [[{"type": "raw_text", "text": ""}]]}],
        "/blocks/0/rows/0/0/text: must be more than 0 characters (it is 0 characters).",
    ),
    "ragged table": (
        [{"type": "table", "rows": [*table(1, 2)["rows"], *table(1, 1)["rows"]]}],
        "/blocks/0/rows/1: rows must have the same number of cells (it is 1 against 2 cells).",
    ),
    "date in words": (
        [actions({"type": "datepicker", "initial_date": "tomorrow"})],
        "/blocks/0/elements/0/initial_date: must match the expected format (it is “tomorrow”).",
    ),
    "alert in a message": (
        [{"type": "alert", "text": plain("x")}],
        "/blocks/0/type: unsupported type: alert (it is not allowed in this place).",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_message_is_refused_with_the_place_and_the_rule(name: str) -> None:
    blocks, sentence = WRONG[name]
    assert [breach.sentence for breach in check_blocks(blocks, "message")] == [sentence]


@pytest.mark.parametrize("surface", SURFACES)
@pytest.mark.parametrize("kind", BLOCKS)
def test_blocks_stand_only_on_their_surfaces(kind: str, surface: str) -> None:
    misplaced = [breach.found for breach in check_blocks([{"type": kind}], surface) if breach.path.endswith("type")]
    assert misplaced == ([] if kind in SURFACES[surface] else ["not allowed in this place"])


WRONG_VIEWS: dict[str, tuple[Json, str]] = {
    "no title": ({"type": "modal", "blocks": []}, "/view: missing required field: title."),
    "no blocks": ({"type": "modal", "title": plain("T")}, "/view: missing required field: blocks."),
    "unknown type": ({"type": "drawer"}, "/view/type: unsupported type: drawer."),
    "input without submit": (
        {"type": "modal", "title": plain("T"), "blocks": field(type="plain_text_input")},
        "/view: missing required field: submit (it is a modal with input blocks).",
    ),
    "two focused fields": (
        {
            "type": "modal",
            "title": plain("T"),
            "submit": plain("S"),
            "blocks": field(type="plain_text_input", focus_on_load=True) * 2,
        },
        "/view/blocks/1: only one element may have focus_on_load.",
    ),
    "title on Home": (
        {"type": "home", "title": plain("T"), "blocks": []},
        "/view: invalid additional property: title.",
    ),
    "markdown on Home": (
        {"type": "home", "blocks": [{"type": "markdown", "text": "x"}]},
        "/view/blocks/0/type: unsupported type: markdown (it is not allowed in this place).",
    ),
}


@pytest.mark.parametrize("name", WRONG_VIEWS)
def test_a_wrong_view_is_refused_with_the_place_and_the_rule(name: str) -> None:
    view, sentence = WRONG_VIEWS[name]
    assert [breach.sentence for breach in check_view(view)] == [sentence]
