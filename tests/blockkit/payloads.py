"""Messages and views that Slack takes, and such as it refuses, each with the place of its fault."""

from collections.abc import Mapping
from typing import Any

Json = dict[str, Any]


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "Day 12 of 90", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(action_id: str = "tick", **more: Any) -> Json:
    return {"type": "button", "action_id": action_id, "text": plain("Done"), **more}


def option(value: str, text: str = "Support") -> Json:
    return {"text": plain(text), "value": value}


def select(**more: Any) -> Json:
    return {"type": "static_select", "action_id": "team", "options": [option("a"), option("b")], **more}


def text_input(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "note", **more}


def field(element: Json, **more: Any) -> Json:
    return {"type": "input", "block_id": "note", "label": plain("Note"), "element": element, **more}


def message(*blocks: Json, **more: Any) -> Json:
    return {"channel": "C1", "text": "Day 12 of 90.", "blocks": list(blocks), **more}


def modal(*blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "title": plain("Start"),
        "submit": plain("Start"),
        "blocks": list(blocks),
        **more,
    }


def home(*blocks: Json, **more: Any) -> Json:
    return {"type": "home", "blocks": list(blocks), **more}


def image(**more: Any) -> Json:
    return {"type": "image", "alt_text": "Day 12 of 90", **more}


def table(*rows: list[Json]) -> Json:
    return {"type": "table", "rows": list(rows)}


def cell(text: str) -> Json:
    return {"type": "raw_text", "text": text}


def actions(*elements: Json) -> Json:
    return {"type": "actions", "elements": list(elements)}


CONFIRM = {"title": plain("Close it?"), "text": plain("It stays in the record."), "confirm": plain("Close")}

GOOD_MESSAGES: Mapping[str, Json] = {
    "text alone": {"text": "Saved."},
    "all that the bot shows": message(
        {"type": "header", "text": plain("Support triage")},
        section(accessory=button(style="danger", confirm=CONFIRM)),
        section(fields=[mrkdwn("*Phase*"), plain("Pilot")]),
        {
            "type": "context",
            "elements": [mrkdwn("Europe/Berlin"), image(image_url="https://example.org/a.png")],
        },
        {"type": "divider"},
        actions(
            button(value="x" * 2000),
            select(initial_option=option("a")),
            {"type": "overflow", "options": [option("a")]},
        ),
        image(slack_file={"id": "F1"}, title=plain("Timeline")),
        table([cell("a"), cell("b")], [cell("c"), cell("d")]),
        metadata={"event_type": "rollout", "event_payload": {"id": "x"}},
    ),
    "fifty blocks": message(*[section("x")] * 50),
    "three thousand characters": message(section("x" * 3000)),
    "an answer to a click": {"text": "Done.", "response_type": "ephemeral", "replace_original": False},
    "a group mention as plain text": message({"type": "header", "text": plain("<!channel>")}),
}

GOOD_VIEWS: Mapping[str, Json] = {
    "every input": modal(
        field(text_input(max_length=3000, multiline=True, placeholder=plain("Why"))),
        field(select(action_id="s"), block_id="2"),
        field({"type": "datepicker", "action_id": "d", "initial_date": "2026-11-30"}, block_id="3"),
        field({"type": "users_select", "action_id": "u"}, block_id="4", optional=True),
        field({"type": "multi_users_select", "action_id": "m"}, block_id="5"),
        field({"type": "radio_buttons", "action_id": "r", "options": [option("a")]}, block_id="6"),
        field({"type": "checkboxes", "action_id": "c", "options": [option("a")]}, block_id="7"),
        field({"type": "conversations_select", "action_id": "k"}, block_id="8"),
        field({"type": "url_text_input", "action_id": "l"}, block_id="9"),
        field({"type": "number_input", "action_id": "n", "is_decimal_allowed": False}, block_id="10"),
        {"type": "alert", "text": plain("Nothing was lost."), "level": "warning"},
        private_metadata="{}",
        callback_id="start",
        notify_on_close=True,
    ),
    "a Home of a hundred blocks": home(*[section("x")] * 100),
}

