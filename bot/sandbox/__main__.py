"""`python -m bot.sandbox [--port N] [--echo]`: the workspace alone, with a small cast."""

import argparse
import sys
import threading

from bot.sandbox.clock import MovableClock
from bot.sandbox.sample import ECHO_APP, make_sample_cast
from bot.sandbox.server import serve
from bot.sandbox.workspace import Workspace


def main() -> int:
    """0 when it was ended by the keyboard."""
    parser = argparse.ArgumentParser(prog="python -m bot.sandbox", description="The local Slack workspace.")
    parser.add_argument("--port", type=int, default=8065, help="0 takes a free one")
    parser.add_argument("--echo", action="store_true", help="also run the sample app")
    chosen = parser.parse_args()
    with serve(Workspace(make_sample_cast(), MovableClock()), chosen.port) as server:
        sys.stdout.write(f"The workspace is at {server.url}\n")
        sys.stdout.flush()
        stop = None
        if chosen.echo:
            from bot.sandbox.echo import run_echo  # Bolt is not needed, and may be absent, without --echo

            stop = run_echo(server.url, ECHO_APP)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            if stop is not None:
                stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
