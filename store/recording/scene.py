"""What a fact finds when it lands: the open transaction, the instant, who acted, and the words it carries."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, CursorResult, Delete, Insert, Update

from store import chance
from store.errors import Crossed

_ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"
_LENGTH = 12
_IDS = len(_ALPHABET) ** _LENGTH


@dataclass(frozen=True, slots=True)
class Scene:
    """The surroundings of one fact; `words` maps its free-text fields to the ids of the kept texts.

    `by` is the random id of the person who acts, or the name of an agent, service or job.
    """

    connection: Connection
    at: datetime
    by: str
    by_person: bool
    words: Mapping[str, str]

    def write(self, statement: Insert | Update | Delete) -> None:
        """Carry out a statement whatever number of rows it touches."""
        self.connection.execute(statement)

    def write_one(self, statement: Insert | Update | Delete, what: str) -> None:
        """Carry out a statement that must touch exactly one row; else someone else was there first."""
        result: CursorResult[object] = self.connection.execute(statement)
        if result.rowcount != 1:
            raise Crossed(f"{what} changed in this very moment, so nothing was saved. Look again and repeat it.")


def new_id(prefix: str) -> str:
    """A random id such as `req_7k2m9q4xwz`; means nothing and cannot be guessed."""
    drawn, letters = chance.below(_IDS), []
    for _ in range(_LENGTH):
        drawn, place = divmod(drawn, len(_ALPHABET))
        letters.append(_ALPHABET[place])
    return f"{prefix}_{''.join(letters)}"
