"""What waits in a queue of LangSmith, as reviews that nobody did yet, by answers that its maker's client reads too."""

import json
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.sources.errors import Circling, Endless, Garbled, Missing, NoAccess, SourceError, Unreached
from bot.sources.langsmith import Entries, langsmith
from bot.sources.seam import Portion, Source
from tests.sources.feedback import PROJECT_ID, answering, feedback, name_of, page, queue, queued, run
from tests.sources.strands import UNTIL, access, asked, one_run, refused, signals
from tests.sources.system import Reply, Seen, System

QUEUES, ITEMS = "/api/v1/annotation-queues", f"/api/v1/platform/annotation-queues/{name_of('c', 1)}/items"
RUNS, SESSIONS = "/api/v2/runs/query", "/api/v2/sessions"
MINE = f"{ITEMS}?status=needs_my_review&item_type=RUN&page_size=100"
OTHERS = f"{ITEMS}?status=needs_others_review&item_type=RUN&page_size=100"
REVIEWS = {
    "project": "refunds <!here>",
    "feedback": "verdict",
    "approved": ["good"],
    "rejected": ["bad"],
    "queue": "refunds <!here>",
}


@pytest.fixture(autouse=True)
def _answering(system: System) -> None:
    answering(system)
    system.at(ITEMS, page())


def source(system: System, **changes: Any) -> Source:
    """The feedback called verdict and its queue, for refunds_agent."""
    given = {"workflow": "refunds_agent", "reviews": [REVIEWS | changes]}
    made = langsmith(access(system.url), [Entries.model_validate(given)])
    system.closing.append(made.close)
    return made


def waiting(system: System, cursor: str | None = None, until: datetime = UNTIL) -> list[Portion]:
    """What one run reads of the queue."""
    return one_run(system, source(system), cursor, until)


def told(portions: list[Portion]) -> list[object]:
    """Of which outputs they tell."""
    return [each["output_id"] for each in signals(portions)]


def test_what_waits_in_the_queue_for_whomever_is_a_review_that_nobody_did_yet(system: System) -> None:
    system.at(MINE, page(queued(1), cursor="two"))
    system.at(f"{MINE}&cursor=two", page(queued(2)))
    system.at(OTHERS, page(queued(3)))
    system.at(RUNS, page(run(1)), page(run(2)), page(run(3)))
    portions = waiting(system)
    assert signals(portions)[0] == {
        "id": f"{name_of('9', 1)}:queued",
        "type": "review",
        "workflow": "refunds_agent",
        "at": "2026-03-05T09:30:04.999000+00:00",
        "output_id": name_of("a", 1),
        "submitted_at": "2026-03-05T09:30:05+00:00",
        "prompt_version": "refund-reply 7",
        "model": "claude-5",
    }
    assert told(portions) == [name_of("a", number) for number in (1, 2, 3)]
    assert asked(system, QUEUES) == [{"name": ["refunds <!here>"], "limit": ["100"]}]
    assert asked(system, RUNS)[0] == {
        "project_ids": [PROJECT_ID],
        "ids": [name_of("a", 1)],
        "min_start_time": "2025-12-08T09:00:00Z",
        "selects": ["ID", "START_TIME", "END_TIME", "METADATA"],
        "page_size": 50,
    }
    assert json.loads(portions[-1].cursor) == {
        "since": "2025-12-09T09:00:00Z",
        "told": {name_of("9", number): "2026-03-05T09:45:00Z" for number in (1, 2, 3)},
    }
    again = waiting(system, portions[-1].cursor)
    assert (told(again), len(asked(system, RUNS))) == ([], 3)


