"""Every block and input element once, for the sample app."""

import struct
import zlib
from typing import Any

from bot.sandbox.wire import Json


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    """A mrkdwn object."""
    return {"type": "mrkdwn", "text": text}


def options(*names: str) -> list[Json]:
    """Options with these names as text and value."""
    return [{"text": plain(name), "value": name.lower()} for name in names]


def button(name: str, action_id: str, **more: Any) -> Json:
    """A button."""
    return {"type": "button", "text": plain(name), "action_id": action_id, "value": name, **more}


CONFIRM = {
    "title": plain("Are you sure?"),
    "text": mrkdwn("This *cannot* be undone."),
    "confirm": plain("Delete"),
    "deny": plain("Keep"),
    "style": "danger",
}
RICH = {
    "type": "rich_text",
    "elements": [
        {
            "type": "rich_text_section",
            "elements": [
                {"type": "text", "text": "Rich text, "},
                {"type": "text", "text": "bold", "style": {"bold": True}},
                {"type": "text", "text": ", for "},
                {"type": "user", "user_id": "U0ANA"},
                {"type": "text", "text": " in "},
                {"type": "channel", "channel_id": "C0GENERAL"},
            ],
        },
        {
            "type": "rich_text_list",
            "style": "bullet",
            "elements": [
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "first"}]},
                {"type": "rich_text_section", "elements": [{"type": "text", "text": "second"}]},
            ],
        },
        {"type": "rich_text_quote", "elements": [{"type": "text", "text": "quoted"}]},
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "code()"}]},
    ],
}
SHOWCASE: list[Json] = [
    {"type": "header", "text": plain("Every kind of block")},
    {
        "type": "section",
        "text": mrkdwn(
            "*Bold*, _italic_, ~struck~, `code`, <https://example.com|a link>, <@U0ANA>, <#C0GENERAL>, "
            "<!date^1767225600^{date_short_pretty} at {time}|1 January 2026>\n> a quotation\n• a point"
        ),
        "accessory": {
            "type": "overflow",
            "action_id": "more",
            "options": options("Rename", "Move", "Archive"),
        },
    },
    {
        "type": "section",
        "fields": [mrkdwn("*Phase*\nPilot"), mrkdwn("*Day*\n12 of 90"), mrkdwn("*Open*\n4"), plain("Plain")],
    },
    {"type": "divider"},
    {
        "type": "actions",
        "elements": [
            button("Approve", "approve", style="primary"),
            button("Delete", "delete", style="danger", confirm=CONFIRM),
            button("Plain", "plain"),
            {"type": "button", "text": plain("A link"), "action_id": "link", "url": "https://example.com"},
            {
                "type": "static_select",
                "action_id": "pick",
                "placeholder": plain("Pick"),
                "options": options("A", "B"),
            },
            {"type": "users_select", "action_id": "who", "placeholder": plain("Who")},
            {"type": "datepicker", "action_id": "when", "initial_date": "2026-11-23"},
        ],
    },
    {
        "type": "section",
        "text": mrkdwn("Tick what is done"),
        "accessory": {"type": "checkboxes", "action_id": "ticks", "options": options("One", "Two")},
    },
    RICH,
    {
        "type": "table",
        "rows": [
            [{"type": "raw_text", "text": "Workflow"}, {"type": "raw_text", "text": "Day"}],
            [{"type": "raw_text", "text": "refunds_agent"}, {"type": "raw_text", "text": "44"}],
        ],
        "column_settings": [{"is_wrapped": True}, {"align": "right"}],
    },
    {
        "type": "data_visualization",
        "title": "Override rate",
        "chart": {
            "type": "line",
            "series": [
                {
                    "name": "Overrides",
                    "data": [{"label": "W1", "value": 18}, {"label": "W2", "value": 13}],
                }
            ],
            "axis_config": {"categories": ["W1", "W2"], "y_label": "%"},
        },
    },
    {"type": "markdown", "text": "## Markdown\n\n- **bold** and [a link](https://example.com)"},
    {"type": "context", "elements": [mrkdwn("Context, small and grey"), plain("and plain")]},
]


def _input(name: str, kind: str, **more: Any) -> Json:
    element = {"type": kind, "action_id": name.lower(), **more}
    return {"type": "input", "block_id": name.lower(), "label": plain(name), "element": element}


def _optional(block: Json, hint: str = "") -> Json:
    return {**block, "optional": True, **({"hint": plain(hint)} if hint else {})}


FORM: Json = {
    "type": "modal",
    "callback_id": "form",
    "title": plain("Every input"),
    "submit": plain("Send"),
    "close": plain("Cancel"),
    "blocks": [
        {"type": "alert", "text": mrkdwn("A name with the word *error* is refused."), "level": "info"},
        _input("Name", "plain_text_input", placeholder=plain("Required"), focus_on_load=True),
        _optional(_input("Notes", "plain_text_input", multiline=True, max_length=200), "At most 200"),
        _optional(_input("Number", "number_input", is_decimal_allowed=False, min_value="1", max_value="90")),
        _optional(_input("Email", "email_text_input")),
        _optional(_input("Address", "url_text_input")),
        _optional(_input("Playbook", "static_select", options=options("Starter", "Ninety", "High"))),
        _optional(_input("Several", "multi_static_select", options=options("Red", "Green", "Blue"))),
        _optional(_input("City", "external_select", min_query_length=0)),
        _optional(_input("Person", "users_select", initial_user="U0ANA")),
        _optional(_input("People", "multi_users_select")),
        _optional(_input("Room", "conversations_select", response_url_enabled=True)),
        _optional(_input("Rooms", "multi_conversations_select")),
        _optional(_input("Channel", "channels_select")),
        _optional(_input("Channels", "multi_channels_select")),
        _optional(_input("Date", "datepicker", initial_date="2026-11-23")),
        _optional(_input("Time", "timepicker", initial_time="09:00")),
        _optional(_input("Moment", "datetimepicker")),
        _optional(_input("Radio", "radio_buttons", options=options("Low", "Medium", "High"))),
        _optional(_input("Boxes", "checkboxes", options=options("Owner", "Steward"))),
        _optional(_input("Rich", "rich_text_input")),
        {"type": "actions", "elements": [button("Press", "press")]},
    ],
}
SECOND_FORM: Json = {
    "type": "modal",
    "callback_id": "second",
    "title": plain("A second step"),
    "submit": plain("Finish"),
    "blocks": [{"type": "section", "text": mrkdwn("Pushed on the first. *Finish* closes both.")}],
}
HOME: Json = {
    "type": "home",
    "blocks": [
        {"type": "header", "text": plain("Waiting on you")},
        {
            "type": "section",
            "text": mrkdwn("*Rehearse the rollback* · due tomorrow"),
            "accessory": button("Done", "done", style="primary"),
        },
        {"type": "divider"},
        {"type": "context", "elements": [mrkdwn("Nothing else today.")]},
    ],
}


def make_picture(side: int = 96) -> bytes:
    """A square PNG in one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = (b"\x00" + b"\x31\x63\x9c" * side) * side
    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
