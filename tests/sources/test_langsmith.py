"""LangSmith's feedback and experiments as signals, by answers of our own that its maker's client reads as well."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.sources.errors import Astray, Circling, Endless, Garbled, Missing, NoAccess, SourceError, Throttled, Unreached
from bot.sources.langsmith import Entries, langsmith
from bot.sources.langsmith_workspace import Workspace
from bot.sources.seam import Portion, Source, line_to
from tests.sources.feedback import (
    DATASET_ID,
    PROJECT_ID,
    TENANT,
    answering,
    case,
    experiment,
    feedback,
    name_of,
    page,
    run,
)
from tests.sources.strands import UNTIL, access, asked, content, one_run, refused, signals
from tests.sources.system import Reply, Seen, System

RUNS, FEEDBACK, SESSIONS = "/api/v2/runs/query", "/api/v1/feedback", "/api/v2/sessions"
REVIEWS = {
    "project": "refunds <!here>",
    "feedback": "verdict",
    "approved": ["good"],
    "edited": ["fix"],
    "rejected": ["bad"],
}
EVALS = {"dataset": "refunds core", "feedback": "correct", "at_least": 1, "suite": "refunds_core"}
EXPERIMENTS = (
    f"{SESSIONS}?reference_dataset_id={DATASET_ID}&type=EXPERIMENT&sort_by=START_TIME&sort_order=desc&page_size=100"
)


@pytest.fixture(autouse=True)
def _answering(system: System) -> None:
    answering(system)


def source_of(url: str, token: str | None = "canary", **entries: Any) -> Source:
    """What there is of it for refunds_agent."""
    return langsmith(access(url, token), [Entries.model_validate({"workflow": "refunds_agent"} | entries)])


def read(system: System, cursor: str | None = None, until: datetime = UNTIL, **entries: Any) -> list[Portion]:
    """What one run reads of the first strand."""
    return one_run(system, source_of(system.url, **entries), cursor, until)


def reviews(system: System, cursor: str | None = None, until: datetime = UNTIL, **changes: Any) -> list[Portion]:
    """What one run reads of the feedback called verdict."""
    return read(system, cursor, until, reviews=[REVIEWS | changes])


def runs(system: System, cursor: str | None = None, until: datetime = UNTIL, **changes: Any) -> list[Portion]:
    """What one run reads of the dataset."""
    given = {name: value for name, value in (EVALS | changes).items() if value is not None}
    return read(system, cursor, until, evals=[given])


def test_feedback_is_a_review_of_the_run_that_it_is_about(system: System) -> None:
    system.at(RUNS, page(run(1), run(2)))
    system.at(FEEDBACK, Reply([feedback(1, "fix")]))
    portions = reviews(system)
    assert signals(portions) == [
        {
            "id": f"{name_of('f', 1)}:1772704800",
            "type": "review",
            "workflow": "refunds_agent",
            "at": "2026-03-05T10:00:00+00:00",
            "output_id": name_of("a", 1),
            "submitted_at": "2026-03-05T09:30:05+00:00",
            "reviewed_at": "2026-03-05T10:00:00+00:00",
            "outcome": "edited",
            "reviewer": name_of("b", 1),
            "prompt_version": "refund-reply 7",
            "model": "claude-5",
        }
    ]
    assert asked(system, RUNS) == [
        {
            "project_ids": [PROJECT_ID],
            "filter": 'eq(feedback_key, "verdict")',
            "min_feedback_modified_at": "2025-12-09T09:00:00Z",
            "max_feedback_modified_at": "2026-03-09T09:00:00Z",
            "min_start_time": "2025-09-10T09:00:00Z",
            "max_start_time": "2026-03-09T09:00:00Z",
            "selects": ["ID", "START_TIME", "END_TIME", "METADATA"],
            "page_size": 50,
        }
    ]
    assert asked(system, FEEDBACK) == [
        {
            "run": [name_of("a", 1), name_of("a", 2)],
            "key": ["verdict"],
            "source": ["app"],
            "limit": ["100"],
            "offset": ["0"],
        }
    ]
    assert system.seen[0].headers["x-api-key"] == "canary"
    assert json.loads(portions[-1].cursor) == {"since": "2026-03-09T08:00:00Z"}


def test_a_change_of_mind_is_a_later_word_on_the_same_output(system: System) -> None:
    system.at(RUNS, page(run(1)))
    system.at(FEEDBACK, Reply([feedback(1, "good")]), Reply([feedback(1, "bad", modified_at="2026-03-06T10:00:00Z")]))
    first = reviews(system)
    (before,), (after,) = signals(first), signals(reviews(system, first[-1].cursor))
    assert [(each["outcome"], each["at"], each["reviewed_at"]) for each in (before, after)] == [
        ("approved", "2026-03-05T10:00:00+00:00", "2026-03-05T10:00:00+00:00"),
        ("rejected", "2026-03-06T10:00:00+00:00", "2026-03-05T10:00:00+00:00"),
    ]
    assert before["output_id"] == after["output_id"]
    assert before["id"] != after["id"]
    assert asked(system, RUNS)[1]["min_feedback_modified_at"] == "2026-03-09T08:00:00Z"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"value": "unsure"}, id="says nothing"),
        pytest.param({"value": None, "score": None}, id="has no value"),
        pytest.param({"feedback_source": None}, id="of nobody"),
        pytest.param({"feedback_source": {"type": "app"}}, id="of somebody who is not named"),
        pytest.param({"run_id": None}, id="of a session"),
        pytest.param({"run_id": name_of("a", 9)}, id="of another run"),
        pytest.param({"key": "tone"}, id="of another key"),
        pytest.param({"modified_at": "2026-03-09T09:30:00Z"}, id="changed after the run began"),
    ],
)
def test_what_is_no_persons_word_on_an_output_is_no_review(system: System, changes: dict[str, Any]) -> None:
    system.at(RUNS, page(run(1)))
    system.at(FEEDBACK, Reply([feedback(1, "good") | changes]))
    assert signals(reviews(system)) == []


def test_numbers_and_a_programs_word_count_where_the_file_says_so(system: System) -> None:
    system.at(RUNS, page(run(1, metadata=None, end_time=None), run(2)))
    given: dict[str, Any] = {"feedback_source": {"type": "api"}, "created_at": "2026-03-05T10:00:00"}
    system.at(FEEDBACK, Reply([feedback(1, 1.0, **given), feedback(2, True), feedback(3, 0)]))
    found = signals(reviews(system, approved=[True], edited=[], rejected=[0], sources=["app", "api"]))
    assert [(each["outcome"], each["reviewer"], "model" in each) for each in found] == [
        ("approved", "API", False), ("approved", name_of("b", 1), True),
    ]  # fmt: skip
    assert found[0]["submitted_at"] == "2026-03-05T09:30:00+00:00"
    assert asked(system, FEEDBACK)[0]["source"] == ["app", "api"]


def test_more_feedback_than_one_page_has_is_read_to_the_end(system: System) -> None:
    system.at(RUNS, page(run(1)))
    system.at(FEEDBACK, Reply([feedback(1, "unsure")] * 100), Reply([feedback(1, "good")]))
    assert [each["outcome"] for each in signals(reviews(system))] == ["approved"]
    assert [each["offset"] for each in asked(system, FEEDBACK)] == [["0"], ["100"]]


def test_a_run_that_breaks_off_goes_on_with_the_next_page(system: System) -> None:
    system.at(FEEDBACK, Reply([feedback(1, "good"), feedback(2, "bad")]))
    system.at(RUNS, page(run(1), cursor="two"), Reply(None, 403))
    source = source_of(system.url, reviews=[REVIEWS])
    system.closing.append(source.close)
    portions = source.strands[0].read(None, UNTIL)
    kept = next(portions)
    with pytest.raises(NoAccess):
        next(portions)
    system.at(RUNS, page(run(2)))
    later = reviews(system, kept.cursor, datetime(2026, 3, 9, 12, tzinfo=UTC))
    first, _, last = asked(system, RUNS)
    assert last == first | {"cursor": "two"}
    assert [each["output_id"] for each in signals(later)] == [name_of("a", 2)]
    assert json.loads(later[-1].cursor) == {"since": "2026-03-09T08:00:00Z"}


def test_a_page_that_is_gone_is_no_reason_to_stay_blind(system: System) -> None:
    cursor = json.dumps({"since": "2026-03-01T09:00:00Z", "after": "gone", "begun": "2026-03-08T09:00:00Z"})
    system.at(FEEDBACK, Reply([feedback(1, "good")]))
    system.at(RUNS, Reply(None, 422), page(run(1)))
    assert [each["output_id"] for each in signals(reviews(system, cursor))] == [name_of("a", 1)]


def test_pages_without_end_are_read_to_a_limit_and_one_that_comes_again_is_said(system: System) -> None:
    system.at(RUNS, page(cursor="one"), page(cursor="one"))
    with pytest.raises(Circling, match=r"^langsmith gave a page of runs that was read already in place of the next\."):
        reviews(system)
    system.at(RUNS)
    usual = system.otherwise
    system.otherwise = lambda seen: page(cursor=f"page{len(system.seen)}") if seen.path == RUNS else usual(seen)
    with pytest.raises(Endless, match=r"^langsmith has more than 10,000 runs: what is left is read by the next run\."):
        reviews(system)


def test_an_experiment_is_an_eval_run(system: System) -> None:
    system.at(EXPERIMENTS, page(experiment(1)))
    again = case(1, avg=0) | {"start_time": "2026-03-05T09:40:00Z", "end_time": "2026-03-05T09:41:00Z"}
    system.at(RUNS, page(case(1, avg=1), case(2, avg=0.9), cursor="two"), page(case(3, avg=1), again))
    portions = runs(system)
    assert signals(portions) == [
        {
            "id": f"{name_of('d', 1)}:correct",
            "type": "eval_run",
            "workflow": "refunds_agent",
            "at": "2026-03-05T09:41:00+00:00",
            "suite": "refunds_core",
            "cases": 3,
            "passed": 1,
            "prompt_version": "refund-reply 8",
            "model": "claude-5",
        }
    ]
    assert asked(system, RUNS)[0] == {
        "project_ids": [name_of("d", 1)],
        "is_root": True,
        "min_start_time": "2026-03-05T08:00:00Z",
        "max_start_time": "2026-03-09T09:00:00Z",
        "selects": ["ID", "START_TIME", "END_TIME", "REFERENCE_EXAMPLE_ID", "METADATA", "FEEDBACK_STATS"],
        "page_size": 50,
    }
    told = {name_of("d", 1): "2026-03-05T09:00:00Z"}
    assert json.loads(portions[-1].cursor) == {"since": "2026-03-02T09:00:00Z", "told": told}
    assert signals(runs(system, portions[-1].cursor)) == []
    assert len(asked(system, RUNS)) == 2


@pytest.mark.parametrize(
    ("changes", "cases", "passed"),
    [
        ({}, [case(1, avg=1, good=1), case(2, avg=0, bad=1)], 1),
        ({"at_least": None, "passes": ["good"]}, [case(1, avg=1, good=1), case(2, bad=1), case(3, good=2, bad=1)], 1),
        ({"at_least": None, "passes": [True]}, [case(1, avg=1), case(2, avg=0.5)], 1),
        ({"at_least": None, "at_most": 0}, [case(1, avg=0), case(2, avg=0.5)], 1),
    ],
)
def test_what_passes_is_what_the_file_says(
    system: System, changes: dict[str, Any], cases: list[dict[str, Any]], passed: int
) -> None:
    system.at(EXPERIMENTS, page(experiment(1)))
    system.at(RUNS, page(*cases))
    assert [(each["cases"], each["passed"]) for each in signals(runs(system, **changes))] == [(len(cases), passed)]


def test_an_experiment_is_told_once_it_is_quiet_and_feedback_is_waited_for_a_day(system: System) -> None:
    ended = {"start_time": "2026-03-09T08:00:00Z", "end_time": "2026-03-09T08:30:00Z"}
    system.at(EXPERIMENTS, page(experiment(1, "2026-03-09T08:00:00Z"), experiment(2, "2025-01-01T00:00:00Z")))
    system.at(RUNS, page(case(1, avg=1) | ended))
    early = runs(system)
    assert signals(early) == []
    system.at(RUNS, page(case(1, avg=1) | ended, case(2) | ended))
    waiting = runs(system, early[-1].cursor, datetime(2026, 3, 9, 10, tzinfo=UTC))
    assert signals(waiting) == []
    late = runs(system, waiting[-1].cursor, datetime(2026, 3, 10, 9, tzinfo=UTC))
    assert [(each["cases"], each["passed"]) for each in signals(late)] == [(2, 1)]


def test_an_experiment_in_which_something_else_was_measured_is_none_of_the_suite(system: System) -> None:
    system.at(EXPERIMENTS, page(experiment(1, extra=None), cursor="two"))
    system.at(f"{EXPERIMENTS}&cursor=two", page(experiment(2, extra={"metadata": None})))
    system.at(RUNS, page(case(1, key="tone", avg=1)), page(case(1, avg=1)))
    (found,) = signals(runs(system, suite=None))
    assert [found[key] for key in ("id", "suite", "prompt_version", "model")] == [
        f"{name_of('d', 2)}:correct", "refunds core", "refund-reply 7", "claude-5",
    ]  # fmt: skip


def test_words_where_the_file_has_a_number_are_said_and_nothing_is_told(system: System) -> None:
    system.at(EXPERIMENTS, page(experiment(1)))
    system.at(RUNS, page(case(1, good=1)))
    with pytest.raises(Garbled) as raised:
        runs(system)
    assert str(raised.value) == (
        "langsmith has words as 'correct' of the dataset 'refunds core': name those that pass in passes, in place of "
        "at_least or at_most."
    )


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (Reply(None, 401), NoAccess, "langsmith did not take the token: set LANGSMITH_TOKEN to one that is in force."),
        (Reply(None, 403), NoAccess, "langsmith refused /api/v2/runs/query: give the token in LANGSMITH_TOKEN the"),
        (Reply(None, 404), Missing, "langsmith has nothing at /api/v2/runs/query, or hides it from this token: check"),
        (Reply(None, 429, {"Retry-After": "600"}), Throttled, "langsmith wants no more questions until "),
        (Reply(None, 503), Unreached, "langsmith has a fault of its own (status 503)."),
        (Reply(body=b'{"items": ['), Garbled, "langsmith gave an answer that is no JSON, or cut it off."),
        (Reply({"items": [{}]}), Garbled, "langsmith gave an answer of another shape (at items.0.id)."),
        (Reply(None, 302, {"Location": "http://10.0.0.1/"}), Astray, "langsmith sent us from /api/v2/runs/query to"),
    ],
)  # fmt: skip
def test_a_bad_answer_is_said_in_a_sentence(system: System, reply: Reply, kind: type[SourceError], said: str) -> None:
    system.at(RUNS, reply)
    with refused(kind, said):
        reviews(system)


def test_without_a_token_it_says_which_variable_to_set() -> None:
    source = source_of("https://api.smith.langchain.com", None, reviews=[REVIEWS])
    assert source.problem == "langsmith has no token: set LANGSMITH_TOKEN to an API key (lsv2_…)."


@pytest.mark.parametrize("cursor", ["{}", "page two", '{"since": "2026-03-01T09:00:00"}'])
def test_a_place_that_cannot_be_read_is_said(system: System, cursor: str) -> None:
    for each in (reviews, runs):
        with pytest.raises(Garbled, match=r"^The kept place of langsmith cannot be read: restore a backup\.$"):
            each(system, cursor)


@pytest.mark.parametrize(
    ("url", "links"),
    [
        ("https://api.smith.langchain.com", {"url": f"https://smith.langchain.com/o/{TENANT}/x"}),
        ("https://eu.api.smith.langchain.com", {"url": f"https://eu.smith.langchain.com/o/{TENANT}/x"}),
        ("https://langsmith.example", {}),
    ],
)
def test_a_link_leads_to_where_people_look(url: str, links: dict[str, str]) -> None:
    assert Workspace(line_to("langsmith", access(url), {}), url).link(TENANT, "x") == links


@pytest.mark.parametrize(
    ("reply", "entries", "said"),
    [
        (None, {"reviews": [REVIEWS], "evals": [EVALS]}, ""),
        (None, {"reviews": [REVIEWS | {"project": "refunds"}]}, "langsmith has no project 'refunds' in the workspace"),
        (None, {"evals": [EVALS | {"dataset": "refunds"}]}, "langsmith has no dataset 'refunds' in the workspace of"),
        (Reply(None, 401), {"reviews": [REVIEWS]},
         "langsmith did not take the token: set LANGSMITH_TOKEN to one that is in force. A key is for one region and"),
        (Reply(None, 404), {"reviews": [REVIEWS]},
         "langsmith has nothing at /api/v2/sessions, or hides it from this token: check the name, and LANGSMITH_TOKE"
         "N. It must be LangSmith 0.16 or later, and LANGSMITH_API_URL where its API is."),
    ],
)  # fmt: skip
def test_what_the_file_names_and_langsmith_has_not_is_said_by_doctor(
    system: System, reply: Reply | None, entries: dict[str, Any], said: str
) -> None:
    if reply:
        system.at(SESSIONS, reply)
    source = source_of(system.url, **entries)
    system.closing.append(source.close)
    if said:
        with pytest.raises(SourceError) as raised:
            source.greet()
        assert str(raised.value).startswith(said)
    else:
        assert source.greet() == "refunds_agent"


def test_their_own_client_asks_as_we_do_and_reads_what_our_system_answers(system: System) -> None:
    import httpx2
    from langsmith import Client
    from langsmith._client import Langsmith

    usual = system.otherwise

    def answers(seen: Seen) -> Reply:
        if "reference_dataset_id" in seen.path:
            return page(experiment(1))
        if seen.path != RUNS:
            return Reply([feedback(1, "good")]) if seen.path.startswith(FEEDBACK) else usual(seen)
        if "filter" not in content(seen):
            return page(case(1, avg=1))
        return page() if "cursor" in content(seen) else page(run(1), cursor="two")

    paths = (SESSIONS, "/api/v2/datasets", RUNS, FEEDBACK)
    system.otherwise = answers
    reviews(system)
    runs(system)
    ours = {path: asked(system, path) for path in paths}
    system.seen.clear()
    with httpx2.Client(trust_env=False) as http:
        their = Langsmith(api_key="canary", base_url=system.url, http_client=http, _strict_response_validation=True)
        (project,) = their.sessions.list_v2(name="refunds <!here>", page_size=1).items
        found = list(their.runs.query_v2(**ours[RUNS][0]))
        (dataset,) = their.datasets.list_v2(name="refunds core", page_size=1).items
        (one,) = their.sessions.list_v2(
            reference_dataset_id=[dataset.id],
            type=["EXPERIMENT"],
            sort_by="START_TIME",
            sort_order="desc",
            page_size=100,
        ).items
        (case_of,) = their.runs.query_v2(**ours[RUNS][2])
    client = Client(api_url=f"{system.url}/api/v1", api_key="canary", auto_batch_tracing=False)
    (word,) = client.list_feedback(run_ids=[name_of("a", 1)], feedback_key=["verdict"], feedback_source_type=["app"])
    client.close()
    assert {path: asked(system, path) for path in paths} == ours
    assert {{name.lower(): value for name, value in each.headers.items()}["x-api-key"] for each in system.seen} == {
        "canary"
    }
    assert [each.id for each in (project, dataset, one)] == [PROJECT_ID, DATASET_ID, name_of("d", 1)]
    assert [each.metadata["ls_model_name"] for each in found] == ["claude-5"]
    assert (word.value, word.feedback_source.type) == ("good", "app")
    assert (case_of.feedback_stats["correct"].avg, case_of.reference_example_id) == (1, name_of("e", 1))
