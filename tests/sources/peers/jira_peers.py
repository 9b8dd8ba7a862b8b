"""Jiras that nobody here wrote: a Data Center with a memory, and the shapes of what the Cloud answers.

`jira820` is a Jira 8.20 that keeps whole days only; the shapes are those of jira.js, a client of the Cloud.
"""

import functools
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from jira820.config import Config
from jira820.server import make_app
from jira820.store import Store
from jsonschema import Draft202012Validator

from tests.npm import Packages

STATUSES = (("Open", "todo", "1"), ("Blocked", "inprogress", "3"), ("Done", "done", "10002"))


def _generate(folder: Path) -> None:
    CLOUD.run(folder, "node", "schema.mjs")


CLOUD = Packages(
    "jira",
    "The shapes of Jira Cloud's answers",
    Path(__file__).parent / "jira",
    ("package.json", "package-lock.json", "schema.mjs"),
    _generate,
)


@functools.cache
def _shapes() -> Mapping[str, Any]:
    found: dict[str, Any] = json.loads((CLOUD.made() / "schema.json").read_text("utf-8"))
    return found


def departures(name: str, value: object) -> list[str]:
    """Where an answer departs from the shape of that name."""
    validator = Draft202012Validator(_shapes()[name])
    return sorted(f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value))


@dataclass(slots=True)
class DataCenter:
    """A Jira Data Center with a memory and the project SUP, and verbs for what its people do."""

    url: str
    config: Config

    def on(self, day: str) -> None:
        """From now on it is that day there."""
        self.config.base_date = date.fromisoformat(day)

    def create(self, summary: str, **fields: Any) -> str:
        """The key of a new item."""
        given = {"project": {"key": "SUP"}, "issuetype": {"name": "Task"}, "summary": summary, **fields}
        return str(self._do("POST", "issue", {"fields": given}).json()["key"])

    def edit(self, key: str, **fields: Any) -> None:
        """Some of its fields changed."""
        self._do("PUT", f"issue/{key}", {"fields": fields})

    def move(self, key: str, to: str) -> None:
        """The item in another status."""
        there = self._do("GET", f"issue/{key}/transitions").json()["transitions"]
        (found,) = (each["id"] for each in there if each["to"]["name"] == to)
        self._do("POST", f"issue/{key}/transitions", {"transition": {"id": found}})

    def _do(self, method: str, path: str, body: object = None) -> httpx2.Response:
        with httpx2.Client(base_url=self.url, trust_env=False) as client:
            answer = client.request(method, f"/rest/api/2/{path}", json=body)
        assert answer.is_success, (path, answer.status_code, answer.text)
        return answer


@contextmanager
def data_center() -> Iterator[DataCenter]:
    """A Jira Data Center without any item yet."""
    config = Config(project_key="SUP", statuses=[list(each) for each in STATUSES])
    app = make_app(Store(config, seed=False))
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            yield DataCenter(f"http://127.0.0.1:{listener.getsockname()[1]}", config)
        finally:
            server.should_exit = True
            thread.join()
