"""What a test of the API begins with: refunds_agent in scaling, its API listening, and an agent with a token."""

from collections.abc import Iterator

import pytest

from bot.web.server import Serving
from store import Database
from tests.grants_program import GrantsProgram
from tests.web.agents import Agent, listening, token_for


@pytest.fixture
def program(database: Database) -> GrantsProgram:
    """refunds_agent in scaling, where it may send macros unattended."""
    made = GrantsProgram(database)
    made.start()
    made.unattended()
    return made


@pytest.fixture
def serving(program: GrantsProgram) -> Iterator[Serving]:
    """The API of the program, on the loopback."""
    with listening(program.desk) as found:
        yield found


@pytest.fixture
def agent(program: GrantsProgram, serving: Serving) -> Agent:
    """The workflow's agent, whose token is bound to it."""
    return Agent(serving.port, token_for(program, workflows=("refunds_agent",)))
