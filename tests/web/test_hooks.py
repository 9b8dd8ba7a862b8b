"""GitHub's webhooks over real HTTP: what GitHub itself posts makes its source be read, and nothing else does."""

import hmac
import http.client
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.actions.readings import PAUSE, Readings
from bot.actions.sources import pull
from bot.domain.people import Through
from bot.schedule import Schedule
from bot.sources.github import github
from bot.sources.github_entries import Entries
from bot.sources.http import Surroundings
from bot.sources.seam import Access, Portion, Source
from bot.web.hooks import GITHUB_PATH, MAX_HOOK_BYTES, GithubHook
from bot.web.server import WebParts, serve, web_app
from store import Database
from tests.npm import Packages
from tests.program import Program
from tests.slack.office import Office
from tests.web.asgi import Answered, Sent, ask
from tests.web.slack import NOON

SECRET = "canary-of-the-hook"
MAPPED = "Codertocat/Hello-World"
OF_USE = {"check_run", "deployment_status", "pull_request", "pull_request_review", "release"}
PACKAGES = Packages("hooks", "GitHub's webhooks", Path(__file__).parent / "hooks")
READ, NOTHING = 202, 204

Json = dict[str, Any]


@dataclass
class Held:
    """A strand that is read as long as a test holds it."""

    key: str = MAPPED
    workflow: str = "refunds_agent"
    free: threading.Event = field(default_factory=threading.Event)
    begun: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    runs: int = 0

    def read(self, cursor: str | None, until: datetime) -> Iterator[Portion]:
        """One empty portion, once it is let go."""
        del cursor, until
        self.runs += 1
        self.begun.release()
        self.free.wait()
        yield Portion((), "a")


@dataclass
class Door:
    """Where a bot takes webhooks."""

    port: int

    def send(self, event: str | None, body: bytes, **headers: str) -> tuple[int, str]:
        """The answer to what GitHub would post; signed unless the signature is given."""
        given = {"X-Hub-Signature-256": signed(body), "Content-Type": "application/json"}
        given |= {"X-GitHub-Event": event} if event else {}
        given |= {name.replace("_", "-"): value for name, value in headers.items()}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("POST", GITHUB_PATH, body, {name: each for name, each in given.items() if each})
            answered = connection.getresponse()
            return answered.status, answered.read().decode()
        finally:
            connection.close()


@dataclass
class Hooked(Door):
    """A running bot's web side, its readings, and the one source that they read."""

    program: Program
    strand: Held
    readings: Readings
    threads: ThreadPoolExecutor

    def announced(self, **headers: str) -> int:
        """What becomes of a pull request in the mapped repository."""
        return self.send("pull_request", PULL, **headers)[0]

    def settled(self) -> int:
        """How often the source was read, once what was begun is over; there is one thread to read it."""
        self.strand.free.set()
        self.threads.submit(lambda: None).result(timeout=30)
        return self.strand.runs


PULL = json.dumps({"action": "closed", "repository": {"full_name": MAPPED}}).encode()


def signed(body: bytes, secret: str = SECRET) -> str:
    """The signature, by https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries."""
    return "sha256=" + hmac.new(secret.encode(), body, "sha256").hexdigest()


@pytest.fixture
def engine_name() -> str:
    """Nothing here is about a database."""
    return "sqlite"


@pytest.fixture
def hooked(database: Database) -> Iterator[Hooked]:
    """A bot that reads one repository of GitHub's."""
    program = Program(database)
    program.start()
    strand = Held()
    with ThreadPoolExecutor(1) as threads:
        source = Source("github", (strand,), frozenset({MAPPED.lower()}))
        readings = Readings(program.desk, lambda: (source,), threads)
        program.desk.read_announced = readings.catch_up
        now = program.desk.real.now
        hook = GithubHook(SECRET, lambda place: readings.announce("github", place))
        serving = serve(web_app(WebParts(now, now, tuple, int, github=hook)), "127.0.0.1", 0)
        try:
            yield Hooked(serving.port, program, strand, readings, threads)
        finally:
            strand.free.set()
            serving.stop()


@pytest.fixture(scope="session")
def examples() -> tuple[tuple[str, Json], ...]:
    """Each event with what GitHub posted of it."""
    if reason := PACKAGES.why_missing():
        pytest.skip(reason)
    file = PACKAGES.made() / "node_modules/@octokit/webhooks-examples/api.github.com/index.json"
    kinds = json.loads(file.read_text("utf-8"))
    return tuple((kind["name"], body) for kind in kinds for body in kind["examples"])


