"""Which addresses may be links: those on hosts that an admin named (RELIABILITY, S12)."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from bot.domain.wording import cut, one_line

_USUAL = "https://"


def leads_home(url: str, hosts: Iterable[str]) -> bool:
    """Whether an address is on one of these hosts, or on a host below one of them."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:  # an unclosed bracket
        return False
    return any(host == each or host.endswith(f".{each}") for each in hosts)


def shown_address(url: str, limit: int) -> str:
    """An address as its link shows it: without `https://`, cut to `limit` characters, but never within its host."""
    line = one_line(url)
    try:
        host = urlsplit(line).netloc
    except ValueError:  # an unclosed bracket
        host = ""
    address = line.removeprefix(_USUAL)
    return cut(address, max(limit, address.find(host) + len(host) + 1))
