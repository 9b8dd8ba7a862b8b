"""Whether Slack would take a message or a view, and if not, where and why."""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.blockkit.limits import excesses
from tests.blockkit.problem import Problem
from tests.blockkit.schema import TYPES, departures
from tests.blockkit.whole import faults_of_message, faults_of_view

MESSAGE_PARTS = ("text", "blocks", "attachments", "metadata")
RESPONSE_TYPES = (None, "ephemeral", "in_channel")
VIEW_TYPES = {"modal": "Modal", "home": "Home"}
VIEW_ACTIONS = ("update", "push")


def assert_valid_message(payload: Mapping[str, Any]) -> None:
    """Raise AssertionError with each JSON path at which Slack would refuse the message."""
    refuse(problems_of_message(payload))


def assert_valid_view(payload: Mapping[str, Any]) -> None:
    """Raise AssertionError with each JSON path at which Slack would refuse the modal or Home tab."""
    refuse(problems_of_view(payload))


def problems_of_message(payload: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return all that is wrong with a message; other arguments of the call are passed over."""
    message = {key: payload[key] for key in MESSAGE_PARTS if key in payload}
    kind = payload.get("response_type")
    odd = [] if kind in RESPONSE_TYPES else [Problem("$.response_type", f"{kind!r} is no response type")]
    return together(typed("Message", message), excesses(message, "message"), faults_of_message(message), odd)


def problems_of_view(view: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return all that is wrong with a modal or Home tab."""
    kind = VIEW_TYPES.get(str(view.get("type")))
    if kind is None:
        return (Problem("$.type", f"{view.get('type')!r} is neither modal nor home"),)
    return together(typed(kind, view), excesses(view, ""), faults_of_view(view))


def problems_of_ack(answer: Mapping[str, Any] | str) -> tuple[Problem, ...]:
    """Return all that is wrong with an acknowledgement: a message, a view, field errors or suggestions."""
    if isinstance(answer, str):
        return problems_of_message({"text": answer}) if answer else ()
    if not answer or answer == {"response_action": "clear"}:
        return ()
    if answer.get("response_action") in VIEW_ACTIONS:
        return (
            problems_of_view(answer["view"])
            if isinstance(answer.get("view"), dict)
            else (Problem("$.view", "missing"),)
        )
    if answer.get("response_action") == "errors":
        return problems_of_errors(answer.get("errors"))
    if "options" in answer or "option_groups" in answer:
        return together(typed("Suggestions", answer), excesses(answer, "static_select"))
    if "challenge" in answer:
        return ()
    return problems_of_message(answer)


def problems_of_errors(errors: object) -> tuple[Problem, ...]:
    """Return what is wrong with field errors: a sentence for each block id."""
    if not isinstance(errors, dict) or not errors:
        return (Problem("$.errors", "missing: one sentence for each block_id"),)
    return tuple(
        Problem(f"$.errors.{block}", f"{said!r} is no sentence")
        for block, said in errors.items()
        if not (isinstance(said, str) and said.strip())
    )


def typed(name: str, payload: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return departures from Slack's types, none where the types cannot be had (never so in CI)."""
    return () if TYPES.why_missing() else departures(name, payload)


def together(*parts: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return all problems, each once, by path."""
    return tuple(sorted({problem for part in parts for problem in part}))


def refuse(problems: tuple[Problem, ...]) -> None:
    """Raise AssertionError that lists the problems, if there are any."""
    if problems:
        raise AssertionError("Slack would not take this:\n" + "\n".join(f"  {problem}" for problem in problems))
