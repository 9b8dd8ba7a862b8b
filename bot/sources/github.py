"""GitHub, and GitHub Enterprise Server: merged pull requests, reviews of agents' work, and checks that run evals."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from typing import TypeVar

from pydantic import TypeAdapter

from bot.sources.addresses import origin_of
from bot.sources.errors import Endless, Missing, NoAccess
from bot.sources.github_entries import Entries, Evals
from bot.sources.github_lists import Awaited, Left, Mark, mark_of, parts, written
from bot.sources.github_production import NOTHING_YET, Shipments, has_any
from bot.sources.github_pulls import (
    CheckRuns,
    Closed,
    Commit,
    Pull,
    PullRequest,
    Review,
    User,
    change,
    eval_run,
    pull_request,
    reverted_commits,
    reviews_of,
    rework,
)
from bot.sources.http import PAGES, Http, Params
from bot.sources.seam import Access, Entry, Portion, Source, line_to, source

T = TypeVar("T")

PER_PAGE = 100
LISTED = 50
"""How many pull requests one page lists: a hundred with the longest bodies would be too long an answer."""

PORTION = 50
OVERLAP = timedelta(minutes=2)
"""Read again each time: a list may lag a little behind what happened."""

LATE_CHECKS = timedelta(days=1)
"""How long after its commit a check may end and still be seen."""

_PULLS = TypeAdapter(list[Pull])
_PULL = TypeAdapter(Pull)
_COMMITS = TypeAdapter(list[Commit])
_REVIEWS = TypeAdapter(list[Review])
_CLOSED = TypeAdapter(Closed)
_CHECKS = TypeAdapter(CheckRuns)


@source("github", Entries, place="repository")
def github(access: Access, entries: Sequence[Entries]) -> Source:
    """GitHub by a token; each repository of a workflow is a strand, and so are its evals."""
    if access.token is None:
        return Source("github", problem="github has no token: set GITHUB_TOKEN to one that may read its repositories.")
    line = line_to(
        "github",
        access,
        {
            "Authorization": f"Bearer {access.token}",
            "Accept": "application/vnd.github+json, application/json;q=0.9",
            "X-GitHub-Api-Version": "2022-11-28",
        },
    )
    pulls = (Pulls(line, each, web_of(access.url)) for each in entries)
    evals = (Checks(line, each, each.evals, web_of(access.url)) for each in entries if each.evals)
    places = frozenset(each.repository.lower() for each in entries)
    return Source("github", (*pulls, *evals), places, greet=lambda: _greet(line, entries), close=line.close)


def _greet(line: Http, entries: Sequence[Entries]) -> str:
    """What was reached: each repository is asked for one pull request, and for what came to production if need be."""
    told = dict[str, str]()
    for each in entries:
        if each.repository not in told:
            line.shaped(_PULLS, line.get(f"repos/{each.repository}/pulls", {"state": "all", "per_page": 1}))
        note = "" if each.production is None or has_any(line, each.repository, each.production) else NOTHING_YET
        told[each.repository] = note or told.get(each.repository, "")
    return ", ".join(f"{name}{note}" for name, note in told.items())


def web_of(api: str) -> str:
    """Where people look at what this API tells of."""
    origin = origin_of(api)
    is_public = origin is not None and origin.host == "api.github.com"
    return "https://github.com" if is_public else api.partition("/api/")[0].rstrip("/")


def _from(page: int) -> Params:
    """What asks for a list from a page on; GitHub's own links say it for all but the first."""
    return {"page": page} if page > 1 else {}


def _more(repository: str, what: str, left: Left) -> Endless:
    told = f"{repository} has more than {what} since {left.since:%Y-%m-%d}"
    return Endless(f"{told}: what is left is read by the next run.")


def _counted_to(merged_at: datetime, shipments: Shipments | None) -> datetime | None:
    """Up to when the lead time of a change counts; None as long as it may still come to production."""
    return shipments.landed(merged_at) if shipments else merged_at


