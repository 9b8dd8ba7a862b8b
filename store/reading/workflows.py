"""Workflows and teams, from rows to frozen values."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Connection, Row, Select, bindparam, select

from bot.domain.freezes import FreezeKind
from bot.domain.people import Person
from bot.domain.playbook import PhaseName
from bot.domain.teams import Team, working_hours
from bot.domain.workflows import Domain, Holder, Outcome, Pause, PlaybookPin, Role, Workflow
from store.reading.among import chunks
from store.tables.grants import freezes
from store.tables.ledger import people, texts
from store.tables.program import playbook_texts, roles, team_approvers, teams, workflows

_lead = people.alias("lead")
_pauser = people.alias("pauser")
_purpose = texts.alias("purpose")
_pause_reason = texts.alias("pause_reason")

_WORKFLOWS = (
    select(
        workflows,
        _purpose.c.body.label("purpose_body"),
        _pause_reason.c.body.label("pause_reason_body"),
        _pauser.c.id.label("pauser_id"),
        _pauser.c.handle.label("pauser_handle"),
        _pauser.c.name.label("pauser_name"),
        _pauser.c.zone.label("pauser_zone"),
        playbook_texts.c.id.label("playbook_id"),
        playbook_texts.c.version.label("playbook_version"),
        freezes.c.kind.label("freeze_kind"),
    )
    .join(playbook_texts, playbook_texts.c.hash == workflows.c.playbook_hash)
    .join(_purpose, _purpose.c.id == workflows.c.purpose)
    .outerjoin(_pause_reason, _pause_reason.c.id == workflows.c.pause_reason)
    .outerjoin(_pauser, _pauser.c.id == workflows.c.paused_by)
    .outerjoin(freezes, (freezes.c.workflow_id == workflows.c.id) & freezes.c.lifted_at.is_(None))
)


def person_of(row: Any, prefix: str) -> Person:
    """The person in the columns `{prefix}_id`, `_handle`, `_name` and `_zone` of a row."""
    return Person(
        id=getattr(row, f"{prefix}_id"),
        handle=getattr(row, f"{prefix}_handle"),
        name=getattr(row, f"{prefix}_name") or "someone erased",
        zone=getattr(row, f"{prefix}_zone") or "UTC",
    )


def person_columns(alias: Any, prefix: str) -> tuple[ColumnElement[Any], ...]:
    """The columns that `person_of` reads."""
    return tuple(alias.c[name].label(f"{prefix}_{name}") for name in ("id", "handle", "name", "zone"))


_IDS: BindParameter[Any] = bindparam("ids", expanding=True)
_AMONG = teams.c.id.in_(_IDS)
_APPROVERS = (
    select(team_approvers.c.team_id, *person_columns(people, "person"))
    .join(people, people.c.id == team_approvers.c.person)
    .where(team_approvers.c.team_id.in_(_IDS))
    .order_by(team_approvers.c.place)
)
_HOLDERS = (
    select(roles.c.workflow_id, roles.c.role, roles.c.since, *person_columns(people, "person"))
    .join(people, people.c.id == roles.c.person)
    .where(roles.c.workflow_id.in_(_IDS))
    .order_by(roles.c.since, people.c.name)
)


_NAMED = select(workflows.c.id, workflows.c.name).where(workflows.c.name.in_(bindparam("names", expanding=True)))
_IN_ZONES = select(workflows.c.id, workflows.c.start_on, teams.c.zone).join(teams, teams.c.id == workflows.c.team_id)
_ZONES = _IN_ZONES.where(workflows.c.id.in_(_IDS))
_BEGINNING = _IN_ZONES.where(workflows.c.name == bindparam("name"))


@lru_cache(maxsize=64)
def _teams_where(*where: ColumnElement[bool]) -> Select[Any]:
    leads = person_columns(_lead, "lead_person")
    found = select(teams, *leads).join(_lead, _lead.c.id == teams.c.lead)
    return found.where(*where).order_by(teams.c.name_key)


@lru_cache(maxsize=64)
def _workflows_where(*where: ColumnElement[bool]) -> Select[Any]:
    return _WORKFLOWS.where(*where).order_by(workflows.c.name)


def read_teams(connection: Connection, *where: ColumnElement[bool], **values: object) -> tuple[Team, ...]:
    """The teams that fit, by name; `values` are for the parameters in `where`."""
    rows = connection.execute(_teams_where(*where), values).all()
    approvers = _approvers(connection, [row.id for row in rows])
    return tuple(
        Team(
            id=row.id,
            name=row.name,
            channel=row.channel,
            lead=person_of(row, "lead_person"),
            approvers=tuple(approvers[row.id]),
            zone=row.zone,
            hours=working_hours(row.hours),
            version=row.version,
            digest_since=row.digest_since,
        )
        for row in rows
    )


def read_workflows(connection: Connection, *where: ColumnElement[bool], **values: object) -> tuple[Workflow, ...]:
    """The workflows that fit, by name; `values` are for the parameters in `where`."""
    rows = connection.execute(_workflows_where(*where), values).all()
    if not rows:
        return ()
    team_by_id = {t.id: t for t in read_teams(connection, _AMONG, ids=list({row.team_id for row in rows}))}
    holders = _holders(connection, [row.id for row in rows])
    return tuple(_workflow(row, team_by_id[row.team_id], holders[row.id]) for row in rows)


def read_ids(connection: Connection, names: Iterable[str]) -> Mapping[str, str]:
    """The ids of the workflows, running or closed, that bear these names, by name."""
    return {row.name: row.id for row in connection.execute(_NAMED, {"names": sorted(set(names))})}


def read_zones(connection: Connection, workflow_ids: Iterable[str]) -> Mapping[str, str]:
    """The time zones of the teams of these workflows, by the workflow's id."""
    rows = (connection.execute(_ZONES, {"ids": ids}) for ids in chunks(list(workflow_ids)))
    return {row.id: row.zone for some in rows for row in some}


