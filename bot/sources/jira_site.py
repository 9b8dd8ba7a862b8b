"""One Jira, in Atlassian's cloud or on a server of one's own: which addresses it answers at, and how it pages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, Field, TypeAdapter

from bot.domain.wording import cut
from bot.sources.errors import Circling, Endless, Missing, Unclear
from bot.sources.http import PAGES, Answer, Http, Params
from bot.sources.jira_items import History, Item, Status

PER_PAGE = 100
AGAIN = 10
"""One in so many items of a server's page is asked for again with the next."""

WESTMOST = timezone(timedelta(hours=-12))
FLAGGED = "flagged"


class ByToken(BaseModel):
    """A page as the Cloud gives it."""

    issues: list[Item] = Field(default_factory=list)
    next: str | None = Field(None, alias="nextPageToken")


class ByOffset(BaseModel):
    """A page as a server gives it."""

    issues: list[Item] = Field(default_factory=list)
    total: int


class Myself(BaseModel):
    """Whoever asks, and the time zone in which their questions are read."""

    zone: str = Field("", alias="timeZone")


class About(BaseModel):
    """Where people look."""

    web: str = Field(alias="baseUrl")


class KindOfField(BaseModel):
    """A field; only the Cloud says what it is called where nobody translated it."""

    id: str
    name: str = ""
    custom: bool = False
    untranslated: str | None = Field(None, alias="untranslatedName")


class Histories(BaseModel):
    """A page of the changes of one item, as the Cloud gives it."""

    values: list[History] = Field(default_factory=list)
    total: int = 0


class Changelog(BaseModel):
    """All changes of one item."""

    histories: list[History] = Field(default_factory=list)


class Told(BaseModel):
    """An item with its changes, as a server gives it."""

    changelog: Changelog = Changelog()


_BY_TOKEN, _BY_OFFSET, _MYSELF = TypeAdapter(ByToken), TypeAdapter(ByOffset), TypeAdapter(Myself)
_ABOUT, _FIELDS, _STATUSES = TypeAdapter(About), TypeAdapter(list[KindOfField]), TypeAdapter(list[Status])
_HISTORIES, _TOLD = TypeAdapter(Histories), TypeAdapter(Told)


@dataclass(frozen=True, slots=True)
class Question:
    """Which items are asked for: what belongs to a workflow, by JQL, what of each, and for whom."""

    scope: str
    fields: tuple[str, ...]
    workflow: str

    def since(self, at: datetime, zone: tzinfo) -> str:
        """JQL for what was touched since then, the oldest first.

        JQL takes minutes on the clock of whoever asks. It is put back by an hour: an hour may come twice when clocks
        change, and an index may lag behind what happened.
        """
        clock = at.astimezone(zone).replace(tzinfo=None) - timedelta(hours=1)
        return f'{self.scope} AND updated >= "{clock:%Y-%m-%d %H:%M}" ORDER BY updated ASC, key ASC'


