"""Scores, traces and runs as Langfuse answers them, with everything that its own client asks for."""

from typing import Any

from tests.sources.system import Reply, Seen, System

PROJECT = "p-refunds"
AT = "2026-03-05T10:00:00.000Z"


def score(name: str, value: bool | float | str, at: str = AT, **changes: Any) -> dict[str, Any]:
    """A score that Ana gave to the trace t-1."""
    kind = "BOOLEAN" if isinstance(value, bool) else "CATEGORICAL" if isinstance(value, str) else "NUMERIC"
    given: dict[str, Any] = {
        "id": "s-1",
        "projectId": PROJECT,
        "name": name,
        "value": value,
        "dataType": kind,
        "source": "ANNOTATION",
        "timestamp": at,
        "createdAt": at,
        "updatedAt": at,
        "environment": "production",
        "authorUserId": "u-ana",
        "subject": {"kind": "trace", "id": "t-1"},
    }
    return given | changes


def step(name: str = "o-root", ended_at: str = "2026-03-05T09:30:05.000Z", **changes: Any) -> dict[str, Any]:
    """A step of the trace t-1; by itself it is the whole of it."""
    given: dict[str, Any] = {
        "id": name,
        "traceId": "t-1",
        "projectId": PROJECT,
        "parentObservationId": None,
        "type": "SPAN",
        "startTime": "2026-03-05T09:30:00.000Z",
        "endTime": ended_at,
        "name": "refund-reply",
        "level": "DEFAULT",
        "environment": "production",
        "metadata": {},
    }
    return given | changes


GENERATION = step(
    "o-model",
    "2026-03-05T09:30:04.000Z",
    parentObservationId="o-root",
    type="GENERATION",
    model="claude-5",
    promptId="pr-1",
    promptName="refund-reply",
    promptVersion=7,
)
"""The step in which a model wrote the output."""

DATASET = {
    "id": "d-1",
    "name": "refunds/core <!here>",
    "description": None,
    "metadata": None,
    "projectId": PROJECT,
    "createdAt": AT,
    "updatedAt": AT,
}


def experiment(number: int, ended_at: str = "2026-03-05T11:00:00.000Z", **changes: Any) -> dict[str, Any]:
    """A run over the dataset."""
    given = {
        "id": f"e-{number}",
        "name": f"run {number}",
        "startTime": AT,
        "endTime": ended_at,
        "itemCount": 3,
        "datasetId": "d-1",
        "metadata": {"prompt_version": "refund-reply 8", "model": "claude-5"},
    }
    return given | changes


def case(number: int, *scores: dict[str, Any], run: int = 1, **changes: Any) -> dict[str, Any]:
    """One item of the dataset in a run."""
    given = {
        "id": f"o-{number}",
        "traceId": "t-1",
        "startTime": AT,
        "endTime": AT,
        "level": "DEFAULT",
        "environment": "sdk-experiment",
        "experimentId": f"e-{run}",
        "experimentName": f"run {run}",
        "experimentItemId": f"i-{number}",
        "scores": [each | {"source": "EVAL", "authorUserId": None} for each in scores],
    }
    return given | changes


def config(name: str, *labels: str) -> dict[str, Any]:
    """A score that people may give, with these categories."""
    return {
        "id": f"c-{name}",
        "name": name,
        "createdAt": AT,
        "updatedAt": AT,
        "projectId": PROJECT,
        "dataType": "CATEGORICAL" if labels else "NUMERIC",
        "isArchived": False,
        "categories": [{"value": place, "label": label} for place, label in enumerate(labels)] or None,
    }


def page(*found: dict[str, Any], cursor: str | None = None) -> Reply:
    """A page of them."""
    return Reply({"data": list(found), "meta": {"limit": 100} | ({"cursor": cursor} if cursor else {})})


def queue(name: str = "refunds <!here>", number: int = 1) -> dict[str, Any]:
    """A queue in which outputs wait for people."""
    return {
        "id": f"q/{number}",
        "name": name,
        "description": None,
        "scoreConfigIds": ["c-verdict"],
        "createdAt": AT,
        "updatedAt": AT,
    }


def queued(number: int, at: str = "2026-03-05T09:45:00.000Z", **changes: Any) -> dict[str, Any]:
    """The trace of that number, which waits in the queue since then."""
    given = {
        "id": f"i-{number}",
        "queueId": "q/1",
        "objectId": f"t-{number}",
        "objectType": "TRACE",
        "status": "PENDING",
        "completedAt": None,
        "createdAt": at,
        "updatedAt": at,
    }
    return given | changes


def numbered(*found: dict[str, Any]) -> Reply:
    """A page of a list that is asked for by the number of the page."""
    return Reply({"data": list(found), "meta": {"page": 1, "limit": 100, "totalItems": len(found), "totalPages": 1}})


def answering(system: System) -> None:
    """A project with the dataset, the trace t-1, two scores and a queue, and nothing else yet."""

    def nothing(seen: Seen) -> Reply:
        return Reply(DATASET) if seen.path == "/api/public/v2/datasets/refunds%2Fcore%20%3C%21here%3E" else page()

    system.otherwise = nothing
    system.at("/api/public/v2/observations", page(GENERATION, step()))
    system.at("/api/public/annotation-queues", numbered(queue()))
    system.at("/api/public/score-configs", numbered(config("verdict", "good", "fix", "bad"), config("stars")))
