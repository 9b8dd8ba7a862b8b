"""All Mondays of a program in one picture: how much was off plan, and how grave it was."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.charts import drawn, png_of
from bot.simulation.plans import SEVERITIES

WIDTH_PX, HEIGHT_PX = 1200, 520
_LEFT_PX, _FLOOR_PX, _CEILING_PX = 44, 452, 140
_GAP_SHARE, _TALLEST_PART_PX = 0.25, 34
_LABELS_FIT = 15


@dataclass(frozen=True, slots=True)
class Column:
    """One Monday: its label, and how many findings of each severity it tells of."""

    label: str
    counts: Mapping[str, int]


def chart_png(title: str, mondays: Sequence[Column]) -> bytes:
    """The picture as a PNG; the same Mondays give the same bytes."""
    room = (WIDTH_PX - 2 * _LEFT_PX) / max(len(mondays), 1)
    highest = max((sum(each.counts.values()) for each in mondays), default=0)
    unit = min((_FLOOR_PX - _CEILING_PX) / max(highest, 1), _TALLEST_PART_PX)
    picture = {
        "title": title,
        "width": WIDTH_PX,
        "height": HEIGHT_PX,
        "floor": _FLOOR_PX,
        "label_px": 22 if len(mondays) <= _LABELS_FIT else 14,
        "legend": [{"severity": each, "x": _LEFT_PX + 160 * place} for place, each in enumerate(SEVERITIES)],
        "columns": [
            {
                "label": each.label,
                "x": round(_LEFT_PX + room * (place + _GAP_SHARE / 2), 1),
                "width": round(room * (1 - _GAP_SHARE), 1),
                "parts": tuple(_parts(each, unit)),
            }
            for place, each in enumerate(mondays)
        ],
    }
    return png_of(drawn("mondays", picture))


def _parts(column: Column, unit: float) -> Iterator[dict[str, object]]:
    foot = float(_FLOOR_PX)
    for severity in SEVERITIES:
        if count := column.counts.get(severity, 0):
            foot -= count * unit
            yield {"severity": severity, "count": count, "y": round(foot, 1), "height": round(count * unit, 1)}
