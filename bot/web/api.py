"""The API for programs: decisions, approvals, signals, workflows, digests; all is JSON, every refusal one sentence."""

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.actions.callers import Call, serve
from bot.actions.decisions import Answered
from bot.actions.desk import Desk
from bot.domain.errors import BadInput, Conflict, NotAllowed, NotFound, RolloutError, Unavailable
from bot.domain.tokens import Unrecognized, looks_like_secret, secret_hash
from bot.web.bodies import Misfit, inquiry_in
from bot.web.decider import Decider, Uses
from bot.web.guard import read
from bot.web.lookups import Lookups
from bot.web.openapi import served
from bot.web.refusal import TurnedAway
from store.types import instant_text

DECISION_BYTES = 256_000
SIGNALS_BYTES = 1_000_000
ANSWER_S = 4.0
"""How long a decision may take; whoever waits longer is told to take it for a deny."""
MOST_WAIT_S = 60
DRAINED_BYTES = 16_000_000
DRAIN_S = 2.0
LOOK_EVERY_S = 0.5

_STATUS: tuple[tuple[type[Exception], int], ...] = (
    (Unrecognized, 401),
    (NotAllowed, 403),
    (NotFound, 404),
    (Conflict, 409),
    (Misfit, 422),
    (BadInput, 400),
    (Unavailable, 503),
)
_UNDER = "/v1/"
_DECISIONS = "/v1/decisions"
_ELSEWHERE = {
    404: "There is no such endpoint; /openapi.json lists those there are.",
    405: "This endpoint takes another method; /openapi.json says which.",
}
_LATE = "The answer did not come in time, so take it for a deny and ask anew."

Endpoint = Callable[[Request], Awaitable[Response]]

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Api:
    """The endpoints under /v1, and the document that describes them."""

    decider: Decider
    lookups: Lookups
    uses: Uses

    def routes(self) -> list[Route]:
        """Every endpoint with its method."""
        return [
            Route(_DECISIONS, _told(self.decide, {"decision": "deny"}), methods=["POST"]),
            Route("/v1/approvals/{id}", _told(self.approval), methods=["GET"]),
            Route("/v1/signals", _told(self.signals), methods=["POST"]),
            Route("/v1/workflows", _told(self.workflows), methods=["GET"]),
            Route("/v1/digests/{audience}/{week}", _told(self.digest), methods=["GET"]),
            Route("/openapi.json", _document, methods=["GET"]),
        ]

    async def decide(self, request: Request) -> Response:
        """A decision, once it is committed."""
        sha256 = _hash_of_secret(request)
        workflow, inquiry = inquiry_in(await _body(request, DECISION_BYTES))
        try:
            async with asyncio.timeout(ANSWER_S):
                found = await self.decider.ask(Call(sha256, workflow, inquiry))
        except TimeoutError:
            raise Unavailable(_LATE) from None
        return _json(_decision(found, asked=inquiry.asking is not None and not inquiry.dry_run))

    async def approval(self, request: Request) -> Response:
        """How a question stands, as soon as somebody answered it or the wait is over."""
        sha256, until_s = _hash_of_secret(request), time.monotonic() + _wait_s(request)
        look = partial(self.lookups.question, sha256, request.path_params["id"])
        while True:
            seen = await run_in_threadpool(look)
            left_s = until_s - time.monotonic()
            if not seen.waits or left_s <= 0 or await request.is_disconnected():
                break
            await asyncio.sleep(min(LOOK_EVERY_S, left_s))
        await run_in_threadpool(self.uses.note, [sha256])
        return Response(seen.as_json(), media_type="application/json")

    async def signals(self, request: Request) -> Response:
        """What became of signals, as an array or line by line."""
        sha256 = _hash_of_secret(request)
        body = await _body(request, SIGNALS_BYTES)
        taken = await run_in_threadpool(self.lookups.take_in, sha256, body)
        await run_in_threadpool(self.uses.note, [sha256])
        rejected = [{"line": each.line, "why": each.why} for each in taken.rejected]
        return _json({"accepted": taken.accepted, "duplicate": taken.duplicate, "rejected": rejected})

    async def workflows(self, request: Request) -> Response:
        """The running workflows that the token is for."""
        sha256 = _hash_of_secret(request)
        found = await run_in_threadpool(self.lookups.workflows, sha256)
        await run_in_threadpool(self.uses.note, [sha256])
        return _json({"workflows": found})

    async def digest(self, request: Request) -> Response:
        """A digest as it was posted."""
        sha256, asked = _hash_of_secret(request), request.path_params
        found = await run_in_threadpool(self.lookups.digest, sha256, asked["audience"], asked["week"])
        await run_in_threadpool(self.uses.note, [sha256])
        return _json(found)


