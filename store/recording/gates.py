"""How facts about gates change the state tables."""

from sqlalchemy import delete, insert

from bot.domain.facts import OverrideMet, OverrideOwed
from store.recording.scene import Scene
from store.tables.verdicts import overrides_met


def meet_override(scene: Scene, fact: OverrideMet) -> None:
    """A row for each check that passed: of that request it is owed no more."""
    of = {"request_id": fact.request_id, "to": fact.to, "met_at": scene.at}
    scene.connection.execute(insert(overrides_met), [{**of, "check": check} for check in fact.checks])


def owe_override(scene: Scene, fact: OverrideOwed) -> None:
    """What had passed is not known to have passed any more."""
    these = (overrides_met.c.request_id == fact.request_id) & (overrides_met.c.to == fact.to)
    scene.connection.execute(delete(overrides_met).where(these, overrides_met.c.check.in_(fact.checks)))
