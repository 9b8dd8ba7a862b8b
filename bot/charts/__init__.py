"""Charts: frozen values as pictures for a phone's width, and the words that say the same."""

from bot.charts.drawing import drawn, png_of
from bot.charts.picture import Chart, alt_of, name_of, svg_of
from bot.charts.timeline import (
    HEIGHT_PX,
    TEXT_COLUMNS,
    WIDTH_PX,
    alt_text,
    timeline_png,
    timeline_svg,
    timeline_text,
)

__all__ = [
    "HEIGHT_PX",
    "TEXT_COLUMNS",
    "WIDTH_PX",
    "Chart",
    "alt_of",
    "alt_text",
    "drawn",
    "name_of",
    "png_of",
    "svg_of",
    "timeline_png",
    "timeline_svg",
    "timeline_text",
]
