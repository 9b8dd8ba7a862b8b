"""When Python looks for garbage: seldom while the bot starts, and never again among what it is made of.

Next to nothing here is a cycle, so a look finds hardly anything, and while hundreds of classes are being made each look
goes through all of them.
"""

import gc

_OBJECTS = 50_000
_ROUNDS = 20


def look_seldom() -> None:
    """A look only after 50,000 new objects, instead of 700."""
    gc.set_threshold(_OBJECTS, _ROUNDS, _ROUNDS)


def pass_over_what_is_there() -> None:
    """What exists now is never looked at again: it stays for as long as the process runs."""
    gc.freeze()
