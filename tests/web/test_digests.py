"""Posted digests over HTTP: to whom they are told, and that what is not there is said so."""

import pytest

from bot.domain.digests.inputs import Inputs
from bot.domain.digests.shapes import digest_as_json
from bot.domain.tokens import Scope
from bot.web import lookups
from bot.web.server import Serving
from tests.digests.samples import inputs, reported
from tests.grants_program import GrantsProgram
from tests.web.agents import Agent, token_for

WEEK = "/v1/digests/leaders/2026-W10"

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
def reader(program: GrantsProgram, serving: Serving) -> Agent:
    """A program that may read, about everything."""
    return Agent(serving.port, token_for(program, scopes=(Scope.READ,)))


def test_a_posted_digest_is_told_as_the_command_line_prints_it(reader: Agent, monkeypatch: pytest.MonkeyPatch) -> None:
    week = inputs(reported("critical"), reported("notice", rule="grant.unattested"))

    def stored(view: object, audience: object, name: str) -> Inputs:
        assert name == "2026-W10"
        return week

    monkeypatch.setattr(lookups, "stored_inputs", stored)
    heard = reader.get(WEEK)
    assert (heard.status, heard.body) == (200, digest_as_json(week))


@pytest.mark.parametrize(
    ("path", "status", "why"),
    [
        (WEEK, 404, "No digest of leaders for 2026-W10 was posted"),
        ("/v1/digests/Suport/2026-W10", 404, "Did you mean Support?"),
        ("/v1/digests/team:nobody/2026-W10", 404, "This team does not exist"),
        ("/v1/digests/leaders/2026-W99", 422, "week is an ISO week such as 2026-W10."),
        ("/v1/digests/leaders/now", 422, "week is an ISO week such as 2026-W10."),
    ],
)
def test_what_is_not_there_is_refused_in_a_sentence(reader: Agent, path: str, status: int, why: str) -> None:
    heard = reader.get(path)
    assert heard.status == status
    assert why in heard.body["error"]


def test_only_a_token_that_reads_and_is_bound_to_no_workflow_is_told(program: GrantsProgram, serving: Serving) -> None:
    bound = token_for(program, "bound", workflows=("refunds_agent",))
    others = token_for(program, "others", scopes=(Scope.SIGNALS,))

    assert Agent(serving.port, None).get(WEEK).status == 401
    assert Agent(serving.port, others).get(WEEK).status == 403
    heard = Agent(serving.port, bound).get(WEEK)
    assert (heard.status, "a digest tells of others too" in heard.body["error"]) == (403, True)
