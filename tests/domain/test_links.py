"""Addresses as people see them: whoever clicks has read the host to which it leads."""

import pytest

from bot.domain.links import shown_address

LONG = f"docs.example.com.{'a' * 60}.evil.example"


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://docs.example.com/a", "docs.example.com/a"),
        ("https://docs.example.com/" + "a" * 40, "docs.example.com/aaaaaaaaaaaaaa…"),
        ("http://docs.example.com/a", "http://docs.example.com/a"),
        (f"https://{LONG}/a", f"{LONG}…"),
        (f"https://{LONG}", LONG),
        (f"http://{LONG}:8080?a", f"http://{LONG}:8080…"),
        ("https://evil.example/https://docs.example.com", "evil.example/https://docs.examp…"),
        ("https://[broken", "[broken"),
        ("Mei looked at it", "Mei looked at it"),
    ],
)
def test_an_address_is_cut_but_never_within_its_host(url: str, shown: str) -> None:
    assert shown_address(url, 32) == shown
