"""What of Linear's answers becomes a signal, which questions are asked, and what a broken answer does to a run."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from graphql import FieldNode, IntValueNode, OperationDefinitionNode, SelectionSetNode, parse, validate

from bot.actions.signals import Taken
from bot.actions.sources import Ending, pull
from bot.domain.people import Through
from bot.sources import linear as linear_module
from bot.sources.errors import (
    Circling,
    Endless,
    Garbled,
    Missing,
    NoAccess,
    SourceError,
    Throttled,
    Unclear,
    Unreached,
)
from bot.sources.linear import Entries, linear
from bot.sources.linear_graph import ISSUES, MORE_MOVES, MOVES, NAMES
from bot.sources.seam import Portion, Source
from store import Database
from tests.program import Program
from tests.sources.linear_graph import Linear, issue, move, schema, state
from tests.sources.strands import UNTIL, access, by_id, keys, one_run
from tests.sources.system import Reply, Seen, System

MOST_POINTS = 10_000


def source(system: System, token: str = "lin_api_canary", **entries: Any) -> Source:
    """Linear at this system, the team SUP for refunds_agent."""
    given = {"team": "SUP", "workflow": "refunds_agent"} | entries
    made = linear(access(system.url, token), [Entries.model_validate(given)])
    system.closing.append(made.close)
    return made


def run(system: System, cursor: str | None = None, **entries: Any) -> list[Portion]:
    """What one run reads."""
    return one_run(system, source(system, **entries), cursor)


def cursor(at: str, *held: str) -> str:
    """A kept place."""
    return json.dumps({"at": at, "held": held})


@pytest.fixture
def here(system: System) -> Linear:
    """A Linear by its own schema."""
    return Linear(system)


@pytest.mark.parametrize("question", [ISSUES, MOVES, MORE_MOVES, NAMES])
def test_every_question_is_in_linears_schema_and_costs_less_than_it_takes(question: str) -> None:
    document = parse(question)
    assert validate(schema(), document) == []
    (operation,) = (each for each in document.definitions if isinstance(each, OperationDefinitionNode))
    assert 0 < _points(operation.selection_set) < MOST_POINTS


def _points(chosen: SelectionSetNode) -> float:
    """What Linear counts: a tenth for each field, 1 for each object, times as many as a list may have."""
    total = 0.0
    for each in chosen.selections:
        assert isinstance(each, FieldNode)
        counts = [int(a.value.value) for a in each.arguments or () if isinstance(a.value, IntValueNode)]
        below = 1 + _points(each.selection_set) if each.selection_set else 0.1
        total += below * (counts[0] if counts else 1)
    return total


def test_an_issue_is_told_as_it_stands(system: System, here: Linear) -> None:
    here.issues = [
        issue(1, 7, dueDate="2026-03-04", assignee={"displayName": "ana"}),
        issue(2, 8, state=state("completed", "Shipped")),
    ]
    portions = run(system)
    assert by_id(portions) == {
        "SUP-1:1772701620000": {
            "id": "SUP-1:1772701620000",
            "type": "work_item",
            "at": "2026-03-05T09:07:00+00:00",
            "key": "SUP-1",
            "title": "Issue 1",
            "status": "open",
            "due": "2026-03-04",
            "assignee": "ana",
            "workflow": "refunds_agent",
            "url": "https://linear.app/acme/issue/SUP-1",
        },
        "SUP-2:1772701680000": {
            "id": "SUP-2:1772701680000",
            "type": "work_item",
            "at": "2026-03-05T09:08:00+00:00",
            "key": "SUP-2",
            "title": "Issue 2",
            "status": "done",
            "due": None,
            "assignee": None,
            "workflow": "refunds_agent",
            "url": "https://linear.app/acme/issue/SUP-2",
        },
    }
    assert json.loads(portions[-1].cursor) == {"at": "2026-03-09T09:00:00Z", "held": []}
    assert here.asked[0] == {
        "team": {"key": {"eq": "SUP"}},
        "updatedAt": {"gte": "2025-12-09T09:00:00+00:00", "lt": "2025-12-16T09:00:00+00:00"},
    }
    assert (len(here.asked), here.asked[-1]["updatedAt"]["lt"]) == (13, "2026-03-09T09:00:00+00:00")
    assert {(each.method, each.path, each.headers["Authorization"]) for each in system.seen} == {
        ("POST", "/graphql", "lin_api_canary")
    }
    source(system, "lin_oauth_1").greet()
    assert system.seen[-1].headers["Authorization"] == "Bearer lin_oauth_1"


def test_team_project_and_labels_together_say_which_issues(system: System, here: Linear) -> None:
    given: dict[str, Any] = {"team": None, "project": "Macros", "labels": ["macros", "refunds"]}
    run(system, **given)
    del here.asked[0]["updatedAt"]
    assert here.asked[0] == {
        "project": {"name": {"eq": "Macros"}},
        "labels": {"some": {"name": {"in": ["macros", "refunds"]}}},
    }
    assert source(system, **given).strands[0].key == "project Macros, label macros or refunds → refunds_agent"


OPEN = {"updatedAt": "2026-03-06T09:00:00.000Z", "state": state("started")}
OVER = {"updatedAt": "2026-03-06T09:00:00.000Z", "state": state("completed")}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"state": state("started")}, "open"),
        ({"state": state("started", "BLOCKED")}, "blocked"),
        ({"labels": ["x", "On Hold"]}, "blocked"),
        ({"blockers": [("related", OPEN), ("blocks", OVER)]}, "open"),
        ({"blockers": [("blocks", OVER), ("blocks", OPEN)]}, "blocked"),
        ({"state": state("completed"), "labels": ["on hold"], "blockers": [("blocks", OPEN)]}, "done"),
        ({"state": state("canceled")}, "done"),
        ({"state": state("duplicate")}, "done"),
        ({"archivedAt": "2026-03-05T09:00:00.000Z"}, "done"),
        ({"trashed": True}, "done"),
    ],
)
def test_an_issue_is_blocked_by_a_state_a_label_or_another_issue_until_it_is_over(
    system: System, here: Linear, fields: dict[str, Any], told: str
) -> None:
    here.issues = [issue(1, **fields)]
    (found,) = by_id(run(system, blocked=["blocked", "on hold"])).values()
    assert found["status"] == told


def test_what_another_issue_holds_up_is_asked_again_until_that_one_is_over(system: System, here: Linear) -> None:
    here.issues = [issue(1, blockers=[("blocks", OPEN)])]
    first = run(system)
    (held,) = by_id(first).values()
    assert (held["status"], held["at"]) == ("blocked", "2026-03-06T09:00:00+00:00")
    assert json.loads(first[-1].cursor)["held"] == ["id-1"]

    again = run(system, first[-1].cursor)
    assert (list(by_id(again)), json.loads(again[-1].cursor)["held"]) == ([held["id"]], ["id-1"])

    here.issues = [issue(1, blockers=[("blocks", OVER | {"updatedAt": "2026-03-07T09:00:00.000Z"})])]
    last = run(system, first[-1].cursor)
    (free,) = by_id(last).values()
    assert (free["status"], free["at"], free["id"]) == ("open", "2026-03-07T09:00:00+00:00", "SUP-1:1772874000000")
    assert json.loads(last[-1].cursor)["held"] == []


def test_what_is_touched_after_the_run_began_is_left_to_the_next(system: System, here: Linear) -> None:
    late = "2026-03-09T09:00:01.000Z"
    here.issues = [
        issue(1, blockers=[("blocks", OPEN | {"updatedAt": late})]),
        issue(2, updatedAt=late, blockers=[("blocks", OPEN)]),
    ]
    portions = run(system, cursor("2026-03-05T09:00:00Z", "id-2"))
    assert {name: each["status"] for name, each in by_id(portions).items()} == {"SUP-1:1772701200000": "blocked"}
    assert json.loads(portions[-1].cursor)["held"] == ["id-1", "id-2"]


def test_a_run_that_breaks_off_forgets_nothing_that_is_held_up(system: System, here: Linear) -> None:
    here.issues = [issue(1, blockers=[("blocks", OPEN)]), issue(2, 5, blockers=[("blocks", OPEN)])]
    portions = source(system).strands[0].read(cursor("2026-03-05T09:04:00Z", "id-1", "id-gone"), UNTIL)
    kept = [next(portions), next(portions)]
    assert [json.loads(each.cursor) for each in kept] == [
        {"at": "2026-03-05T09:04:00Z", "held": ["id-1", "id-gone"]},
        {"at": "2026-03-05T09:05:00Z", "held": ["id-1", "id-2"]},
    ]
    assert [keys([each]) for each in kept] == [{"SUP-1"}, {"SUP-2"}]


def test_an_issue_that_moved_to_another_team_is_over_under_its_former_key(system: System, here: Linear) -> None:
    here.issues = [issue(1, previousIdentifiers=["OLD-7"])]
    assert [(each["id"], each["key"], each["status"]) for each in by_id(run(system)).values()] == [
        ("SUP-1:1772701200000", "SUP-1", "open"),
        ("OLD-7:1772701200000", "OLD-7", "done"),
    ]


def test_what_was_over_and_taken_up_again_is_rework_at_the_cost_that_the_file_says(
    system: System, here: Linear
) -> None:
    steps = [("unstarted", "completed"), ("completed", "started"), ("started", "canceled"), ("canceled", "duplicate")]
    history = [move(f"m{place}", f"08:{place:02}", *step) for place, step in enumerate(steps)]
    many = [move(f"n{place}", "08:30", None, None) for place in range(75)]
    here.issues = [
        issue(1, 30, history=history),
        issue(2, 31, history=[*many, move("late", "08:59", "canceled", "triage")]),
        issue(3, 32, history=[move("early", "08:00", "completed", "triage")], createdAt="2026-01-02T09:00:00.000Z"),
    ]
    found = by_id(run(system, rework_cost_usd=80))
    assert found["id-1:reopened:m1"] == {
        "id": "id-1:reopened:m1",
        "type": "rework",
        "at": "2026-03-05T08:01:00+00:00",
        "kind": "reopened",
        "cost_usd": 80.0,
        "workflow": "refunds_agent",
        "url": "https://linear.app/acme/issue/SUP-1",
    }
    told = {name for name, each in found.items() if each["type"] == "rework"}
    assert told == {"id-1:reopened:m1", "id-2:reopened:late", "id-3:reopened:early"}
    later = by_id(run(system, cursor("2026-03-05T09:00:00Z"), rework_cost_usd=80, since="2026-03-06"))
    assert [each["type"] for each in later.values()] == ["work_item"] * 3
    assert not any("history" in question for question in _asked(here, system))


def _asked(here: Linear, system: System) -> list[str]:
    """What a run without a cost asks."""
    here.questions.clear()
    run(system)
    return here.questions


def test_a_completed_issue_with_such_a_label_is_a_change_that_cannot_be_taken_back(
    system: System, here: Linear
) -> None:
    completed: dict[str, Any] = {"completedAt": "2026-03-04T21:30:00.000Z", "labels": ["macros", "one-way"]}
    here.issues = [
        issue(1, state=state("completed"), **completed),
        issue(2, state=state("canceled"), **completed),
        issue(3, state=state("completed"), **completed | {"labels": ["macros"]}),
    ]
    found = by_id(run(system, irreversible=["one-way"]))
    assert found["id-1:ended"] == {
        "id": "id-1:ended",
        "type": "change",
        "at": "2026-03-04T21:30:00+00:00",
        "key": "SUP-1",
        "title": "Issue 1",
        "merged_at": "2026-03-04T21:30:00+00:00",
        "lead_time_hours": 60.5,
        "reverts": None,
        "irreversible": True,
        "workflow": "refunds_agent",
        "url": "https://linear.app/acme/issue/SUP-1",
    }
    assert [name for name, each in found.items() if each["type"] == "change"] == ["id-1:ended"]
    later = by_id(run(system, cursor("2026-03-05T09:00:00Z"), irreversible=["one-way"], since="2026-03-05"))
    assert [each["type"] for each in later.values()] == ["work_item"] * 3


def test_a_title_full_of_markup_and_a_link_to_another_host_are_made_harmless(system: System, here: Linear) -> None:
    title = "<!channel> <https://evil.example|login>\u202e\nx" + "y" * 9000
    here.issues = [
        issue(1, title=title, url="https://evil.example/x", assignee={"displayName": "<@U1>\n\u202eana"}),
        issue(2, title="\u200b", url="https://[", assignee={"displayName": "\u200b"}),
    ]
    first, second = by_id(run(system)).values()
    assert first["title"].startswith("<!channel> <https://evil.example|login> x")
    assert (len(first["title"]), first["assignee"], "url" in first) == (300, "<@U1> ana", False)
    assert (second["title"], second["assignee"], "url" in second) == ("SUP-2", None, False)


def test_more_than_a_page_is_told_the_oldest_first_and_a_run_goes_on_where_it_was(system: System, here: Linear) -> None:
    here.issues = [issue(number, number % 60, updatedAt=_minute(number)) for number in range(120)]
    portions = run(system, cursor("2026-03-05T09:00:00Z"))
    assert [len(each.entries) for each in portions] == [50, 50, 20, 0]
    assert keys(portions) == {f"SUP-{number}" for number in range(120)}
    assert json.loads(portions[0].cursor)["at"] == "2026-03-05T09:49:00Z"
    assert keys(run(system, portions[1].cursor)) == {f"SUP-{number}" for number in range(97, 120)}


def _minute(number: int) -> str:
    return f"2026-03-05T{9 + number // 60:02}:{number % 60:02}:00.000Z"


def test_where_too_much_was_touched_a_shorter_time_is_asked_for(
    system: System, here: Linear, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(linear_module, "PAGES", 1)
    here.issues = [issue(number, updatedAt=_minute(number)) for number in range(120)]
    assert keys(run(system, cursor("2026-03-05T09:00:00Z"))) == {f"SUP-{number}" for number in range(120)}
    assert len(here.asked) < 50


def test_pages_without_end_are_read_to_a_limit(system: System, here: Linear, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear_module, "PAGES", 1)
    here.issues = [issue(number) for number in range(60)]
    with pytest.raises(Endless, match=r"^linear has more than 50 issues of refunds_agent within one second, and no "):
        run(system, cursor("2026-03-05T09:00:00Z"))


def test_a_page_that_comes_again_is_said(system: System, here: Linear) -> None:
    page = {"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": "again"}}

    def answer(seen: Seen) -> Reply:
        is_list = b"query Issues" in seen.body
        return Reply({"data": {"issues": page}}) if is_list else here.answer(seen)

    system.otherwise = answer
    with pytest.raises(Circling, match=r"^linear gave a page of issues that was read already in place of the next\."):
        run(system)


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({"team": "NONE"}, "linear has no team NONE, or hides it from this token: check the name in ROLLOUT_SOURCES, "),
        ({"project": "None"}, "linear has no project None, or hides it"),
        ({"labels": ["macros", "none"]}, "linear has no label none, or hides it"),
    ],
)
def test_a_name_that_is_not_there_is_said_and_not_taken_for_no_issues(
    system: System, here: Linear, entries: dict[str, Any], said: str
) -> None:
    for ask in (lambda: source(system, **entries).greet(), lambda: run(system, **entries)):
        with pytest.raises(Missing) as raised:
            ask()
        assert str(raised.value).startswith(said)
    assert source(system, labels=["macros"]).greet() == "team SUP, label macros"


def refusal(code: str) -> dict[str, Any]:
    """A refusal as GraphQL has it, with a message that repeats the token."""
    return {"errors": [{"message": "No: lin_api_canary", "extensions": {"code": code}}]}


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (Reply(None, 401), NoAccess, "linear did not take the token: set LINEAR_TOKEN to one that is in force."),
        (Reply(None, 403), NoAccess, "linear refused /graphql: give the token in LINEAR_TOKEN the right to read it."),
        (
            Reply(None, 404),
            Missing,
            "linear has nothing at /graphql, or hides it from this token: check the name, and LINEAR_TOKEN.",
        ),
        (
            Reply(refusal("AUTHENTICATION_ERROR"), 400),
            NoAccess,
            "linear did not take the token: set LINEAR_TOKEN to one that is in force.",
        ),
        (
            Reply(refusal("FORBIDDEN")),
            NoAccess,
            "linear refused what was asked: give the token in LINEAR_TOKEN the right to read issues.",
        ),
        (Reply(refusal("INTERNAL_SERVER_ERROR")), Unreached, "linear has a fault of its own."),
        (Reply(refusal("INVALID_INPUT")), Unclear, "linear did not understand what was asked."),
        (Reply(refusal("INVALID_INPUT"), 400), Unclear, "linear did not understand what was asked."),
        (
            Reply("no", 400),
            Unclear,
            "linear did not understand what was asked at /graphql (status 400).",
        ),
        (Reply(None, 503), Unreached, "linear has a fault of its own (status 503)."),
        (Reply({}, body=b'{"data": {"teams"'), Garbled, "linear gave an answer that is no JSON, or cut it off."),
        (Reply([]), Garbled, "linear gave an answer of another shape."),
        (Reply({"data": None}), Garbled, "linear gave an answer of another shape."),
        (Reply({"data": {"teams": 1}}), Garbled, "linear gave an answer of another shape (at teams)."),
    ],
)
def test_a_broken_answer_is_said_and_the_next_run_recovers(
    system: System, here: Linear, answer: Reply, kind: type[SourceError], said: str
) -> None:
    here.issues = [issue(1)]
    found = source(system).strands[0]
    system.otherwise = lambda _: answer
    with pytest.raises(kind) as raised:
        list(found.read(None, UNTIL))
    assert str(raised.value) == said
    system.otherwise = here.answer
    assert keys(list(found.read(None, UNTIL))) == {"SUP-1"}


@pytest.mark.parametrize("status", [200, 400])
@pytest.mark.parametrize(
    ("headers", "minutes"),
    [
        ({"x-ratelimit-requests-remaining": "0", "x-ratelimit-requests-reset": "20"}, 20),
        ({"x-ratelimit-requests-remaining": "7", "x-ratelimit-requests-reset": "20"}, 1),
        ({"x-ratelimit-complexity-remaining": "0", "x-ratelimit-complexity-reset": "30"}, 30),
        ({"x-ratelimit-complexity-remaining": "0", "x-ratelimit-complexity-reset": "soon"}, 1),
        ({"Retry-After": "120"}, 2),
        ({}, 1),
    ],
)
def test_a_linear_that_wants_quiet_says_so_by_a_code_and_gets_it(
    system: System, status: int, headers: dict[str, str], minutes: int
) -> None:
    now = datetime.now(UTC)

    def in_ms(text: str) -> str:
        return str(int((now + timedelta(minutes=int(text))).timestamp() * 1000))

    sent = {name: in_ms(text) if name.endswith("-reset") and text != "soon" else text for name, text in headers.items()}
    system.otherwise = lambda _: Reply(refusal("RATELIMITED"), status, sent)
    with pytest.raises(
        Throttled, match=r"^linear wants no more questions until \d\d:\d\d UTC; what is left is "
    ) as told:
        run(system)
    assert abs(told.value.until - now - timedelta(minutes=minutes)) < timedelta(seconds=30)
    assert "canary" not in str(told.value)


def test_a_kept_place_that_is_none_is_said(system: System) -> None:
    for kept in ("yesterday", '{"at": "2026-03-06T00:00:00"}', "{"):
        with pytest.raises(Garbled, match=r"^The kept place of linear cannot be read: restore a backup\."):
            run(system, kept)


def test_without_a_token_it_says_which_variable_is_missing() -> None:
    entries = [Entries.model_validate({"team": "SUP", "workflow": "w"})]
    found = linear(access("https://api.linear.app", None), entries)
    assert (found.problem, found.strands) == (
        "linear has no token: set LINEAR_TOKEN to an API key with read access.",
        (),
    )


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_issues_become_signals_once(database: Database, system: System, here: Linear) -> None:
    program = Program(database)
    program.start()
    program.later(days=5)
    here.issues = [
        issue(1, blockers=[("blocks", OPEN)], history=[move("m", "08:00", "completed", "started")]),
        issue(2, 5, state=state("completed"), completedAt="2026-03-05T09:00:00.000Z", labels=["one-way"]),
    ]
    ours = source(system, rework_cost_usd=80, irreversible=["one-way"])
    pulled = pull(program.desk, ours, Through.CLI)
    assert (pulled.ending, pulled.taken) == (Ending.READ, Taken(4, 0))
    again = pull(program.desk, ours, Through.CLI)
    assert (again.ending, again.taken.accepted, again.taken.rejected) == (Ending.READ, 0, ())
    assert program.verify().ok
