"""Jira read over HTTP from a server that nobody here wrote, and our own Cloud held against the vendor's shapes."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from bot.actions.signals import Taken
from bot.actions.sources import Ending, foresee, pull
from bot.domain.people import Through
from bot.sources.jira import Entries, jira
from bot.sources.seam import Source
from store import Database
from tests.program import Program
from tests.sources.jira_cloud import Cloud, item, moved
from tests.sources.peers.jira_peers import CLOUD, DataCenter, data_center, departures
from tests.sources.strands import access
from tests.sources.system import Seen, System

MACROS = {"labels": ["macros"], "workflow": "refunds_agent", "irreversible": ["one-way"], "rework_cost_usd": 80}


def source(url: str, token: str = "pat") -> Source:
    """Jira at this address, the label macros for refunds_agent."""
    return jira(access(url, token), [Entries.model_validate(MACROS)])


@pytest.fixture
def program(database: Database) -> Program:
    """refunds_agent on its first day, 2 March."""
    made = Program(database)
    made.start()
    return made


@pytest.fixture
def remembering() -> Iterator[DataCenter]:
    """A Jira Data Center with a memory."""
    with data_center() as running:
        yield running


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_work_in_a_data_center_becomes_signals_once(program: Program, remembering: DataCenter) -> None:
    remembering.on("2026-03-03")
    late = remembering.create("Connect the log store", labels=["macros"], duedate="2026-03-04")
    final = remembering.create("Drop the old table", labels=["macros", "one-way"])
    remembering.create("Something else", labels=["other"])
    remembering.on("2026-03-04")
    remembering.move(final, "Done")
    remembering.move(late, "Blocked")
    program.later(days=3)
    macros = source(remembering.url)
    assert macros.greet() == 'labels in ("macros")'
    foreseen = foresee(program.desk, macros)
    assert (foreseen.why, foreseen.rejected) == ("", ())
    assert [(each["type"], each["key"], each.get("status"), each.get("due")) for each in foreseen.entries] == [
        ("work_item", late, "blocked", "2026-03-04"),
        ("work_item", final, "done", None),
        ("change", final, None, None),
    ]

    assert pull(program.desk, macros, Through.CLI).taken == Taken(3, 0)
    again = pull(program.desk, macros, Through.CLI)
    assert (again.ending, again.taken.accepted) == (Ending.READ, 0)

    remembering.on("2026-03-06")
    remembering.move(final, "Open")
    remembering.move(late, "Done")
    program.later(days=2)
    brought = foresee(program.desk, macros)
    assert sorted((str(each["type"]), str(each.get("key")), each.get("status")) for each in brought.entries) == [
        ("rework", "None", None),
        ("work_item", late, "done"),
        ("work_item", final, "open"),
    ]
    assert pull(program.desk, macros, Through.CLI).taken.accepted == 3
    assert pull(program.desk, macros, Through.CLI).taken.accepted == 0
    assert program.verify().ok


def test_what_our_own_cloud_answers_in_other_tests_is_as_jiras_client_has_it(system: System) -> None:
    if reason := CLOUD.why_missing():
        pytest.skip(reason)
    cloud = Cloud(system)
    cloud.items = [item(1, labels=["macros"], assignee={"accountId": "5b10", "displayName": "Ana"}), item(2), item(3)]
    cloud.changes["SUP-1"] = [moved("1", "08:00", ("To Do", "Done")), moved("2", "08:10", ("Done", "To Do"))]
    ours = source(system.url, "ana@acme.example:t")
    ours.greet()
    (strand,) = ours.strands
    found = [str(each["id"]) for each in next(strand.read(None, datetime(2026, 3, 9, tzinfo=UTC))).entries]
    ours.close()
    assert found == ["SUP-1:1772701200000", "10001:reopened:2", "SUP-2:1772701200000"]
    system.answer(Seen("GET", "/rest/api/3/serverInfo", {}))
    nested = [
        part
        for shape, answer in cloud.answers
        if shape == "SearchAndReconcileResults"
        for each in answer["issues"]
        for part in (("StatusDetails", each["fields"]["status"]), ("UserDetails", each["fields"]["assignee"] or {}))
    ]
    assert {shape for shape, _ in cloud.answers} == {
        "SearchAndReconcileResults",
        "PageChangelog",
        "StatusDetails",
        "FieldDetails",
        "ServerInformation",
        "UserDetails",
    }
    assert [departures(shape, answer) for shape, answer in (*cloud.answers, *nested)] == [[]] * (
        len(cloud.answers) + len(nested)
    )
    assert departures("SearchAndReconcileResults", {"issues": [{"key": 12}], "nextPage": "x"}) != []
