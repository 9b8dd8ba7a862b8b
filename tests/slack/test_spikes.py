"""What the team reads where an action is refused again and again."""

import pytest

from bot.actions.decisions import SPIKE, Inquiry, decide
from bot.actions.desk import Asked
from bot.slack.tellings import TELLINGS
from store import Database
from tests.program import Posted, Program


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_team_hears_which_action_why_and_what_to_do(database: Database) -> None:
    program = Program(database)
    program.start()
    here = program.workflow()
    for _ in range(SPIKE):
        decide(program.desk, Asked(program.actor("max")), Inquiry(here.id, "send_<macro>", {}))
    assert program.posted().count(Posted("refusals_spike", "CSUPPORT")) == 1
    screen = TELLINGS["refusals_spike"].draw(program.desk, {"workflow": here.id, "action": "send_<macro>"}, None)
    assert screen is not None
    assert screen.text == (
        "<@USTU> and <@UANA>: *refunds_agent* was refused `send_&lt;macro&gt;` at least 20 times within an hour.\n"
        "*Last time*  There is no active grant that lets refunds_agent do send_&lt;macro&gt;; someone has to request "
        "one.\n"
        "*Next*  See whether the agent misbehaves or the grant is too narrow: `rollout decisions list refunds_agent "
        "--action send_&lt;macro&gt;` shows what it asked. It is said once a day."
    )
