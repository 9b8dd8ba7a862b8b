"""Everything about HTTP that all sources share: one host, bounded retries, paging, what a refusal means, no secrets.

A source asks only the host that its settings name. It follows no redirect, and no link to another host, because its
token would travel there.
"""

import json
import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urljoin

import httpx2
from pydantic import TypeAdapter, ValidationError

from bot.domain.wording import cut
from bot.sources.addresses import Resolve, addresses_of, origin_of, system_resolve
from bot.sources.errors import Astray, Circling, Endless, Garbled, NoAccess, SourceError, Stopped, Throttled, Unreached
from bot.sources.exchange import TIMEOUT_S, WHOLE_S, Raw, exchange
from bot.sources.places import Place, shown
from bot.sources.refusals import refused, skewed

PAGES = 200
"""How many pages one run reads of one list."""

TRIES = 3
LONGEST_WAIT_S = 30.0
"""A longer wait that a system asks for is left to a later run."""

_PAUSES_S = (1.0, 4.0)
_REMEMBERED_BYTES = 8_000_000

_LINK = re.compile(r"<([^<>]*)>([^<]*)")
_NEXT = re.compile(r";\s*rel\s*=\s*\"?next\b", re.IGNORECASE)
_SENDABLE = re.compile(r"[!-~]+( [!-~]+)*")

