"""How the policy itself does: where grants come from, how long an answer takes, how often it is no."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Context, Decimal

from bot.domain.grants.terms import GrantTerms
from bot.domain.requests import RequestState
from bot.domain.risk import Area
from bot.domain.statistics import median

_CONTEXT = Context(prec=34)
_HOUR = timedelta(hours=1)
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """A grant that was asked for, and what became of that; `answered_at` is None where nobody decided."""

    terms: GrantTerms
    state: RequestState
    asked_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Measures:
    """Counts over some requests, and the median time from request to answer; None without an answer."""

    requests: int
    granted: int
    from_pattern: int
    declined: int
    median_hours: Decimal | None

    @property
    def pattern_share(self) -> Decimal | None:
        """The share of the grants made that come from a shipped pattern; None without a grant."""
        return _share(self.from_pattern, self.granted)

    @property
    def declined_share(self) -> Decimal | None:
        """The share of the answers that were no; None without an answer."""
        return _share(self.declined, self.granted + self.declined)


def measures(found: Iterable[Asked], patterned: Mapping[GrantTerms, bool]) -> Measures:
    """What these requests come to; `patterned` says of each terms whether they were made from a shipped pattern."""
    found = tuple(found)
    granted = [each for each in found if each.state is RequestState.APPROVED]
    declined = [each for each in found if each.state is RequestState.DECLINED]
    waits = [each.answered_at - each.asked_at for each in (*granted, *declined) if each.answered_at]
    return Measures(
        requests=len(found),
        granted=len(granted),
        from_pattern=sum(patterned[each.terms] for each in granted),
        declined=len(declined),
        median_hours=median(_CONTEXT.divide(Decimal(wait // _SECOND), Decimal(_HOUR // _SECOND)) for wait in waits),
    )


def by_area(found: Iterable[Asked], patterned: Mapping[GrantTerms, bool]) -> Mapping[Area | None, Measures]:
    """The same for each area in which something was asked for; None holds the proposals that have none."""
    found = tuple(found)
    areas = sorted({each.terms.area for each in found}, key=lambda area: area or "~")
    return {area: measures((each for each in found if each.terms.area is area), patterned) for area in areas}


def _share(part: int, whole: int) -> Decimal | None:
    return _CONTEXT.divide(Decimal(part), Decimal(whole)) if whole else None
