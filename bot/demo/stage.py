"""The demo on stage: a local workspace, the bot in it, and a sample program, until somebody ends it."""

import errno
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta

from bot.demo.cast import ADMIN, APPROVERS, LEADS, LISBON, company, rollout_app
from bot.demo.premises import Premises, Standing, demand_folder
from bot.domain.errors import Refused, Unavailable
from bot.sandbox import memory
from bot.sandbox.clock import MovableClock
from bot.sandbox.server import Server
from bot.sandbox.slack_app import SlackApp
from bot.sandbox.workspace import Workspace
from bot.settings import Settings
from bot.texts import Surface, Texts
from bot.wiring import Bot, await_end, build, set_up_logging

PORT = 8090

_PROXIES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy")


def launch(*, port: int | None, at: datetime | None, fresh: bool, open_page: bool, database_url: str | None) -> None:
    """The demo, from its first moment until SIGINT or SIGTERM ends it; refusals are plain sentences.

    `at` is what its clock shows at first, `fresh` begins anew in a database that the demo made. Nothing is
    read from the environment: neither a database nor a token of the real Rollout.
    """
    with ExitStack() as held:
        over = held.enter_context(_ending())
        app = rollout_app()
        with closing(Premises.at(database_url)) as before:
            remarks = _settle_in(before, app, at, fresh=fresh)
        premises = held.enter_context(closing(Premises.at(database_url)))
        clock, remark = _clock(premises, at)
        server, taken = _open_house(premises, app, clock, port, held)
        bot = _bring_in(premises, app, clock, server.url)
        held.callback(bot.stop)
        _say("demo.ready", url=server.url, remarks=[each for each in (remarks, remark, taken) if each])
        if open_page and _has_screen():
            threading.Thread(target=webbrowser.open, args=(server.url,), daemon=True).start()
        await_end(over)
        _say("demo.over")


def _settle_in(premises: Premises, app: SlackApp, at: datetime | None, *, fresh: bool) -> str:
    """What to remark, once the database holds the sample program: whether it goes on or is new."""
    demand_folder(premises.database.file)
    standing = premises.demand_ours()
    if standing is Standing.OURS and fresh and premises.memory is None:
        raise Refused(
            "--fresh begins anew in a file only. For PostgreSQL, make an empty database and name that one with --db."
        )
    # A refusal while another demo runs here: two would write over each other's memory.
    with premises.database.claim_as_bot():
        if standing is Standing.OURS and not fresh:
            return "It goes on where it was; --fresh begins anew."
        premises.make(app, at or MovableClock().now())
    return ""


def _clock(premises: Premises, at: datetime | None) -> tuple[MovableClock, str]:
    """The demo's clock, never behind where it stood or what has happened; and what to remark about it."""
    real = MovableClock().now()
    ahead_s = premises.remembered.ahead_s
    stood = None if ahead_s is None else real + timedelta(seconds=ahead_s)
    floor = max((each for each in (stood, premises.reached) if each), default=real)
    if at and at < floor:
        return MovableClock(floor), f"It goes on at {floor:%Y-%m-%d %H:%M} UTC, since its clock never goes back."
    return MovableClock(at or max(stood or real, floor)), ""


def _open_house(
    premises: Premises, app: SlackApp, clock: MovableClock, port: int | None, held: ExitStack
) -> tuple[Server, str]:
    """The workspace's server, listening, with what it remembers; and what to remark about its port."""
    workspace = Workspace(company(app, clock.now()), clock)
    memory.recall(workspace, premises.remembered)
    if premises.memory:
        held.callback(memory.keep(workspace, premises.memory).close)
    server, remark = _listening(workspace, port)
    held.callback(server.stop)
    return server, remark


def _listening(workspace: Workspace, port: int | None) -> tuple[Server, str]:
    server = Server(workspace, port or PORT)
    try:
        server.start()
    except OSError as error:
        if port is None and error.errno == errno.EADDRINUSE:
            free = Server(workspace)
            free.start()
            return free, f"Port {PORT} is taken, so it uses another one."
        raise Unavailable(
            f"The demo cannot listen at port {port or PORT} ({error.strerror}): "
            f"choose another one with --port, or leave --port out."
        ) from error
    return server, ""


def _bring_in(premises: Premises, app: SlackApp, clock: MovableClock, url: str) -> Bot:
    """The bot at work in the workspace, as anywhere else; its own port is any free one."""
    set_up_logging("error")
    _speak_directly()
    settings = Settings.read(
        {
            "ROLLOUT_DATABASE_URL": premises.url,
            "SLACK_BOT_TOKEN": app.bot_token,
            "SLACK_APP_TOKEN": app.app_token,
            "SLACK_API_URL": f"{url}/api/",
            "ROLLOUT_ADMINS": ADMIN,
            "ROLLOUT_APPROVERS": APPROVERS,
            "ROLLOUT_DIGEST_CHANNEL": LEADS,
            "ROLLOUT_LINK_HOSTS": "docs.example.com",
            "ROLLOUT_TIMEZONE": LISBON,
        }
    ).model_copy(update={"port": 0})
    bot = Bot(build(settings, clock))
    bot.start()
    return bot


def _speak_directly() -> None:
    # Slack's SDK sends even what is for this machine through a proxy that the environment names.
    for name in _PROXIES:
        os.environ.pop(name, None)


def _has_screen() -> bool:
    return sys.platform in ("darwin", "win32") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


@contextmanager
def _ending() -> Iterator[threading.Event]:
    """An event that the first SIGINT or SIGTERM sets; a second one ends the process at once."""
    over = threading.Event()
    numbers = (signal.SIGINT, signal.SIGTERM)

    def end(*_: object) -> None:
        threading.Thread(target=over.set).start()
        for number in numbers:
            signal.signal(number, signal.SIG_DFL)

    before = {number: signal.signal(number, end) for number in numbers}
    try:
        yield over
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _say(part: str, **context: object) -> None:
    sys.stdout.write(f"{Texts(Surface.PLAIN, UTC).say(part, **context)}\n")
    sys.stdout.flush()
