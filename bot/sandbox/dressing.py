"""Blocks as Slack keeps them: with generated ids and the defaults of text objects filled in."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

from bot.sandbox.limits import elements_of
from bot.sandbox.wire import Json

TEXT_DEFAULTS: dict[str, Json] = {"plain_text": {"emoji": True}, "mrkdwn": {"verbatim": False}}


def dress_blocks(blocks: list[Json], make_id: Callable[[], str]) -> list[Json]:
    """A copy of valid blocks with block_id and action_id everywhere, as Slack returns them."""
    dressed = deepcopy(blocks)
    for block in dressed:
        block.setdefault("block_id", make_id())
        for element in elements_of(block):
            if element.get("type") not in ("image", "plain_text", "mrkdwn", *_RICH):
                element.setdefault("action_id", make_id())
        _fill_texts(block)
    return dressed


_RICH = ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote", "card")


def _fill_texts(value: Any) -> None:
    if isinstance(value, list):
        for one in value:
            _fill_texts(one)
    elif isinstance(value, dict):
        if value.get("type") in TEXT_DEFAULTS and "text" in value:
            for name, default in TEXT_DEFAULTS[value["type"]].items():
                value.setdefault(name, default)
        else:
            for one in value.values():
                _fill_texts(one)


def starting_state(blocks: list[Json]) -> Json:
    """`state` of blocks nobody touched: each input element with its initial value."""
    values: Json = {}
    for block in blocks:
        for element in elements_of(block):
            read = STARTS.get(str(element.get("type")))
            if read is not None and "action_id" in element:
                kept: Json = {"type": element["type"], **read(element)}
                values.setdefault(block["block_id"], {})[element["action_id"]] = kept
    return {"values": values}


def _one(kept: str, initial: str) -> Callable[[Json], Json]:
    return lambda element: {kept: element.get(initial)}


def _several(kept: str, initial: str) -> Callable[[Json], Json]:
    return lambda element: {kept: element.get(initial, [])}


STARTS: dict[str, Callable[[Json], Json]] = {
    "plain_text_input": _one("value", "initial_value"),
    "email_text_input": _one("value", "initial_value"),
    "url_text_input": _one("value", "initial_value"),
    "number_input": _one("value", "initial_value"),
    "rich_text_input": _one("rich_text_value", "initial_value"),
    "file_input": _several("files", "initial_files"),
    "checkboxes": _several("selected_options", "initial_options"),
    "radio_buttons": _one("selected_option", "initial_option"),
    "static_select": _one("selected_option", "initial_option"),
    "external_select": _one("selected_option", "initial_option"),
    "users_select": _one("selected_user", "initial_user"),
    "conversations_select": _one("selected_conversation", "initial_conversation"),
    "channels_select": _one("selected_channel", "initial_channel"),
    "multi_static_select": _several("selected_options", "initial_options"),
    "multi_external_select": _several("selected_options", "initial_options"),
    "multi_users_select": _several("selected_users", "initial_users"),
    "multi_conversations_select": _several("selected_conversations", "initial_conversations"),
    "multi_channels_select": _several("selected_channels", "initial_channels"),
    "datepicker": _one("selected_date", "initial_date"),
    "timepicker": _one("selected_time", "initial_time"),
    "datetimepicker": _one("selected_date_time", "initial_date_time"),
}
