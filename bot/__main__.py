"""The `rollout` command."""

import sys

from bot.cli.application import main

__all__ = ["main"]

if __name__ == "__main__":
    sys.exit(main())
