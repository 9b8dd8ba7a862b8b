"""How long and how many: slackblocks' numbers, and Slack's documented ones that it lacks."""

from collections.abc import Iterator
from dataclasses import dataclass

from slackblocks import _limits as slack

from tests.blockkit.problem import Problem

ANY = "*"
SELECTS = ("static_select", "external_select", "users_select", "conversations_select", "channels_select")
MULTI_SELECTS = tuple(f"multi_{name}" for name in SELECTS)
# An object without a `type` is known by the key that it stands under.
ROLES = {
    "options": "option",
    "initial_option": "option",
    "initial_options": "option",
    "option_groups": "option_group",
    "confirm": "confirm",
    "fields": "field",
    "metadata": "metadata",
}


@dataclass(frozen=True, slots=True)
class Limit:
    """Characters or items that `part` of an object of `kind` may have."""

    kind: str
    part: str
    at_most: int
    at_least: int = 0


LIMITS = (
    Limit(ANY, "action_id", slack.ACTION_ID_MAX_LENGTH, 1),
    Limit(ANY, "block_id", slack.BLOCK_ID_MAX_LENGTH, 1),
    Limit("plain_text", "text", slack.TEXT_MAX_LENGTH, slack.TEXT_MIN_LENGTH),
    Limit("mrkdwn", "text", slack.TEXT_MAX_LENGTH, slack.TEXT_MIN_LENGTH),
    Limit("field", "text", slack.SECTION_FIELDS_ITEM_MAX_LENGTH, 1),
    Limit("raw_text", "text", slack.TEXT_MAX_LENGTH, slack.DATA_TABLE_CELL_TEXT_MIN_LENGTH),
    Limit("section", "text", slack.SECTION_TEXT_MAX_LENGTH),
    Limit("section", "fields", slack.SECTION_FIELDS_MAX_ITEMS, 1),
    Limit("header", "text", slack.HEADER_TEXT_MAX_LENGTH, 1),
    Limit("markdown", "text", slack.MARKDOWN_TEXT_MAX_LENGTH, 1),
    Limit("alert", "text", slack.ALERT_TEXT_MAX_LENGTH, 1),
    Limit("actions", "elements", slack.ACTIONS_ELEMENTS_MAX_ITEMS, 1),
    Limit("context", "elements", slack.CONTEXT_ELEMENTS_MAX_ITEMS, 1),
    Limit("context_actions", "elements", slack.CONTEXT_ACTIONS_ELEMENTS_MAX_ITEMS, 1),
    Limit("input", "label", slack.INPUT_LABEL_MAX_LENGTH, 1),
    Limit("input", "hint", slack.INPUT_HINT_MAX_LENGTH, 1),
    Limit("image", "image_url", slack.IMAGE_IMAGE_URL_MAX_LENGTH, 1),
    Limit("image", "alt_text", slack.IMAGE_ALT_TEXT_MAX_LENGTH, 1),
    Limit("image", "title", slack.IMAGE_TITLE_MAX_LENGTH),
    Limit("video", "title", slack.VIDEO_TITLE_MAX_LENGTH, 1),
    Limit("video", "alt_text", slack.VIDEO_ALT_TEXT_MAX_LENGTH, 1),
    Limit("rich_text", "elements", 10_000, 1),
    Limit("table", "rows", slack.TABLE_ROWS_MAX_ITEMS, 1),
    Limit("table", "column_settings", slack.TABLE_COLUMN_SETTINGS_MAX_ITEMS),
    Limit("data_table", "rows", slack.DATA_TABLE_ROWS_MAX_ITEMS, slack.DATA_TABLE_ROWS_MIN_ITEMS),
    Limit("button", "text", slack.BUTTON_TEXT_MAX_LENGTH, 1),
    Limit("button", "value", slack.BUTTON_VALUE_MAX_LENGTH),
    Limit("button", "url", slack.BUTTON_URL_MAX_LENGTH),
    Limit("button", "accessibility_label", slack.BUTTON_ACCESSIBILITY_LABEL_MAX_LENGTH),
    Limit("option", "text", slack.OPTION_TEXT_MAX_LENGTH, 1),
    Limit("option", "value", slack.OPTION_VALUE_MAX_LENGTH, 1),
    Limit("option", "description", slack.OPTION_DESCRIPTION_MAX_LENGTH, 1),
    Limit("option", "url", slack.OPTION_URL_MAX_LENGTH),
    Limit("option_group", "label", slack.OPTION_GROUP_LABEL_MAX_LENGTH, 1),
    Limit("option_group", "options", slack.OPTION_GROUP_OPTIONS_MAX_ITEMS, slack.OPTION_GROUP_OPTIONS_MIN_ITEMS),
    Limit("overflow", "options", slack.OVERFLOW_OPTIONS_MAX_ITEMS, slack.OVERFLOW_OPTIONS_MIN_ITEMS),
    Limit("checkboxes", "options", slack.CHECKBOXES_OPTIONS_MAX_ITEMS, slack.CHECKBOXES_OPTIONS_MIN_ITEMS),
    Limit(
        "radio_buttons",
        "options",
        slack.RADIO_BUTTONS_OPTIONS_MAX_ITEMS,
        slack.RADIO_BUTTONS_OPTIONS_MIN_ITEMS,
    ),
    Limit("plain_text_input", "initial_value", slack.PLAIN_TEXT_INPUT_MAX_LENGTH_MAX),
    Limit("plain_text_input", "placeholder", slack.PLAIN_TEXT_INPUT_PLACEHOLDER_MAX_LENGTH, 1),
    Limit("email_text_input", "placeholder", slack.EMAIL_INPUT_PLACEHOLDER_MAX_LENGTH, 1),
    Limit("url_text_input", "placeholder", slack.URL_INPUT_PLACEHOLDER_MAX_LENGTH, 1),
    Limit("number_input", "placeholder", slack.NUMBER_INPUT_PLACEHOLDER_MAX_LENGTH, 1),
    Limit("datepicker", "placeholder", slack.DATE_PICKER_PLACEHOLDER_MAX_LENGTH, 1),
    Limit("timepicker", "placeholder", slack.TIME_PICKER_PLACEHOLDER_MAX_LENGTH, 1),
    *(
        limit
        for name in (*SELECTS, *MULTI_SELECTS)
        for limit in (
            Limit(name, "placeholder", slack.SELECT_PLACEHOLDER_MAX_LENGTH, 1),
            Limit(name, "options", slack.SELECT_OPTIONS_MAX_ITEMS, slack.SELECT_OPTIONS_MIN_ITEMS),
            Limit(
                name,
                "option_groups",
                slack.SELECT_OPTION_GROUPS_MAX_ITEMS,
                slack.SELECT_OPTION_GROUPS_MIN_ITEMS,
            ),
        )
    ),
    Limit("confirm", "title", slack.CONFIRMATION_TITLE_MAX_LENGTH, 1),
    Limit("confirm", "text", slack.CONFIRMATION_TEXT_MAX_LENGTH, 1),
    Limit("confirm", "confirm", slack.CONFIRMATION_CONFIRM_MAX_LENGTH, 1),
    Limit("confirm", "deny", slack.CONFIRMATION_DENY_MAX_LENGTH, 1),
    *(
        limit
        for name in ("modal", "home")
        for limit in (
            Limit(name, "blocks", slack.VIEW_BLOCKS_MAX_ITEMS),
            Limit(name, "private_metadata", slack.VIEW_PRIVATE_METADATA_MAX_LENGTH),
            Limit(name, "callback_id", slack.VIEW_CALLBACK_ID_MAX_LENGTH),
            Limit(name, "external_id", slack.VIEW_EXTERNAL_ID_MAX_LENGTH),
            Limit(name, "title", slack.VIEW_TITLE_MAX_LENGTH, 1),
            Limit(name, "submit", slack.VIEW_SUBMIT_MAX_LENGTH, 1),
            Limit(name, "close", slack.VIEW_CLOSE_MAX_LENGTH, 1),
        )
    ),
    Limit("message", "blocks", slack.MESSAGE_BLOCKS_MAX_ITEMS),
    Limit("message", "attachments", slack.MESSAGE_ATTACHMENTS_MAX_ITEMS),
    # Documented by Slack and in neither package: chat.postMessage's `text`, and metadata's `event_type`.
    Limit("message", "text", 4_000),
    Limit("metadata", "event_type", 255, 1),
)
MESSAGE_BLOCKS_CHARACTERS = 13_000
MARKDOWN_CHARACTERS = slack.MARKDOWN_TOTAL_TEXT_MAX_LENGTH
TABLE_COLUMNS = slack.TABLE_COLUMNS_MAX_ITEMS
TABLES_PER_MESSAGE = 1
VIEW_BYTES = 250_000
INPUT_CHARACTERS = slack.PLAIN_TEXT_INPUT_MAX_LENGTH_MAX
LIMITS_BY_KIND = {kind: tuple(limit for limit in LIMITS if limit.kind == kind) for kind in {row.kind for row in LIMITS}}


