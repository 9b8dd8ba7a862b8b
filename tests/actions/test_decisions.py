"""Decisions: judged on what stands in their own transaction, logged with it, counted, and vouched for by the chain."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from bot.actions.decisions import SPIKE, Answered, Inquiry, answer, decide
from bot.actions.desk import Asked
from bot.domain.errors import NotFound
from bot.domain.grants.decisions import Outcome
from bot.domain.grants.factsheet import take_facts
from bot.domain.grants.log import LogEntry, LogQuery
from bot.domain.people import Actor
from bot.domain.playbook import PhaseName
from store import Database
from store.tables.decisions import decision_days, decisions
from tests.cast import agent
from tests.grants_program import ATTENDED, CONFIDENT, DRAFT, UNATTENDED, GrantsProgram, action, policy
from tests.program import Posted
from tests.store.samples import unguarded
from tests.store.together import together

SURE: dict[str, object] = {"recipients": 1, "confidence_score": Decimal("0.97")}
ROUNDS = 100
ALLOW, DENY, NEEDS = Outcome.ALLOW, Outcome.DENY, Outcome.NEEDS_APPROVAL


@pytest.fixture
def refunds(database: Database) -> GrantsProgram:
    """refunds_agent on its first day."""
    program = GrantsProgram(database)
    program.start()
    return program


@pytest.fixture
def sender(refunds: GrantsProgram) -> GrantsProgram:
    """refunds_agent in scaling, where it may send macros unattended."""
    refunds.unattended()
    return refunds


def inquiry(program: GrantsProgram, facts: Any = SURE, doing: str = "send_macro", **more: Any) -> Inquiry:
    return Inquiry(program.workflow().id, doing, facts, **more)


def ask(
    program: GrantsProgram, facts: Any = SURE, doing: str = "send_macro", *, by: str | Actor = "max", **more: Any
) -> Answered:
    return decide(program.desk, Asked(program.actor(by)), inquiry(program, facts, doing, **more))


def codes(program: GrantsProgram, facts: Any = SURE, doing: str = "send_macro") -> tuple[str, ...]:
    found = ask(program, facts, doing).decision
    return (found.outcome, *found.codes)


def log(program: GrantsProgram, **query: Any) -> Sequence[LogEntry]:
    return program.ask(lambda view: view.decisions.log(LogQuery(**query)))


def uses(program: GrantsProgram) -> dict[str, int]:
    with program.database.reading() as connection:
        return {row.day.isoformat(): row.uses for row in connection.execute(select(decision_days))}


# What is answered


def test_nothing_granted_and_what_nobody_knows_are_denied(refunds: GrantsProgram) -> None:
    assert codes(refunds) == (DENY, "grant.none")
    assert codes(refunds, doing="Launch \x00\ud800 the rocket") == (DENY, "grant.none")
    assert codes(refunds, doing="") == (DENY, "grant.none")
    assert [entry.decision.facts for entry in log(refunds)] == [{}] * 3
    assert refunds.verify().ok


def test_what_waits_for_a_decision_or_was_declined_grants_nothing(refunds: GrantsProgram) -> None:
    asked = refunds.asked(DRAFT)
    assert codes(refunds, {}, "draft_reply") == (DENY, "grant.none")
    refunds.decline(asked)
    assert codes(refunds, {}, "draft_reply") == (DENY, "grant.none")


def test_an_attended_grant_needs_a_person_and_says_for_which_reasons(refunds: GrantsProgram) -> None:
    refunds.grant(ATTENDED)
    assert codes(refunds) == (NEEDS, "approval.required", "phase.cap")


def test_an_unattended_grant_allows_within_its_bounds(sender: GrantsProgram) -> None:
    found = ask(sender)
    (grant,) = sender.ask(lambda view: view.grants.living(sender.workflow().id))
    assert (found.decision.outcome, found.decision.codes, found.decision.grant_id, found.decision.grant_hash) == (
        ALLOW,
        (),
        grant.id,
        grant.hash,
    )
    assert codes(sender, {"recipients": 6, "confidence_score": Decimal("0.94")}) == (
        DENY,
        "limit.exceeded:max_recipients",
        "condition.false:1",
    )
    assert codes(sender, {}) == (DENY, "fact.missing:recipients", "fact.missing:confidence_score")


def test_what_suspends_freezes_or_ends_a_grant_denies_from_then_on(sender: GrantsProgram) -> None:
    (grant,) = sender.ask(lambda view: view.grants.living(sender.workflow().id))
    sender.suspend(grant)
    assert codes(sender) == (DENY, "grant.suspended")
    sender.go_on(grant, "bea")
    sender.freeze()
    assert codes(sender) == (DENY, "workflow.frozen")
    sender.unfreeze("bea")
    assert codes(sender) == (ALLOW,)
    sender.revoke(grant)
    assert codes(sender) == (DENY, "grant.none")


def test_the_phase_caps_at_once_what_was_granted_before(sender: GrantsProgram) -> None:
    sender.enter(PhaseName.PRODUCTION)
    assert codes(sender) == (NEEDS, "phase.cap")


def test_time_alone_denies_without_any_tick(refunds: GrantsProgram) -> None:
    refunds.grant(DRAFT)
    assert codes(refunds, {}, "draft_reply") == (NEEDS, "approval.required")
    refunds.later(days=31)
    assert codes(refunds, {}, "draft_reply") == (DENY, "grant.suspended")
    refunds.later(days=60)
    assert codes(refunds, {}, "draft_reply") == (DENY, "grant.expired")


def test_stale_evals_deny_what_has_an_effect(sender: GrantsProgram) -> None:
    sender.later(days=15)
    assert codes(sender) == (DENY, "grant.suspended")


def test_a_pause_stops_no_agent_and_a_freeze_with_it_does(sender: GrantsProgram) -> None:
    sender.pause()
    assert codes(sender) == (ALLOW,)
    sender.resume()
    sender.pause(freeze=True)
    assert codes(sender) == (DENY, "workflow.frozen")


def test_a_closed_workflow_denies_and_one_that_never_was_is_not_found(sender: GrantsProgram) -> None:
    sender.close()
    assert codes(sender) == (DENY, "grant.none")
    with pytest.raises(NotFound):
        decide(sender.desk, Asked(sender.actor("max")), Inquiry("wf_none", "send_macro", SURE))


@pytest.mark.parametrize("by", ["max", "stu", agent()])
def test_every_principal_may_ask_and_is_logged_as_such(sender: GrantsProgram, by: str | Actor) -> None:
    found = ask(sender, by=by)
    (entry,) = log(sender)
    assert (entry.decision.id, entry.by) == (found.id, by.handle if isinstance(by, Actor) else by.title())


# Bad facts


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("{}", "fact.missing:recipients"),
        ('{"recipients": null, "confidence_score": 1}', "fact.type:recipients"),
        ('{"recipients": NaN, "confidence_score": 1}', "fact.type:recipients"),
        ('{"recipients": -Infinity, "confidence_score": 1}', "fact.type:recipients"),
        ('{"recipients": "1", "confidence_score": 1}', "fact.type:recipients"),
        ('{"recipients": true, "confidence_score": 1}', "fact.type:recipients"),
        ('{"recipients": 1.0000000000000001, "confidence_score": 1}', "fact.type:recipients"),
        ('{"recipients": 1e999999999, "confidence_score": 1}', "fact.type:recipients"),
        ('{"recipients": 1, "recipients": 1, "confidence_score": 1}', "fact.type:*"),
        (json.dumps({"recipients": 1, "confidence_score": 1, **{f"k{n}": n for n in range(10_000)}}), "fact.type:*"),
        ('{"recipients": 1, "confidence_score": 1, "deep": ' + "[" * 500 + "]" * 500 + "}", "fact.type:*"),
        ('{"recipients": 1, "confidence_score": 1, "deep": ' + "[" * 90_000 + "]" * 90_000 + "}", "fact.type:*"),
        ('{"recipients": 1, "confidence_score": 1, "long": "' + "x" * 300_000 + '"}', "fact.type:*"),
        ('{"recipients": "\\ud800", "confidence_score": 1}', "fact.type:recipients"),
        ('{"recipients": "\\u0000", "confidence_score": 1}', "fact.type:recipients"),
    ],
    ids=lambda value: value[:30] if isinstance(value, str) else None,
)
def test_facts_that_can_not_be_told_for_certain_are_denied_and_logged(
    sender: GrantsProgram, text: str, code: str
) -> None:
    found = ask(sender, take_facts(text)).decision
    assert (found.outcome, found.codes[0]) == (DENY, code)
    assert all(reason.endswith(".") for reason in found.reasons)
    (entry,) = log(sender)
    assert entry.decision.codes == found.codes
    assert uses(sender) in ({}, {"2026-03-02": 0})
    assert sender.verify().ok


# What is kept


def test_only_the_facts_that_the_grant_names_are_kept_and_all_are_hashed(sender: GrantsProgram) -> None:
    more = {**SURE, "customer": "Ana Sousa", "card": "4111"}
    ask(sender, more)
    ask(sender, {**more, "card": "4112"})
    ask(sender, dict(reversed(more.items())) | {"recipients": Decimal("1.0")})
    again, other, first = (entry.decision for entry in log(sender))
    assert first.facts == {"recipients": "1", "confidence_score": "0.97"}
    assert other.facts == first.facts
    assert again.facts_hash == first.facts_hash != other.facts_hash
    assert "Ana" not in json.dumps(sender.chain())


def test_sums_are_named_too_and_facts_without_a_grant_name_nothing(refunds: GrantsProgram) -> None:
    refunds.grant(policy(action("draft_reply", per_day={"uses": 5, "sum": {"cost_usd": 3}})))
    ask(refunds, {"cost_usd": Decimal("1.25"), "customer": "Ana"}, "draft_reply")
    ask(refunds, {"cost_usd": 1}, "other_thing")
    assert [entry.decision.facts for entry in log(refunds)] == [{}, {"cost_usd": "1.25"}]


def test_a_dry_run_is_logged_apart_and_counts_nowhere(sender: GrantsProgram) -> None:
    assert ask(sender, dry_run=True).decision.outcome is ALLOW
    assert log(sender) == ()
    assert len(log(sender, dry_run=True)) == 1
    assert sum(uses(sender).values()) == 0
    for _ in range(SPIKE + 1):
        ask(sender, {}, dry_run=True)
    assert "refusals_spike" not in {posted.kind for posted in sender.posted()}


def test_the_chain_vouches_for_every_decision_and_forgotten_facts_leave_it_whole(sender: GrantsProgram) -> None:
    ask(sender)
    ask(sender, {})
    assert sender.facts()[-2:] == ("decisions_logged", "decisions_logged")
    assert sender.verify().ok
    with sender.database.writing() as connection:
        unguarded(connection, "UPDATE decisions SET facts = NULL")
    assert sender.verify().ok
    assert [entry.decision.facts for entry in log(sender)] == [None, None]


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE decisions SET outcome = 'deny' WHERE seq = 1", "was changed"),
        ("UPDATE decisions SET facts_hash = 'forged' WHERE seq = 2", "was changed"),
        ("UPDATE decisions SET facts = '{}' WHERE seq = 1", "The facts of decision"),
        ("UPDATE decisions SET reasons = '[]' WHERE seq = 1", "The reasons of decision"),
        ("UPDATE decisions SET reasons = NULL, reasons_hash = NULL WHERE seq = 1", "was changed"),
        ("UPDATE decisions SET dry_run = true WHERE seq = 2", "was changed"),
        ("DELETE FROM decisions WHERE seq = 2", "are missing or too many: 0 of 1"),
        ("UPDATE decisions SET batch = 'dec_other' WHERE seq = 2", "are missing or too many: 0 of 1"),
    ],
)
def test_a_decision_that_was_tampered_with_is_named(sender: GrantsProgram, statement: str, why: str) -> None:
    ask(sender)
    ask(sender, {})
    with sender.database.writing() as connection:
        unguarded(connection, statement)
    found = sender.verify()
    records = [record["seq"] for record in sender.chain() if record["fact"] == "decisions_logged"]
    assert not found.ok
    assert why in str(found.why)
    assert found.first_broken == records["seq = 2" in statement]


def test_a_decision_that_no_record_tells_of_is_named(sender: GrantsProgram) -> None:
    found = ask(sender)
    with sender.database.writing() as connection:
        unguarded(
            connection,
            "INSERT INTO decisions SELECT seq + 1, id || 'x', 'dec_x', workflow_id, action, at, principal_kind, "
            "principal, through, outcome, codes, reasons, facts, facts_hash, kept_hash, grant_id, grant_hash, "
            "reported_hash, approval, dry_run, reasons_hash FROM decisions",
        )
    told = sender.verify()
    assert (told.ok, told.why) == (
        False,
        f"Decision {found.id}x was added past this program: no record tells of it.",
    )


# The team's day


def test_the_uses_of_a_day_are_the_teams_and_begin_anew_at_its_midnight(refunds: GrantsProgram) -> None:
    refunds.grant(policy(action("draft_reply", requires_human_approval=False, per_day={"uses": 2})))
    refunds.later(hours=14)  # 23:00 in Lisbon, winter time
    assert [codes(refunds, {}, "draft_reply") for _ in range(3)] == [(ALLOW,), (ALLOW,), (NEEDS, "day.limit")]
    refunds.later(hours=1)
    assert codes(refunds, {}, "draft_reply") == (ALLOW,)
    assert uses(refunds) == {"2026-03-02": 2, "2026-03-03": 1}


def test_sums_of_a_day_are_exact(refunds: GrantsProgram) -> None:
    bounds = {"requires_human_approval": False, "per_day": {"sum": {"cost_usd": 0.3}}}
    refunds.grant(policy(action("draft_reply", **bounds)))
    tenth = {"cost_usd": Decimal("0.1")}
    assert [codes(refunds, tenth, "draft_reply") for _ in range(4)] == [*[(ALLOW,)] * 3, (NEEDS, "day.limit")]


def test_many_questions_in_one_change_see_each_other(refunds: GrantsProgram) -> None:
    refunds.grant(policy(action("draft_reply", requires_human_approval=False, per_day={"uses": 2})))
    four = [inquiry(refunds, {}, "draft_reply", dry_run=place == 1) for place in range(4)]
    answers = refunds.do("max", answer, [*four, inquiry(refunds, {}, "other")])
    assert [each.decision.outcome for each in answers] == [ALLOW, ALLOW, ALLOW, NEEDS, DENY]
    assert (uses(refunds), refunds.facts().count("decisions_logged")) == ({"2026-03-02": 2}, 1)
    assert refunds.verify().ok


def test_threads_never_get_more_than_the_day_has_room_for(refunds: GrantsProgram) -> None:
    refunds.grant(policy(action("draft_reply", requires_human_approval=False, per_day={"uses": 20})))
    found: Counter[str] = Counter()

    def run() -> None:
        for _ in range(10):
            found[ask(refunds, {}, "draft_reply", by="max").decision.outcome] += 1

    together([run] * 6)
    assert found == {ALLOW: 20, NEEDS: 40}
    assert uses(refunds) == {"2026-03-02": 20}
    assert refunds.verify().ok


# What is put in order


def test_no_allow_stands_behind_the_revocation_in_the_chain(sender: GrantsProgram) -> None:
    for _ in range(ROUNDS):
        (grant,) = sender.ask(lambda view: view.grants.living(sender.workflow().id))
        together([lambda: ask(sender), lambda grant=grant: sender.revoke(grant), lambda: ask(sender)])  # type: ignore[misc]
        assert ask(sender).decision.outcome is DENY
        sender.grant(UNATTENDED)
    allowed = {entry.decision.id for entry in log(sender, outcome=ALLOW)}
    batches = _batches(sender)
    open_ = True
    for record in sender.chain():
        if record["fact"] in {"grant_activated", "grant_revoked"}:
            open_ = record["fact"] == "grant_activated"
        if record["fact"] == "decisions_logged" and batches[record["subject"]] in allowed:
            assert open_, f"record {record['seq']} allows what was revoked before"
    assert len(batches) == ROUNDS * 3


def _batches(program: GrantsProgram) -> dict[str, str]:
    with program.database.reading() as connection:
        return {row.batch: row.id for row in connection.execute(select(decisions.c.batch, decisions.c.id))}


def test_a_freeze_and_decisions_at_once_leave_no_allow_behind_it(sender: GrantsProgram) -> None:
    for _ in range(10):
        together([lambda: ask(sender), sender.freeze, lambda: ask(sender)])
        assert ask(sender).decision.codes == ("workflow.frozen",)
        sender.unfreeze("bea")
    allowed = {entry.decision.id for entry in log(sender, outcome=ALLOW)}
    batches, frozen = _batches(sender), False
    for record in sender.chain():
        if record["fact"] in {"workflow_frozen", "workflow_unfrozen"}:
            frozen = record["fact"] == "workflow_frozen"
        if record["fact"] == "decisions_logged" and frozen:
            assert batches[record["subject"]] not in allowed


def test_a_renewal_leaves_no_gap_in_which_something_is_denied(sender: GrantsProgram) -> None:
    asked = sender.asked(
        policy(action("send_macro", max_recipients=6, allowed_when=CONFIDENT, requires_human_approval=False))
    )
    outcomes: list[str] = []

    def run() -> None:
        outcomes.extend(ask(sender).decision.outcome for _ in range(20))

    together([run, lambda: sender.approve(asked), run])
    assert outcomes == [ALLOW] * 40


# Told at once


def test_twenty_refusals_within_an_hour_are_told_once_that_day(sender: GrantsProgram) -> None:
    def spikes() -> int:
        return sender.posted().count(Posted("refusals_spike", "CSUPPORT"))

    for _ in range(SPIKE - 1):
        ask(sender, {})
    sender.later(hours=1)
    ask(sender, {})
    assert spikes() == 0
    for _ in range(SPIKE - 1):
        ask(sender, {})
    assert spikes() == 1
    for _ in range(SPIKE):
        ask(sender, {})
    assert spikes() == 1
    for _ in range(SPIKE):
        ask(sender, {}, "other_thing")
    assert spikes() == 2
    sender.clock.at += timedelta(days=1)
    for _ in range(SPIKE):
        ask(sender, {})
    assert spikes() == 3
