"""The door for GitHub's webhooks: each only says that there is something new; what, GitHub is asked itself."""

import hmac
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.web.guard import check_length, read, single
from bot.web.refusal import RefusalLog, TurnedAway, answer_to

GITHUB_PATH = "/hooks/github"
MAX_HOOK_BYTES = 1024 * 1024
"""GitHub sends up to 25 MB; what is of use here is far below, and whatever is turned away is read by the clock."""

_SIGNATURE = re.compile(rb"sha256=[0-9a-f]{64}")
_OF_USE = frozenset({"pull_request", "pull_request_review", "check_run", "deployment_status", "release"})
"""The events after which there may be something to read."""

Announce = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class GithubHook:
    """Takes what GitHub signed, by https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries.

    `announce` is given the repository's full name and says whether it is read. Nothing else in the body counts, so that
    a delivery that comes twice, or is sent again by whoever caught it, does no more than one that comes once.
    """

    secret: str = field(repr=False)
    announce: Announce
    log: RefusalLog = field(default_factory=lambda: RefusalLog("GitHub's"))

    def route(self) -> Route:
        """Where it is taken."""
        return Route(GITHUB_PATH, self, methods=["POST"])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one delivery: 202 if something is read for it, 204 if nothing, else why it is turned away."""
        try:
            body = await self.signed_body(scope, receive)
            event = Request(scope).headers.get("x-github-event", "")
            is_read = event in _OF_USE and self.announce(_repository(body))
            answer = Response(status_code=202 if is_read else 204)
        except TurnedAway as refusal:
            self.log.note(refusal)
            answer = answer_to(refusal)
        await answer(scope, receive, send)

    async def signed_body(self, scope: Scope, receive: Receive) -> bytes:
        """Return the bytes that GitHub signed; raise TurnedAway with 400, 401, 408 or 413."""
        headers: list[tuple[bytes, bytes]] = scope["headers"]
        check_length(headers, MAX_HOOK_BYTES)
        signature = single(headers, b"x-hub-signature-256", _SIGNATURE)
        body = await read(receive, MAX_HOOK_BYTES)
        made = b"sha256=" + hmac.new(self.secret.encode(), body, "sha256").hexdigest().encode()
        if not hmac.compare_digest(signature, made):
            raise TurnedAway(401, "the signature does not fit; GITHUB_WEBHOOK_SECRET must be the secret set at GitHub")
        return body


def _repository(body: bytes) -> str:
    """Return the full name of the repository that it is about; raise TurnedAway where there is none."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        raise TurnedAway(400, "the body is not JSON; choose application/json as the content type at GitHub") from None
    match said:
        case {"repository": {"full_name": str(name)}}:
            return name
        case _:
            raise TurnedAway(400, "the body names no repository")
