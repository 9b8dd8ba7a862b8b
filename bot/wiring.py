"""The one place that builds everything from the settings."""

import logging
import signal
import threading
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot import garbage
from bot.actions.desk import Clocks, Configured, Desk
from bot.actions.readings import Readings
from bot.clock import SystemClock
from bot.connections import Connections, connections, known_sources
from bot.domain.calendar import end_of_day
from bot.domain.digests.audiences import LeadersPlace
from bot.domain.errors import RolloutError
from bot.drafting import DRAFT_TIMEOUT_S, model_at
from bot.ports import Clock
from bot.schedule import Schedule
from bot.settings import Settings
from bot.slack.app import identity_of, slack_app
from bot.slack.courier import Courier
from bot.slack.digest_drafts import DigestDrafts
from bot.slack.digest_pictures import DigestPictures
from bot.slack.directory import SlackDirectory
from bot.slack.easel import Easel
from bot.slack.messenger import Messenger, slack_client
from bot.slack.pace import Pace
from bot.slack.pictures import Pictures
from bot.slack.reception import Reception
from bot.sources.http import Surroundings
from bot.sources.seam import Source
from bot.web.api import api_on
from bot.web.guard import SigningSecrets
from bot.web.hooks import GithubHook
from bot.web.server import Serving, SlackOverHttp, WebParts, serve, web_app
from bot.web.signatures import Signatures
from store import Database, Store, outbox, replay
from store.migrating import upgrade
from store.revisions import demand_current

