"""The OpenAPI document of the API, made from the bodies as Pydantic has them."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from bot.web.bodies import (
    ApprovalReply,
    DecisionBody,
    DecisionReply,
    Denial,
    DigestReply,
    Refusal,
    SignalsReply,
    WorkflowsReply,
)

Json = dict[str, Any]

_MODELS: Sequence[type[BaseModel]] = (
    DecisionBody,
    DecisionReply,
    ApprovalReply,
    SignalsReply,
    WorkflowsReply,
    DigestReply,
    Refusal,
    Denial,
)
_WHY: Mapping[int, str] = {
    400: "The body can't be read.",
    401: "There is no token that may be used.",
    403: "The token is not for this.",
    404: "There is no such thing.",
    408: "The body did not arrive in time.",
    409: "The key of the question was used for another one.",
    413: "The body is too long.",
    422: "The body, or what stands in the address, is not as described here.",
    503: "The database gave no answer in time: nothing is allowed.",
}


def _content(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def _ref(model: type[BaseModel]) -> Json:
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _operation(name: str, summary: str, reply: type[BaseModel], refusals: Mapping[int, type[BaseModel]]) -> Json:
    answers: Json = {"200": {"description": "Answered.", "content": _content(_ref(reply))}}
    answers |= {
        str(status): {"description": _WHY[status], "content": _content(_ref(model))}
        for status, model in refusals.items()
    }
    return {"operationId": name, "summary": summary, "security": [{"token": []}], "responses": answers}


def _sent(schema: Json, **more: Json) -> Json:
    return {"required": True, "content": _content(schema) | more}


_SIGNAL: Json = {"type": "object", "description": "One signal, as `rollout ingest` takes it."}


_AUDIENCE: Json = {
    "name": "audience",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "minLength": 1},
    "description": "`leaders`, or a team by its name or `team:ID`.",
}
_WEEK: Json = {
    "name": "week",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[0-9]{4}-W(0[1-9]|[1-4][0-9]|5[0-3])$"},
    "description": "The ISO week in which its window starts.",
}


def document() -> Json:
    """The document as a JSON object."""
    _, schemas = models_json_schema(
        [(model, "validation") for model in _MODELS], ref_template="#/components/schemas/{model}"
    )
    denials = dict.fromkeys((400, 401, 403, 404, 408, 409, 413, 422, 503), Denial)
    decide = _operation("decide", "May this agent do this now? Anything but allow is a deny.", DecisionReply, denials)
    approval = _operation(
        "approval",
        "How a question stands; waits for an answer if asked to.",
        ApprovalReply,
        dict.fromkeys((401, 403, 404, 422, 503), Refusal),
    )
    waiting = {"type": "integer", "minimum": 0, "maximum": 60, "default": 0}
    signals = _operation(
        "signals",
        "Take in signals, as an array or line by line.",
        SignalsReply,
        dict.fromkeys((400, 401, 403, 408, 413, 503), Refusal),
    )
    workflows = _operation(
        "workflows", "The running workflows of the token.", WorkflowsReply, dict.fromkeys((401, 403, 503), Refusal)
    )
    digests = _operation(
        "digest",
        "A digest as it was posted.",
        DigestReply,
        dict.fromkeys((401, 403, 404, 422, 503), Refusal),
    )
    lines = {"application/x-ndjson": {"schema": {"type": "string", "description": "One signal a line."}}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Rollout", "version": "1"},
        "paths": {
            "/v1/decisions": {"post": decide | {"requestBody": _sent(_ref(DecisionBody))}},
            "/v1/approvals/{id}": {
                "get": approval
                | {
                    "parameters": [
                        {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}},
                        {"name": "wait", "in": "query", "schema": waiting, "description": "Seconds."},
                    ]
                }
            },
            "/v1/signals": {"post": signals | {"requestBody": _sent({"type": "array", "items": _SIGNAL}, **lines)}},
            "/v1/workflows": {"get": workflows},
            "/v1/digests/{audience}/{week}": {"get": digests | {"parameters": [_AUDIENCE, _WEEK]}},
        },
        "components": {
            "schemas": schemas["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


@cache
def served() -> str:
    """The document as it is served."""
    return json.dumps(document())
