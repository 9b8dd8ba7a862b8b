"""The errors that a person can act on; each one's text is a full sentence (what, why, next step)."""


class RolloutError(Exception):
    """Something that was asked for cannot be done; `str(error)` is the sentence to show."""


class Refused(RolloutError):
    """The rules say no, for a reason that the sentence names."""


class NotAllowed(Refused):
    """The person (or agent) who asks has no right to it; the sentence names who has."""


class GateShut(Refused):
    """A gate that was to let a workflow through does not open (any more); the sentence names what keeps it shut."""


class GrantBarred(Refused):
    """A grant may not come into force, or go on, as things stand; the sentence names what bars it."""


class NotFound(RolloutError):
    """Nothing goes by that name; near matches are offered where there are any."""


class Conflict(RolloutError):
    """The thing changed in the meantime; the sentence says who changed it, and when."""


class BadInput(RolloutError):
    """Something typed cannot be used as it is; `field` names where it was typed, if known."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class Unavailable(RolloutError):
    """Something outside (Slack, the database, a source) cannot be reached just now."""
