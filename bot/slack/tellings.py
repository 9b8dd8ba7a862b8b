"""What each kind of posting says: drawn from how things stand at the moment of telling."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.actions import reports
from bot.actions.bases import basis_of
from bot.actions.checklists import checklist_of
from bot.actions.decisions import SPIKE
from bot.actions.desk import Desk
from bot.actions.digests import holding, part_holding
from bot.actions.told import REPORT_AT_END
from bot.charts import Chart
from bot.domain.checklists import Checklist
from bot.domain.errors import NotFound
from bot.domain.grants.decisions import Outcome
from bot.domain.grants.log import LogQuery
from bot.domain.requests import Request
from bot.domain.workflows import Role
from bot.slack.blocks import Screen, section
from bot.slack.digest_holds import draw_held, draw_held_part, draw_missed
from bot.slack.fridays import friday_message
from bot.slack.memo_tellings import card_of_memo
from bot.slack.paper_tellings import (
    CARDS,
    answer_of_document,
    card_asked_in_person,
    card_of_deviation,
    card_of_document,
)
from bot.slack.pen import Pen
from bot.slack.question_tellings import (
    DAY_KEY,
    card_in_place,
    card_of_question,
    day_in_place,
    day_of_questions,
    nudge_of_questions,
)
from bot.slack.reports import chart_of, report_at_end, report_on_day
from bot.slack.saves import thanks
from bot.slack.screens.away import stand_in_screen
from bot.slack.screens.requests import request_card, what_is_asked
from bot.slack.screens.workflows import announcement
from bot.slack.standstills import STANDSTILLS

Draw = Callable[[Desk, Mapping[str, str], str | None], Screen | None]


@dataclass(frozen=True, slots=True)
class Telling:
    """How a kind of posting is drawn for whom or where it stands, None where there is nothing left to say by then.

    With `updates` it brings earlier postings up to date instead, those whose key begins so; with `under` it stands in
    the thread of the posting with that key. `chart` is what it shows beside its words; `draw` finds the uploaded
    picture under `PICTURE`, unless there is none.
    """

    draw: Draw
    updates: str | None = None
    under: str | None = None
    chart: Callable[[Desk, Mapping[str, str]], Chart | None] | None = None


def _request(desk: Desk, about: Mapping[str, str]) -> tuple[Request, Checklist]:
    with desk.reading() as view:
        request = view.request(about["request"])
        return request, checklist_of(view, view.workflow_by_id(request.workflow_id), desk.clock.now())


def _card(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen:
    del target
    request, checklist = _request(desk, about)
    team = checklist.workflow.team
    able = desk.deciders().of(team, but=request.asked_by.handle)
    with desk.reading() as view:
        basis = basis_of(view, request, desk.clock.now())
    pen = Pen(ZoneInfo(team.zone), desk.configured.link_hosts)
    return request_card(pen, request, checklist, able, basis)


def _answer(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen:
    del target
    request, checklist = _request(desk, about)
    pen = Pen(ZoneInfo(request.asked_by.zone))
    text = pen.md("requests.answer", r=request, asked=what_is_asked(pen, request, checklist))
    return Screen(text, (section(text),))


def _refusals(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen:
    del target
    with desk.reading() as view:
        workflow = view.workflow_by_id(about["workflow"])
        denied = LogQuery(workflow.id, about["action"], outcome=Outcome.DENY, most=1)
        reasons = [reason for entry in view.decisions.log(denied) for reason in entry.decision.reasons or ()]
    people = list(dict.fromkeys((*workflow.holders_of(Role.STEWARD), *workflow.holders_of(Role.OWNER))))
    pen = Pen(ZoneInfo(workflow.team.zone))
    said = {"w": workflow, "people": people, "action": about["action"], "count": SPIKE, "reasons": reasons}
    text = pen.md("grants.told_refusals_spike", **said)
    return Screen(text, (section(text),))


def _stand_in(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen:
    del target
    with desk.reading() as view:
        person = view.person_by_id(about["person"])
        absence = view.absences(desk.clock.now()).of(person)
        if absence is None or absence.deputy is None:
            raise NotFound(f"{person.name} is back already, so nobody stands in any more.")
        held = view.workflows_of(person.handle or "")
    return stand_in_screen(Pen(ZoneInfo(absence.deputy.zone)), absence, held)


def _announce(kind: str) -> Draw:
    def draw(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen:
        del target
        with desk.reading() as view:
            workflow = view.workflow_by_id(about["workflow"])
            begun = view.history(workflow.id)[:1]
        by = begun[0].who if begun else None
        return announcement(Pen(ZoneInfo(workflow.team.zone)), kind, workflow, workflow.day(desk.clock.now()), by)

    return draw


_ANNOUNCED = (
    "workflow_started",
    "workflow_paused",
    "workflow_resumed",
    "workflow_closed",
    "phase_changed",
    "playbook_moved",
)

TELLINGS: Mapping[str, Telling] = {
    "request_card": Telling(_card),
    "request_cards": Telling(_card, updates="request:{request}:"),
    "request_answer": Telling(_answer),
    "refusals_spike": Telling(_refusals),
    "stand_in": Telling(_stand_in),
    "friday": Telling(friday_message),
    reports.ON_DAY: Telling(report_on_day, chart=chart_of),
    REPORT_AT_END: Telling(report_at_end, chart=chart_of),
    "quality_save": Telling(thanks),
    "questions_of_day": Telling(day_of_questions),
    "question_card": Telling(card_of_question, under=DAY_KEY),
    "question_nudge": Telling(nudge_of_questions, under=DAY_KEY),
    "question_cards": Telling(card_in_place, updates="question:{question}:"),
    "question_counts": Telling(day_in_place, updates="questions:{workflow}:{day}:"),
    "document_card": Telling(card_of_document),
    "document_asked": Telling(card_asked_in_person),
    "document_cards": Telling(card_of_document, updates=CARDS),
    "document_answer": Telling(answer_of_document),
    "deviation_card": Telling(card_of_deviation),
    "deviation_cards": Telling(card_of_deviation, updates="deviation:{deviation}:"),
    "memo_card": Telling(card_of_memo),
    "memo_cards": Telling(card_of_memo, updates="memo:{memo}:{room}"),
    holding.HELD: Telling(draw_held),
    holding.HOLDS: Telling(draw_held, updates="digest_held:{digest}:"),
    holding.MISSED: Telling(draw_missed),
    part_holding.HELD: Telling(draw_held_part),
    part_holding.HOLDS: Telling(draw_held_part, updates="digest_part_held:{digest}:{part}:"),
    **{kind: Telling(_announce(kind)) for kind in _ANNOUNCED},
    **{kind: Telling(draw) for kind, draw in STANDSTILLS.items()},
}
