"""How facts about teams, workflows, roles and proofs change the state tables."""

from sqlalchemy import Delete, delete, insert, update

from bot.domain.facts import (
    PhaseChanged,
    PlaybookMoved,
    ProofSeen,
    ProofWithdrawn,
    RoleGiven,
    RoleVacated,
    TeamEdited,
    TeamMade,
    WorkflowChange,
    WorkflowClosed,
    WorkflowEdited,
    WorkflowFrozen,
    WorkflowPaused,
    WorkflowResumed,
    WorkflowStarted,
    WorkflowUnfrozen,
)
from bot.domain.freezes import FreezeKind
from bot.domain.playbook import PhaseName
from bot.domain.workflows import Role
from store.recording import findings, freezes
from store.recording.scene import Scene, new_id
from store.tables.program import proofs, roles, team_approvers, teams, workflows


def make_team(scene: Scene, fact: TeamMade) -> None:
    """A row for the team and one for each approver."""
    scene.write(
        insert(teams).values(
            id=fact.team_id,
            name=fact.name,
            name_key=fact.name.casefold(),
            channel=fact.channel,
            lead=fact.lead,
            zone=fact.zone,
            hours=fact.hours,
            version=1,
        )
    )
    _set_approvers(scene, fact.team_id, fact.approvers)


def edit_team(scene: Scene, fact: TeamEdited) -> None:
    """The corrected fields, if nobody edited the team in between."""
    changes: dict[str, object] = {
        name: value
        for name in ("name", "channel", "lead", "zone", "hours")
        if (value := getattr(fact, name)) is not None
    }
    if fact.name is not None:
        changes["name_key"] = fact.name.casefold()
    if fact.digest is not None:
        changes["digest_since"] = scene.at if fact.digest else None
    seen = (teams.c.id == fact.team_id) & (teams.c.version == fact.seen_version)
    scene.write_one(update(teams).where(seen).values(version=fact.seen_version + 1, **changes), "This team")
    if fact.approvers is not None:
        scene.connection.execute(delete(team_approvers).where(team_approvers.c.team_id == fact.team_id))
        _set_approvers(scene, fact.team_id, fact.approvers)


def _set_approvers(scene: Scene, team_id: str, approvers: tuple[str, ...]) -> None:
    rows = [{"team_id": team_id, "person": person, "place": n} for n, person in enumerate(approvers)]
    if rows:
        scene.connection.execute(insert(team_approvers), rows)


def start_workflow(scene: Scene, fact: WorkflowStarted) -> None:
    """A row for the workflow, in pilot."""
    scene.write(
        insert(workflows).values(
            id=fact.workflow_id,
            name=fact.name,
            purpose=scene.words["purpose"],
            team_id=fact.team_id,
            playbook_hash=fact.playbook.hash,
            phase=PhaseName.PILOT,
            phase_since=scene.at,
            start_on=fact.start_on,
            domain=fact.domain,
            paused_days=0,
            started_at=scene.at,
            version=1,
        )
    )


def give_role(scene: Scene, fact: RoleGiven) -> None:
    """The new holder's row, in place of those who held a role that only one person holds."""
    for person in fact.before if fact.role is not Role.REVIEWER else ():
        scene.write_one(_without(fact.workflow_id, fact.role, person), "This role")
    scene.write(insert(roles).values(workflow_id=fact.workflow_id, role=fact.role, person=fact.person, since=scene.at))


def vacate_role(scene: Scene, fact: RoleVacated) -> None:
    """One holder's row less."""
    scene.write_one(_without(fact.workflow_id, fact.role, fact.person), "This role")


def _without(workflow_id: str, role: Role, person: str) -> Delete:
    return delete(roles).where(roles.c.workflow_id == workflow_id, roles.c.role == role, roles.c.person == person)


def pause_workflow(scene: Scene, fact: WorkflowPaused) -> None:
    """The date on which the clock stopped, and the freeze if one came with it."""
    reason = scene.words["reason"]
    _change(scene, fact, paused_on=fact.on, paused_at=scene.at, paused_by=scene.by, pause_reason=reason)
    if fact.froze:
        freezes.begin(scene, freezes.Beginning(fact.froze, fact.workflow_id, FreezeKind.PAUSE, reason))


def resume_workflow(scene: Scene, fact: WorkflowResumed) -> None:
    """The days of the pause added up, and the freeze lifted if it came with the pause."""
    days = workflows.c.paused_days + fact.days
    _change(scene, fact, paused_on=None, paused_at=None, paused_by=None, pause_reason=None, paused_days=days)
    if fact.unfroze:
        freezes.lift(scene, fact.unfroze, scene.words["reason"])


def freeze_workflow(scene: Scene, fact: WorkflowFrozen) -> None:
    """A freeze that holds."""
    _change(scene, fact)
    freezes.begin(scene, freezes.Beginning(fact.freeze_id, fact.workflow_id, fact.kind, scene.words["reason"]))


def unfreeze_workflow(scene: Scene, fact: WorkflowUnfrozen) -> None:
    """The freeze over."""
    _change(scene, fact)
    freezes.lift(scene, fact.freeze_id, scene.words["reason"])


def edit_workflow(scene: Scene, fact: WorkflowEdited) -> None:
    """The corrected fields, if nobody edited the workflow in between."""
    changes: dict[str, object] = {
        name: value for name in ("name", "team_id", "start_on", "domain") if (value := getattr(fact, name)) is not None
    }
    if fact.purpose is not None:
        changes["purpose"] = scene.words["purpose"]
    _change(scene, fact, **changes)


def close_workflow(scene: Scene, fact: WorkflowClosed) -> None:
    """How and why it ended; its findings are resolved with it."""
    _change(scene, fact, outcome=fact.outcome, closed_at=scene.at, close_reason=scene.words["reason"])
    findings.resolve_closed(scene, fact.workflow_id)


def change_phase(scene: Scene, fact: PhaseChanged) -> None:
    """The phase entered, and since when."""
    _change(scene, fact, phase=fact.entered, phase_since=scene.at)


def move_playbook(scene: Scene, fact: PlaybookMoved) -> None:
    """The playbook that is followed; what was recorded of items stays under their ids."""
    _change(scene, fact, playbook_hash=fact.playbook.hash)


def _change(scene: Scene, fact: WorkflowChange, **changes: object) -> None:
    seen = (workflows.c.id == fact.workflow_id) & (workflows.c.version == fact.seen_version)
    statement = update(workflows).where(seen).values(version=fact.seen_version + 1, **changes)
    scene.write_one(statement, "This workflow")


def keep_proof(scene: Scene, fact: ProofSeen) -> None:
    """A row that ticks items of its kind."""
    scene.write(
        insert(proofs).values(
            id=new_id("prf"),
            workflow_id=fact.workflow_id,
            kind=fact.kind,
            seen_at=fact.seen_at,
            summary=scene.words["summary"],
            url=scene.words.get("url"),
        )
    )


def withdraw_proof(scene: Scene, fact: ProofWithdrawn) -> None:
    """The row gone that ticked items of its kind; what was seen stays in the audit log."""
    scene.write(
        delete(proofs).where(
            proofs.c.workflow_id == fact.workflow_id, proofs.c.kind == fact.kind, proofs.c.seen_at == fact.seen_at
        )
    )
