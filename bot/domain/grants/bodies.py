"""A whole request for a decision as JSON: read once, its facts as exact as when they come alone."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.errors import BadInput
from bot.domain.grants.factsheet import MISSING, Facts, Unreadable, exact_number, named_twice


@dataclass(frozen=True, slots=True)
class Body:
    """A request: its facts, and its other fields."""

    fields: Mapping[str, object]
    facts: Facts


class _Doubled(dict[str, object]):
    """An object that names something twice."""

    name = ""


def parse_body(raw: bytes) -> Body:
    """A whole request, numbers exact as written; BadInput where it is no JSON object or names a field twice."""
    try:
        found = json.loads(raw.decode(), parse_int=exact_number, parse_float=exact_number, object_pairs_hook=_marked)
    except RecursionError:
        raise BadInput("The body is nested too deep to be read; send the facts flat.", "body") from None
    except UnicodeDecodeError:
        raise BadInput("The body is not UTF-8 text.", "body") from None
    except json.JSONDecodeError as error:
        where = f"{error.msg} at line {error.lineno}, column {error.colno}"
        raise BadInput(f"The body is not valid JSON: {where}.", "body") from None
    if not isinstance(found, dict):
        raise BadInput("The body must be one JSON object.", "body")
    for part in (found, found.get("ask")):
        if isinstance(part, _Doubled):
            raise BadInput(f"The body names {part.name[:60]!r} twice; write each field once.", "body")
    facts = found.pop("facts", MISSING)
    if not isinstance(facts, dict):
        raise BadInput('The body needs "facts": one JSON object, such as {"amount_usd": 20}.', "facts")
    return Body(found, _told_apart(facts, raw))


def _marked(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    names = [name for name, _ in pairs]
    doubled = _Doubled(found)
    doubled.name = Counter(names).most_common(1)[0][0]
    return doubled


def _told_apart(facts: dict[str, object], raw: bytes) -> Facts:
    """The facts, or why they can't be told: one of their objects names something twice."""
    todo: list[object] = [facts]
    while todo:
        each = todo.pop()
        if isinstance(each, _Doubled):
            return Unreadable(named_twice(each.name), hashlib.sha256(raw).hexdigest())
        if isinstance(each, dict):
            todo += each.values()
        elif isinstance(each, list):
            todo += each
    return facts
