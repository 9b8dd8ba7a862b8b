"""What GitHub says of pull requests and checks, as values, and what of it is a signal; nothing here asks anything."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from pydantic import AwareDatetime, BaseModel, Field

from bot.domain.wording import cut
from bot.sources.seam import Entry

TITLE = 300
_TITLED = re.compile(r'Revert "(.+)"$', re.DOTALL)
_TOLD = re.compile(r"^Reverts (?:([\w.-]+/[\w.-]+))?#([0-9]{1,9})\b", re.MULTILINE)
_TRAILER = re.compile(r"^This reverts commit ([0-9a-f]{7,40})\b", re.MULTILINE)
_COUNTS = re.compile(r"([0-9][0-9,]{0,9})\s*(?:of|/)\s*([0-9][0-9,]{0,9})")
_PROMPT = re.compile(r"prompt[ _-]?version:\s*([^\s,;]{1,200})", re.IGNORECASE)
_MODEL = re.compile(r"\bmodel:\s*([^\s,;]{1,200})", re.IGNORECASE)


class User(BaseModel):
    """Whoever did something; `type` tells people from bots."""

    login: str
    type: str = "User"


class Label(BaseModel):
    """A label."""

    name: str = ""


class Pull(BaseModel):
    """A pull request in a list."""

    number: int
    title: str
    body: str | None = None
    user: User | None = None
    labels: list[Label] = Field(default_factory=list)
    draft: bool = False
    created_at: AwareDatetime
    updated_at: AwareDatetime
    closed_at: AwareDatetime | None = None
    merged_at: AwareDatetime | None = None


class Author(BaseModel):
    """Who wrote a commit, and when."""

    date: AwareDatetime | None = None


class CommitText(BaseModel):
    """A commit itself."""

    message: str = ""
    author: Author | None = None


class Commit(BaseModel):
    """A commit in a list."""

    sha: str
    commit: CommitText


class Review(BaseModel):
    """A review; one that is not handed in yet has no time."""

    id: int
    user: User | None = None
    state: str
    submitted_at: AwareDatetime | None = None


class Closed(BaseModel):
    """Who closed a pull request."""

    closed_by: User | None = None


class Output(BaseModel):
    """What a check says."""

    title: str | None = None
    summary: str | None = None
    text: str | None = None


class CheckRun(BaseModel):
    """One run of a check."""

    id: int
    name: str
    status: str
    completed_at: AwareDatetime | None = None
    output: Output = Output()


class CheckRuns(BaseModel):
    """The runs of checks of one commit."""

    check_runs: list[CheckRun]


@dataclass(frozen=True, slots=True)
class PullRequest:
    """A pull request, as small as it can be; `reverts` is the key or title that its own words say it takes back."""

    repository: str
    number: int
    title: str
    author: str
    labels: frozenset[str]
    is_draft: bool
    created_at: datetime
    updated_at: datetime
    closed_at: datetime | None
    merged_at: datetime | None
    reverts: str | None

    @property
    def key(self) -> str:
        """What it is called, such as `acme/macros#12`."""
        return f"{self.repository}#{self.number}"


def pull_request(repository: str, pull: Pull) -> PullRequest:
    """The pull request of a list's entry; of its body only what it takes back is kept."""
    return PullRequest(
        repository=repository,
        number=pull.number,
        title=cut(pull.title, TITLE) or f"#{pull.number}",
        author=pull.user.login if pull.user else "",
        labels=frozenset(label.name for label in pull.labels),
        is_draft=pull.draft,
        created_at=pull.created_at,
        updated_at=pull.updated_at,
        closed_at=pull.closed_at,
        merged_at=pull.merged_at,
        reverts=_taken_back(repository, pull.title, pull.body or ""),
    )


def _taken_back(repository: str, title: str, body: str) -> str | None:
    """What GitHub's button to revert writes; without a number, the title stands in quotation marks."""
    if told := _TOLD.search(body):
        return f"{told[1] or repository}#{told[2]}"
    titled = _TITLED.match(title.strip())
    return f'{repository} "{cut(titled[1], 100)}"' if titled else None


def reverted_commits(commits: list[Commit]) -> tuple[str, ...]:
    """The commits that these say they take back, but for those of their own number."""
    own = tuple(commit.sha for commit in commits)
    found = (sha for commit in commits for sha in _TRAILER.findall(commit.commit.message))
    return tuple(dict.fromkeys(sha for sha in found if not any(each.startswith(sha) for each in own)))


