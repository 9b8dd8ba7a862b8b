"""A replica of the bot in a process of its own, as far as agents see it: the API on a database that others use too.

Its clock stands where that of a test's program stands.
"""

import sys
from contextlib import closing

from store import Database
from tests.grants_program import GrantsProgram
from tests.web.agents import listening


def main(database_url: str) -> None:
    """Serves until standard input ends."""
    with closing(Database(database_url)) as database, listening(GrantsProgram(database).desk) as serving:
        print(f"ready {serving.port}", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main(*sys.argv[1:])
