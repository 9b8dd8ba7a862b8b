"""Timeline pictures: drawn and uploaded once for each thing they show, beside the answer and never in its way."""

import threading
from collections import OrderedDict
from collections.abc import Callable

import structlog

from bot.charts import alt_text
from bot.domain.errors import RolloutError
from bot.domain.timeline import Timeline

log = structlog.get_logger()

_KEPT = 2000


class Pictures:
    """Uploaded timelines by what they show; Slack file ids, kept while the process runs."""

    def __init__(self, draw: Callable[[Timeline], bytes], upload: Callable[[bytes, str, str], str]) -> None:
        self._draw = draw
        self._upload = upload
        self._files: OrderedDict[Timeline, str] = OrderedDict()
        self._lock = threading.Lock()

    def ready(self, timeline: Timeline) -> str | None:
        """The picture if it was uploaded before; never waits."""
        with self._lock:
            return self._files.get(timeline)

    def made(self, timeline: Timeline) -> str | None:
        """The picture, drawn and uploaded now if need be; None if Slack takes none."""
        with self._lock:
            found = self._files.get(timeline)
        if found:
            return found
        try:
            file_id = self._upload(self._draw(timeline), "timeline.png", alt_text(timeline))
        except RolloutError as error:
            log.warning("timeline picture not uploaded", why=str(error))
            return None
        with self._lock:
            self._files[timeline] = file_id
            while len(self._files) > _KEPT:
                self._files.popitem(last=False)
        return file_id
