"""The timeline: the same value, drawn and told alike, on any machine."""

import re
import struct
from dataclasses import replace
from xml.etree import ElementTree

import pytest

from bot.charts import HEIGHT_PX, TEXT_COLUMNS, WIDTH_PX, alt_text, timeline_png, timeline_svg, timeline_text
from bot.domain.timeline import GateMark, GateState, LateMark, PhaseBar, PhaseState, Timeline

PHASES = ("pilot", "production", "scaling")
HOSTILE = '<script>alert("x")</script> & <!channel> \u202e]]> {{ 7*7 }}'


def a_timeline(day: int, phase: str = "production", late: tuple[LateMark, ...] = ()) -> Timeline:
    """Three phases of 30 days; those before `phase` are done, and so are their gates."""
    reached = (*PHASES, "operating").index(phase)
    states = [
        PhaseState.PAST if n < reached else PhaseState.CURRENT if n == reached else PhaseState.AHEAD for n in range(3)
    ]
    done = ((12, 12), (5, 16), (0, 9))
    bars = tuple(PhaseBar(name, 30 * n + 1, 30 * n + 30, *done[n], states[n]) for n, name in enumerate(PHASES))
    ends = (GateState.LATE if day > end else GateState.AHEAD for end in (30, 60, 90))
    gates = tuple(
        GateMark(30 * n + 30, to, GateState.PASSED if n < reached else end)
        for n, (to, end) in enumerate(zip(("production", "scaling", "operating"), ends, strict=True))
    )
    return Timeline("refunds_agent", phase, day, 90, bars, late, gates, paused=False)


ON_DAY_44 = a_timeline(44, late=(LateMark(41, "Rehearse rollback"),))
PAST_THE_END = a_timeline(95, "scaling", (LateMark(88, "Publish the spec"), LateMark(93, "Collect the metric")))
LONG_NAMES = replace(
    ON_DAY_44,
    workflow="a_name_of_sixty_characters_that_goes_on_until_it_is_too_long",
    phases=tuple(replace(bar, name=f"{bar.name} and whatever else is to be done in it") for bar in ON_DAY_44.phases),
    late=tuple(LateMark(day, f"A late item with quite a long title, number {day}") for day in range(1, 45)),
)
ALL = {
    "first day": a_timeline(1, "pilot"),
    "day 3": a_timeline(3, "pilot"),
    "day 31, still in pilot": a_timeline(31, "pilot"),
    "day 44": ON_DAY_44,
    "paused": replace(ON_DAY_44, paused=True),
    "last day": a_timeline(90, "scaling"),
    "past the end": PAST_THE_END,
    "operating": a_timeline(120, "operating"),
    "years later": a_timeline(1200, "operating"),
    "long names": LONG_NAMES,
    "hostile": replace(ON_DAY_44, workflow=HOSTILE, late=(LateMark(2, HOSTILE),)),
    "foreign letters": replace(ON_DAY_44, workflow="возвраты 漢字 🙂"),
    "late before it began": replace(ON_DAY_44, late=(LateMark(-3, "Kick-off"),)),
    "nothing to do": replace(ON_DAY_44, phases=tuple(replace(bar, done=0, total=0) for bar in ON_DAY_44.phases)),
    "no phases": replace(ON_DAY_44, phases=(), gates=()),
}
each_timeline = pytest.mark.parametrize("timeline", ALL.values(), ids=ALL.keys())