def test_what_github_posts_makes_its_source_be_read_if_the_repository_is_mapped(
    hooked: Hooked, examples: tuple[tuple[str, Json], ...]
) -> None:
    answers = [hooked.send(event, json.dumps(body).encode()) for event, body in examples]
    wanted = [
        (READ if event in OF_USE and body["repository"]["full_name"] == MAPPED else NOTHING, "")
        for event, body in examples
    ]

    assert answers == wanted
    assert (len(answers), wanted.count((READ, ""))) == (329, 56)
    assert hooked.settled() == 1


def test_a_repository_is_known_however_its_letters_are_written(hooked: Hooked) -> None:
    assert hooked.send("pull_request", PULL.lower())[0] == READ
    assert hooked.settled() == 1


def test_of_the_source_only_its_repositories_count() -> None:
    world = Surroundings(lambda: NOON, lambda _: False)
    access = Access("https://api.github.com", "t", frozenset(), world)
    entries = [Entries(repository=name, workflow="a") for name in ("Acme/Macros", "acme/refunds", "acme/macros")]
    source = github(access, entries)
    source.close()
    assert source.places == {"acme/macros", "acme/refunds"}


def nested(body: bytes) -> bytes:
    """What no parser of JSON should go down into."""
    return b"[" * 100_000 + body


FAULTS: dict[str, tuple[Callable[[bytes], bytes], dict[str, str], tuple[int, str]]] = {
    "signed with another secret": (
        bytes,
        {"X_Hub_Signature_256": signed(PULL, "another")},
        (401, "the signature does not fit; GITHUB_WEBHOOK_SECRET must be the secret set at GitHub"),
    ),
    "signed for another body": (
        bytes,
        {"X_Hub_Signature_256": signed(PULL + b" ")},
        (401, "the signature does not fit; GITHUB_WEBHOOK_SECRET must be the secret set at GitHub"),
    ),
    "not signed": (bytes, {"X_Hub_Signature_256": ""}, (401, "x-hub-signature-256 is missing or out of shape")),
    "signed with SHA-1": (
        bytes,
        {"X_Hub_Signature_256": "sha1=" + "0" * 40},
        (401, "x-hub-signature-256 is missing or out of shape"),
    ),
    "a form": (
        lambda body: b"payload=" + body,
        {},
        (400, "the body is not JSON; choose application/json as the content type at GitHub"),
    ),
    "empty": (
        lambda _: b"",
        {},
        (400, "the body is not JSON; choose application/json as the content type at GitHub"),
    ),
    "without end": (nested, {}, (400, "the body is not JSON; choose application/json as the content type at GitHub")),
    "a list": (lambda body: b"[" + body + b"]", {}, (400, "the body names no repository")),
    "a repository that is a number": (
        lambda _: b'{"repository": {"full_name": 4711}}',
        {},
        (400, "the body names no repository"),
    ),
}


@pytest.mark.parametrize(("made", "headers", "said"), FAULTS.values(), ids=FAULTS)
def test_what_is_no_delivery_is_turned_away_and_nothing_is_read(
    hooked: Hooked,
    caplog: pytest.LogCaptureFixture,
    made: Callable[[bytes], bytes],
    headers: dict[str, str],
    said: tuple[int, str],
) -> None:
    status, why = said
    assert hooked.send("pull_request", made(PULL), **headers) == (status, f"Refused: {why}.\n")
    assert hooked.settled() == 0
    assert caplog.messages == [f"Turned away at GitHub's door: 1 × {status} {why}"]


