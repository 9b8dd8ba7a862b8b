"""Sources that gave markedly less than the week before have a line below the first, whatever kind of week it was."""

import pytest

from bot.domain.digests.composing import compose
from bot.domain.digests.inputs import Reported
from bot.domain.signals.volumes import Volume
from bot.slack.screens.digests import digest_screens, digest_text, preview_screen
from tests.digests.samples import fresh, giving, inputs, reported
from tests.digests.test_screens import PEN, shown

FEWER = "GitHub gave 12 signals this week, 1,240 the week before. If that surprises you, look at rollout sources list."


@pytest.mark.parametrize("findings", [(), (reported("critical"), reported(workflow="b"))])
@pytest.mark.parametrize(
    ("volumes", "line"),
    [
        ((Volume(12, 1240),), FEWER),
        ((Volume(1, 20),), FEWER.replace("12 signals", "1 signal").replace("1,240", "20")),
        ((Volume(0, 240),), FEWER.replace("12 signals", "nothing").replace("1,240", "240 signals")),
        (
            (Volume(12, 1240), Volume(0, 30), Volume(1, 25)),
            FEWER.replace(
                "before.",
                "before; Jira gave nothing this week, 30 signals the week before; "
                "Linear gave 1 signal this week, 25 the week before.",
            ),
        ),
        (
            (Volume(0, 30),) * 5,
            "GitHub gave nothing this week, 30 signals the week before; Jira gave nothing this week, 30 signals the "
            "week before; Linear gave nothing this week, 30 signals the week before; +2 more sources. If that "
            "surprises you, look at rollout sources list.",
        ),
    ],
)
def test_sources_that_gave_fewer_are_told_below_the_first_line_of_every_kind_of_week(
    volumes: tuple[Volume, ...], line: str, findings: tuple[Reported, ...]
) -> None:
    week = compose(inputs(*findings, sources=giving(*volumes)))

    assert shown(digest_screens(PEN, week).main).strip().splitlines()[1] == line
    assert line in shown(preview_screen(PEN, week))
    assert digest_text(PEN, week).splitlines()[1] == line


def test_a_source_that_gave_as_much_as_ever_or_was_not_counted_is_not_spoken_of() -> None:
    assert "If that surprises you" not in digest_text(
        PEN, compose(inputs(sources=(*giving(Volume(120, 240)), *fresh(2)[1:])))
    )