def test_what_moves_to_those_who_wait_for_others_is_told_once_and_forgotten_when_it_leaves(system: System) -> None:
    system.at(RUNS, page(run(1)))
    system.at(MINE, page(queued(1)))
    system.at(OTHERS, page(queued(1)))
    portions = waiting(system)
    assert told(portions) == [name_of("a", 1)]
    system.at(MINE, page())
    moved = waiting(system, portions[-1].cursor)
    system.at(OTHERS, page())
    gone = waiting(system, moved[-1].cursor)
    assert [list(json.loads(each[-1].cursor)["told"]) for each in (moved, gone)] == [[name_of("9", 1)], []]


@pytest.mark.parametrize("given_at", ["2026-03-05T09:29:00Z", "2026-03-05T09:30:05Z", "2026-03-05T09:40:00Z"])
def test_whatever_is_said_of_a_run_even_before_it_is_queued_is_the_later_word(system: System, given_at: str) -> None:
    system.at(MINE, page(queued(1)))
    system.at(RUNS, page(run(1)))
    system.at("/api/v1/feedback", Reply([feedback(1, "good", given_at)]))
    queue_strand, feedback_strand = source(system).strands
    ((queued_one,), (judged,)) = (signals(list(each.read(None, UNTIL))) for each in (queue_strand, feedback_strand))
    same = [(each["output_id"], each["submitted_at"]) for each in (queued_one, judged)]
    assert same == [(name_of("a", 1), "2026-03-05T09:30:05+00:00")] * 2
    assert datetime.fromisoformat(str(queued_one["at"])) < datetime.fromisoformat(str(judged["at"]))
    assert queue_strand.key == "waiting in refunds <!here> of refunds <!here> → refunds_agent"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"run_id": None, "item_type": "THREAD", "thread_id": "th"}, id="a thread"),
        pytest.param({"project_id": name_of("8", 1)}, id="of another project"),
        pytest.param({"added_at": "2025-12-09T08:59:00Z"}, id="queued before the first day"),
        pytest.param({"added_at": "2026-03-09T09:00:01Z"}, id="queued after the run began"),
    ],
)
def test_what_is_no_output_that_waits_here_is_passed_over_and_not_asked_for(
    system: System, changes: dict[str, Any]
) -> None:
    system.at(MINE, page(queued(1, **changes)))
    system.at(RUNS, page(run(1)))
    assert (told(waiting(system)), asked(system, RUNS)) == ([], [])


@pytest.mark.parametrize("found", [page(), page(run(1, end_time="2026-03-09T09:30:00Z"))])
def test_a_run_that_is_not_there_yet_is_asked_for_again_for_a_day(system: System, found: Reply) -> None:
    system.at(MINE, page(queued(1, "2026-03-09T08:00:00Z", project_id=None)))
    system.at(RUNS, found)
    first = waiting(system)
    system.at(RUNS, page(run(1)))
    later = waiting(system, first[-1].cursor, UNTIL + timedelta(hours=1))
    assert (told(first), told(later)) == ([], [name_of("a", 1)])

    system.at(RUNS, page())
    given_up = waiting(system, first[-1].cursor, UNTIL + timedelta(hours=23))
    count = len(asked(system, RUNS))
    assert told(waiting(system, given_up[-1].cursor, UNTIL + timedelta(hours=24))) == []
    assert len(asked(system, RUNS)) == count


def test_a_run_that_breaks_off_tells_no_item_twice(system: System) -> None:
    system.at(MINE, page(queued(1), cursor="two"))
    system.at(f"{MINE}&cursor=two", Reply(None, 403), page(queued(2)))
    system.at(RUNS, page(run(1)), page(run(2)))
    portions = source(system).strands[0].read(None, UNTIL)
    kept = next(portions)
    with pytest.raises(NoAccess):
        next(portions)
    assert (told([kept]), told(waiting(system, kept.cursor))) == ([name_of("a", 1)], [name_of("a", 2)])