def test_what_is_too_long_is_turned_away_before_it_came_whole(hooked: Hooked) -> None:
    hook = GithubHook(SECRET, lambda _: True)
    web = web_app(WebParts(lambda: NOON, lambda: NOON, tuple, int, github=hook))
    headers = ((b"x-hub-signature-256", signed(b"").encode()), (b"x-github-event", b"pull_request"))
    declared = (*headers, (b"content-length", b"%d" % (MAX_HOOK_BYTES + 1)))
    piece = b" " * (MAX_HOOK_BYTES // 2 + 1)

    said = Answered(413, b"Refused: the body is over 1024 kB.\n")
    assert ask(web, Sent(GITHUB_PATH, declared, ())) == said
    assert ask(web, Sent(GITHUB_PATH, headers, (piece,) * 1000)) == said
    assert hooked.send("pull_request", PULL.ljust(MAX_HOOK_BYTES))[0] == READ


def test_events_and_repositories_that_are_not_read_do_nothing(hooked: Hooked) -> None:
    elsewhere = PULL.replace(MAPPED.encode(), b"acme/elsewhere")

    assert [
        hooked.send("push", PULL),
        hooked.send(None, PULL),
        hooked.send("pull_request", elsewhere),
        hooked.send("push", b"payload="),
    ] == [(NOTHING, "")] * 4
    assert hooked.settled() == 0


def test_twenty_deliveries_at_once_and_the_same_one_again_are_one_run_and_one_more_after_the_pause(
    hooked: Hooked,
) -> None:
    schedule = Schedule(hooked.program.desk, lambda: None)
    with ThreadPoolExecutor(4) as senders:
        answers = list(senders.map(lambda _: hooked.announced(X_GitHub_Delivery="72d3162e"), range(20)))
    assert answers == [READ] * 20
    assert hooked.settled() == 1
    assert hooked.announced() == READ
    hooked.program.later(seconds=PAUSE.total_seconds() - 1)
    schedule.tick()
    assert hooked.settled() == 1

    hooked.program.later(seconds=1)
    schedule.tick()
    assert hooked.settled() == 2

    hooked.program.later(seconds=PAUSE.total_seconds())
    schedule.tick()
    assert hooked.settled() == 2


def test_a_delivery_is_answered_while_the_source_is_read_and_is_read_after_that(hooked: Hooked) -> None:
    hooked.announced()
    assert hooked.strand.begun.acquire(timeout=30)
    hooked.program.later(seconds=PAUSE.total_seconds())

    assert hooked.announced() == READ
    assert hooked.settled() == 1

    hooked.readings.catch_up()
    assert hooked.settled() == 2


def test_what_is_announced_while_another_replica_reads_is_read_after_the_pause(hooked: Hooked) -> None:
    other = Held()
    with ThreadPoolExecutor(1) as elsewhere:
        source = Source("github", (other,))
        reading = elsewhere.submit(pull, hooked.program.desk, source, Through.SCHEDULER)
        assert other.begun.acquire(timeout=30)
        assert hooked.announced() == READ
        assert hooked.settled() == 0
        other.free.set()
        reading.result(timeout=30)

    hooked.program.later(seconds=PAUSE.total_seconds())
    hooked.readings.catch_up()
    assert hooked.settled() == 1


def test_the_more_there_is_to_read_the_longer_is_the_pause(hooked: Hooked) -> None:
    many = Source("github", (hooked.strand,) * 20, frozenset({MAPPED.lower()}))
    readings = Readings(hooked.program.desk, lambda: (many,), hooked.threads)
    hooked.strand.free.set()
    runs = []
    for seconds in (0, 39, 1):
        hooked.program.later(seconds=seconds)
        readings.announce("github", MAPPED)
        runs.append(hooked.settled() // 20)
    assert runs == [1, 1, 2]


def test_without_a_secret_there_is_no_door_and_it_takes_nothing_but_posts(hooked: Hooked) -> None:
    now = hooked.program.desk.real.now
    bare = serve(web_app(WebParts(now, now, tuple, int)), "127.0.0.1", 0)
    try:
        found = []
        for method, port in (("POST", bare.port), ("GET", hooked.port)):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request(method, GITHUB_PATH, PULL if method == "POST" else None)
            found.append(connection.getresponse().status)
            connection.close()
    finally:
        bare.stop()
    assert found == [404, 405]


def test_a_bot_whose_settings_name_the_secret_takes_deliveries(tmp_path: Path) -> None:
    file = tmp_path / "sources.yaml"
    file.write_text(f"github: [{{repository: {MAPPED}, workflow: refunds_agent}}]\n", "utf-8")
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n", "utf-8")
    settings = {"ROLLOUT_SOURCES": str(file), "GITHUB_WEBHOOK_SECRET_FILE": str(secret), "GITHUB_TOKEN": "t"}
    office = Office(tmp_path, "socket", **settings, GITHUB_API_URL="http://127.0.0.1:9")
    try:
        parts, web = office.bot.parts, office.bot.web
        assert web is not None
        door = Door(web.port)
        elsewhere = PULL.replace(MAPPED.encode(), b"acme/elsewhere")
        answers = [door.send("pull_request", body)[0] for body in (PULL, elsewhere)]
        unsigned = door.send("pull_request", PULL, X_Hub_Signature_256="")[0]
        assert (*answers, unsigned) == (READ, NOTHING, 401)
        assert parts.desk.read_announced == parts.readings.catch_up
    finally:
        office.close()


def test_the_secret_does_not_show() -> None:
    assert SECRET not in repr(GithubHook(SECRET, lambda _: False))


def test_the_signature_is_githubs_own_example() -> None:
    """GitHub's documentation works this example out; it is nobody's secret."""
    assert signed(b"Hello, World!", "It's a Secret to Everybody") == (
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
    )
