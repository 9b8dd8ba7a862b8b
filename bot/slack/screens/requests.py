"""The approval card, before and after the decision; and the list of what waits."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.checklists import Checklist
from bot.domain.errors import NotFound
from bot.domain.grants.dossier import Dossier
from bot.domain.items import ItemKey
from bot.domain.overrides import overrides_in
from bot.domain.people import Person
from bot.domain.playbook_moves import PlaybookDifference
from bot.domain.requests import Request, RequestKind, RequestState, asked_by_now
from bot.domain.verdicts import Verdict
from bot.slack.blocks import Block, Screen, actions, button, confirmed, context, field, modal, section, typed
from bot.slack.pen import Pen
from bot.slack.screens.gates import evidence_words, gate_words
from bot.slack.screens.grant_card import grant_blocks
from bot.slack.screens.playbooks import difference_blocks

Basis = Verdict | PlaybookDifference | Dossier | None
"""What a request rests on beside its words."""

_ASKED_IN_TERMS = (RequestKind.METRIC, RequestKind.VOID, RequestKind.GRANT, RequestKind.PLAYBOOK_MOVE)


_LIST_LIMIT = 20


def what_is_asked(pen: Pen, request: Request, checklist: Checklist) -> str:
    """What a request would change, as the rest of "asks to …"."""
    if request.kind.moves_phase:
        until = dict(request.terms).get("until")
        return pen.md("requests.asked", r=request, title="", until=date.fromisoformat(until) if until else None)
    if request.kind in _ASKED_IN_TERMS:
        return pen.md("requests.asked", r=request, title="", until=None)
    if request.kind is RequestKind.START_DATE:
        return pen.md("requests.asked", r=request, title="", until=date.fromisoformat(request.term("start_on")))
    key = ItemKey.parse(request.item or "")
    try:
        title = checklist.row(key).item.title
    except NotFound:
        title = str(key)
    return pen.md("requests.asked", r=request, title=title, until=date.fromisoformat(request.term("until")))


def request_card(
    pen: Pen, request: Request, checklist: Checklist, able: tuple[Person, ...], basis: Basis = None
) -> Screen:
    """The card: who asks for what and why; buttons while it waits, afterwards who decided, when, and by what right."""
    asked = what_is_asked(pen, request, checklist)
    title = pen.md("requests.title", r=request, asked=asked, mine=False)
    blocks: list[Block] = [section(title)]
    if isinstance(basis, Dossier):
        blocks += grant_blocks(pen, request.workflow, basis)
    elif isinstance(basis, Verdict):
        blocks += _gate(pen, checklist, basis)
    elif isinstance(basis, PlaybookDifference):
        blocks += difference_blocks(pen, basis, request.term("memo"))
    elif request.kind is RequestKind.TAKE_OVER:
        blocks.append(section(pen.md("requests.passed_over", r=request, overrides=overrides_in(request))))
    else:
        blocks.append(section(pen.md("requests.reason", r=request)))
    if request.state is not RequestState.WAITING:
        blocks.append(context(pen.md(f"requests.{request.state}", r=request)))
        return Screen(title, tuple(blocks))
    workflow = checklist.workflow
    blocks.append(context(pen.md("requests.effect", r=request, before=workflow.start_on)))
    if able:
        names = pen.md("people.either", people=able[:3])
        blocks.append(context(pen.md("requests.waiting", r=request, able=names, few=len(able) < 2)))
    else:
        blocks.append(context(pen.md("requests.alone", r=request, team=workflow.team)))
    blocks.append(
        actions(
            button("Approve", "request.approve", request.id, style="primary"),
            button("Decline…", "request.decline", request.id),
            _withdrawing("request.withdraw", request),
        )
    )
    return Screen(title, tuple(blocks))


def _gate(pen: Pen, checklist: Checklist, verdict: Verdict) -> list[Block]:
    """What the gate answered when it was asked, what that rests on, and what whoever decides should know beside it."""
    told = f"{pen.md('requests.verdict', v=verdict)}\n{gate_words(pen, checklist, verdict)}"
    beside = (evidence_words(pen, verdict), pen.md("gates.notes", v=verdict))
    return [section(told), *(context(words) for words in beside if words.strip())]


def decline_modal(pen: Pen, request: Request, memory: str) -> Block:
    """The question why not."""
    question = field("reason", pen.plain("requests.decline_label"), typed(multiline=True))
    return modal("request.decline", f"Decline {request.kind}"[:24], [question], submit="Decline", metadata=memory)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A request that waits, and who is here to decide it, in the order they are asked."""

    request: Request
    checklist: Checklist
    able: tuple[Person, ...]


def requests_screen(pen: Pen, found: tuple[Waiting, ...], reader: str, at: datetime) -> Screen:
    """What waits for a decision, the oldest first; `reader` (a handle) may take back what they asked for."""
    title = pen.md("requests.list_title", count=len(found))
    blocks: list[Block] = [section(title)]
    for each in found[:_LIST_LIMIT]:
        blocks += _listed(pen, each, reader, at)
    if len(found) > _LIST_LIMIT:
        blocks.append(context(pen.md("requests.list_more", count=len(found) - _LIST_LIMIT)))
    return Screen(title, tuple(blocks))


def _listed(pen: Pen, waiting: Waiting, reader: str, at: datetime) -> list[Block]:
    request = waiting.request
    asked = what_is_asked(pen, request, waiting.checklist)
    mine = request.asked_by.handle == reader
    people = asked_by_now(request.escalated, waiting.able)
    hours = int((at - request.asked_at).total_seconds() // 3600)
    line = pen.md("requests.list_line", r=request, hours=hours, asked=[person.name for person in people])
    text = f"{pen.md('requests.title', r=request, asked=asked, mine=mine)}\n{line}"
    blocks = [section(text, button("Look", "request.open", request.id))]
    if mine:
        blocks.append(actions(_withdrawing("requests.withdraw", request)))
    return blocks


def _withdrawing(action: str, request: Request) -> Block:
    return confirmed(
        button("Withdraw", action, request.id),
        "Withdraw this request?",
        "Only whoever asked can take it back. It can be asked again.",
        "Withdraw",
    )