Params = Mapping[str, str | int | tuple[str, ...]]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a line needs of the world: the machine's clock, a way to wait, and a way to find hosts.

    `wait` waits so many seconds, and says whether the program is to end meanwhile.
    """

    now: Callable[[], datetime]
    wait: Callable[[float], bool]
    resolve: Resolve = system_resolve
    whole_s: float = WHOLE_S


@dataclass(frozen=True, slots=True)
class Answer:
    """What a system answered: JSON, and the headers (names in small letters)."""

    value: Any
    headers: Mapping[str, str] = field(default_factory=dict)


class Http:
    """A line to one system, for one run after another; used by one thread at a time."""

    def __init__(self, place: Place, world: Surroundings, read: Callable[[Raw], Any] | None = None) -> None:
        origin = origin_of(place.base_url)
        if origin is None:
            raise Astray(f"{place.address} is no https address: write it out, such as https://api.github.com.")
        self._place, self._world, self._origin, self._read = place, world, origin, read or json_of
        self._client: httpx2.Client | None = None
        self._address = ""
        self._silences = 0
        self._known: OrderedDict[str, tuple[str, Answer, int]] = OrderedDict()

    def close(self) -> None:
        """Let go of the connections; the next request finds the host anew."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def get(self, path: str, params: Params | None = None) -> Answer:
        """What the system answers to a GET of `path`, which stands below its base address."""
        return self._asked("GET", self._url(path, params), None)

    def post(self, path: str, body: object) -> Answer:
        """What it answers to a question that is put as a POST; it must change nothing there."""
        return self._asked("POST", self._url(path, None), body)

    def pages(
        self,
        path: str,
        params: Params | None = None,
        following: Callable[[Answer], str | None] | None = None,
        begin: str | None = None,
    ) -> Iterator[Answer]:
        """Page after page of a list; Endless after so many, Circling where one comes again.

        The next is where the answer's `following` link leads; that of its Link header unless something else is said.
        `begin` is such a link from an earlier run, which goes on there.
        """
        next_of = following or linked
        url = self._url(path, params)
        if begin is not None:
            url = self._pinned(url, begin)
        seen, before = set[str](), None
        while url not in seen:
            if len(seen) == PAGES:
                raise self._said(Endless, f"had more than {PAGES} pages of {shown(url)}, and no more were read")
            seen.add(url)
            answer = self._asked("GET", url, None)
            if answer.value and answer.value == before:
                break
            before = answer.value
            yield answer
            link = next_of(answer)
            if link is None:
                return
            url = self._pinned(url, link)
        raise self._said(Circling, f"gave a page of {shown(url)} that was read already in place of the next")

    def shaped(self, adapter: TypeAdapter[T], answer: Answer) -> T:
        """The answer as the values that it should hold; Garbled where it holds others."""
        try:
            return adapter.validate_python(answer.value)
        except ValidationError as error:
            where = ".".join(str(each) for each in error.errors(include_url=False, include_input=False)[0]["loc"])
            at = f" (at {cut(where, 60)})" if where else ""
            raise self._said(Garbled, f"gave an answer of another shape{at}") from None

    def _url(self, path: str, params: Params | None) -> str:
        base = self._place.base_url.rstrip("/")
        return str(httpx2.URL(f"{base}/{path.lstrip('/')}", params=dict(params) if params else None))

    def _pinned(self, url: str, following: str) -> str:
        try:
            found = urljoin(url, following)
            httpx2.URL(found)
        except (ValueError, httpx2.InvalidURL):
            raise self._said(Garbled, "named a next page at something that is no address") from None
        if origin_of(found) != self._origin:
            raise self._said(Astray, "named a next page on another host, which is not asked")
        return found

    def _asked(self, method: str, url: str, body: object) -> Answer:
        """The answer, asked for again while that may help: three times at most, with pauses."""
        for attempt in range(TRIES):
            try:
                return self._once(method, url, body)
            except Throttled as refusal:
                wait_s = (refusal.until - self._world.now()).total_seconds()
                if attempt + 1 == TRIES or wait_s > LONGEST_WAIT_S:
                    raise
                self._pause(max(wait_s, _PAUSES_S[attempt]))
            except Unreached:
                if attempt + 1 == TRIES:
                    raise
                self._pause(_PAUSES_S[attempt])
        raise AssertionError(url)

    def _pause(self, seconds: float) -> None:
        if self._world.wait(seconds):
            raise self._said(Stopped, "was not read to the end, because the program ends")

    def _once(self, method: str, url: str, body: object) -> Answer:
        known = self._known.get(url) if method == "GET" else None
        self._pause(0)
        try:
            request = self._request(method, url, body, known[0] if known else None)
            raw = exchange(self._opened(), request, self._world.whole_s, lambda: self._world.wait(0))
            self._demand(skewed(self._place, raw, self._world.now()))
            if raw.status == 304 and known:
                self._known.move_to_end(url)
                return known[1]
            self._demand(refused(self._place, raw, url, self._world.now()))
            return self._remembered(method, url, raw)
        except SourceError as error:
            if isinstance(error, Unreached | Garbled | Stopped) and not str(error).endswith("."):
                self._forget_line(error)
                raise self._said(type(error), str(error)) from None
            raise

    @staticmethod
    def _demand(refusal: SourceError | None) -> None:
        if refusal is not None:
            raise refusal

    def _forget_line(self, error: SourceError) -> None:
        """After silence the host's next address is tried; a thread that still reads ends with its connection."""
        if isinstance(error, Unreached | Stopped):
            self._silences += 1
            self.close()

    def _opened(self) -> httpx2.Client:
        if self._client is None:
            found = addresses_of(self._origin, self._world.resolve, self._place.private)
            self._address = found[self._silences % len(found)]
            # Of the environment only SSL_CERT_FILE counts: a proxy would find the host by itself.
            self._client = httpx2.Client(
                verify=httpx2.create_ssl_context() if self._origin.scheme == "https" else False,
                timeout=TIMEOUT_S,
                follow_redirects=False,
                trust_env=False,
                limits=httpx2.Limits(max_connections=2),
            )
        return self._client

    def _request(self, method: str, url: str, body: object, etag: str | None) -> httpx2.Request:
        self._demand_sendable()
        client = self._opened()
        headers = {
            "Host": self._origin.named,
            "User-Agent": "rollout",
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            **self._place.headers,
        }
        if etag:
            headers["If-None-Match"] = etag
        there = httpx2.URL(url).copy_with(host=self._address)
        secure = {"sni_hostname": self._origin.host} if self._origin.scheme == "https" else {}
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            headers["Content-Type"] = "application/json"
        return client.build_request(method, there, headers=headers, content=content, extensions=secure)

    def _demand_sendable(self) -> None:
        if not all(_SENDABLE.fullmatch(each) for each in self._place.headers.values()):
            told = f"was not asked, because {self._place.credentials} is empty, or holds a line break or another sign"
            raise self._said(NoAccess, f"{told} that no token has; copy it again")

    def _remembered(self, method: str, url: str, raw: Raw) -> Answer:
        answer = Answer(self._read(raw), raw.headers)
        etag = raw.headers.get("etag")
        self._known.pop(url, None)
        if method == "GET" and etag:
            self._known[url] = (etag, answer, len(raw.body))
            while sum(size for *_, size in self._known.values()) > _REMEMBERED_BYTES:
                self._known.popitem(last=False)
        return answer

    def _said(self, kind: type[SourceError], what: str) -> SourceError:
        return kind(self._place.sentence(what))


def json_of(raw: Raw) -> Any:
    """What an answer says as JSON; Garbled where it is none."""
    try:
        return json.loads(raw.body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Garbled("gave an answer that is no JSON, or cut it off") from None


def _no_number(text: str) -> Any:
    raise ValueError(text)


def linked(answer: Answer) -> str | None:
    """The target of the link in the header whose relation is `next`."""
    header = answer.headers.get("link", "")
    found = (target for target, about in _LINK.findall(header) if _NEXT.search(about))
    return next(found, None)
