"""Ways to a memo that is half written already: a message, a gate, a finding, and a memo that is no longer right."""

from bot.actions.readers import memo_for
from bot.domain.errors import Refused
from bot.domain.memos import Category, Memo, Move, demand_supersedable
from bot.domain.rights import Right
from bot.domain.wording import cut
from bot.domain.workflows import Workflow, demand_open
from bot.slack.answers import Answer
from bot.slack.findings import sought_in
from bot.slack.memos import opened
from bot.slack.quoting import author_of, said_at, words_of
from bot.slack.registry import click, shortcut
from bot.slack.screens.memos import TEXT_LIMIT
from bot.slack.visit import Click, Visit

_TITLE_LIMIT = 150


@shortcut("memo.message", "File as decision memo")
def open_from_message(visit: Visit) -> Answer:
    """The memo modal filled from a message: its first line, its words, who wrote it, where and when."""
    message = visit.message or {}
    words = words_of(visit, str(message.get("text") or ""))
    channel = visit.desk.directory.channel(visit.channel or "")
    origin = visit.pen.plain(
        "memos.from_message",
        author=author_of(visit, message),
        channel=channel.name if channel else None,
        at=said_at(message),
        link=visit.desk.directory.link(visit.channel or "", str(message.get("ts", ""))),
        is_cut=len(words) > TEXT_LIMIT,
    )
    title = cut(next((line for line in words.splitlines() if line.strip()), ""), _TITLE_LIMIT)
    decision = words if len(words) <= TEXT_LIMIT else f"{words[: TEXT_LIMIT - 1]}…"
    return opened(visit, {"title": title, "decision": decision, "context": origin})


@click("gate.memo")
def open_from_gate(visit: Visit, clicked: Click) -> Answer:
    """The memo modal already filled with the move out of the workflow's phase."""
    with visit.look() as view:
        workflow = view.workflow_by_id(clicked.value)
    _demand_fileable(visit, workflow)
    move = Move(f"{workflow.phase}→{workflow.phase.following}")
    title = visit.pen.plain("memos.move_title", w=workflow, move=move)
    given = {"title": title, "category": Category.PHASE_MOVE.value, "move": move.value}
    return opened(visit, given, workflow, origin="gate", place=workflow.id)


@click("finding.memo")
def open_from_finding(visit: Visit, clicked: Click) -> Answer:
    """The memo modal filled with what a finding misses: the change that none names, or the prediction that failed."""
    sought = sought_in(visit, clicked.value)
    if sought.now is None or sought.workflow is None:
        raise Refused("This is not found any more, so no memo is missing. /rollout memo files one all the same.")
    _demand_fileable(visit, sought.workflow)
    facts = dict(sought.now.finding.facts)
    if sought.rule == "memo.missing":
        title = visit.pen.plain("memos.change_title", key=facts["change"])
        given = {"title": title, "changes": str(facts["change"]), "reversible": "no"}
    else:
        given = _in_place_of(visit, str(facts["memo"])) | {"context": _plainly(sought.now.finding.summary)}
    return opened(visit, given, sought.workflow, origin="finding")


@click("memo.supersede")
def open_from_memo(visit: Visit, clicked: Click) -> Answer:
    """The memo modal for what takes another's place."""
    given = _in_place_of(visit, clicked.value)
    with visit.look() as view:
        found = view.memos.one(clicked.value)
        workflow = view.workflow_by_id(found.workflow_id) if found.workflow_id else None
    if workflow and workflow.outcome:
        workflow = None
    if visit.message:
        return opened(visit, given, workflow)
    return opened(visit, given, workflow, origin="memo")


def _in_place_of(visit: Visit, memo_id: str) -> dict[str, str]:
    """What is given where another memo's place is taken, for the same eyes; a refusal if that was done already."""
    with visit.look() as view:
        before: Memo = memo_for(view, visit.reader(view), memo_id)
    demand_supersedable(before, visit.at)
    return {
        "title": before.title,
        "category": before.content.category.value,
        "supersedes": before.id,
        "visibility": before.content.visibility.value,
    }


def _plainly(summary: str) -> str:
    return f"{summary[:1].upper()}{summary[1:]}."


def _demand_fileable(visit: Visit, workflow: Workflow) -> None:
    """Nothing, if the visitor may file a memo about it and it is under way; else a refusal before they type."""
    visit.desk.demand(visit.actor, Right.FILE, workflow.team, workflow)
    demand_open(workflow)
