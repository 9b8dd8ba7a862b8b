"""Second copies of a digest, which only a long freeze or a slow Slack can leave behind: found, deleted, recorded."""

from collections.abc import Mapping

import structlog

from bot.actions.desk import SCHEDULER, Asked, Desk
from bot.actions.digests import delivering
from bot.domain.digests.editions import Edition, EditionState
from bot.domain.digests.pages import parts
from bot.slack.digest_posts import LOOK_BACK
from bot.slack.messenger import Messenger, NotSaid, Posted
from store import Posting, outbox

log = structlog.get_logger()

_GONE = {"not_in_channel", "channel_not_found", "is_archived", "missing_scope", "thread_not_found"}


class DigestSweeps:
    """Looks at a posted digest again, some time after it was posted."""

    def __init__(self, desk: Desk, messenger: Messenger) -> None:
        self._desk = desk
        self._messenger = messenger

    def sweep(self, posting: Posting) -> None:
        """One look: of several copies the one on record stands, or the first, and the others are deleted."""
        body = posting.body
        assert isinstance(body, dict)
        with self._desk.reading() as view:
            edition = view.digests.one(str(body["digest"]))
            marks = {part: view.digests.mark(edition, part) for part in parts(edition)}
        try:
            if edition.state is EditionState.POSTED:
                self._keep_one_of_each(edition, marks)
        except NotSaid as error:
            if error.reason not in _GONE:
                raise
            why = str(error)
            self._desk.store.database.retrying(lambda box: outbox.skip(box, posting, why))
            return
        self._desk.store.database.retrying(lambda box: outbox.mark_posted(box, posting, "", ""))

    def _keep_one_of_each(self, edition: Edition, marks: Mapping[int, str]) -> None:
        kept = self._keep_one(edition, 0, marks[0], None)
        for part, mark in marks.items():
            if kept and part:
                self._keep_one(edition, part, mark, kept)

    def _keep_one(self, edition: Edition, part: int, mark: str, under: Posted | None) -> Posted | None:
        """The copy that stands: the one on record, since the thread is under it; else the first."""
        oldest = (min(edition.slot.at, edition.known_at) - LOOK_BACK).timestamp()
        found = self._messenger.find_all(edition.posted_channel or edition.channel, mark, oldest, under)
        if not found:
            return None
        kept = next((each for each in found if not part and each.ts == edition.posted_ts), found[0])
        for extra in found:
            if extra != kept:
                log.warning("second copy of a digest deleted", audience=edition.audience, week=edition.week, part=part)
                self._messenger.delete(extra)
                self._desk.do(Asked(SCHEDULER), delivering.note_deleted, edition, part, extra.ts, kept.ts)
        return kept
