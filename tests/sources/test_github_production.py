"""Changes whose lead time counts to production: told once they are there, by deployments or by releases."""

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from bot.actions.sources import Ending, foresee, pull
from bot.domain.people import Through
from bot.sources.errors import NoAccess
from bot.sources.github import github
from bot.sources.github_entries import Entries
from bot.sources.seam import Source
from store import Database
from tests.program import Program
from tests.sources.strands import UNTIL, access
from tests.sources.system import Reply, System

REPOSITORY = "/repos/acme/macros"
DEPLOYMENTS = f"{REPOSITORY}/deployments"
RELEASES = f"{REPOSITORY}/releases"
DEPLOYED = {"environment": "production"}
RELEASED = {"releases": True}


def source(system: System, production: Any, **entries: Any) -> Source:
    """acme/macros at this system, for refunds_agent."""
    given = {"repository": "acme/macros", "workflow": "refunds_agent", "production": production} | entries
    made = github(access(system.url, "canary"), [Entries.model_validate(given)])
    system.closing.append(made.close)
    return made


def merged(system: System, number: int, at: str, **changes: Any) -> dict[str, Any]:
    """A pull request of one commit, opened and merged at these minutes of 5 March, as a list has it and by itself."""
    told = {"number": number, "title": f"Change {number}", "created_at": "2026-03-05T08:00:00Z", "updated_at": at,
            "closed_at": at, "merged_at": at} | changes  # fmt: skip
    system.at(f"{REPOSITORY}/pulls/{number}/commits", Reply([]))
    system.at(f"{REPOSITORY}/pulls/{number}", Reply(told))
    return told


def listed(system: System, *pulls: dict[str, Any]) -> None:
    """The pull requests, the newest first."""
    system.at(f"{REPOSITORY}/pulls", Reply(list(pulls)))


def deployed(
    system: System, *deployments: tuple[int, str, list[tuple[str, str]]], going_back: tuple[int, int] = (0, 0)
) -> None:
    """The deployments, the newest first: number, begin, and each status with its time; each of a commit of its own.

    `going_back` are the numbers of one that brings the commit of another.
    """
    commits = {number: f"c{number}" for number, *_ in deployments} | {going_back[0]: f"c{going_back[1]}"}
    system.at(DEPLOYMENTS, Reply([{"id": n, "sha": commits[n], "created_at": at} for n, at, _ in deployments]))
    for number, _, statuses in deployments:
        found = [{"state": state, "created_at": at} for state, at in statuses]
        system.at(f"{DEPLOYMENTS}/{number}/statuses", Reply(found))


def release(made: str, published: str | None, **changes: Any) -> dict[str, Any]:
    """A release of a commit of that time."""
    return {"created_at": made, "published_at": published, "draft": False, "prerelease": False} | changes


def hours(system: System, production: Any, **entries: Any) -> dict[str, float]:
    """The lead time of each change that a first run tells."""
    (strand,) = source(system, production, **entries).strands
    found = [each for portion in strand.read(None, UNTIL) for each in portion.entries]
    return {str(each["key"]): each["lead_time_hours"] for each in found}  # type: ignore[misc]


def test_lead_time_ends_with_the_first_deployment_after_the_merge_that_succeeded(system: System) -> None:
    first, second = merged(system, 1, "2026-03-05T09:00:00Z"), merged(system, 2, "2026-03-05T12:00:00Z")
    listed(system, second, first)
    deployed(
        system,
        (4, "2026-03-05T13:00:00Z", [("inactive", "2026-03-06T00:00:00Z"), ("success", "2026-03-05T14:00:00Z")]),
        (3, "2026-03-05T11:00:00Z", [("success", "2026-03-05T11:30:00Z"), ("pending", "2026-03-05T11:00:00Z")]),
        (2, "2026-03-05T10:00:00Z", [("failure", "2026-03-05T10:30:00Z")]),
        (1, "2026-03-05T08:59:00Z", [("success", "2026-03-05T09:30:00Z")]),
    )
    assert hours(system, DEPLOYED) == {"acme/macros#1": 3.5, "acme/macros#2": 6.0}
    asked = [each.removeprefix(DEPLOYMENTS) for each in system.paths if each.startswith(DEPLOYMENTS)]
    assert [each.partition("?")[0] for each in asked] == ["", "/2/statuses", "/3/statuses", "/4/statuses"]
    assert "environment=production" in asked[0]


def test_a_deployment_that_goes_back_to_an_older_commit_does_not_hold_the_change(system: System) -> None:
    listed(system, merged(system, 1, "2026-03-05T09:00:00Z"))
    deployed(
        system,
        (4, "2026-03-05T13:00:00Z", [("success", "2026-03-05T14:00:00Z")]),
        (3, "2026-03-05T10:00:00Z", [("success", "2026-03-05T10:30:00Z")]),
        (2, "2026-03-05T08:30:00Z", [("success", "2026-03-05T08:40:00Z")]),
        (1, "2026-03-04T08:30:00Z", [("success", "2026-03-04T08:40:00Z")]),
        going_back=(3, 1),
    )
    assert hours(system, DEPLOYED) == {"acme/macros#1": 6.0}


