"""How the outside systems stand that yield signals."""

from datetime import datetime

from bot.domain.digests.inputs import Source
from store import View


def sources_of(view: View, at: datetime) -> tuple[Source, ...]:
    """Every configured source as it stands, by name: whether it is fresh at `at`, and if not, why."""
    return tuple(reading.told(at) for reading in view.sources.configured())
