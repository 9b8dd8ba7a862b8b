"""Over https the certificate has to be the host's, although the connection goes to an address that was checked."""

import ssl
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.sources.errors import Unreached
from tests.sources.system import Reply, System, line, serving

CERTIFICATE = Path(__file__).parent / "localhost.pem"
"""A key and a certificate for `localhost`, valid for a hundred years; nobody else uses them."""


@pytest.fixture
def secured() -> Iterator[System]:
    """A system that speaks TLS, as localhost."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with serving(context) as running:
        running.at("/things", Reply([1]))
        yield running


def test_a_certificate_that_this_machine_trusts_is_the_hosts_own(
    secured: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    assert line(secured).get("things").value == [1]
    port = secured.url.rpartition(":")[2]
    with pytest.raises(Unreached, match=r"^example has no certificate that this machine trusts: name the file"):
        line(secured, base_url=f"https://127.0.0.1:{port}").get("things")


def test_a_certificate_of_an_unknown_authority_is_said_with_its_mend(secured: System) -> None:
    with pytest.raises(Unreached, match=r"name the file with your own authority's in SSL_CERT_FILE"):
        line(secured).get("things")
    assert secured.seen == []
