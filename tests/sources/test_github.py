"""What of GitHub's answers becomes a signal, and what a broken answer does to a run."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.sources import github as github_module
from bot.sources import github_lists, http
from bot.sources.errors import Circling, Endless, Garbled, SourceError, Unreached
from bot.sources.github import github, web_of
from bot.sources.github_entries import Entries
from bot.sources.github_lists import Left, Mark, written
from bot.sources.seam import Portion, Strand
from tests.sources.strands import UNTIL, access, by_id
from tests.sources.system import Reply, Seen, System

PULLS = "/repos/acme/macros/pulls"


def strand(system: System, **entries: Any) -> Strand:
    """acme/macros at this system, for the workflow macros."""
    given = {"repository": "acme/macros", "workflow": "macros"} | entries
    source = github(access(system.url, "canary"), [Entries.model_validate(given)])
    system.closing.append(source.close)
    return source.strands[-1]


def pull(number: int, **changes: Any) -> dict[str, Any]:
    """A pull request as a list has it, merged on 5 March at `number` minutes past nine."""
    at = f"2026-03-05T09:{number:02}:00Z"
    given = {"number": number, "title": f"Change {number}", "user": {"login": "ana", "type": "User"}, "merged_at": at}
    more = {
        "created_at": "2026-03-04T09:00:00Z",
        "updated_at": at,
        "closed_at": at,
        "merge_commit_sha": f"{number:040}",
    }
    return given | more | changes


def commit(message: str = "Work", at: str | None = "2026-03-03T09:00:00Z", sha: str = "f" * 40) -> dict[str, Any]:
    """A commit as a list has it."""
    return {"sha": sha, "commit": {"message": message, "author": {"date": at} if at else None}}


def read(system: System, *pulls: dict[str, Any], **entries: Any) -> dict[str, dict[str, Any]]:
    """The signals of these pull requests, by id."""
    system.at(PULLS, Reply(list(pulls)))
    return by_id(list(strand(system, **entries).read(None, UNTIL)))


def commits_of(system: System, number: int, *commits: dict[str, Any]) -> None:
    """Those of a pull request."""
    system.at(f"{PULLS}/{number}/commits", Reply(list(commits)))


@pytest.mark.parametrize(
    ("commits", "hours"),
    [
        pytest.param([commit(at="2026-03-04T21:00:00Z")], 24.5, id="opened before its first commit was written"),
        pytest.param([commit(at="2026-03-05T08:00:00Z"), commit()], 48.5, id="the earliest commit"),
        pytest.param([commit(at=None)], 24.5, id="a commit without a time"),
        pytest.param([], 24.5, id="no commit"),
    ],
)
def test_lead_time_counts_from_the_first_commit_or_the_opening(
    system: System, commits: list[dict[str, Any]], hours: float
) -> None:
    commits_of(system, 30, *commits)
    assert read(system, pull(30))["acme/macros#30:merged"]["lead_time_hours"] == hours


@pytest.mark.parametrize(
    ("changes", "reverts"),
    [
        ({"title": 'Revert "Refund all"', "body": "Reverts acme/macros#7"}, "acme/macros#7"),
        ({"title": "Take it back", "body": "It broke.\n\nReverts #7"}, "acme/macros#7"),
        ({"title": 'Revert "Refund all"', "body": "Reverts acme/other#7"}, "acme/other#7"),
        ({"title": 'Revert "Refund all"', "body": None}, 'acme/macros "Refund all"'),
        ({"title": "Revert nothing", "body": "This reverts the mood, see #7"}, None),
    ],
)
def test_what_takes_back_another_change_names_it(system: System, changes: dict[str, Any], reverts: str | None) -> None:
    commits_of(system, 30, commit())
    assert read(system, pull(30, **changes))["acme/macros#30:merged"]["reverts"] == reverts


def test_a_commits_trailer_names_what_it_takes_back_by_the_change_that_brought_it(system: System) -> None:
    trailer = f"Revert it\n\nThis reverts commit {'a' * 40}."
    commits_of(system, 30, commit(trailer))
    assert read(system, pull(30))["acme/macros#30:merged"]["reverts"] == f"acme/macros@{'a' * 12}"
    system.at(f"/repos/acme/macros/commits/{'a' * 40}/pulls", Reply([pull(7)]))
    assert read(system, pull(30))["acme/macros#30:merged"]["reverts"] == "acme/macros#7"
    commits_of(system, 30, commit(sha="a" * 40), commit(trailer))
    assert read(system, pull(30))["acme/macros#30:merged"]["reverts"] is None


def test_a_revert_costs_what_the_file_says(system: System) -> None:
    commits_of(system, 30, commit())
    found = read(system, pull(30, body="Reverts #7"), rework_cost_usd=250)
    assert found["acme/macros#30:rework"] == {
        "id": "acme/macros#30:rework",
        "type": "rework",
        "at": "2026-03-05T09:30:00+00:00",
        "kind": "rollback",
        "cost_usd": 250.0,
        "workflow": "macros",
        "url": f"{system.url}/acme/macros/pull/30",
    }


def test_labels_and_authors_say_what_belongs_to_a_workflow(system: System) -> None:
    for number in (1, 2, 3):
        commits_of(system, number, commit())
    pulls = (
        pull(1, labels=[{"name": "refunds"}]),
        pull(2, user={"login": "macro-bot", "type": "Bot"}, labels=[{"name": "refunds"}, {"name": "risky"}]),
        pull(3, user=None),
        pull(4, merged_at=None),
    )

    def told(**entries: Any) -> list[str]:
        return sorted(each["key"] for each in read(system, *pulls, **entries).values())

    assert told() == ["acme/macros#1", "acme/macros#2", "acme/macros#3"]
    assert told(labels=["refunds", "other"]) == ["acme/macros#1", "acme/macros#2"]
    assert told(labels=["refunds"], authors=["macro-bot"]) == ["acme/macros#2"]
    found = read(system, *pulls, irreversible=["risky"])
    assert [each["irreversible"] for each in found.values()] == [False, True, False]


def test_a_title_full_of_markup_and_hidden_characters_is_one_line_of_it(system: System) -> None:
    commits_of(system, 30, commit())
    title = "<!channel> <https://evil.example|login>\u202e\nx" + "y" * 9000
    found = read(system, pull(30, title=title))["acme/macros#30:merged"]["title"]
    assert found.startswith("<!channel> <https://evil.example|login> x")
    assert len(found) == 300
    assert read(system, pull(30, title="\u200b"))["acme/macros#30:merged"]["title"] == "#30"


def review(name: str, state: str, minute: int, kind: str = "User") -> dict[str, Any]:
    """A review as a list has it, on 5 March."""
    at = f"2026-03-05T08:{minute:02}:00Z"
    return {"id": minute, "user": {"login": name, "type": kind}, "state": state, "submitted_at": at}


@pytest.mark.parametrize(
    ("reviews", "changes", "told"),
    [
        pytest.param([], {"closed_at": None}, [], id="nobody yet"),
        pytest.param(
            [review("macro-bot", "APPROVED", 1), review("ana", "COMMENTED", 2), review("ci", "APPROVED", 3, "Bot")],
            {"closed_at": None},
            [],
            id="its author, a remark, a machine",
        ),
        pytest.param(
            [review("rui", "APPROVED", 5), review("ana", "APPROVED", 3)],
            {"closed_at": None},
            [("approved", "ana", "08:03", "08:03")],
            id="the first person's word",
        ),
        pytest.param(
            [review("ana", "APPROVED", 3), review("rui", "CHANGES_REQUESTED", 9)],
            {"closed_at": None},
            [("edited", "ana", "08:03", "08:09")],
            id="one request for changes",
        ),
        pytest.param(
            [review("ana", "CHANGES_REQUESTED", 3)],
            {},
            [("edited", "ana", "08:03", "08:03"), ("rejected", "ana", "08:03", "09:30")],
            id="closed unmerged after a word",
        ),
        pytest.param([], {}, [("rejected", "rui", "09:30", "09:30")], id="closed unmerged without a word"),
    ],
)
def test_an_agents_pull_request_is_an_output_that_people_review(
    system: System, reviews: list[dict[str, Any]], changes: dict[str, Any], told: list[tuple[str, ...]]
) -> None:
    system.at(f"{PULLS}/30/reviews", Reply(reviews))
    system.at("/repos/acme/macros/issues/30", Reply({"closed_by": {"login": "rui", "type": "User"}}))
    bots = pull(30, **{"user": {"login": "macro-bot", "type": "Bot"}, "merged_at": None} | changes)
    first, *found = read(system, bots, agents={"authors": ["macro-bot"]}).values()
    assert first == {
        "id": "acme/macros#30:submitted",
        "type": "review",
        "output_id": "acme/macros#30",
        "submitted_at": "2026-03-04T09:00:00+00:00",
        "at": "2026-03-04T09:00:00+00:00",
        "workflow": "macros",
        "url": f"{system.url}/acme/macros/pull/30",
    }
    assert [(e["outcome"], e["reviewer"], e["reviewed_at"][11:16], e["at"][11:16]) for e in found] == told


def on_two_pages(system: System, path: str, first: Any, second: Any) -> None:
    """Both, the second where the first one's link leads."""
    system.at(path, Reply(first, headers={"Link": f'<{system.url}{path}?page=2>; rel="next"'}))
    system.at(f"{path}?page=2", Reply(second))


