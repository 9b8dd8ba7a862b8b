"""Langfuse's scores and runs as signals, by answers of our own that its maker's client reads as well."""

import base64
import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.sources.errors import Astray, Circling, Endless, Garbled, Missing, NoAccess, SourceError, Throttled, Unreached
from bot.sources.langfuse import Entries, langfuse
from bot.sources.seam import Portion, Source
from tests.sources.scores import GENERATION, answering, case, config, experiment, numbered, page, score, step
from tests.sources.strands import UNTIL, access, asked, one_run, refused, signals
from tests.sources.system import Reply, Seen, System

TOKEN = "pk-lf-canary:sk-lf-canary"
SCORES, RUNS, CASES = "/api/public/v3/scores", "/api/public/experiments", "/api/public/experiment-items"
STEPS, DATASETS = "/api/public/v2/observations", "/api/public/v2/datasets"
REVIEWS = {"score": "verdict", "approved": ["good"], "edited": ["fix"], "rejected": ["bad"]}
EVALS = {"dataset": "refunds/core <!here>", "score": "correct", "at_least": 1, "suite": "refunds_core"}


@pytest.fixture(autouse=True)
def _answering(system: System) -> None:
    answering(system)


def source_of(url: str, token: str | None = TOKEN, **entries: Any) -> Source:
    """What there is of it for refunds_agent."""
    return langfuse(access(url, token), [Entries.model_validate({"workflow": "refunds_agent"} | entries)])


def read(system: System, cursor: str | None = None, until: datetime = UNTIL, **entries: Any) -> list[Portion]:
    """What one run reads of the first strand."""
    return one_run(system, source_of(system.url, **entries), cursor, until)


def reviews(system: System, cursor: str | None = None, until: datetime = UNTIL, **changes: Any) -> list[Portion]:
    """What one run reads of the scores called verdict."""
    return read(system, cursor, until, reviews=[REVIEWS | changes])


def runs(system: System, cursor: str | None = None, until: datetime = UNTIL, **changes: Any) -> list[Portion]:
    """What one run reads of the dataset."""
    return read(system, cursor, until, evals=[{k: v for k, v in (EVALS | changes).items() if v is not None}])


def test_a_score_is_a_review_of_the_output_that_it_was_given_to(system: System) -> None:
    system.at(SCORES, page(score("verdict", "fix")))
    portions = reviews(system)
    assert signals(portions) == [
        {
            "id": "s-1:1772704800",
            "type": "review",
            "workflow": "refunds_agent",
            "at": "2026-03-05T10:00:00+00:00",
            "output_id": "t-1",
            "submitted_at": "2026-03-05T09:30:05+00:00",
            "reviewed_at": "2026-03-05T10:00:00+00:00",
            "outcome": "edited",
            "reviewer": "u-ana",
            "url": f"{system.url}/project/p-refunds/traces/t-1",
            "prompt_version": "refund-reply 7",
            "model": "claude-5",
        }
    ]
    assert asked(system, SCORES) == [
        {
            "name": ["verdict"],
            "source": ["ANNOTATION"],
            "fromTimestamp": ["2025-12-09T09:00:00Z"],
            "toTimestamp": ["2026-03-09T09:00:00Z"],
            "fields": ["subject,annotation"],
            "limit": ["100"],
        }
    ]
    assert system.seen[0].headers["Authorization"] == f"Basic {base64.b64encode(TOKEN.encode()).decode()}"
    assert json.loads(portions[-1].cursor) == {"since": "2026-03-08T09:00:00Z", "known": [], "seen": []}


