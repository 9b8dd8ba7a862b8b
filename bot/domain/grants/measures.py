"""How the policy itself does: where grants come from, how long an answer takes, how often it is no or overridden."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Context, Decimal

from bot.domain.escrow import Answer
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
class Answers:
    """How many questions of agents under a grant with these terms people answered so."""

    terms: GrantTerms
    answer: Answer
    count: int


@dataclass(frozen=True, slots=True)
class Measures:
    """Counts over some requests, and the median time from request to answer; None without an answer.

    `answered` counts the questions of agents that people answered, `overridden` those of them edited or rejected.
    """

    requests: int
    granted: int
    from_pattern: int
    declined: int
    median_hours: Decimal | None
    answered: int = 0
    overridden: int = 0

    @property
    def pattern_share(self) -> Decimal | None:
        """The share of the grants made that come from a shipped pattern; None without a grant."""
        return _share(self.from_pattern, self.granted)

    @property
    def declined_share(self) -> Decimal | None:
        """The share of the answers that were no; None without an answer."""
        return _share(self.declined, self.granted + self.declined)

    @property
    def overridden_share(self) -> Decimal | None:
        """The share of the answered questions that were edited or rejected; None without one."""
        return _share(self.overridden, self.answered)


def measures(found: Iterable[Asked], patterned: Mapping[GrantTerms, bool], answers: Iterable[Answers]) -> Measures:
    """What these requests and answers come to; `patterned` says of which terms they are made from a pattern."""
    found, answers = tuple(found), tuple(answers)
    granted = [each for each in found if each.state is RequestState.APPROVED]
    declined = [each for each in found if each.state is RequestState.DECLINED]
    waits = [each.answered_at - each.asked_at for each in (*granted, *declined) if each.answered_at]
    return Measures(
        requests=len(found),
        granted=len(granted),
        from_pattern=sum(patterned[each.terms] for each in granted),
        declined=len(declined),
        median_hours=median(_CONTEXT.divide(Decimal(wait // _SECOND), Decimal(_HOUR // _SECOND)) for wait in waits),
        answered=sum(each.count for each in answers),
        overridden=sum(each.count for each in answers if each.answer is not Answer.APPROVED),
    )


def by_area(
    found: Iterable[Asked], patterned: Mapping[GrantTerms, bool], answers: Iterable[Answers]
) -> Mapping[Area | None, Measures]:
    """The same for each area in which something was asked for; None holds the proposals that have none."""
    found, answers = tuple(found), tuple(answers)
    terms = (*(each.terms for each in found), *(each.terms for each in answers))
    areas = sorted({each.area for each in terms}, key=lambda area: area or "~")
    return {
        area: measures(
            (each for each in found if each.terms.area is area),
            patterned,
            (each for each in answers if each.terms.area is area),
        )
        for area in areas
    }


def _share(part: int, whole: int) -> Decimal | None:
    return _CONTEXT.divide(Decimal(part), Decimal(whole)) if whole else None
