"""The demo: the bot, unmodified, in a local workspace with a sample program."""

from bot.demo.stage import launch

__all__ = ["launch"]
