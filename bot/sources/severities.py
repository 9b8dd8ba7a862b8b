"""What a severity's name says of its weight, for sources whose customers name their severities themselves."""

import re
from typing import Annotated

from pydantic import Field

Severity = Annotated[int, Field(ge=1, le=5)]
"""From 1, the worst, to 5."""

_NUMBERED = re.compile(r"(?:P|SEV-?|S)([1-5])", re.IGNORECASE)


def numbered(name: str) -> int | None:
    """The severity that a name such as P2, S2 or SEV-2 says; None where it says none."""
    told = _NUMBERED.fullmatch(name.strip())
    return int(told[1]) if told else None