@dataclass(frozen=True, slots=True)
class Site:
    """One Jira behind a line; `is_cloud` says which of the two kinds."""

    line: Http
    is_cloud: bool

    def zone(self) -> tzinfo:
        """The time zone in which it reads a question; one that nobody here knows is taken as far west as there is."""
        try:
            named = self.line.shaped(_MYSELF, self.line.get(self._path("myself"))).zone
        except Missing:
            taken = (
                "of Jira Cloud, since it has a mail address"
                if self.is_cloud
                else "of Data Center, since it has no mail address"
            )
            told = f"jira has nothing at /{self._path('myself')}: JIRA_TOKEN was taken as one {taken}"
            raise Missing(f"{told}; set it as the README says, or JIRA_API_URL to where people open Jira.") from None
        try:
            return ZoneInfo(named)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            return WESTMOST

    def web(self) -> str:
        """Where people look, as the site says it of itself."""
        return self.line.shaped(_ABOUT, self.line.get(self._path("serverInfo"))).web.rstrip("/")

    def flag(self) -> str | None:
        """The id of the field by which people flag an item as impeded; None where there is none."""
        fields = self.line.shaped(_FIELDS, self.line.get(self._path("field")))
        found = (each.id for each in fields if each.custom and FLAGGED in _names(each))
        return next(found, None)

    def statuses(self) -> dict[str, Status]:
        """Every status by its id."""
        return {each.id: each for each in self.line.shaped(_STATUSES, self.line.get(self._path("status")))}

    def histories(self, key: str) -> Iterator[History]:
        """The changes of an item; a server gives them all at once."""
        if not self.is_cloud:
            told = self.line.get(self._path(f"issue/{key}"), {"fields": "status", "expand": "changelog"})
            yield from self.line.shaped(_TOLD, told).changelog.histories
            return
        start = 0
        for _ in range(PAGES):
            params = {"startAt": start, "maxResults": PER_PAGE}
            page = self.line.shaped(_HISTORIES, self.line.get(self._path(f"issue/{key}/changelog"), params))
            yield from page.values
            start += len(page.values)
            if not page.values or start >= page.total:
                return
        raise Endless(f"{key} has more than {PAGES * PER_PAGE:,} changes, and no more were read.")

    def greet(self, question: Question) -> None:
        """Returns if it understands which items are meant; asks for one of them."""
        self._asked(question, {"jql": question.scope, "fields": "status", "maxResults": 1})

    def found(self, question: Question, since: datetime) -> Iterator[list[Item]]:
        """Page after page of what was touched since then, the oldest first; Endless after so many."""
        pages = self._by_token if self.is_cloud else self._by_offset
        yield from pages(question, since, self.zone())

    def _by_token(self, question: Question, since: datetime, zone: tzinfo) -> Iterator[list[Item]]:
        params, before = _params(question, since, zone), list[Item]()
        for _ in range(PAGES):
            page = self.line.shaped(_BY_TOKEN, self._asked(question, params))
            if page.issues and page.issues == before:
                raise _circling()
            if page.issues:
                yield page.issues
            if page.next is None:
                return
            params, before = {**params, "nextPageToken": page.next}, page.issues
        raise _more(question, since)

    def _by_offset(self, question: Question, since: datetime, zone: tzinfo) -> Iterator[list[Item]]:
        """A tenth of each page is asked for again, since what changes meanwhile moves all that stood after it.

        Where nothing of that comes again, too much has moved: it begins anew at what was read last.
        """
        start, last, known = 0, since, frozenset[str]()
        params = _params(question, since, zone)
        for _ in range(PAGES):
            page = self.line.shaped(_BY_OFFSET, self._asked(question, {**params, "startAt": start}))
            keys = frozenset(each.key for each in page.issues)
            if start and keys == known:
                raise _circling()
            if start and known.isdisjoint(keys):
                params, start = _params(question, last, zone), 0
                continue
            if page.issues:
                yield page.issues
            if start + len(page.issues) >= page.total or not page.issues:
                return
            start += len(page.issues) - max(len(page.issues) // AGAIN, 1)
            last, known = page.issues[-1].fields.updated, keys
        raise _more(question, since)

    def _asked(self, question: Question, params: Params) -> Answer:
        try:
            return self.line.get(self._path("search/jql" if self.is_cloud else "search"), params)
        except Unclear:
            told = f"jira does not understand which items belong to {question.workflow} ({cut(question.scope, 120)})"
            raise Unclear(f"{told}: look at their project, labels and query in ROLLOUT_SOURCES.") from None

    def _path(self, name: str) -> str:
        return f"rest/api/{3 if self.is_cloud else 2}/{name}"


def _params(question: Question, since: datetime, zone: tzinfo) -> Params:
    return {"jql": question.since(since, zone), "fields": ",".join(question.fields), "maxResults": PER_PAGE}


def _names(field: KindOfField) -> tuple[str, ...]:
    return field.name.casefold(), (field.untranslated or "").casefold()


def _circling() -> Circling:
    return Circling("jira gave a page of items that was read already in place of the next.")


def _more(question: Question, since: datetime) -> Endless:
    told = f"jira has more than {PAGES * PER_PAGE:,} items of {question.workflow} since {since:%Y-%m-%d}"
    return Endless(f"{told}: what is left is read by the next run.")
