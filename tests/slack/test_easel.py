"""Timelines are drawn in a process of its own, which is begun anew when it dies."""

import os
import signal
from collections.abc import Iterator

import pytest

from bot.charts import timeline_png
from bot.domain.errors import Unavailable
from bot.domain.timeline import GateMark, GateState, PhaseBar, PhaseState, Timeline
from bot.slack.easel import Easel

TIMELINE = Timeline(
    workflow="refunds_agent",
    phase="pilot",
    day=12,
    days=90,
    phases=(
        PhaseBar("pilot", 1, 30, 4, 12, PhaseState.CURRENT),
        PhaseBar("production", 31, 90, 0, 9, PhaseState.AHEAD),
    ),
    late=(),
    gates=(GateMark(30, "production", GateState.AHEAD),),
    paused=False,
)


@pytest.fixture
def easel() -> Iterator[Easel]:
    easel = Easel()
    yield easel
    easel.close()


def test_a_timeline_is_drawn_as_it_would_be_here(easel: Easel) -> None:
    assert [easel.draw(TIMELINE), easel.draw(TIMELINE)] == [timeline_png(TIMELINE)] * 2


def test_after_the_painter_died_one_picture_is_missed_and_the_next_is_drawn(easel: Easel) -> None:
    easel.draw(TIMELINE)
    assert easel.painter is not None
    os.kill(easel.painter, signal.SIGKILL)

    with pytest.raises(Unavailable, match="could not be drawn"):
        easel.draw(TIMELINE)

    assert easel.draw(TIMELINE) == timeline_png(TIMELINE)


def test_a_closed_easel_leaves_no_process_behind(easel: Easel) -> None:
    easel.draw(TIMELINE)
    painter = easel.painter
    easel.close()

    assert painter is not None
    with pytest.raises(ProcessLookupError):
        os.kill(painter, 0)
