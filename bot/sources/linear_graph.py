"""The questions that are put to Linear, each one POST of GraphQL, and what its refusals mean."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from bot.sources.errors import Circling, Endless, NoAccess, SourceError, Throttled, Unclear, Unreached
from bot.sources.exchange import Raw
from bot.sources.http import PAGES, Answer, Http
from bot.sources.linear_issues import Issue, Move, Named, Nodes
from bot.sources.refusals import asked_until

T = TypeVar("T")

PER_PAGE = 50
"""How many issues one page has: Linear counts all that a question may give, and refuses one of more than 10,000."""

ISSUES = """
query Issues($filter: IssueFilter!, $after: String) {
  issues(first: 50, after: $after, filter: $filter, orderBy: updatedAt, includeArchived: true) {
    nodes {
      id identifier previousIdentifiers title url dueDate createdAt updatedAt completedAt archivedAt trashed
      state { type name }
      assignee { displayName }
      labels(first: 20) { nodes { name } }
      inverseRelations(first: 10) { nodes { type issue { updatedAt state { type } } } }
    }
    pageInfo { hasNextPage endCursor }
  }
}
"""
MOVES = """
query Moves($filter: IssueFilter!) {
  issues(first: 50, filter: $filter, includeArchived: true) {
    nodes {
      id
      history(first: 20) {
        nodes { id createdAt fromState { type } toState { type } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
}
"""
MORE_MOVES = """
query MoreMoves($id: String!, $after: String) {
  issue(id: $id) {
    history(first: 50, after: $after) {
      nodes { id createdAt fromState { type } toState { type } }
      pageInfo { hasNextPage endCursor }
    }
  }
}
"""
NAMES = """
query Names($team: TeamFilter!, $project: ProjectFilter!, $labels: IssueLabelFilter!) {
  teams(first: 1, filter: $team) { nodes { name: key } }
  projects(first: 1, filter: $project) { nodes { name } }
  issueLabels(first: 100, filter: $labels) { nodes { name } }
}
"""


class Extensions(BaseModel):
    """What kind of refusal it is."""

    code: str = ""


class Refusal(BaseModel):
    """Why a question was not answered; its message is for nobody's eyes, since it may repeat what was sent."""

    extensions: Extensions = Extensions()


class Said(BaseModel):
    """An answer of GraphQL."""

    data: dict[str, Any] | None = None
    errors: list[Refusal] = Field(default_factory=list)


class Listed(BaseModel):
    """A page of issues."""

    issues: Nodes[Issue]


class Moved(BaseModel):
    """The changes of one issue."""

    id: str = ""
    history: Nodes[Move]


class AllMoved(BaseModel):
    """The changes of several issues."""

    issues: Nodes[Moved]


class OneMoved(BaseModel):
    """More changes of one issue."""

    issue: Moved


class Known(BaseModel):
    """What there is of the names that were asked for."""

    teams: Nodes[Named]
    projects: Nodes[Named]
    labels: Nodes[Named] = Field(alias="issueLabels")


_SAID, _LISTED, _KNOWN = TypeAdapter(Said), TypeAdapter(Listed), TypeAdapter(Known)
_ALL_MOVED, _ONE_MOVED = TypeAdapter(AllMoved), TypeAdapter(OneMoved)


@dataclass(frozen=True, slots=True)
class Graph:
    """Linear behind a line; `now` is the machine's clock."""

    line: Http
    now: Callable[[], datetime]

    def names(self, team: str, project: str, labels: Sequence[str]) -> Known:
        """Which of these names there are, as far as the token sees."""
        by_name = {"team": {"key": {"eq": team}}, "project": {"name": {"eq": project}}}
        return self._asked(NAMES, {**by_name, "labels": {"name": {"in": list(labels)}}}, _KNOWN)

    def issues(self, chosen: Mapping[str, object]) -> Iterator[list[Issue]]:
        """Page after page of the issues that a filter chooses, the latest touched first."""
        after, seen = None, set[str | None]()
        while after not in seen:
            seen.add(after)
            page = self._asked(ISSUES, {"filter": chosen, "after": after}, _LISTED).issues
            yield page.nodes
            if not page.place.has_more:
                return
            after = page.place.end
        raise Circling("linear gave a page of issues that was read already in place of the next.")

    def moves(self, issues: Sequence[Issue]) -> dict[str, list[Move]]:
        """The changes of each of these issues, fifty at most, by its id."""
        chosen = {"id": {"in": [each.id for each in issues]}}
        found = self._asked(MOVES, {"filter": chosen}, _ALL_MOVED).issues.nodes
        return {each.id: [*each.history.nodes, *self._more_moves(each)] for each in found}

    def _more_moves(self, moved: Moved) -> Iterator[Move]:
        place = moved.history.place
        for _ in range(PAGES):
            if not place.has_more:
                return
            more = self._asked(MORE_MOVES, {"id": moved.id, "after": place.end}, _ONE_MOVED).issue.history
            yield from more.nodes
            place = more.place
        raise Endless(f"An issue of linear has more than {PAGES * PER_PAGE:,} changes, and no more were read.")

    def _asked(self, query: str, variables: Mapping[str, object], adapter: TypeAdapter[T]) -> T:
        try:
            answer = self.line.post("graphql", {"query": query, "variables": variables})
        except Unclear as error:
            raise self._refusal(_said_in(error.said), {}) or error from None
        said = self.line.shaped(_SAID, answer)
        if refusal := self._refusal(said, answer.headers):
            raise refusal
        return self.line.shaped(adapter, Answer(said.data))

    def _refusal(self, said: Said, headers: Mapping[str, str]) -> SourceError | None:
        """Why a question was not answered; None where it was."""
        codes = [each.extensions.code for each in said.errors]
        if not codes:
            return None
        if "RATELIMITED" in codes:
            until = asked_until(Raw(200, headers, b""), self.now())
            told = f"linear wants no more questions until {until:%H:%M} UTC; what is left is read after that."
            return Throttled(told, until)
        kind, told = next((_REFUSALS[each] for each in codes if each in _REFUSALS), _UNCLEAR)
        return kind(f"linear {told}.")


_UNCLEAR: tuple[type[SourceError], str] = (Unclear, "did not understand what was asked")
_REFUSALS: Mapping[str, tuple[type[SourceError], str]] = {
    "AUTHENTICATION_ERROR": (NoAccess, "did not take the token: set LINEAR_TOKEN to one that is in force"),
    "FORBIDDEN": (NoAccess, "refused what was asked: give the token in LINEAR_TOKEN the right to read issues"),
    "INTERNAL_SERVER_ERROR": (Unreached, "has a fault of its own"),
}


def _said_in(body: bytes) -> Said:
    try:
        return Said.model_validate_json(body)
    except ValidationError:
        return Said()
