"""A small Jira Cloud on loopback: items in pages, and their changes."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from tests.sources.system import Reply, Seen, System

FLAG = "customfield_10021"
STATUSES = {"To Do": ("1", "new"), "Doing": ("3", "indeterminate"), "Blocked": ("4", "indeterminate"),
            "Done": ("5", "done")}  # fmt: skip
_SINCE = re.compile(r'AND updated >= "([^"]+)" ORDER BY updated ASC, key ASC')


def status(name: str) -> dict[str, Any]:
    """A status, as it stands in an item and in the list of all."""
    found, category = STATUSES[name]
    about = {
        "id": 2,
        "key": category,
        "colorName": "blue-gray",
        "name": category.title(),
        "self": "https://x.example/2",
    }
    return {"id": found, "name": name, "statusCategory": about}


def item(number: int, minute: int = 0, **fields: Any) -> dict[str, Any]:
    """SUP-number, touched on 5 March at `minute` past nine UTC."""
    given: dict[str, Any] = {
        "summary": f"Item {number}",
        "status": status("To Do"),
        "duedate": None,
        "assignee": None,
        "labels": [],
        "created": "2026-03-02T09:00:00.000+0000",
        "updated": f"2026-03-05T10:{minute:02}:00.000+0100",
        "resolutiondate": None,
        "statuscategorychangedate": "2026-03-02T09:00:00.000+0000",
        FLAG: None,
    }
    return {"id": str(10_000 + number), "key": f"SUP-{number}", "fields": given | fields}


def moved(name: str, at: str, *steps: tuple[str, str]) -> dict[str, Any]:
    """A change from one status to another at that time of 5 March, and of the priority besides."""
    told = [
        {"field": "status", "fieldId": "status", "from": STATUSES[a][0], "fromString": a, "to": STATUSES[b][0],
         "toString": b} for a, b in steps
    ]  # fmt: skip
    other = {"field": "priority", "fieldId": "priority", "from": "5", "fromString": "A", "to": "1", "toString": "B"}
    return {"id": name, "created": f"2026-03-05T{at}:00.000+0000", "items": [other, *told]}


class Cloud:
    """What it has and answers: pages of `per_page` items, the oldest first, and of as many changes of an item."""

    def __init__(self, system: System) -> None:
        self.items: list[dict[str, Any]] = []
        self.changes: dict[str, list[dict[str, Any]]] = {}
        self.zone = "America/New_York"
        self.per_page = 2
        self.answers: list[tuple[str, Any]] = []
        self.asked: list[Mapping[str, str]] = []
        system.otherwise = self.answer

    def answer(self, seen: Seen) -> Reply:
        """What it says to this question; `answers` has each by the name of its shape."""
        found = urlsplit(seen.path)
        asked = {name: values[0] for name, values in parse_qs(found.query).items()}
        what = found.path.removeprefix("/rest/api/3/")
        if what == "search/jql":
            self.asked.append(asked)
            return self._said("SearchAndReconcileResults", self._page(asked))
        if what.endswith("/changelog"):
            return self._said("PageChangelog", self._changes(what.split("/")[1], int(asked["startAt"])))
        if what == "status":
            return self._each("StatusDetails", [status(name) for name in STATUSES])
        if what == "field":
            about = {"custom": True, "name": "Markiert", "untranslatedName": "Flagged"}
            return self._each(
                "FieldDetails", [{"id": "summary", "custom": False, "name": "Flagged"}, about | {"id": FLAG}]
            )
        if what == "serverInfo":
            return self._said("ServerInformation", {"baseUrl": "https://acme.atlassian.net"})
        if what == "myself":
            return self._said("UserDetails", {"accountId": "5b10", "displayName": "Ana", "timeZone": self.zone})
        return Reply({"errorMessages": ["Not found"]}, 404)

    def _said(self, shape: str, value: Any) -> Reply:
        self.answers.append((shape, value))
        return Reply(value)

    def _each(self, shape: str, values: list[Any]) -> Reply:
        self.answers += [(shape, each) for each in values]
        return Reply(values)

    def _page(self, asked: Mapping[str, str]) -> dict[str, Any]:
        told = _SINCE.search(asked["jql"])
        since = datetime.strptime(told[1], "%Y-%m-%d %H:%M").replace(tzinfo=ZoneInfo(self.zone)) if told else None
        found = [each for each in self.items if since is None or _at(each) >= since]
        found.sort(key=lambda each: (_at(each), each["key"]))
        start = int(asked.get("nextPageToken", "0"))
        end = start + self.per_page
        following = {"nextPageToken": str(end), "isLast": False} if end < len(found) else {"isLast": True}
        return {"issues": found[start:end], **following}

    def _changes(self, key: str, start: int) -> dict[str, Any]:
        known = self.changes.get(key, [])
        some = known[start : start + self.per_page]
        return {"startAt": start, "maxResults": self.per_page, "total": len(known), "values": some,
                "isLast": start + len(some) >= len(known)}  # fmt: skip


def _at(entry: dict[str, Any]) -> datetime:
    return datetime.strptime(entry["fields"]["updated"], "%Y-%m-%dT%H:%M:%S.%f%z")
