"""Where a system is, by its settings, and how sentences speak of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.domain.wording import cut


@dataclass(frozen=True, slots=True)
class Place:
    """A system as its settings have it: what it is called, where it is, and what is sent along with each request.

    `secrets` are never repeated in an error; `credentials` names the setting that a refusal is mended by, `address`
    the one of the address. `private` are the hosts in the admin's own network.
    """

    name: str
    base_url: str
    headers: Mapping[str, str]
    credentials: str
    address: str
    secrets: tuple[str, ...] = ()
    private: frozenset[str] = frozenset()

    def sentence(self, what: str) -> str:
        """A sentence about the system, without what must not be repeated."""
        text = f"{self.name} {what}."
        for secret in self.secrets:
            text = text.replace(secret, "…")
        return text


def shown(url: str) -> str:
    """The path of an address, short enough for a sentence."""
    return cut(urlsplit(url).path, 80)