BAD_MESSAGES: Mapping[str, tuple[Json, str]] = {
    "no fallback": ({"blocks": [section()]}, "$.text"),
    "text too long": ({"text": "x" * 4001}, "$.text"),
    "text of the wrong type": ({"text": 7}, "$.text"),
    "an unknown block": (message({"type": "sektion"}), "$.blocks[0]"),
    "a block without a type": (message({"text": plain("x")}), "$.blocks[0]"),
    "null for a block": ({"text": "x", "blocks": [None]}, "$.blocks[0]"),
    "an unknown key": (message(section(colour="red")), "$.blocks[0]"),
    "fifty-one blocks": (message(*[section("x")] * 51), "$.blocks"),
    "a section without a word": (message({"type": "section"}), "$.blocks[0]"),
    "an empty text": (message(section("")), "$.blocks[0].text.text"),
    "a section too long": (message(section("x" * 3001)), "$.blocks[0].text"),
    "text that is no object": (message({"type": "section", "text": "x"}), "$.blocks[0].text"),
    "eleven fields": (message(section(fields=[mrkdwn("x")] * 11)), "$.blocks[0].fields"),
    "a field too long": (message(section(fields=[mrkdwn("x" * 2001)])), "$.blocks[0].fields[0].text"),
    "a header in mrkdwn": (message({"type": "header", "text": mrkdwn("x")}), "$.blocks[0].text.type"),
    "a header too long": (message({"type": "header", "text": plain("x" * 151)}), "$.blocks[0].text"),
    "twenty-six actions": (message(actions(*[button(f"a{n}") for n in range(26)])), "$.blocks[0].elements"),
    "no action": (message(actions()), "$.blocks[0].elements"),
    "eleven words of context": (
        message({"type": "context", "elements": [mrkdwn("x")] * 11}),
        "$.blocks[0].elements",
    ),
    "a button in a context": (
        message({"type": "context", "elements": [button()]}),
        "$.blocks[0].elements[0]",
    ),
    "a button's label too long": (
        message(actions(button(text=plain("x" * 76)))),
        "$.blocks[0].elements[0].text",
    ),
    "a button's label in mrkdwn": (
        message(actions(button(text=mrkdwn("x")))),
        "$.blocks[0].elements[0].text.type",
    ),
    "a button's value too long": (
        message(actions(button(value="x" * 2001))),
        "$.blocks[0].elements[0].value",
    ),
    "a button's value a number": (message(actions(button(value=7))), "$.blocks[0].elements[0].value"),
    "a button in a third colour": (
        message(actions(button(style="warning"))),
        "$.blocks[0].elements[0].style",
    ),
    "a button to nowhere": (message(actions(button(url="javascript:x"))), "$.blocks[0].elements[0].url"),
    "an action id too long": (message(actions(button("x" * 256))), "$.blocks[0].elements[0].action_id"),
    "an action id twice": (message(actions(button("a"), button("a"))), "$.blocks[0].elements[1].action_id"),
    "a block id twice": (message(section(block_id="a"), section(block_id="a")), "$.blocks[1].block_id"),
    "a block id too long": (message(section(block_id="x" * 256)), "$.blocks[0].block_id"),
    "an overflow of six": (
        message(section(accessory={"type": "overflow", "options": [option(str(n)) for n in range(6)]})),
        "$.blocks[0].accessory.options",
    ),
    "no option": (message(section(accessory=select(options=[]))), "$.blocks[0].accessory.options"),
    "a hundred and one options": (
        message(section(accessory=select(options=[option(str(n)) for n in range(101)]))),
        "$.blocks[0].accessory.options",
    ),
    "an option too long": (
        message(section(accessory=select(options=[option("a", "x" * 76)]))),
        "$.blocks[0].accessory.options[0].text",
    ),
    "an option's value too long": (
        message(section(accessory=select(options=[option("x" * 151)]))),
        "$.blocks[0].accessory.options[0].value",
    ),
    "options of one value": (
        message(section(accessory=select(options=[option("a")] * 2))),
        "$.blocks[0].accessory",
    ),
    "a first choice that is none": (
        message(section(accessory=select(initial_option=option("z")))),
        "$.blocks[0].accessory",
    ),
    "a select without options": (
        message(section(accessory={"type": "static_select", "action_id": "a"})),
        "$.blocks[0].accessory",
    ),
    "a confirmation too long": (
        message(actions(button(confirm=CONFIRM | {"confirm": plain("x" * 31)}))),
        "$.blocks[0].elements[0].confirm.confirm",
    ),
    "an image without alt text": (
        message({"type": "image", "image_url": "https://a.example"}),
        "$.blocks[0]",
    ),
    "an image from nowhere": (message(image()), "$.blocks[0]"),
    "an alert in a message": (message({"type": "alert", "text": plain("x")}), "$.blocks[0]"),
    "two tables": (message(table([cell("a")]), table([cell("a")])), "$.blocks"),
    "an empty cell": (message(table([cell("")])), "$.blocks[0].rows[0][0].text"),
    "a table of 101 rows": (message(table(*[[cell("a")]] * 101)), "$.blocks[0].rows"),
    "a table of 21 columns": (message(table([cell("a")] * 21)), "$.blocks[0].rows"),
    "too much in all": (message(*[section("x" * 2900)] * 5), "$.blocks"),
    "markdown too long": (message({"type": "markdown", "text": "x" * 12001}), "$.blocks"),
    "a shout": (message(section("hello <!channel>")), "$.blocks[0].text.text"),
    "a shout in the fallback": ({"text": "<!here|here> read this"}, "$.text"),
    "nested metadata": (
        {"text": "x", "metadata": {"event_type": "a", "event_payload": {"a": [["b"]]}}},
        "$.metadata",
    ),
    "metadata without a payload": ({"text": "x", "metadata": {"event_type": "a"}}, "$.metadata"),
    "an unknown response type": ({"text": "x", "response_type": "public"}, "$.response_type"),
    "a bad block in an attachment": (
        {"text": "x", "attachments": [{"blocks": [{"type": "header", "text": mrkdwn("x")}]}]},
        "$.attachments[0].blocks[0].text.type",
    ),
}

