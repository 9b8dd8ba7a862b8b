"""What a request rests on, for whoever decides it: a gate's verdict, what a playbook changes, or a grant."""

from datetime import datetime

from bot.actions.gates import verdict_behind
from bot.actions.grants.looking import dossier_of
from bot.actions.playbook_moves import difference_behind
from bot.domain.grants.dossier import Dossier
from bot.domain.playbook_moves import PlaybookDifference
from bot.domain.requests import Request, RequestKind
from bot.domain.verdicts import Verdict
from store import View


def basis_of(view: View, request: Request, at: datetime) -> Verdict | PlaybookDifference | Dossier | None:
    """What whoever decides should see beside the words; None for a request that rests on its reason."""
    if request.kind is RequestKind.PLAYBOOK_MOVE:
        return difference_behind(view, request, at)
    return verdict_behind(view, request) or dossier_of(view, request, view.workflow_by_id(request.workflow_id), at)
