"""Digests that were posted, from what was kept of them."""

from bot.domain.digests.audiences import Audience
from bot.domain.digests.editions import Edition, EditionState
from bot.domain.digests.inputs import Inputs, inputs_of
from bot.domain.errors import NotFound
from store import View


def posted_edition(view: View, audience: Audience, week: str) -> Edition:
    """The digest of that week as it was sent; NotFound where none was posted."""
    edition = view.digests.of_week(audience.id, week)
    if edition is None or edition.state is not EditionState.POSTED:
        raise NotFound(
            f"No digest of {audience.name} for {week} was posted, so there is nothing to print again. Give a week such "
            "as 2026-W10 of a digest that was; without a week, the digest shows how things stand now."
        )
    return edition


def stored_inputs(view: View, audience: Audience, week: str) -> Inputs:
    """What the posted digest of that week was composed from; NotFound where none was posted, or it was erased."""
    return _inputs(posted_edition(view, audience, week))


def last_posted(view: View, audience: Audience) -> Inputs | None:
    """What the audience's newest posted digest was composed from; None where it had none yet."""
    edition = view.digests.last_posted(audience.id)
    return _inputs(edition) if edition and edition.inputs is not None else None


def _inputs(edition: Edition) -> Inputs:
    if not isinstance(edition.inputs, dict):
        raise NotFound(f"What the digest of {edition.week} was made from was erased; the log says by whom and why.")
    return inputs_of(edition.inputs)
