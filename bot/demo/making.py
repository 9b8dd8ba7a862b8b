"""The sample program made: every act of its history, carried out as people carry it out, in one transaction."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from bot.actions import teams
from bot.actions.authority import Deciders
from bot.actions.desk import Clocks, Configured, Desk, Turn
from bot.actions.teams import TeamEntry
from bot.clock import FixedClock, SystemClock
from bot.demo.cast import ADMIN, APPROVERS, CastDirectory
from bot.demo.chronicle import begin, days_of, history_of, people_of
from bot.demo.days import Days
from bot.demo.equipping import POLICIES, SEATS
from bot.demo.program import TEAMS, WORKFLOWS, SampleTeam, SampleWorkflow
from bot.demo.troubles import Moment
from bot.domain.people import Actor, PrincipalKind, Through
from bot.sandbox.cast import Cast
from store import Change, Circumstances, Database, Posting, Store, View, outbox

CLAIM = "the sample program of rollout demo"
"""How the first record of a database says that the demo made it: nobody else can be recorded with this claim."""

_DAYS_BEFORE = timedelta(days=100)
_CLAIM_S = 600.0


@dataclass(frozen=True, slots=True)
class Made:
    """What each act of the history needs: the open transaction, the desk, who decides, when it is really written.

    `ids` are those of the workflows that have begun, by name.
    """

    connection: Connection
    desk: Desk
    deciders: Deciders
    real_at: datetime
    playbook_texts: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def turn(self, actor: Actor, at: datetime) -> Turn:
        """A turn of `actor` at `at`, inside the one transaction; whoever asks for it finishes its change."""
        change = Change(self.connection, Circumstances(actor, at, self.real_at), self.playbook_texts)
        return Turn(change, actor, at, self.deciders)


def make_program(database: Database, cast: Cast, at: datetime) -> None:
    """The whole sample, as it stands at `at`; what its past had to tell is settled, what waits will be told."""
    clock = FixedClock(at)
    desk = Desk(
        Store(database),
        Clocks(clock, SystemClock()),
        CastDirectory(cast),
        Configured(admins=(ADMIN,), approvers=(APPROVERS,)),
    )

    def whole(connection: Connection) -> None:
        made = Made(connection, desk, desk.deciders(), desk.real.now())
        for team in TEAMS:
            _make_team(made, team, at - _DAYS_BEFORE)
        _equip(made, at - _DAYS_BEFORE)
        jobs = [job for sample in WORKFLOWS for job in _jobs(made, sample, at)]
        for _, job in sorted(jobs, key=lambda each: each[0]):
            job()
        _settle_past(made, at)

    database.retrying(whole)


def _jobs(made: Made, sample: SampleWorkflow, at: datetime) -> Iterator[tuple[datetime, Callable[[], None]]]:
    days = days_of(sample, at)
    yield days.begun_at, partial(_begin, made, sample, days)
    for moment in history_of(sample, days):
        yield moment.at, partial(_carry_out, made, sample.name, moment)


def _begin(made: Made, sample: SampleWorkflow, days: Days) -> None:
    turn = made.turn(made.desk.actor(people_of(sample)["owner"]), days.begun_at)
    made.ids[sample.name] = begin(turn, sample, days, made.desk)
    turn.change.finish()


def _make_team(made: Made, team: SampleTeam, at: datetime) -> None:
    desk = made.desk
    turn = made.turn(replace(desk.actor(team.lead), claimed=CLAIM), at)
    entry = TeamEntry(
        name=team.name,
        channel=team.channel,
        lead=desk.person(team.lead),
        approvers=(desk.person(team.approver),),
        zone=team.zone,
        hours=team.hours,
    )
    teams.make(turn, entry)
    turn.change.finish()


def _equip(made: Made, at: datetime) -> None:
    leads = {team.name: team.lead for team in TEAMS}
    for each in SEATS:
        turn = made.turn(made.desk.actor(leads[each.team]), at)
        each.record(turn)
        turn.change.finish()
    for policy in POLICIES:
        turn = made.turn(made.desk.actor(policy.owner), at)
        policy.write(turn, made.desk)
        turn.change.finish()


def _carry_out(made: Made, workflow: str, moment: Moment) -> None:
    turn = made.turn(_actor(made.desk, moment.who), moment.at)
    moment.act(turn, made.ids[workflow], made.desk)
    turn.change.finish()


def _actor(desk: Desk, who: str) -> Actor:
    if who.startswith("service:"):
        return Actor(PrincipalKind.SERVICE, who, who.removeprefix("service:"), Through.API)
    return desk.actor(who)


def _settle_past(made: Made, at: datetime) -> None:
    """What the history put aside to be told: only cards of requests that still wait stay for the courier."""
    box = made.connection
    waiting = {request.id for request in View(box, made.playbook_texts).requests()}
    kept: list[Posting] = []
    while posting := outbox.claim(box, "demo", at, _CLAIM_S):
        about = posting.body if isinstance(posting.body, Mapping) else {}
        if posting.kind == "request_card" and about.get("request") in waiting:
            kept.append(posting)
        else:
            outbox.skip(box, posting, "It is about the past of the sample program, so nobody is told.")
    for posting in kept:
        outbox.back_off(box, posting, at, "left to be told once the bot runs")
