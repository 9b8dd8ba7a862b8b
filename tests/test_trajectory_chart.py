"""The way of a success metric: the same value, drawn and told alike, on any machine and at a phone's width."""

import struct
from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree

import pytest

from bot.charts import alt_of, name_of, png_of, svg_of
from bot.charts.trajectory import TRAJECTORY_HEIGHT_PX, TRAJECTORY_WIDTH_PX
from bot.domain.gate_evidence import Better
from bot.domain.playbook import PhaseName
from bot.domain.trajectory import PhaseStretch, Plan, Trajectory, WeekValue

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert("x")</script> & <!channel> \u202e]]> {{ 7*7 }}'
RISING = Trajectory(
    workflow="refunds_agent",
    metric="csat",
    better=Better.HIGHER,
    baseline=Decimal("4.10"),
    target=Decimal("4.5"),
    values=tuple(WeekValue(7 * week + 3, Decimal("4.08") + week * Decimal("0.025")) for week in range(13)),
    plan=Plan(30, 90, 29, 89),
    today=90,
    day=91,
    phases=(
        PhaseStretch(PhaseName.PILOT, 0, 31),
        PhaseStretch(PhaseName.PRODUCTION, 31, 65),
        PhaseStretch(PhaseName.SCALING, 65, 90),
    ),
)
FALLING = replace(RISING, better=Better.LOWER, baseline=Decimal(5), target=Decimal("2.5"), values=RISING.values[:4],
                  today=24, day=25, phases=(PhaseStretch(PhaseName.PILOT, 0, 24),))  # fmt: skip
ALL = {
    "on day 91": RISING,
    "lower is better": FALLING,
    "no value yet": replace(RISING, values=(), today=0, day=1, phases=(PhaseStretch(PhaseName.PILOT, 0, 0),)),
    "one value": replace(RISING, values=RISING.values[:1]),
    "all the same": replace(RISING, baseline=Decimal(4), target=Decimal(4), values=(WeekValue(3, Decimal(4)),)),
    "far beyond": replace(RISING, values=(WeekValue(3, Decimal("-1e12")), WeekValue(9, Decimal("1e12")))),
    "closed": replace(RISING, is_closed=True),
    "years later": replace(RISING, today=1200, day=1201, values=(*RISING.values, WeekValue(1199, Decimal(5)))),
    "hostile": replace(RISING, workflow=HOSTILE, metric=HOSTILE),
    "foreign letters": replace(RISING, metric="возвраты 漢字"),
}
each = pytest.mark.parametrize("trajectory", ALL.values(), ids=ALL.keys())


def words(trajectory: Trajectory) -> list[str]:
    """The text of every label, in the order in which they are drawn."""
    return [text.text or "" for text in ElementTree.fromstring(svg_of(trajectory)).iter(f"{SVG}text")]


@each
def test_the_same_value_gives_the_same_picture_of_the_promised_size(trajectory: Trajectory) -> None:
    svg = svg_of(trajectory)
    assert svg == svg_of(replace(trajectory))
    png = png_of(svg)
    assert struct.unpack(">II", png[16:24]) == (TRAJECTORY_WIDTH_PX, TRAJECTORY_HEIGHT_PX)


@each
def test_nothing_is_drawn_outside_the_card(trajectory: Trajectory) -> None:
    root = ElementTree.fromstring(svg_of(trajectory))
    for shape in root.iter(f"{SVG}rect"):
        x, width = float(shape.get("x", "0")), float(shape.get("width", "0"))
        assert 0 <= x <= x + width <= TRAJECTORY_WIDTH_PX
    for dot in root.iter(f"{SVG}circle"):
        assert 0 <= float(dot.get("cx", "-1")) <= TRAJECTORY_WIDTH_PX
        assert 0 <= float(dot.get("cy", "-1")) <= TRAJECTORY_HEIGHT_PX


@each
def test_its_letters_can_be_read_at_a_phones_width(trajectory: Trajectory) -> None:
    scale = 320 / TRAJECTORY_WIDTH_PX
    for text in ElementTree.fromstring(svg_of(trajectory)).iter(f"{SVG}text"):
        assert float(text.get("font-size", "0")) * scale > 9


def test_the_picture_says_in_words_what_it_shows() -> None:
    assert words(RISING) == [
        "refunds_agent: csat",
        "day 91",
        "baseline 4.1",
        "target 4.5",
        "4.38",
        "Pilot",
        "Production",
        "Scaling",
        "day 30",
        "day 90",
        "Target not met, higher is better; dashes: the plan",
    ]
    assert words(ALL["no value yet"])[-1] == "No value yet; dashes: the plan"
    assert words(ALL["closed"])[1] == "closed on day 91"


def test_names_from_outside_are_escaped() -> None:
    svg = svg_of(ALL["hostile"])
    assert "<script" not in svg
    assert words(ALL["hostile"])[0].startswith('<script>alert("x")')


def test_alt_text_tells_the_numbers_of_the_picture() -> None:
    assert alt_of(FALLING) == (
        "Chart of csat of refunds_agent, day 25; lower is better. The plan leads from the baseline 5 on day 30 to the "
        "target 2.5 on day 90. Last value of each week: 4.08, 4.105, 4.13, 4.155. The target is not met. "
        "Phases so far: pilot for 24 days."
    )
    assert "There is no value yet." in alt_of(ALL["no value yet"])
    assert name_of(FALLING) == "trajectory.png"


def test_alt_text_leaves_out_the_oldest_weeks_of_many() -> None:
    values = tuple(WeekValue(7 * week, Decimal(week)) for week in range(200))
    told = alt_of(replace(RISING, values=values))
    assert "Last value of each week, after 186 earlier ones: 186, 187," in told
    assert len(told) <= 2000
