"""A meeting, if there has to be one, ends within half an hour."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.digests.agendas import MINUTES, TopicKind, agenda_of
from bot.domain.digests.shapes import topic_words
from bot.domain.findings.tracking import FindingState
from tests.digests.samples import digest, reported, waiting

STATES = st.sampled_from(list(FindingState)[:5])


@given(
    st.lists(st.tuples(st.sampled_from(["critical", "warning"]), STATES), max_size=30),
    st.integers(min_value=0, max_value=20),
)
def test_an_agenda_never_takes_longer_than_half_an_hour_and_leaves_nothing_open_out(
    found: list[tuple[str, FindingState]], asked: int
) -> None:
    week = digest(
        *(reported(severity, state, 2, workflow=f"agent_{n}") for n, (severity, state) in enumerate(found)),
        waiting=(waiting(),) * asked,
    )
    agenda = agenda_of(week)

    assert sum(topic.minutes for topic in agenda) <= MINUTES
    discussed = [topic.reported for topic in agenda if topic.reported]
    gone_over = sum(topic.count for topic in agenda if topic.kind is TopicKind.GO_OVER)
    assert discussed == list(week.lines[: len(discussed)])
    assert len(discussed) + gone_over == len(week.lines)


def test_a_week_without_anything_to_talk_about_has_no_agenda() -> None:
    assert agenda_of(digest(reported("notice"), reported("warning", FindingState.ACKNOWLEDGED, 2))) == ()


@pytest.mark.parametrize("many", [1, 2, 9])
def test_decisions_come_first_then_the_gravest_and_the_end_is_who_does_what(many: int) -> None:
    week = digest(
        reported("warning", workflow="kb_agent"),
        reported("critical", workflow="triage_agent", summary="CSAT 4.1, limit 4.2. Grants suspended."),
        waiting=(waiting(),) * many,
    )

    first, second, *_, last = [topic_words(topic) for topic in agenda_of(week)]
    assert first == ("Decide the request that waits" if many == 1 else f"Decide {many} requests that wait")
    assert second == "triage_agent: CSAT 4.1, limit 4.2 (Ana)"
    assert last == "Who does what by when"
