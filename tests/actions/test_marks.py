"""Every fact moves the marks of what it changes, so that nobody is told how something stood before it."""

from contextlib import closing
from dataclasses import MISSING, fields, replace
from datetime import date
from typing import Any, get_args

import pytest

from bot.actions import deviations
from bot.domain import facts
from bot.domain.deviations import DeviationArea, Entry
from bot.domain.documents import DocumentKind
from bot.domain.facts import Fact
from bot.domain.findings.kinds import Severity
from bot.domain.workflows import Role
from store import Database, Marks
from store.recording.marks import touched_by
from store.tables.marks import PROGRAM
from tests.documents.samples import Desk
from tests.program import Program
from tests.signals.samples import entry
from tests.signals.test_ingest_program import send

NOTHING: frozenset[str] = frozenset()

LOOKED_UP = {
    facts.RequestApproved: "request_id",
    facts.RequestDeclined: "request_id",
    facts.RequestWithdrawn: "request_id",
    facts.RequestEscalated: "request_id",
    facts.RequestLapsed: "request_id",
    facts.DocumentEdited: "document_id",
    facts.DocumentSubmitted: "document_id",
    facts.DocumentAccepted: "document_id",
    facts.DocumentRejected: "document_id",
    facts.DeviationClosed: "deviation_id",
}
"""Facts that name a row, by the field that holds its id; what is touched is the workflow of the row."""

ELSEWHERE = {
    facts.TeamMade,
    facts.TeamEdited,
    facts.SignalsTaken,
    facts.MemoFiled,
    facts.DecisionsLogged,
    facts.Denied,
    facts.PersonAway,
    facts.PersonBack,
    facts.PersonErased,
    facts.SignalsForgotten,
    facts.SignalVoided,
    facts.FindingsTracked,
    facts.TokenMade,
    facts.TokenRevoked,
    facts.PolicyAdded,
    facts.PolicyEdited,
    facts.SourceConnected,
    facts.SourceDisconnected,
    facts.DigestFrozen,
    facts.DigestSkipped,
    facts.DigestPosted,
    facts.DigestHeld,
    facts.DigestReleased,
    facts.DigestConfirmed,
    facts.DigestMissed,
    facts.DigestPartHeld,
    facts.DigestPartReleased,
    facts.DigestPartConfirmed,
    facts.DuplicateDeleted,
}
"""Facts about something else; each has a test of its own here."""


def sample(kind: type[Fact], **given: Any) -> Fact:
    """A fact of that kind with `given`, and nothing that matters in its other fields."""
    needed = (field.name for field in fields(kind) if field.default is MISSING and field.default_factory is MISSING)
    made: Fact = kind(**{name: None for name in needed} | given)
    return made


def touched(program: Program, fact: Fact) -> frozenset[str]:
    with program.database.reading() as connection:
        return touched_by(connection, fact)


def marks(program: Program, name: str | None = None) -> Marks:
    return program.ask(lambda view: view.marks(name or program.name))


@pytest.mark.parametrize("kind", [kind for kind in get_args(Fact) if kind not in {*LOOKED_UP, *ELSEWHERE}])
def test_a_fact_about_a_workflow_touches_that_workflow(refunds: Program, kind: type[Fact]) -> None:
    assert touched(refunds, sample(kind, workflow_id="wf_named")) == {"wf_named"}


@pytest.mark.parametrize("kind", LOOKED_UP)
def test_a_fact_about_what_belongs_to_a_workflow_touches_that_workflow(refunds: Program, kind: type[Fact]) -> None:
    ids = {
        "request_id": refunds.ask_skip("scope_credentials"),
        "document_id": Desk(refunds).draft(DocumentKind.SPEC, "ana"),
        "deviation_id": open_deviation(refunds),
    }
    field = LOOKED_UP[kind]
    assert touched(refunds, sample(kind, **{field: ids[field]})) == {refunds.workflow().id}


def test_what_belongs_to_nothing_touches_the_whole_program(refunds: Program) -> None:
    assert touched(refunds, sample(facts.RequestLapsed, request_id="req_unknown")) == {PROGRAM}
    assert touched(refunds, sample(facts.MemoFiled, memo_id="memo_1")) == {PROGRAM}


def test_who_is_away_touches_the_whole_program(refunds: Program) -> None:
    for kind in (facts.PersonAway, facts.PersonBack):
        assert touched(refunds, sample(kind, subject="p_eve")) == {PROGRAM}


def test_an_erasure_touches_the_whole_program_and_old_signals_that_go_nothing(refunds: Program) -> None:
    assert touched(refunds, sample(facts.PersonErased, person_id="p_eve")) == {PROGRAM}
    assert touched(refunds, sample(facts.SignalsForgotten, subject="signals")) == NOTHING