def api_on(desk: Desk) -> Api:
    """The API on a desk; its decider is at rest until the server starts it."""
    lookups = Lookups(desk)
    uses = Uses(lookups.note_uses)
    return Api(Decider(partial(serve, desk), uses), lookups, uses)


async def _document(request: Request) -> Response:
    del request
    return Response(served(), media_type="application/json")


def _told(endpoint: Endpoint, beside: Mapping[str, str] | None = None) -> Endpoint:
    """The endpoint whose refusals come out as JSON, with `beside` in each; nothing that breaks is told to strangers."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except TurnedAway as refusal:
            closing = {"connection": "close"} if refusal.status in {408, 413} else {}
            why = f"{str(refusal)[0].upper()}{str(refusal)[1:]}."
            return _refusal(refusal.status, why, beside, closing)
        except RolloutError as refusal:
            status = next((status for kind, status in _STATUS if isinstance(refusal, kind)), 409)
            return _refusal(status, str(refusal), beside, _HEADERS.get(status, {}))
        except Exception as error:  # noqa: BLE001  an entry point's boundary
            reference = secrets.token_hex(4)
            log.error("A request to the API failed (%s): %s.", reference, type(error).__name__)
            why = f"Rollout could not answer this; the reference in its log is {reference}."
            return _refusal(503, why, beside, _HEADERS[503])

    return answer


_HEADERS: Mapping[int, Mapping[str, str]] = {401: {"www-authenticate": "Bearer"}, 503: {"retry-after": "1"}}


async def _nothing_there(request: Request, error: Exception) -> Response:
    """A path that is not there, or another method: under /v1 refused as everything there, else in plain words."""
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if not request.url.path.startswith(_UNDER):
        return PlainTextResponse(error.detail, error.status_code, headers)
    beside = {"decision": "deny"} if request.url.path == _DECISIONS else None
    return _refusal(error.status_code, _ELSEWHERE[error.status_code], beside, headers)


HANDLERS: Mapping[int, Callable[[Request, Exception], Awaitable[Response]]] = {
    404: _nothing_there,
    405: _nothing_there,
}
"""What answers where no endpoint does."""


def _refusal(status: int, why: str, beside: Mapping[str, str] | None, headers: Mapping[str, str]) -> Response:
    return _json({"error": why, **(beside or {})}, status, headers)


def _json(content: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    return Response(json.dumps(content), status, dict(headers or {}), "application/json")


def _hash_of_secret(request: Request) -> str:
    """The hash of the one bearer token that the request brings."""
    given = request.headers.getlist("authorization")
    kind, _, secret = given[0].partition(" ") if len(given) == 1 else ("", "", "")
    if kind.lower() != "bearer" or not looks_like_secret(secret.strip()):
        raise Unrecognized
    return secret_hash(secret.strip())


async def _body(request: Request, limit: int) -> bytes:
    try:
        return await read(request.receive, limit)
    except TurnedAway as refusal:
        if refusal.status == 413 and not refusal.is_read:
            await _drain(request)
        raise


async def _drain(request: Request) -> None:
    """Takes the rest of a body and forgets it: whoever still sends would miss why it was refused."""
    left = DRAINED_BYTES
    with suppress(TimeoutError):
        async with asyncio.timeout(DRAIN_S):
            while left > 0:
                message = await request.receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    return


def _wait_s(request: Request) -> float:
    given = request.query_params.get("wait", "0")
    if not (given.isascii() and given.isdigit() and len(given) <= 3 and int(given) <= MOST_WAIT_S):
        raise Misfit(f"wait is a whole number of seconds from 0 to {MOST_WAIT_S}.", "wait")
    return float(given)


def _decision(answered: Answered, *, asked: bool) -> dict[str, object]:
    reply, question = answered.as_json(), answered.question
    if not asked:
        return reply
    if question is None:
        return {**reply, "approval": None}
    state = question.state(answered.at)
    return {
        **reply,
        "approval": {"id": question.id, "state": state.value, "expires_at": instant_text(question.expires_at)},
    }