@dataclass(frozen=True, slots=True)
class Found:
    """An object inside a payload: its place, the kinds it counts as, and what it holds."""

    path: str
    kinds: tuple[str, ...]
    holds: dict[str, object]


def objects_in(value: object, kind: str, path: str = "$", key: str = "") -> Iterator[Found]:
    """Yield every object in the payload, outermost first; the outermost counts as `kind` as well."""
    if isinstance(value, dict):
        kinds = {ANY, kind, ROLES.get(key, ""), str(value.get("type", ""))} - {""}
        yield Found(path, tuple(sorted(kinds)), value)
        for name, inner in value.items():
            yield from objects_in(inner, "", f"{path}.{name}", name)
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from objects_in(inner, "", f"{path}[{place}]", key)


def excesses(payload: object, kind: str) -> Iterator[Problem]:
    """Yield each part that is too long, too many, or empty."""
    for found in objects_in(payload, kind):
        for limit in (row for name in found.kinds for row in LIMITS_BY_KIND.get(name, ())):
            if limit.part not in found.holds:
                continue
            size = size_of(found.holds[limit.part])
            if size is not None and not limit.at_least <= size <= limit.at_most:
                bounds = f"{limit.at_least:,} to {limit.at_most:,}"
                yield Problem(f"{found.path}.{limit.part}", f"{size:,}, and {limit.kind} takes {bounds}")


def size_of(value: object) -> int | None:
    """Return the characters of a text or text object, or the items of a list."""
    if isinstance(value, dict):
        value = value.get("text")
    return len(value) if isinstance(value, str | list) else None
