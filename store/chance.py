"""Where random ids and salts come from: the operating system, or a seed where a run must be the same each time."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from random import Random

_SEEDED: ContextVar[Random | None] = ContextVar("seeded", default=None)


def below(limit: int) -> int:
    """A number from 0 up to, without, `limit`; nobody can guess it."""
    seeded = _SEEDED.get()
    return secrets.randbelow(limit) if seeded is None else seeded.randrange(limit)


def token(bytes_count: int) -> str:
    """So many random bytes in hexadecimal digits; nobody can guess them."""
    seeded = _SEEDED.get()
    return secrets.token_hex(bytes_count) if seeded is None else seeded.randbytes(bytes_count).hex()


@contextmanager
def drawn_from(seed: str) -> Iterator[None]:
    """Ids and salts of this thread drawn from a seed, which everybody can guess: only for what is made up."""
    held = _SEEDED.set(Random(seed))
    try:
        yield
    finally:
        _SEEDED.reset(held)