BAD_VIEWS: Mapping[str, tuple[Json, str]] = {
    "no view": ({"type": "dialog", "blocks": []}, "$.type"),
    "no title": ({"type": "modal", "blocks": []}, "$"),
    "a title too long": (modal(title=plain("x" * 25)), "$.title"),
    "a title in mrkdwn": (modal(title=mrkdwn("x")), "$.title.type"),
    "a button too long": (modal(submit=plain("x" * 25)), "$.submit"),
    "an input and no way to send it": (
        {"type": "modal", "title": plain("x"), "blocks": [field(text_input())]},
        "$.submit",
    ),
    "a hundred and one blocks": (home(*[section("x")] * 101), "$.blocks"),
    "metadata too long": (modal(private_metadata="x" * 3001), "$.private_metadata"),
    "a callback id too long": (modal(callback_id="x" * 256), "$.callback_id"),
    "a Home with a title": (home(title=plain("x")), "$"),
    "markdown in a modal": (modal({"type": "markdown", "text": "x"}), "$.blocks[0]"),
    "a table on the Home": (home(table([cell("a")])), "$.blocks[0]"),
    "an alert on the Home": (home({"type": "alert", "text": plain("x")}), "$.blocks[0]"),
    "an input without a label": (modal({"type": "input", "element": text_input()}), "$.blocks[0]"),
    "a button as an input": (modal(field(button())), "$.blocks[0].element"),
    "a field over 3,000": (modal(field(text_input(max_length=3001))), "$.blocks[0].element"),
    "a start over its bound": (
        modal(field(text_input(max_length=3, initial_value="abcd"))),
        "$.blocks[0].element.initial_value",
    ),
    "a placeholder too long": (
        modal(field(text_input(placeholder=plain("x" * 151)))),
        "$.blocks[0].element.placeholder",
    ),
    "eleven boxes": (
        modal(field({"type": "checkboxes", "action_id": "c", "options": [option(str(n)) for n in range(11)]})),
        "$.blocks[0].element.options",
    ),
    "two in focus": (
        modal(field(text_input(focus_on_load=True)), field(text_input(focus_on_load=True), block_id="2")),
        "$.blocks[1].element",
    ),
    "250 kB": (modal(*[section("\N{SNOWMAN}" * 3000)] * 30), "$"),
    "a shout": (home(section("<!everyone>")), "$.blocks[0].text.text"),
}

BAD_ACKS: Mapping[str, tuple[Json | str, str]] = {
    "a text too long": ("x" * 4001, "$.text"),
    "a bad view": ({"response_action": "update", "view": modal(title=plain("x" * 25))}, "$.title"),
    "no view": ({"response_action": "push"}, "$.view"),
    "no errors": ({"response_action": "errors", "errors": {}}, "$.errors"),
    "an error that says nothing": ({"response_action": "errors", "errors": {"note": " "}}, "$.errors.note"),
    "a bad suggestion": ({"options": [option("a", "x" * 76)]}, "$.options[0].text"),
    "a message without its fallback": ({"blocks": [section()]}, "$.text"),
}
