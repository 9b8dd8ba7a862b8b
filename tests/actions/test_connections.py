"""Sources mapped by hand: who may, what the chain keeps of it, and what is read then, on both engines."""

from pathlib import Path

import pytest

from bot.actions import connections
from bot.connections import Connections
from bot.connections import connections as connections_of
from bot.domain.errors import BadInput, NotAllowed, NotFound
from bot.domain.facts import SourceConnected
from bot.domain.sources import Mapped
from bot.settings import Settings
from store import Database
from tests.program import Program
from tests.sources.system import World

FILE = """\
github:
  - {repository: acme/macros, workflow: refunds_agent, labels: [refunds]}
jira:
  - {query: component = Macros, workflow: refunds_agent}
"""
MACROS = Mapped("github", "acme/macros", "refunds_agent")
TOOLS = Mapped("github", "acme/tools", "refunds_agent")


@pytest.fixture
def program(database: Database) -> Program:
    """refunds_agent on its first day."""
    made = Program(database)
    made.start()
    return made


@pytest.fixture
def known(tmp_path: Path) -> Connections:
    """What the file maps."""
    (tmp_path / "sources.yaml").write_text(FILE, "utf-8")
    given = {"ROLLOUT_SOURCES": str(tmp_path / "sources.yaml"), "GITHUB_TOKEN": "t", "PAGERDUTY_TOKEN": "t"}
    return connections_of(Settings.read(given), World().surroundings())


def connect(program: Program, known: Connections, wanted: Mapped, by: str = "ada") -> SourceConnected:
    return program.do(by, connections.connect, known, wanted)


def strands(known: Connections, *by_hand: Mapped) -> list[str]:
    return [each.key for source in known.sources(by_hand) for each in source.strands]


def test_what_is_mapped_by_hand_is_kept_read_and_taken_away_and_may_come_again(
    program: Program, known: Connections
) -> None:
    made = connect(program, known, TOOLS)
    (mapped,) = program.ask(lambda view: view.sources.by_hand())
    assert mapped == Mapped("github", "acme/tools", "refunds_agent", made.mapping_id)
    assert strands(known, mapped) == ["acme/macros → refunds_agent", "acme/tools → refunds_agent"]

    assert program.do("ada", connections.disconnect, mapped.id) == mapped
    assert program.ask(lambda view: view.sources.by_hand()) == ()
    with pytest.raises(NotFound, match="taken away already"):
        program.do("ada", connections.disconnect, mapped.id)
    assert connect(program, known, TOOLS).mapping_id != mapped.id
    facts = [each.fact for each in program.ask(lambda view: view.history(program.workflow().id))]
    assert facts[-3:] == ["source_connected", "source_disconnected", "source_connected"]


def test_only_an_admin_maps_and_takes_away(program: Program, known: Connections) -> None:
    made = connect(program, known, TOOLS)
    for who in ("ana", "max", "bea"):
        with pytest.raises(NotAllowed, match="by an admin"):
            connect(program, known, Mapped("pagerduty", "PIJ90N7", "refunds_agent"), who)
        with pytest.raises(NotAllowed, match="by an admin"):
            program.do(who, connections.disconnect, made.mapping_id)
    assert len(program.ask(lambda view: view.sources.by_hand())) == 1


@pytest.mark.parametrize(
    ("wanted", "field", "said"),
    [
        (MACROS, "place", "acme/macros is mapped to refunds_agent already: the file of sources says so."),
        (Mapped("github", "ACME/tools", "Refunds_Agent"), "place", "mapped to refunds_agent already: /rollout connect"),
        (Mapped("github", "acme", "refunds_agent"), "place", "The repository must be an owner and a name, as acme"),
        (Mapped("jira", "sup", "refunds_agent"), "place", "The project must be the key of a project, as SUP."),
        (Mapped("pagerduty", "#", "refunds_agent"), "place", "The service must be the id at the end of the service's"),
        (Mapped("linear", " ", "refunds_agent"), "place", "Type which team of linear belongs to the workflow."),
        (Mapped("incident_io", "x", "refunds_agent"), "source", "mapped by hand: github, jira, linear, pagerduty"),
        (Mapped("github", "acme/x", "refund_agent"), "workflow", "Did you mean refunds_agent?"),
        (Mapped("github", "acme/x", " "), "workflow", "Choose the workflow to which it belongs."),
        (Mapped("github", "acme/x", "closed_agent"), "workflow", "closed_agent is closed"),
    ],
)
def test_what_cannot_be_mapped_is_said_beside_its_field(
    program: Program, known: Connections, wanted: Mapped, field: str, said: str
) -> None:
    connect(program, known, TOOLS)
    program.start("closed_agent")
    program.name = "closed_agent"
    program.close()
    with pytest.raises(BadInput, match=said.replace("?", r"\?")) as raised:
        connect(program, known, wanted)
    assert raised.value.field == field
    assert len(program.ask(lambda view: view.sources.by_hand())) == 1


def test_where_the_file_maps_the_same_the_file_counts(known: Connections) -> None:
    assert strands(known, Mapped("github", "Acme/Macros", "refunds_agent", "map_1")) == ["acme/macros → refunds_agent"]
    assert strands(known, Mapped("github", "acme/macros", "other_agent", "map_1")) == [
        "acme/macros → refunds_agent",
        "acme/macros → other_agent",
    ]


def test_a_source_that_only_an_admin_maps_is_read_too(known: Connections) -> None:
    found = known.sources([Mapped("pagerduty", "PIJ90N7", "refunds_agent", "map_1")])
    assert [(each.name, each.problem) for each in found if each.name != "jira"] == [("github", ""), ("pagerduty", "")]
    assert known.by_file() == (MACROS, Mapped("jira", "", "refunds_agent"))


def test_a_mapping_that_no_entry_could_be_any_more_is_said_and_the_others_are_read(known: Connections) -> None:
    github, *_ = known.sources([Mapped("github", "acme", "refunds_agent", "map_1")])
    assert github.problem == (
        "github can't read acme, mapped by hand: it must be an owner and a name, as acme/macros. Use /rollout connect."
    )
    assert [each.key for each in github.strands] == ["acme/macros → refunds_agent"]
    assert "asana" not in {each.name for each in known.sources([Mapped("asana", "x", "refunds_agent", "map_2")])}
