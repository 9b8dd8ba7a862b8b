"""Slack's Web API: reads a call, asks whether it misbehaves today, answers as Slack does."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from bot.sandbox import api_chat, api_conversations, api_files, api_people, api_views
from bot.sandbox.api_call import Call
from bot.sandbox.delivery import Delivery
from bot.sandbox.faults import AFTER_EFFECT, Fault
from bot.sandbox.refusals import note_refusal
from bot.sandbox.slack_app import SlackApp
from bot.sandbox.wire import Json, SlackError

HTML = "<!DOCTYPE html><html><body><h1>Something went wrong</h1></body></html>"
Drop = Callable[[Request], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Method:
    """A Web API method; `scope` must be in the manifest, None where it depends or is not needed."""

    run: Callable[[Call], Json]
    scope: str | None = None


METHODS: dict[str, Method] = {
    "api.test": Method(api_people.test_api),
    "auth.test": Method(api_people.test_auth),
    "bots.info": Method(api_people.show_bot, "users:read"),
    "chat.delete": Method(api_chat.delete, "chat:write"),
    "chat.getPermalink": Method(api_chat.get_permalink),
    "chat.postEphemeral": Method(api_chat.post_ephemeral, "chat:write"),
    "chat.postMessage": Method(api_chat.post_message, "chat:write"),
    "chat.update": Method(api_chat.update, "chat:write"),
    "conversations.history": Method(api_conversations.read_history),
    "conversations.info": Method(api_conversations.info),
    "conversations.join": Method(api_conversations.join, "channels:join"),
    "conversations.list": Method(api_conversations.list_channels),
    "conversations.members": Method(api_conversations.list_members),
    "conversations.open": Method(api_conversations.open_direct, "im:write"),
    "conversations.replies": Method(api_conversations.read_replies),
    "files.completeUploadExternal": Method(api_files.complete_upload, "files:write"),
    "files.delete": Method(api_files.delete, "files:write"),
    "files.getUploadURLExternal": Method(api_files.get_upload_url, "files:write"),
    "files.info": Method(api_files.info, "files:read"),
    "pins.add": Method(api_chat.add_pin, "pins:write"),
    "reactions.add": Method(api_chat.add_reaction, "reactions:write"),
    "team.info": Method(api_people.show_team, "team:read"),
    "usergroups.list": Method(api_people.list_groups, "usergroups:read"),
    "usergroups.users.list": Method(api_people.list_group_members, "usergroups:read"),
    "users.conversations": Method(api_conversations.list_own),
    "users.info": Method(api_people.info, "users:read"),
    "users.list": Method(api_people.list_people, "users:read"),
    "views.open": Method(api_views.open_view),
    "views.publish": Method(api_views.publish_home),
    "views.push": Method(api_views.push_view),
    "views.update": Method(api_views.update_view),
}


class WebApi:
    """Answers `/api/{method}`."""

    def __init__(self, delivery: Delivery, drop: Drop) -> None:
        """`drop` cuts a request's connection without an answer."""
        self.workspace = delivery.workspace
        self._delivery = delivery
        self._drop = drop

    async def handle(self, request: Request) -> Response:
        """The answer to one call, or none, as the faults want it."""
        method = request.path_params["method"]
        fault = self.workspace.faults.take(method)
        try:
            app, args = await self._read(request, method)
        except SlackError as refused:
            note_refusal(self.workspace.journal, method, refused)
            return JSONResponse(refused.answer())
        self.workspace.journal.note("api", f"{app.name} called {method}", method=method, detail=args)
        if fault is not None:
            return await self.misbehave(request, fault, lambda: self._run(method, app, args))
        return JSONResponse(self._run(method, app, args), headers=_scope_headers(app))

    async def misbehave(self, request: Request, fault: Fault, run: Callable[[], Json]) -> Response:
        """The wrong answer that `fault` orders, before or after the effect of `run`."""
        answer = run() if fault.kind in AFTER_EFFECT else {}
        match fault.kind:
            case "ratelimited":
                wait = fault.retry_after_s
                headers = {} if wait is None else {"Retry-After": str(wait)}
                return JSONResponse({"ok": False, "error": "ratelimited"}, 429, headers)
            case "http_500_before" | "http_500_after":
                return JSONResponse({"ok": False, "error": "internal_error"}, 500)
            case "drop_before" | "drop_after":
                await self._drop(request)
                return Response()
            case "slow":
                await asyncio.sleep(fault.delay_s)
                return JSONResponse(answer)
            case "html":
                return HTMLResponse(HTML, fault.status)
            case "truncated":
                return Response(json.dumps(answer)[:-10], media_type="application/json")
            case "error":
                return JSONResponse({"ok": False, "error": fault.error})

    def _run(self, method: str, app: SlackApp, args: Json) -> Json:
        call = Call(self.workspace, app, args)
        try:
            known = METHODS.get(method)
            if method == "apps.connections.open":
                return {"ok": True, "url": self._delivery.sockets.open_ticket(app.id)}
            if known is None:
                raise SlackError("unknown_method", req_method=method)
            if known.scope is not None:
                call.require(known.scope)
            return {"ok": True, **known.run(call)}
        except SlackError as refused:
            note_refusal(self.workspace.journal, method, refused)
            return refused.answer()
        finally:
            self.workspace.live.touch()

    async def _read(self, request: Request, method: str) -> tuple[SlackApp, Json]:
        args: dict[str, Any] = dict(request.query_params)
        body = await request.body()
        kind = request.headers.get("content-type", "").partition(";")[0].strip()
        if kind == "application/json" and body.strip():
            args |= _read_json_object(body)
        elif kind == "multipart/form-data":
            form = await request.form()
            args |= {name: value for name, value in form.items() if isinstance(value, str)}
        elif body:
            args |= dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        token = token if scheme.lower() == "bearer" and token else str(args.get("token") or "")
        args.pop("token", None)
        return self._authorize(token, method), args

    def _authorize(self, token: str, method: str) -> SlackApp:
        if not token:
            raise SlackError("not_authed")
        wants_app_token = method == "apps.connections.open"
        for app in self.workspace.apps.values():
            if token in (app.bot_token, app.app_token):
                if (token == app.app_token) != wants_app_token:
                    raise SlackError("not_allowed_token_type")
                return app
        raise SlackError("invalid_auth")


def _read_json_object(body: bytes) -> Json:
    try:
        value = json.loads(body)
    except ValueError as wrong:
        raise SlackError("invalid_json") from wrong
    if not isinstance(value, dict):
        raise SlackError("json_not_object")
    return value


def _scope_headers(app: SlackApp) -> dict[str, str]:
    return {"x-oauth-scopes": ",".join(sorted(app.scopes))}
