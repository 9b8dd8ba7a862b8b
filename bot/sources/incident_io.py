"""incident.io: the incidents that a custom field, type or severity gives to a workflow, until they are over."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import AwareDatetime, BaseModel, Field, TypeAdapter, model_validator

from bot.domain.nearness import near
from bot.domain.wording import cut
from bot.sources.cursors import Paged, kept
from bot.sources.errors import Circling, Endless, Garbled, Missing
from bot.sources.http import PAGES, Http, Params
from bot.sources.incident_io_answers import Catalogue, Incident, Incidents
from bot.sources.seam import Access, Entry, Portion, Source, line_to, source
from bot.sources.severities import Severity, numbered
from bot.sources.stanzas import Dated, Different, Name

PER_PAGE = 50
"""Each incident brings all choices of its fields along: 250, the most that may be asked for, would be too long."""

BACK = timedelta(days=1)
"""Asked for again each time: `updated_at` is compared by the day, and nothing says in whose time zone."""

TITLE = 300
SEVERITIES = {"critical": 1, "major": 2, "minor": 4}
"""What incident.io's own severities weigh; any other name counts as 2 until the file says what it weighs."""

UNTOLD = 2
NOT_YET = "triage"
NEVER = frozenset({"declined", "canceled", "merged"})
"""Categories of what turned out to be no incident, or a part of another one."""

OVER = NEVER | {"learning", "closed"}


class Told(BaseModel):
    """What was said last of an incident that was open then."""

    severity: int
    at: AwareDatetime


class Mark(Paged):
    """Where a strand goes on, and what was open."""

    open: dict[str, Told] = Field(default_factory=dict)


_INCIDENTS, _CATALOGUE = TypeAdapter(Incidents), TypeAdapter(Catalogue)


class Entries(Dated):
    """Which incidents belong to which workflow, and what their severities weigh."""

    workflow: Name
    fields: dict[Name, Annotated[Different[Name], Field(min_length=1)]] = Field(default_factory=dict)
    types: Different[Name] = Field(default_factory=list)
    only_severities: Different[Name] = Field(default_factory=list)
    severities: dict[Name, Severity] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _says_which(self) -> Self:
        if self.fields or self.types or self.only_severities:
            return self
        raise ValueError("would take every incident: say which, by fields, types or only_severities.")

    def is_about(self, incident: Incident) -> bool:
        """Whether it belongs to the workflow: by each of the fields, and the type and severity where any are named."""
        named = ((self.types, incident.incident_type), (self.only_severities, incident.severity))
        return all(not names or (found is not None and found.name in names) for names, found in named) and all(
            incident.values_of(field) & set(values) for field, values in self.fields.items()
        )

    def severity(self, incident: Incident) -> int:
        """From 1, the worst, to 5: as the file has it, as SEV-2 says it, or by incident.io's own names."""
        name = incident.severity.name if incident.severity else ""
        return self.severities.get(name) or numbered(name) or SEVERITIES.get(name.strip().casefold(), UNTOLD)


@source("incident_io", Entries)
def incident_io(access: Access, entries: Sequence[Entries]) -> Source:
    """incident.io by an API key that may view data; each entry is a strand."""
    if access.token is None:
        told = "incident_io has no token: set INCIDENT_IO_TOKEN to an API key that may view data."
        return Source("incident_io", problem=told)
    line = line_to("incident_io", access, {"Authorization": f"Bearer {access.token}"})
    strands = tuple(IncidentsFor(line, each) for each in entries)
    return Source("incident_io", strands, greet=lambda: _greet(line, entries), close=line.close)


def _greet(line: Http, entries: Sequence[Entries]) -> str:
    """What was reached: one incident is asked for, and every name of the file, since a wrong one matches nothing."""
    line.shaped(_INCIDENTS, line.get("v2/incidents", {"page_size": 1}))
    for where, what, named in (
        ("v2/custom_fields", "custom field", [name for each in entries for name in each.fields]),
        ("v1/incident_types", "incident type", [name for each in entries for name in each.types]),
        ("v1/severities", "severity", [name for each in entries for name in (*each.only_severities, *each.severities)]),
    ):
        if named:
            _demand_known(line, where, what, named)
    return ", ".join(dict.fromkeys(each.workflow for each in entries))


def _demand_known(line: Http, where: str, what: str, named: Sequence[str]) -> None:
    found = line.shaped(_CATALOGUE, line.get(where))
    ids = {each.id for each in found.custom_fields}
    names = [each.name for each in (*found.custom_fields, *found.incident_types, *found.severities)]
    for name in named:
        if name not in names and name not in ids:
            guess = near(name, names)
            hint = f"did you mean {guess!r}?" if guess else "write it as incident.io's settings do."
            raise Missing(f"incident_io has no {what} {name!r}: {hint}")


