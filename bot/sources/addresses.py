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
_Network = ipaddress.IPv4Network | ipaddress.IPv6Network

THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


def _networks(*networks: str) -> tuple[_Network, ...]:
    return tuple(ipaddress.ip_network(each) for each in networks)


_GLOBAL = _networks("0.0.0.0/0", "2000::/3")
"""Where public machines are; of IPv6 nothing else is given out (IANA, "IPv6 Global Unicast Address Assignments")."""

# `is_global` of some or all Pythons lets these pass, although they lead to other addresses or to no single machine.
_LEADING_ELSEWHERE = _networks("192.0.0.0/24", "192.88.99.0/24", "2001::/23", "2002::/16", "3fff::/20")

_INSIDE = _networks("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
"""Where machines of an own network are: RFC 1918, RFC 6598 (overlay networks use it), RFC 4193."""

_CLOUD_SECRETS = _networks("100.100.100.200/32", "fd00:ec2::254/128")
"""Where clouds hand out credentials to whoever asks from inside, among those: Alibaba's, and Amazon's by IPv6."""


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
    is_one = address.is_global and not address.is_multicast and not address.is_reserved
    return is_one and _is_in(_GLOBAL, address) and not _is_in(_LEADING_ELSEWHERE, address)


def _is_inside(address: _Address) -> bool:
    return _is_public(address) or (_is_in(_INSIDE, address) and not _is_in(_CLOUD_SECRETS, address))


def _is_in(networks: tuple[_Network, ...], address: _Address) -> bool:
    return any(address in each for each in networks if each.version == address.version)
