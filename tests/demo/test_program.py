"""The sample program: what it promises holds on whatever day it is launched."""

import re
from datetime import UTC, datetime

import pytest

from bot.actions.grants.looking import holding_of
from bot.demo.cast import PEOPLE, TIPS, CastDirectory, company, rollout_app
from bot.demo.conversation import conversation
from bot.domain.items import ItemState
from bot.domain.playbook import Rung
from bot.sandbox.clock import MovableClock
from bot.sandbox.server import serve
from bot.sandbox.workspace import Workspace
from bot.slack import app as handlers  # noqa: F401  makes every verb known
from bot.slack.directory import SlackDirectory
from bot.slack.messenger import slack_client
from bot.slack.registry import COMMANDS
from store import Store, audit, outbox
from store.verification import verify
from tests.demo.conftest import Sample
from tests.demo.promises import PROMISED, WEDNESDAY, program, promises

LAUNCHES = {
    "in the middle of a week": WEDNESDAY,
    "on a Monday, just after midnight": datetime(2027, 1, 4, 0, 5, tzinfo=UTC),
    "on a Saturday": datetime(2026, 8, 15, 10, tzinfo=UTC),
    "on the Sunday when clocks change": datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
}


@pytest.mark.parametrize("at", LAUNCHES.values(), ids=LAUNCHES)
def test_the_sample_shows_the_same_troubles_whenever_it_is_launched(sample: Sample, at: datetime) -> None:
    assert promises(sample(at), at) == PROMISED


@pytest.mark.parametrize("at", LAUNCHES.values(), ids=LAUNCHES)
def test_nothing_in_the_sample_happens_after_the_launch_or_breaks_the_chain(sample: Sample, at: datetime) -> None:
    with sample(at).reading() as connection:
        records = list(audit.export(connection))
        assert verify(connection).first_broken is None
    times = [datetime.fromisoformat(str(record["effective_at"])) for record in records]
    assert (times, max(times) < at) == (sorted(times), True)
    assert {(record["principal_kind"], record["through"]) for record in records} == {
        ("human", "slack"),
        ("service", "api"),
        ("service", "guard"),
    }


def test_phases_are_entered_by_the_fact_that_gates_record(sample: Sample) -> None:
    with sample(WEDNESDAY).reading() as connection:
        moves = [record for record in audit.export(connection) if record["fact"] == "phase_changed"]
    assert len({record["subject"] for record in moves}) == 3
    assert len(moves) == 5


HELD = {
    "refunds_agent": {"propose_refund": "active", "issue_refund": "requested"},
    "support_macros": {"suggest_macro": "active"},
    "docs_drafter": {"open_pull_request": "suspended", "draft_page": "active"},
    "test_fixer": {"fix_test": "active"},
    "lead_replies": {},
    "triage_agent": {
        "summarize_logs": "active",
        "collect_trace": "active",
        "run_health_check": "active",
        "run_health_check, asked": "requested",
    },
}


@pytest.mark.parametrize("at", LAUNCHES.values(), ids=LAUNCHES)
def test_the_agents_hold_what_their_evidence_allows(sample: Sample, at: datetime) -> None:
    with Store(sample(at)).reading() as view:
        holdings = {workflow.name: holding_of(view, workflow, at) for workflow in view.workflows()}
    found = {
        name: {
            **{held.grant.terms.action: "suspended" if held.stops else "active" for held in holding.held},
            **{
                grant.terms.action if grant.replaces is None else f"{grant.terms.action}, asked": grant.state.value
                for grant in holding.waiting
            },
        }
        for name, holding in holdings.items()
    }
    assert found == HELD
    assert [name for name, holding in holdings.items() if holding.freeze] == ["test_fixer"]
    assert [name for name, holding in holdings.items() if holding.due] == ["refunds_agent"]
    assert {holding.model.rung for holding in holdings.values()} == {Rung.COPILOT, Rung.OPERATOR}


def test_a_skip_that_expired_is_open_again_and_says_until_when_it_held(sample: Sample) -> None:
    status = program(sample(WEDNESDAY), WEDNESDAY)["support_macros"]
    row = status.checklist.late[0]
    assert row.record
    assert (row.state, row.record.state, row.record.until) == (
        ItemState.OPEN,
        ItemState.SKIPPED,
        status.workflow.date_of(17),
    )


def test_whatever_is_done_has_evidence_or_was_seen_by_the_product(sample: Sample) -> None:
    at = WEDNESDAY
    done = [
        row
        for status in program(sample(at), at).values()
        for row in status.checklist.rows
        if row.state is ItemState.DONE and (row.item.evidence or row.item.done_when)
    ]
    links = [row.record.evidence.text for row in done if row.record and row.record.evidence]
    assert [str(row.key) for row in done if not row.proof and not (row.record and row.record.evidence)] == []
    assert [link for link in links if not str(link).startswith("https://docs.example.com/")] == []


def test_only_the_cards_of_what_still_waits_are_left_to_be_told(sample: Sample) -> None:
    with sample(WEDNESDAY).reading() as connection:
        counts = {state: count for state, count in outbox.counts(connection).items() if count}
    assert (counts["pending"], set(counts)) == (6, {"pending", "skipped"})


def test_what_people_said_lies_in_the_days_before_and_replies_follow_their_root() -> None:
    said = conversation("T1", WEDNESDAY)
    stamps = [message["ts"] for message in said]
    assert (stamps, float(stamps[-1]) < WEDNESDAY.timestamp()) == (sorted(stamps), True)
    assert [message for message in said if message.get("thread_ts", message["ts"]) > message["ts"]] == []


def test_the_sample_knows_its_people_as_the_workspace_will_answer() -> None:
    app = rollout_app()
    cast = company(app, WEDNESDAY)
    with serve(Workspace(cast, MovableClock(WEDNESDAY))) as server:
        asked = SlackDirectory(slack_client(app.bot_token, f"{server.url}/api/"))
        answers = [asked.account(person.id) for person in PEOPLE]
        groups = [asked.group_members(group.id) for group in cast.groups]
    known = CastDirectory(cast)
    assert answers == [known.account(person.id) for person in PEOPLE]
    assert groups == [known.group_members(group.id) for group in cast.groups]


def test_each_tip_that_can_be_clicked_is_something_one_can_type() -> None:
    typed = [found for tip in TIPS for found in re.findall(r"`([^`]+)`", tip)]
    verbs = [words.split()[1] for words in typed if " " in words]
    assert (len(typed), [verb for verb in verbs if verb not in COMMANDS]) == (5, [])
