"""How freezes begin, are measured and end."""

from dataclasses import dataclass

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from bot.domain.facts import FreezeMeasured
from bot.domain.freezes import FreezeKind
from store.errors import Crossed
from store.recording.scene import Scene
from store.tables.grants import freezes


@dataclass(frozen=True, slots=True)
class Beginning:
    """A freeze that begins; `reason` is the id of the text that says why."""

    id: str
    workflow_id: str
    kind: FreezeKind
    reason: str


def begin(scene: Scene, beginning: Beginning) -> None:
    """A row for the freeze; at most one holds a workflow at a time."""
    row = {
        "id": beginning.id,
        "workflow_id": beginning.workflow_id,
        "kind": beginning.kind,
        "frozen_at": scene.at,
        "frozen_by": scene.by,
        "reason": beginning.reason,
    }
    try:
        with scene.connection.begin_nested():
            scene.connection.execute(insert(freezes).values(row))
    except IntegrityError as error:
        raise Crossed("This workflow was frozen in this very moment, so nothing was saved. Look again.") from error


def lift(scene: Scene, freeze_id: str, reason: str) -> None:
    """The freeze over; `reason` is the id of the text that says why."""
    still = (freezes.c.id == freeze_id) & freezes.c.lifted_at.is_(None)
    lifted = {"lifted_at": scene.at, "lifted_by": scene.by, "lift_reason": reason}
    scene.write_one(update(freezes).where(still).values(lifted), "This freeze")


def measure_freeze(scene: Scene, fact: FreezeMeasured) -> None:
    """The measured time, kept once."""
    unmeasured = (freezes.c.id == fact.freeze_id) & freezes.c.took_s.is_(None)
    scene.write(update(freezes).where(unmeasured).values(took_s=fact.took_s))
