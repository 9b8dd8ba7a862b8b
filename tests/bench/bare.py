"""The app to compare with: Bolt that acknowledges a constant, in a process of its own.

It stands on the same web server as the bot, with the same guard; with the same memory for signatures in a
database of its own if it is given the address of one, else without.
"""

import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.clock import SystemClock
from bot.web.guard import SigningSecrets
from bot.web.server import SlackOverHttp, WebParts, serve, web_app
from bot.web.signatures import Signatures
from store import Database, replay
from store.migrating import upgrade
from tests.bench.crowd import SECRET


def bare_app() -> App:
    """Bolt as the bot has it, with one listener that does nothing."""

    def authorize(enterprise_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id="T0001", bot_token="xoxb-bench", bot_id="B0001")

    app = App(
        client=WebClient(token="xoxb-bench"),
        authorize=authorize,
        listener_executor=ThreadPoolExecutor(64),
        process_before_response=True,
        signing_secret=SECRET,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )

    @app.command("/rollout")
    def acknowledge(ack: Ack) -> None:
        ack("constant")

    return app


def signatures_in(database_url: str) -> Signatures:
    """The bot's memory for signatures, at work."""
    database = Database(database_url)
    upgrade(database)

    def write(seen: Mapping[str, datetime]) -> frozenset[str]:
        return database.retrying(lambda connection: replay.remember(connection, seen))

    signatures = Signatures(write)
    signatures.start()
    return signatures


def is_new(signature_hash: str, at: datetime) -> bool:
    """True: without a memory every signature is new."""
    del signature_hash, at
    return True


def main(database_url: str | None = None) -> None:
    """Serves until standard input ends."""
    remember = signatures_in(database_url).remember if database_url else is_new
    now = SystemClock().now
    slack = SlackOverHttp(SigningSecrets(SECRET), remember, bare_app().dispatch)
    serving = serve(web_app(WebParts(now, now, tuple, int, slack)), "127.0.0.1", 0)
    print(f"ready {serving.port}", flush=True)
    sys.stdin.read()
    serving.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