def _untold(found: Mapping[PullRequest, tuple[Entry, ...]]) -> tuple[Awaited, ...]:
    """Those that are merged, and whose change was not told."""
    waiting = {
        pull.number: Awaited(number=pull.number, merged_at=pull.merged_at)
        for pull, entries in found.items()
        if pull.merged_at and not any(each["type"] == "change" for each in entries)
    }
    return tuple(waiting.values())


@dataclass(frozen=True, slots=True)
class Pulls:
    """The pull requests of one repository that belong to one workflow."""

    line: Http
    entries: Entries
    web: str

    @property
    def key(self) -> str:
        """What it is called."""
        return f"{self.entries.repository} → {self.entries.workflow}"

    @property
    def workflow(self) -> str:
        """The workflow that it is about."""
        return self.entries.workflow

    def read(self, cursor: str | None, until: datetime) -> Iterator[Portion]:
        """What was touched since the cursor, oldest first, so that a run that breaks off goes on where it was.

        Endless comes last, once what could be read is given: the cursor has what the next run goes on with.
        """
        mark = mark_of(cursor) if cursor else Mark(at=self.entries.begins(until) + OVERLAP)
        production = self.entries.production
        shipments = Shipments(self.line, self.entries.repository, production, until) if production else None
        for part in parts(mark, mark.at - OVERLAP, partial(self._touched, until)):
            waiting = iter(sorted(part.found, key=lambda each: (each.updated_at, each.number)))
            while some := tuple(islice(waiting, PORTION)):
                found = {pull: tuple(self._signals(pull, shipments)) for pull in some if self.entries.is_about(pull)}
                if part.is_newest:
                    mark = mark.model_copy(update={"at": some[-1].updated_at, "left": part.left})
                mark = mark.without(each.number for each in found).awaiting(_untold(found))
                yield Portion(tuple(each for told in found.values() for each in told), written(mark))
            if part.left != mark.left:
                mark = mark.model_copy(update={"left": part.left})
                yield Portion((), written(mark))
        if arrived := tuple(each.number for each in mark.waiting if _counted_to(each.merged_at, shipments)):
            entries = tuple(entry for number in arrived for entry in self._awaited(number, shipments))
            mark = mark.without(arrived)
            yield Portion(entries, written(mark))
        if mark.left:
            raise _more(self.entries.repository, f"{PAGES * LISTED:,} pull requests", mark.left)

    def _touched(self, until: datetime, start: datetime, page: int) -> Iterator[PullRequest]:
        """The newest come first, so what moves meanwhile comes twice rather than never."""
        params = {"state": "all", "sort": "updated", "direction": "desc", "per_page": LISTED, **_from(page)}
        for answer in self.line.pages(f"repos/{self.entries.repository}/pulls", params):
            for pull in self.line.shaped(_PULLS, answer):
                if pull.updated_at < start:
                    return
                if pull.updated_at <= until:
                    yield pull_request(self.entries.repository, pull)

    def _about(self, pull: PullRequest) -> Entry:
        return {"workflow": self.entries.workflow, "url": f"{self.web}/{pull.repository}/pull/{pull.number}"}

    def _awaited(self, number: int, shipments: Shipments | None) -> Iterator[Entry]:
        """The change that was not in production when it was read; nothing if it is gone since, or belongs elsewhere."""
        where = self.entries.repository
        try:
            found = self.line.shaped(_PULL, self.line.get(f"repos/{where}/pulls/{number}"))
        except Missing:
            return
        pull = pull_request(where, found)
        if pull.merged_at and self.entries.is_about(pull):
            for each in self._of_merged(pull, shipments):
                yield {**each, **self._about(pull)}

    def _signals(self, pull: PullRequest, shipments: Shipments | None) -> Iterator[Entry]:
        about = self._about(pull)
        if pull.merged_at:
            for each in self._of_merged(pull, shipments):
                yield {**each, **about}
        if self.entries.is_agents(pull) and not pull.is_draft:
            reviews = self._below(pull, "reviews", _REVIEWS)
            closer = self._closer(pull) if pull.closed_at and not pull.merged_at and not reviews else None
            for each in reviews_of(pull, reviews, closer, frozenset(self.entries.agents.authors)):
                yield {**each, **about}

    def _of_merged(self, pull: PullRequest, shipments: Shipments | None) -> Iterator[Entry]:
        commits = self._below(pull, "commits", _COMMITS)
        reverts = pull.reverts or self._reverted(reverted_commits(commits))
        is_irreversible = bool(pull.labels & set(self.entries.irreversible))
        assert pull.merged_at
        until = _counted_to(pull.merged_at, shipments)
        if until is None and (reverts or is_irreversible):
            until = pull.merged_at  # A finding of this week needs it
        if until:
            yield {**change(pull, commits, until), "reverts": reverts, "irreversible": is_irreversible}
        if reverts and self.entries.rework_cost_usd:
            yield rework(pull, self.entries.rework_cost_usd)

    def _reverted(self, shas: tuple[str, ...]) -> str | None:
        """The key of the change that brought a commit that is taken back; the commit itself where none is known."""
        for sha in shas[:1]:
            where = self.entries.repository
            try:
                found = self.line.shaped(_PULLS, self.line.get(f"repos/{where}/commits/{sha}/pulls"))
            except Missing:
                found = []
            return f"{where}#{found[0].number}" if found else f"{where}@{sha[:12]}"
        return None

    def _closer(self, pull: PullRequest) -> User | None:
        """Who closed it; nobody where the token may not see issues."""
        try:
            answer = self.line.get(f"repos/{pull.repository}/issues/{pull.number}")
            return self.line.shaped(_CLOSED, answer).closed_by
        except (Missing, NoAccess):
            return None

    def _below(self, pull: PullRequest, what: str, adapter: TypeAdapter[list[T]]) -> list[T]:
        """All reviews or commits of a pull request, on however many pages."""
        pages = self.line.pages(f"repos/{pull.repository}/pulls/{pull.number}/{what}", {"per_page": PER_PAGE})
        return [each for page in pages for each in self.line.shaped(adapter, page)]


