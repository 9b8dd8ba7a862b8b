"""Which addresses a source may have: those of the public network, or what the admin named."""

import socket

import pytest

from bot.sources.addresses import Origin, addresses_of, origin_of, system_resolve
from bot.sources.errors import Astray, Unreached

NOWHERE_PUBLIC = (
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "100.127.255.254",
    "127.0.0.1",
    "127.8.8.8",
    "169.254.169.254",
    "172.16.0.1",
    "192.0.0.8",
    "192.0.0.9",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:10.0.0.1",
    "::ffff:100.64.0.1",
    "::ffff:0:7f00:1",
    "::127.0.0.1",
    "::7f00:1",
    "100::1",
    "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::7f00:1",
    "2001::1",
    "2001:20::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
)
HTTPS = Origin("https", "api.example.com", 443)


def found(*addresses: str, origin: Origin = HTTPS, private: frozenset[str] = frozenset()) -> str:
    """The address to connect to first, where the name has these."""
    return addresses_of(origin, lambda *_: addresses, private)[0]


@pytest.mark.parametrize("address", ["140.82.121.6", "2606:50c0:8000::153", "8.8.8.8"])
def test_a_public_address_is_asked(address: str) -> None:
    assert found(address) == address


@pytest.mark.parametrize("address", NOWHERE_PUBLIC)
def test_a_name_that_leads_inside_is_not_asked_even_among_public_ones(address: str) -> None:
    for addresses in ((address,), ("140.82.121.6", address)):
        with pytest.raises(Astray, match=r"api\.example\.com leads to an address that is not public"):
            found(*addresses)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "127.1", "127。0。0。1"])
def test_a_number_in_disguise_is_what_it_leads_to(host: str) -> None:
    origin = origin_of(f"https://{host}/")
    assert origin is not None
    with pytest.raises((Astray, Unreached)):
        addresses_of(origin, system_resolve, frozenset())


def test_a_host_that_the_admin_named_may_stand_in_the_own_network_but_nowhere_odd() -> None:
    named = frozenset({"api.example.com"})
    inside = ("10.1.2.3", "172.31.0.1", "192.168.0.1", "100.64.0.1", "100.127.255.254", "fd12::1", "::ffff:100.64.0.1")
    assert [found(each, private=named) for each in (*inside, "140.82.121.6")] == [*inside, "140.82.121.6"]
    odd = set(NOWHERE_PUBLIC) - {"10.0.0.1", "172.16.0.1", "192.168.1.1", "fc00::1", "fd12:3456::1", *inside}
    odd -= {"::ffff:10.0.0.1"}
    for address in (*odd, "100.100.100.200", "fd00:ec2::254"):
        with pytest.raises(Astray):
            found(address, private=named)
    assert len(odd) > 30


def test_this_machine_is_asked_by_its_own_name_only_and_over_http_if_need_be() -> None:
    here = Origin("http", "localhost", 8080)
    assert found("127.0.0.1", origin=here) == "127.0.0.1"
    with pytest.raises(Astray):
        found("10.0.0.1", origin=here)
    with pytest.raises(Astray, match="is asked over https only"):
        found("140.82.121.6", origin=Origin("http", "api.example.com", 80))


def test_a_name_that_nobody_knows_is_said() -> None:
    def nobody(host: str, port: int) -> tuple[str, ...]:
        raise socket.gaierror(host, port)

    with pytest.raises(Unreached, match=r"^No machine goes by the name api\.example\.com: check the address"):
        addresses_of(HTTPS, nobody, frozenset())


@pytest.mark.parametrize(
    "url",
    ["", "api.github.com", "ftp://a", "file:///etc/passwd", "https://", "https://a:b", "https://[::1", "https://u@h"],
)
def test_what_is_no_web_address_has_no_origin(url: str) -> None:
    assert origin_of(url) is None


def test_an_origin_is_scheme_host_and_port() -> None:
    assert origin_of("https://API.example.com/v3") == Origin("https", "api.example.com", 443)
    assert Origin("https", "h", 443).named == "h"
    assert Origin("http", "::1", 81).named == "[::1]:81"
