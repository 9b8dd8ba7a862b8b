"""A bot with a source: it reads by itself, what it brought stands in the digest, and a source that fails is named."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from tests.slack.cast import ANA
from tests.slack.conftest import opened
from tests.slack.office import Office
from tests.sources.system import Reply, System, serving

PULLS = "/repos/acme/macros/pulls"


@pytest.fixture(scope="module")
def system() -> Iterator[System]:
    """A system that has no pull requests yet."""
    with serving() as running:
        running.at(PULLS, Reply([]))
        yield running


@pytest.fixture(scope="module")
def premises(tmp_path_factory: pytest.TempPathFactory, system: System) -> Iterator[Office]:
    """A workspace whose bot reads acme/macros for refunds_2."""
    folder: Path = tmp_path_factory.mktemp("sources")
    file = folder / "sources.yaml"
    file.write_text("github: [{repository: acme/macros, workflow: refunds_2}]\n", "utf-8")
    yield from opened(Office(folder, ROLLOUT_SOURCES=str(file), GITHUB_TOKEN="canary-4711", GITHUB_API_URL=system.url))


def test_a_bot_reads_its_sources_and_says_which_one_it_could_not_read(office: Office, system: System) -> None:
    case, ana = office.case(stem="refunds"), office.person(ANA)
    assert case.name == "refunds_2"
    office.passes(minutes=15)
    office.settle()
    ana.types("/rollout digest", in_=case.room).sees("1 of 1 source fresh")

    at = office.clock.now() - timedelta(minutes=1)
    merged = {name: at.isoformat() for name in ("created_at", "updated_at", "closed_at", "merged_at")}
    pull = {"number": 8, "title": 'Revert "Refund all"', "body": "Reverts #7", "user": {"login": "ana"}, **merged}
    system.at(PULLS, Reply([pull]))
    system.at(f"{PULLS}/8/commits", Reply([]))
    office.passes(minutes=15)
    office.settle()
    office.clock.advance(60)
    ana.types("/rollout digest", in_=case.room).sees("acme/macros#8")

    system.at(PULLS, Reply(None, 401))
    office.passes(hours=25)
    office.settle()
    told = ana.types("/rollout digest", in_=case.room)
    told.sees("Incomplete", "github", "set GITHUB_TOKEN to one that is in force")
