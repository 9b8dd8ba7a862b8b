"""How facts about who is away change the state tables."""

from sqlalchemy import delete, insert

from bot.domain.facts import PersonAway, PersonBack
from store.recording.scene import Scene
from store.tables.absences import absences


def go_away(scene: Scene, fact: PersonAway) -> None:
    """The one row of someone who is away, in place of an older one."""
    scene.write(delete(absences).where(absences.c.person == fact.subject))
    scene.write(insert(absences).values(person=fact.subject, since=scene.at, until=fact.until, deputy=fact.deputy))


def come_back(scene: Scene, fact: PersonBack) -> None:
    """No row any more."""
    scene.write_one(delete(absences).where(absences.c.person == fact.subject), "This absence")
