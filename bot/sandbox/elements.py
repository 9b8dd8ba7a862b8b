"""Slack's block elements: fields, limits and where each may stand.

Source: docs.slack.dev, reference/block-kit/block-elements and /composition-objects (November 2026).
"""

from typing import Any

from bot.sandbox.rules import (
    Among,
    Anything,
    Breach,
    Breaches,
    ByType,
    Flag,
    Many,
    Number,
    Rule,
    Shape,
    Words,
    at_least_one,
    exactly_one,
    plain,
    text_of,
)
from bot.sandbox.wire import Json

ID = Words(255)
URL = Words(3000, pattern=r"(https?://|mailto:|tel:|slack://)\S+")
PLACEHOLDER = plain(150)
STYLE = Among(("primary", "danger"))
CONFIRM = Shape({"text": text_of(300)}, {"title": plain(100), "confirm": plain(30), "deny": plain(30), "style": STYLE})
OPTION = Shape({"text": plain(75), "value": Words(150)}, {"description": plain(75)})
RICH_OPTION = Shape({"text": text_of(75), "value": Words(150)}, {"description": text_of(75)})
MENU_OPTION = Shape({"text": plain(75), "value": Words(150)}, {"description": plain(75), "url": URL})
OPTION_GROUP = Shape({"label": plain(75), "options": Many(OPTION, 100)})
SLACK_FILE = Shape({}, {"id": Words(), "url": URL}, (exactly_one("id", "url"),))
DISPATCH = Shape({}, {"trigger_actions_on": Many(Among(("on_enter_pressed", "on_character_entered")), most=2)})
FILTER = Shape(
    {},
    {
        "include": Many(Among(("im", "mpim", "private", "public"))),
        "exclude_external_shared_channels": Flag(),
        "exclude_bot_users": Flag(),
    },
    (at_least_one("include", "exclude_external_shared_channels", "exclude_bot_users"),),
)
DATE = Words(10, pattern=r"\d{4}-\d\d-\d\d")
TIME = Words(5, pattern=r"[0-2]\d:[0-5]\d")


def initial_among_options(value: Json, path: str) -> Breaches:
    """What is chosen at the start must be one of the options, letter for letter."""
    groups = value.get("option_groups")
    options: list[Any] = value.get("options") or []
    if isinstance(groups, list):
        options = [one for group in groups if isinstance(group, dict) for one in group.get("options", [])]
    single = [value["initial_option"]] if "initial_option" in value else []
    for chosen in single or value.get("initial_options") or []:
        if _bare(chosen) not in [_bare(option) for option in options]:
            name = "initial_option" if single else "initial_options"
            yield Breach(f"{path}/{name}", "must be one of the element's options")


def shortest_before_longest(value: Json, path: str) -> Breaches:
    """A text field's shortest length may not exceed its longest, nor its start value either."""
    least, most = value.get("min_length"), value.get("max_length")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        yield Breach(f"{path}/min_length", "must be at most max_length", f"{least} against {most}")
    start = value.get("initial_value")
    if isinstance(start, str) and isinstance(most, int) and len(start) > most:
        rule = f"must be less than {most + 1} characters"
        yield Breach(f"{path}/initial_value", rule, f"{len(start)} characters")


def _bare(option: Any) -> Any:
    if not isinstance(option, dict) or not isinstance(option.get("text"), dict):
        return option
    return option["text"].get("text"), option.get("value")


def _interactive(required: dict[str, Rule], optional: dict[str, Rule], *also: Any) -> Shape:
    return Shape(required, {"action_id": ID, "confirm": CONFIRM, **optional}, also)


def _field(optional: dict[str, Rule], *also: Any) -> Shape:
    shared: dict[str, Rule] = {"action_id": ID, "placeholder": PLACEHOLDER, "focus_on_load": Flag()}
    return Shape({}, {**shared, **optional}, also)


def _select(optional: dict[str, Rule], *also: Any) -> tuple[Shape, Shape]:
    """The single and the multiple form of a select."""
    shared: dict[str, Rule] = {"confirm": CONFIRM}
    single = {key: rule for key, rule in optional.items() if not isinstance(rule, Many) or key in LISTS}
    several = {key: rule for key, rule in optional.items() if isinstance(rule, Many) or key not in SINGLES}
    return (
        _field({**shared, **single}, *also),
        _field({**shared, **several, "max_selected_items": Number(1)}, *also),
    )


