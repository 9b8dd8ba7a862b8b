"""A server that speaks as OpenAI's does and that nobody here wrote, on loopback, by an npm package of one version."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import pytest

from bot.drafting import Endpoint
from tests.npm import Packages

PACKAGES = Packages("aimock", "The model's peers", Path(__file__).parent / "aimock")
KEY = "key-of-a-test"
MODEL = "peer-model"


@dataclass(frozen=True, slots=True)
class Peer:
    """The running server: what it is told to answer next, and what it was asked."""

    url: str
    client: httpx2.Client

    @property
    def base_url(self) -> str:
        """What goes into OPENAI_BASE_URL."""
        return f"{self.url}/v1"

    def model(self, key: str = KEY, timeout_s: float = 5.0) -> Endpoint:
        """A model at this server."""
        return Endpoint(key, self.base_url, MODEL, timeout_s)

    def answers(self, response: dict[str, Any], **more: Any) -> None:
        """From now on the model answers so; earlier answers and what was asked are forgotten."""
        self._tell("reset", {})
        self._tell("fixtures", {"fixtures": [{"match": {"model": MODEL}, "response": response, **more}]})

    def asked(self) -> list[dict[str, Any]]:
        """The bodies of the completions that were asked for."""
        entries = self.client.get("/__aimock/journal").raise_for_status().json()
        found = entries if isinstance(entries, list) else entries["entries"]
        return [entry["body"] for entry in found if entry["path"].endswith("/chat/completions")]

    def _tell(self, what: str, body: dict[str, Any]) -> None:
        self.client.post(f"/__aimock/{what}", json=body).raise_for_status()


@contextmanager
def serving(folder: Path) -> Iterator[Peer]:
    """The server, as long as it is needed; its first answers stand in `folder`."""
    first = folder / "first.json"
    first.write_text(json.dumps({"fixtures": [{"match": {"model": MODEL}, "response": {"content": "{}"}}]}))
    command = (
        "node",
        PACKAGES.made() / "node_modules/@copilotkit/aimock/dist/cli.js",
        "-p",
        "0",
        "-f",
        first,
        "--strict",
    )
    with subprocess.Popen(
        command, env={**os.environ, "AIMOCK_API_KEYS": KEY}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            assert process.stdout is not None
            address = next(found[0] for line in process.stdout if (found := re.search(r"http://[\d.]+:\d+", line)))
            headers = {"Authorization": f"Bearer {KEY}"}
            with httpx2.Client(base_url=address, headers=headers, trust_env=False) as client:
                yield Peer(address, client)
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def peer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Peer]:
    """A running server that answers as OpenAI's does, one for all tests of a process."""
    if reason := PACKAGES.why_missing():
        pytest.skip(reason)
    with serving(tmp_path_factory.mktemp("peer")) as running:
        yield running
