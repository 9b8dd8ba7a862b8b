"""How facts about checklist items and requests change the state tables."""

from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.facts import (
    ItemAssigned,
    ItemBlocked,
    ItemChange,
    ItemDone,
    ItemReopened,
    ItemRestored,
    ItemSkipped,
    ItemTakenOver,
    RequestEscalated,
    RequestMade,
)
from bot.domain.items import ItemState
from bot.domain.requests import RequestState
from store.errors import Crossed
from store.recording.scene import Scene, new_id
from store.tables.program import evidence, items, requests
from store.types import canonical


def mark_done(scene: Scene, fact: ItemDone) -> None:
    """The item done, with its evidence if some was given."""
    evidence_id = None
    if fact.evidence is not None:
        evidence_id = new_id("ev")
        scene.write(
            insert(evidence).values(
                id=evidence_id,
                workflow_id=fact.workflow_id,
                item=fact.item,
                kind=fact.evidence_kind,
                text_id=scene.words["evidence"],
                given_by=scene.by,
                given_at=scene.at,
            )
        )
    _change(scene, fact, state=ItemState.DONE, evidence_id=evidence_id, note=scene.words.get("note"), until=None)


def mark_blocked(scene: Scene, fact: ItemBlocked) -> None:
    """The item blocked, with the reason."""
    _change(scene, fact, state=ItemState.BLOCKED, note=scene.words["note"], until=None)


def mark_open(scene: Scene, fact: ItemReopened) -> None:
    """The item open again."""
    _change(scene, fact, state=ItemState.OPEN, note=scene.words.get("note"), until=None, evidence_id=None)


def mark_skipped(scene: Scene, fact: ItemSkipped) -> None:
    """The item skipped until a date."""
    reason = select(requests.c.reason).where(requests.c.id == fact.request_id).scalar_subquery()
    _change(scene, fact, state=ItemState.SKIPPED, until=fact.until, note=reason)


def give_back(scene: Scene, fact: ItemRestored) -> None:
    """The item as it was before its last change, with the evidence it then had."""
    _change(
        scene,
        fact,
        state=fact.state,
        until=items.c.before_until,
        evidence_id=items.c.before_evidence_id,
        note=items.c.before_note,
    )


def hand_over(scene: Scene, fact: ItemAssigned) -> None:
    """The item's new holder; its state stays, and so does who brought it there."""
    if fact.seen_version == 0:
        row = {"state": ItemState.OPEN, "assignee": fact.person, "changed_by": scene.by, "changed_at": scene.at}
        _first(scene, fact, row)
        return
    held = update(items).where(_seen(fact)).values(version=fact.seen_version + 1, assignee=fact.person)
    scene.write_one(held, "This item")


def take_over(scene: Scene, fact: ItemTakenOver) -> None:
    """The item as one that lay behind the workflow when it came, whatever had become of it until then."""
    row = {"state": ItemState.TAKEN_OVER, "changed_by": scene.by, "changed_at": scene.at}
    kept = (items.c.workflow_id == fact.workflow_id) & (items.c.item == fact.item)
    if scene.connection.scalar(select(items.c.version).where(kept)) is None:
        _first(scene, fact, row)
        return
    scene.write(
        update(items).where(kept).values(
            version=items.c.version + 1,
            before_state=items.c.state,
            before_until=items.c.until,
            before_evidence_id=items.c.evidence_id,
            before_note=items.c.note,
            until=None,
            **row,
        )
    )  # fmt: skip


def _change(scene: Scene, fact: ItemChange, **changes: Any) -> None:
    changes |= {"changed_by": scene.by, "changed_at": scene.at, "before_state": fact.before}
    if fact.seen_version == 0:
        _first(scene, fact, changes)
        return
    statement = update(items).where(_seen(fact)).values(
        version=fact.seen_version + 1,
        before_until=items.c.until,
        before_evidence_id=items.c.evidence_id,
        before_note=items.c.note,
        **changes,
    )  # fmt: skip
    scene.write_one(statement, "This item")


def _first(scene: Scene, fact: ItemChange | ItemAssigned | ItemTakenOver, row: dict[str, Any]) -> None:
    statement = insert(items).values(workflow_id=fact.workflow_id, item=fact.item, version=1, **row)
    try:
        with scene.connection.begin_nested():
            scene.connection.execute(statement)
    except IntegrityError as error:
        raise Crossed(
            "This item changed in this very moment, so nothing was saved. Look again and repeat it."
        ) from error


def _seen(fact: ItemChange | ItemAssigned) -> Any:
    return (
        (items.c.workflow_id == fact.workflow_id) & (items.c.item == fact.item) & (items.c.version == fact.seen_version)
    )


def make_request(scene: Scene, fact: RequestMade) -> None:
    """A request that waits."""
    scene.write(
        insert(requests).values(
            id=fact.request_id,
            kind=fact.kind,
            workflow_id=fact.workflow_id,
            item=fact.item,
            terms=canonical(dict(fact.terms)),
            reason=scene.words.get("reason"),
            asked_by=scene.by,
            asked_at=scene.at,
            lapses_at=fact.lapses_at,
            state=RequestState.WAITING,
            escalated=0,
        )
    )


def escalate_request(scene: Scene, fact: RequestEscalated) -> None:
    """How far a request has been carried, unless another replica was first."""
    waiting = (requests.c.id == fact.request_id) & (requests.c.state == RequestState.WAITING)
    fresh = waiting & (requests.c.escalated < fact.step)
    scene.write_one(update(requests).where(fresh).values(escalated=fact.step), "This request")


def settle_request(scene: Scene, request_id: str, state: RequestState, because: str | None = None) -> None:
    """The decision on a request, if nobody decided in between."""
    waiting = (requests.c.id == request_id) & (requests.c.state == RequestState.WAITING)
    statement = update(requests).where(waiting).values(
        state=state,
        decided_by=scene.by if scene.by_person else None,
        decided_at=scene.at,
        because=because,
        answer=scene.words.get("answer"),
    )  # fmt: skip
    scene.write_one(statement, "This request")