def test_a_score_is_asked_for_again_for_a_day_and_counts_again_only_when_it_was_changed(system: System) -> None:
    given = score("verdict", "good", "2026-03-09T08:00:00Z")
    system.at(SCORES, page(given))
    first = reviews(system)
    assert [each["outcome"] for each in signals(first)] == ["approved"]
    again = reviews(system, first[-1].cursor)
    assert signals(again) == []
    assert len(asked(system, STEPS)) == 1
    system.at(SCORES, page(given | {"value": "bad", "updatedAt": "2026-03-09T08:30:00Z"}))
    (changed,) = signals(reviews(system, again[-1].cursor))
    assert [changed[key] for key in ("id", "output_id", "at", "reviewed_at", "outcome")] == [
        "s-1:1773045000", "t-1", "2026-03-09T08:30:00+00:00", "2026-03-09T08:00:00+00:00", "rejected",
    ]  # fmt: skip


def test_what_was_changed_after_the_run_began_is_the_next_ones(system: System) -> None:
    system.at(SCORES, page(score("verdict", "bad", "2026-03-09T08:00:00Z", updatedAt="2026-03-09T09:30:00Z")))
    first = reviews(system)
    later = reviews(system, first[-1].cursor, datetime(2026, 3, 9, 10, tzinfo=UTC))
    assert (signals(first), [each["outcome"] for each in signals(later)]) == ([], ["rejected"])


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"value": "unsure"}, id="says nothing"),
        pytest.param({"authorUserId": None}, id="written ahead by a program"),
        pytest.param({"subject": {"kind": "session", "id": "x"}}, id="of a session"),
        pytest.param({"subject": {"kind": "experiment", "id": "x"}}, id="of a run"),
        pytest.param({"subject": None}, id="of nothing"),
    ],
)
def test_what_is_no_persons_word_on_an_output_is_no_review(system: System, changes: dict[str, Any]) -> None:
    system.at(SCORES, page(score("verdict", "good") | changes))
    assert signals(reviews(system)) == []
    assert asked(system, STEPS) == []


@pytest.mark.parametrize("steps", [page(), page(step(ended_at="2026-03-09T09:30:00Z"))])
def test_an_output_that_is_not_there_yet_is_asked_for_again(system: System, steps: Reply) -> None:
    system.at(SCORES, page(score("verdict", "good", "2026-03-09T08:55:00Z")))
    system.at(STEPS, steps)
    first = reviews(system)
    system.at(STEPS, page(step()))
    later = reviews(system, first[-1].cursor)
    assert (signals(first), [each["outcome"] for each in signals(later)]) == ([], ["approved"])


def test_a_score_of_one_step_is_about_that_step(system: System) -> None:
    inner = GENERATION | {"metadata": {"prompt_version": "unused"}}
    bare = step("o-tool", "2026-03-05T09:30:02.000Z", parentObservationId="o-root", metadata={"model": "local"})
    system.at(STEPS, page(inner, bare, step()))
    about = {"kind": "observation", "id": "o-tool", "traceId": "t-1"}
    system.at(SCORES, page(score("verdict", "good", subject=about)))
    (found,) = signals(reviews(system))
    assert [found[key] for key in ("output_id", "submitted_at", "model", "prompt_version")] == [
        "o-tool", "2026-03-05T09:30:02+00:00", "local", "refund-reply 7",
    ]  # fmt: skip


def test_scores_by_a_program_count_where_the_file_says_so(system: System) -> None:
    system.at(SCORES, page(score("verdict", 1, source="API", authorUserId=None)))
    changes: dict[str, Any] = {
        "sources": ["API", "ANNOTATION"],
        "environments": ["production"],
        "approved": [True],
        "edited": [],
    }
    (found,) = signals(reviews(system, **changes))
    assert (found["outcome"], found["reviewer"]) == ("approved", "API")
    (question,) = asked(system, SCORES)
    assert (question["source"], question["environment"]) == (["API,ANNOTATION"], ["production"])


