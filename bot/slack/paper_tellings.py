"""What channels and people hear of documents and deviations: cards, brought up to date in place, and answers."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from bot.actions.desk import Desk
from bot.actions.documents import able_to_judge
from bot.domain.documents import Document, DocumentState
from bot.domain.people import Person
from bot.domain.teams import Team
from bot.slack.blocks import Screen, actions, button, section
from bot.slack.deviations import postmortem_of
from bot.slack.pen import Pen
from bot.slack.rooms import is_among_us
from bot.slack.screens.deviations import deviation_card, unnamed_deviation
from bot.slack.screens.document_reviews import document_card, unnamed_document

CARDS = "document:{document}:"
"""How the keys of the cards of one document begin."""


def _found(desk: Desk, about: Mapping[str, str]) -> tuple[Document, tuple[Person, ...], Team]:
    with desk.reading() as view:
        document = view.documents.one(about["document"])
        workflow = view.workflow_by_id(document.workflow_id)
        return document, able_to_judge(document, workflow, desk.deciders(view)), workflow.team


def card_of_document(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen:
    """The card as it stands, with as much of it as all may know who read where it is."""
    document, able, team = _found(desk, about)
    pen = Pen(ZoneInfo(team.zone))
    return document_card(pen, document, able, team) if is_among_us(desk, target) else unnamed_document(pen, document)


def card_asked_in_person(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen | None:
    """The same for one of those who may judge it, unless someone was quicker or they may not (any more)."""
    document, able, team = _found(desk, about)
    asked = next((person for person in able if person.handle == target), None)
    if (
        asked is None
        or document.state is not DocumentState.IN_REVIEW
        or str(document.latest.number) != about["version"]
    ):
        return None
    return document_card(Pen(ZoneInfo(asked.zone)), document, able, team)


def answer_of_document(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen | None:
    """What became of it, for whoever wrote it; nothing where it changed again since."""
    del target
    document, _, team = _found(desk, about)
    if document.state not in (DocumentState.ACCEPTED, DocumentState.REJECTED):
        return None
    text = Pen(ZoneInfo(team.zone)).md("documents.answer", d=document)
    place = f"{document.id}:{document.latest.number}"
    controls = [button("Show", "document.show", place)]
    if document.state is DocumentState.REJECTED:
        controls.insert(0, button("Edit…", "document.edit", document.id, style="primary"))
    return Screen(text, (section(text), actions(*controls)))


def card_of_deviation(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen:
    """The card of a deviation as it stands, with as much of it as all may know who read where it is."""
    with desk.reading() as view:
        found = view.deviations.one(about["deviation"])
        workflow = view.workflow_by_id(found.workflow_id)
        postmortem = postmortem_of(view, found)
    draw = deviation_card if is_among_us(desk, target) else unnamed_deviation
    return draw(Pen(ZoneInfo(workflow.team.zone)), found, postmortem)
