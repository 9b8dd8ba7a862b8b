"""The app to compare with: Bolt that acknowledges a constant, on the same web server, in a process of its own."""

import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from slack_bolt import Ack, App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.clock import SystemClock
from bot.web.guard import SigningSecrets
from bot.web.server import SlackOverHttp, WebParts, serve, web_app
from tests.bench.crowd import SECRET


def bare_app() -> App:
    """Bolt as the bot has it, with one listener that does nothing."""

    def authorize(enterprise_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id="T0001", bot_token="xoxb-bench", bot_id="B0001")

    app = App(
        client=WebClient(token="xoxb-bench"),
        authorize=authorize,
        listener_executor=ThreadPoolExecutor(64),
        signing_secret=SECRET,
    )

    @app.command("/rollout")
    def acknowledge(ack: Ack) -> None:
        ack("constant")

    return app


def new(signature_hash: str, at: datetime) -> bool:
    """True: a bare app keeps no signatures."""
    del signature_hash, at
    return True


def main() -> None:
    """Serves until standard input ends."""
    slack = SlackOverHttp(SigningSecrets(SECRET), new, bare_app().dispatch)
    now = SystemClock().now
    serving = serve(web_app(WebParts(now, lambda: now(), lambda: (), lambda: 0, slack)), "127.0.0.1", 0)
    print(f"ready {serving.port}", flush=True)
    threading.Thread(target=sys.stdin.read).run()
    serving.stop()


if __name__ == "__main__":
    main()
