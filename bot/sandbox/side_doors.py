"""The addresses beside the Web API: response URLs, upload URLs, file bytes."""

import json

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from bot.sandbox.hooks import use_hook
from bot.sandbox.refusals import note_refusal
from bot.sandbox.web_api import WebApi
from bot.sandbox.wire import Json, SlackError

GONE = frozenset({"used_url", "expired_url", "invalid_token"})


class SideDoors:
    """Handlers for `/hooks`, `/upload` and `/files`."""

    def __init__(self, web_api: WebApi) -> None:
        self._web_api = web_api
        self._workspace = web_api.workspace

    async def take_hook(self, request: Request) -> Response:
        """`ok`, or Slack's refusal with status 404 for a spent URL and 400 for a wrong message."""
        raw = await request.body()
        outcome: list[Response] = []

        def run() -> Json:
            outcome.append(self._use(request.path_params["token"], raw))
            return {"ok": True}

        fault = self._workspace.faults.take("response_url")
        if fault is not None:
            return await self._web_api.misbehave(request, fault, run)
        run()
        return outcome[0]

    async def take_upload(self, request: Request) -> Response:
        """`OK - size`; 400 if the size is not the one announced."""
        content = await _read_upload(request)
        fault = self._workspace.faults.take("upload")
        if fault is not None:
            keep = lambda: self._keep(request.path_params["id"], content)  # noqa: E731
            return await self._web_api.misbehave(request, fault, keep)
        answer = self._keep(request.path_params["id"], content)
        if not answer["ok"]:
            return PlainTextResponse(answer["error"], 400)
        return PlainTextResponse(f"OK - {len(content)}")

    async def show_file(self, request: Request) -> Response:
        """The bytes of a file."""
        try:
            upload = self._workspace.files.find(request.path_params["id"])
        except SlackError:
            return PlainTextResponse("There is no such file.", 404)
        headers = {"Content-Security-Policy": "sandbox"}
        return Response(upload.content or b"", media_type=upload.mimetype, headers=headers)

    def _use(self, token: str, raw: bytes) -> Response:
        journal = self._workspace.journal
        try:
            body = _parse(raw)
            journal.note("api", "response_url called", method="response_url", detail=body)
            use_hook(self._workspace, token, body)
        except SlackError as refused:
            note_refusal(journal, "response_url", refused)
            answer = json.dumps(refused.answer())
            return PlainTextResponse(answer, 404 if refused.error in GONE else 400)
        finally:
            self._workspace.live.touch()
        return PlainTextResponse("ok")

    def _keep(self, file_id: str, content: bytes) -> Json:
        try:
            upload = self._workspace.files.find(file_id)
        except SlackError as refused:
            return refused.answer()
        if len(content) != upload.length:
            short = SlackError("length_mismatch")
            note_refusal(self._workspace.journal, "upload", short)
            return short.answer()
        upload.content = content
        return {"ok": True}


async def _read_upload(request: Request) -> bytes:
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body()
    form = await request.form()
    for part in form.values():
        if isinstance(part, UploadFile):
            return await part.read()
    return b""


def _parse(raw: bytes) -> object:
    try:
        return json.loads(raw)
    except ValueError as wrong:
        raise SlackError("invalid_payload") from wrong