LISTS = frozenset({"options", "option_groups"})
SINGLES = frozenset(
    {
        "initial_option",
        "initial_user",
        "initial_conversation",
        "initial_channel",
        "response_url_enabled",
    }
)
STATIC = _select(
    {
        "options": Many(OPTION, 100),
        "option_groups": Many(OPTION_GROUP, 100),
        "initial_option": OPTION,
        "initial_options": Many(OPTION, 100),
    },
    exactly_one("options", "option_groups"),
    initial_among_options,
)
EXTERNAL = _select({"min_query_length": Number(0), "initial_option": OPTION, "initial_options": Many(OPTION, 100)})
USERS = _select({"initial_user": Words(), "initial_users": Many(Words())})
CONVERSATIONS = _select(
    {
        "initial_conversation": Words(),
        "initial_conversations": Many(Words()),
        "default_to_current_conversation": Flag(),
        "response_url_enabled": Flag(),
        "filter": FILTER,
    }
)
CHANNELS = _select({"initial_channel": Words(), "initial_channels": Many(Words()), "response_url_enabled": Flag()})
FEEDBACK_BUTTON = Shape({"text": plain(75), "value": Words(2000)}, {"accessibility_label": Words(75)})

ELEMENTS: dict[str, Rule] = {
    "button": _interactive(
        {"text": plain(75)},
        {"url": URL, "value": Words(2000, least=0), "style": STYLE, "accessibility_label": Words(75)},
    ),
    "overflow": _interactive({"options": Many(MENU_OPTION, 5)}, {}),
    "checkboxes": _interactive(
        {"options": Many(RICH_OPTION, 10)},
        {"initial_options": Many(RICH_OPTION, 10), "focus_on_load": Flag()},
        initial_among_options,
    ),
    "radio_buttons": _interactive(
        {"options": Many(RICH_OPTION, 10)},
        {"initial_option": RICH_OPTION, "focus_on_load": Flag()},
        initial_among_options,
    ),
    "static_select": STATIC[0],
    "multi_static_select": STATIC[1],
    "external_select": EXTERNAL[0],
    "multi_external_select": EXTERNAL[1],
    "users_select": USERS[0],
    "multi_users_select": USERS[1],
    "conversations_select": CONVERSATIONS[0],
    "multi_conversations_select": CONVERSATIONS[1],
    "channels_select": CHANNELS[0],
    "multi_channels_select": CHANNELS[1],
    "datepicker": _field({"initial_date": DATE, "confirm": CONFIRM}),
    "timepicker": _field({"initial_time": TIME, "confirm": CONFIRM, "timezone": Words()}),
    "datetimepicker": Shape(
        {},
        {"action_id": ID, "confirm": CONFIRM, "focus_on_load": Flag(), "initial_date_time": Number(10**9)},
    ),
    "plain_text_input": _field(
        {
            "initial_value": Words(3000, least=0),
            "multiline": Flag(),
            "min_length": Number(0, 3000),
            "max_length": Number(1, 3000),
            "dispatch_action_config": DISPATCH,
        },
        shortest_before_longest,
    ),
    "number_input": Shape(
        {"is_decimal_allowed": Flag()},
        {
            "action_id": ID,
            "initial_value": Words(),
            "min_value": Words(),
            "max_value": Words(),
            "dispatch_action_config": DISPATCH,
            "focus_on_load": Flag(),
            "placeholder": PLACEHOLDER,
        },
    ),
    "email_text_input": _field({"initial_value": Words(3000, least=0), "dispatch_action_config": DISPATCH}),
    "url_text_input": _field({"initial_value": Words(3000, least=0), "dispatch_action_config": DISPATCH}),
    "rich_text_input": _field({"initial_value": Anything(), "dispatch_action_config": DISPATCH}),
    "file_input": Shape({}, {"action_id": ID, "filetypes": Many(Words()), "max_files": Number(1, 10)}),
    "image": Shape(
        {"alt_text": Words(2000)},
        {"image_url": URL, "slack_file": SLACK_FILE},
        (exactly_one("image_url", "slack_file"),),
    ),
    "workflow_button": _interactive(
        {"text": plain(75), "workflow": Anything()}, {"style": STYLE, "accessibility_label": Words(75)}
    ),
    "feedback_buttons": Shape(
        {"positive_button": FEEDBACK_BUTTON, "negative_button": FEEDBACK_BUTTON}, {"action_id": ID}
    ),
    "icon_button": _interactive(
        {"icon": Among(("trash",)), "text": plain(75)},
        {
            "value": Words(2000),
            "accessibility_label": Words(75),
            "visible_to_user_ids": Many(Words(), 10),
        },
    ),
}

_SELECTS = frozenset(name for name in ELEMENTS if name.endswith("_select"))
_CLICKED = frozenset({"button", "overflow", "workflow_button"})
_CHOSEN = frozenset({"checkboxes", "radio_buttons", "datepicker", "timepicker"}) | _SELECTS
_TYPED = frozenset(name for name in ELEMENTS if name.endswith("_input"))

ACCESSORIES = _CLICKED | _CHOSEN | {"image"}
ACTIONS = _CLICKED | _CHOSEN | {"datetimepicker"}
INPUTS = _CHOSEN | _TYPED | {"datetimepicker"}


def element(allowed: frozenset[str]) -> ByType:
    """A rule: one of these elements."""
    return ByType(ELEMENTS, allowed)