def test_what_stands_on_the_second_page_counts_as_much(system: System) -> None:
    on_two_pages(system, f"{PULLS}/30/commits", [commit(at="2026-03-05T08:00:00Z")], [commit(sha="e" * 40)])
    assert read(system, pull(30))["acme/macros#30:merged"]["lead_time_hours"] == 48.5

    remark, word = review("ana", "COMMENTED", 1), review("rui", "CHANGES_REQUESTED", 2)
    on_two_pages(system, f"{PULLS}/31/reviews", [remark], [word])
    bots = pull(31, user={"login": "macro-bot", "type": "Bot"}, merged_at=None, closed_at=None)
    _, found = read(system, bots, agents={"authors": ["macro-bot"]}).values()
    assert (found["reviewer"], found["outcome"]) == ("rui", "edited")

    runs = [
        {"id": number, "name": "evals", "status": "completed", "completed_at": "2026-03-05T10:00:00Z"}
        for number in (1, 2)
    ]
    system.at("/repos/acme/macros/commits", Reply([commit(sha="abc")]))
    checks = "/repos/acme/macros/commits/abc/check-runs"
    on_two_pages(system, checks, {"check_runs": runs[:1]}, {"check_runs": runs[1:]})
    portions = strand(system, evals={"checks": {"evals": "core"}}).read("2026-03-06T00:00:00+00:00", UNTIL)
    assert [each["id"] for each in next(portions).entries] == ["acme/macros:check:1", "acme/macros:check:2"]


