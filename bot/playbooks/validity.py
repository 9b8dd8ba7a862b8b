"""A tree held against a model: the model, or every mismatch with its line and a sentence."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from bot.playbooks.fields import PATTERN_MEANINGS
from bot.playbooks.problems import MOST, Problem, hint, quoted
from bot.playbooks.tree import Node

Model = TypeVar("Model", bound=BaseModel)


def validate(model: type[Model], root: Node) -> Model | tuple[Problem, ...]:
    """`root` as a `model`, or everything that keeps it from being one."""
    try:
        return model.model_validate(root.plain())
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
        return tuple(islice((p for detail in details for p in _problems(detail, model, root)), MOST))


def _problems(detail: ErrorDetails, model: type[BaseModel], root: Node) -> Iterator[Problem]:
    loc = detail["loc"]
    node, depth = _nearest(root, loc)
    if node.refused:
        return
    below = ".".join(str(step) for step in loc[depth:] if step != "[key]")
    match detail["type"]:
        case "extra_forbidden":
            yield node.problem(f"is not known here: {hint(str(loc[-1]), _known(model, loc[:-1]))}")
        case "missing":
            yield node.problem("is missing.", below)
        case _:
            yield node.problem(_sentence(detail, node))


def _nearest(root: Node, loc: tuple[int | str, ...]) -> tuple[Node, int]:
    """The deepest node on the way to `loc`, and how many steps lead there."""
    node = root
    for depth, step in enumerate(loc):
        below = node.child(step)
        if below is None:
            return node, depth
        node = below
    return node, len(loc)


def _known(model: type[BaseModel], loc: tuple[int | str, ...]) -> tuple[str, ...]:
    """The keys that the model has at `loc`."""
    kind: Any = model
    for step in loc:
        kind = _model_in(kind.model_fields[step].annotation if isinstance(step, str) else kind)
    return tuple(kind.model_fields)


def _model_in(annotation: Any) -> Any:
    """The model that an annotation such as `list[Item]` or `Gate | None` is about."""
    while get_origin(annotation) is not None:
        arguments = [a for a in get_args(annotation) if a is not type(None)]
        annotation = arguments[-1] if get_origin(annotation) is dict else arguments[0]
    return annotation


def _sentence(detail: ErrorDetails, node: Node) -> str:
    told, context = detail["msg"], detail.get("ctx", {})
    match detail["type"]:
        case "enum" | "literal_error":
            choices = re.findall(r"'([^']*)'", context["expected"])
            return f"{_given(node)} is not known here: {hint(node.text or '', choices)}"
        case "string_pattern_mismatch":
            return f"must be {PATTERN_MEANINGS[context['pattern']]}."
        case "value_error":
            return str(context["error"])
        case kind:
            template = _SENTENCES.get(kind)
            return template.format(**context, length=len(node.text or "")) if template else f"{told}."


def _given(node: Node) -> str:
    if node.value is None:
        return "an empty value"
    return "this" if isinstance(node.value, tuple | Mapping) else quoted(str(node.value))


_SENTENCES = {
    "string_type": "must be text: put it in quotes.",
    "string_too_long": "has {length} characters; at most {max_length} fit.",
    "bool_type": "must be true or false; yes, no, on and off are words here.",
    "int_type": "must be a whole number.",
    "is_instance_of": "must be a number such as 0.95.",
    "decimal_type": "must be a number such as 0.95.",
    "list_type": "must be a list.",
    "too_long": "has too many entries: at most {max_length} fit.",
    "too_short": "must name at least {min_length}.",
    "model_type": "must be keys with values.",
    "dict_type": "must be keys with values.",
    "greater_than_equal": "must be at least {ge}.",
    "less_than_equal": "must be at most {le}.",
}
