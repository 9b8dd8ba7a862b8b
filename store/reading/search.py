"""What is found by words, the best first."""

from collections.abc import Sequence

from sqlalchemy import Connection

from store.searching import find


class Search:
    """The full-text index, as `view.search`; whether someone may know of a hit is the caller's to ask."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(self, sought: Sequence[str], most: int, after: int) -> tuple[tuple[str, str], ...]:
        """Kind and id of what holds all these words, the best first, `most` of them after the first `after`."""
        return find(self._connection, sought, most, after)