@dataclass(frozen=True, slots=True)
class Checks:
    """The checks of one branch that run evals."""

    line: Http
    entries: Entries
    evals: Evals
    web: str

    @property
    def key(self) -> str:
        """What it is called."""
        return f"{self.entries.repository} evals → {self.entries.workflow}"

    @property
    def workflow(self) -> str:
        """The workflow that it is about."""
        return self.entries.workflow

    def read(self, cursor: str | None, until: datetime) -> Iterator[Portion]:
        """The finished runs of the commits since a day before the cursor: a check ends long after its commit."""
        mark = mark_of(cursor) if cursor else Mark(at=self.entries.begins(until))
        left = mark.left
        for part in parts(mark, mark.at - LATE_CHECKS, self._commits):
            for sha in reversed(part.found):
                if found := tuple(self._signals(sha, until)):
                    yield Portion(found, written(mark))
            left = part.left
        yield Portion((), written(Mark(at=until, left=left)))
        if left:
            raise _more(self.entries.repository, f"{PAGES * PER_PAGE:,} commits", left)

    def _commits(self, start: datetime, page: int) -> Iterator[str]:
        since = {"sha": self.evals.branch, "since": f"{start.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"}
        where = f"repos/{self.entries.repository}/commits"
        for answer in self.line.pages(where, {**since, "per_page": PER_PAGE, **_from(page)}):
            for each in self.line.shaped(_COMMITS, answer):
                yield each.sha

    def _signals(self, sha: str, until: datetime) -> Iterator[Entry]:
        where = f"repos/{self.entries.repository}/commits/{sha}/check-runs"
        pages = self.line.pages(where, {"filter": "all", "per_page": PER_PAGE})
        for run in (each for page in pages for each in self.line.shaped(_CHECKS, page).check_runs):
            suite = self.evals.checks.get(run.name)
            if suite and run.status == "completed" and run.completed_at and run.completed_at <= until:
                entry = eval_run(self.entries.repository, run, suite)
                url = f"{self.web}/{self.entries.repository}/runs/{run.id}"
                yield {**entry, "workflow": self.entries.workflow, "url": url}
