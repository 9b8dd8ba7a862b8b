"""Looks at workflows and at the program with a standard for everything that a test leaves out."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any, NamedTuple

from bot.domain.checklists import Checklist, Known
from bot.domain.findings.catalogue import PROGRAM_RULES, RULES
from bot.domain.findings.declaring import findings_in, findings_of
from bot.domain.findings.kinds import Finding, Severity
from bot.domain.findings.looks import ProgramLook, WorkflowLook
from bot.domain.findings.records import ProgramRecords, Records, TeamRecords
from bot.domain.findings.seen import Seen
from bot.domain.findings.weeks import Weeks
from bot.domain.gate_evidence import RoleHolder
from bot.domain.people import Person
from bot.domain.playbook import Item, PhaseName, Playbook
from bot.domain.thresholds import thresholds
from bot.domain.workflows import Holder, Role, Workflow
from tests.domain.samples import ANA, BEN, ZONE, judged, on_day, paused, person, playbook, team, workflow

CRITICAL, WARNING, NOTICE = Severity

EVA, GIL = person("eva"), person("gil")
STAFFED = tuple(
    Holder(role, who, on_day(1))
    for role, who in ((Role.OWNER, ANA), (Role.STEWARD, BEN), (Role.EVAL_OWNER, EVA), (Role.GATEKEEPER, GIL))
)
"""All four roles held: the owner is Ana, the steward Ben."""


class Told(NamedTuple):
    """What a finding says to people."""

    severity: Severity
    about: str
    summary: str
    owner: str | None
    next_step: str


def small(*pilot: Item, roles: tuple[str, ...] = ("owner", "steward"), production: tuple[Item, ...] = ()) -> Playbook:
    """A playbook with the items given and every threshold as it is by default."""
    return replace(playbook(*pilot, production=production), thresholds=thresholds({}), required_roles=roles)


def staffed(**fields: Any) -> Workflow:
    """refunds_agent with all four roles held."""
    return workflow(holders=STAFFED, **fields)


def standing_still(since: date, **fields: Any) -> Workflow:
    """The same, paused since a date."""
    return paused(since, holders=STAFFED, **fields)


def look(at: datetime, records: Records | None = None, *, zone: str = ZONE, **given: Any) -> WorkflowLook:
    """A look at a staffed workflow; `of`, `book` and `known` make another checklist, `checklist` is one as it is."""
    checklist: Checklist = given.pop("checklist", None) or judged(
        given.pop("book", small()), at, of=given.pop("of", staffed()), known=given.pop("known", Known())
    )
    assert not given
    return WorkflowLook(Weeks(at, zone), checklist, records or Records(), Seen())


def findings(rule: str, at: WorkflowLook) -> tuple[Finding, ...]:
    """What one rule finds about a workflow."""
    return tuple(findings_of(at, (RULES[rule],)))


def told(rule: str, at: WorkflowLook) -> list[Told]:
    """The same, as people read it."""
    return [_told(finding) for finding in findings(rule, at)]


def program(at: datetime, *teams: TeamRecords, **records: Any) -> ProgramLook:
    """A look at the program with these teams."""
    return ProgramLook(Weeks(at, ZONE), (), ProgramRecords(teams, **records))


def of_team(name: str, *workflows: Workflow, **records: Any) -> TeamRecords:
    """A team with these workflows on a small playbook, and two people who can approve."""
    standard = TeamRecords(
        team(id=f"t_{name.lower()}", name=name),
        workflows=workflows,
        playbooks=(small(),) if workflows else (),
        able=(person("bea"), person("cem")),
    )
    return replace(standard, **records)


def in_phase(phase: PhaseName, *names: str) -> tuple[Workflow, ...]:
    """Workflows of these names in a phase."""
    return tuple(workflow(id=f"wf_{name}", name=name, phase=phase) for name in names)


def program_findings(rule: str, at: ProgramLook) -> tuple[Finding, ...]:
    """What one rule finds in the program."""
    return tuple(findings_in(at, (PROGRAM_RULES[rule],)))


def told_in(rule: str, at: ProgramLook) -> list[tuple[str, Told]]:
    """The same as people read it, beside the name of its subject."""
    return [(finding.subject.name, _told(finding)) for finding in program_findings(rule, at)]


def gone(*people: Person) -> tuple[RoleHolder, ...]:
    """The holders of a staffed workflow, these people being no active members any more."""
    ids = {each.id for each in people}
    return tuple(RoleHolder(each.role, each.person.id, each.person.id not in ids) for each in STAFFED)


def severities(found: Iterable[Finding]) -> list[Severity]:
    """How much findings weigh."""
    return [finding.severity for finding in found]


def _told(finding: Finding) -> Told:
    owner = finding.owner.name if finding.owner else None
    return Told(finding.severity, finding.about, finding.summary, owner, finding.next_step)
