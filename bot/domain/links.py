"""Which addresses may be links: those on hosts that an admin named (RELIABILITY, S12)."""

from collections.abc import Iterable
from urllib.parse import urlsplit


def leads_home(url: str, hosts: Iterable[str]) -> bool:
    """Whether an address is on one of these hosts, or on a host below one of them."""
    try:
        host = (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:  # an unclosed bracket
        return False
    return any(host == each or host.endswith(f".{each}") for each in hosts)
