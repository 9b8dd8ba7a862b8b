"""One request and its answer, bounded in time and size; the connection goes to the address that was checked."""

import ssl
import threading
import time
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import httpx2

from bot.sources.errors import Garbled, Stopped, Unreached

TIMEOUT_S = 10.0
"""How long each step may take: to connect, to send, and to wait for the next piece."""

WHOLE_S = 30.0
"""How long the whole answer may take, however many pieces it comes in."""

MAX_BYTES = 5_000_000
"""How long an answer may be, unpacked."""

_UNTRUSTED = (
    "has no certificate that this machine trusts: name the file with your own authority's in SSL_CERT_FILE, or look at "
    "the address"
)
_PIECE = 1 << 16
_LOOK_S = 0.5
"""How often somebody who waits for an answer looks whether the program is to end."""


@dataclass(frozen=True, slots=True)
class Raw:
    """An answer as it came: its status, its headers (names in small letters), its body unpacked."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def exchange(
    client: httpx2.Client, request: httpx2.Request, whole_s: float = WHOLE_S, ends: Callable[[], bool] = lambda: False
) -> Raw:
    """The answer, within `whole_s` as a whole: the client's own limits are for each piece that arrives.

    What comes later is thrown away, and so is what comes after the program is to end, as `ends` says. Unreached,
    Garbled and Stopped name no system: whoever asked adds it.
    """
    asked = _Asked()
    over = time.monotonic() + whole_s
    thread = threading.Thread(
        target=asked.run, args=(lambda: _answer(client, request, over),), daemon=True, name="source"
    )
    thread.start()
    while not asked.done.wait(min(_LOOK_S, max(over - time.monotonic(), 0))):
        if ends():
            raise Stopped("was not read to the end, because the program ends")
        if time.monotonic() >= over:
            raise Unreached(f"did not answer within {whole_s:g} seconds")
    if asked.failure is not None:
        raise asked.failure
    assert asked.answer is not None
    return asked.answer


@dataclass(slots=True)
class _Asked:
    answer: Raw | None = None
    failure: Exception | None = None
    done: threading.Event = field(default_factory=threading.Event)

    def run(self, ask: Callable[[], Raw]) -> None:
        """Asks, and keeps the answer or why there is none."""
        try:
            self.answer = ask()
        except (Unreached, Garbled) as error:
            self.failure = error
        except httpx2.TimeoutException:
            self.failure = Unreached(f"did not answer within {TIMEOUT_S:g} seconds")
        except (httpx2.ConnectError, OSError) as error:
            self.failure = Unreached(_UNTRUSTED if _is_about_trust(error) else "could not be reached")
        except httpx2.TransportError:
            self.failure = Unreached("broke off its answer")
        except httpx2.HTTPError:
            self.failure = Garbled("gave an answer that is no HTTP")
        except Exception as error:  # noqa: BLE001 - whoever waits raises it
            self.failure = error
        finally:
            self.done.set()


def _is_about_trust(error: BaseException) -> bool:
    """Whether a certificate is behind it, however often it was wrapped."""
    cause: BaseException | None = error
    while cause is not None and not isinstance(cause, ssl.SSLCertVerificationError):
        cause = cause.__cause__ or cause.__context__
    return cause is not None


def _answer(client: httpx2.Client, request: httpx2.Request, over: float) -> Raw:
    response = client.send(request, stream=True)
    try:
        headers = {name.lower(): value for name, value in response.headers.items()}
        body = bytearray()
        unpack = _unpacking(headers.get("content-encoding", ""))
        for piece in response.iter_raw(_PIECE):
            body += unpack(piece, MAX_BYTES + 1 - len(body))
            if len(body) > MAX_BYTES:
                raise Garbled(f"gave an answer of more than {MAX_BYTES // 1_000_000} MB")
            if time.monotonic() > over:
                raise Unreached("took too long")
        return Raw(response.status_code, headers, bytes(body))
    finally:
        response.close()


def _unpacking(encoding: str) -> Callable[[bytes, int], bytes]:
    """How pieces are unpacked, never to more bytes than there is room for: a few packed ones unfold to gigabytes."""
    if encoding in ("", "identity"):
        return lambda piece, _: piece
    if encoding not in ("gzip", "x-gzip"):
        raise Garbled("packed its answer in a way that was not asked for")
    packed = zlib.decompressobj(16 + zlib.MAX_WBITS)

    def unpack(piece: bytes, room: int) -> bytes:
        try:
            return packed.decompress(piece, max(room, 1))
        except zlib.error:
            raise Garbled("gave a packed answer that cannot be unpacked") from None

    return unpack
