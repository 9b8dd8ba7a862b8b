"""What a request rests on, for whoever decides it: the gate's verdict, or the grant with what bars it."""

from datetime import datetime

from bot.actions.gates import verdict_behind
from bot.actions.grants.looking import dossier_of
from bot.domain.grants.dossier import Dossier
from bot.domain.requests import Request
from bot.domain.verdicts import Verdict
from store import View


def basis_of(view: View, request: Request, at: datetime) -> Verdict | Dossier | None:
    """The verdict that was kept, or the grant as it stands at `at`; None for a request that rests on its reason."""
    return verdict_behind(view, request) or dossier_of(view, request, view.workflow_by_id(request.workflow_id), at)
