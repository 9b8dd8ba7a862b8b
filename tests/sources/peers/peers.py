"""Systems that speak as GitHub's does and that nobody here wrote, on loopback, by npm packages of exact versions.

`prism` answers by GitHub's own specification, or stands before another server and names each departure from it;
`emulate` is a GitHub with a memory.
"""

import json
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2

from tests.npm import Packages, Unavailable

HERE = Path(__file__).parent
START_S = 60
GITHUB = "github.json"
SCHEMAS = HERE.parents[3] / "shared" / "schemas"
"""Published specifications that stand beside a checkout."""

PATHS = (
    "/repos/{owner}/{repo}/pulls",
    "/repos/{owner}/{repo}/pulls/{pull_number}",
    "/repos/{owner}/{repo}/pulls/{pull_number}/commits",
    "/repos/{owner}/{repo}/pulls/{pull_number}/reviews",
    "/repos/{owner}/{repo}/issues/{issue_number}",
    "/repos/{owner}/{repo}/commits",
    "/repos/{owner}/{repo}/commits/{ref}/check-runs",
    "/repos/{owner}/{repo}/commits/{commit_sha}/pulls",
    "/repos/{owner}/{repo}/deployments",
    "/repos/{owner}/{repo}/deployments/{deployment_id}/statuses",
    "/repos/{owner}/{repo}/releases",
)
"""What of GitHub's API is used; the whole specification takes prism half a minute to read."""


def cut(whole: dict[str, Any], of: tuple[str, ...]) -> dict[str, Any]:
    """The specification with the reading of these paths only, and what that refers to."""
    paths = {path: {"get": whole["paths"][path]["get"], **_shared(whole["paths"][path])} for path in of}
    kept: dict[str, dict[str, Any]] = {}
    waiting: list[Any] = [paths]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            name = value.get("$ref")
            if isinstance(name, str) and name.startswith("#/components/"):
                _, _, kind, key = name.split("/")[:4]
                if key not in kept.setdefault(kind, {}):
                    kept[kind][key] = whole["components"][kind][key]
                    waiting.append(kept[kind][key])
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return {"openapi": whole["openapi"], "info": whole["info"], "paths": paths, "components": kept}


def _cut_down(folder: Path) -> None:
    """The specification's cut in place of several hundred megabytes of all its editions."""
    whole = folder / "node_modules/@octokit/openapi/generated/api.github.com.json"
    (folder / GITHUB).write_text(json.dumps(cut(json.loads(whole.read_text("utf-8")), PATHS)))
    shutil.rmtree(folder / "node_modules/@octokit")


PACKAGES = Packages("sources", "The sources' peers", HERE, finish=_cut_down, made_of=" ".join(PATHS))


def _shared(path: dict[str, Any]) -> dict[str, Any]:
    return {"parameters": path["parameters"]} if "parameters" in path else {}


def _node(folder: Path) -> str:
    """The Node that the packages ask for: one of theirs where there is one for this machine."""
    found = sorted(folder.glob("node_modules/node-*/bin/node"))
    return str(found[0]) if found else "node"


def _free_port() -> int:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        return int(chosen.getsockname()[1])


@contextmanager
def _running(port: int, script: str, *arguments: str) -> Iterator[str]:
    """The address of a server that listens on `port` once it takes connections."""
    folder = PACKAGES.made()
    command = (_node(folder), str(folder / script), *arguments)
    with subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT) as process:
        try:
            _await(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _await(port: int, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_S
    while time.monotonic() < end and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise Unavailable("A peer of the sources did not start.")


@contextmanager
def specified(by: str = GITHUB) -> Iterator[str]:
    """The address of a system that answers with the examples of a specification, which `by` names as a file."""
    port = _free_port()
    with _running(port, PRISM, "mock", by, "-p", str(port)) as url:
        yield url


@contextmanager
def checked(upstream: str, by: str = GITHUB) -> Iterator[str]:
    """The address of a proxy before `upstream` that refuses each answer that departs from the specification."""
    port = _free_port()
    with _running(port, PRISM, "proxy", by, upstream, "-p", str(port), "--errors") as url:
        yield url


PRISM = "node_modules/@stoplight/prism-cli/dist/index.js"
TOKENS = {"ana": "token-of-ana", "rui": "token-of-rui", "macro-bot": "token-of-a-bot", "max": "token-of-an-outsider"}


@dataclass(frozen=True, slots=True)
class GitHub:
    """A GitHub with a memory, with the repository acme/macros, and verbs for what its people do."""

    url: str

    def do(self, who: str, method: str, path: str, **body: Any) -> Mapping[str, Any]:
        """What it answers when one of them asks."""
        headers = {"Authorization": f"Bearer {TOKENS[who]}"}
        with httpx2.Client(base_url=self.url, headers=headers, trust_env=False) as client:
            answer = client.request(method, f"/repos/acme/macros/{path}", json=body or None)
        assert answer.is_success, (path, answer.status_code, answer.text)
        found: Mapping[str, Any] = answer.json()
        return found

    def pull(self, who: str, branch: str, title: str, **body: Any) -> int:
        """The number of a pull request with one commit."""
        main = self.do(who, "GET", "git/ref/heads/main")["object"]["sha"]
        self.do(who, "POST", "git/refs", ref=f"refs/heads/{branch}", sha=main)
        self.do(who, "PUT", f"contents/{branch}.md", message=f"Add {branch}", content="aGVsbG8=", branch=branch)
        return int(self.do(who, "POST", "pulls", title=title, head=branch, base="main", **body)["number"])

    def merge(self, who: str, number: int) -> Mapping[str, Any]:
        """The pull request merged."""
        return self.do(who, "PUT", f"pulls/{number}/merge", merge_method="merge")


@contextmanager
def stateful(folder: Path) -> Iterator[GitHub]:
    """A GitHub with a memory; what it begins with is written in `folder`."""
    seed = {
        "tokens": {token: {"login": login, "scopes": ["repo"]} for login, token in TOKENS.items()},
        "github": {
            "users": [{"login": login} for login in TOKENS],
            "orgs": [
                {"login": "acme", "members": [{"login": login, "role": "admin"} for login in TOKENS if login != "max"]}
            ],
            "repos": [{"owner": "acme", "name": "macros", "auto_init": True, "private": True}],
        },
    }
    (folder / "seed.json").write_text(json.dumps(seed))
    port = _free_port()
    arguments = ("start", "-s", "github", "-p", str(port), "--seed", str(folder / "seed.json"))
    with _running(port, "node_modules/emulate/dist/index.js", *arguments) as url:
        yield GitHub(url)


def example(path: str, by: str = GITHUB) -> Any:
    """The vendor's own example of an answer there, as its specification has it."""
    document = json.loads((PACKAGES.made() / by).read_text("utf-8"))
    content = document["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]
    named: Any = next(iter(content["examples"].values()))
    for step in str(named["$ref"]).removeprefix("#/").split("/") if "$ref" in named else ():
        document = document[step]
    return document["value"] if "$ref" in named else named["value"]
