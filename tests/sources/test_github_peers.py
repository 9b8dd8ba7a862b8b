"""GitHub read over HTTP from peers that nobody here wrote: by its specification, and with a memory."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter

from bot.actions.signals import Taken
from bot.actions.sources import Ending, foresee, pull
from bot.domain.people import Through
from bot.sources import github_production as shipped
from bot.sources import github_pulls as said
from bot.sources.errors import NoAccess, Unreached
from bot.sources.github import github
from bot.sources.github_entries import Entries
from bot.sources.seam import Source, line_to
from store import Database
from tests.program import Program
from tests.sources.peers.peers import TOKENS, GitHub, checked, example
from tests.sources.strands import access
from tests.sources.system import Reply, System

MACROS = {
    "repository": "acme/macros",
    "workflow": "refunds_agent",
    "agents": {"authors": ["macro-bot"]},
    "irreversible": ["irreversible"],
    "evals": {"checks": {"evals": "refunds_core"}},
}
HEADERS = {"Authorization": "Bearer t", "Accept": "application/vnd.github+json, application/json;q=0.9"}


def source(url: str, token: str = TOKENS["ana"], **entries: Any) -> Source:
    """GitHub at this address, acme/macros for refunds_agent."""
    return github(access(url, token), [Entries.model_validate(MACROS | entries)])


@pytest.fixture
def program(database: Database) -> Program:
    """refunds_agent, of which it is the present day."""
    made = Program(database)
    made.clock.at = made.real.at = datetime.now(UTC) - timedelta(days=1)
    made.start(start_on=made.at.date())
    made.clock.at = made.real.at = datetime.now(UTC) + timedelta(minutes=2)
    return made


@pytest.mark.parametrize(
    ("path", "params", "shape"),
    [
        ("pulls", {"state": "all", "sort": "updated", "direction": "desc", "per_page": 50}, list[said.Pull]),
        ("pulls/12", {}, said.Pull),
        ("pulls/12/commits", {"per_page": 100}, list[said.Commit]),
        ("pulls/12/reviews", {"per_page": 100}, list[said.Review]),
        ("issues/12", {}, said.Closed),
        ("commits", {"sha": "main", "since": "2026-03-02T09:00:00Z", "per_page": 100}, list[said.Commit]),
        ("commits/6dcb09b5b57875f334f61aebed695e2e4193db5e/pulls", {}, list[said.Pull]),
        ("commits/6dcb09b5b57875f334f61aebed695e2e4193db5e/check-runs", {"filter": "all"}, said.CheckRuns),
        ("deployments", {"environment": "production", "per_page": 100}, list[shipped.Deployment]),
        ("deployments/7/statuses", {"per_page": 100}, list[shipped.Status]),
        ("releases", {"per_page": 100}, list[shipped.Release]),
    ],
)
def test_every_question_is_in_githubs_specification_and_its_answer_is_understood(
    specified_github: str, path: str, params: dict[str, str | int], shape: Any
) -> None:
    line = line_to("github", access(specified_github, "t"), HEADERS)
    answer = line.get(f"repos/acme/macros/{path}", params)
    line.close()
    assert line.shaped(TypeAdapter(shape), answer)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_next_page_of_the_specifications_example_is_on_another_host_and_not_asked(
    program: Program, specified_github: str
) -> None:
    foreseen = foresee(program.desk, source(specified_github, since="2010-01-01"))
    assert foreseen.why == "github named a next page on another host, which is not asked."


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_work_on_github_becomes_signals_once(program: Program, remembering: GitHub) -> None:
    numbers, sha = _week(remembering)
    github_source = source(remembering.url)
    foreseen = foresee(program.desk, github_source)
    assert (foreseen.why, foreseen.rejected) == ("", ())
    kept = {str(each["id"]): _short(each) for each in foreseen.entries}
    assert kept == {
        "acme/macros#1:merged": {"type": "change", "reverts": None, "irreversible": True},
        "acme/macros#2:merged": {"type": "change", "reverts": "acme/macros#1", "irreversible": False},
        "acme/macros#3:merged": {"type": "change", "reverts": None, "irreversible": False},
        "acme/macros#3:submitted": {"type": "review"},
        "acme/macros#3:approved:1": {"type": "review", "outcome": "approved", "reviewer": "ana"},
        "acme/macros#4:submitted": {"type": "review"},
        "acme/macros#4:edited:2": {"type": "review", "outcome": "edited", "reviewer": "ana"},
        "acme/macros#5:submitted": {"type": "review"},
        "acme/macros#5:edited:3": {"type": "review", "outcome": "edited", "reviewer": "ana"},
        f"acme/macros#5:rejected:{numbers[5]}": {"type": "review", "outcome": "rejected", "reviewer": "ana"},
        "acme/macros#6:submitted": {"type": "review"},
        "acme/macros:check:1": {
            "type": "eval_run",
            "passed": 196,
            "cases": 200,
            "prompt_version": "v7",
            "model": "m-1",
        },
    }
    assert sha

    pulled = pull(program.desk, github_source, Through.CLI)
    assert (pulled.ending, pulled.taken) == (Ending.READ, Taken(12, 0))
    again = pull(program.desk, github_source, Through.CLI)
    assert (again.ending, again.taken.accepted) == (Ending.READ, 0)
    assert foresee(program.desk, github_source).entries == ()

    remembering.merge("ana", 6)
    assert pull(program.desk, github_source, Through.CLI).taken.accepted == 1
    assert program.verify().ok


def _week(here: GitHub) -> tuple[dict[int, int], str]:
    """A week's work: when each pull request that was closed unmerged was closed, and the newest commit."""
    here.do("ana", "POST", "labels", name="irreversible", color="ff0000")
    change = here.pull("ana", "one", "Add a macro")
    here.do("ana", "POST", f"issues/{change}/labels", labels=["irreversible"])
    here.merge("rui", change)
    sha = str(
        here.merge("rui", here.pull("rui", "two", 'Revert "Add a macro"', body=f"Reverts acme/macros#{change}"))["sha"]
    )
    good, mended, bad, _ = (here.pull("macro-bot", f"bot{n}", f"A macro, number {n}") for n in range(4))
    here.do("ana", "POST", f"pulls/{good}/reviews", event="APPROVE")
    here.merge("ana", good)
    here.do("ana", "POST", f"pulls/{mended}/reviews", event="REQUEST_CHANGES", body="Not quite.")
    here.do("ana", "POST", f"pulls/{bad}/reviews", event="REQUEST_CHANGES", body="No.")
    closed = here.do("rui", "PATCH", f"pulls/{bad}", state="closed")["closed_at"]
    told = {"title": "196 of 200 passed", "summary": "prompt_version: v7, model: m-1"}
    run = {"name": "evals", "head_sha": sha, "status": "completed", "conclusion": "success", "output": told}
    here.do("ana", "POST", "check-runs", **run)
    return {bad: int(datetime.fromisoformat(closed).timestamp())}, sha