def test_a_run_that_breaks_off_goes_on_with_the_next_page(system: System) -> None:
    system.at(SCORES, page(score("verdict", "good", "2026-03-09T08:00:00Z"), cursor="two"), Reply(None, 403))
    source = source_of(system.url, reviews=[REVIEWS])
    system.closing.append(source.close)
    portions = source.strands[0].read(None, UNTIL)
    kept = next(portions)
    with pytest.raises(NoAccess):
        next(portions)
    system.at(SCORES, page(score("verdict", "bad", id="s-2")))
    later = reviews(system, kept.cursor, datetime(2026, 3, 9, 12, tzinfo=UTC))
    first, _, last = asked(system, SCORES)
    assert last == first | {"cursor": ["two"]}
    assert [each["id"] for each in signals(later)] == ["s-2:1772704800"]
    assert json.loads(later[-1].cursor) == {"since": "2026-03-08T09:00:00Z", "known": ["s-1:1773043200"], "seen": []}


def test_a_page_that_is_gone_is_no_reason_to_stay_blind(system: System) -> None:
    cursor = json.dumps({"since": "2026-03-01T09:00:00Z", "after": "gone", "begun": "2026-03-08T09:00:00Z"})
    system.at(SCORES, Reply(None, 400), page(score("verdict", "good")))
    assert [each["id"] for each in signals(reviews(system, cursor))] == ["s-1:1772704800"]


def test_pages_without_end_are_read_to_a_limit_and_one_that_comes_again_is_said(system: System) -> None:
    system.at(SCORES, page(cursor="one"), page(cursor="one"))
    with pytest.raises(Circling, match=r"^langfuse gave a page of v3/scores that was read already in place of the"):
        reviews(system)
    system.seen.clear()
    system.otherwise = lambda _: page(cursor=f"page{len(system.seen)}")
    system.at(SCORES)
    with pytest.raises(
        Endless, match=r"^langfuse has more than 20,000 v3/scores: what is left is read by the next run"
    ):
        reviews(system)
    assert len(system.seen) == 200


def test_a_run_over_a_dataset_is_an_eval_run(system: System) -> None:
    system.at(RUNS, page(experiment(1)))
    system.at(
        CASES,
        page(case(1, score("correct", True), score("other", 0.1)), case(2, score("correct", 0.99)), cursor="two"),
        page(case(3, score("correct", 1)), case(1, score("correct", 0))),
    )
    portions = runs(system)
    assert signals(portions) == [
        {
            "id": "e-1:correct",
            "type": "eval_run",
            "workflow": "refunds_agent",
            "at": "2026-03-05T11:00:00+00:00",
            "suite": "refunds_core",
            "cases": 3,
            "passed": 2,
            "prompt_version": "refund-reply 8",
            "model": "claude-5",
            "url": f"{system.url}/project/p-refunds/datasets/d-1",
        }
    ]
    assert asked(system, RUNS) == [
        {
            "fromStartTime": ["2025-12-09T09:00:00Z"],
            "toStartTime": ["2026-03-09T09:00:00Z"],
            "datasetId": ["d-1"],
            "fields": ["core,metadata"],
            "limit": ["100"],
        }
    ]
    assert asked(system, CASES)[0] == {
        "fromStartTime": ["2026-02-03T11:00:00Z"],
        "toStartTime": ["2026-03-09T09:00:00Z"],
        "experimentId": ["e-1"],
        "fields": ["core,scores"],
        "scoreLimit": ["50"],
        "limit": ["100"],
    }
    assert json.loads(portions[0].cursor) == {"since": "2025-12-09T09:00:00Z", "told": {"e-1": "2026-03-05T11:00:00Z"}}
    assert json.loads(portions[-1].cursor) == {"since": "2026-03-07T09:00:00Z", "told": {}}


