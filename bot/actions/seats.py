"""Seats: set by people, as the signals that programs send too, and looked at for all teams at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from bot.actions.desk import Turn
from bot.actions.findings.records import playbooks_of
from bot.actions.runners import demand_in_team, teams_open_to
from bot.actions.signals import keep
from bot.domain.metrics import signal_name
from bot.domain.rights import Right
from bot.domain.seats import MATURE, Equipment
from bot.domain.signals.by_hand import SOURCE
from bot.domain.signals.kinds import Body, Seat, Signal, SignalType
from bot.domain.teams import Team
from bot.domain.thresholds import DEFAULTS
from bot.domain.workflows import Workflow
from bot.intake import Known, Terms, read_cells
from store import View

_INSTANT = timedelta(microseconds=1)
_RULE, _SHARE = "enablement.gap", "min_trained"


@dataclass(frozen=True, slots=True)
class SeatsSet:
    """The word on a team's seats of one tier that stands now, and whether it is new."""

    signal: Signal[Body]
    is_new: bool


def set_seats(turn: Turn, team: Team, cells: Mapping[str, str]) -> SeatsSet:
    """What someone typed of a tier (`tier`, `people`, `trained`, `cost_usd_month`) kept, unless it stands already."""
    here = turn.change.team_by_id(team.id)
    demand_in_team(turn, Right.CHANGE_SEATS, here)
    stands = turn.change.seats(turn.at + _INSTANT).get(here.id, ())
    tier = _spelled(cells.get("tier", ""), stands)
    typed = {**cells, "tier": tier, "id": turn.change.new_id("seat"), "team": here.name, "at": turn.at.isoformat()}
    signal = read_cells(SignalType.SEAT, typed, _terms(turn, here))
    if same := next((each for each in stands if each.body == signal.body), None):
        return SeatsSet(same, is_new=False)
    keep(turn, (signal,))
    return SeatsSet(signal, is_new=True)


def demand_teams(turn: Turn) -> tuple[Team, ...]:
    """The teams whose seats the actor may change; a refusal that names who may, if there is none."""
    found = teams_open_to(turn.change, turn.actor, Right.CHANGE_SEATS)
    if not found:
        for team in turn.change.teams()[:1]:
            demand_in_team(turn, Right.CHANGE_SEATS, team)
    return found


def equipment(view: View, at: datetime) -> tuple[Equipment, ...]:
    """The seats of every team as they stand at `at`, by name; a tier that nobody has any more is left out."""
    known = view.seats(at + _INSTANT)
    at_work: dict[str, list[Workflow]] = defaultdict(list)
    for workflow in view.workflows():
        at_work[workflow.team.id].append(workflow)
    return tuple(_equipment(view, team, known.get(team.id, ()), at_work[team.id]) for team in view.teams())


def _equipment(view: View, team: Team, seats: tuple[Signal[Seat], ...], running: list[Workflow]) -> Equipment:
    default = DEFAULTS[_RULE][_SHARE]
    shares = [playbook.share(_RULE, _SHARE) for playbook in playbooks_of(view, running)]
    return Equipment(
        team=team,
        tiers=tuple(each.body for each in seats if each.body.people or each.body.cost_usd_month),
        least=max(shares, default=Decimal(default)),
        is_asked=any(workflow.phase in MATURE and not workflow.pause for workflow in running),
    )


def _spelled(tier: str, stands: Iterable[Signal[Seat]]) -> str:
    """The tier as it is written so far, whatever the capitals: a new spelling would be a tier of its own."""
    typed = signal_name(tier, "tier")
    return next((each.body.tier for each in stands if each.body.tier.casefold() == typed.casefold()), typed)


def _terms(turn: Turn, team: Team) -> Terms:
    """By which a person's word on the seats of one team is taken in."""
    known = Known(team.name)
    return Terms(
        now=turn.at,
        workflow=lambda _: "Seats are a team's, not a workflow's: leave the workflow out.",
        team=lambda _: known,
        source=SOURCE,
    )
