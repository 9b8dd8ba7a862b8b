"""How facts about gates change the state tables."""

from sqlalchemy import insert

from bot.domain.facts import OverrideMet
from store.recording.scene import Scene
from store.tables.verdicts import overrides_met


def meet_override(scene: Scene, fact: OverrideMet) -> None:
    """A row for each check that passed: of that request it is owed no more."""
    of = {"request_id": fact.request_id, "to": fact.to, "met_at": scene.at}
    scene.connection.execute(insert(overrides_met), [{**of, "check": check} for check in fact.checks])
