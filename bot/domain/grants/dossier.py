"""What lies before whoever decides a request for a grant."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.grants.autonomy import Cap
from bot.domain.grants.differences import Difference
from bot.domain.grants.guarding import Run
from bot.domain.grants.life import Grant
from bot.domain.grants.precedents import Precedents
from bot.domain.people import Person
from bot.domain.playbook import PhaseName
from bot.domain.review_counts import Reviews
from bot.domain.workflows import Domain


@dataclass(frozen=True, slots=True)
class GrantEvidence:
    """What the request rests on: the latest run of each suite, reviews of the last days, open severe incidents.

    `is_review_asked` is whether a red-team review is needed, `is_review_lacking` whether there is none that is young
    enough; `reviewed_at` and `reviewed_by` are of the accepted one.
    """

    runs: tuple[Run, ...]
    reviews: Reviews
    review_days: int
    incidents: tuple[str, ...]
    is_review_asked: bool
    reviewed_at: datetime | None = None
    reviewed_by: Person | None = None
    is_review_lacking: bool = False


@dataclass(frozen=True, slots=True)
class Dossier:
    """One request for a grant as it stands at `at`, with what it would change and what bars it right now.

    `old` is what it would replace, or did. `ends_at` is its end if it is approved at this moment, or the end that it
    got. `raises_to` is the domain that it would make of the workflow's; `bars` are whole sentences. Once it was decided
    there is no `evidence`, no `precedents`, and nothing bars it.
    """

    at: datetime
    grant: Grant
    old: Grant | None
    differences: tuple[Difference, ...]
    ends_at: datetime
    attest_every_days: int
    phase: PhaseName
    cap: Cap
    area: str | None
    raises_to: Domain | None = None
    bars: tuple[str, ...] = ()
    evidence: GrantEvidence | None = None
    precedents: Precedents | None = None

    @property
    def is_attended(self) -> bool:
        """Whether a person would be asked each time, by the grant or by the phase."""
        return self.grant.terms.requires_human_approval or self.cap is Cap.NEEDS_PERSON
