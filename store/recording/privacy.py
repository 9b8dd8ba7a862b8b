"""How an erasure changes what is kept: words and names go, random ids and hashes stay, and the chain stays whole."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BindParameter, Column, Connection, Select, bindparam, or_, select, update

from bot.domain.facts import PersonErased
from bot.domain.searching import Sought
from store import outbox, people, searching, texts
from store.errors import Crossed
from store.indexing import index
from store.reading.privacy import Privacy
from store.recording.scene import Scene
from store.tables.digests import digests
from store.tables.documents import document_versions
from store.tables.memos import memos
from store.tables.policies import policy_versions
from store.tables.signals import signals


def erase_person(scene: Scene, fact: PersonErased) -> None:
    """Their name, their words, and their mention in signals and in kept digests gone; the reason for it stays."""
    connection = scene.connection
    found = Privacy(connection).person(fact.person_id)
    if found is None:
        raise Crossed("This person was erased in this very moment, so nothing changed.")
    person, _ = found
    reasons = set(scene.words.values())
    written = [each for each in texts.by_author(connection, fact.person_id) if each not in reasons]
    gone = (*written, *fact.text_ids)
    texts.erase(connection, gone)
    scene.write(update(signals).where(signals.c.person == person.handle).values(person=None))
    scene.write(update(digests).where(digests.c.id.in_(fact.digest_ids)).values(inputs=None, messages=None))
    _find_anew(connection, gone)
    searching.tidy(connection)
    if person.handle:
        outbox.forget_person(connection, person.handle, person.id)
    people.erase(connection, fact.person_id, scene.at)


def _find_anew(connection: Connection, gone: Sequence[str]) -> None:
    """What had these texts found by what is left of it."""
    for kind, found in _HOLDING.items():
        for object_id in connection.scalars(found, {"gone": gone}).all():
            index(connection, kind, object_id)


def _holding(object_id: Column[str], *words: Column[Any]) -> Select[Any]:
    gone: BindParameter[Any] = bindparam("gone", expanding=True)
    return select(object_id).distinct().where(or_(*(each.in_(gone) for each in words)))


_HOLDING = {
    Sought.MEMO: _holding(memos.c.id, memos.c.title, memos.c.decision, memos.c.context, memos.c.options),
    Sought.DOCUMENT: _holding(document_versions.c.document_id, document_versions.c.title, document_versions.c.body),
    Sought.POLICY: _holding(policy_versions.c.policy_id, policy_versions.c.text, policy_versions.c.link),
}
