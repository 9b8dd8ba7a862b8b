"""The clock's side: one tick every twenty seconds asks what is due; the database says whose it is."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from bot.actions import fridays, privacy, reports, requests
from bot.actions.desk import SCHEDULER, Asked, Desk, Turn
from bot.actions.digests import freezing
from bot.actions.findings import owing
from bot.actions.grants import guards
from bot.domain.errors import RolloutError
from bot.domain.facts import SignalsForgotten
from bot.domain.people import Told
from store import View, drafts, forgetting, idempotency, outbox, replay

log = structlog.get_logger()

TICK_S = 20
REVIEWERS_KEPT = timedelta(days=90)
SIGNALS_KEPT = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Job:
    """Something done at every tick, or `every` so long; twice, or in two replicas at once, must be harmless."""

    name: str
    run: Callable[[Desk], None]
    every: timedelta | None = None

    def is_due(self, last: datetime | None, now: datetime) -> bool:
        """Whether it is to be done at `now`, when it was begun last at `last`."""
        return self.every is None or last is None or abs(now - last) >= self.every


def _lapse_requests(desk: Desk) -> None:
    with desk.reading() as view:
        due = any(desk.clock.now() >= request.lapses_at for request in view.requests())
    if due:
        desk.do(Asked(SCHEDULER), requests.lapse)


def _escalate_requests(desk: Desk) -> None:
    with desk.reading() as view:
        due = any(requests.steps_due(view, desk.clock.now()))
    if due:
        desk.do(Asked(SCHEDULER), requests.escalate)


def watch_time(desk: Desk) -> None:
    """Grants that are over or stand still because time went by, written down; decisions hold without that."""
    now = desk.clock.now()
    with desk.reading() as view:
        due_at = {each: _first_due(desk, view, each) for each in view.grants.workflows_with_living()}
    for workflow_id, at in due_at.items():
        if at and at <= now:
            desk.do(Asked(SCHEDULER, about=workflow_id), guards.record_time, workflow_id)


_DUE = "what time does to its grants"


def _first_due(desk: Desk, view: View, workflow_id: str) -> datetime | None:
    look = desk.looks.at(view.marks_of(workflow_id), desk.clock.now())
    known: tuple[datetime | None] | None = look.known(_DUE)
    return known[0] if known else look.keep(_DUE, (guards.first_due(view, workflow_id),))[0]


def _forget_keys(desk: Desk) -> None:
    now = desk.real.now()
    if now.minute == 0:
        desk.store.database.retrying(lambda connection: idempotency.prune(connection, now))
        desk.store.database.retrying(lambda connection: replay.prune(connection, now))


def forget_facts(desk: Desk) -> None:
    """Facts of decisions and questions go after as long as their grant says; what the chain vouches for stays."""
    database, now = desk.store.database, desk.clock.now()
    kept = database.retrying(forgetting.retentions)
    for days, grant_ids in kept.items():
        before = now - timedelta(days=days)
        for start in range(0, len(grant_ids), forgetting.AT_ONCE):
            some = grant_ids[start : start + forgetting.AT_ONCE]
            for forget in (forgetting.forget_facts, forgetting.forget_questions):
                while database.retrying(partial(forget, grant_ids=some, before=before)) == forgetting.AT_ONCE:
                    continue


def forget_signals(desk: Desk) -> None:
    """Reviewers are named for 90 days, signals kept for 400 (RULES, "Audit, privacy, corrections")."""
    database, now = desk.store.database, desk.real.now()
    reviewed_before, came_before = now - REVIEWERS_KEPT, now - SIGNALS_KEPT
    while database.retrying(partial(forgetting.forget_reviewers, before=reviewed_before)) == forgetting.AT_ONCE:
        continue
    last = database.retrying(partial(forgetting.last_batch, before=came_before))
    if last is not None:
        desk.do(Asked(SCHEDULER), _note_forgotten, last)
    while database.retrying(partial(forgetting.forget_signals, before=came_before)) == forgetting.AT_ONCE:
        continue


def _note_forgotten(turn: Turn, last: int) -> None:
    turn.record(SignalsForgotten(subject="signals", up_to=last))


def deliver_digests(desk: Desk) -> None:
    """Every digest that is due one step on; one that cannot be drafted does not keep the others from coming."""
    if desk.draft is None:
        return
    for edition in freezing.note(desk):
        try:
            freezing.go_on(desk, edition)
        except Exception as error:
            log.error("digest not drafted", digest=edition.id, audience=edition.audience, exc_info=error)


def ask_on_friday(desk: Desk) -> None:
    """Whoever answers for numbers that nobody sent this week, asked for them on Friday afternoon, once."""
    with desk.reading() as view:
        due = fridays.due(view, desk.clock.now())
    if left := _untold(desk, due):
        desk.do(Asked(SCHEDULER), fridays.tell, left)


def report_on_day(desk: Desk) -> None:
    """The report of each workflow that has its ninety days behind it, told to its team once."""
    with desk.reading() as view:
        due = reports.due(view, desk.clock.now())
    if left := _untold(desk, due):
        desk.do(Asked(SCHEDULER), reports.tell, left)


def _untold(desk: Desk, due: tuple[Told, ...]) -> tuple[Told, ...]:
    """Those of these messages that nobody put aside yet."""
    if not due:
        return ()
    with desk.store.database.reading() as box:
        told = outbox.known(box, [each.key for each in due])
    return tuple(each for each in due if each.key not in told)


def forget_told(desk: Desk) -> None:
    """What was told goes when signals go; that it was told stays, so that nothing is told twice."""
    before = desk.clock.now() - SIGNALS_KEPT
    desk.store.database.retrying(lambda box: outbox.forget(box, before))


def forget_drafts(desk: Desk) -> None:
    """What people began to type and did not come back to goes after two weeks."""
    now = desk.clock.now()
    desk.store.database.retrying(lambda connection: drafts.prune(connection, now))


def read_sources(desk: Desk) -> None:
    """Every source on its way; they are read in threads of their own, so that no digest waits for them."""
    desk.read_sources()


def read_announced(desk: Desk) -> None:
    """The sources that announced something new since they were read, on their way once they may be read again."""
    desk.read_announced()


JOBS: tuple[Job, ...] = (
    Job("lapse requests", _lapse_requests),
    Job("carry requests to more approvers", _escalate_requests),
    Job("suspend and end grants by time", watch_time),
    Job("see what overrides owe no more", owing.watch, every=timedelta(minutes=5)),
    Job("deliver digests", deliver_digests),
    Job("ask for the week's missing numbers", ask_on_friday, every=timedelta(minutes=5)),
    Job("report after ninety days", report_on_day, every=timedelta(minutes=5)),
    Job("read the sources", read_sources, every=timedelta(minutes=15)),
    Job("read the sources that announced something", read_announced),
    Job("forget keys of finished requests", _forget_keys),
    Job("forget facts of old decisions and questions", forget_facts, every=timedelta(hours=1)),
    Job("forget reviewers and old signals", forget_signals, every=timedelta(hours=1)),
    Job("forget old drafts", forget_drafts, every=timedelta(hours=1)),
    Job("forget what was told long ago", forget_told, every=timedelta(days=1)),
    Job("sweep what was forgotten out of the file", privacy.sweep, every=timedelta(hours=1)),
)


class Schedule:
    """Ticks in a thread of its own; `after` is called at the end of each tick."""

    def __init__(self, desk: Desk, after: Callable[[], None], tick_s: float = TICK_S) -> None:
        self._desk = desk
        self._after = after
        self._lock = threading.Lock()
        self._last: datetime | None = None
        self._begun: dict[str, datetime] = {}
        # Nothing but a wake-up: jobs that matter are claimed in the database, never in the scheduler's own store.
        self._scheduler = BackgroundScheduler(timezone=UTC)
        self._scheduler.add_job(
            self.tick, "interval", seconds=tick_s, coalesce=True, max_instances=1, misfire_grace_time=None
        )

    @property
    def last_tick(self) -> datetime | None:
        """When the last tick ended, by the machine's clock; None before the first."""
        return self._last

    def start(self) -> None:
        """Begin to tick, with the first one now."""
        self._scheduler.start()
        self.tick()

    def stop(self) -> None:
        """Tick no more; a tick under way ends first."""
        self._scheduler.shutdown(wait=True)

    def tick(self) -> None:
        """One round of all jobs; one that fails is logged and does not keep the others from running."""
        with self._lock:
            for job in JOBS:
                now = self._desk.clock.now()
                if not job.is_due(self._begun.get(job.name), now):
                    continue
                self._begun[job.name] = now
                try:
                    job.run(self._desk)
                except RolloutError as error:
                    log.warning("job not done", job=job.name, why=str(error))
                except Exception as error:
                    log.error("job failed", job=job.name, exc_info=error)
            self._last = self._desk.real.now()
        self._after()
