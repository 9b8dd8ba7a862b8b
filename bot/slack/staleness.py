"""Forms that were filled from something which changed before they came back."""

from bot.domain.errors import Conflict
from bot.domain.workflows import Workflow
from bot.slack.visit import Form, Visit


def mark_of(workflow: Workflow) -> str:
    """What a form remembers of the workflow it was filled from: it differs once an entry or a role has changed."""
    held = "-".join(sorted(f"{holder.role[0]}{holder.person.id[-6:]}" for holder in workflow.holders))
    return f"{workflow.version}-{held}"


def demand_unchanged(visit: Visit, filled: Form, subject: str, mark: str) -> None:
    """Nothing, if `subject` (an id) still bears the mark that the form remembers; else who changed it, and when."""
    if filled.memory.get("seen") == mark:
        return
    with visit.look() as view:
        entries = view.history(subject)
    last = entries[-1] if entries else None
    who = last.who.name if last and last.who else "someone"
    when = f" on {last.at:%-d %b at %H:%M} UTC" if last else ""
    raise Conflict(
        f"This changed while you were at it: {who} corrected it{when}. Nothing of yours was saved: "
        "copy what you typed, close this window and open it again."
    )