def words(svg: str) -> list[str]:
    """The text of every label, in the order in which they are drawn."""
    return [text.text or "" for text in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


@each_timeline
def test_the_same_value_gives_the_same_picture(timeline: Timeline) -> None:
    again = replace(timeline)
    assert timeline_svg(timeline) == timeline_svg(again)
    first = timeline_png(timeline)
    timeline_png.cache_clear()
    assert timeline_png(again) == first


@each_timeline
def test_the_picture_is_a_png_of_the_promised_size(timeline: Timeline) -> None:
    png = timeline_png(timeline)
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (WIDTH_PX, HEIGHT_PX)


@each_timeline
def test_nothing_is_drawn_outside_the_card(timeline: Timeline) -> None:
    for shape in ElementTree.fromstring(timeline_svg(timeline)).iter("{http://www.w3.org/2000/svg}rect"):
        x, width = float(shape.get("x", "0")), float(shape.get("width", "0"))
        assert 0 <= x <= x + width <= WIDTH_PX


def test_letters_are_drawn_without_any_font_on_the_machine() -> None:
    blank = timeline_png(replace(ON_DAY_44, workflow=" "))
    assert len({timeline_png(replace(ON_DAY_44, workflow=name)) for name in ("a", "b", "é", "–")} | {blank}) == 5


def test_the_picture_says_in_words_what_it_shows() -> None:
    assert words(timeline_svg(ON_DAY_44)) == [
        "refunds_agent",
        "Production · day 44 of 90",
        "day 44",
        "Pilot",
        "12 of 12 done",
        "Production",
        "5 of 16 done",
        "Scaling",
        "0 of 9 done",
        "!",
        "1 late: Rehearse rollback",
        "Gate to scaling: day 60",
    ]


@pytest.mark.parametrize(
    ("timeline", "header", "gate"),
    [
        (replace(ON_DAY_44, paused=True), "Paused · Production · day 44 of 90", "Gate to scaling: day 60"),
        (PAST_THE_END, "Scaling · day 95", "Gate to operating: late since day 90"),
        (a_timeline(120, "operating"), "Operating · day 120", "All gates passed"),
    ],
)
def test_after_the_last_day_of_90_is_dropped(timeline: Timeline, header: str, gate: str) -> None:
    labels = words(timeline_svg(timeline))
    assert (labels[1], labels[-1]) == (header, gate)


def test_late_items_close_together_share_a_mark_that_counts_them() -> None:
    late = tuple(LateMark(day, f"Item {day}") for day in (10, 41, 42, 43))
    labels = words(timeline_svg(replace(ON_DAY_44, late=late)))
    assert labels[-4:] == ["!", "3", "4 late: Item 10, Item 41, Item 42, Item 43", "Gate to scaling: day 60"]


def test_names_from_outside_are_escaped_and_cut_to_fit() -> None:
    svg = timeline_svg(ALL["hostile"])
    assert "<script" not in svg
    assert "\u202e" not in svg
    title = words(svg)[0]
    assert title.startswith('<script>alert("x")')
    assert title.endswith("…")
    shortened = [label for label in words(timeline_svg(LONG_NAMES)) if label.endswith("…")]
    assert [label.split(" ")[0] for label in shortened] == [shortened[0], "Pilot", "Production", "Scaling", "44"]


def test_alt_text_tells_the_numbers_of_the_picture() -> None:
    assert alt_text(ON_DAY_44) == (
        "Timeline of refunds_agent: production, day 44 of 90; pilot 12 of 12 items done (over), "
        "production 5 of 16 (under way), scaling 0 of 9 (still ahead). "
        "1 item is late: Rehearse rollback (day 41), and the gate to scaling is due on day 60."
    )
    assert alt_text(replace(PAST_THE_END, paused=True)) == (
        "Timeline of refunds_agent: scaling, day 95, paused; pilot 12 of 12 items done (over), "
        "production 5 of 16 (over), scaling 0 of 9 (under way). 2 items are late: Publish the spec (day 88), "
        "Collect the metric (day 93), and the gate to operating is late since day 90."
    )
    assert alt_text(a_timeline(120, "operating")).endswith("Nothing is late, and every gate is passed.")


@each_timeline
def test_alt_text_has_every_number_and_stays_short(timeline: Timeline) -> None:
    text = alt_text(timeline)
    assert len(text) <= 2000
    assert f"day {timeline.day}" in text
    assert all(f"{bar.done} of {bar.total}" in text if bar.total else "taken over" in text for bar in timeline.phases)
    assert not timeline.late or f"{len(timeline.late)} item" in text
    assert not re.search(r"\s[,.;)]|  |\n", text)


def test_alt_text_is_cut_however_much_it_has_to_tell() -> None:
    many = tuple(replace(ON_DAY_44.phases[0], name="x" * 300) for _ in range(20))
    assert len(alt_text(replace(ON_DAY_44, phases=many))) == 2000


def test_three_lines_tell_the_same_in_monospace() -> None:
    assert timeline_text(ON_DAY_44).split("\n") == [
        "▓▓▓▓▓▓▓▓▓▓▓▓◆▓▓▓░░░░░░░░░◇░░░░░░░░░░░░◇",
        "                  ^ day 44 of 90, 1 late",
        "Pilot 12/12  Production 5/16  Scaling 0/9",
    ]
    assert timeline_text(PAST_THE_END).split("\n") == [
        "▓▓▓▓▓▓▓▓▓▓▓▓◆▓▓▓░░░░░░░░░◆░░░░░░░░░░░░!┄┄┄",
        "                          day 95, 2 late ^",
        "Pilot 12/12  Production 5/16  Scaling 0/9",
    ]


@each_timeline
def test_the_three_lines_fit_a_phone(timeline: Timeline) -> None:
    lines = timeline_text(timeline).split("\n")
    assert len(lines) == 3
    assert max(len(line) for line in lines) <= TEXT_COLUMNS
