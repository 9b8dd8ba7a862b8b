"""What travels between the workspace, the app and the page: JSON objects and Slack's refusals."""

from typing import Any

Json = dict[str, Any]


class SlackError(Exception):
    """A Slack method refuses: `error` is Slack's short name, `extra` what goes beside it in the answer."""

    def __init__(self, error: str, **extra: Any) -> None:
        super().__init__(error)
        self.error = error
        self.extra = extra

    def answer(self) -> Json:
        """The body that Slack would send."""
        return {"ok": False, "error": self.error, **self.extra}


class Refusal(Exception):
    """A person asked for something the workspace does not do; the text is a sentence for them."""


def read_bool(value: object) -> bool:
    """True for what Slack takes as true in a form or in JSON."""
    return value is True or value in (1, "1", "true", "True")


def read_whole(value: object, fallback: int, error: str) -> int:
    """A whole number from a form or JSON field; `SlackError(error)` if it is none."""
    if value is None or value == "":
        return fallback
    try:
        return int(str(value))
    except ValueError as wrong:
        raise SlackError(error) from wrong
