"""PagerDuty: the incidents of a service, from when they were opened until they are resolved."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter

from bot.domain.wording import cut
from bot.sources.cursors import kept
from bot.sources.errors import Circling, Endless, Missing
from bot.sources.http import PAGES, Http, Params
from bot.sources.seam import Access, Entry, Portion, Source, line_to, source
from bot.sources.severities import Severity, numbered
from bot.sources.stanzas import Dated, Name, matching

PER_PAGE = 100
DEEPEST = 9_900
"""The furthest offset: PagerDuty refuses offset and limit of more than 10,000 together."""

STRETCH = timedelta(days=150)
"""How much one question covers: PagerDuty refuses more than six months."""

OVERLAP = timedelta(minutes=2)
TITLE = 300
URGENCIES = {"high": 2, "low": 4}
"""The severity of an incident without a priority that says it."""

Service = Annotated[str, matching(r"[A-Z0-9]{4,40}", "must be the id at the end of the service's address, as PIJ90N7.")]


class Priority(BaseModel):
    """A priority by its name, such as P2."""

    summary: str | None = None


class Incident(BaseModel):
    """An incident in a list."""

    id: str
    title: str | None = None
    status: str
    urgency: str = "high"
    created_at: AwareDatetime
    resolved_at: AwareDatetime | None = None
    last_status_change_at: AwareDatetime | None = None
    priority: Priority | None = None
    html_url: str | None = None


class Incidents(BaseModel):
    """A page of incidents."""

    incidents: list[Incident]
    more: bool = False


class One(BaseModel):
    """One incident."""

    incident: Incident


class Mark(BaseModel):
    """Where a strand goes on: incidents opened since, and those that were open then."""

    since: AwareDatetime
    open: list[str] = Field(default_factory=list)


_INCIDENTS, _ONE = TypeAdapter(Incidents), TypeAdapter(One)


class Entries(Dated):
    """Which service belongs to which workflow, and what its priorities weigh."""

    service: Service
    workflow: Name
    severities: dict[Name, Severity] = Field(default_factory=dict)

    def severity(self, incident: Incident) -> int:
        """From 1, the worst, to 5: as the file has it, as P2 or SEV-2 says it, or by the urgency."""
        named = (incident.priority.summary if incident.priority else None) or ""
        return self.severities.get(named) or numbered(named) or URGENCIES.get(incident.urgency, 2)


@source("pagerduty", Entries, place="service")
def pagerduty(access: Access, entries: Sequence[Entries]) -> Source:
    """PagerDuty by a read-only API key; each service is a strand."""
    if access.token is None:
        return Source("pagerduty", problem="pagerduty has no token: set PAGERDUTY_TOKEN to a read-only API key.")
    headers = {
        "Authorization": f"Token token={access.token}",
        "Accept": "application/vnd.pagerduty+json;version=2, application/json;q=0.9",
        "Content-Type": "application/json",
    }
    line = line_to("pagerduty", access, headers)
    strands = tuple(IncidentsOf(line, each) for each in entries)
    return Source("pagerduty", strands, greet=lambda: _greet(line, entries), close=line.close)


def _greet(line: Http, entries: Sequence[Entries]) -> str:
    """What was reached: each service is asked for one incident."""
    names = tuple(dict.fromkeys(each.service for each in entries))
    for name in names:
        line.shaped(_INCIDENTS, line.get("incidents", {"service_ids[]": name, "limit": 1}))
    return ", ".join(names)


@dataclass(frozen=True, slots=True)
class IncidentsOf:
    """The incidents of one service."""

    line: Http
    entries: Entries

    @property
    def key(self) -> str:
        """What it is called."""
        return f"{self.entries.service} → {self.entries.workflow}"

    @property
    def workflow(self) -> str:
        """The workflow that it is about."""
        return self.entries.workflow

    def read(self, cursor: str | None, until: datetime) -> Iterator[Portion]:
        """What was opened since the cursor, and how those stand that were open then."""
        mark = kept(Mark, "pagerduty", cursor) if cursor else Mark(since=self.entries.begins(until))
        known = [incident for each in mark.open if (incident := self._one(each))]
        still = [each.id for each in known if not _is_over(each, until)]
        if cursor and known:
            yield Portion(tuple(signal for each in known for signal in self._signals(each, until)), cursor)
        for page in self._opened(mark.since - OVERLAP if cursor else mark.since, until):
            still += [each.id for each in page if not _is_over(each, until)]
            signals = tuple(signal for each in page for signal in self._signals(each, until))
            yield Portion(signals, _written(page[-1].created_at, [*mark.open, *still]))
        yield Portion((), _written(until, still))

    def _one(self, known: str) -> Incident | None:
        """The incident as it stands; None where it was deleted."""
        try:
            return self.line.shaped(_ONE, self.line.get(f"incidents/{known}")).incident
        except Missing:
            return None

    def _opened(self, since: datetime, until: datetime) -> Iterator[list[Incident]]:
        """Page after page, the oldest first; where an offset goes no deeper, on from the last one's time."""
        offset, before = 0, list[Incident]()
        for _ in range(PAGES):
            end = min(since + STRETCH, until)
            page = self.line.shaped(_INCIDENTS, self.line.get("incidents", self._asked(since, end, offset)))
            if offset and page.incidents and page.incidents == before:
                raise Circling("pagerduty gave a page of incidents that was read already in place of the next.")
            before = page.incidents
            if page.incidents:
                yield page.incidents
            if page.more and page.incidents:
                offset += PER_PAGE
                if offset > DEEPEST:
                    since, offset = page.incidents[-1].created_at, 0
            elif end < until:
                since, offset = end, 0
            else:
                return
        told = f"{self.entries.service} has more than {PAGES * PER_PAGE:,} incidents since {since:%Y-%m-%d}"
        raise Endless(f"{told}: what is left is read by the next run.")

    def _asked(self, since: datetime, until: datetime, offset: int) -> Params:
        return {
            "service_ids[]": self.entries.service,
            "since": since.isoformat(),
            "until": until.isoformat(),
            "sort_by": "created_at:asc",
            "limit": PER_PAGE,
            "offset": offset,
        }

    def _signals(self, incident: Incident, until: datetime) -> tuple[Entry, ...]:
        severity = self.entries.severity(incident)
        about: dict[str, object] = {
            "type": "incident",
            "workflow": self.entries.workflow,
            "key": incident.id,
            "severity": severity,
            "title": cut(incident.title or "", TITLE) or incident.id,
        }
        if url := _link(incident.html_url or ""):
            about["url"] = url
        opened = {**about, "id": f"{incident.id}:open:{severity}", "at": incident.created_at.isoformat()}
        if not _is_over(incident, until):
            return ({**opened, "status": "open"},)
        over = _over_at(incident)
        resolved = {**about, "id": f"{incident.id}:resolved:{int(over.timestamp())}", "at": over.isoformat()}
        return {**opened, "status": "open"}, {**resolved, "status": "resolved"}


def _is_over(incident: Incident, until: datetime) -> bool:
    return incident.status == "resolved" and _over_at(incident) <= until


def _over_at(incident: Incident) -> datetime:
    return incident.resolved_at or incident.last_status_change_at or incident.created_at


def _written(since: datetime, still: list[str]) -> str:
    return json.dumps({"since": since.isoformat(), "open": list(dict.fromkeys(still))})


def _link(url: str) -> str | None:
    """The address where people look, if it is PagerDuty's own."""
    try:
        found = urlsplit(url)
    except ValueError:
        return None
    is_theirs = found.scheme == "https" and (found.hostname or "").endswith(".pagerduty.com")
    return url if is_theirs and len(url) <= TITLE else None
