"""The way of a success metric as a picture: the plan's line, what was measured each week, and the phases below."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from bot.charts.drawing import ALT_TEXT_LIMIT, drawn, fitted, said, width_of
from bot.domain.gates.words import figure
from bot.domain.trajectory import PhaseStretch, Trajectory
from bot.domain.wording import cut

TRAJECTORY_WIDTH_PX, TRAJECTORY_HEIGHT_PX = 900, 648
_LEFT_PX, _RIGHT_PX = 44, 856
_TOP_PX, _BOTTOM_PX = 150, 420
_LABEL_PX = 30
_LABEL_GAP_PX = 34
_GAP_PX = 6
_WEEKS_TOLD = 14


@dataclass(frozen=True, slots=True)
class _Dot:
    """A week's value as drawn."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A phase as drawn; the name is empty where it has no room."""

    name: str
    left: float
    width: float


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where a place and a value lie on the picture."""

    last_place: int
    low: Decimal
    high: Decimal

    def x(self, place: int) -> float:
        return round(_LEFT_PX + (_RIGHT_PX - _LEFT_PX) * min(max(place, 0), self.last_place) / self.last_place, 1)

    def y(self, value: Decimal) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(_BOTTOM_PX - (_BOTTOM_PX - _TOP_PX) * float(share), 1)


def trajectory_svg(trajectory: Trajectory) -> str:
    """The way as an SVG document of 900 × 648 pixels, made for reading at the 320 that a phone has for it."""
    return drawn("trajectory", _picture(trajectory))


def trajectory_alt(trajectory: Trajectory) -> str:
    """What the picture shows, with its numbers, in a few sentences of at most 2,000 characters."""
    last = trajectory.values[-_WEEKS_TOLD:]
    text = _said(
        "alt",
        trajectory,
        workflow=cut(trajectory.workflow, 80),
        told=[figure(each.value) for each in last],
        left_out=len(trajectory.values) - len(last),
    )
    return cut(text, ALT_TEXT_LIMIT)


def _said(block: str, trajectory: Trajectory, **context: object) -> str:
    numbers = {name: figure(getattr(trajectory, name)) for name in ("baseline", "target")}
    latest = None if trajectory.latest is None else figure(trajectory.latest)
    metric = cut(trajectory.metric, 60)
    return said("trajectory", block, t=trajectory, metric=metric, latest=latest, **numbers, **context)


def _picture(trajectory: Trajectory) -> dict[str, object]:
    """What the SVG template needs: the value, and where everything goes in pixels."""
    scale, plan = _scale(trajectory), trajectory.plan
    line = ((0, trajectory.baseline), (plan.leaves, trajectory.baseline), (plan.arrives, trajectory.target),
            (trajectory.last_place, trajectory.target))  # fmt: skip
    outcome, header = (_said(block, trajectory) for block in ("outcome", "header"))
    dots = [_Dot(scale.x(each.place), scale.y(each.value)) for each in trajectory.values]
    room = _RIGHT_PX - _LEFT_PX
    return {
        "t": trajectory,
        "width": TRAJECTORY_WIDTH_PX,
        "height": TRAJECTORY_HEIGHT_PX,
        "left": _LEFT_PX,
        "right": _RIGHT_PX,
        "top": _TOP_PX,
        "bottom": _BOTTOM_PX,
        "title": fitted(_said("title", trajectory), 38, room - width_of(header, 30) - 40),
        "header": header,
        "line": [(scale.x(place), scale.y(value)) for place, value in line],
        "dots": dots,
        "baseline": _said("baseline", trajectory),
        "baseline_y": scale.y(trajectory.baseline),
        "target": _said("target", trajectory),
        "target_y": scale.y(trajectory.target),
        "is_rising": trajectory.target >= trajectory.baseline,
        "latest": _said("latest", trajectory),
        "latest_y": _label_y(dots[-1].y, scale.y(trajectory.target)) if dots else None,
        "latest_x": min(dots[-1].x, _RIGHT_PX - 50) if dots else None,
        "today_x": scale.x(trajectory.today),
        "stretches": list(_stretches(trajectory.phases, scale)),
        "ticks": [(scale.x(plan.leaves), plan.leaves_day), (scale.x(plan.arrives), plan.arrives_day)],
        "outcome": fitted(outcome, 30, room),
    }


def _label_y(dot_y: float, target_y: float) -> float:
    """Above the dot, or below it where the target's line would run through the number."""
    above = dot_y - _LABEL_GAP_PX + 12
    return dot_y + _LABEL_GAP_PX + 12 if abs(above - target_y) < _LABEL_PX and dot_y > target_y else above


def _scale(trajectory: Trajectory) -> _Scale:
    numbers = (trajectory.baseline, trajectory.target, *(each.value for each in trajectory.values))
    low, high = min(numbers), max(numbers)
    if low == high:
        low, high = low - 1, high + 1
    return _Scale(trajectory.last_place, low, high)


def _stretches(phases: tuple[PhaseStretch, ...], scale: _Scale) -> Iterator[_Stretch]:
    for phase in phases:
        left, right = scale.x(phase.first), scale.x(phase.last)
        width = max(round(right - left - _GAP_PX, 1), 4)
        yield _Stretch(fitted(phase.phase.capitalize(), 28, width - 20), left, width)
