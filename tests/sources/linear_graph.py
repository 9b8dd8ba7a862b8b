"""A Linear on loopback: its published schema, executed, which checks every question, with issues of a test's own."""

import functools
import json
import os
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest
from graphql import GraphQLSchema, build_ast_schema, graphql_sync, parse

from tests.sources.peers.peers import SCHEMAS
from tests.sources.system import Reply, Seen, System

SCHEMA = SCHEMAS / "linear.graphql"


@functools.cache
def schema() -> GraphQLSchema:
    """Linear's schema, or a word why it cannot be had."""
    if not SCHEMA.exists():
        reason = f"Linear's published schema is not at {SCHEMA}, beside this checkout."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    return build_ast_schema(parse(SCHEMA.read_text("utf-8"), no_location=True), assume_valid=True)


def state(kind: str, name: str = "") -> dict[str, Any]:
    """A state of work."""
    return {"id": name or kind, "type": kind, "name": name or kind.title()}


def issue(number: int, minute: int = 0, **fields: Any) -> dict[str, Any]:
    """SUP-number, touched on 5 March at `minute` past nine."""
    given: dict[str, Any] = {
        "id": f"id-{number}",
        "identifier": f"SUP-{number}",
        "previousIdentifiers": [],
        "title": f"Issue {number}",
        "url": f"https://linear.app/acme/issue/SUP-{number}",
        "createdAt": "2026-03-02T09:00:00.000Z",
        "updatedAt": f"2026-03-05T09:{minute:02}:00.000Z",
        "state": state("unstarted", "Todo"),
        "labels": [],
        "blockers": [],
        "history": [],
    }
    return given | fields


def move(name: str, at: str, before: str | None, after: str | None) -> dict[str, Any]:
    """A change at that time of 5 March, from one type of state to another."""
    return {"id": name, "createdAt": f"2026-03-05T{at}:00.000Z", "fromState": before and state(before),
            "toState": after and state(after)}  # fmt: skip


class Linear:
    """What it has and answers; `asked` has the filters of lists of issues, `variables` of every question."""

    def __init__(self, system: System) -> None:
        self.issues: list[dict[str, Any]] = []
        self.teams, self.projects, self.labels = ["SUP"], ["Macros"], ["macros", "refunds"]
        self.asked: list[dict[str, Any]] = []
        self.questions: list[str] = []
        self._schema = schema()
        system.otherwise = self.answer

    def answer(self, seen: Seen) -> Reply:
        """The answer to a question, or what is wrong with it."""
        asked = json.loads(seen.body)
        self.questions.append(asked["query"])
        root = {
            "issues": self._issues,
            "issue": self._issue,
            "teams": self._named("key", self.teams),
            "projects": self._named("name", self.projects),
            "issueLabels": self._named("name", self.labels),
        }
        found = graphql_sync(self._schema, asked["query"], root, variable_values=asked["variables"])
        assert not found.errors, found.errors
        return Reply(found.formatted)

    def _issues(self, _: Any, **given: Any) -> Mapping[str, Any]:
        self.asked.append(given["filter"])
        found = [each for each in self.issues if _is_chosen(each, given["filter"])]
        found.sort(key=lambda each: str(each["updatedAt"]), reverse=True)
        return _page([_with_lists(each) for each in found], given)

    def _issue(self, _: Any, **given: Any) -> Mapping[str, Any]:
        (found,) = (each for each in self.issues if each["id"] == given["id"])
        return _with_lists(found)

    def _named(self, field: str, names: list[str]) -> Any:
        def listed(_: Any, **given: Any) -> Mapping[str, Any]:
            wanted = given["filter"][field]
            asked = wanted.get("in", [wanted.get("eq")])
            return _page([{field: each} for each in names if each in asked], given)

        return listed


def _is_chosen(found: Mapping[str, Any], by: Mapping[str, Any]) -> bool:
    """Whether ids and times choose it; the rest is for the vendor to heed."""
    times = by.get("updatedAt", {})
    at = datetime.fromisoformat(found["updatedAt"])
    is_then = not times or datetime.fromisoformat(times["gte"]) <= at < datetime.fromisoformat(times["lt"])
    return is_then and found["id"] in by.get("id", {}).get("in", [found["id"]])


def _with_lists(found: Mapping[str, Any]) -> Mapping[str, Any]:
    relations = [{"type": kind, "issue": other} for kind, other in found["blockers"]]
    return {
        **found,
        "labels": lambda _, **given: _page([{"name": each} for each in found["labels"]], given),
        "inverseRelations": lambda _, **given: _page(relations, given),
        "history": lambda _, **given: _page(found["history"], given),
    }


def _page(items: list[Any], given: Mapping[str, Any]) -> Mapping[str, Any]:
    start = int(given.get("after") or 0)
    end = start + given["first"]
    return {"nodes": items[start:end], "pageInfo": {"hasNextPage": end < len(items), "endCursor": str(end)}}
