"""Escrow: a question asked once, answered by a person, and what the answer lets through, once."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from bot.actions import escrow
from bot.actions.addressees import answering
from bot.actions.decisions import Answered, Inquiry, answer, decide
from bot.actions.desk import Asked
from bot.actions.escrow import Said
from bot.domain.absences import EVERYONE_HERE, Absence, Absences
from bot.domain.errors import BadInput, Conflict, NotAllowed, NotFound, Refused
from bot.domain.escrow import Answer, Asking, Question, QuestionState
from bot.domain.grants.decisions import Outcome
from bot.domain.grants.log import LogQuery
from bot.domain.people import Actor, Membership
from bot.domain.playbook import PhaseName
from bot.domain.review_counts import Reviews
from bot.domain.workflows import Role
from store import Database
from store.tables.decisions import decision_days
from store.tables.signals import signals
from tests.cast import agent
from tests.grants_program import ATTENDED, CONFIDENT, GrantsProgram, action, policy
from tests.store.together import together

ALLOW, DENY, NEEDS = Outcome.ALLOW, Outcome.DENY, Outcome.NEEDS_APPROVAL
FACTS: dict[str, object] = {"recipients": 4, "confidence_score": Decimal("0.97"), "customer": "Ana Sousa"}
MISMATCH = (DENY, "approval.mismatch")
BOT = agent()
NARROWER = policy(action("send_macro", max_recipients=4, allowed_when=CONFIDENT))


class Asker:
    """The agent of a workflow whose grant asks for a person each time, and those who answer it."""

    def __init__(self, database: Database) -> None:
        self.program = GrantsProgram(database)
        self.program.start()
        self.granted = self.program.grant(ATTENDED)

    def decide(self, facts: Any = FACTS, *, doing: str = "send_macro", **more: Any) -> Answered:
        inquiry = Inquiry(self.program.workflow().id, doing, facts, **more)
        return decide(self.program.desk, Asked(BOT), inquiry)

    def asks(self, key: str = "order 8812", summary: str = "macro for order 8812", facts: Any = FACTS) -> Question:
        asked = self.decide(facts, asking=Asking(key, summary)).question
        assert asked is not None
        return asked

    def answers(self, question: Question, by: str | Actor = "stu", **said: Any) -> Question:
        self.program.do(by, escrow.answer, question.id, Said(said.pop("answer", Answer.APPROVED), **said))
        return self.now(question)

    def edits(self, question: Question, facts: dict[str, object], by: str = "stu") -> Question:
        return self.answers(question, by, answer=Answer.EDITED, facts=json.dumps(facts))

    def rejects(self, question: Question, note: str = "Not this customer.") -> Question:
        return self.answers(question, answer=Answer.REJECTED, note=note)

    def uses(self, question: Question | str, facts: Any = FACTS, **more: Any) -> tuple[str, ...]:
        found = self.decide(facts, approval=question if isinstance(question, str) else question.id, **more).decision
        return (found.outcome, *found.codes)

    def now(self, question: Question) -> Question:
        return self.program.ask(lambda view: view.escrow.one(question.id))

    def state(self, question: Question) -> QuestionState:
        return self.now(question).state(self.program.at)

    def kinds(self) -> list[str]:
        return [posted.kind for posted in self.program.posted()]


@pytest.fixture
def asker(database: Database) -> Asker:
    """On the first day, with a grant to send macros that asks for a person each time."""
    return Asker(database)


# Asked


def test_a_question_is_asked_once_per_key_and_waits_four_hours(asker: Asker) -> None:
    question = asker.asks()
    assert question.state(asker.program.at) is QuestionState.PENDING
    assert question.expires_at == asker.program.at + timedelta(hours=4)
    assert (question.agent, question.summary, question.grant_id) == (
        BOT.handle,
        "macro for order 8812",
        asker.granted.id,
    )
    again = asker.asks(facts={**FACTS, "recipients": Decimal("4.0")})
    assert again == question
    assert asker.program.facts().count("question_asked") == 1
    assert asker.program.ask(lambda view: view.escrow.waiting(asker.program.at)) == (question,)
    assert asker.program.verify().ok


def test_the_same_key_stays_the_same_question_whatever_became_of_it(asker: Asker) -> None:
    edited, rejected, expired = asker.asks("a"), asker.asks("b"), asker.asks("c")
    asker.edits(edited, {"recipients": 2})
    asker.rejects(rejected)
    asker.program.later(hours=4)
    found = [asker.asks(key) for key in "abc"]
    assert [question.id for question in found] == [edited.id, rejected.id, expired.id]
    assert [asker.state(question) for question in found] == ["void", "rejected", "expired"]


@pytest.mark.parametrize(
    "other",
    [{"summary": "another order"}, {"facts": {**FACTS, "recipients": 3}}, {"facts": {**FACTS, "customer": "Bo"}}],
)
def test_the_same_key_with_another_text_or_other_facts_is_refused(asker: Asker, other: dict[str, Any]) -> None:
    question = asker.asks()
    with pytest.raises(Conflict, match=f"was used for another question .{question.id}."):
        asker.asks(**other)
    assert asker.program.facts().count("question_asked") == 1


@pytest.mark.parametrize(
    ("asking", "field"),
    [
        (Asking("", "text"), "key"),
        (Asking("k" * 201, "text"), "key"),
        (Asking("k\x00", "text"), "key"),
        (Asking("k", "  \n "), "summary"),
        (Asking("k", "x" * 301), "summary"),
        (Asking("k", "text", "javascript:alert(1)"), "url"),
        (Asking("k", "text", "https://example.com/" + "x" * 2000), "url"),
        (Asking("k", "text", "https://example.com/\x00"), "url"),
    ],
)
def test_a_question_that_can_not_be_kept_is_refused_by_field(asker: Asker, asking: Asking, field: str) -> None:
    with pytest.raises(BadInput) as refused:
        asker.decide(asking=asking)
    assert refused.value.field == field


def test_nobody_is_asked_by_a_dry_run_or_where_no_person_is_needed(asker: Asker) -> None:
    asking = Asking("k", "text")
    assert asker.decide(asking=asking, dry_run=True).question is None
    assert asker.decide({**FACTS, "recipients": 6}, asking=asking).question is None
    assert asker.decide(doing="other", asking=asking).question is None
    assert "question_asked" not in asker.program.facts()
    assert "question_card" not in asker.kinds()


def test_at_most_sixty_wait_and_the_next_is_told_why_nobody_was_asked(asker: Asker) -> None:
    questions = [asker.asks(f"order {number}") for number in range(60)]
    crowded = asker.decide(asking=Asking("one more", "text"))
    assert crowded.question is None
    assert crowded.decision.codes[-1] == "approval.crowded"
    assert crowded.decision.reasons[-1].startswith("60 questions of refunds_agent wait")
    assert asker.asks("order 0") == questions[0]
    asker.answers(questions[7])
    assert asker.asks("one more").key == "one more"
    asker.program.later(hours=4)
    assert asker.asks("afterwards").key == "afterwards"
    # The team's channel hears one message, with cards under it, and as many nudges as are still to be weighed.
    assert asker.kinds().count("questions_of_day") == 1


# Used


def test_an_approval_allows_once_for_the_same_workflow_action_and_facts(asker: Asker) -> None:
    question = asker.asks()
    assert asker.uses(question) == MISMATCH
    asker.answers(question)
    assert asker.uses(question, {**FACTS, "customer": "Bo"}) == MISMATCH
    assert asker.uses(question, {**FACTS, "recipients": 3}) == MISMATCH
    asker.program.start("other_agent")
    assert asker.uses(question, {**FACTS, "recipients": Decimal("4.00")}) == (ALLOW,)
    assert asker.uses(question) == MISMATCH
    used = asker.now(question)
    assert (used.used_at, used.state(asker.program.at)) == (asker.program.at, QuestionState.APPROVED)
    (entry,) = asker.program.ask(lambda view: view.decisions.log(LogQuery(outcome=ALLOW)))
    assert (entry.decision.approval, entry.decision.reasons) == (question.id, ("A person let this through, once.",))
    assert asker.program.verify().ok


def test_an_approval_of_another_workflow_or_action_lets_nothing_through(asker: Asker) -> None:
    question = asker.answers(asker.asks())
    asker.program.start("other_agent")
    asker.program.grant(policy(action("send_note", allowed_when=CONFIDENT)))
    asker.program.grant(ATTENDED.replace("refunds_agent", "other_agent"))
    assert asker.uses(question, doing="send_note") == MISMATCH
    other = Inquiry(asker.program.workflow("other_agent").id, "send_macro", FACTS, approval=question.id)
    assert decide(asker.program.desk, Asked(BOT), other).decision.codes == ("approval.mismatch",)
    assert asker.uses(question) == (ALLOW,)


@pytest.mark.parametrize("unknown", ["ask_none", "x\x00\ud800", "' OR 1=1 --", "x" * 5000])
def test_an_unknown_id_lets_nothing_through(asker: Asker, unknown: str) -> None:
    assert asker.uses(unknown) == MISMATCH
    assert asker.program.verify().ok


def test_an_approval_is_void_after_fifteen_minutes(asker: Asker) -> None:
    question = asker.answers(asker.asks())
    asker.program.later(minutes=15, seconds=-1)
    assert asker.uses(question, dry_run=True) == (ALLOW,)
    asker.program.later(seconds=1)
    assert asker.state(question) is QuestionState.VOID
    assert asker.uses(question) == MISMATCH


def test_a_dry_run_spends_nothing(asker: Asker) -> None:
    question = asker.answers(asker.asks())
    assert asker.uses(question, dry_run=True) == (ALLOW,)
    assert asker.uses(question) == (ALLOW,)
    assert asker.program.verify().ok


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda program, grant: program.revoke(grant), "grant.none"),
        (lambda program, grant: program.suspend(grant), "grant.suspended"),
        (lambda program, _: program.freeze(), "workflow.frozen"),
        (lambda program, _: program.narrow(NARROWER), "approval.mismatch"),
        (lambda program, grant: (program.revoke(grant), program.grant(ATTENDED)), "approval.mismatch"),
    ],
    ids=["revoked", "suspended", "frozen", "narrowed", "granted anew"],
)
def test_what_changed_between_answer_and_use_denies(asker: Asker, change: Any, code: str) -> None:
    question = asker.answers(asker.asks())
    change(asker.program, asker.granted)
    assert asker.uses(question) == (DENY, code)
    assert asker.now(question).used_at is None


def test_a_grant_that_expired_between_answer_and_use_denies(asker: Asker) -> None:
    asker.program.narrow(policy(action("send_macro", max_recipients=5, allowed_when=CONFIDENT, expires_in_days=1)))
    asker.program.later(days=1, minutes=-2)
    question = asker.answers(asker.asks())
    asker.program.later(minutes=3)
    assert asker.uses(question) == (DENY, "grant.expired")


def test_two_uses_at_once_are_one_allow(asker: Asker) -> None:
    for number in range(20):
        question = asker.answers(asker.asks(f"order {number}"))
        found: list[tuple[str, ...]] = []
        together([lambda question=question, found=found: found.append(asker.uses(question))] * 3)  # type: ignore[misc]
        assert sorted(found) == sorted([(ALLOW,), MISMATCH, MISMATCH])
    assert asker.program.verify().ok


def test_two_uses_in_one_change_are_one_allow(asker: Asker) -> None:
    question = asker.answers(asker.asks())
    twice = [Inquiry(asker.program.workflow().id, "send_macro", FACTS, approval=question.id, by=BOT)] * 2
    found = asker.program.do(BOT, answer, twice)
    assert [each.decision.outcome for each in found] == [ALLOW, DENY]


def test_an_approval_where_the_grant_allows_alone_is_not_spent(asker: Asker) -> None:
    question = asker.answers(asker.asks())
    asker.program.run()
    asker.program.unattended()
    assert asker.uses(question) == (ALLOW,)
    assert asker.now(question).used_at is None
    (entry,) = asker.program.ask(lambda view: view.decisions.log(LogQuery(outcome=ALLOW)))
    assert entry.decision.approval is None
    assert asker.program.verify().ok


def test_an_approved_use_beyond_the_day_is_allowed_and_counted(database: Database) -> None:
    asker = Asker(database)
    asker.program.run()
    asker.program.enter(PhaseName.SCALING)
    bounds = {"max_recipients": 5, "requires_human_approval": False, "per_day": {"uses": 1, "sum": {"recipients": 5}}}
    asker.program.grant(policy(action("send_macro", allowed_when=CONFIDENT, **bounds)))
    assert asker.decide().decision.outcome is ALLOW
    asked = asker.decide(asking=Asking("second", "one more today"))
    assert (asked.decision.outcome, asked.decision.codes) == (NEEDS, ("day.limit", "day.limit"))
    assert asked.question is not None
    assert asker.uses(asker.answers(asked.question)) == (ALLOW,)
    with database.reading() as connection:
        (day,) = connection.execute(select(decision_days.c.uses, decision_days.c.sums)).all()
    assert (day.uses, day.sums) == (2, {"recipients": "8"})


# Answered


def test_an_edit_allows_the_edited_facts_and_not_the_original_ones(asker: Asker) -> None:
    question = asker.edits(asker.asks(), {"recipients": 2})
    assert json.loads(question.facts or "") == {"recipients": 2, "confidence_score": 0.97, "customer": "Ana Sousa"}
    assert asker.state(question) is QuestionState.EDITED
    assert asker.uses(question) == MISMATCH
    assert asker.uses(question, {**FACTS, "recipients": 2}) == (ALLOW,)
    assert asker.program.verify().ok


@pytest.mark.parametrize(
    ("facts", "why", "field"),
    [
        ('{"recipients": 6}', "can't be let through", "recipients"),
        ('{"recipients": "2"}', "is text", "recipients"),
        ('{"confidence_score": 0.9}', "can't be let through", "1"),
        ('{"amount_usd": 1}', "has no fact 'amount_usd'", "facts"),
        ('{"recipients": 4.0}', "Nothing was changed", "facts"),
        ("{}", "Nothing was changed", "facts"),
        ("4", "one JSON object", "facts"),
        ("{", "not valid JSON", "facts"),
        ('{"recipients": NaN}', "not a finite number", "facts"),
        (None, "Say which facts", "facts"),
    ],
)
def test_an_edit_beyond_the_grant_or_of_nothing_is_refused(
    asker: Asker, facts: str | None, why: str, field: str
) -> None:
    question = asker.asks()
    with pytest.raises(BadInput, match=why) as refused:
        asker.answers(question, answer=Answer.EDITED, facts=facts)
    assert refused.value.field == field
    assert asker.state(question) is QuestionState.PENDING


@pytest.mark.parametrize(
    "change",
    [
        lambda program, grant: program.revoke(grant),
        lambda program, grant: program.suspend(grant),
        lambda program, _: program.freeze(),
        lambda program, _: program.narrow(NARROWER),
    ],
    ids=["revoked", "suspended", "frozen", "narrowed"],
)
def test_what_would_be_denied_anyway_can_only_be_rejected(asker: Asker, change: Any) -> None:
    question = asker.asks()
    change(asker.program, asker.granted)
    with pytest.raises(Conflict, match="can't be let through"):
        asker.answers(question)
    assert asker.rejects(question).answer is Answer.REJECTED


def test_a_rejection_says_why_and_lets_nothing_through(asker: Asker) -> None:
    question = asker.asks()
    with pytest.raises(BadInput) as refused:
        asker.rejects(question, note=" ")
    assert refused.value.field == "note"
    rejected = asker.rejects(question)
    assert (rejected.note, rejected.usable_until, asker.state(question)) == ("Not this customer.", None, "rejected")
    assert asker.uses(question) == MISMATCH


def test_after_four_hours_nobody_can_answer_and_expired_is_not_rejected(asker: Asker) -> None:
    question = asker.asks()
    asker.program.later(hours=4)
    assert asker.state(question) is QuestionState.EXPIRED
    for said in (Answer.APPROVED, Answer.REJECTED):
        with pytest.raises(Conflict, match="expired; the agent may ask anew"):
            asker.answers(question, answer=said, note="late")
    assert asker.uses(question) == MISMATCH


@pytest.mark.parametrize("by", ["stu", "ana", "lea", "bea", "apo", "ada", "rev"])
def test_those_who_run_review_or_approve_may_answer(asker: Asker, by: str) -> None:
    asker.program.give(Role.REVIEWER, "rev")
    assert asker.answers(asker.asks(), by).answer is Answer.APPROVED
    assert asker.now(asker.asks()).answered_by == asker.program.ask(
        lambda view: view.person_by_handle(f"U{by.upper()}")
    )


def test_members_agents_and_guests_may_not(asker: Asker) -> None:
    question = asker.asks()
    outsider = replace(asker.program.actor("stu"), membership=Membership.GUEST)
    for by in ("max", BOT, outsider):
        for said in Answer:
            with pytest.raises(NotAllowed):
                asker.answers(question, by, answer=said, note="x", facts='{"recipients": 1}')
    assert asker.state(question) is QuestionState.PENDING
    assert asker.program.facts().count("denied") == 9


def test_an_unknown_question_is_not_found(asker: Asker) -> None:
    with pytest.raises(NotFound, match="There is no question 'ask_none'"):
        asker.program.do("stu", escrow.answer, "ask_none", Said(Answer.APPROVED))


def test_a_closed_workflow_gets_no_answer(asker: Asker) -> None:
    question = asker.asks()
    asker.program.close()
    with pytest.raises(Refused, match="was closed"):
        asker.program.do("lea", escrow.answer, question.id, Said(Answer.APPROVED))
    assert asker.uses(question) == (DENY, "grant.none")


def test_two_answers_at_once_are_one(asker: Asker) -> None:
    told: list[str] = []
    for number in range(10):
        question = asker.asks(f"order {number}")
        found: list[str] = []

        def say(by: str, said: Answer, question: Question = question, found: list[str] = found) -> None:
            try:
                found.append(str(asker.answers(question, by, answer=said, note="No.").answer))
            except Conflict as refused:
                told.append(str(refused))

        together([lambda: say("stu", Answer.APPROVED), lambda: say("bea", Answer.REJECTED)])
        assert found == [str(asker.now(question).answer)]
    assert asker.program.facts().count("question_answered") == 10
    assert [sentence.startswith("This question was already ") for sentence in told] == [True] * 10
    assert asker.program.verify().ok


# A review


def test_each_question_is_a_review_and_counts_where_reviews_count(asker: Asker) -> None:
    approved, edited, rejected, _ = (asker.asks(key) for key in "abcd")
    asker.program.later(minutes=12)
    asker.answers(approved)
    asker.edits(edited, {"recipients": 1})
    asker.rejects(rejected)
    asker.program.later(hours=24)
    here = asker.program.workflow()
    counts = asker.program.ask(lambda view: view.gates.reviews(here.id, here.team, 28, asker.program.at))
    assert counts.seen == Reviews(4, 3, 3, 2)
    with asker.program.database.reading() as connection:
        ids = set(connection.scalars(select(signals.c.id).where(signals.c.source == "rollout")))
    assert len(ids) == 7
    assert asker.program.verify().ok


# Told


def test_the_channel_is_told_and_without_one_steward_and_owner(asker: Asker) -> None:
    before = asker.kinds()
    asker.answers(asker.asks())
    told = [posted for posted in asker.program.posted() if posted.kind.startswith("question")]
    assert before.count("question_card") == 0
    assert {(posted.kind, posted.target) for posted in told if posted.target.startswith("C")} == {
        ("questions_of_day", "CSUPPORT"),
        ("question_card", "CSUPPORT"),
        ("question_nudge", "CSUPPORT"),
    }


def test_mentioned_are_those_who_may_answer_and_where_no_role_is_held_the_lead(asker: Asker) -> None:
    workflow = asker.program.workflow()
    steward, owner = workflow.holders_of(Role.STEWARD), workflow.holders_of(Role.OWNER)
    assert answering(workflow, EVERYONE_HERE) == tuple(dict.fromkeys((*steward, *owner)))
    vacant = replace(workflow, holders=())
    assert answering(vacant, EVERYONE_HERE) == (workflow.team.lead,)
    at = asker.program.at
    lead_away = Absence(workflow.team.lead, at, at.date())
    assert answering(vacant, Absences((lead_away,))) == (workflow.team.approvers or (workflow.team.lead,))
    assert answering(workflow, Absences((Absence(steward[0], at, at.date(), owner[0]),)))[0] == owner[0]


# Forgotten, and vouched for


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("answer", "'edited'", "was changed"),
        ("facts_hash", "'forged'", "was changed"),
        ("asked_hash", "'forged'", "was changed"),
        ("usable_until", "NULL", "was changed"),
        ("expires_at", "asked_at", "was changed"),
        ("agent", "'agent:other'", "was changed"),
        ("grant_hash", "'forged'", "was changed"),
        ("facts", "'{}'", "were changed"),
        ("used_at", "NULL", "another use"),
        ("used_at", "asked_at", "another use"),
    ],
)
def test_a_question_that_was_tampered_with_is_named(asker: Asker, column: str, value: str, why: str) -> None:
    question = asker.asks()
    asker.program.later(minutes=1)
    asker.answers(question)
    asker.program.later(minutes=1)
    assert asker.uses(question) == (ALLOW,)
    assert asker.program.verify().ok
    with asker.program.database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE questions SET {column} = {value}")
    found = asker.program.verify()
    answered = next(record["seq"] for record in asker.program.chain() if record["fact"] == "question_answered")
    assert (found.ok, found.first_broken) == (False, answered)
    assert why in str(found.why)


def test_a_question_that_is_missing_or_was_added_is_named(asker: Asker) -> None:
    question = asker.asks()
    with asker.program.database.writing() as connection:
        connection.exec_driver_sql("UPDATE questions SET id = 'ask_added'")
    assert f"Question {question.id} (record" in str(asker.program.verify().why)
