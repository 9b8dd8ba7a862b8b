"""The catalogue's rules: one pure function each, declared by `@rule` (`@program_rule` where it looks at all teams)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from bot.domain.findings.kinds import FactValue, Finding, Severity, Subject, SubjectKind
from bot.domain.findings.looks import ProgramLook, WorkflowLook
from bot.domain.people import Person
from bot.domain.teams import Team
from bot.domain.verdicts import Trace

Look = TypeVar("Look")
What = TypeVar("What")


@dataclass(frozen=True, slots=True)
class Found:
    """What a rule found, in its own words; the fields are those of `Finding`."""

    severity: Severity
    summary: str
    owner: Person | None
    next_step: str
    facts: tuple[tuple[str, FactValue], ...] = ()
    evidence: tuple[Trace, ...] = ()
    about: str = ""
    size: int = 1


@dataclass(frozen=True, slots=True)
class Spotted:
    """What a rule over the whole program found, and of which team or source; `team` is None where it is no team's."""

    subject: Subject
    team: Team | None
    found: Found


@dataclass(frozen=True, slots=True)
class Rule(Generic[Look, What]):
    """One rule: its stable id, the version of its words and numbers, and what it says of itself (its docstring).

    `while_paused` tells whether a workflow whose clock stands still is judged by it too (RULES, "Days").
    """

    id: str
    version: int
    while_paused: bool
    find: Callable[[Look], Iterable[What]]

    @property
    def fires_when(self) -> str:
        """When it fires, in one sentence."""
        return " ".join((self.find.__doc__ or "").split("\n\n")[0].split())


WorkflowRule = Rule[WorkflowLook, Found]
ProgramRule = Rule[ProgramLook, Spotted]

RULES: dict[str, WorkflowRule] = {}
PROGRAM_RULES: dict[str, ProgramRule] = {}

OfWorkflow = Callable[[WorkflowLook], Iterable[Found]]
OfProgram = Callable[[ProgramLook], Iterable[Spotted]]


def rule(name: str, *, version: int = 1, while_paused: bool = False) -> Callable[[OfWorkflow], OfWorkflow]:
    """Declares a rule that looks at one workflow."""

    def declare(find: OfWorkflow) -> OfWorkflow:
        RULES[name] = Rule(name, version, while_paused, find)
        return find

    return declare


def program_rule(name: str, *, version: int = 1) -> Callable[[OfProgram], OfProgram]:
    """Declares a rule that looks at the teams, or at the sources, together."""

    def declare(find: OfProgram) -> OfProgram:
        PROGRAM_RULES[name] = Rule(name, version, True, find)
        return find

    return declare


def findings_of(look: WorkflowLook, rules: Iterable[WorkflowRule]) -> Iterator[Finding]:
    """What these rules find about a workflow; nothing about one that is closed."""
    workflow = look.workflow
    if workflow.outcome:
        return
    subject = Subject(SubjectKind.WORKFLOW, workflow.id, workflow.name)
    for each in rules:
        if workflow.pause and not each.while_paused:
            continue
        for found in each.find(look):
            yield _finding(each, Spotted(subject, workflow.team, found))


def findings_in(look: ProgramLook, rules: Iterable[ProgramRule]) -> Iterator[Finding]:
    """What these rules find about teams and sources."""
    for each in rules:
        for spotted in each.find(look):
            yield _finding(each, spotted)


def _finding(by: WorkflowRule | ProgramRule, spotted: Spotted) -> Finding:
    found, team = spotted.found, spotted.team
    return Finding(
        rule=by.id,
        version=by.version,
        severity=found.severity,
        subject=spotted.subject,
        about=found.about,
        team_id=team.id if team else None,
        team=team.name if team else None,
        summary=found.summary,
        facts=found.facts,
        owner=found.owner,
        next_step=found.next_step,
        evidence=found.evidence,
        size=found.size,
    )
