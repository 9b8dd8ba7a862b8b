"""Why a source could not be read; each text says what happened and what mends it, and holds no secret."""

from datetime import datetime

from bot.domain.errors import RolloutError


class SourceError(RolloutError):
    """A source could not be read; what it had given before is kept."""


class Unreached(SourceError):
    """There was no answer, or only that the system itself has a fault; the next run tries again."""


class NoAccess(SourceError):
    """The system does not take the credentials, or they lack a right."""


class Missing(SourceError):
    """What was asked for is not there, or hidden from these credentials."""


class Throttled(SourceError):
    """The system wants to be left alone until `until`, aware UTC."""

    def __init__(self, message: str, until: datetime) -> None:
        super().__init__(message)
        self.until = until


class Garbled(SourceError):
    """The answer is not what it should be: too long, cut off, no JSON, or of another shape."""


class Unclear(Garbled):
    """The system does not understand what was asked, such as a query or a name in it.

    `said` begins its answer; it may repeat what was sent, so it stands in no sentence.
    """

    def __init__(self, message: str, said: bytes = b"") -> None:
        super().__init__(message)
        self.said = said


class Astray(SourceError):
    """The address leads to a place that is not asked: another host, or one inside a private network."""


class Endless(SourceError):
    """There was more to read than one run reads."""


class Circling(SourceError):
    """The pages of a list lead back to what was read already."""


class Stopped(SourceError):
    """The program ends; the next run goes on from here."""
