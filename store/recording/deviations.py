"""How facts about deviations and drills change the state tables."""

from sqlalchemy import insert, update

from bot.domain.facts import DeviationClosed, DeviationOpened, DrillHeld
from store.recording.scene import Scene
from store.tables.deviations import deviations
from store.tables.drills import drills


def open_deviation(scene: Scene, fact: DeviationOpened) -> None:
    """A row for the deviation."""
    scene.write(
        insert(deviations).values(
            id=fact.deviation_id,
            workflow_id=fact.workflow_id,
            area=fact.area,
            policy_id=fact.policy_id,
            policy_words=scene.words.get("policy"),
            summary=scene.words["summary"],
            owner=fact.owner,
            due_on=fact.due_on,
            opened_by=scene.by,
            opened_at=scene.at,
        )
    )


def close_deviation(scene: Scene, fact: DeviationClosed) -> None:
    """How it was mended, if nobody closed it in between."""
    still_open = (deviations.c.id == fact.deviation_id) & deviations.c.closed_at.is_(None)
    closed = update(deviations).where(still_open).values(
        closed_by=scene.by, closed_at=scene.at, answer=scene.words["answer"]
    )  # fmt: skip
    scene.write_one(closed, "This deviation")


def hold_drill(scene: Scene, fact: DrillHeld) -> None:
    """A row for the drill."""
    scene.write(
        insert(drills).values(
            id=fact.drill_id,
            workflow_id=fact.workflow_id,
            kind=fact.kind,
            took_s=fact.took_s,
            evidence=scene.words.get("evidence"),
            held_by=scene.by,
            held_at=scene.at,
        )
    )
