"""Where a source may be: public addresses, found once; this machine only by its own name."""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.sources.errors import Astray, Unreached

Resolve = Callable[[str, int], tuple[str, ...]]
"""Gives every address of a host name, as text; OSError where there is none."""

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

THIS_MACHINE = ("127.0.0.1", "::1", "localhost")

# `is_global` lets these pass, although they lead to other addresses or to no single machine.
_LEADING_ELSEWHERE = tuple(
    ipaddress.ip_network(each) for each in ("64:ff9b::/96", "2002::/16", "2001::/32", "192.0.0.0/24")
)


@dataclass(frozen=True, slots=True)
class Origin:
    """What an address's host is pinned by: scheme, host and port."""

    scheme: str
    host: str
    port: int

    @property
    def is_here(self) -> bool:
        """Whether it is this machine by its own name: a test's or a tunnel's."""
        return self.host in THIS_MACHINE

    @property
    def named(self) -> str:
        """The value of a Host header."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


_PORTS = {"https": 443, "http": 80}


def origin_of(url: str) -> Origin | None:
    """The origin of an absolute address; None where it is none, or neither https nor http."""
    try:
        found = urlsplit(url)
        port = found.port
    except ValueError:
        return None
    if found.scheme not in _PORTS or not found.hostname or found.username is not None:
        return None
    return Origin(found.scheme, found.hostname.lower(), port or _PORTS[found.scheme])


def system_resolve(host: str, port: int) -> tuple[str, ...]:
    """Every address that this machine knows of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


def addresses_of(origin: Origin, resolve: Resolve, private: frozenset[str]) -> tuple[str, ...]:
    """The addresses to connect to, the first first; Astray where one is in a private network and not allowed there.

    `private` are the host names that may be in the admin's own network.
    """
    if origin.scheme != "https" and not origin.is_here:
        raise Astray(f"{origin.host} is asked over https only: write its address with https://.")
    try:
        found = resolve(origin.host, origin.port)
    except (OSError, UnicodeError):
        found = ()
    if not found:
        raise Unreached(f"No machine goes by the name {origin.host}: check the address, and the network.")
    allowed = _is_own if origin.is_here else _is_inside if origin.host in private else _is_public
    if not all(allowed(_plain(each)) for each in found):
        raise Astray(
            f"{origin.host} leads to an address that is not public, so it is not asked. If it stands in your own "
            "network, name it in ROLLOUT_PRIVATE_HOSTS."
        )
    return found


def _plain(text: str) -> _Address:
    """The address itself where it is an IPv4 one in IPv6 clothes; a zone after % does not count."""
    address = ipaddress.ip_address(text.partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _is_own(address: _Address) -> bool:
    return address.is_loopback


def _is_public(address: _Address) -> bool:
    leads_elsewhere = any(address.version == net.version and address in net for net in _LEADING_ELSEWHERE)
    return address.is_global and not address.is_multicast and not leads_elsewhere


def _is_inside(address: _Address) -> bool:
    if _is_public(address):
        return True
    odd = address.is_loopback or address.is_link_local or address.is_multicast or address.is_unspecified
    return address.is_private and not odd and not address.is_reserved
