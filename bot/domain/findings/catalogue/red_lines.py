"""The rule about red lines."""

from collections import defaultdict
from collections.abc import Iterator

from bot.domain.findings.declaring import Found, rule
from bot.domain.findings.kinds import Severity
from bot.domain.findings.looks import WorkflowLook
from bot.domain.findings.words import called, day
from bot.domain.gate_evidence import trace_of
from bot.domain.signals.kinds import RedLine, Signal
from bot.domain.workflows import Role

_TRACES = 5


@rule("red_line.violated", while_paused=True)
def red_line_violated(look: WorkflowLook) -> Iterator[Found]:
    """A red line was violated in the week."""
    violations: dict[str, list[Signal[RedLine]]] = defaultdict(list)
    for each in look.seen.violations:
        violations[each.body.rule].append(each)
    for name, told in sorted(violations.items()):
        last, count = told[-1], len(told)
        times = f"on {day(last.at, look.weeks)}"
        if count > 1:
            times = f"{count} times, last {times}"
        yield Found(
            severity=Severity.CRITICAL,
            summary=f"red line {called(name)} was violated {times} (never allowed)",
            owner=look.owner(Role.OWNER),
            next_step="stop the agent, and find out how it could",
            facts=(("red_line", name), ("violations", count), ("last_at", last.at.isoformat())),
            evidence=tuple(trace_of(each) for each in reversed(told[-_TRACES:])),
            about=name,
            size=count,
        )
