"""The rule about what had to be done again."""

from collections.abc import Iterator
from decimal import ROUND_FLOOR, Decimal

from bot.domain.findings.declaring import Found, rule
from bot.domain.findings.kinds import Severity
from bot.domain.findings.looks import WorkflowLook
from bot.domain.findings.seen import NOTHING, is_rising
from bot.domain.findings.words import number, usd
from bot.domain.workflows import Role


@rule("rework.rising")
def rework_rising(look: WorkflowLook) -> Iterator[Found]:
    """Rework cost at least 130 % of the mean of the four weeks before, and at least $100."""
    week, *before = look.seen.reworks
    ratio, min_usd = look.playbook.share("rework.rising", "min_ratio"), look.playbook.count("rework.rising", "min_usd")
    if not before or not is_rising(look.seen.reworks, ratio, min_usd):
        return
    total, weeks = sum((each.cost_usd for each in before), NOTHING), number(len(before))
    mean = total / len(before)
    over = f"after {weeks} weeks without any"
    if mean:
        share = (week.cost_usd / mean * 100 - 100).quantize(Decimal(1), ROUND_FLOOR)
        over = f"{share:,f} % over its {weeks}-week mean"
    yield Found(
        severity=Severity.WARNING,
        summary=f"rework {usd(week.cost_usd)} in the week, {over}",
        owner=look.owner(Role.STEWARD),
        next_step="name the cause of the costliest records",
        facts=(
            ("cost_usd", f"{week.cost_usd:f}"),
            ("records", week.count),
            ("mean_usd", f"{mean.quantize(Decimal('0.01')):f}"),
            ("min_ratio", f"{ratio:f}"),
            ("min_usd", min_usd),
        ),
        evidence=look.seen.rework_traces,
    )
