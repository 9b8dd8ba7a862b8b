"""`rollout requests`, `approve`, `decline`, `withdraw`: what waits for a decision, and the decision."""

from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.call import Call, command
from bot.cli.speech import say, show, worded
from bot.cli.words import Format, Reason, RequestId

if TYPE_CHECKING:
    from bot.cli.desk import Session

app = typer.Typer(rich_markup_mode=None)


@command(app, "requests")
def show_waiting(
    call: Call,
    workflow: Annotated[
        str | None, typer.Argument(metavar="WORKFLOW", help="Only what is asked about this one.")
    ] = None,
    form: Format = "json",
) -> None:
    """List the requests that wait for a decision, the oldest first."""
    from bot.cli.desk import to_read, workflow_in
    from bot.domain.requests import asked_by_now
    from store.types import instant_text

    with to_read(call) as session:
        at = session.desk.clock.now()
        deciders = session.desk.deciders()
        with session.desk.reading() as view:
            about = workflow_in(view, workflow).id if workflow is not None else None
            waiting = tuple(request for request in view.requests(about) if at < request.lapses_at)
            teams = {each.id: view.workflow_by_id(each.workflow_id).team for each in waiting}
        asked = {
            each.id: asked_by_now(each.escalated, deciders.of(teams[each.id], but=each.asked_by.handle))
            for each in waiting
        }
        zone = session.settings.timezone
    if form == "text":
        hours = {each.id: int((at - each.asked_at).total_seconds() // 3600) for each in waiting}
        say(worded("cli.requests", zone, requests=waiting, asked=asked, hours=hours))
        return
    show(
        {
            "requests": [
                {
                    "id": request.id,
                    "kind": request.kind.value,
                    "workflow": request.workflow,
                    "item": request.item,
                    "terms": dict(request.terms),
                    "reason": request.reason,
                    "asked_by": request.asked_by.handle,
                    "asked_at": instant_text(request.asked_at),
                    "lapses_at": instant_text(request.lapses_at),
                    "asked": [person.handle for person in asked[request.id]],
                }
                for request in waiting
            ]
        }
    )


@command(app, "approve")
def approve(call: Call, request: RequestId) -> None:
    """Approve a request that someone else made; what it asks for is carried out."""
    from bot.actions.requests import approve as agree
    from bot.cli.desk import to_change
    from bot.cli.precedents import told_no_data

    with to_change(call) as session:
        session.demand_may_decide("Requests")
        session.do(request.strip(), agree, request, saw_no_data=told_no_data(session, request))
        _show(session, request)


@command(app, "decline")
def decline(call: Call, request: RequestId, *, reason: Reason) -> None:
    """Decline a request that someone else made, and say why."""
    from bot.actions.requests import decline as refuse
    from bot.cli.desk import to_change

    with to_change(call) as session:
        session.demand_may_decide("Requests")
        session.do(request.strip(), refuse, request, reason)
        _show(session, request)


@command(app, "withdraw")
def withdraw(call: Call, request: RequestId) -> None:
    """Take back a request that you made."""
    from bot.actions.requests import withdraw as take_back
    from bot.cli.desk import to_change

    with to_change(call) as session:
        session.do(request.strip(), take_back, request)
        _show(session, request)


def _show(session: "Session", request_id: str) -> None:
    with session.desk.reading() as view:
        request = view.request(request_id)
    show({"id": request.id, "kind": request.kind.value, "outcome": request.state.value})