LISTENERS = 64
# Slack wants its answer within three seconds: by then it is said that the database is locked.
DATABASE_WAIT_S = 2.4
_LOOK_AFTER_SIGNALS_S = 0.5
_QUIET = ("slack_bolt", "slack_sdk", "sqlalchemy.engine", "apscheduler", "uvicorn", "openai", "httpx2", "httpcore2")


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything that a running bot is made of."""

    settings: Settings
    desk: Desk
    messenger: Messenger
    app: App
    courier: Courier
    schedule: Schedule
    readings: Readings
    easel: Easel
    pictures: Pictures
    pace: Pace
    executors: tuple[ThreadPoolExecutor, ...]
    ends: threading.Event


def build(settings: Settings, clock: Clock | None = None) -> Parts:
    """A bot, ready to start; its database is brought up to date, and Slack is asked who it is."""
    settings.demand_slack()
    real, ends = SystemClock(), threading.Event()
    known = connections(settings, Surroundings(real.now, ends.wait))
    database = Database(settings.database_url.get_secret_value(), wait_s=DATABASE_WAIT_S)
    upgrade(database)
    token = settings.slack_bot_token.get_secret_value() if settings.slack_bot_token else ""
    client = slack_client(token, settings.slack_api_url)
    messenger = Messenger(client)
    desk = Desk(
        Store(database),
        Clocks(clock or real, real),
        SlackDirectory(client),
        Configured(
            settings.admins,
            settings.approvers,
            LeadersPlace(settings.digest_channel, settings.timezone),
            settings.digest_shared_channels,
            settings.link_hosts,
        ),
    )
    listeners = ThreadPoolExecutor(LISTENERS, thread_name_prefix="listener")
    # A model that drafts holds one of them for up to a minute.
    later = ThreadPoolExecutor(16, thread_name_prefix="later")
    readers = ThreadPoolExecutor(len(known_sources()) + len(known.described), thread_name_prefix="reader")
    easel, pace = Easel(), Pace(time.monotonic)
    pictures = Pictures(easel.draw, messenger.upload)
    reception = Reception(desk, messenger, pictures, later, pace)
    app = slack_app(client, identity_of(client), reception, listeners, in_place=settings.mode == "http")
    courier = Courier(desk, messenger, pictures=pictures)
    desk.after = courier.wake
    desk.draft = DigestDrafts(
        desk, model_at(*settings.model_place), illustrate=DigestPictures(pictures, later).made
    ).draft
    desk.model = model_at(*settings.model_place, DRAFT_TIMEOUT_S)
    desk.connections = known
    readings = Readings(desk, partial(_sources, desk, known), readers)
    desk.read_sources, desk.read_announced = readings.begin, readings.catch_up
    schedule = Schedule(desk, courier.wake)
    workers = (listeners, later, readers)
    return Parts(settings, desk, messenger, app, courier, schedule, readings, easel, pictures, pace, workers, ends)


def _sources(desk: Desk, known: Connections) -> tuple[Source, ...]:
    with desk.reading() as view:
        return known.sources(view.sources.by_hand())


def signing_secrets(settings: Settings) -> SigningSecrets:
    """The secrets with which Slack signs: the current one, and until the end of its day (UTC) the one before."""
    assert settings.slack_signing_secret is not None
    previous, until = settings.slack_signing_secret_previous, settings.slack_signing_secret_previous_until
    return SigningSecrets(
        settings.slack_signing_secret.get_secret_value(),
        previous.get_secret_value() if previous else "",
        end_of_day(until, "UTC") if until else None,
    )


class Bot:
    """A bot that runs until it is stopped: Slack's requests, the outbox, the clock, and the web's probes."""

    def __init__(self, parts: Parts) -> None:
        self.parts = parts
        self._held = ExitStack()
        self._signatures = Signatures(self._remember)
        self._socket: SocketModeHandler | None = None
        self.web: Serving | None = None

    def start(self) -> None:
        """Everything at work; returns when Slack's requests are taken."""
        parts = self.parts
        self._held.enter_context(parts.desk.store.database.claim_as_bot())
        self.web = serve(web_app(self._web_parts()), parts.settings.host, parts.settings.port)
        parts.courier.start()
        self._signatures.start()
        parts.schedule.start()
        if parts.settings.mode == "socket":
            self._connect()
        garbage.pass_over_what_is_there()

    def _connect(self) -> None:
        token = self.parts.settings.slack_app_token
        assert token is not None
        self._socket = SocketModeHandler(self.parts.app, token.get_secret_value(), concurrency=LISTENERS)
        self._socket.connect()  # type: ignore[no-untyped-call]

    def stop(self) -> None:
        """Take nothing new, finish what was begun, let go of the database."""
        if self._socket:
            self._socket.close()  # type: ignore[no-untyped-call]
        if self.web:
            self.web.stop()
        self._signatures.stop()
        self.parts.ends.set()
        self.parts.schedule.stop()
        self.parts.courier.stop()
        for executor in self.parts.executors:
            executor.shutdown(wait=True, cancel_futures=True)
        self.parts.easel.close()
        self._held.close()
        self.parts.desk.store.database.close()

    def _web_parts(self) -> WebParts:
        parts = self.parts
        return WebParts(
            now=parts.desk.real.now,
            last_tick=lambda: parts.schedule.last_tick,
            obstacles=self._obstacles,
            alarms=self._alarms,
            outbox_depth=self._outbox_depth,
            slack=self._over_http() if parts.settings.mode == "http" else None,
            api=api_on(parts.desk),
            github=self._github(),
        )

    def _github(self) -> GithubHook | None:
        secret = self.parts.settings.github_webhook_secret
        return GithubHook(secret.get_secret_value(), self._announce) if secret else None

    def _announce(self, repository: str) -> bool:
        return self.parts.readings.announce("github", repository)

    def _over_http(self) -> SlackOverHttp:
        secrets = signing_secrets(self.parts.settings)
        return SlackOverHttp(secrets, self._signatures.remember, self.parts.app.dispatch)

    def _remember(self, seen: Mapping[str, datetime]) -> frozenset[str]:
        database = self.parts.desk.store.database
        return database.retrying(lambda connection: replay.remember(connection, seen))

    def _obstacles(self) -> list[str]:
        try:
            demand_current(self.parts.desk.store.database)
        except RolloutError as error:
            return [str(error)]
        return self._locked_out()

    def _locked_out(self) -> list[str]:
        why = self.parts.messenger.locked_out
        if why is None:
            return []
        mend = "install the app again, set SLACK_BOT_TOKEN, and start the bot anew"
        return [f"Slack does not accept the bot's token ({why}); what must be told waits. To mend it, {mend}."]

    def _alarms(self) -> list[str]:
        desk = self.parts.desk
        with desk.reading() as view:
            late = view.digests.overdue(desk.clock.now())
        digests = (
            f"The digest of {each.week} for {each.audience} is due since {each.slot.at.isoformat()}." for each in late
        )
        return [*self._locked_out(), *digests]

    def _outbox_depth(self) -> int:
        with self.parts.desk.store.database.reading() as connection:
            counts = outbox.counts(connection)
        return counts["pending"] + counts["sending"]


def set_up_logging(level: str) -> None:
    """JSON lines on standard error; libraries that would log tokens or bodies speak only of errors."""
    logging.basicConfig(level=level.upper(), format="%(message)s")
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level.lower()),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )


def await_end(over: threading.Event) -> None:
    """Comes back once `over` is set; a handler of a signal sets it from a thread, as this one may hold its lock."""
    # Python sees a signal that comes just before a wait begins only after that wait, so none may last.
    while not over.wait(_LOOK_AFTER_SIGNALS_S):
        pass


def run(settings: Settings, stopped: threading.Event | None = None) -> None:
    """The bot until `stopped` is set, or the process is told to end."""
    over = stopped or threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda *_: threading.Thread(target=over.set).start())
    set_up_logging(settings.log_level)
    bot = Bot(build(settings))
    bot.start()
    await_end(over)
    bot.stop()