def test_pages_without_end_are_read_to_a_limit_and_one_that_comes_again_is_said(system: System) -> None:
    system.at(ITEMS, page(cursor="one"))
    with pytest.raises(Circling, match=r"^langsmith gave a page of queued runs that was read already in place of the"):
        waiting(system)
    usual = system.otherwise

    def endless(seen: Seen) -> Reply:
        return page(cursor=f"page{len(system.seen)}") if urlsplit(seen.path).path == ITEMS else usual(seen)

    system.at(ITEMS)
    system.otherwise = endless
    with pytest.raises(Endless, match=r"^langsmith has more than 20,000 queued runs, and no more were read\."):
        waiting(system)


@pytest.mark.parametrize(
    ("path", "reply", "kind", "said"),
    [
        (QUEUES, Reply([queue("refunds")]), Missing,
         "langsmith has no annotation queue 'refunds <!here>' in the workspace of this key: write its name as LangSm"),
        (QUEUES, Reply(None, 401), NoAccess, "langsmith did not take the token: set LANGSMITH_TOKEN to one that is i"),
        (ITEMS, Reply(None, 403), NoAccess, f"langsmith refused {ITEMS}: give the token in LANGSMITH_TOKEN the ri"),
        (ITEMS, Reply(None, 404), Missing, f"langsmith has nothing at {ITEMS}, or hides it from this token: check"),
        (ITEMS, Reply(None, 503), Unreached, "langsmith has a fault of its own (status 503)."),
        (ITEMS, Reply({"items": [{}]}), Garbled, "langsmith gave an answer of another shape (at items.0.id)."),
        (ITEMS, page(queued(1, added_at=None)), Garbled,
         "langsmith gave an answer of another shape (at items.0.added_at)."),
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
    with pytest.raises(Garbled, match=r"^The kept place of langsmith cannot be read: restore a backup\.$"):
        waiting(system, cursor)


@pytest.mark.parametrize(
    ("path", "reply", "said"),
    [
        ("", None, ""),
        (QUEUES, Reply([queue("refunds <!here> 2")]), "langsmith has no annotation queue 'refunds <!here>' in the wor"),
        (QUEUES, Reply(None, 403), f"langsmith refused {QUEUES}: give the token in LANGSMITH_TOKEN the right to rea"),
        (ITEMS, Reply(None, 404), f"langsmith has nothing at {ITEMS}, or hides it from this token: check the name, an"),
    ],
)
def test_a_queue_that_is_not_there_or_cannot_be_read_is_said_by_doctor(
    system: System, path: str, reply: Reply | None, said: str
) -> None:
    if reply:
        system.at(path, reply)
    if said:
        with pytest.raises(SourceError) as raised:
            source(system).greet()
        assert str(raised.value).startswith(said)
    else:
        assert source(system).greet() == "refunds_agent"


def test_their_own_client_asks_as_we_do_and_reads_what_our_system_answers(system: System) -> None:
    import httpx2
    from langsmith._client import Langsmith

    system.at(MINE, page(queued(1), cursor="two"))
    system.at(f"{MINE}&cursor=two", page(queued(2)))
    system.at(RUNS, page(run(1)), page(run(2)))
    waiting(system)
    paths = (QUEUES, ITEMS, RUNS)
    ours = {path: asked(system, path) for path in paths}
    system.seen.clear()

    with httpx2.Client(trust_env=False) as http:
        their = Langsmith(api_key="canary", base_url=system.url, http_client=http, _strict_response_validation=True)
        (found,) = their.annotation_queues.retrieve_annotation_queues(name="refunds <!here>", limit=100).items
        lists = their.annotation_queues.items.list
        items = list(lists(found.id, status="needs_my_review", item_type="RUN", page_size=100))
        assert list(lists(found.id, status="needs_others_review", item_type="RUN", page_size=100)) == []
        for question in ours[RUNS]:
            list(their.runs.query_v2(**question))
    assert {path: asked(system, path) for path in paths} == ours
    assert [(each.run_id, each.project_id, each.added_at) for each in items] == [
        (name_of("a", number), PROJECT_ID, "2026-03-05T09:45:00Z") for number in (1, 2)
    ]
