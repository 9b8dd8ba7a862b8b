"""A program on each engine, and one with refunds_agent on its first day, as tests of the use cases have them."""

from tests.actions.conftest import program, refunds

__all__ = ["program", "refunds"]
