"""The trends of a digest as one picture: the same value, drawn and told alike, legible at a phone's width."""

import struct
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest

from bot.charts import alt_of, name_of, png_of, svg_of
from bot.charts.trends import TRENDS_WIDTH_PX, trends_height_px
from bot.domain.digests.trends import Trend, Trends, Unit

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '<script>alert("x")</script> & <!channel> \u202e]]> {{ 7*7 }}'
CSAT = Trend("triage_agent", "csat", Unit.PLAIN, ("4.5", "4.4", None, "4.4", "4.3", None, "4.3", "4.1"), ("4.2",) * 8)
REWORK = Trend("refunds_agent", "rework", Unit.USD, ("300", "0", "350", "500", "0", "640", "900", "1840"),
               (None, None, "400", "520", "480", "610", "700", "812"))  # fmt: skip
MINUTES = Trend("billing_helper", "minutes", Unit.PLAIN, ("12",) * 8, ("12", "11", "10", "9", "8", "7", "6.5", "6"),
                is_plan=True)  # fmt: skip
FOUR = Trends(date(2026, 3, 9), (CSAT, REWORK, MINUTES, replace(CSAT, thing="overrides", unit=Unit.SHARE)))
ALL = {
    "four": FOUR,
    "one": replace(FOUR, trends=(REWORK,)),
    "a plan alone": replace(FOUR, trends=(MINUTES,)),
    "all the same": replace(FOUR, trends=(replace(CSAT, values=("1",) * 8, line=("1",) * 8),)),
    "no line known": replace(FOUR, trends=(replace(CSAT, line=(None,) * 8),)),
    "far apart": replace(FOUR, trends=(replace(CSAT, values=("-1000000000000",) * 7 + ("1000000000000",)),)),
    "hostile": replace(FOUR, trends=(replace(CSAT, workflow=HOSTILE, thing=HOSTILE),)),
    "foreign letters": replace(FOUR, trends=(replace(CSAT, thing="возвраты 漢字" * 20),)),
}
each = pytest.mark.parametrize("trends", ALL.values(), ids=ALL.keys())


def words(trends: Trends) -> list[str]:
    """The text of every label, in the order in which they are drawn."""
    return [text.text or "" for text in ElementTree.fromstring(svg_of(trends)).iter(f"{SVG}text")]


@each
def test_the_same_value_gives_the_same_picture_of_the_promised_size(trends: Trends) -> None:
    svg = svg_of(trends)
    assert svg == svg_of(replace(trends))
    assert struct.unpack(">II", png_of(svg)[16:24]) == (TRENDS_WIDTH_PX, trends_height_px(trends))


@each
def test_every_dot_lies_on_the_card_and_below_the_words_of_its_row(trends: Trends) -> None:
    for dot in ElementTree.fromstring(svg_of(trends)).iter(f"{SVG}circle"):
        assert 0 < float(dot.get("cx", "-1")) < TRENDS_WIDTH_PX
        assert 0 < float(dot.get("cy", "-1")) < trends_height_px(trends)


@each
def test_its_letters_can_be_read_at_a_phones_width(trends: Trends) -> None:
    for text in ElementTree.fromstring(svg_of(trends)).iter(f"{SVG}text"):
        assert float(text.get("font-size", "0")) * 320 / TRENDS_WIDTH_PX > 9


def test_the_picture_says_in_words_what_it_shows() -> None:
    assert words(replace(FOUR, trends=(CSAT, REWORK, MINUTES))) == [
        "8 weeks to 9 Mar 2026",
        "dashes: limit or plan",
        "triage_agent: csat",
        "4.1 · limit 4.2",
        "refunds_agent: rework",
        "$1,840 · limit $812",
        "billing_helper: minutes",
        "12 · plan 6",
    ]
    assert words(ALL["one"])[1] == "dashes: limit"
    assert words(ALL["a plan alone"])[1] == "dashes: plan"


def test_a_week_without_a_number_leaves_a_gap() -> None:
    root = ElementTree.fromstring(svg_of(replace(FOUR, trends=(replace(CSAT, line=(None,) * 8),))))
    lines = [path.get("d", "").count("L") for path in root.iter(f"{SVG}path") if path.get("stroke-width") == "6"]
    assert lines == [1, 1, 1]


def test_names_from_outside_are_escaped_and_cut_to_fit() -> None:
    assert "<script" not in svg_of(ALL["hostile"])
    assert words(ALL["foreign letters"])[2].endswith("…")


def test_alt_text_tells_the_numbers_of_the_picture() -> None:
    assert alt_of(replace(FOUR, trends=(CSAT, MINUTES))) == (
        "Chart of 8 weeks to 9 Mar 2026, the oldest week first. triage_agent, csat: 4.5, 4.4, none, 4.4, 4.3, none, "
        "4.3, 4.1; the limit is 4.2 this week. billing_helper, minutes: 12, 12, 12, 12, 12, 12, 12, 12; the plan asks "
        "for 6 this week."
    )
    assert max(len(alt_of(trends)) for trends in ALL.values()) <= 2000
    assert name_of(FOUR) == "trends.png"
