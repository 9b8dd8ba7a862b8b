"""What is kept about a person: shown to them, or erased, by an admin."""

from datetime import datetime, timedelta

from bot.actions.desk import Desk, Turn
from bot.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from bot.domain.facts import PersonErased
from bot.domain.people import Actor, Person, Through
from bot.domain.rights import demand_person
from bot.domain.ticking import demand_words
from bot.domain.wording import cut
from store import View
from store.reading.privacy import Kept

_SETTLED = timedelta(hours=1)
"""So long after a digest stands in its channel its thread does too."""


def kept_of(view: View, actor: Actor, asked: str) -> Kept:
    """Everything that is kept about the person with that id or handle.

    A refusal for anyone but an admin, or whoever reads at the command line and so holds the database.
    """
    demand_person(actor)
    if actor.through is not Through.CLI:
        _admin_because(actor)
    return view.privacy.kept(*_met(view, asked))


def erase(turn: Turn, asked: str, reason: str) -> tuple[PersonErased, tuple[str, ...]]:
    """The person's name and words gone for good, and what nobody answers for now that they did.

    A digest that names them and is on its way is posted first, so it is a conflict. What stands in Slack stays there.
    """
    demand_person(turn.actor)
    turn.change.allowed_because(_admin_because(turn.actor))
    said = demand_words(reason, "reason", "why this person is erased")
    person, _ = _met(turn.change, asked)
    if person.handle == turn.actor.handle:
        raise BadInput("You can't erase yourself, since the record says who did it: ask another admin.", "person")
    privacy = turn.change.privacy
    digests = privacy.digests_naming(person, turn.at - _SETTLED)
    if any(is_on_its_way for _, is_on_its_way in digests):
        raise Conflict("A digest that names this person is about to be posted: try again once it stands there.")
    left = privacy.roles(person)
    fact = PersonErased(
        person_id=person.id,
        text_count=privacy.texts_by(person),
        signal_count=privacy.signals_naming(person),
        digest_ids=tuple(id_ for id_, _ in digests),
        text_ids=privacy.sentences_naming(person),
        reason=said,
    )
    turn.record(fact)
    return fact, left


def sweep(desk: Desk) -> None:
    """What was erased or forgotten is gone from the database's file too, not only from its tables."""
    desk.store.database.empty_log()


def _met(view: View, asked: str) -> tuple[Person, datetime]:
    found = view.privacy.person(asked.strip())
    if found is None:
        raise NotFound(
            f"Nobody known here goes by {cut(asked.strip(), 60)!r}, or they were erased: give a Slack user id, such as "
            "U0ANA, or os:NAME."
        )
    return found


def _admin_because(actor: Actor) -> str:
    """By what right an admin acts; a refusal for anyone else."""
    if actor.admin_because is None:
        raise NotAllowed("What is kept about people is for an admin (ROLLOUT_ADMINS) to see or erase: ask one of them.")
    return actor.admin_because