@pytest.mark.parametrize(
    ("changes", "scores", "passed"),
    [
        ({"at_least": 0.5}, (0.5, 0.49, 1), 2),
        ({"at_least": None, "at_most": 0}, (0, 0.1, False), 2),
        ({"at_least": 1, "at_most": 3}, (1, 3, 4), 2),
        ({"at_least": 1}, (10**400, True, -(10**400)), 2),
        ({"at_least": None, "passes": ["correct", "partly"]}, ("correct", "partly", "wrong"), 2),
        ({"at_least": None, "passes": [True]}, (True, 1, False), 2),
    ],
)
def test_what_passes_is_what_the_file_says(
    system: System, changes: dict[str, Any], scores: tuple[Any, ...], passed: int
) -> None:
    system.at(RUNS, page(experiment(1)))
    system.at(CASES, page(*(case(number, score("correct", value)) for number, value in enumerate(scores))))
    changes |= {name: Decimal(str(value)) for name, value in changes.items() if isinstance(value, float)}
    assert [(each["cases"], each["passed"]) for each in signals(runs(system, **changes))] == [(3, passed)]


def test_a_run_is_told_once_nothing_has_happened_in_it_for_an_hour(system: System) -> None:
    system.at(RUNS, page(experiment(1, "2026-03-09T08:30:00Z")))
    system.at(CASES, page(case(1, score("correct", 1))))
    early = runs(system)
    assert (signals(early), asked(system, CASES)) == ([], [])
    told = runs(system, early[-1].cursor, datetime(2026, 3, 9, 10, tzinfo=UTC))
    assert [each["id"] for each in signals(told)] == ["e-1:correct"]
    again = runs(system, told[-1].cursor, datetime(2026, 3, 9, 11, tzinfo=UTC))
    assert (signals(again), len(asked(system, CASES))) == ([], 1)
    assert asked(system, RUNS)[-1]["fromStartTime"] == ["2026-03-07T10:00:00Z"]


def test_scores_are_waited_for_a_day_and_a_case_without_one_has_not_passed(system: System) -> None:
    system.at(RUNS, page(experiment(1, "2026-03-08T11:00:00Z")))
    system.at(CASES, page(case(1, score("correct", 1)), case(2)))
    waiting = runs(system)
    assert signals(waiting) == []
    late = runs(system, waiting[-1].cursor, datetime(2026, 3, 9, 11, tzinfo=UTC))
    assert [(each["cases"], each["passed"]) for each in signals(late)] == [(2, 1)]


def test_a_run_in_which_something_else_was_measured_is_none_of_the_suite(system: System) -> None:
    system.at(RUNS, page(experiment(1), experiment(2)))
    system.at(CASES, page(case(1, score("tone", 1))), page(case(1, score("correct", 1), run=2)))
    assert [each["id"] for each in signals(runs(system))] == ["e-2:correct"]


def test_without_words_of_its_own_a_run_has_the_prompt_and_model_of_its_first_trace(system: System) -> None:
    system.at(RUNS, page(experiment(1, metadata={"model": "gpt-6", "prompt_version": {"not": "a word"}})))
    system.at(CASES, page(case(1, score("correct", 1))))
    system.at(STEPS, page(GENERATION, step()))
    (found,) = signals(runs(system, suite=None))
    assert (found["prompt_version"], found["model"], found["suite"]) == (
        "refund-reply 7", "gpt-6", "refunds/core <!here>",
    )  # fmt: skip