def _short(entry: Any) -> dict[str, Any]:
    """What distinguishes an entry, without its times."""
    names = ("type", "outcome", "reviewer", "passed", "cases", "prompt_version", "model", "reverts", "irreversible")
    return {name: entry[name] for name in names if name in entry}


def test_a_token_that_may_not_see_a_repository_is_said_with_its_variable(remembering: GitHub) -> None:
    stranger = source(remembering.url, token=TOKENS["max"])
    with pytest.raises(NoAccess, match="give the token in GITHUB_TOKEN the right to read it"):
        stranger.greet()
    stranger.close()


@pytest.mark.usefixtures("_peers")
def test_what_our_own_system_answers_in_other_tests_is_as_githubs_specification_has_it(system: System) -> None:
    where = "/repos/{owner}/{repo}"
    at = {
        "created_at": "2026-03-04T09:00:00Z",
        "updated_at": "2026-03-05T09:00:00Z",
        "closed_at": "2026-03-05T09:00:00Z",
    }
    of_bot = {
        "number": 12,
        "requested_teams": [],
        "draft": False,
        "merged_at": "2026-03-05T09:00:00Z",
        "body": "Reverts #7",
    }
    (pull_there,) = example(f"{where}/pulls")
    (commit,) = example(f"{where}/pulls/{{pull_number}}/commits")
    (review,) = example(f"{where}/pulls/{{pull_number}}/reviews")
    system.at("/repos/acme/macros/pulls", Reply([pull_there | at | of_bot]))
    system.at("/repos/acme/macros/pulls/12/commits", Reply([commit]))
    system.at("/repos/acme/macros/pulls/12/reviews", Reply([review | {"user": review["user"] | {"login": "rui"}}]))
    system.at("/repos/acme/macros/commits", Reply([commit]))
    system.at(
        f"/repos/acme/macros/commits/{commit['sha']}/check-runs", Reply(example(f"{where}/commits/{{ref}}/check-runs"))
    )
    with checked(system.url) as url:
        ours = source(url, agents={"authors": [pull_there["user"]["login"]]}, since="2010-01-01")
        until = datetime(2026, 3, 9, tzinfo=UTC)
        found = [
            str(each["id"])
            for strand in ours.strands
            for portion in strand.read(None, until)
            for each in portion.entries
        ]
        ours.close()
    assert found == ["acme/macros#12:merged", "acme/macros#12:submitted", f"acme/macros#12:approved:{review['id']}"]
    assert {path.partition("?")[0] for path in system.paths} >= {
        "/repos/acme/macros/pulls",
        "/repos/acme/macros/commits",
    }


@pytest.mark.usefixtures("_peers")
def test_a_departure_from_the_specification_would_be_seen(system: System) -> None:
    system.at("/repos/acme/macros/pulls", Reply([{"number": "twelve"}]))
    with checked(system.url) as url:
        ours = source(url)
        with pytest.raises(Unreached, match=r"fault of its own \(status 500\)"):
            ours.greet()
        ours.close()
