"""Watching everything that leaves for Slack in a test, in this process or through the local workspace."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from slack_bolt.context.ack import Ack
from slack_sdk.web.base_client import BaseClient
from slack_sdk.webhook import WebhookClient

from tests.blockkit.oracle import problems_of_ack, problems_of_message, problems_of_view
from tests.blockkit.problem import Problem
from tests.blockkit.schema import TYPES

Look = Callable[[Mapping[str, Any]], tuple[Problem, ...]]
PARSED = ("blocks", "view", "attachments", "metadata")


def view_of(payload: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return what is wrong with the view of a `views.*` call."""
    view = payload.get("view")
    return problems_of_view(view) if isinstance(view, dict) else (Problem("$.view", "missing"),)


def home_of(payload: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return what is wrong with a published view, which must be a Home tab."""
    return view_of(payload) + of_type(payload, "home")


def modal_of(payload: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return what is wrong with an opened or pushed view, which must be a modal."""
    return view_of(payload) + of_type(payload, "modal")


def of_type(payload: Mapping[str, Any], kind: str) -> tuple[Problem, ...]:
    """Return a problem when the view is not of the kind."""
    view = payload.get("view")
    fits = isinstance(view, dict) and view.get("type") == kind
    return () if fits else (Problem("$.view.type", f"must be {kind}"),)


def response_of(payload: Mapping[str, Any]) -> tuple[Problem, ...]:
    """Return what is wrong with a post to a response_url; one that only deletes needs no text."""
    return () if payload.get("delete_original") else problems_of_message(payload)


LOOKS: Mapping[str, Look] = {
    "chat.postMessage": problems_of_message,
    "chat.postEphemeral": problems_of_message,
    "chat.update": problems_of_message,
    "chat.scheduleMessage": problems_of_message,
    "response_url": response_of,
    "ack": problems_of_ack,
    "views.open": modal_of,
    "views.push": modal_of,
    "views.update": view_of,
    "views.publish": home_of,
}


class Observer:
    """Keeps what was wrong with each payload it was shown, by any thread."""

    def __init__(self) -> None:
        self.problems: list[str] = []
        self.seen = 0

    def see(self, where: str, payload: object) -> None:
        """Check a payload that leaves for a Web API method, `response_url` or `ack`; never raise."""
        look = LOOKS.get(where)
        if look is None or not payload or not isinstance(payload, dict | str):
            return
        self.seen += 1
        whole = {"text": payload} if isinstance(payload, str) else parsed(payload)
        self.problems += [f"{where} {problem}" for problem in look(whole)]


def parsed(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the payload as it is sent: without what is None, and what came as JSON text taken apart."""
    return {
        key: json.loads(value) if key in PARSED and isinstance(value, str) else value
        for key, value in payload.items()
        if value is not None
    }


@pytest.fixture(autouse=True)
def checked_payloads(monkeypatch: pytest.MonkeyPatch) -> Iterator[Observer]:
    """Give the observer of this test, which fails at its end when Slack would not take a payload."""
    yield from watched(monkeypatch)


def watched(monkeypatch: pytest.MonkeyPatch) -> Iterator[Observer]:
    """Yield an observer that sees all that leaves, then raise AssertionError if Slack would not take some of it."""
    TYPES.why_missing()
    observer = Observer()
    watch(observer, monkeypatch)
    yield observer
    assert not observer.problems, "Slack would not take what this test sent:\n" + "\n".join(observer.problems)


def watch(observer: Observer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Show the observer every Web API call, response_url post and acknowledgement of this process."""
    call, send, ack = BaseClient.api_call, WebhookClient.send_dict, Ack.__call__

    def seen_call(self: BaseClient, api_method: str, **arguments: Any) -> object:
        sources = (arguments.get(name) for name in ("params", "data", "json"))
        observer.see(api_method, {key: value for source in sources for key, value in (source or {}).items()})
        return call(self, api_method, **arguments)

    def seen_send(self: WebhookClient, body: dict[str, Any], headers: dict[str, str] | None = None) -> object:
        observer.see("response_url", body)
        return send(self, body, headers)

    def seen_ack(self: Ack, *arguments: Any, **named: Any) -> object:
        response = ack(self, *arguments, **named)
        text = response.body
        observer.see("ack", json.loads(text) if text.startswith("{") else text)
        return response

    monkeypatch.setattr(BaseClient, "api_call", seen_call)
    monkeypatch.setattr(WebhookClient, "send_dict", seen_send)
    monkeypatch.setattr(Ack, "__call__", seen_ack)
