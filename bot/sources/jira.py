"""Jira, in Atlassian's cloud and as Data Center: items of work, what was taken up again, and what cannot be undone."""

import base64
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, TypeAdapter, ValidationError, model_validator

from bot.sources.addresses import origin_of
from bot.sources.cursors import unreadable
from bot.sources.errors import Missing
from bot.sources.jira_items import ASKED, History, Item, Status, piece, takes_up_again, work_item
from bot.sources.jira_site import Question, Site
from bot.sources.seam import Access, Entry, Portion, Source, line_to, source
from bot.sources.stanzas import matching
from bot.sources.trackers import Work

GATEWAY = "api.atlassian.com"
"""Where tokens with scopes are taken in place of the site's own address: /ex/jira/ and the site's id."""

_CURSOR = TypeAdapter[datetime](AwareDatetime)
_WITH_MAIL = re.compile(r"[^@:\s]+@[^@:\s]+:\S+")

Project = Annotated[str, matching(r"[A-Z][A-Z0-9_]{1,99}", "must be the key of a project, as SUP.")]
Query = Annotated[
    str, matching(r"(?is)(?!.*\border\s+by\b).{1,1000}", "must be JQL of at most 1,000 characters, without ORDER BY.")
]


class Entries(Work):
    """Which items belong to which workflow."""

    project: Project | None = None
    query: Query | None = None

    @model_validator(mode="after")
    def _demand_scope(self) -> Self:
        if self.project or self.labels or self.query:
            return self
        raise ValueError("must name a project, labels or a query: they say which items belong to the workflow.")

    @property
    def scope(self) -> str:
        """The items of the workflow, as JQL."""
        parts = (
            f"project = {_quoted(self.project)}" if self.project else "",
            f"labels in ({', '.join(map(_quoted, self.labels))})" if self.labels else "",
            f"({self.query})" if self.query else "",
        )
        return " AND ".join(filter(None, parts))


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


@source("jira", Entries, place="project")
def jira(access: Access, entries: Sequence[Entries]) -> Source:
    """Jira by a token, which has a mail address before it for the Cloud; the items of each workflow are a strand."""
    if problem := _problem(access):
        return Source("jira", problem=problem)
    token = access.token or ""
    is_cloud = _has_mail(token)
    told = f"Basic {base64.b64encode(token.encode()).decode()}" if is_cloud else f"Bearer {token}"
    line = line_to("jira", access, {"Authorization": told})
    site = Site(line, is_cloud)
    web = None if _is_gateway(access.url) else access.url.rstrip("/")
    strands = tuple(Items(site, each, web) for each in entries)
    return Source("jira", strands, greet=lambda: _greet(site, strands), close=line.close)


def _problem(access: Access) -> str:
    """What is missing before anything can be asked."""
    if access.token is None:
        mend = "set JIRA_TOKEN to MAIL:TOKEN for Jira Cloud, or to a personal access token for Data Center"
        return f"jira has no token: {mend}."
    if not access.url:
        return "jira has no address: set JIRA_API_URL to it, as https://acme.atlassian.net."
    origin = origin_of(access.url)
    is_theirs = _is_gateway(access.url) or (origin is not None and origin.host.endswith(".atlassian.net"))
    if is_theirs and not _has_mail(access.token):
        mend = "set JIRA_TOKEN to MAIL:TOKEN, the address of the account that made the token and the token"
        return f"jira has a token without a mail address, which Jira Cloud does not take: {mend}."
    return ""


def _has_mail(token: str) -> bool:
    return _WITH_MAIL.fullmatch(token) is not None


def _is_gateway(url: str) -> bool:
    origin = origin_of(url)
    return origin is not None and origin.host == GATEWAY


def _greet(site: Site, strands: "Sequence[Items]") -> str:
    """What was reached: who asks is looked up, and each workflow is asked for one item."""
    site.zone()
    for each in strands:
        site.greet(each.question(None))
    return ", ".join(each.entries.scope for each in strands)


@dataclass(frozen=True, slots=True)
class _Terms:
    """What is looked up before items are read: the field of a flag, the statuses by id, and where people look."""

    flag: str | None
    statuses: dict[str, Status]
    web: str


@dataclass(frozen=True, slots=True)
class Items:
    """The items of one workflow; `web` is where people look, unless the site has to be asked."""

    site: Site
    entries: Entries
    web: str | None

    @property
    def key(self) -> str:
        """What it is called; another choice of items is another strand, which begins anew."""
        return f"{self.entries.scope} → {self.entries.workflow}"

    @property
    def workflow(self) -> str:
        """The workflow that it is about."""
        return self.entries.workflow

    def question(self, flag: str | None) -> Question:
        """What is asked for."""
        more = ("statuscategorychangedate",) if self.site.is_cloud else ()
        return Question(self.entries.scope, (*ASKED, *more, *((flag,) if flag else ())), self.workflow)

    def read(self, cursor: str | None, until: datetime) -> Iterator[Portion]:
        """What was touched since the cursor, oldest first, so that a run that breaks off goes on where it was."""
        begins = self.entries.begins(until)
        since = _kept(cursor) if cursor else begins
        statuses = self.site.statuses() if self.entries.rework_cost_usd else {}
        terms = _Terms(self.site.flag(), statuses, self.web or self.site.web())
        for page in self.site.found(self.question(terms.flag), since):
            items = [each for each in page if each.fields.updated <= until]
            entries = tuple(signal for each in items for signal in self._signals(each, terms, (begins, until)))
            if items:
                since = max(since, items[-1].fields.updated)
                yield Portion(entries, since.isoformat())
            if len(items) < len(page):
                break
        yield Portion((), max(since, until).isoformat())

    def _signals(self, item: Item, terms: _Terms, stretch: tuple[datetime, datetime]) -> Iterator[Entry]:
        about = {"workflow": self.workflow, "url": f"{terms.web}/browse/{item.key}"}
        yield {**work_item(item, is_blocked=self._is_blocked(item, terms)), **about}
        begins, until = stretch
        is_final = item.fields.status.is_done and not set(self.entries.irreversible).isdisjoint(item.fields.labels)
        if is_final and begins <= item.fields.ended <= until:
            yield {**piece(item).change(item.fields.ended), **about}
        if cost := self.entries.rework_cost_usd:
            for history in self._histories(item):
                if begins <= history.created <= until and takes_up_again(history, terms.statuses):
                    yield {**piece(item).reopened(history.id, history.created, cost), **about}

    def _histories(self, item: Item) -> tuple[History, ...]:
        """The changes of an item; none where it was deleted meanwhile."""
        try:
            return tuple(self.site.histories(item.key))
        except Missing:
            return ()

    def _is_blocked(self, item: Item, terms: _Terms) -> bool:
        names = (each.casefold() for each in self.entries.blocked)
        return item.fields.is_set(terms.flag) or item.fields.status.name.casefold() in names


def _kept(cursor: str) -> datetime:
    try:
        return _CURSOR.validate_python(cursor)
    except ValidationError:
        raise unreadable("jira") from None
