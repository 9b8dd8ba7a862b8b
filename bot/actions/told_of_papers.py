"""Whom a document or a deviation must be told to: cards, brought up to date in place, and a word to its author."""

from collections.abc import Iterator
from datetime import datetime

from bot.domain.calendar import after_working_hours
from bot.domain.deviations import Deviation
from bot.domain.documents import Document
from bot.domain.people import Person, Told
from bot.domain.requests import Patience
from bot.domain.teams import Team


def told_of_submission(
    document: Document, team: Team, able: tuple[Person, ...], at: datetime, patience: Patience
) -> tuple[Told, ...]:
    """A card in the team's channel and one for the first of those who may judge it (`able`).

    After one working day the next one gets a card, after two all of them, where nobody was quicker (RULES, "Requests").
    """
    about = _about(document)
    channel = team.channel
    cards = (Told("document_card", channel, about, _key(document, channel)),) if channel else ()
    return (*cards, *_asked(document, team, able, at, patience), *_on_its_deviation(document, "in review"))


def _asked(
    document: Document, team: Team, able: tuple[Person, ...], at: datetime, patience: Patience
) -> Iterator[Told]:
    day_hours = team.hours.last_hour - team.hours.first_hour
    waits = (0, patience.next_days, patience.all_days)
    for place, handle in enumerate(_reachable(able)):
        days = waits[min(place, len(waits) - 1)]
        when = after_working_hours(at, days * day_hours, team.hours, team.zone) if days else None
        yield Told("document_asked", handle, _about(document), _key(document, handle), when)


def told_of_verdict(document: Document, by: str, stage: str) -> tuple[Told, ...]:
    """The cards brought up to date, and a word to those who wrote it or handed it in."""
    about = (*_about(document), ("stage", stage))
    submitter = document.submitted_by.handle if document.submitted_by else None
    handles = sorted({*document.authors, *((submitter,) if submitter else ())} - {by})
    answers = (
        Told("document_answer", handle, about, f"document-answer:{_stem(document)}:{stage}:{handle}")
        for handle in handles
        if handle.startswith(("U", "W"))
    )
    return (_cards(document, stage), *answers, *_on_its_deviation(document, stage))


def _on_its_deviation(document: Document, stage: str) -> tuple[Told, ...]:
    """The cards of the deviation that a postmortem is about, brought up to date; nothing where it is about none."""
    about = document.latest.text.incident
    return told_of_deviation_again(about, f"{_stem(document)}:{stage}") if about.startswith("dev_") else ()


def told_of_edit(document: Document) -> tuple[Told, ...]:
    """The cards brought up to date: what stood in review is a draft again."""
    return (_cards(document, "edited"),)


def told_of_deviation(deviation: Deviation, team: Team) -> tuple[Told, ...]:
    """A card in the team's channel, which mentions its owner; without a channel, to the owner by direct message."""
    targets = (team.channel,) if team.channel else _reachable((deviation.owner,))
    about = (("deviation", deviation.id),)
    return tuple(Told("deviation_card", target, about, f"deviation:{deviation.id}:{target}") for target in targets)


def told_of_deviation_again(deviation_id: str, stage: str) -> tuple[Told, ...]:
    """Its cards brought up to date."""
    about = (("deviation", deviation_id),)
    return (Told("deviation_cards", deviation_id, about, f"deviation-cards:{deviation_id}:{stage}"),)


def _cards(document: Document, stage: str) -> Told:
    about = (*_about(document), ("stage", stage))
    return Told("document_cards", document.id, about, f"document-cards:{_stem(document)}:{stage}")


def _about(document: Document) -> tuple[tuple[str, str], ...]:
    return (("document", document.id), ("version", str(document.latest.number)))


def _stem(document: Document) -> str:
    return f"{document.id}:v{document.latest.number}"


def _key(document: Document, target: str) -> str:
    return f"document:{_stem(document)}:{target}"


def _reachable(people: tuple[Person, ...]) -> tuple[str, ...]:
    return tuple(person.handle for person in people if person.handle and person.handle.startswith(("U", "W")))
