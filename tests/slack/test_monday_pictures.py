"""The picture of a digest's trends: in its thread, kept with it, and never in its way."""

import json
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.actions import metrics, signals
from bot.actions.desk import Asked
from bot.actions.digests.previewing import audience_of
from bot.actions.digests.replaying import stored_inputs
from bot.domain.digests.editions import EditionState
from bot.domain.digests.inputs import Inputs
from bot.domain.digests.slots import latest_slot, slot_after
from bot.domain.digests.trends import Trends
from bot.domain.gate_evidence import Better, MetricKind
from bot.domain.metrics import MetricEntry, number_in
from bot.slack import digest_drafts
from bot.slack.digest_drafts import DigestDrafts, messages_of
from bot.slack.digest_pictures import DigestPictures
from bot.slack.pictures import Pictures
from tests.blockkit.observer import Observer
from tests.delivery.newsroom import Readers, readers_in, switch, to_monday
from tests.slack.cast import ANA, RUI
from tests.slack.conftest import judged, opened
from tests.slack.office import Office
from tests.slack.reading import Json
from tests.slack.test_reports import pictures


@pytest.fixture(scope="module")
def premises(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A workspace whose bot drafts digests as it does everywhere."""
    yield from opened(Office(tmp_path_factory.mktemp("pictures")))


@pytest.fixture
def office(premises: Office, checked_payloads: Observer) -> Iterator[Office]:
    """The module's office for one test."""
    yield from judged(premises)


@pytest.fixture
def readers(office: Office) -> Iterator[Readers]:
    """A team that reads a digest, whose guardrail fell week by week until it was beyond its limit."""
    found = readers_in(office)
    ana = Asked(office.desk.actor(ANA))
    entry = MetricEntry("csat <!here>", MetricKind.GUARDRAIL, Better.HIGHER, limit=number_in("4.2", "x"))
    office.desk.do(ana, metrics.define, found.case.workflow, entry)
    slot = slot_after(latest_slot("Europe/Lisbon", office.clock.now())).at
    office.settle()
    office.clock.move_to(slot - timedelta(hours=1))
    about = {"type": "metric", "metric": entry.name, "source": "ci", "workflow": found.case.name}
    values = (
        about | {"id": f"{found.case.id}-{week}", "value": round(4.1 + week / 10, 1), "at": _iso(slot, week)}
        for week in range(4)
    )
    taken = signals.take_in(office.desk, Asked(office.desk.actor(RUI)), [json.dumps(each) for each in values])
    assert taken.accepted == 4, taken.rejected
    yield found
    switch(office, found.case, on=False)


def _iso(slot: Any, weeks_ago: int) -> str:
    return str((slot - timedelta(days=2 + 7 * weeks_ago)).isoformat())


def on_monday(office: Office, readers: Readers) -> list[Json]:
    """The digest's thread, once all of it stands there."""
    to_monday(office)
    readers.becomes(EditionState.POSTED)
    office.settle()
    return readers.room.thread(readers.edition.posted_ts or "")[1:]


def kept(office: Office, readers: Readers) -> Inputs:
    """What the posted digest was composed from."""
    with office.desk.reading() as view:
        return stored_inputs(view, audience_of(readers.case.workflow.team), readers.edition.week)


def test_the_thread_shows_how_it_went_and_the_digest_is_said_again_byte_for_byte(
    office: Office, readers: Readers
) -> None:
    thread = on_monday(office, readers)
    (alt,) = pictures(thread)
    assert f"{readers.case.name}, csat <!here>: none, none, none, none, 4.4, 4.3, 4.2, 4.1; the limit is 4.2" in alt
    (message,) = [one for one in thread if pictures([one])]
    assert "<!here>" not in message["text"]
    inputs = kept(office, readers)
    assert inputs.picture
    assert [trend.thing for trend in inputs.trends] == ["csat <!here>"]
    assert messages_of(inputs) == readers.edition.messages


def test_a_workspace_that_takes_no_files_gets_the_digest_without(office: Office, readers: Readers) -> None:
    office.fails("files.getUploadURLExternal", "error", error="missing_scope")
    thread = on_monday(office, readers)
    assert pictures(thread) == []
    inputs = kept(office, readers)
    assert (inputs.picture, inputs.trends) == (None, ())
    assert messages_of(inputs) == readers.edition.messages


def test_a_picture_that_slack_does_not_take_in_the_thread_is_told_in_words(office: Office, readers: Readers) -> None:
    drafted = office.desk.draft

    def with_a_file_that_is_gone(occasion: Any) -> Any:
        assert drafted
        made = drafted(occasion)
        if made is None:
            return None
        text = json.dumps(made.messages)
        picture = next(block["slack_file"]["id"] for one in json.loads(text) for block in one["blocks"]
                       if block["type"] == "image")  # fmt: skip
        return replace(made, messages=tuple(json.loads(text.replace(picture, "F0000000"))))

    office.desk.draft = with_a_file_that_is_gone
    office.tolerates_problem("file")
    try:
        thread = on_monday(office, readers)
    finally:
        office.desk.draft = drafted
    assert pictures(thread) == []
    assert any("the limit is 4.2 this week" in one["text"] for one in thread)


def test_whatever_goes_wrong_with_it_the_digest_is_drafted(
    office: Office, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(digest_drafts, "trends_of", break_down)
    thread = on_monday(office, readers)
    assert pictures(thread) == []
    assert readers.state is EditionState.POSTED


class _Endless(Executor):
    """Takes what it is given and never does it."""

    def __init__(self) -> None:
        self.given: list[Future[Any]] = []

    def submit(self, *_: Any, **__: Any) -> Future[Any]:
        self.given.append(Future())
        return self.given[-1]


def test_nobody_waits_for_a_picture_that_does_not_come() -> None:
    pool = _Endless()
    slow = DigestPictures(Pictures(lambda _: b"", lambda *_: "F1"), pool, within_s=0)
    assert slow.made(Trends(date(2026, 3, 9), ())) is None
    assert [future.cancelled() for future in pool.given] == [True]


def test_without_anyone_who_draws_there_is_no_picture(office: Office, readers: Readers) -> None:
    drafted, office.desk.draft = office.desk.draft, DigestDrafts(office.desk, None).draft
    try:
        assert pictures(on_monday(office, readers)) == []
    finally:
        office.desk.draft = drafted