def test_words_where_the_file_has_a_number_are_said_and_nothing_is_told(system: System) -> None:
    system.at(RUNS, page(experiment(1)))
    system.at(CASES, page(case(1, score("correct", "yes"))))
    with pytest.raises(Garbled) as raised:
        runs(system)
    assert str(raised.value) == (
        "langfuse has words as 'correct' of the dataset 'refunds/core <!here>': name those that pass in passes, in "
        "place of at_least or at_most."
    )


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (Reply(None, 401), NoAccess, "langfuse did not take the token: set LANGFUSE_TOKEN to one that is in force."),
        (Reply(None, 403), NoAccess, "langfuse refused /api/public/v3/scores: give the token in LANGFUSE_TOKEN the"),
        (Reply(None, 404), Missing, "langfuse has nothing at /api/public/v3/scores, or hides it from this token: che"),
        (Reply(None, 429, {"Retry-After": "600"}), Throttled, "langfuse wants no more questions until "),
        (Reply(None, 503), Unreached, "langfuse has a fault of its own (status 503)."),
        (Reply(body=b'{"data": ['), Garbled, "langfuse gave an answer that is no JSON, or cut it off."),
        (Reply({"data": [{}]}), Garbled, "langfuse gave an answer of another shape (at data.0.id)."),
        (Reply({"data": [score("verdict", float("nan"))]}), Garbled, "langfuse gave an answer that is no JSON, or c"),
        (Reply(None, 302, {"Location": "http://10.0.0.1/"}), Astray, "langfuse sent us from /api/public/v3/scores to"),
    ],
)  # fmt: skip
def test_a_bad_answer_is_said_in_a_sentence(system: System, reply: Reply, kind: type[SourceError], said: str) -> None:
    system.at(SCORES, reply)
    with refused(kind, said):
        reviews(system)


@pytest.mark.parametrize(
    ("token", "what"), [(None, "no token"), ("sk-lf-canary", "a token that is no pair of keys"), ("a:b:c", "a token")]
)
def test_without_both_keys_it_says_which_variable_to_set(token: str | None, what: str) -> None:
    said = source_of("https://cloud.langfuse.com", token, reviews=[REVIEWS]).problem
    assert said.startswith(f"langfuse has {what}")
    assert said.endswith(": set LANGFUSE_TOKEN to PUBLIC:SECRET, the two keys of a project.")


@pytest.mark.parametrize("cursor", ["{}", "page two", '{"since": "2026-03-01T09:00:00"}'])
def test_a_place_that_cannot_be_read_is_said(system: System, cursor: str) -> None:
    for run in (reviews, runs):
        with pytest.raises(Garbled, match=r"^The kept place of langfuse cannot be read: restore a backup\.$"):
            run(system, cursor)


@pytest.mark.parametrize(
    ("path", "reply", "entries", "said"),
    [
        ("", None, {"reviews": [REVIEWS], "evals": [EVALS]}, ""),
        ("", None, {"reviews": [REVIEWS | {"score": "stars", "approved": [5], "rejected": [1]}]}, ""),
        ("", None, {"reviews": [REVIEWS | {"score": "their_own", "sources": ["API"]}]}, ""),
        ("", None, {"reviews": [REVIEWS | {"score": "verdct"}]}, "langfuse has no score 'verdct': did you mean 'verd"),
        ("", None, {"reviews": [REVIEWS | {"score": "x"}]}, "langfuse has no score 'x': write it as the project's s"),
        ("", None, {"reviews": [REVIEWS | {"edited": ["fx"]}]}, "langfuse has no value 'fx' of 'verdict': did you m"),
        ("", None, {"evals": [EVALS | {"dataset": "refunds"}]}, "langfuse has no dataset 'refunds' in the project of"),
        (SCORES, Reply(None, 401), {"reviews": [REVIEWS]},
         "langfuse did not take the token: set LANGFUSE_TOKEN to one that is in force. A key is for one region: LANGF"),
        (SCORES, Reply(None, 404), {"reviews": [REVIEWS]},
         "langfuse has nothing at /api/public/v3/scores: it must be Langfuse 3.179 or later, and LANGFUSE_API_URL wh"),
        (RUNS, Reply(None, 404), {"evals": [EVALS]},
         "langfuse has nothing at /api/public/experiments: it must be Langfuse 4 or later, and LANGFUSE_API_URL wher"),
        (RUNS, Reply(None, 400), {"evals": [EVALS]},
         "langfuse did not understand what was asked at /api/public/experiments: it must be Langfuse 4 or later."),
    ],
)  # fmt: skip
def test_what_the_file_names_and_langfuse_has_not_is_said_by_doctor(
    system: System, path: str, reply: Reply | None, entries: dict[str, Any], said: str
) -> None:
    if reply:
        system.at(path, reply)
    system.at(f"{DATASETS}/refunds", Reply(None, 404))
    source = source_of(system.url, **entries)
    system.closing.append(source.close)
    if said:
        with pytest.raises(SourceError) as raised:
            source.greet()
        assert str(raised.value).startswith(said)
    else:
        assert source.greet() == "refunds_agent"


