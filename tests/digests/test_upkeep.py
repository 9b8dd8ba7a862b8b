"""What the Upkeep line counts is what its words name: from the rules to the text."""

from datetime import timedelta

import pytest

from bot.domain.findings.kinds import Finding
from bot.domain.findings.records import Records
from bot.domain.overrides import Debt, Override
from bot.domain.playbook import PhaseName
from bot.domain.verdicts import CheckResult, Outcome
from tests.blockkit.oracle import assert_valid_message
from tests.digests.samples import reported
from tests.digests.test_screens import posted, shown
from tests.domain.samples import DAY_1, item, on_day
from tests.findings import test_debts as debts
from tests.findings.record_samples import findings, in_phase, look, of_team, program, program_findings, small

AT = on_day(9)
AGREED = Override(PhaseName.PRODUCTION, ("eval_passed", "memo_filed"), "memo_7", DAY_1 + timedelta(days=30))
CHECKS = tuple(CheckResult(name, Outcome.FAIL, "none", "some", "eval_owner") for name in AGREED.checks)


def pilots(*counts: int) -> tuple[Finding, ...]:
    """What is found of teams with so many pilots each."""
    teams = (of_team(f"T{n}", *in_phase(PhaseName.PILOT, *(f"w{n}{m}" for m in range(n)))) for n in counts)
    return program_findings("pilot.too_broad", program(AT, *teams))


def owed(*checks: CheckResult) -> tuple[Finding, ...]:
    """What is found of an overridden gate whose checks do not pass yet."""
    owing = Records(debts=tuple(Debt(check, AGREED, is_expired=False) for check in checks))
    return findings("override.debt", look(AT, owing))


def skipped() -> tuple[Finding, ...]:
    """What is found of a skip in force."""
    book = small(item("write_spec", due_day=5))
    return findings("override.debt", look(AT, book=book, known=debts.skipped(until=DAY_1 + timedelta(days=30))))


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (pilots(3), "Upkeep: 3 pilots in teams with too many"),
        (pilots(3, 4, 2), "Upkeep: 7 pilots in teams with too many"),
        (owed(*CHECKS), "Upkeep: 2 skipped items or overridden checks to work off"),
        (owed(*CHECKS) + skipped(), "Upkeep: 3 skipped items or overridden checks to work off"),
        (skipped(), "Upkeep: 1 skipped item or overridden check to work off"),
    ],
)
def test_the_upkeep_line_counts_what_its_words_name(found: tuple[Finding, ...], told: str) -> None:
    text = shown(posted(*(reported(finding_=each) for each in found)).main)
    (line,) = [each for each in text.splitlines() if each.startswith("Upkeep")]
    assert line.split(" (")[0] == told


def test_several_workflows_with_the_same_chore_have_a_button_each_and_slack_takes_them() -> None:
    chores = [("grant.unattested", "a"), ("grant.unattested", "b"), ("grant.expiring", "a"), ("grant.unattested", "c")]
    main = posted(*(reported("notice", rule=rule, workflow=workflow) for rule, workflow in chores)).main

    assert shown(main).splitlines()[-4:-1] == [
        "[Attest for a…] [Renew…]",
        "[Attest for b…]",
        "[Attest for c…]",
    ]
    assert_valid_message({"text": main.fallback, "blocks": list(main.blocks)})
