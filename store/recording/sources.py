"""How facts about sources change the state tables."""

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from bot.domain.facts import SourceConnected, SourceDisconnected
from store.errors import Crossed
from store.recording.scene import Scene
from store.tables.sources import source_mappings


def connect_source(scene: Scene, fact: SourceConnected) -> None:
    """A row for the mapping; Crossed if another made the same in this moment."""
    row = {
        "id": fact.mapping_id,
        "source": fact.source,
        "place": fact.place,
        "place_key": fact.place.casefold(),
        "workflow_id": fact.workflow_id,
        "made_by": scene.by,
        "made_at": scene.at,
    }
    try:
        with scene.connection.begin_nested():
            scene.write(insert(source_mappings).values(row))
    except IntegrityError as error:
        raise Crossed("Someone else mapped the same in this very moment, so nothing was saved.") from error


def disconnect_source(scene: Scene, fact: SourceDisconnected) -> None:
    """The mapping out of force, if it was in force."""
    in_force = (source_mappings.c.id == fact.mapping_id) & source_mappings.c.removed_at.is_(None)
    scene.write_one(update(source_mappings).where(in_force).values(removed_at=scene.at), "This mapping")
