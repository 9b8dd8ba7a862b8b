"""override.debt: skips and overridden gates, in force or expired."""

from datetime import date, timedelta

from bot.domain.checklists import Known
from bot.domain.findings.kinds import Finding, Subject, SubjectKind
from bot.domain.findings.records import Records
from bot.domain.items import ItemState
from bot.domain.overrides import Debt, Override
from bot.domain.playbook import PhaseName
from bot.domain.verdicts import CheckResult, Outcome, Trace
from bot.domain.workflows import Outcome as End
from tests.domain.samples import DAY_1, item, on_day, proof, record
from tests.findings.record_samples import (
    EVA,
    NOTICE,
    WARNING,
    Told,
    findings,
    gone,
    look,
    severities,
    small,
    staffed,
    standing_still,
    told,
)

RULE = "override.debt"
BOOK = small(item("write_spec", due_day=5, role="eval_owner"), production=(item("rehearse_rollback", due_day=40),))
UNTIL = DAY_1 + timedelta(days=8)
AGREED = Override(PhaseName.PRODUCTION, ("eval_passed", "memo_filed"), "memo_7", UNTIL)
EVAL = CheckResult("eval_passed", Outcome.FAIL, "refunds: 180 of 200", "≥ 95 % of ≥ 200 cases", "eval_owner")
MEMO = CheckResult("memo_filed", Outcome.FAIL, "none filed", "a memo whose move is pilot→production", "lead")


def skipped(id_: str = "write_spec", until: date = UNTIL) -> Known:
    return Known((record(id_, ItemState.SKIPPED, until=until),))


def owing(*results: CheckResult, is_expired: bool = False) -> Records:
    return Records(debts=tuple(Debt(result, AGREED, is_expired) for result in results))


def test_a_skip_is_a_notice_while_it_is_in_force() -> None:
    assert told(RULE, look(on_day(9), book=BOOK, known=skipped())) == [
        Told(
            NOTICE,
            "item:write_spec",
            "the skip of “Write Spec” is in force until 10 Mar 2026",
            "Eva",
            "do it before the skip ends",
        )
    ]


def test_a_skip_becomes_a_warning_on_the_day_after_its_last() -> None:
    assert told(RULE, look(on_day(10), book=BOOK, known=skipped())) == [
        Told(
            WARNING,
            "item:write_spec",
            "the skip of “Write Spec” expired on 10 Mar 2026, so that it is open again",
            "Eva",
            "do it, or ask for another skip",
        )
    ]


def test_a_skip_of_a_later_phase_counts_and_what_was_done_since_does_not() -> None:
    assert severities(findings(RULE, look(on_day(9), book=BOOK, known=skipped("rehearse_rollback")))) == [NOTICE]
    done = Known((record("write_spec", ItemState.DONE, before=ItemState.SKIPPED),))
    assert findings(RULE, look(on_day(12), book=BOOK, known=done)) == ()


def test_an_expired_skip_of_an_item_that_ticked_itself_since_is_no_debt() -> None:
    seen = Known(skipped().records, (proof("doc:spec", on_day(11)),))
    book = small(item("write_spec", due_day=5, done_when="doc:spec"))
    assert severities(findings(RULE, look(on_day(10), book=book, known=seen))) == [WARNING]
    assert findings(RULE, look(on_day(12), book=book, known=seen)) == ()


def test_an_overridden_gate_is_one_finding_that_lists_the_checks_which_fail_still() -> None:
    (found,) = findings(RULE, look(on_day(9), owing(EVAL, MEMO), book=BOOK))
    assert found == Finding(
        rule=RULE,
        version=1,
        severity=NOTICE,
        subject=Subject(SubjectKind.WORKFLOW, "wf_1", "refunds_agent"),
        about="gate:production",
        team_id="team_1",
        team="Support",
        summary="the override of the gate to production is in force until 10 Mar 2026, and 2 checks of it do not pass "
        "yet: Eval, Memo",
        facts=(
            ("gate", "production"),
            ("until", "2026-03-10"),
            ("is_expired", False),
            ("checks", ("eval_passed", "memo_filed")),
            ("found", ("refunds: 180 of 200", "none filed")),
            ("needs", ("≥ 95 % of ≥ 200 cases", "a memo whose move is pilot→production")),
        ),
        owner=EVA,
        next_step="get Eval to pass: refunds: 180 of 200, and it needs ≥ 95 % of ≥ 200 cases",
        evidence=(Trace("memo", "memo_7"),),
        size=2,
    )


def test_an_expired_override_is_a_warning_for_whoever_can_mend_the_check() -> None:
    (line,) = told(RULE, look(on_day(10), owing(MEMO, is_expired=True), book=BOOK))
    assert (line.severity, line.owner, line.summary) == (
        WARNING,
        "Lea",
        "the override of the gate to production expired on 10 Mar 2026, and 1 check of it does not pass yet: Memo",
    )


def test_without_debts_and_while_paused_or_closed_there_is_nothing() -> None:
    assert findings(RULE, look(on_day(9), book=BOOK)) == ()
    for of in (standing_still(date(2026, 3, 9)), staffed(outcome=End.DONE)):
        assert findings(RULE, look(on_day(12), owing(EVAL), of=of, book=BOOK, known=skipped())) == ()


def test_it_passes_over_a_holder_who_is_gone() -> None:
    records = Records(debts=owing(EVAL).debts, holders=gone(EVA))
    assert [line.owner for line in told(RULE, look(on_day(9), records, book=BOOK, known=skipped()))] == ["Ben", "Ben"]