@dataclass(frozen=True, slots=True)
class IncidentsFor:
    """The incidents of one workflow."""

    line: Http
    entries: Entries

    @property
    def key(self) -> str:
        """What it is called."""
        fields = (f"{name}={'|'.join(values)}" for name, values in self.entries.fields.items())
        only = ("|".join(each) for each in (self.entries.types, self.entries.only_severities) if each)
        return f"{cut(', '.join((*fields, *only)), 80)} → {self.entries.workflow}"

    @property
    def workflow(self) -> str:
        """The workflow that it is about."""
        return self.entries.workflow

    def read(self, cursor: str | None, until: datetime) -> Iterator[Portion]:
        """What changed since the cursor, the oldest incident first; what broke off goes on with the next page."""
        mark = kept(Mark, "incident_io", cursor) if cursor else Mark(since=self.entries.begins(until))
        begun, still = mark.ends(until), dict(mark.open)
        for page in self._changed(mark):
            signals = tuple(signal for each in page.incidents for signal in self._signals(each, until, still))
            after = page.pagination_meta.after
            going_on = Mark(since=mark.since, after=after, begun=begun, open=still)
            yield Portion(signals, (going_on if after else Mark(since=begun, open=still)).model_dump_json())
            if after is None:
                return
        told = f"incident_io has more than {PAGES * PER_PAGE:,} incidents that changed since {mark.since:%Y-%m-%d}"
        raise Endless(f"{told}: what is left is read by the next run.")

    def _changed(self, mark: Mark) -> Iterator[Incidents]:
        after, seen = mark.after, {mark.after}
        for _ in range(PAGES):
            page = self._page(mark, after)
            yield page
            after = page.pagination_meta.after
            if after is not None and after in seen:
                raise Circling("incident_io gave a page of incidents that was read already in place of the next.")
            seen.add(after)

    def _page(self, mark: Mark, after: str | None) -> Incidents:
        """One page; the first one where the place at which a run broke off is not known any more."""
        try:
            return self.line.shaped(_INCIDENTS, self.line.get("v2/incidents", _asked(mark.since - BACK, after)))
        except (Missing, Garbled):
            if after is None or after != mark.after:
                raise
            return self._page(mark, None)

    def _signals(self, incident: Incident, until: datetime, still: dict[str, Told]) -> Iterator[Entry]:
        """What is new about an incident; `still` is brought up to date with what is said of it."""
        told, status = still.get(incident.id), incident.incident_status.category
        is_about, over_at = self.entries.is_about(incident), _over_at(incident, told)
        is_over = (status in OVER or not is_about) and over_at <= until
        is_ours = is_about and status not in (NOT_YET, *NEVER)
        if incident.created_at > until or (told is None and not is_ours):
            return
        severity = self.entries.severity(incident) if is_about or told is None else told.severity
        about = self._about(incident, severity)
        if told is None:
            opened = min(incident.created_at, over_at)
            yield {**about, "id": f"{incident.id}:opened", **_as("open", opened)}
        if is_over:
            still.pop(incident.id, None)
            yield {**about, "id": f"{incident.id}:resolved:{_second(over_at)}", **_as("resolved", over_at)}
        elif told is None or told.severity != severity:
            changed_at = incident.updated_at
            still[incident.id] = Told(severity=severity, at=min(changed_at, until))
            if incident.created_at < changed_at <= until:
                yield {**about, "id": f"{incident.id}:open:{_second(changed_at)}", **_as("open", changed_at)}

    def _about(self, incident: Incident, severity: int) -> dict[str, object]:
        about: dict[str, object] = {
            "type": "incident",
            "workflow": self.entries.workflow,
            "key": incident.reference,
            "severity": severity,
            "title": cut(incident.name, TITLE) or incident.reference,
        }
        return about | {"url": url} if (url := _link(incident.permalink or "")) else about


def _asked(since: datetime, after: str | None) -> Params:
    asked: dict[str, str | int] = {
        "updated_at[gte]": f"{since.astimezone(UTC):%Y-%m-%d}",
        "sort_by": "created_at_oldest_first",
        "page_size": PER_PAGE,
    }
    return asked | {"after": after} if after else asked


def _over_at(incident: Incident, told: Told | None) -> datetime:
    """When it ended: its own word, unless that is from before it was opened once more."""
    own = incident.over_at
    return own if own and (told is None or own >= told.at) else incident.updated_at


def _as(status: str, at: datetime) -> dict[str, object]:
    return {"status": status, "at": at.isoformat()}


def _second(at: datetime) -> int:
    return int(at.timestamp())


def _link(url: str) -> str | None:
    """The address where people look, if it is incident.io's own."""
    try:
        found = urlsplit(url)
    except ValueError:
        return None
    is_theirs = found.scheme == "https" and f".{found.hostname or ''}".endswith(".incident.io")
    return url if is_theirs and len(url) <= TITLE else None
