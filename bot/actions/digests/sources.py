"""How the outside systems stand that yield signals."""

from datetime import datetime

from bot.domain.digests.inputs import Source
from store import View


def sources_of(view: View, at: datetime) -> tuple[Source, ...]:
    """Every configured source as it stood at `at`; none, until there are sources to configure."""
    del view, at
    return ()
