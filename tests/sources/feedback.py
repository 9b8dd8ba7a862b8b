"""Feedback, runs and experiments as LangSmith answers them, with everything that its own client asks for."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.sources.system import Reply, Seen, System

TENANT = "00000000-0000-4000-8000-00000000000a"
PROJECT_ID, DATASET_ID = "00000000-0000-4000-8000-00000000000b", "00000000-0000-4000-8000-00000000000c"
AT = "2026-03-05T10:00:00.000000+00:00"
NAMES = {"refunds <!here>": PROJECT_ID, "refunds core": DATASET_ID}


def name_of(kind: str, number: int) -> str:
    """An id as LangSmith makes them, for the thing of that kind and number."""
    return f"{kind * 8}-0000-4000-8000-{number:012}"


def feedback(number: int, value: bool | float | str, at: str = AT, **changes: Any) -> dict[str, Any]:
    """What Ana said of the run of that number."""
    is_word = isinstance(value, str)
    given: dict[str, Any] = {
        "id": name_of("f", number),
        "key": "verdict",
        "score": None if is_word else value,
        "value": value if is_word else None,
        "created_at": at,
        "modified_at": at,
        "run_id": name_of("a", number),
        "trace_id": name_of("a", number),
        "session_id": PROJECT_ID,
        "comment": "<!channel>",
        "feedback_source": {"type": "app", "metadata": {}, "user_id": None, "ls_user_id": name_of("b", 1)},
    }
    return given | changes


def run(number: int, **changes: Any) -> dict[str, Any]:
    """A run that ended at half past nine on 5 March."""
    given: dict[str, Any] = {
        "id": name_of("a", number),
        "start_time": "2026-03-05T09:30:00Z",
        "end_time": "2026-03-05T09:30:05Z",
        "metadata": {"prompt_version": "refund-reply 7", "ls_model_name": "claude-5"},
    }
    return given | changes


def case(number: int, *, key: str = "correct", avg: float | None = None, **values: int) -> dict[str, Any]:
    """A run on one example of the dataset, with the feedback that it has."""
    stats = {key: {"n": 1, "avg": avg, "values": values, "errors": 0}} if avg is not None or values else {}
    return run(number, reference_example_id=name_of("e", number), feedback_stats=stats)


def experiment(number: int, begun_at: str = "2026-03-05T09:00:00Z", **changes: Any) -> dict[str, Any]:
    """A run over the dataset."""
    given: dict[str, Any] = {
        "id": name_of("d", number),
        "name": f"refunds {number}",
        "start_time": begun_at,
        "tenant_id": TENANT,
        "type": "EXPERIMENT",
        "reference_dataset_id": DATASET_ID,
        "extra": {"metadata": {"prompt_version": "refund-reply 8", "model": "claude-5"}},
    }
    return given | changes


def queue(name: str = "refunds <!here>") -> dict[str, Any]:
    """A queue in which runs wait for people."""
    return {
        "id": name_of("c", 1),
        "name": name,
        "queue_type": "single",
        "tenant_id": TENANT,
        "total_runs": 3,
        "created_at": AT,
    }


def queued(number: int, at: str = "2026-03-05T09:45:00Z", **changes: Any) -> dict[str, Any]:
    """The run of that number, which waits in the queue since then."""
    given = {
        "id": name_of("9", number),
        "queue_id": name_of("c", 1),
        "item_type": "RUN",
        "run_id": name_of("a", number),
        "project_id": PROJECT_ID,
        "start_time": "2026-03-05T09:30:00Z",
        "added_at": at,
        "effective_added_at": at,
        "last_reviewed_time": None,
    }
    return given | changes


def page(*items: dict[str, Any], cursor: str | None = None) -> Reply:
    """A page of them."""
    return Reply({"items": list(items), "next_cursor": cursor})


def answering(system: System) -> None:
    """A workspace with one project, one dataset and one queue, and nothing in them yet."""

    def named(seen: Seen) -> Reply:
        asked = urlsplit(seen.path)
        if asked.path == "/api/v1/feedback":
            return Reply([])
        if asked.path == "/api/v1/annotation-queues":
            return Reply([queue()])
        (name,) = parse_qs(asked.query).get("name", [""])
        if {"/api/v2/sessions": PROJECT_ID, "/api/v2/datasets": DATASET_ID}.get(asked.path) != NAMES.get(name, ""):
            return page()
        given = {"id": NAMES[name], "name": name, "tenant_id": TENANT, "start_time": AT, "type": "PROJECT"}
        return page(given | {"modified_at": AT, "session_count": 1})

    system.otherwise = named