def test_a_signal_taken_back_touches_what_it_was_about(refunds: Program) -> None:
    assert touched(refunds, sample(facts.SignalVoided, workflow_id="wf_named")) == {"wf_named"}
    assert touched(refunds, sample(facts.SignalVoided, team_id="team_named")) == {"team_named"}


def test_findings_touch_whatever_each_is_about(refunds: Program) -> None:
    seen = facts.FindingSeen(
        finding_id="fnd_1", workflow_id="wf_came", team_id=None, key="k", rule="r", severity=Severity.NOTICE, size=1
    )
    of_team = replace(seen, workflow_id=None, team_id="team_changed")
    of_none = facts.FindingPlace(finding_id="fnd_3", workflow_id=None, team_id=None)
    tracked = sample(facts.FindingsTracked, came=(seen,), changed=(of_team,), gone=(of_none,))
    assert touched(refunds, tracked) == {"wf_came", "team_changed", PROGRAM}


def test_denials_and_the_log_of_decisions_touch_nothing(refunds: Program) -> None:
    for kind in (facts.Denied, facts.DecisionsLogged):
        assert touched(refunds, sample(kind, subject=refunds.workflow().id)) == NOTHING
    for about_tokens in (facts.TokenMade, facts.TokenRevoked):
        assert touched(refunds, sample(about_tokens)) == NOTHING


def test_policies_touch_nothing_that_is_kept(refunds: Program) -> None:
    for kind in (facts.PolicyAdded, facts.PolicyEdited):
        assert touched(refunds, sample(kind, policy_id="pol_1")) == NOTHING


def test_where_signals_come_from_touches_nothing_that_is_kept(refunds: Program) -> None:
    for kind in (facts.SourceConnected, facts.SourceDisconnected):
        assert touched(refunds, sample(kind, workflow_id=refunds.workflow().id)) == NOTHING


@pytest.mark.parametrize("kind", sorted((kind for kind in ELSEWHERE if "Digest" in kind.__name__), key=str))
def test_what_becomes_of_a_digest_touches_nothing(refunds: Program, kind: type[Fact]) -> None:
    assert touched(refunds, sample(kind, digest_id="dg_1")) == NOTHING


def test_a_deleted_copy_of_a_digest_touches_nothing(refunds: Program) -> None:
    assert touched(refunds, sample(facts.DuplicateDeleted, digest_id="dg_1")) == NOTHING


def test_a_fact_about_a_team_touches_that_team(refunds: Program) -> None:
    for kind in (facts.TeamMade, facts.TeamEdited):
        assert touched(refunds, sample(kind, team_id="team_named")) == {"team_named"}


def test_a_batch_touches_every_workflow_and_team_that_it_is_about(refunds: Program) -> None:
    refunds.later(days=27)
    refunds.start("other_agent")
    refunds.start("idle_agent")
    before = marks(refunds), marks(refunds, "other_agent"), marks(refunds, "idle_agent")
    batch = [entry("metric", id="1"), entry("metric", id="2", workflow="other_agent")]
    assert send(refunds, batch, "ana").accepted == 2
    after = marks(refunds), marks(refunds, "other_agent"), marks(refunds, "idle_agent")
    assert [was != found for was, found in zip(before, after, strict=True)] == [True, True, False]
    send(refunds, [entry("seat", id="3")], "ana")
    assert marks(refunds).of_team > after[0].of_team


def test_a_memo_touches_its_workflow_and_that_of_the_memo_whose_place_it_takes(refunds: Program) -> None:
    assert touched(refunds, sample(facts.MemoFiled, workflow_id="wf_named")) == {"wf_named"}
    assert touched(refunds, sample(facts.MemoFiled, workflow_id="wf_named", supersedes="memo_lost")) == {
        "wf_named",
        PROGRAM,
    }


def open_deviation(program: Program) -> str:
    what = Entry("Sent 3 refunds.", DeviationArea.SECURITY, date(2026, 3, 9), None)
    return program.do("max", deviations.open_one, program.workflow(), what, None).deviation_id


def test_whoever_is_met_or_called_otherwise_than_before_touches_the_whole_program(refunds: Program) -> None:
    before = marks(refunds)
    refunds.give(Role.STEWARD, "eve")
    met = marks(refunds)
    assert met.of_program > before.of_program
    refunds.workspace.names["UEVE"] = "Eva"
    refunds.check("scope_credentials", "eve", evidence="https://docs.example/1")
    assert marks(refunds).of_program > met.of_program
    assert {holder.person.name for holder in refunds.workflow().holders} >= {"Eva"}


def test_marks_move_for_other_processes_with_the_change_itself(refunds: Program, database_url: str) -> None:
    with closing(Database(database_url)) as database:
        elsewhere = Program(database)
        elsewhere.clock.at = refunds.at
        before = elsewhere.kept()
        refunds.check("scope_credentials", evidence="https://docs.example/1")
        after = elsewhere.kept()
    assert before != after
    assert after == refunds.status()
