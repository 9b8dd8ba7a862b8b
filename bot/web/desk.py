"""Where a signed letter from Slack becomes a call of Bolt, in a thread of its own."""

import asyncio
import logging
import secrets
import time
import traceback
from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from slack_bolt import Ack, BoltRequest, BoltResponse
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from bot.web.guard import LETTER, Letter
from bot.web.payloads import payload_of
from bot.web.refusal import TurnedAway

# A listener that has not acknowledged holds its thread for up to 3 s: enough of them for a slow minute.
THREADS = 64

log = logging.getLogger(__name__)


class Remember(Protocol):
    """What keeps the signatures of the last ten minutes, shared by all processes."""

    def __call__(self, signature_hash: str, at: datetime) -> bool:
        """Return whether this is the first time; both copies of a race must not be told so."""
        ...


def pool() -> ThreadPoolExecutor:
    """Return the threads in which Bolt works."""
    return ThreadPoolExecutor(THREADS, thread_name_prefix="slack")


class PromptAck(Ack):
    """An acknowledgement that leaves the moment it is given, whatever its listener goes on to do."""

    def __init__(self, tell: Callable[[BoltResponse], None]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._tell = tell

    def __call__(self, *given: Any, **named: Any) -> BoltResponse:
        """Acknowledge as Bolt does, and tell it."""
        response = super().__call__(*given, **named)
        self._tell(response)
        return response


@dataclass(frozen=True, slots=True)
class Desk:
    """An ASGI app that hands each letter to Bolt once; the event loop never waits for a listener."""

    remember: Remember
    dispatch: Callable[[BoltRequest], BoltResponse]
    observe_s: Callable[[float], None]
    threads: ThreadPoolExecutor = field(default_factory=pool)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one letter with what is acknowledged, or else with what Bolt answers."""
        reply: Future[Response] = Future()
        self.threads.submit(self.answer, scope[LETTER], reply)
        response = await asyncio.wrap_future(reply)
        await response(scope, receive, send)

    def answer(self, letter: Letter, reply: Future[Response]) -> None:
        """Settle the reply: with an answer, or with the TurnedAway of a letter that is nothing Slack sends."""
        try:
            settle(reply, self.response_to(letter, reply))
        except TurnedAway as refusal:
            reply.set_exception(refusal)

    def response_to(self, letter: Letter, reply: Future[Response]) -> Response:
        """Return Bolt's answer; an empty one to a replay; a reference id where something of ours broke."""
        begun_s = time.perf_counter()

        def tell(answered: BoltResponse) -> None:
            if settle(reply, response_of(answered)):
                self.observe_s(time.perf_counter() - begun_s)

        try:
            payload = payload_of(letter.headers.get("content-type", ""), letter.body)
            # 200 to a replay: the first copy was taken, and any other answer might be tried again.
            if not self.remember(letter.signature_hash, letter.at):
                return Response()
            # The guard has checked the signature, by both secrets and the injected clock; in this mode Bolt
            # trusts its caller, and takes the payload as it was checked instead of parsing the body anew.
            context = {"ack": PromptAck(tell)}
            request = BoltRequest(body=payload, headers=dict(letter.headers), mode="socket_mode", context=context)
            answered = self.dispatch(request)
            tell(answered)
        except TurnedAway:
            raise
        except Exception as error:  # noqa: BLE001  an entry point's boundary
            return broken(error)
        return response_of(answered)


def settle(reply: Future[Response], response: Response) -> bool:
    """Return whether this was the first answer, which is the one that goes out."""
    with suppress(InvalidStateError):
        reply.set_result(response)
        return True
    return False


def response_of(answered: BoltResponse) -> Response:
    """Return Bolt's answer as the web server's."""
    return Response(answered.body, answered.status, answered.first_headers_without_set_cookie())


def broken(error: Exception) -> Response:
    """Return the answer to a request that broke something; the log names the place, never the content."""
    reference = secrets.token_hex(4)
    places = [f"{step.filename}:{step.lineno}" for step in traceback.extract_tb(error.__traceback__)]
    log.error(
        "A request from Slack failed (%s): %s at %s",
        reference,
        type(error).__name__,
        " < ".join(places[::-1]),
    )
    return PlainTextResponse(f"Rollout could not take this in. Please try again; the reference is {reference}.\n", 503)
