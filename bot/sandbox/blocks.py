"""Slack's blocks: fields, limits, and the surfaces each may stand on.

Source: docs.slack.dev, reference/block-kit/blocks (November 2026).
"""

from typing import Any

from bot.sandbox.elements import (
    ACCESSORIES,
    ACTIONS,
    ELEMENTS,
    ID,
    INPUTS,
    SLACK_FILE,
    URL,
    element,
)
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

RICH_PARTS = ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")
RICH_TEXT = Shape(
    {
        "elements": Many(
            ByType(
                {
                    name: Shape(
                        {"elements": Many(Anything(), least=0)},
                        dict.fromkeys(("style", "indent", "offset", "border", "language"), Anything()),
                    )
                    for name in RICH_PARTS
                }
            )
        )
    },
    {"block_id": ID},
)
CELL = ByType(
    {"raw_text": Shape({"text": Words()}), "raw_number": Shape({"value": Anything()}, {"text": Words()})}
    | {"rich_text": RICH_TEXT}
)
CHART_WORD = Words(20)
POINT = Shape({"label": CHART_WORD, "value": Number(whole=False)})
SERIES = Shape({"name": CHART_WORD, "data": Many(POINT, 20)})
AXES = Shape({"categories": Many(CHART_WORD, 20)}, {"x_label": Words(50), "y_label": Words(50)})


def labels_match_categories(value: Json, path: str) -> Breaches:
    """The points of each series must name the axis' categories, all of them and in order."""
    axes = value.get("axis_config")
    categories = axes.get("categories") if isinstance(axes, dict) else None
    for place, one in enumerate(value.get("series") or []):
        points = one.get("data") if isinstance(one, dict) else None
        if isinstance(points, list) and isinstance(categories, list):
            labels = [point.get("label") for point in points if isinstance(point, dict)]
            if labels != categories:
                yield Breach(f"{path}/series/{place}/data", "labels must match axis_config.categories")


def rows_of_one_length(value: Json, path: str) -> Breaches:
    """All rows of a table have as many cells as the first."""
    rows = value.get("rows")
    if isinstance(rows, list) and rows and isinstance(rows[0], list):
        for place, row in enumerate(rows):
            if isinstance(row, list) and len(row) != len(rows[0]):
                found = f"{len(row)} against {len(rows[0])} cells"
                yield Breach(f"{path}/rows/{place}", "rows must have the same number of cells", found)


def _block(required: dict[str, Rule], optional: dict[str, Rule], *also: Any) -> Shape:
    return Shape(required, {"block_id": ID, **optional}, also)


_XY = Shape({"series": Many(SERIES, 12), "axis_config": AXES}, {}, (labels_match_categories,))
_PIE = Shape({"segments": Many(Shape({"label": CHART_WORD, "value": Number(0, whole=False)}), 12)})
_TASK = _block(
    {
        "task_id": Words(),
        "title": Words(),
        "status": Among(("pending", "in_progress", "complete", "error")),
    },
    dict.fromkeys(("details", "output", "sources"), Anything()),
)
_CARD_IMAGE = ByType(ELEMENTS, frozenset({"image"}))

BLOCKS: dict[str, Rule] = {
    "section": _block(
        {},
        {
            "text": text_of(3000),
            "fields": Many(text_of(2000), 10),
            "accessory": element(ACCESSORIES),
            "expand": Flag(),
        },
        at_least_one("text", "fields"),
    ),
    "header": _block({"text": plain(150)}, {"level": Number(1, 4)}),
    "divider": _block({}, {}),
    "context": _block(
        {
            "elements": Many(
                ByType(
                    {
                        "image": ELEMENTS["image"],
                        "plain_text": Shape({"text": Words(3000)}, {"emoji": Flag()}),
                        "mrkdwn": Shape({"text": Words(3000)}, {"verbatim": Flag()}),
                    }
                ),
                10,
            )
        },
        {},
    ),
    "actions": _block({"elements": Many(element(ACTIONS), 25)}, {}),
    "image": _block(
        {"alt_text": Words(2000)},
        {"image_url": URL, "slack_file": SLACK_FILE, "title": plain(2000)},
        exactly_one("image_url", "slack_file"),
    ),
    "input": _block(
        {"label": plain(2000), "element": element(INPUTS)},
        {"hint": plain(2000), "optional": Flag(), "dispatch_action": Flag()},
    ),
    "rich_text": RICH_TEXT,
    "markdown": _block({"text": Words(12_000)}, {}),
    "table": _block(
        {"rows": Many(Many(CELL, 20), 100)},
        {"column_settings": Many(Anything(), 20)},
        rows_of_one_length,
    ),
    "data_table": _block(
        {"rows": Many(Many(CELL, 20), 201, least=2)},
        dict.fromkeys(("caption", "page_size", "row_header_column_index"), Anything()),
        rows_of_one_length,
    ),
    "data_visualization": _block(
        {
            "title": Words(50),
            "chart": ByType({"pie": _PIE, "bar": _XY, "area": _XY, "line": _XY}),
        },
        {},
    ),
    "alert": _block({"text": text_of(200)}, {"level": Among(("default", "info", "warning", "error", "success"))}),
    "context_actions": _block({"elements": Many(element(frozenset({"feedback_buttons", "icon_button"})), 5)}, {}),
    "file": _block({"external_id": Words(), "source": Among(("remote",))}, {}),
    "video": _block(
        {"alt_text": Words(2000), "title": plain(200), "thumbnail_url": URL, "video_url": URL},
        dict.fromkeys(("author_name", "description", "provider_icon_url", "provider_name", "title_url"), Anything()),
    ),
    "task_card": _TASK,
    "plan": _block({"title": Words()}, {"tasks": Many(_TASK, 50)}),
    "card": _block(
        {},
        {
            "hero_image": _CARD_IMAGE,
            "icon": _CARD_IMAGE,
            "title": text_of(150),
            "subtitle": text_of(150),
            "body": text_of(200),
            "subtext": text_of(200),
            "actions": Many(element(ACTIONS), 3),
        },
        at_least_one("hero_image", "title", "body", "actions"),
    ),
}
BLOCKS["carousel"] = _block({"elements": Many(ByType(BLOCKS, frozenset({"card"})), 10)}, {})
BLOCKS["container"] = _block(
    {"child_blocks": Many(ByType(BLOCKS), 10)},
    {
        "title": text_of(150),
        "subtitle": text_of(150),
        "icon": Anything(),
        "width": Anything(),
        "is_collapsible": Flag(),
        "default_collapsed": Flag(),
    },
)

_EVERYWHERE = frozenset(
    {"actions", "card", "context", "divider", "header", "image", "input", "rich_text", "section", "video"}
)
_WIDE = _EVERYWHERE | {"carousel", "container"}
SURFACES: dict[str, frozenset[str]] = {
    "message": _WIDE
    | {
        "context_actions",
        "data_table",
        "data_visualization",
        "file",
        "markdown",
        "plan",
        "table",
        "task_card",
    },
    "modal": _EVERYWHERE | {"alert"},
    "home": _WIDE,
}
