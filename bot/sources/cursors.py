"""What a strand keeps of a run for the next one, read again."""

from typing import TypeVar

from pydantic import BaseModel, ValidationError

from bot.sources.errors import Garbled

AnyMark = TypeVar("AnyMark", bound=BaseModel)


def kept(kind: type[AnyMark], source: str, cursor: str) -> AnyMark:
    """The mark that was written down as JSON; Garbled where it is none."""
    try:
        return kind.model_validate_json(cursor)
    except ValidationError:
        raise unreadable(source) from None


def unreadable(source: str) -> Garbled:
    """What is said of a cursor that nobody can read."""
    return Garbled(f"The kept place of {source} cannot be read: restore a backup.")