def change(pull: PullRequest, commits: list[Commit], until: datetime) -> Entry:
    """The change that a merged pull request is; its lead time counts from its first commit, or its creation."""
    assert pull.merged_at
    dates = [each.commit.author.date for each in commits if each.commit.author and each.commit.author.date]
    lead = max(until - min([pull.created_at, *dates]), timedelta(0))
    return {
        "id": f"{pull.key}:merged",
        "type": "change",
        "at": pull.merged_at.isoformat(),
        "key": pull.key,
        "title": pull.title,
        "merged_at": pull.merged_at.isoformat(),
        "lead_time_hours": float(round(Decimal(lead // timedelta(seconds=1)) / 3600, 2)),
    }


def rework(pull: PullRequest, cost_usd: Decimal) -> Entry:
    """What it cost to take a change back."""
    assert pull.merged_at
    return {
        "id": f"{pull.key}:rework",
        "type": "rework",
        "at": pull.merged_at.isoformat(),
        "kind": "rollback",
        "cost_usd": float(cost_usd),
    }


class _Word(StrEnum):
    APPROVED = "APPROVED"
    CHANGES = "CHANGES_REQUESTED"


def reviews_of(
    pull: PullRequest, reviews: list[Review], closer: User | None, agents: frozenset[str]
) -> Iterator[Entry]:
    """An agent's pull request as an output that is reviewed: handed in, then approved, edited or rejected.

    The first person's word counts for the time; one request for changes makes it edited; closed unmerged, it is
    rejected by whoever spoke first, or closed it. Agents' and the author's own words count for nothing.
    """
    handed_in = {"type": "review", "output_id": pull.key, "submitted_at": pull.created_at.isoformat()}
    yield {**handed_in, "id": f"{pull.key}:submitted", "at": pull.created_at.isoformat()}
    words = sorted(
        (each.submitted_at, each.user.login, each.state, each.id)
        for each in reviews
        if each.submitted_at and each.state in tuple(_Word) and _is_person(each.user, pull, agents) and each.user
    )
    if words:
        first_at, reviewer, *_ = words[0]
        at, _, _, review_id = next((each for each in words if each[2] == _Word.CHANGES), words[0])
        outcome = "edited" if any(each[2] == _Word.CHANGES for each in words) else "approved"
        reviewed = {"reviewed_at": max(first_at, pull.created_at).isoformat(), "reviewer": reviewer}
        told = {"id": f"{pull.key}:{outcome}:{review_id}", "at": at.isoformat(), "outcome": outcome}
        yield {**handed_in, **reviewed, **told}
    elif closer and _is_person(closer, pull, agents) and pull.closed_at:
        reviewed = {"reviewed_at": pull.closed_at.isoformat(), "reviewer": closer.login}
    else:
        return
    if pull.closed_at and not pull.merged_at:
        told = {"id": f"{pull.key}:rejected:{int(pull.closed_at.timestamp())}", "at": pull.closed_at.isoformat()}
        yield {**handed_in, **reviewed, **told, "outcome": "rejected"}


def _is_person(user: User | None, pull: PullRequest, agents: frozenset[str]) -> bool:
    return user is not None and user.type == "User" and user.login != pull.author and user.login not in agents


def eval_run(repository: str, run: CheckRun, suite: str) -> Entry:
    """The eval run that a finished check is, from "196 of 200" and `prompt_version:` and `model:` in what it says.

    Where it names no count the fields are left out, and the intake says so.
    """
    assert run.completed_at
    said = "\n".join(filter(None, (run.output.title, run.output.summary, run.output.text)))
    found = _COUNTS.search(said)
    prompt, model = _PROMPT.search(said), _MODEL.search(said)
    counts = {"passed": _count(found[1]), "cases": _count(found[2])} if found else {}
    return {
        "id": f"{repository}:check:{run.id}",
        "type": "eval_run",
        "at": run.completed_at.isoformat(),
        "suite": suite,
        **counts,
        "prompt_version": prompt[1] if prompt else "",
        "model": model[1] if model else "",
    }


def _count(text: str) -> int:
    return int(text.replace(",", ""))
