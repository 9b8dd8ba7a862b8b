"""How facts about policies change the state tables: a row for each version, for good."""

from sqlalchemy import insert, update
from sqlalchemy.exc import IntegrityError

from bot.domain.facts import PolicyAdded, PolicyEdited
from bot.domain.searching import Sought
from store.errors import Crossed
from store.indexing import index
from store.recording.scene import Scene
from store.tables.policies import policies, policy_versions


def add_policy(scene: Scene, fact: PolicyAdded) -> None:
    """A row for the policy and one for its first version; Crossed if another took its name in this moment."""
    row = {"id": fact.policy_id, "name": fact.name, "name_key": fact.name.casefold(), "version": 1}
    try:
        with scene.connection.begin_nested():
            scene.write(insert(policies).values(row))
    except IntegrityError as error:
        raise Crossed(
            f"A policy {fact.name} was added in this very moment by someone else, so nothing was saved. "
            "Look at that one, and change it if it is not right."
        ) from error
    _write(scene, fact, 1)


def edit_policy(scene: Scene, fact: PolicyEdited) -> None:
    """One version more, if nobody wrote one in between."""
    seen = (policies.c.id == fact.policy_id) & (policies.c.version == fact.seen_version)
    number = fact.seen_version + 1
    scene.write_one(update(policies).where(seen).values(version=number), "This policy")
    _write(scene, fact, number)


def _write(scene: Scene, fact: PolicyAdded | PolicyEdited, number: int) -> None:
    scene.write(
        insert(policy_versions).values(
            id=f"{fact.policy_id}/{number}",
            policy_id=fact.policy_id,
            number=number,
            area=fact.area,
            text=scene.words.get("text"),
            link=scene.words.get("link"),
            owner=fact.owner,
            review_on=fact.review_on,
            written_by=scene.by,
            written_at=scene.at,
        )
    )
    index(scene.connection, Sought.POLICY, fact.policy_id)