def test_an_agent_that_withdraws_its_own_work_was_not_rejected(system: System) -> None:
    system.at(f"{PULLS}/30/reviews", Reply([]))
    bots = pull(30, user={"login": "macro-bot", "type": "Bot"}, merged_at=None)
    for answer in (
        Reply({"closed_by": {"login": "macro-bot", "type": "Bot"}}),
        Reply({"closed_by": None}),
        Reply(None, 404),
    ):
        system.at("/repos/acme/macros/issues/30", answer)
        assert list(read(system, bots, agents={"authors": ["macro-bot"]})) == ["acme/macros#30:submitted"]


def test_a_draft_is_not_handed_in_yet_and_a_label_marks_an_agents_work_too(system: System) -> None:
    system.at(f"{PULLS}/30/reviews", Reply([]))
    waiting = {"merged_at": None, "closed_at": None, "labels": [{"name": "agent"}]}
    agents = {"labels": ["agent"]}
    assert read(system, pull(30, draft=True, **waiting), agents=agents) == {}
    assert list(read(system, pull(30, **waiting), agents=agents)) == ["acme/macros#30:submitted"]


def test_a_finished_check_is_an_eval_run(system: System) -> None:
    runs = [
        {"id": 1, "name": "evals", "status": "completed", "completed_at": "2026-03-05T10:00:00Z",
         "output": {"title": "1,960 of 2,000 passed", "summary": "Prompt version: v7\nModel: m-1"}},
        {"id": 2, "name": "evals", "status": "completed", "completed_at": "2026-03-05T11:00:00Z",
         "output": {"title": None, "summary": "done"}},
        {"id": 3, "name": "lint", "status": "completed", "completed_at": "2026-03-05T11:00:00Z"},
        {"id": 4, "name": "evals", "status": "in_progress", "completed_at": None},
        {"id": 5, "name": "evals", "status": "completed", "completed_at": "2026-03-09T09:00:01Z"},
    ]  # fmt: skip
    system.at("/repos/acme/macros/commits", Reply([commit(sha="abc")]))
    system.at("/repos/acme/macros/commits/abc/check-runs", Reply({"total_count": 5, "check_runs": runs}))
    found = strand(system, evals={"checks": {"evals": "core"}})
    first, last = found.read("2026-03-06T00:00:00+00:00", UNTIL)
    run = {"type": "eval_run", "suite": "core", "workflow": "macros"}
    assert first.entries == (
        {**run, "id": "acme/macros:check:1", "at": "2026-03-05T10:00:00+00:00", "passed": 1960, "cases": 2000,
         "prompt_version": "v7", "model": "m-1", "url": f"{system.url}/acme/macros/runs/1"},
        {**run, "id": "acme/macros:check:2", "at": "2026-03-05T11:00:00+00:00", "prompt_version": "", "model": "",
         "url": f"{system.url}/acme/macros/runs/2"},
    )  # fmt: skip
    assert first.cursor == "2026-03-06T00:00:00+00:00"
    assert last == Portion((), UNTIL.isoformat())
    assert "since=2026-03-05T00%3A00%3A00Z" in system.paths[0]


