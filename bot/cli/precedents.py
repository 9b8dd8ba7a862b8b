"""What an agent's logged actions say of a grant that is asked for, as the command line has it."""

from decimal import Decimal
from typing import TYPE_CHECKING

from bot.cli.speech import tell, worded

if TYPE_CHECKING:
    from bot.cli.desk import Session
    from bot.domain.grants.backtest import Tally
    from bot.domain.grants.precedents import Precedents


def told_no_data(session: "Session", request_id: str) -> bool:
    """Whether whoever is about to approve was told on standard error that there is no history to judge a grant by."""
    from bot.actions.grants.looking import dossier_of
    from bot.domain.grants.backtest import SPAN

    with session.desk.reading() as view:
        request = view.request(request_id)
        workflow = view.workflow_by_id(request.workflow_id)
        dossier = dossier_of(view, request, workflow, session.desk.clock.now())
    found = dossier.precedents if dossier else None
    if found is None or not found.no_data:
        return False
    tell(worded("cli.no_data", p=found, workflow=workflow.name, days=SPAN.days))
    return True


def entry_of(found: "Precedents") -> dict[str, object]:
    """Back-test and calibrations as programs read them; amounts are of the fact `money`, None without one."""
    from bot.domain.grants.backtest import SPAN

    backtest = found.backtest
    return {
        "backtest": {
            "days": SPAN.days,
            "actions": backtest.actions,
            "allowed": _tally(backtest.allowed),
            "beyond_day": _tally(backtest.beyond_day),
            "reversed": _tally(backtest.reversed),
            "money": backtest.money,
        },
        "calibrations": [
            {
                "fact": each.threshold.fact,
                "threshold": float(each.threshold.value),
                "right": each.right,
                "actions": each.actions,
                "lower_bound": _share(each.lower_bound),
                "floor": float(each.floor),
                "refused": each.refusal,
            }
            for each in found.calibrations
        ],
        "no_data": [each.value for each in found.no_data],
    }


def _tally(tally: "Tally") -> dict[str, object]:
    amount = tally.amount
    return {"count": tally.count, "amount": int(amount) if amount == amount.to_integral_value() else float(amount)}


def _share(share: Decimal | None) -> float | None:
    return None if share is None else float(round(share, 6))