def test_a_release_counts_once_it_is_published_with_the_commit_of_the_merge(system: System) -> None:
    listed(system, merged(system, 1, "2026-03-05T09:00:00Z"))
    system.at(
        RELEASES,
        Reply(
            [
                release("2026-03-05T08:59:59Z", None, draft=True),
                release("2026-03-05T08:59:59Z", "2026-03-05T09:10:00Z", prerelease=True),
                release("2026-03-05T08:59:59Z", "2026-03-05T12:00:00Z"),
                release("2026-03-04T09:00:00Z", "2026-03-05T10:00:00Z"),
            ]
        ),
    )
    assert hours(system, RELEASED) == {"acme/macros#1": 4.0}


def test_what_is_older_than_what_is_read_or_was_waited_for_in_vain_counts_to_its_merge(system: System) -> None:
    opened = "2025-01-01T00:00:00Z"
    listed(
        system,
        merged(system, 3, "2026-02-08T00:00:00Z", created_at="2026-02-07T00:00:00Z"),
        merged(system, 2, "2026-02-07T00:00:00Z", created_at="2026-02-06T00:00:00Z"),
        merged(system, 1, "2025-01-02T00:00:00Z", created_at=opened, updated_at="2026-01-01T00:00:00Z"),
    )
    deployed(system)
    assert hours(system, DEPLOYED) == {"acme/macros#1": 24.0, "acme/macros#2": 24.0}


@pytest.mark.parametrize("changes", [{"body": "Reverts #1"}, {"labels": [{"name": "risky"}]}], ids=["revert", "risky"])
def test_what_a_finding_needs_is_told_at_once(system: System, changes: dict[str, Any]) -> None:
    listed(system, merged(system, 2, "2026-03-05T09:00:00Z", **changes))
    deployed(system)
    assert hours(system, DEPLOYED, irreversible=["risky"]) == {"acme/macros#2": 1.0}


@pytest.fixture
def program(database: Database) -> Program:
    """refunds_agent, a week old when the first run reads."""
    made = Program(database)
    made.start()
    made.later(days=7)
    return made


def known(program: Program) -> dict[str, float]:
    """The lead time of each change that is kept."""
    found = program.ask(lambda view: view.grants.lead_times(view.workflow("refunds_agent").id, program.at))
    return {f"{each.merged_at:%H:%M}": float(each.hours) for each in found}


def test_a_change_is_told_once_when_it_comes_to_production(program: Program, system: System) -> None:
    first, second = merged(system, 1, "2026-03-05T09:00:00Z"), merged(system, 2, "2026-03-05T12:00:00Z")
    listed(system, second, first)
    deployed(system, (1, "2026-03-05T10:00:00Z", [("success", "2026-03-05T11:00:00Z")]))
    read = source(system, DEPLOYED)

    def run() -> int:
        told = pull(program.desk, read, Through.CLI)
        assert (told.ending, told.taken.rejected) == (Ending.READ, ())
        return told.taken.accepted

    assert (run(), known(program)) == (1, {"09:00": 3.0})
    program.later(days=1)
    assert (run(), run()) == (0, 0)

    deployed(system, (2, "2026-03-05T13:00:00Z", [("success", "2026-03-05T20:00:00Z")]))
    assert [each["key"] for each in foresee(program.desk, read).entries] == ["acme/macros#2"]
    assert (run(), known(program)) == (1, {"09:00": 3.0, "12:00": 12.0})
    assert run() == 0
    system.seen.clear()
    program.later(days=1)
    listed(system)
    assert run() == 0
    assert [each for each in system.paths if each.startswith(DEPLOYMENTS)] == []


def test_what_is_waited_for_goes_on_where_the_file_asks_for_production_no_more(system: System) -> None:
    listed(system, merged(system, 1, "2026-03-05T09:00:00Z"), merged(system, 2, "2026-03-05T08:30:00Z"))
    deployed(system)
    (strand,) = source(system, DEPLOYED).strands
    (waiting,) = strand.read(None, UNTIL)
    assert waiting.entries == ()
    listed(system)
    system.at(f"{REPOSITORY}/pulls/2", Reply({"message": "Not Found"}, 404))
    (plain,) = source(system, None).strands
    (told,) = plain.read(waiting.cursor, UNTIL + timedelta(minutes=15))
    assert [(each["key"], each["lead_time_hours"]) for each in told.entries] == [("acme/macros#1", 1.0)]
    assert told.cursor == "2026-03-05T09:00:00+00:00"


def test_a_token_that_may_not_see_deployments_is_said(system: System) -> None:
    listed(system, merged(system, 1, "2026-03-05T09:00:00Z"))
    system.at(DEPLOYMENTS, Reply({"message": "Resource not accessible by personal access token"}, 403))
    (strand,) = source(system, DEPLOYED).strands
    with pytest.raises(NoAccess, match="GITHUB_TOKEN"):
        list(strand.read(None, UNTIL))


@pytest.mark.parametrize(("production", "path"), [(DEPLOYED, DEPLOYMENTS), (RELEASED, RELEASES)])
def test_the_greeting_says_where_nothing_came_to_production_yet(system: System, production: Any, path: str) -> None:
    listed(system)
    system.at(path, Reply([]))
    nothing = "acme/macros (nothing in production yet: check the production of its entry in ROLLOUT_SOURCES)"
    assert source(system, production).greet() == nothing
    system.at(path, Reply([{"id": 1, "sha": "c1", **release("2026-03-05T09:00:00Z", None)}]))
    assert source(system, production).greet() == "acme/macros"


@pytest.mark.parametrize("given", [{}, {"releases": False}, {"environment": "production", "releases": True}])
def test_production_is_one_of_two_things(given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="must name an environment, or say releases: true, and not both"):
        Entries.model_validate({"repository": "acme/macros", "workflow": "macros", "production": given})
