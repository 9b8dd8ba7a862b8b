"""What back-tests and calibrations are made of: an agent's logged actions, each as it was known at the span's end."""

from dataclasses import replace
from typing import Any

from bot.domain.signals.kinds import AgentAction, Signal, Span
from store.engine import Database
from store.reading.grants import Grants
from store.recording.signals import keep_signals
from tests.signals.samples import NOW, OTHER, VALUES, WORKFLOW, ago, signal

MONTH = Span(ago(days=28), NOW)


def logged(program: Database, span: Span, *batch: Signal[AgentAction]) -> list[tuple[str, bool]]:
    """The run and whether it was reversed, of each refund that is found in the span."""
    with program.writing() as connection:
        keep_signals(connection, batch, NOW)
    with program.reading() as connection:
        found = Grants(connection).actions(f"w_{WORKFLOW}", "issue_refund", span)
    return [(each.body.run_id or "", each.body.reversed) for each in found]


def test_an_action_is_found_once_as_it_stands_with_those_of_its_name_workflow_and_span(program: Database) -> None:
    body = VALUES["agent_action"]
    assert isinstance(body, AgentAction)

    def run(name: str, **fields: Any) -> AgentAction:
        return replace(body, run_id=name, **fields)

    batch = (
        signal(run("first"), ago(days=28)),
        signal(run("reversed"), ago(days=20)),
        signal(run("reversed", reversed=True), ago(days=3)),
        signal(run("later"), ago(days=2)),
        signal(run("later", reversed=True), NOW),
        signal(run("old"), ago(days=28, seconds=1)),
        signal(run("now"), ago(seconds=-1)),
        signal(run("credit", action="issue_credit"), ago(days=1)),
        signal(run("other"), ago(days=1), workflow=OTHER),
    )
    assert logged(program, MONTH, *batch) == [("first", False), ("reversed", True), ("later", False)]
    assert logged(program, Span(ago(days=3), ago(days=-1))) == [("reversed", True), ("later", True), ("now", False)]


def test_a_workflow_without_history_has_none(program: Database) -> None:
    assert logged(program, MONTH) == []