def test_a_project_may_have_more_scores_than_one_page_has(system: System) -> None:
    path, many = "/api/public/score-configs", [config(f"score {number}") for number in range(100)]
    system.at(f"{path}?page=1&limit=100", numbered(*many))
    system.at(f"{path}?page=2&limit=100", numbered(config("verdict", "good", "fix", "bad")))
    source = source_of(system.url, reviews=[REVIEWS])
    system.closing.append(source.close)
    assert source.greet() == "refunds_agent"


def test_their_own_client_asks_as_we_do_and_reads_what_our_system_answers(system: System) -> None:
    import httpx
    from langfuse.api import LangfuseAPI

    def second(seen: Seen) -> bool:
        return "cursor=two" in seen.path

    def answers(seen: Seen) -> Reply:
        path = urlsplit(seen.path).path
        if path == SCORES:
            return page(score("verdict", True)) if second(seen) else page(score("verdict", "good"), cursor="two")
        if path == CASES:
            return page(case(1, score("correct", 1)), case(2, score("correct", "no")))
        return page(experiment(1)) if path == RUNS else usual(seen)

    usual, system.otherwise = system.otherwise, answers
    since = datetime(2025, 12, 9, 9, tzinfo=UTC)
    reviews(system)
    runs(system, at_least=None, passes=["1"])
    source = source_of(system.url, reviews=[REVIEWS], evals=[EVALS])
    source.greet()
    source.close()
    ours = {path: asked(system, path) for path in (SCORES, RUNS, CASES, STEPS, "/api/public/score-configs")}
    sent, ours[SCORES], ours[RUNS] = system.seen[0].headers["Authorization"], ours[SCORES][:2], ours[RUNS][:1]
    system.seen.clear()

    public, _, secret = TOKEN.partition(":")
    scope: dict[str, Any] = {"name": "verdict", "source": "ANNOTATION", "fields": "subject,annotation", "limit": 100}
    with httpx.Client(trust_env=False) as http:
        client = LangfuseAPI(base_url=system.url, username=public, password=secret, httpx_client=http)
        found = [
            client.scores.get_many(**scope, from_timestamp=since, to_timestamp=UNTIL, cursor=cursor)
            for cursor in (None, "two")
        ]
        dataset = client.datasets.get("refunds%2Fcore%20%3C%21here%3E")
        steps = client.observations.get_many(trace_id="t-1", fields="core,basic,model,prompt,metadata", limit=1000)
        (run,) = client.experiments.list(
            from_start_time=since, to_start_time=UNTIL, dataset_id=dataset.id, fields="core,metadata", limit=100
        ).data
        cases = client.experiments.list_items(
            from_start_time=datetime(2026, 2, 3, 11, tzinfo=UTC),
            to_start_time=UNTIL,
            experiment_id=run.id,
            fields="core,scores",
            score_limit=50,
            limit=100,
        )
        labels = [each.label for each in client.score_configs.get(page=1, limit=100).data[0].categories]
    assert {path: asked(system, path) for path in ours} == ours | {STEPS: ours[STEPS][:1]}
    assert system.seen[0].headers["Authorization"] == sent
    assert [(each.value, each.author_user_id, each.subject.id) for each in (*found[0].data, *found[1].data)] == [
        ("good", "u-ana", "t-1"), (True, "u-ana", "t-1"),
    ]  # fmt: skip
    assert (steps.data[0].prompt_version, steps.data[0].model, labels) == (7, "claude-5", ["good", "fix", "bad"])
    assert (run.metadata["model"], [each.scores[0].value for each in cases.data]) == ("claude-5", [1, "no"])
