"""Trends of findings as a picture: small multiples below each other, each with the line that it is held to."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.charts.drawing import ALT_TEXT_LIMIT, drawn, fitted, said, width_of
from bot.domain.digests.trends import Trend, Trends, Unit
from bot.domain.wording import cut

TRENDS_WIDTH_PX = 900
_LEFT_PX, _RIGHT_PX = 44, 856
_HEAD_PX, _ROW_PX, _FOOT_PX = 90, 260, 30
_PLOT_TOP_PX, _PLOT_BOTTOM_PX = 80, 218

Place = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Row:
    """One trend as drawn: `runs` are stretches of weeks without a gap, `line` likewise what it is held to."""

    title: str
    told: str
    top: int
    runs: tuple[tuple[Place, ...], ...]
    line: tuple[tuple[Place, ...], ...]
    last: Place | None


def trends_height_px(trends: Trends) -> int:
    """How high the picture is."""
    return _HEAD_PX + _ROW_PX * len(trends.trends) + _FOOT_PX


def trends_svg(trends: Trends) -> str:
    """The trends as an SVG document of 900 pixels' width, made for reading at the 320 that a phone has for it."""
    picture = {
        "width": TRENDS_WIDTH_PX,
        "height": trends_height_px(trends),
        "left": _LEFT_PX,
        "right": _RIGHT_PX,
        "header": _said("header", trends),
        "legend": _said("legend", trends),
        "rows": list(_rows(trends)),
    }
    return drawn("trends", picture)


def trends_alt(trends: Trends) -> str:
    """What the picture shows, with its numbers, in at most 2,000 characters."""
    return cut(_said("alt", trends), ALT_TEXT_LIMIT)


def _said(block: str, trends: Trends) -> str:
    return said("trends", block, t=trends, cut=cut)


def _rows(trends: Trends) -> Iterator[_Row]:
    for place, trend in enumerate(trends.trends):
        top = _HEAD_PX + _ROW_PX * place
        told = said("trends", "latest", trend=trend)
        room = _RIGHT_PX - _LEFT_PX - width_of(told, 30) - 30
        values, line = _drawn(trend, top)
        runs = _without_gaps(values)
        yield _Row(
            title=fitted(said("trends", "title", trend=trend, cut=cut), 34, room),
            told=told,
            top=top,
            runs=runs,
            line=_without_gaps(line),
            last=values[-1],
        )


def _drawn(trend: Trend, top: int) -> tuple[tuple[Place | None, ...], tuple[Place | None, ...]]:
    """Where each week's number and its bound lie."""
    values, line = ([None if each is None else Decimal(each) for each in of] for of in (trend.values, trend.line))
    known = [each for each in (*values, *line) if each is not None]
    low, high = min(known), max(known)
    if trend.unit is not Unit.PLAIN:
        low = min(low, Decimal())
    if low == high:
        low, high = low - 1, high + 1
    step = (_RIGHT_PX - _LEFT_PX - 40) / max(len(values) - 1, 1)

    def at(week: int, number: Decimal | None) -> Place | None:
        if number is None:
            return None
        share = float((number - low) / (high - low))
        y = top + _PLOT_BOTTOM_PX - (_PLOT_BOTTOM_PX - _PLOT_TOP_PX) * share
        return round(_LEFT_PX + 20 + step * week, 1), round(y, 1)

    return tuple(at(*each) for each in enumerate(values)), tuple(at(*each) for each in enumerate(line))


def _without_gaps(places: tuple[Place | None, ...]) -> tuple[tuple[Place, ...], ...]:
    runs: list[list[Place]] = [[]]
    for place in places:
        if place is None:
            runs.append([])
        else:
            runs[-1].append(place)
    return tuple(tuple(run) for run in runs if run)
