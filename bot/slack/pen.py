"""The pen: texts for one reader, as Slack's mrkdwn or as plain characters for buttons and titles."""

from dataclasses import dataclass
from datetime import tzinfo

from bot.domain.links import leads_home
from bot.texts import Surface, Texts


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes every sentence of a screen, with times in the reader's zone.

    Of the addresses that programs sent only those on `link_hosts` become links; the others stand as text.
    """

    zone: tzinfo
    link_hosts: tuple[str, ...] = ()

    def may_link(self, url: str | None) -> bool:
        """Whether an address that a program sent may be a link."""
        return url is not None and leads_home(url, self.link_hosts)

    def md(self, part: str, /, **context: object) -> str:
        """A part of a template as mrkdwn."""
        return Texts(Surface.MRKDWN, self.zone).say(part, **context)

    def plain(self, part: str, /, **context: object) -> str:
        """A part of a template as plain characters."""
        return Texts(Surface.PLAIN, self.zone).say(part, **context)
