"""Timeline pictures: drawn and uploaded once for each thing they show, beside the answer and never in its way."""

import threading
from collections import OrderedDict
from collections.abc import Callable

import structlog

from bot.charts import alt_text, timeline_png
from bot.domain.errors import RolloutError
from bot.domain.statuses import Status, timeline_of
from bot.domain.timeline import Timeline

log = structlog.get_logger()

_KEPT = 2000


class Pictures:
    """Uploaded timelines by what they show; Slack file ids, kept while the process runs."""

    def __init__(self, upload: Callable[[bytes, str, str], str]) -> None:
        self._upload = upload
        self._files: OrderedDict[Timeline, str] = OrderedDict()
        self._lock = threading.Lock()

    def ready(self, status: Status) -> str | None:
        """The picture of this status if it was uploaded before; never waits."""
        with self._lock:
            return self._files.get(timeline_of(status))

    def made(self, status: Status) -> str | None:
        """The picture of this status, drawn and uploaded now if need be; None if Slack takes none."""
        timeline = timeline_of(status)
        with self._lock:
            found = self._files.get(timeline)
        if found:
            return found
        try:
            file_id = self._upload(timeline_png(timeline), "timeline.png", alt_text(timeline))
        except RolloutError as error:
            log.warning("timeline picture not uploaded", why=str(error))
            return None
        with self._lock:
            self._files[timeline] = file_id
            while len(self._files) > _KEPT:
                self._files.popitem(last=False)
        return file_id
