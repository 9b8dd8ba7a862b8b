"""Troubles that a test makes up: the catalogue holds nothing but two rules that find what the test says."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from bot.domain.findings.catalogue import PROGRAM_RULES, RULES
from bot.domain.findings.declaring import Found, Spotted, program_rule, rule
from bot.domain.findings.kinds import Finding, Severity, Subject, SubjectKind
from bot.domain.findings.looks import ProgramLook, WorkflowLook

LATE = Found(
    severity=Severity.WARNING,
    summary="2 required items are late: Collect 200 real past cases, Name the roles.",
    owner=None,
    next_step="Do them, or ask to skip them.",
    facts=(("late", 2), ("items", ("collect_cases", "name_roles"))),
    size=2,
)
"""What `item.overdue` finds where a test says `troubles.of("refunds_agent")`; its owner is the steward."""

BLIND = Found(Severity.WARNING, "Jira was not read since Thursday.", None, "Look at its token.")


@dataclass(slots=True)
class Troubles:
    """What is off plan now: by workflow's name and rule, and of the program as a whole."""

    by_workflow: dict[str, dict[str, Found]] = field(default_factory=dict)
    of_program: list[Spotted] = field(default_factory=list)
    judged: list[str] = field(default_factory=list)

    def of(self, workflow: str, found: Found = LATE, rule: str = "item.overdue") -> None:
        """That is found of the workflow, until it is found otherwise."""
        self.by_workflow.setdefault(workflow, {})[rule] = found

    def worse(self, workflow: str, size: int = 3, severity: Severity = Severity.WARNING) -> None:
        """More is late than before."""
        self.of(workflow, replace(LATE, size=size, severity=severity))

    def over(self, workflow: str) -> None:
        """Nothing is found of the workflow any more."""
        self.by_workflow.pop(workflow, None)

    def spot(self, id_: str = "jira", kind: SubjectKind = SubjectKind.SOURCE, found: Found = BLIND) -> None:
        """That is found of a source."""
        self.of_program.append(Spotted(Subject(kind, id_, id_), None, found))


@pytest.fixture
def troubles() -> Iterator[Troubles]:
    """No trouble yet; the rules of the catalogue are back once the test is over."""
    before, program_before = dict(RULES), dict(PROGRAM_RULES)
    RULES.clear()
    PROGRAM_RULES.clear()
    made = Troubles()
    for name in ("item.overdue", "red_line.violated", "grant.expiring", "incident.open"):
        _declare(name, made)

    @program_rule("source.blind")
    def spot(look: ProgramLook) -> Iterator[Spotted]:
        """A configured source has not been read successfully for 24 h."""
        del look
        yield from made.of_program

    yield made
    RULES.clear()
    PROGRAM_RULES.clear()
    RULES.update(before)
    PROGRAM_RULES.update(program_before)


def _declare(name: str, made: Troubles) -> None:
    @rule(name, version=3)
    def find(look: WorkflowLook) -> Iterator[Found]:
        """Something is off plan that a test made up."""
        made.judged.append(look.workflow.name)
        found = made.by_workflow.get(look.workflow.name, {}).get(name)
        if found:
            yield found if found.owner else replace(found, owner=look.owner())


def finding_id(workflow_id: str, rule: str = "item.overdue") -> str:
    """The id of what a rule finds of a workflow as a whole."""
    return finding_id_of(rule, Subject(SubjectKind.WORKFLOW, workflow_id, ""))


def finding_id_of(rule: str, subject: Subject) -> str:
    """The id of what a rule finds of a subject as a whole."""
    nothing = Finding(rule, 1, Severity.NOTICE, subject, "", None, None, "", (), None, "", ())
    return nothing.id
