"""Whether every suspension of a grant and every freeze stands as the audit log says it began and ended."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Table, select

from bot.domain.freezes import FreezeKind
from bot.domain.people import PrincipalKind
from store.tables.grants import freezes, suspensions
from store.tables.ledger import audit
from store.types import canonical
from store.vouched import Fault, first_fault

Row = dict[str, Any]

_SUSPENDING = ("grant_suspended", "suspension_lifted", "grant_resumed", "grant_narrowed")
_FREEZING = ("workflow_frozen", "workflow_unfrozen", "workflow_paused", "workflow_resumed", "freeze_measured")


@dataclass(slots=True)
class _Halt:
    """A row as the records read so far leave it; `seq` is the last of them about it."""

    seq: int
    row: Row = field(default_factory=dict)

    @property
    def is_open(self) -> bool:
        """Whether it still holds."""
        return "lifted_at" not in self.row


def fault_in_suspensions(connection: Connection) -> Fault | None:
    """The first suspension that is missing, changed or added past this program, with its record; None if none is."""
    return first_fault(_faults_of_suspensions(connection), "A suspension")


def fault_in_freezes(connection: Connection) -> Fault | None:
    """The first freeze that is missing, changed or added past this program, with its record; None if none is."""
    return first_fault(_faults_of_freezes(connection), "A freeze")


def _faults_of_suspensions(connection: Connection) -> Iterator[Fault]:
    # A suspension's id stands in no record, so rows are compared by all that they say.
    said = [column.name for column in suspensions.c if column.name != "id"]
    standing = Counter(row_text(row) for row in rows_of(connection, suspensions, said))
    for halt in _suspensions(connection):
        told = f"A suspension of grant {halt.row['grant_id']}"
        if not standing[row_text(halt.row)]:
            yield halt.seq, f"{told} (record {halt.seq}) is missing or was changed: it is not as its records left it."
        standing[row_text(halt.row)] -= 1
    for added in sorted((+standing).elements()):
        yield None, f"A suspension of grant {json.loads(added)['grant_id']} was added past this program."


def _faults_of_freezes(connection: Connection) -> Iterator[Fault]:
    standing = {row["id"]: row for row in rows_of(connection, freezes, [column.name for column in freezes.c])}
    for freeze_id, halt in _freezes(connection).items():
        row = standing.pop(freeze_id, None)
        if row is None:
            yield halt.seq, f"Freeze {freeze_id} (record {halt.seq}) is missing."
        elif row_text(row) != row_text(halt.row):
            yield halt.seq, f"Freeze {freeze_id} (record {halt.seq}) was changed: it is not as its records left it."
    for added in standing:
        yield None, f"Freeze {added} was added past this program: no record tells of it."


def _suspensions(connection: Connection) -> list[_Halt]:
    """Every suspension as the records leave it, in the order in which they began."""
    found: list[_Halt] = []
    of_grant: dict[str, list[_Halt]] = {}
    for record, said in records_of(connection, _SUSPENDING):
        mine = of_grant.setdefault(said["grant_id"], [])
        if record.fact == "grant_suspended":
            began = {"since": record.effective_at, "by": person_in(record), "reason": said.get("reason")}
            about = {name: said.get(name) for name in ("grant_id", "cause", "subject", "observed_at")}
            mine.append(_Halt(record.seq, about | began))
            found.append(mine[-1])
            continue
        reached = [halt for halt in mine if halt.is_open]
        if record.fact == "grant_narrowed":
            of_grant.setdefault(said["narrowed_id"], []).extend(reached)
            change = {"grant_id": said["narrowed_id"]}
        elif record.fact == "grant_resumed":
            change = {"lifted_at": record.effective_at, "lifted_by": person_in(record), "lift_reason": said["reason"]}
        else:
            named = (said["cause"], said["subject"])
            reached = [halt for halt in reached if (halt.row["cause"], halt.row["subject"]) == named]
            change = {"lifted_at": record.effective_at}
        for halt in reached:
            halt.row |= change
            halt.seq = record.seq
    return found


def _freezes(connection: Connection) -> Mapping[str, _Halt]:
    """Every freeze as the records leave it, by its id."""
    found: dict[str, _Halt] = {}
    for record, said in records_of(connection, _FREEZING):
        if freeze_id := said.get("froze") or (record.fact == "workflow_frozen" and said["freeze_id"]):
            began = {"id": freeze_id, "workflow_id": said["workflow_id"], "kind": said.get("kind", FreezeKind.PAUSE)}
            by = {"frozen_at": record.effective_at, "frozen_by": record.principal, "reason": said["reason"]}
            found[freeze_id] = _Halt(record.seq, began | by)
        elif halt := found.get(said.get("unfroze") or said.get("freeze_id", "")):
            halt.seq = record.seq
            if record.fact == "freeze_measured":
                halt.row.setdefault("took_s", said["took_s"])
            else:
                lifted = {"lifted_at": record.effective_at, "lifted_by": record.principal}
                halt.row |= lifted | {"lift_reason": said["reason"]}
    return found


def records_of(connection: Connection, facts: tuple[str, ...]) -> Iterator[tuple[Any, dict[str, Any]]]:
    """The records of these facts in their order, each with what it says."""
    columns = (audit.c.seq, audit.c.effective_at, audit.c.principal_kind, audit.c.principal, audit.c.fact)
    told = select(*columns, audit.c.details).where(audit.c.fact.in_(facts)).order_by(audit.c.seq)
    for record in connection.execute(told):
        yield record, json.loads(record.details)


def person_in(record: Any) -> str | None:
    """The id of the person who did what a record tells of, None where no person did."""
    return record.principal if record.principal_kind == PrincipalKind.HUMAN else None


def rows_of(connection: Connection, table: Table, names: list[str]) -> list[Row]:
    """These columns of every row of a table."""
    return [dict(row) for row in connection.execute(select(*(table.c[name] for name in names))).mappings()]


def row_text(row: Row) -> str:
    """All that a row says, as one text; what it leaves open is left out."""
    return canonical({name: value for name, value in row.items() if value is not None})
