"""How an erasure changes what is kept: words and names go, random ids and hashes stay, and the chain stays whole."""

from sqlalchemy import Connection, select, update

from bot.domain.facts import PersonErased
from bot.domain.searching import Sought
from store import people, searching, texts
from store.errors import Crossed
from store.reading.privacy import Privacy
from store.recording.scene import Scene
from store.searching import Entry
from store.tables.digests import digests
from store.tables.documents import document_versions, documents
from store.tables.memos import memos
from store.tables.policies import policies, policy_versions
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
    texts.erase(connection, written)
    scene.write(update(signals).where(signals.c.person == person.handle).values(person=None))
    scene.write(update(digests).where(digests.c.id.in_(fact.digest_ids)).values(inputs=None, messages=None))
    _find_anew(connection, set(written))
    searching.tidy(connection)
    people.erase(connection, fact.person_id, scene.at)


def _find_anew(connection: Connection, gone: set[str]) -> None:
    """What had these texts found by what is left of it."""
    for row in connection.execute(select(memos.c.id, *(memos.c[name] for name in _OF_A_MEMO), memos.c.changes)):
        if gone & {row.title, row.decision, row.context, row.options}:
            left = texts.read(connection, filter(None, (row.title, row.decision, row.context, row.options)))
            below = (left.get(each) for each in (row.decision, row.context, row.options) if each)
            title = left.get(row.title) or ""
            searching.write(
                connection, Entry(Sought.MEMO, row.id, title, "\n".join((*filter(None, below), *row.changes)))
            )
    for written in connection.execute(_LATEST):
        if gone & {written.title, written.body}:
            left = texts.read(connection, filter(None, (written.title, written.body)))
            title, body = left.get(written.title) or "", left.get(written.body) or ""
            searching.write(connection, Entry(Sought.DOCUMENT, written.document_id, title, body))

    for latest in connection.execute(_POLICIES):
        if gone & {latest.text, latest.link}:
            left = texts.read(connection, filter(None, (latest.text, latest.link)))
            said = (latest.area.replace("_", " "), *(left.get(each) for each in (latest.text, latest.link) if each))
            searching.write(connection, Entry(Sought.POLICY, latest.id, latest.name, "\n".join(filter(None, said))))


_OF_A_MEMO = ("title", "decision", "context", "options")
_LATEST = select(document_versions.c.document_id, document_versions.c.title, document_versions.c.body).join(
    documents,
    (documents.c.id == document_versions.c.document_id) & (documents.c.version == document_versions.c.number),
)
_POLICIES = select(
    policies.c.id, policies.c.name, policy_versions.c.area, policy_versions.c.text, policy_versions.c.link
).join(
    policy_versions, (policy_versions.c.policy_id == policies.c.id) & (policy_versions.c.number == policies.c.version)
)
