"""GitHub, and GitHub Enterprise Server: merged pull requests, reviews of agents' work, and checks that run evals."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from itertools import islice
from typing import Annotated, TypeVar

from pydantic import Field, TypeAdapter

from bot.sources.addresses import origin_of
from bot.sources.errors import Endless, Missing, NoAccess
from bot.sources.github_lists import Left, Mark, mark_of, parts, written
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
from bot.sources.seam import FIRST_STRETCH, Access, Entry, Portion, Source, line_to, source
from bot.sources.stanzas import Day, Different, Money, Name, Strict, matching

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
_COMMITS = TypeAdapter(list[Commit])
_REVIEWS = TypeAdapter(list[Review])
_CLOSED = TypeAdapter(Closed)
_CHECKS = TypeAdapter(CheckRuns)

Repository = Annotated[
    str, matching(r"(?!\.)[\w-][\w.-]*/(?!\.)[\w.-]+", "must be an owner and a name, as acme/macros.")
]
Branch = Annotated[str, matching(r"(?!/)[\w./-]{1,200}", "must be the name of a branch, as main.")]


class Agents(Strict):
    """Whose pull requests are an agent's outputs: these accounts', or those with one of these labels."""

    authors: Different[Name] = Field(default_factory=list)
    labels: Different[Name] = Field(default_factory=list)


class Evals(Strict):
    """Which checks run evals: the suite by the check's name, on commits of one branch."""

    branch: Branch = "main"
    checks: Annotated[dict[Name, Name], Field(min_length=1)]


class Entries(Strict):
    """What of one repository belongs to one workflow."""

    repository: Repository
    workflow: Name
    labels: Different[Name] = Field(default_factory=list)
    authors: Different[Name] = Field(default_factory=list)
    agents: Agents = Agents()
    irreversible: Different[Name] = Field(default_factory=list)
    rework_cost_usd: Money | None = None
    evals: Evals | None = None
    since: Day | None = None

    def is_about(self, pull: PullRequest) -> bool:
        """Whether a pull request belongs to the workflow: one of the labels and one of the authors, where any are."""
        by_label = not self.labels or bool(pull.labels & set(self.labels))
        return by_label and (not self.authors or pull.author in self.authors)

    def is_agents(self, pull: PullRequest) -> bool:
        """Whether an agent made it."""
        return pull.author in self.agents.authors or bool(pull.labels & set(self.agents.labels))

    def begins(self, until: datetime) -> datetime:
        """From when on the first run reads."""
        return datetime.combine(self.since, time(), UTC) if self.since else until - FIRST_STRETCH


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
    names = tuple(dict.fromkeys(each.repository for each in entries))
    places = frozenset(each.lower() for each in names)
    return Source("github", (*pulls, *evals), places, greet=lambda: _greet(line, names), close=line.close)


def _greet(line: Http, repositories: tuple[str, ...]) -> str:
    """What was reached: each repository is asked for one pull request."""
    for each in repositories:
        line.shaped(_PULLS, line.get(f"repos/{each}/pulls", {"state": "all", "per_page": 1}))
    return ", ".join(repositories)


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
        for part in parts(mark, mark.at - OVERLAP, partial(self._touched, until)):
            waiting = iter(sorted(part.found, key=lambda each: (each.updated_at, each.number)))
            while some := tuple(islice(waiting, PORTION)):
                entries = tuple(each for pull in some if self.entries.is_about(pull) for each in self._signals(pull))
                if part.is_newest:
                    mark = Mark(at=some[-1].updated_at, left=part.left)
                yield Portion(entries, written(mark))
            if part.left != mark.left:
                mark = Mark(at=mark.at, left=part.left)
                yield Portion((), written(mark))
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

    def _signals(self, pull: PullRequest) -> Iterator[Entry]:
        about = {"workflow": self.entries.workflow, "url": f"{self.web}/{pull.repository}/pull/{pull.number}"}
        if pull.merged_at:
            for each in self._of_merged(pull):
                yield {**each, **about}
        if self.entries.is_agents(pull) and not pull.is_draft:
            reviews = self._below(pull, "reviews", _REVIEWS)
            closer = self._closer(pull) if pull.closed_at and not pull.merged_at and not reviews else None
            for each in reviews_of(pull, reviews, closer, frozenset(self.entries.agents.authors)):
                yield {**each, **about}

    def _of_merged(self, pull: PullRequest) -> Iterator[Entry]:
        commits = self._below(pull, "commits", _COMMITS)
        reverts = pull.reverts or self._reverted(reverted_commits(commits))
        is_irreversible = bool(pull.labels & set(self.entries.irreversible))
        yield {**change(pull, commits), "reverts": reverts, "irreversible": is_irreversible}
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
