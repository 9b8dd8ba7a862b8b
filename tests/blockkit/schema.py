"""Slack's own types as JSON Schema, made by npm packages of exact versions and kept outside git."""

import functools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator, ValidationError
from jsonschema.validators import extend

from tests.blockkit.problem import Problem, path_of
from tests.npm import Packages

GENERATE = (
    "node_modules/.bin/ts-json-schema-generator",
    *("--path", "payloads.ts", "--type", "*", "--no-type-check", "--out", "schema.json"),
)


def _generate(folder: Path) -> None:
    TYPES.run(folder, *GENERATE)


TYPES = Packages(
    "blockkit",
    "Slack's types",
    Path(__file__).parent,
    ("package.json", "package-lock.json", "payloads.ts"),
    _generate,
)


@functools.cache
def definitions() -> Mapping[str, Any]:
    """Return the named parts of the schema; `TYPES.why_missing` has made it."""
    document: dict[str, Any] = json.loads((TYPES.made() / "schema.json").read_text("utf-8"))
    named: dict[str, Any] = document["definitions"]
    return named


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
