"""A second copy, which a freeze or a slow Slack can bring about, is deleted again and recorded."""

from datetime import timedelta

import pytest

from bot.domain.digests.editions import EditionState
from bot.domain.digests.slots import slot_after
from bot.sandbox.posting import app_message, post
from bot.slack import digest_posts
from bot.slack.messenger import Messenger, Posted
from tests.delivery.newsroom import THREAD, Readers, to_eve, to_monday
from tests.slack.office import Office


def copy(office: Office, readers: Readers, part: int = 0) -> None:
    """One more of this week's digest, or of its thread, as a send that woke up late leaves it."""
    with office.desk.reading() as view:
        edition = readers.edition
        mark = view.digests.mark(edition, part)
    body = {
        "text": str(edition.messages[part]["text"]),
        "metadata": {"event_type": "rollout_posting", "event_payload": {"id": mark}},
        "thread_ts": edition.posted_ts if part else None,
    }

    async def say() -> None:
        post(office.workspace, readers.room, app_message(office.workspace, office.app, body))

    office.server.run(say())


@pytest.mark.parametrize("minutes", [2, 15, 60, -30])
def test_a_copy_is_deleted_at_the_next_sweep_and_the_first_stands(
    office: Office, readers: Readers, minutes: int
) -> None:
    at = to_monday(office)
    office.settle()
    (kept,) = readers.digests
    # A week in which clocks change is an hour shorter or longer.
    since = at if minutes > 0 else slot_after(readers.edition.slot).at
    office.clock.move_to(since + timedelta(minutes=minutes) - timedelta(seconds=20))
    office.bot.parts.schedule.tick()
    office.settle()
    copy(office, readers)
    copy(office, readers)
    assert len(readers.digests) == 3
    office.passes(seconds=40)
    office.settle()
    assert readers.digests == [kept]
    assert readers.facts.count("duplicate_deleted") == 2


def test_a_copy_in_the_thread_is_deleted_too(office: Office, readers: Readers) -> None:
    to_monday(office)
    office.settle()
    copy(office, readers, part=1)
    office.passes(minutes=3)
    office.settle()
    (digest,) = readers.digests
    assert (readers.threads(digest), readers.edition.posted_ts) == ([THREAD], digest["ts"])


def test_who_wakes_up_after_another_delivered_deletes_their_own_copy(
    office: Office, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = Messenger.post
    frozen: list[Posted] = []

    def overtaken(messenger: Messenger, *args: object) -> Posted:
        """A send that froze before it began: the other's is there and on record when it wakes up."""
        if not frozen:
            frozen.append(send(messenger, *args))  # type: ignore[arg-type]
            with office.desk.store.database.writing() as connection:
                connection.exec_driver_sql(
                    "UPDATE outbox SET state = 'posted', fence = fence + 1, result_channel = ?, result_ts = ? "
                    "WHERE kind = 'digest' AND state = 'sending'",
                    (frozen[0].channel, frozen[0].ts),
                )
        return send(messenger, *args)  # type: ignore[arg-type]

    to_eve(office)
    monkeypatch.setattr(Messenger, "post", overtaken)
    to_monday(office)
    office.until(lambda: readers.facts == ["digest_frozen", "duplicate_deleted"], "the end of the second copy")
    (digest,) = readers.digests
    assert digest["ts"] == frozen[0].ts


def test_a_send_that_would_begin_too_late_is_not_begun(
    office: Office, readers: Readers, monkeypatch: pytest.MonkeyPatch
) -> None:
    to_eve(office)
    monkeypatch.setattr(digest_posts, "SEND_WITHIN_S", -1.0)
    to_monday(office)
    office.until(lambda: readers.state is EditionState.FROZEN, "a digest on its way")
    assert readers.digests == []
    monkeypatch.undo()
    office.settle()
    assert (len(readers.digests), readers.state) == (1, EditionState.POSTED)
