"""Slack's own types as JSON Schema, made by npm packages of exact versions and kept outside git."""

import fcntl
import functools
import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator, ValidationError
from jsonschema.validators import extend

from tests.blockkit.problem import Problem, path_of

HERE = Path(__file__).parent
SOURCES = ("package.json", "package-lock.json", "payloads.ts")
CACHE = HERE.parents[1] / ".venv" / "npm"
INSTALL_TIMEOUT_S = 300
INSTALL = (
    *("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"),
    *("--prefer-offline", "--fetch-retries=1", "--fetch-timeout=20000"),
)
GENERATE = (
    "node_modules/.bin/ts-json-schema-generator",
    *("--path", "payloads.ts", "--type", "*", "--no-type-check", "--out", "new.json"),
)


class Unavailable(Exception):
    """Slack's types cannot be had on this machine; the text says what is missing."""


def why_missing() -> str | None:
    """Return why the schema cannot be had here, or None when it can; with CI set its absence is an error."""
    reason = absence()
    if reason and os.environ.get("CI"):
        raise Unavailable(reason)
    return reason


@functools.cache
def absence() -> str | None:
    """Return what is missing, found out once: a machine without a network is slow to say so."""
    if not made_at().exists():
        try:
            make_once()
        except Unavailable as error:
            return str(error)
    return None


@functools.cache
def definitions() -> Mapping[str, Any]:
    """Return the named parts of the schema; `why_missing` has made it."""
    document: dict[str, Any] = json.loads(made_at().read_text("utf-8"))
    named: dict[str, Any] = document["definitions"]
    return named


@functools.cache
def made_at() -> Path:
    """Return where the schema of these sources is kept."""
    digest = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in SOURCES)).hexdigest()[:16]
    return CACHE / f"blockkit-{digest}" / "schema.json"


def make_once() -> None:
    """Make the schema, one process at a time: test workers start together."""
    made = made_at()
    folder = made.parent
    node = [name for name in ("node", "npm") if shutil.which(name) is None]
    if node:
        raise Unavailable(f"Slack's types need {' and '.join(node)}, which this machine does not have.")
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if made.exists():
            return
        for name in SOURCES:
            shutil.copy(HERE / name, folder / name)
        run(folder, *INSTALL)
        run(folder, *GENERATE)
        (folder / "new.json").replace(made)


def run(folder: Path, *command: str) -> None:
    """Run a command in the folder; its last line is the reason when it fails."""
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=INSTALL_TIMEOUT_S)
    except subprocess.CalledProcessError as error:
        said = (error.stderr or error.stdout).decode(errors="replace").strip().splitlines()[-1:]
        raise Unavailable(f"Slack's types could not be made: {command[0]} said {said}.") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Unavailable(f"Slack's types could not be made: {error}.") from error


def departures(name: str, payload: object) -> tuple[Problem, ...]:
    """Return where the payload departs from the named type, in the order of the payload."""
    validator = validator_of(name)
    found = [Problem(path_of(error.absolute_path), error.message[:300]) for error in validator.iter_errors(payload)]
    return tuple(sorted(set(found)))


@functools.cache
def validator_of(name: str) -> Any:
    """Return a validator that picks a union's member by its `type`, so that an error names the real place."""
    # The stubs leave out `extend` and `descend`.
    picking: Any = extend(Draft7Validator, {"anyOf": pick_member})  # type: ignore[no-untyped-call]
    return picking({"$ref": f"#/definitions/{name}", "definitions": definitions()})


def pick_member(
    validator: Any, members: list[Mapping[str, Any]], instance: object, schema: Mapping[str, Any]
) -> Iterator[ValidationError]:
    """Yield the errors of the union's best member: that of the instance's `type`, then with fewest errors."""
    candidates = list(members)
    if isinstance(instance, dict):
        kinds = [(member, kinds_of(json.dumps(member))) for member in members]
        candidates = [member for member, known in kinds if not known or instance.get("type") in known]
        if not candidates:
            names = ", ".join(sorted(set().union(*(known for _, known in kinds))))
            yield ValidationError(f"type {instance.get('type')!r} cannot stand here; possible are {names}")
            return
    answers = [list(validator.descend(instance, member)) for member in candidates]
    yield from min(answers, key=len)


@functools.cache
def kinds_of(member: str) -> frozenset[str]:
    """Return the values of `type` that a member of a union allows; empty when it has no such field."""
    schema: dict[str, Any] = json.loads(member)
    if "$ref" in schema:
        schema = definitions()[schema["$ref"].removeprefix("#/definitions/")]
    if "anyOf" in schema:
        return frozenset().union(*(kinds_of(json.dumps(inner)) for inner in schema["anyOf"]))
    kind = schema.get("properties", {}).get("type", {})
    return frozenset([kind["const"]] if "const" in kind else kind.get("enum", ()))
