"""Linear: issues of a workflow, what was taken up again, and what cannot be undone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self, TypeVar

from pydantic import AwareDatetime, BaseModel, model_validator

from bot.sources.cursors import kept
from bot.sources.errors import Endless, Missing
from bot.sources.linear_graph import PER_PAGE, Graph
from bot.sources.linear_issues import COMPLETED, Issue, piece, work_items
from bot.sources.seam import Access, Entry, Portion, Source, line_to, source
from bot.sources.stanzas import Name
from bot.sources.trackers import Work

T = TypeVar("T")

OVERLAP = timedelta(minutes=2)
"""Read again each time: a list may lag a little behind what happened."""

STRETCH = timedelta(days=7)
SHORTEST = timedelta(seconds=1)
"""How much time one list covers, at most and at least; Linear gives the latest first, so each is read to its end."""

PAGES = 20
"""How many pages one list may have; a fuller one covers too much time."""

KEY = "lin_api_"
"""What an API key begins with; it stands alone, an OAuth token after the word Bearer."""


class Entries(Work):
    """Which issues belong to which workflow."""

    team: Name | None = None
    project: Name | None = None

    @model_validator(mode="after")
    def _demand_scope(self) -> Self:
        if self.team or self.project or self.labels:
            return self
        raise ValueError("must name a team, a project or labels: they say which issues belong to the workflow.")

    @property
    def scope(self) -> str:
        """The issues of the workflow, in words."""
        labels = " or ".join(self.labels)
        return ", ".join(
            f"{what} {name}"
            for what, name in (("team", self.team), ("project", self.project), ("label", labels))
            if name
        )

    @property
    def chosen(self) -> dict[str, object]:
        """The issues of the workflow, as a filter."""
        found: dict[str, object] = {}
        if self.team:
            found["team"] = {"key": {"eq": self.team}}
        if self.project:
            found["project"] = {"name": {"eq": self.project}}
        if self.labels:
            found["labels"] = {"some": {"name": {"in": self.labels}}}
        return found


class Mark(BaseModel, frozen=True):
    """Where a strand goes on: with what was touched since, and what another issue held up then."""

    at: AwareDatetime
    held: tuple[str, ...] = ()


@source("linear", Entries, place="team")
def linear(access: Access, entries: Sequence[Entries]) -> Source:
    """Linear by an API key or an OAuth token; the issues of each workflow are a strand."""
    if access.token is None:
        return Source("linear", problem="linear has no token: set LINEAR_TOKEN to an API key with read access.")
    told = access.token if access.token.startswith(KEY) else f"Bearer {access.token}"
    line = line_to("linear", access, {"Authorization": told})
    graph = Graph(line, access.world.now)
    strands = tuple(Issues(graph, each) for each in entries)
    return Source("linear", strands, greet=lambda: _greet(strands), close=line.close)


def _greet(strands: "Sequence[Issues]") -> str:
    """What was reached: whether what each workflow's issues are chosen by is there."""
    for each in strands:
        each.demand_names()
    return "; ".join(each.entries.scope for each in strands)


@dataclass(frozen=True, slots=True)
class Issues:
    """The issues of one workflow."""

    graph: Graph
    entries: Entries

    @property
    def key(self) -> str:
        """What it is called; another choice of issues is another strand, which begins anew."""
        return f"{self.entries.scope} → {self.entries.workflow}"

    @property
    def workflow(self) -> str:
        """The workflow that it is about."""
        return self.entries.workflow

    def demand_names(self) -> None:
        """Returns if there are a team, a project and labels of these names: of others Linear just gives no issue."""
        team, project = self.entries.team or "", self.entries.project or ""
        known = self.graph.names(team, project, self.entries.labels)
        labels = {each.name for each in known.labels.nodes}
        missing = (
            *((f"team {team}",) if team and not known.teams.nodes else ()),
            *((f"project {project}",) if project and not known.projects.nodes else ()),
            *(f"label {each}" for each in self.entries.labels if each not in labels),
        )
        if missing:
            told = f"linear has no {missing[0]}, or hides it from this token"
            raise Missing(f"{told}: check the name in ROLLOUT_SOURCES, and LINEAR_TOKEN.")

    def read(self, cursor: str | None, until: datetime) -> Iterator[Portion]:
        """What was touched since the cursor, the oldest first, and how those stand that were held up then."""
        mark = kept(Mark, "linear", cursor) if cursor else Mark(at=self.entries.begins(until) + OVERLAP)
        self.demand_names()
        stretch = (self.entries.begins(until), until)
        held = set(mark.held)
        for ids in _fifties(mark.held):
            known = [each for page in self.graph.issues({"id": {"in": ids}}) for each in page]
            held = held - set(ids) | {each.id for each in known if each.is_held_up}
            yield Portion(self._signals([each for each in known if each.updated <= until], stretch), _written(mark))
        for issues, at in self._touched(mark.at - OVERLAP, until):
            held -= {each.id for each in issues}
            held |= {each.id for each in issues if each.is_held_up}
            mark = Mark(at=max(mark.at, at), held=tuple(sorted(held)))
            yield Portion(self._signals(issues, stretch), _written(mark))

    def _touched(self, since: datetime, until: datetime) -> Iterator[tuple[Sequence[Issue], datetime]]:
        """Some issues after the others, the oldest first, and until when all are given; lists that are short enough."""
        span = STRETCH
        while since < until:
            end = min(since + span, until)
            found = self._between(since, end)
            if found is not None:
                for some in _fifties(found):
                    yield some, some[-1].updated
                yield [], end
                since, span = end, min(2 * span, STRETCH)
            elif span < SHORTEST:
                told = f"linear has more than {PAGES * PER_PAGE:,} issues of {self.workflow} within one second"
                raise Endless(f"{told}, and no more were read.")
            else:
                span /= 2

    def _between(self, since: datetime, end: datetime) -> list[Issue] | None:
        """All issues touched between the two; None where there are too many."""
        updated = {"gte": since.isoformat(), "lt": end.isoformat()}
        found = list[Issue]()
        for place, page in enumerate(self.graph.issues({**self.entries.chosen, "updatedAt": updated})):
            if place == PAGES:
                return None
            found += page
        return sorted(found, key=lambda each: (each.updated, each.id))

    def _signals(self, issues: Sequence[Issue], stretch: tuple[datetime, datetime]) -> tuple[Entry, ...]:
        about = {"workflow": self.workflow}
        return tuple({**each, **about} for each in self._entries(issues, stretch))

    def _entries(self, issues: Sequence[Issue], stretch: tuple[datetime, datetime]) -> Iterator[Entry]:
        begins, until = stretch
        cost = self.entries.rework_cost_usd
        moves = self.graph.moves(issues) if cost and issues else {}
        for issue in issues:
            is_named = not issue.names().isdisjoint(each.casefold() for each in self.entries.blocked)
            yield from work_items(issue, issue.stands_since(until), is_blocked=is_named or issue.is_held_up)
            is_final = issue.state.type == COMPLETED and issue.has_label(self.entries.irreversible)
            if is_final and issue.completed and begins <= issue.completed <= until:
                yield piece(issue).change(issue.completed)
            for move in moves.get(issue.id, ()):
                if cost and move.takes_up_again and begins <= move.created <= until:
                    yield piece(issue).reopened(move.id, move.created, cost)


def _fifties(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """As many at a time as one question may be about."""
    return (items[start : start + PER_PAGE] for start in range(0, len(items), PER_PAGE))


def _written(mark: Mark) -> str:
    return mark.model_dump_json()