def test_a_run_reads_back_to_its_cursor_oldest_first_and_in_portions(system: System) -> None:
    for number in range(60):
        commits_of(system, number, commit())
    newest = [pull(number) for number in reversed(range(60))]
    system.at(PULLS, Reply([pull(59, updated_at="2026-03-09T09:00:01Z"), *newest]))
    found = strand(system)
    first, second = found.read(None, UNTIL)
    assert [len(first.entries), len(second.entries)] == [50, 10]
    assert first.entries[0]["key"] == "acme/macros#0"
    assert second.cursor == "2026-03-05T09:59:00+00:00"
    (rest,) = found.read(first.cursor, UNTIL)
    assert [each["key"] for each in rest.entries] == [f"acme/macros#{number}" for number in range(47, 60)]
    assert list(found.read("2026-03-06T00:00:00+00:00", UNTIL)) == []


def test_the_first_run_reads_ninety_days_or_from_the_day_that_the_file_names(system: System) -> None:
    old, older = pull(2, updated_at="2025-12-10T00:00:00Z"), pull(1, updated_at="2025-12-08T00:00:00Z")
    for number in (1, 2):
        commits_of(system, number, commit())
    assert UNTIL - timedelta(days=90) == datetime(2025, 12, 9, 9, tzinfo=UTC)
    assert list(read(system, old, older)) == ["acme/macros#2:merged"]
    assert len(read(system, old, older, since="2025-12-01")) == 2


MIDNIGHT = datetime(2026, 2, 1, tzinfo=UTC)


class Busy:
    """A repository with `size` merged pull requests, each touched a minute after the one before: the newest first."""

    def __init__(self, system: System, size: int) -> None:
        self.system = system
        self.minutes = {number: number + 1 for number in range(size)}
        system.otherwise = self.answer

    def answer(self, seen: Seen) -> Reply:
        """One page of the list, and where the next one is; or the one commit of each."""
        path, asked = urlsplit(seen.path).path, parse_qs(urlsplit(seen.path).query)
        if path != PULLS:
            return Reply([commit()])
        page, size = int(asked.get("page", ["1"])[0]), int(asked["per_page"][0])
        newest = sorted(self.minutes, key=lambda each: -self.minutes[each])
        listed = [
            pull(each, updated_at=f"{MIDNIGHT + timedelta(minutes=self.minutes[each]):%FT%TZ}") for each in newest
        ]
        follows = f'<{self.system.url}{PULLS}?per_page={size}&page={page + 1}>; rel="next"'
        headers = {"Link": follows} if page * size < len(listed) else {}
        return Reply(listed[(page - 1) * size : page * size], headers=headers)

    def touch(self, number: int) -> None:
        """Somebody does something with it: it moves to the front."""
        self.minutes[number] = max(self.minutes.values()) + 1


