"""Any chart, whichever it is: as a picture, as alt text, and the name of its file."""

from typing import assert_never

from bot.charts.timeline import alt_text, timeline_svg
from bot.charts.trajectory import trajectory_alt, trajectory_svg
from bot.charts.trends import trends_alt, trends_svg
from bot.domain.digests.trends import Trends
from bot.domain.timeline import Timeline
from bot.domain.trajectory import Trajectory

Chart = Timeline | Trajectory | Trends


def svg_of(chart: Chart) -> str:
    """The chart as an SVG document."""
    match chart:
        case Timeline():
            return timeline_svg(chart)
        case Trajectory():
            return trajectory_svg(chart)
        case Trends():
            return trends_svg(chart)
        case _:
            assert_never(chart)


def alt_of(chart: Chart) -> str:
    """What the picture shows, in words with its numbers, of at most 2,000 characters."""
    match chart:
        case Timeline():
            return alt_text(chart)
        case Trajectory():
            return trajectory_alt(chart)
        case Trends():
            return trends_alt(chart)
        case _:
            assert_never(chart)


def name_of(chart: Chart) -> str:
    """What its file is called."""
    return f"{type(chart).__name__.lower()}.png"
