"""What waits in a queue of Langfuse, as reviews that nobody did yet, by answers that its maker's client reads too."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.sources.errors import Circling, Endless, Garbled, Missing, NoAccess, SourceError, Throttled, Unreached
from bot.sources.langfuse import Entries, langfuse
from bot.sources.seam import Portion, Source
from tests.sources.scores import GENERATION, answering, numbered, page, queue, queued, score, step
from tests.sources.strands import UNTIL, access, asked, one_run, refused, signals
from tests.sources.system import Reply, Seen, System

TOKEN = "pk-lf-canary:sk-lf-canary"
QUEUES, ITEMS = "/api/public/annotation-queues", "/api/public/annotation-queues/q%2F1/items"
STEPS, SCORES = "/api/public/v2/observations", "/api/public/v3/scores"
REVIEWS = {"score": "verdict", "approved": ["good"], "rejected": ["bad"], "queue": "refunds <!here>"}


@pytest.fixture(autouse=True)
def _answering(system: System) -> None:
    answering(system)


def source(system: System, **changes: Any) -> Source:
    """The scores called verdict and their queue, for refunds_agent."""
    given = {"workflow": "refunds_agent", "reviews": [REVIEWS | changes]}
    made = langfuse(access(system.url, TOKEN), [Entries.model_validate(given)])
    system.closing.append(made.close)
    return made


def waiting(system: System, cursor: str | None = None, until: datetime = UNTIL, **changes: Any) -> list[Portion]:
    """What one run reads of the queue."""
    return one_run(system, source(system, **changes), cursor, until)


def ids(portions: list[Portion]) -> list[object]:
    """Of which items they tell."""
    return [each["id"] for each in signals(portions)]


def test_what_waits_in_the_queue_is_a_review_that_nobody_did_yet(system: System) -> None:
    system.at(ITEMS, numbered(queued(1)))
    portions = waiting(system)
    assert signals(portions) == [
        {
            "id": "i-1:queued",
            "type": "review",
            "workflow": "refunds_agent",
            "at": "2026-03-05T09:30:04.999000+00:00",
            "output_id": "t-1",
            "submitted_at": "2026-03-05T09:30:05+00:00",
            "prompt_version": "refund-reply 7",
            "model": "claude-5",
            "url": f"{system.url}/project/p-refunds/traces/t-1",
        }
    ]
    assert asked(system, QUEUES) == [{"page": ["1"], "limit": ["100"]}]
    assert asked(system, ITEMS) == [{"status": ["PENDING"], "page": ["1"], "limit": ["100"]}]
    assert json.loads(portions[-1].cursor) == {
        "since": "2025-12-09T09:00:00Z", "told": {"i-1": "2026-03-05T09:45:00Z"},
    }  # fmt: skip


def test_each_item_is_told_once_and_forgotten_when_it_leaves(system: System) -> None:
    system.at(ITEMS, numbered(queued(1), queued(2)))
    first = waiting(system)
    again = waiting(system, first[-1].cursor)
    assert (ids(first), ids(again), len(asked(system, STEPS))) == (["i-1:queued", "i-2:queued"], [], 2)
    system.at(ITEMS, numbered(queued(2)))
    assert list(json.loads(waiting(system, again[-1].cursor)[-1].cursor)["told"]) == ["i-2"]


@pytest.mark.parametrize("given_at", ["2026-03-05T09:29:00Z", "2026-03-05T09:30:05Z", "2026-03-05T09:40:00Z"])
def test_whatever_is_said_of_an_output_even_before_it_is_queued_is_the_later_word(
    system: System, given_at: str
) -> None:
    system.at(ITEMS, numbered(queued(1)))
    system.at(SCORES, page(score("verdict", "good", given_at)))
    queue_strand, score_strand = source(system).strands
    ((queued_one,), (judged,)) = (signals(list(each.read(None, UNTIL))) for each in (queue_strand, score_strand))
    same = [(each["output_id"], each["submitted_at"]) for each in (queued_one, judged)]
    assert same == [("t-1", "2026-03-05T09:30:05+00:00")] * 2
    assert datetime.fromisoformat(str(queued_one["at"])) < datetime.fromisoformat(str(judged["at"]))
    assert queue_strand.key == "waiting in refunds <!here> → refunds_agent"


def test_a_step_waits_under_its_own_id_and_its_trace_is_looked_up(system: System) -> None:
    bare = step("o-tool", "2026-03-05T09:30:02.000Z", parentObservationId="o-root", metadata={"model": "local"})
    system.at(STEPS, page(bare), page(GENERATION, bare, step()))
    system.at(ITEMS, numbered(queued(1, objectId="o-tool", objectType="OBSERVATION")))
    (found,) = signals(waiting(system))
    assert [found[key] for key in ("output_id", "submitted_at", "model")] == [
        "o-tool", "2026-03-05T09:30:02+00:00", "local",
    ]  # fmt: skip
    first, second = asked(system, STEPS)
    assert json.loads(first.pop("filter")[0]) == [
        {"type": "string", "column": "id", "operator": "=", "value": "o-tool"},
        {"type": "datetime", "column": "startTime", "operator": ">=", "value": "2025-12-08T09:00:00Z"},
    ]
    assert (first, second["traceId"]) == ({"fields": ["core"], "limit": ["1"]}, ["t-1"])


@pytest.mark.parametrize(
    ("item", "changes"),
    [
        pytest.param({"objectType": "SESSION"}, {}, id="a session"),
        pytest.param({"objectType": "EXPERIMENT"}, {}, id="something that did not exist when this was written"),
        pytest.param({"status": "COMPLETED"}, {}, id="done"),
        pytest.param({"createdAt": "2025-12-09T08:59:00Z"}, {}, id="queued before the first day"),
        pytest.param({}, {"environments": ["staging", "test"]}, id="of another environment"),
    ],
)
def test_what_is_no_output_that_waits_here_is_passed_over_and_asked_for_no_more(
    system: System, item: dict[str, Any], changes: dict[str, Any]
) -> None:
    system.at(ITEMS, numbered(queued(1) | item))
    first = waiting(system, **changes)
    count = len(asked(system, STEPS))
    again = waiting(system, first[-1].cursor, **changes)
    assert (ids(first), ids(again), len(asked(system, STEPS))) == ([], [], count)


def test_an_output_of_a_named_environment_waits(system: System) -> None:
    system.at(ITEMS, numbered(queued(1)))
    made = source(system, environments=["production", "staging"])
    assert ids(one_run(system, made)) == ["i-1:queued"]
    assert made.strands[0].key == "waiting in refunds <!here> in production,staging → refunds_agent"


def test_an_output_from_before_the_first_day_is_passed_over(system: System) -> None:
    system.at(ITEMS, numbered(queued(1)))
    system.at(STEPS, page(step(ended_at="2025-12-09T08:59:00Z")))
    assert ids(waiting(system)) == []


@pytest.mark.parametrize("steps", [page(), page(step(ended_at="2026-03-09T09:30:00Z"))])
@pytest.mark.parametrize("kind", ["TRACE", "OBSERVATION"])
def test_an_output_that_is_not_there_yet_is_asked_for_again_for_a_day(system: System, steps: Reply, kind: str) -> None:
    system.at(ITEMS, numbered(queued(1, "2026-03-09T08:00:00Z", objectType=kind, objectId="o-root")))
    system.at(STEPS, steps)
    first = waiting(system)
    system.at(STEPS, page(step()))
    later = waiting(system, first[-1].cursor, UNTIL + timedelta(hours=1))
    assert (ids(first), ids(later)) == ([], ["i-1:queued"])

    system.at(STEPS, page())
    given_up = waiting(system, first[-1].cursor, UNTIL + timedelta(hours=23))
    count = len(asked(system, STEPS))
    assert ids(waiting(system, given_up[-1].cursor, UNTIL + timedelta(hours=24))) == []
    assert len(asked(system, STEPS)) == count


def test_a_run_that_breaks_off_goes_on_with_what_was_not_told_yet(system: System) -> None:
    system.at(ITEMS, numbered(*(queued(number) for number in range(25))))
    system.at(STEPS, *[page(step())] * 14, Reply(None, 429, {"Retry-After": "60"}))
    portions = source(system).strands[0].read(None, UNTIL)
    kept = next(portions)
    with pytest.raises(Throttled):
        next(portions)
    system.at(STEPS, page(step()))
    later = waiting(system, kept.cursor)
    assert [len(each.entries) for each in (kept, *later)] == [10, 10, 5, 0]
    assert ids([kept, *later]) == [f"i-{number}:queued" for number in range(25)]


def test_what_slips_from_one_page_to_another_meanwhile_is_the_next_runs(system: System) -> None:
    many = [queued(number) for number in range(101)]
    first_page = f"{ITEMS}?status=PENDING&page=1&limit=100"
    system.at(first_page, numbered(*many[:100]))
    system.at(f"{ITEMS}?status=PENDING&page=2&limit=100", numbered())
    first = waiting(system)
    system.at(first_page, numbered(*many[1:]))
    assert (len(ids(first)), ids(waiting(system, first[-1].cursor))) == (100, ["i-100:queued"])


def test_pages_without_end_are_read_to_a_limit_and_one_that_comes_again_is_said(system: System) -> None:
    again = [queued(number, "2025-01-01T00:00:00Z") for number in range(100)]
    system.at(ITEMS, numbered(*again))
    with pytest.raises(Circling, match=r"^langfuse gave a page of annotation-queues/q%2F1/items that was read already"):
        waiting(system)
    usual = system.otherwise

    def endless(seen: Seen) -> Reply:
        if urlsplit(seen.path).path != ITEMS:
            return usual(seen)
        return numbered(*(each | {"id": f"{len(system.seen)}-{each['id']}"} for each in again))

    system.at(ITEMS)
    system.otherwise = endless
    with pytest.raises(Endless, match=r"^langfuse has more than 20,000 annotation-queues/q%2F1/items, and no more"):
        waiting(system)


@pytest.mark.parametrize(
    ("path", "reply", "kind", "said"),
    [
        (QUEUES, numbered(queue("refunds")), Missing,
         "langfuse has no annotation queue 'refunds <!here>' in the project of this key: write its name as Langfuse"),
        (QUEUES, Reply(None, 401), NoAccess, "langfuse did not take the token: set LANGFUSE_TOKEN to one that is in "),
        (ITEMS, Reply(None, 403), NoAccess, f"langfuse refused {ITEMS}: give the token in LANGFUSE_TOKEN the right"),
        (ITEMS, Reply(None, 404), Missing, f"langfuse has nothing at {ITEMS}, or hides it from this token: check th"),
        (ITEMS, Reply(None, 503), Unreached, "langfuse has a fault of its own (status 503)."),
        (ITEMS, Reply({"data": [{}]}), Garbled, "langfuse gave an answer of another shape (at data.0.id)."),
        (ITEMS, numbered(queued(1, "2026-03-05T09:45:00")), Garbled,
         "langfuse gave an answer of another shape (at data.0.createdAt)."),
    ],
)  # fmt: skip
def test_a_bad_answer_is_said_in_a_sentence(
    system: System, path: str, reply: Reply, kind: type[SourceError], said: str
) -> None:
    system.at(path, reply)
    with refused(kind, said):
        waiting(system)


@pytest.mark.parametrize("cursor", ["{}", "page two", '{"since": "2026-03-01T09:00:00"}'])
def test_a_place_that_cannot_be_read_is_said(system: System, cursor: str) -> None:
    with pytest.raises(Garbled, match=r"^The kept place of langfuse cannot be read: restore a backup\.$"):
        waiting(system, cursor)


def test_a_queue_that_is_not_there_is_said_by_doctor(system: System) -> None:
    many = [queue(f"queue {number}", number) for number in range(2, 102)]
    system.at(f"{QUEUES}?page=1&limit=100", numbered(*many))
    system.at(f"{QUEUES}?page=2&limit=100", numbered(queue()))
    assert source(system, edited=["fix"]).greet() == "refunds_agent"
    with pytest.raises(Missing, match=r"^langfuse has no annotation queue 'refunds' in the project of this key: write"):
        source(system, queue="refunds").greet()


def test_their_own_client_asks_as_we_do_and_reads_what_our_system_answers(system: System) -> None:
    import httpx
    from langfuse.api import LangfuseAPI

    system.at(ITEMS, numbered(queued(1, objectId="o-root", objectType="OBSERVATION"), queued(2)))
    system.at(STEPS, page(step()))
    waiting(system)
    paths = (QUEUES, ITEMS, STEPS)
    ours = {path: asked(system, path) for path in paths}
    system.seen.clear()

    public, _, secret = TOKEN.partition(":")
    of_output = "core,basic,model,prompt,metadata"
    with httpx.Client(trust_env=False) as http:
        client = LangfuseAPI(base_url=system.url, username=public, password=secret, httpx_client=http)
        (found,) = client.annotation_queues.list_queues(page=1, limit=100).data
        items = client.annotation_queues.list_queue_items("q%2F1", status="PENDING", page=1, limit=100).data
        (first,) = client.observations.get_many(filter=ours[STEPS][0]["filter"][0], fields="core", limit=1).data
        client.observations.get_many(trace_id=first.trace_id, fields=of_output, limit=1000)
        (root,) = client.observations.get_many(trace_id="t-2", fields=of_output, limit=1000).data
    assert {path: asked(system, path) for path in paths} == ours
    assert (found.name, found.score_config_ids) == ("refunds <!here>", ["c-verdict"])
    assert [(each.object_id, each.object_type.value, each.status.value, each.created_at) for each in items] == [
        ("o-root", "OBSERVATION", "PENDING", datetime(2026, 3, 5, 9, 45, tzinfo=UTC)),
        ("t-2", "TRACE", "PENDING", datetime(2026, 3, 5, 9, 45, tzinfo=UTC)),
    ]
    assert (root.environment, root.project_id) == ("production", "p-refunds")