@pytest.fixture
def _short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run reads three pages of five."""
    monkeypatch.setattr(github_module, "LISTED", 5)
    for module in (http, github_lists, github_module):
        monkeypatch.setattr(module, "PAGES", 3)


def run_of(strand: Strand, cursor: str | None) -> tuple[set[str], str | None, str]:
    """What a run reads: the changes, where the next one goes on, and why it did not end."""
    read = set[str]()
    try:
        for portion in strand.read(cursor, UNTIL):
            read |= {str(each["key"]) for each in portion.entries}
            cursor = portion.cursor
    except SourceError as why:
        return read, cursor, str(why)
    return read, cursor, ""


@pytest.mark.usefixtures("_short_runs")
def test_what_one_run_does_not_come_to_the_next_ones_read(system: System) -> None:
    busy, found = Busy(system, 30), strand(system)
    told = "acme/macros has more than 15 pull requests since 2025-12-09: what is left is read by the next run."
    first, cursor, why = run_of(found, None)
    assert (len(first), why) == (15, told)
    for number in (3, 9, 29):
        busy.touch(number)
    second, cursor, why = run_of(found, cursor)
    assert (second > {"acme/macros#3", "acme/macros#9"}, why) == (True, told)
    third, cursor, why = run_of(found, cursor)
    assert (first | second | third, why) == ({f"acme/macros#{number}" for number in range(30)}, "")
    assert cursor == "2026-02-01T00:33:00+00:00"


@pytest.mark.usefixtures("_short_runs")
def test_too_much_that_is_new_is_read_with_what_was_left_before(system: System) -> None:
    Busy(system, 40)
    cursor: str | None = written(Mark(at=MIDNIGHT + timedelta(minutes=10), left=Left(since=MIDNIGHT, page=2)))
    found, read, ends = strand(system), set[str](), list[bool]()
    for _ in range(4):
        some, cursor, why = run_of(found, cursor)
        read |= some
        ends.append(not why)
    assert (read, ends) == ({f"acme/macros#{number}" for number in range(40)}, [False, False, False, True])


def test_a_list_that_leads_back_gives_what_came_before_and_moves_no_cursor(system: System) -> None:
    commits_of(system, 1, commit())
    commits_of(system, 2, commit())
    system.at(PULLS, Reply([pull(2)], headers={"Link": f'<{system.url}{PULLS}?page=2>; rel="next"'}))
    system.at(f"{PULLS}?page=2", Reply([pull(1)], headers={"Link": f'<{system.url}{PULLS}?page=2>; rel="next"'}))
    portions = strand(system).read("2026-03-01T00:00:00+00:00", UNTIL)
    kept = next(portions)
    assert ([each["key"] for each in kept.entries], kept.cursor) == (
        ["acme/macros#1", "acme/macros#2"],
        "2026-03-01T00:00:00+00:00",
    )
    with pytest.raises(Circling, match=rf"^github gave a page of {PULLS} that was read already in place of the next"):
        next(portions)


def test_commits_that_one_run_does_not_come_to_the_next_one_checks(
    system: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (http, github_lists, github_module):
        monkeypatch.setattr(module, "PAGES", 1)
    commits = "/repos/acme/macros/commits"
    system.at(commits, Reply([commit(sha="new")], headers={"Link": f'<{system.url}{commits}?page=2>; rel="next"'}))
    for place, sha in enumerate(("new", "old"), 1):
        run = {"id": place, "name": "evals", "status": "completed", "completed_at": "2026-03-05T10:00:00Z",
               "output": {"title": "1 of 1"}}  # fmt: skip
        system.at(f"{commits}/{sha}/check-runs", Reply({"check_runs": [run]}))
    found = strand(system, evals={"checks": {"evals": "core"}})
    portions = found.read("2026-03-06T00:00:00+00:00", UNTIL)
    first, last = next(portions), next(portions)
    assert [each["id"] for each in first.entries] == ["acme/macros:check:1"]
    with pytest.raises(Endless, match=r"^acme/macros has more than 100 commits since 2026-03-05: what is left is read"):
        next(portions)
    system.at(commits, Reply([commit(sha="old")]))
    assert {each["id"] for portion in found.read(last.cursor, UNTIL) for each in portion.entries} == {
        "acme/macros:check:2"
    }


def test_a_kept_place_that_is_none_is_said(system: System) -> None:
    for cursor in ("yesterday", "2026-03-06T00:00:00", "{", '{"at": "now"}'):
        with pytest.raises(Garbled, match=r"^The kept place of github cannot be read"):
            next(strand(system).read(cursor, UNTIL))


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (Reply({"message": "no list"}), Garbled, "github gave an answer of another shape."),
        (Reply([{"number": "many"}]), Garbled, "github gave an answer of another shape (at 0.number)."),
        (
            Reply([pull(1, updated_at="yesterday")]),
            Garbled,
            "github gave an answer of another shape (at 0.updated_at).",
        ),
        (Reply([pull(1, title={"a": 1})]), Garbled, "github gave an answer of another shape (at 0.title)."),
        (Reply([pull(1, title="x" * 6_000_000)]), Garbled, "github gave an answer of more than 5 MB."),
        (Reply(None, 502), Unreached, "github has a fault of its own (status 502)."),
    ],
)
def test_a_broken_answer_is_said_and_the_next_run_recovers(
    system: System, answer: Reply, kind: type[SourceError], said: str
) -> None:
    system.at(PULLS, answer)
    commits_of(system, 1, commit())
    found = strand(system)
    with pytest.raises(kind) as raised:
        list(found.read(None, UNTIL))
    assert str(raised.value) == said
    system.at(PULLS, Reply([pull(1)]))
    (portion,) = found.read(None, UNTIL)
    assert len(portion.entries) == 1


@pytest.mark.parametrize(
    ("api", "web"),
    [
        ("https://api.github.com", "https://github.com"),
        ("https://git.example/api/v3", "https://git.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
    ],
)
def test_links_lead_to_where_people_look(api: str, web: str) -> None:
    assert web_of(api) == web
