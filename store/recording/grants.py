"""How facts about grants change the state tables."""

from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.domain.facts import (
    GrantActivated,
    GrantAttested,
    GrantChange,
    GrantExpired,
    GrantNarrowed,
    GrantRequested,
    GrantResumed,
    GrantRevoked,
    GrantSuspended,
    SuspensionLifted,
)
from bot.domain.grants.life import GrantState
from bot.domain.grants.terms import terms_record
from bot.domain.requests import RequestState
from store.errors import Crossed
from store.recording.decisions import claim
from store.recording.scene import Scene, new_id
from store.tables.grants import grants, suspensions

_WHAT = "This grant"
# Whoever asked for the wider grant asked for what is left of it: narrowing lets them resume nothing of their own.
_TAKEN_OVER = ("workflow_id", "state", "requested_by", "approved_at", "attested_at", "attested_by")
_AFTER_REQUEST = {
    RequestState.DECLINED: GrantState.DECLINED,
    RequestState.WITHDRAWN: GrantState.WITHDRAWN,
    RequestState.LAPSED: GrantState.LAPSED,
}


def request_grant(scene: Scene, fact: GrantRequested) -> None:
    """A grant that waits for its request's decision."""
    _insert_one(
        scene,
        {
            "id": fact.grant_id,
            "workflow_id": fact.workflow_id,
            "action": fact.terms.action,
            "terms": terms_record(fact.terms),
            "hash": fact.hash,
            "state": GrantState.REQUESTED,
            "request_id": fact.request_id,
            "requested_by": scene.by,
            "requested_at": scene.at,
            "replaces": fact.replaces,
            "version": 1,
        },
    )


def end_request(scene: Scene, request_id: str, state: RequestState) -> None:
    """The grant that a request asked for, where nobody approved it; other requests ask for none."""
    asked = (grants.c.request_id == request_id) & (grants.c.state == GrantState.REQUESTED)
    ended = {"state": _AFTER_REQUEST[state], "ended_at": scene.at, "version": grants.c.version + 1}
    scene.write(update(grants).where(asked).values(ended))


def activate_grant(scene: Scene, fact: GrantActivated) -> None:
    """The grant in force, and the one before it superseded, if that is still the one that lived."""
    if fact.replaces:
        _supersede(scene, fact.replaces)
    begun = {"approved_at": scene.at, "expires_at": fact.expires_at, "replaces": fact.replaces}
    _change(scene, fact, GrantState.REQUESTED, state=GrantState.ACTIVE, **begun)


def narrow_grant(scene: Scene, fact: GrantNarrowed) -> None:
    """The narrower grant in the place of the wider, in the same state, with its instants and its suspensions."""
    old = scene.connection.execute(select(grants).where(grants.c.id == fact.grant_id)).one()
    _change(scene, fact, old.state, state=GrantState.SUPERSEDED, ended_at=scene.at)
    _insert_one(
        scene,
        {
            **{name: getattr(old, name) for name in _TAKEN_OVER},
            "id": fact.narrowed_id,
            "action": fact.terms.action,
            "terms": terms_record(fact.terms),
            "hash": fact.hash,
            "requested_at": scene.at,
            "replaces": fact.grant_id,
            "expires_at": fact.expires_at,
            "version": 1,
        },
    )
    still = (suspensions.c.grant_id == fact.grant_id) & suspensions.c.lifted_at.is_(None)
    scene.write(update(suspensions).where(still).values(grant_id=fact.narrowed_id))


def revoke_grant(scene: Scene, fact: GrantRevoked) -> None:
    """The grant gone for good."""
    _change(scene, fact, GrantState.ACTIVE, GrantState.SUSPENDED, state=GrantState.REVOKED, ended_at=scene.at)


def expire_grant(scene: Scene, fact: GrantExpired) -> None:
    """The grant over."""
    _change(scene, fact, GrantState.ACTIVE, GrantState.SUSPENDED, state=GrantState.EXPIRED, ended_at=scene.at)


def suspend_grant(scene: Scene, fact: GrantSuspended) -> None:
    """One more reason for which the grant stands still."""
    _change(scene, fact, GrantState.ACTIVE, GrantState.SUSPENDED, state=GrantState.SUSPENDED)
    row = {
        "id": new_id("sus"),
        "grant_id": fact.grant_id,
        "cause": fact.cause,
        "subject": fact.subject,
        "observed_at": fact.observed_at,
        "since": scene.at,
        "by": scene.by if scene.by_person else None,
        "reason": scene.words.get("reason"),
    }
    scene.write(insert(suspensions).values(row))


def lift_suspension(scene: Scene, fact: SuspensionLifted) -> None:
    """One reason less; the grant's state stays until nothing speaks against it."""
    _change(scene, fact, GrantState.SUSPENDED)
    this = (suspensions.c.grant_id == fact.grant_id) & suspensions.c.lifted_at.is_(None)
    about = (suspensions.c.cause == fact.cause) & (suspensions.c.subject == fact.subject)
    scene.write_one(update(suspensions).where(this, about).values(lifted_at=scene.at), "This suspension")


def resume_grant(scene: Scene, fact: GrantResumed) -> None:
    """The grant in force again; every reason against it was answered."""
    _change(scene, fact, GrantState.SUSPENDED, state=GrantState.ACTIVE)
    still = (suspensions.c.grant_id == fact.grant_id) & suspensions.c.lifted_at.is_(None)
    answered = {
        "lifted_at": scene.at,
        "lifted_by": scene.by if scene.by_person else None,
        "lift_reason": scene.words["reason"],
    }
    scene.write(update(suspensions).where(still).values(answered))


def attest_grant(scene: Scene, fact: GrantAttested) -> None:
    """When it was last looked at, and by whom; its state stays."""
    _change(scene, fact, GrantState.ACTIVE, GrantState.SUSPENDED, attested_at=scene.at, attested_by=scene.by)


def _supersede(scene: Scene, grant_id: str) -> None:
    living = (grants.c.id == grant_id) & grants.c.state.in_((GrantState.ACTIVE, GrantState.SUSPENDED))
    ended = {"state": GrantState.SUPERSEDED, "ended_at": scene.at, "version": grants.c.version + 1}
    scene.write_one(update(grants).where(living).values(ended), _WHAT)


def _change(scene: Scene, fact: GrantChange, *states: str, **changes: Any) -> None:
    """The grant changed, if it is still as it was seen, in one of these states."""
    claim(scene.connection, fact.workflow_id)
    seen = (grants.c.id == fact.grant_id) & (grants.c.version == fact.seen_version) & grants.c.state.in_(states)
    scene.write_one(update(grants).where(seen).values(version=fact.seen_version + 1, **changes), _WHAT)


def _insert_one(scene: Scene, row: dict[str, Any]) -> None:
    try:
        with scene.connection.begin_nested():
            scene.connection.execute(insert(grants).values(row))
    except IntegrityError as error:
        raise Crossed(
            f"{_WHAT} changed in this very moment, so nothing was saved. Look again and repeat it."
        ) from error
