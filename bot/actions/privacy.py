"""What is kept about a person: shown to them, or erased, by an admin."""

from datetime import datetime, timedelta

from bot.actions.desk import Turn
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
    """Everything that is kept about the person with that id or handle; a refusal for anyone but an admin."""
    _demand_admin(actor)
    return view.privacy.kept(*_met(view, asked))


def erase(turn: Turn, asked: str, reason: str) -> tuple[PersonErased, tuple[str, ...]]:
    """The person's name and words gone for good, and what nobody answers for now that they did.

    A digest that names them and is on its way is posted first, so it is a conflict. What stands in Slack stays there.
    """
    turn.change.allowed_because(_demand_admin(turn.actor))
    said = demand_words(reason, "reason", "why this person is erased")
    if asked.strip() == turn.actor.handle:
        raise BadInput("You can't erase yourself, since the record says who did it: ask another admin.", "person")
    person, _ = _met(turn.change, asked)
    privacy = turn.change.privacy
    digests = privacy.digests_naming(person, turn.at - _SETTLED)
    if any(is_on_its_way for _, is_on_its_way in digests):
        raise Conflict("A digest that names this person is about to be posted: try again once it stands there.")
    left = privacy.roles(person)
    fact = PersonErased(
        person_id=person.id,
        text_count=privacy.texts_by(person),
        signal_count=privacy.signals_naming(person),
        digest_count=len(digests),
        reason=said,
    )
    turn.record(fact)
    return fact, left


def _met(view: View, asked: str) -> tuple[Person, datetime]:
    found = view.privacy.person(asked.strip())
    if found is None:
        raise NotFound(
            f"Nobody known here goes by {cut(asked.strip(), 60)!r}, or they were erased: give a Slack user id, such as "
            "U0ANA, or os:NAME."
        )
    return found


def _demand_admin(actor: Actor) -> str:
    """By what right; a refusal for anyone but an admin, or whoever holds the database at the command line."""
    demand_person(actor)
    because = actor.admin_because or ("at the command line" if actor.through is Through.CLI else None)
    if because is None:
        raise NotAllowed("What is kept about people is for an admin (ROLLOUT_ADMINS) to see or erase: ask one of them.")
    return because
