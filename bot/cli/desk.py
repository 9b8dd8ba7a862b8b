"""The desk as the command line sets it up: settings, database, clocks and whoever acts.

Importing this module costs about 0.4 s (database, settings), so commands import it when they run.
"""

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from typing import Concatenate, ParamSpec, TypeVar

import structlog

from bot.actions.desk import Asked, Clocks, Configured, Desk, Turn
from bot.actions.readers import HOLDER, reader_of
from bot.cli.call import BadUsage, Call
from bot.cli.directory import TakenAtTheirWord
from bot.cli.principals import as_known, principal
from bot.cli.speech import tell, worded
from bot.clock import FixedClock, SystemClock
from bot.domain.digests.audiences import LeadersPlace
from bot.domain.errors import Refused
from bot.domain.people import Actor, PrincipalKind
from bot.domain.teams import Team
from bot.domain.visibility import Reader
from bot.domain.workflows import Workflow
from bot.drafting import DRAFT_TIMEOUT_S, model_at
from bot.settings import Settings, SettingsError
from store import Database, Store, View
from store.errors import BadDatabaseUrl, StoreMissing
from store.revisions import demand_current, revision

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Session:
    """One command at work: the settings, the desk on its database, and who acts."""

    settings: Settings
    desk: Desk
    actor: Actor

    def do(self, about: str | None, act: Callable[Concatenate[Turn, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `act` returns, once it is recorded; `about` is the id that a refusal is recorded under."""
        return self.desk.do(Asked(self.actor, about=about), act, *args, **kwargs)

    @property
    def may_decide(self) -> bool:
        """Whether what takes an approver may be decided at the command line, where a name is only a claim."""
        return not self.settings.slack_bot_token or self.settings.cli_approvals

    def demand_may_decide(self, what: str) -> None:
        """Nothing, if `what` (in the plural) may be decided at the command line; else a refusal."""
        if not self.may_decide:
            raise Refused(
                f"{what} are decided in Slack, where people prove who they are: a bot token is configured. "
                "To decide at the command line all the same, set ROLLOUT_CLI_APPROVALS=on."
            )

    def workflow(self, text: str) -> Workflow:
        """The workflow of that name or id, running or closed."""
        with self.desk.reading() as view:
            return workflow_in(view, text)

    def team(self, text: str) -> Team:
        """The team of that name or id."""
        with self.desk.reading() as view:
            return team_in(view, text)


def workflow_in(view: View, text: str) -> Workflow:
    """The workflow that goes by that name or id, or a refusal that offers the nearest name."""
    if text.startswith("wf_") and not view.has_workflow(text):
        return view.workflow_by_id(text)
    return view.workflow(text)


def team_in(view: View, text: str) -> Team:
    """The team that goes by that name or id, or a refusal that offers the nearest name."""
    if text.startswith("team_") and not view.team_named(text):
        return view.team_by_id(text)
    return view.team(text)


def reader_in(session: Session, view: View, call: Call) -> Reader:
    """Whoever reads: the one whom `--as` names, or, without it, whoever holds the database and so all of it."""
    if call.who is None:
        return HOLDER
    return reader_of(view, view.absences(session.desk.clock.now()).standing_in(session.actor))


def environment_of(call: Call) -> dict[str, str]:
    """The environment that the settings are read from, `--db` in place of the database that it names."""
    given = dict(os.environ)
    if call.db is not None:
        given.pop("ROLLOUT_DATABASE_URL_FILE", None)
        given["ROLLOUT_DATABASE_URL"] = call.db
    return given


def settings_of(call: Call) -> Settings:
    """The settings of this call, or a refusal with every problem that they have."""
    try:
        return Settings.read(environment_of(call))
    except SettingsError as error:
        told = str(error) if call.db is None else str(error).replace("ROLLOUT_DATABASE_URL", "--db")
        raise BadUsage(told) from None


@contextmanager
def database_of(settings: Settings) -> Iterator[Database]:
    """The database that the settings name, not opened yet and closed at the end."""
    try:
        database = Database(settings.database_url.get_secret_value())
    except BadDatabaseUrl as error:
        raise BadUsage(str(error)) from None
    with closing(database):
        yield database


@contextmanager
def to_read(call: Call) -> Iterator[Session]:
    """A session on a database that must be there, with the tables of this version."""
    settings = settings_of(call)
    with database_of(settings) as database:
        demand_current(database)
        yield _session(call, settings, database)


@contextmanager
def to_change(call: Call) -> Iterator[Session]:
    """A session on a database that is made, with a remark, where there is none."""
    settings = settings_of(call)
    with database_of(settings) as database:
        _make_if_missing(database)
        yield _session(call, settings, database)


def _make_if_missing(database: Database) -> None:
    try:
        found = revision(database)
    except StoreMissing:
        found = None
    if found is not None:
        demand_current(database)
        return
    from store.migrating import upgrade

    upgrade(database)
    tell(worded("cli.database_made", place=database.place))


def _session(call: Call, settings: Settings, database: Database) -> Session:
    _log_beside_the_answer()
    store = Store(database)
    real = SystemClock()
    clocks = Clocks(effective=FixedClock(call.at) if call.at else real, real=real)
    leaders = LeadersPlace(settings.digest_channel, settings.timezone)
    configured = Configured(
        admins=settings.admins, approvers=settings.approvers, leaders=leaders, link_hosts=settings.link_hosts
    )
    desk = Desk(store, clocks, TakenAtTheirWord(store), configured)
    desk.model = model_at(*settings.model_place, DRAFT_TIMEOUT_S)
    claimed = principal(call.who)
    with store.reading() as view:
        known = view.person_by_handle(claimed.handle)
    return Session(settings, desk, _with_rights(as_known(claimed, known), settings))


def _log_beside_the_answer() -> None:
    """Log lines on standard error, since standard output holds an answer that programs read."""
    structlog.configure(
        processors=[structlog.processors.add_log_level, structlog.processors.JSONRenderer()],
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
    )


def _with_rights(actor: Actor, settings: Settings) -> Actor:
    """The actor with the rights of the user ids in the settings; groups are Slack's to unfold."""
    if actor.kind is not PrincipalKind.HUMAN:
        return actor

    def because(ids: tuple[str, ...], word: str) -> str | None:
        return f"named as {word} in the settings" if actor.handle in ids else None

    return replace(
        actor,
        admin_because=because(settings.admins, "admin"),
        approver_because=because(settings.approvers, "approver"),
    )
