"""The pen: texts for one reader, as Slack's mrkdwn or as plain characters for buttons and titles."""

from dataclasses import dataclass
from datetime import tzinfo

from bot.texts import Surface, Texts


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes every sentence of a screen, with times in the reader's zone."""

    zone: tzinfo

    def md(self, part: str, /, **context: object) -> str:
        """A part of a template as mrkdwn."""
        return Texts(Surface.MRKDWN, self.zone).say(part, **context)

    def plain(self, part: str, /, **context: object) -> str:
        """A part of a template as plain characters."""
        return Texts(Surface.PLAIN, self.zone).say(part, **context)
