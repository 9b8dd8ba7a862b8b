"""All findings of one instant, with everything that was looked at for them."""

from dataclasses import dataclass

from bot.domain.findings.kinds import Finding
from bot.domain.findings.looks import WorkflowLook
from bot.domain.findings.weeks import Weeks


@dataclass(frozen=True, slots=True)
class Judgement:
    """What was looked at, and every finding of it, those of a workflow together and in the catalogue's order."""

    weeks: Weeks
    looks: tuple[WorkflowLook, ...]
    findings: tuple[Finding, ...]
