"""The picture of a digest's trends: drawn and uploaded while the digest is drafted, and never waited for long."""

from concurrent.futures import Executor

import structlog

from bot.domain.digests.trends import Trends
from bot.slack.pictures import Pictures

log = structlog.get_logger()

WITHIN_S = 10.0
"""Drawing takes a tenth of a second and an upload about one; whoever is slower is left behind."""


class DigestPictures:
    """Gives a digest's trends to `pictures` in a thread of `pool`, and waits `within_s` for it."""

    def __init__(self, pictures: Pictures, pool: Executor, within_s: float = WITHIN_S) -> None:
        self._pictures = pictures
        self._pool = pool
        self._within_s = within_s

    def made(self, trends: Trends) -> str | None:
        """The id of the uploaded picture; None if it did not come in time, or if Slack takes none."""
        drawing = self._pool.submit(self._pictures.made, trends)
        try:
            return drawing.result(self._within_s)
        except TimeoutError:
            drawing.cancel()
            log.warning("too slow to draw the digest's trends; it goes out without them", within_s=self._within_s)
            return None
