"""The timeline of a workflow as a picture, as its alt text, and as three lines of monospace text.

Other pictures are drawn from templates of their own in the same way (`drawn`). Each brings its own font
(`templates/fonts`, SIL Open Font License): a bare container has none, and without one every letter would vanish. It
also makes the same value give the same bytes on every machine. Fonts of the system are asked only for letters that
ours lacks.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import resvg_py
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

import bot
from bot.domain.timeline import GateState, PhaseBar, Timeline
from bot.domain.wording import cut

_TEMPLATES = Path(bot.__file__).parent.parent / "templates"
_FONTS = tuple(str(_TEMPLATES / "fonts" / f"AtkinsonHyperlegible-{face}.ttf") for face in ("Regular", "Bold"))
# The last letter of Latin-1, and the punctuation that cut titles and English text bring.
_LAST_LETTER, _OUR_PUNCTUATION = "\u00ff", frozenset("…–—‘’“”•")

WIDTH_PX, HEIGHT_PX = 1200, 344
TEXT_COLUMNS = 44
ALT_TEXT_LIMIT = 2000
_LEFT_PX, _RIGHT_PX = 44, 1156
_TAIL_PX = 150
_GAP_PX = 6
_MARK_PX = 50
_BAR_COLUMNS, _TAIL_COLUMNS = 36, 3
_LATE_TOLD = 5

_NARROW_EM = 0.34
_NARROW, _BROAD = frozenset(" .,:;'|!()[]ijlft-"), frozenset("mwMWOQ@%#&CDGHNU")


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


def drawn(template: str, picture: Mapping[str, object]) -> str:
    """An SVG document from `templates/TEMPLATE.svg.j2`; all text from outside is escaped."""
    return _environment().get_template(f"{template}.svg.j2").render(picture)


@lru_cache(maxsize=256)
def timeline_png(timeline: Timeline) -> bytes:
    """The timeline as a PNG of 1200 × 344 pixels, made for reading at a phone's 390."""
    return png_of(timeline_svg(timeline))


def png_of(svg: str) -> bytes:
    """What `timeline_svg` or `drawn` gave, as a PNG."""
    ours = all(char <= _LAST_LETTER or char in _OUR_PUNCTUATION for char in svg)
    return resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=ours, font_files=list(_FONTS))


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


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=lambda name: name is not None and name.endswith(".svg.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )


def _said(block: str, **context: object) -> str:
    template = _environment().get_template("timeline.txt.j2")
    return " ".join("".join(template.blocks[block](template.new_context(context))).split())


def _picture(timeline: Timeline) -> dict[str, object]:
    """What the SVG template needs: the value, and where everything goes in pixels."""
    header, today, gate = (_said(block, t=timeline) for block in ("header", "today", "gate"))
    at, flag_width = _x(timeline, timeline.day - 0.5), _width(today, 30) + 32
    return {
        "t": timeline,
        "width": WIDTH_PX,
        "height": HEIGHT_PX,
        "left": _LEFT_PX,
        "right": _RIGHT_PX,
        "header": header,
        "title": _fitted(timeline.workflow, 38, _RIGHT_PX - _LEFT_PX - _width(header, 30) - 60),
        "bars": [_bar(timeline, phase) for phase in timeline.phases],
        "gates": [(_x(timeline, gate.day), gate) for gate in timeline.gates],
        "marks": _marks(timeline),
        "tail": _x(timeline, timeline.days) if timeline.is_past_end else None,
        "today": today,
        "today_x": at,
        "flag_width": flag_width,
        "flag_x": min(max(at - flag_width / 2, 28), WIDTH_PX - 28 - flag_width),
        "late": _fitted(_said("late", t=timeline), 28, _RIGHT_PX - _LEFT_PX - _width(gate, 28) - 30),
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
    name = _fitted(_titled(phase.name), 32, width - 76)
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


def _width(text: str, size_px: int) -> float:
    """About how wide `text` is, on the generous side: nothing here can ask the font."""
    ems = (0.34 if char in _NARROW else 0.85 if char in _BROAD or char > _LAST_LETTER else 0.57 for char in text)
    return round(sum(ems) * size_px, 1)


def _fitted(text: str, size_px: int, room_px: float) -> str:
    limit = min(len(text), int(room_px / (_NARROW_EM * size_px)) + 1)
    while limit > 1 and _width(cut(text, limit), size_px) > room_px:
        limit -= 1
    return cut(text, limit) if limit > 1 or _width(text, size_px) <= room_px else ""


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
    names = [_titled(phase.name) for phase in phases]
    while True:
        words = [f"{name} {_share_of(phase)}" for name, phase in zip(names, phases, strict=True)]
        line = "  ".join(words)
        longest = max(range(len(names)), key=lambda index: len(names[index]), default=0)
        if len(line) <= TEXT_COLUMNS or len(names[longest]) <= 2:
            return line[:TEXT_COLUMNS]
        names[longest] = cut(names[longest], len(names[longest]) - 1)


def _share_of(phase: PhaseBar) -> str:
    return f"{phase.done}/{phase.total}" if phase.total else "–"


def _titled(name: str) -> str:
    return name[:1].upper() + name[1:]