def read_beginning(connection: Connection, name: str) -> tuple[date, str] | None:
    """The start date of the workflow of that name, and the time zone that it is in; None if there is none."""
    row = connection.execute(_BEGINNING, {"name": name}).first()
    return (row.start_on, row.zone) if row else None


def _workflow(row: Row[Any], team: Team, holders: Sequence[Holder]) -> Workflow:
    pause = None
    if row.paused_on is not None:
        froze = row.freeze_kind == FreezeKind.PAUSE
        pause = Pause(row.paused_on, row.paused_at, row.pause_reason_body, person_of(row, "pauser"), froze)
    return Workflow(
        id=row.id,
        name=row.name,
        purpose=row.purpose_body,
        team=team,
        playbook=PlaybookPin(row.playbook_id, row.playbook_version, row.playbook_hash),
        phase=PhaseName(row.phase),
        phase_since=row.phase_since,
        start_on=row.start_on,
        domain=Domain(row.domain),
        holders=tuple(holders),
        pause=pause,
        paused_days=row.paused_days,
        outcome=Outcome(row.outcome) if row.outcome else None,
        started_at=row.started_at,
        version=row.version,
        is_frozen=row.freeze_kind is not None,
    )


def _approvers(connection: Connection, team_ids: Iterable[str]) -> dict[str, list[Person]]:
    found: dict[str, list[Person]] = defaultdict(list)
    for row in connection.execute(_APPROVERS, {"ids": list(team_ids)}):
        found[row.team_id].append(person_of(row, "person"))
    return found


def _holders(connection: Connection, workflow_ids: Iterable[str]) -> dict[str, list[Holder]]:
    found: dict[str, list[Holder]] = defaultdict(list)
    for row in connection.execute(_HOLDERS, {"ids": list(workflow_ids)}):
        found[row.workflow_id].append(Holder(Role(row.role), person_of(row, "person"), row.since))
    return found
