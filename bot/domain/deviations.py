"""Deviations: breaches of a policy, open until someone says how they were mended."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.domain.gaps import Gap, Incomplete, gaps_in_words
from bot.domain.people import Person
from bot.domain.visibility import Audience, Visibility
from bot.domain.wording import cut, one_line

SUMMARY_LIMIT = 3000
POLICY_LIMIT = 200
DUE_LIMIT_DAYS = 365
DUE_DAYS = 14


class DeviationArea(StrEnum):
    """What a breached policy is about; the first two are for few to read, and critical while open."""

    SECURITY = "security"
    DATA_ACCESS = "data_access"
    CUSTOMER_COMMUNICATION = "customer_communication"
    CODE_CHANGES = "code_changes"
    FINANCIAL_ACTIONS = "financial_actions"
    INCIDENT_RESPONSE = "incident_response"
    OTHER = "other"

    @property
    def is_critical(self) -> bool:
        """Whether an open deviation here is critical, and its details are not for all."""
        return self in (DeviationArea.SECURITY, DeviationArea.DATA_ACCESS)


@dataclass(frozen=True, slots=True)
class Entry:
    """What someone typed for a deviation; `policy` is the entry that was breached, if it is named."""

    summary: str
    area: DeviationArea
    due_on: date
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class Deviation:
    """A deviation as it stands; its first line is its title. While open it has no closing."""

    id: str
    workflow_id: str
    workflow: str
    team_id: str
    area: DeviationArea
    policy: str | None
    summary: str
    owner: Person
    due_on: date
    opened_by: Person
    opened_at: datetime
    closed_by: Person | None
    closed_at: datetime | None
    answer: str | None

    @property
    def is_open(self) -> bool:
        """Whether nobody has said yet how it was mended."""
        return self.closed_at is None

    @property
    def title(self) -> str:
        """What all may read: its first line."""
        return cut(self.summary.partition("\n")[0], 150)

    @property
    def audience(self) -> Audience:
        """For whom the whole of it is."""
        insiders = (self.owner.handle, self.opened_by.handle)
        return Audience(Visibility.EVERYONE, self.team_id, self.workflow_id, self.area.is_critical, insiders)


def demand_whole(entry: Entry, today: date) -> None:
    """Nothing, if a deviation may be opened so; Incomplete with everything that it lacks."""
    if gaps := tuple(_gaps(entry, today)):
        raise Incomplete(" ".join(gap.sentence for gap in gaps), gaps)


def _gaps(entry: Entry, today: date) -> Iterator[Gap]:
    if not one_line(entry.summary):
        yield Gap("text", "Say what was done against which rule: the first line is its title.")
    yield from gaps_in_words("text", entry.summary, SUMMARY_LIMIT)
    yield from gaps_in_words("policy", one_line(entry.policy or ""), POLICY_LIMIT)
    if entry.due_on < today:
        yield Gap("due", "A deviation is mended by a day still to come: give today's date or a later one.")
    elif (entry.due_on - today).days > DUE_LIMIT_DAYS:
        yield Gap("due", f"A deviation is mended within {DUE_LIMIT_DAYS} days: give an earlier date.")
