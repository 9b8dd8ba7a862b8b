"""Blocks as a person reads them: the words, and the controls with the words they stand beside."""

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]
_DATE = re.compile(r"<!date\^[^|>]*\|([^>]*)>")
_MENTION = re.compile(r"<@([A-Z0-9]+)(?:\|[^>]*)?>")
_LINK = re.compile(r"<(https?://[^|>]*)\|([^>]*)>")


@dataclass(frozen=True, slots=True)
class Control:
    """Something to click: its label, the words it stands beside, those on top, and how Slack addresses it."""

    label: str
    beside: str
    under: str
    block_id: str
    element: Json

    def is_at(self, words: str) -> bool:
        """Whether it stands beside these words, or in what has them on top."""
        return words in self.beside or words in self.under

    @property
    def choices(self) -> Mapping[str, Json]:
        """A menu's options by their words."""
        return {option["text"]["text"]: option for option in self.element.get("options", ())}


def words(shown: Json, names: Mapping[str, str]) -> str:
    """A message or view as text, one line a block; mentions as names, bold without its marks."""
    lines = [line for block in shown.get("blocks") or () for line in _lines(block)]
    title = (shown.get("title") or {}).get("text", "")
    return readable("\n".join([title, *(lines or [str(shown.get("text", ""))])]), names)


def readable(markup: str, names: Mapping[str, str]) -> str:
    """Slack's markup as it is displayed."""
    text = _DATE.sub(r"\1", markup)
    text = _MENTION.sub(lambda found: names.get(found[1], found[1]), text)
    text = _LINK.sub(r"\2", text)
    return html.unescape(text).replace("*", "").replace("`", "")


def controls(shown: Json, names: Mapping[str, str]) -> list[Control]:
    """Every button and menu, from top to bottom."""
    found: list[Control] = []
    beside = under = ""
    for block in shown.get("blocks") or ():
        if block["type"] == "section":
            beside = readable(block["text"]["text"], names)
            under = under or beside
            elements = [block["accessory"]] if "accessory" in block else []
        else:
            elements = block.get("elements", []) if block["type"] == "actions" else []
        found += [Control(_label(one), beside, under, block["block_id"], one) for one in elements if "action_id" in one]
    return found


def fields(view: Json) -> dict[str, Json]:
    """A modal's questions by block id."""
    return {block["block_id"]: block for block in view["blocks"] if block["type"] == "input"}


def preset(element: Json) -> Json:
    """What a field holds before anyone touched it, as Slack keeps it."""
    names = {
        "initial_value": "value",
        "initial_option": "selected_option",
        "initial_options": "selected_options",
        "initial_user": "selected_user",
        "initial_users": "selected_users",
        "initial_date": "selected_date",
    }
    return {kept: element[name] for name, kept in names.items() if name in element}


def _label(element: Json) -> str:
    if element["type"] == "checkboxes":
        return " ".join(option["text"]["text"] for option in element["options"])
    return "⋯" if element["type"] == "overflow" else str(element.get("text", {}).get("text", element["type"]))


def _lines(block: Json) -> Iterator[str]:
    kind = block["type"]
    if kind == "section":
        yield block["text"]["text"]
        if "accessory" in block:
            yield f"[{_label(block['accessory'])}]"
    elif kind == "context":
        yield " · ".join(element["text"] for element in block["elements"])
    elif kind == "actions":
        yield " ".join(f"[{_label(element)}]" for element in block["elements"])
    elif kind == "input":
        yield block["label"]["text"]
        yield (block.get("hint") or {}).get("text", "")
    elif kind in ("image", "header"):
        yield block.get("alt_text") or block["text"]["text"]
