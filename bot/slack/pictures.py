"""Pictures of charts: drawn and uploaded once for each thing they show, beside the answer and never in its way."""

import threading
from collections import OrderedDict
from collections.abc import Callable

import structlog

from bot.charts import Chart, alt_of, name_of
from bot.domain.errors import RolloutError

log = structlog.get_logger()

_KEPT = 2000


class Pictures:
    """Uploaded charts by what they show; Slack file ids, kept while the process runs."""

    def __init__(self, draw: Callable[[Chart], bytes], upload: Callable[[bytes, str, str], str]) -> None:
        self._draw = draw
        self._upload = upload
        self._files: OrderedDict[Chart, str] = OrderedDict()
        self._lock = threading.Lock()

    def ready(self, chart: Chart) -> str | None:
        """The picture if it was uploaded before; never waits."""
        with self._lock:
            return self._files.get(chart)

    def made(self, chart: Chart) -> str | None:
        """The picture, drawn and uploaded now if need be; None if Slack takes none."""
        with self._lock:
            found = self._files.get(chart)
        if found:
            return found
        try:
            file_id = self._upload(self._draw(chart), name_of(chart), alt_of(chart))
        except RolloutError as error:
            log.warning("picture not uploaded", chart=name_of(chart), why=str(error))
            return None
        with self._lock:
            self._files[chart] = file_id
            while len(self._files) > _KEPT:
                self._files.popitem(last=False)
        return file_id
