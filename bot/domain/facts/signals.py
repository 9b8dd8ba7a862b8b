"""Facts about signals."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalsTaken:
    """A batch of signals was taken in; `subject` is its id, `count` how many were new, `sha256` over all of those."""

    subject: str
    count: int
    sha256: str
