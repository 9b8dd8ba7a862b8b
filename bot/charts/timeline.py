"""The timeline of a workflow as a picture, as its alt text, and as three lines of monospace text."""

from dataclasses import dataclass
from functools import lru_cache

from bot.charts.drawing import ALT_TEXT_LIMIT, drawn, fitted, png_of, said, width_of
from bot.domain.timeline import GateState, PhaseBar, Timeline
from bot.domain.wording import capitalised, cut

WIDTH_PX, HEIGHT_PX = 1200, 344
TEXT_COLUMNS = 44
_LEFT_PX, _RIGHT_PX = 44, 1156
_TAIL_PX = 150
_GAP_PX = 6
_MARK_PX = 50
_BAR_COLUMNS, _TAIL_COLUMNS = 36, 3
_LATE_TOLD = 5


@dataclass(frozen=True, slots=True)
class _Bar:
    """A phase as drawn: where (pixels), how far it is filled, and its name as far as it fits."""

    phase: PhaseBar
    name: str
    left: float
    width: float
    filled: float


@dataclass(frozen=True, slots=True)
class _Mark:
    """Late items that stand so close together that they share one mark."""

    x: float
    count: int


def timeline_svg(timeline: Timeline) -> str:
    """The timeline as an SVG document of 1200 × 344 pixels; all text from outside is escaped."""
    return drawn("timeline", _picture(timeline))


@lru_cache(maxsize=256)
def timeline_png(timeline: Timeline) -> bytes:
    """The timeline as a PNG of 1200 × 344 pixels, made for reading at a phone's 390."""
    return png_of(timeline_svg(timeline))


def alt_text(timeline: Timeline) -> str:
    """What the picture shows, with its numbers, in two sentences of at most 2,000 characters."""
    told = [(cut(mark.title, 80), mark.day) for mark in timeline.late[:_LATE_TOLD]]
    text = _said("alt", t=timeline, workflow=cut(timeline.workflow, 80), told=told)
    return cut(text, ALT_TEXT_LIMIT)


def timeline_text(timeline: Timeline) -> str:
    """The timeline as three lines for a monospace font, at most 44 columns wide."""
    bar, at = _columns(timeline)
    label = _said("mark", t=timeline)
    fits = at + 2 + len(label) <= TEXT_COLUMNS
    pointer = f"{' ' * at}^ {label}" if fits else f"{label} ^".rjust(at + 1)
    return "\n".join((bar, pointer, _counts(timeline.phases)))


def _said(block: str, **context: object) -> str:
    return said("timeline", block, **context)


def _picture(timeline: Timeline) -> dict[str, object]:
    """What the SVG template needs: the value, and where everything goes in pixels."""
    header, today, gate = (_said(block, t=timeline) for block in ("header", "today", "gate"))
    at, flag_width = _x(timeline, timeline.day - 0.5), width_of(today, 30) + 32
    return {
        "t": timeline,
        "width": WIDTH_PX,
        "height": HEIGHT_PX,
        "left": _LEFT_PX,
        "right": _RIGHT_PX,
        "header": header,
        "title": fitted(timeline.workflow, 38, _RIGHT_PX - _LEFT_PX - width_of(header, 30) - 60),
        "bars": [_bar(timeline, phase) for phase in timeline.phases],
        "gates": [(_x(timeline, gate.day), gate) for gate in timeline.gates],
        "marks": _marks(timeline),
        "tail": _x(timeline, timeline.days) if timeline.is_past_end else None,
        "today": today,
        "today_x": at,
        "flag_width": flag_width,
        "flag_x": min(max(at - flag_width / 2, 28), WIDTH_PX - 28 - flag_width),
        "late": fitted(_said("late", t=timeline), 28, _RIGHT_PX - _LEFT_PX - width_of(gate, 28) - 30),
        "gate": gate,
    }


def _x(timeline: Timeline, day: float) -> float:
    """Where the end of `day` is drawn; what comes after the last day shares a tail of fixed width."""
    end = _RIGHT_PX - (_TAIL_PX if timeline.is_past_end else 0)
    if day <= timeline.days:
        return round(_LEFT_PX + (end - _LEFT_PX) * max(day, 0) / timeline.days, 1)
    share = min((day - timeline.days) / (timeline.day - timeline.days), 1) if timeline.is_past_end else 0
    return round(end + _TAIL_PX * 0.7 * share, 1)


def _bar(timeline: Timeline, phase: PhaseBar) -> _Bar:
    left, right = _x(timeline, phase.first_day - 1), _x(timeline, phase.last_day)
    width = max(round(right - left - _GAP_PX, 1), 0)
    name = fitted(capitalised(phase.name), 32, width - 76)
    return _Bar(phase, name, left, width, round(width * _share(phase), 1))


def _share(phase: PhaseBar) -> float:
    return min(phase.done / phase.total, 1) if phase.total else 0


def _marks(timeline: Timeline) -> list[_Mark]:
    groups: list[list[float]] = []
    for x in sorted(_x(timeline, mark.day - 0.5) for mark in timeline.late):
        if groups and x - groups[-1][0] < _MARK_PX:
            groups[-1].append(x)
        else:
            groups.append([x])
    return [_Mark(round(sum(group) / len(group), 1), len(group)) for group in groups]


def _columns(timeline: Timeline) -> tuple[str, int]:
    """The bar in characters, and the column at which today is."""
    signs = {GateState.PASSED: "◆", GateState.AHEAD: "◇", GateState.LATE: "!"}
    drawn, at, done = "", 0, 0
    for index, phase in enumerate(timeline.phases):
        end = round(_BAR_COLUMNS * phase.last_day / timeline.days)
        cells = max(end - done, 0)
        filled = int(cells * _share(phase))
        if phase.first_day <= timeline.day:
            into = min(timeline.day, phase.last_day) - phase.first_day
            at = len(drawn) + into * cells // (phase.last_day - phase.first_day + 1)
        gate = timeline.gates[index] if index < len(timeline.gates) else None
        drawn += "▓" * filled + "░" * (cells - filled) + (signs[gate.state] if gate else "")
        done = max(end, done)
    if timeline.is_past_end:
        drawn += "┄" * _TAIL_COLUMNS
        at = len(drawn) - 1
    return drawn[:TEXT_COLUMNS], min(at, TEXT_COLUMNS - 1)


def _counts(phases: tuple[PhaseBar, ...]) -> str:
    """Each phase with its items done of all; the longest names are cut until the line fits."""
    names = [capitalised(phase.name) for phase in phases]
    while True:
        words = [f"{name} {_share_of(phase)}" for name, phase in zip(names, phases, strict=True)]
        line = "  ".join(words)
        longest = max(range(len(names)), key=lambda index: len(names[index]), default=0)
        if len(line) <= TEXT_COLUMNS or len(names[longest]) <= 2:
            return line[:TEXT_COLUMNS]
        names[longest] = cut(names[longest], len(names[longest]) - 1)


def _share_of(phase: PhaseBar) -> str:
    return f"{phase.done}/{phase.total}" if phase.total else "–"
