"""What is found by words, the best first; and memos, the newest first."""

from collections.abc import Sequence

from sqlalchemy import Connection

from bot.domain.visibility import Reader
from store.searching import Wanted, find, newest


class Search:
    """The full-text index, as `view.search`, within what a reader may know of; the caller still asks of each hit."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(self, reader: Reader, sought: Sequence[str], most: int, after: int) -> tuple[tuple[str, str], ...]:
        """Kind and id of what holds all these words, the best first, `most` of them after the first `after`."""
        return find(self._connection, reader, sought, most, after)

    def memos(self, wanted: Wanted, most: int | None = None, after: int = 0) -> tuple[str, ...]:
        """The ids of the memos that are wanted, the newest first: all, or `most` of them after the first `after`."""
        return newest(self._connection, wanted, most, after)
