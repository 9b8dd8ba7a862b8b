"""Bad answers, and how a line to a system takes them: a sentence, never a secret, and never too long a wait."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest

from bot.sources.errors import (
    Astray,
    Circling,
    Endless,
    Garbled,
    Missing,
    NoAccess,
    SourceError,
    Stopped,
    Throttled,
    Unreached,
)
from bot.sources.exchange import MAX_BYTES
from bot.sources.http import PAGES, TRIES, Http
from bot.wiring import _QUIET
from tests.sources.system import TOKEN, Reply, System, World, line


def refusal(system: System, kind: type[SourceError], *replies: Reply) -> str:
    """What is said when the system answers so."""
    system.at("/things", *replies)
    with pytest.raises(kind) as raised:
        line(system).get("things")
    assert TOKEN not in str(raised.value)
    return str(raised.value)


def test_an_answer_is_asked_for_once_with_the_token_and_the_right_host(system: System) -> None:
    system.at("/things", Reply([1, 2]))
    assert line(system).get("things", {"state": "all"}).value == [1, 2]
    (seen,) = system.seen
    assert seen.path == "/things?state=all"
    assert seen.headers["Host"] == system.url.removeprefix("http://")
    assert seen.headers["Authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        pytest.param(
            Reply(None, 401),
            NoAccess,
            "example did not take the token: set EXAMPLE_TOKEN to one that is in force.",
            id="401",
        ),
        pytest.param(
            Reply(None, 403),
            NoAccess,
            "example refused /things: give the token in EXAMPLE_TOKEN the right to read it.",
            id="403",
        ),
        pytest.param(
            Reply(None, 404),
            Missing,
            "example has nothing at /things, or hides it from this token: check the name, and EXAMPLE_TOKEN.",
            id="404",
        ),
        pytest.param(
            Reply(None, 422), Garbled, "example did not understand what was asked at /things (status 422).", id="422"
        ),
        pytest.param(
            Reply(None, 301, {"Location": "http://169.254.169.254/latest"}),
            Astray,
            "example sent us from /things to another address, which is not followed; if it moved, write the new one.",
            id="a redirect to a private address",
        ),
        pytest.param(
            Reply(body=b'{"a": [1, 2'),
            Garbled,
            "example gave an answer that is no JSON, or cut it off.",
            id="truncated JSON",
        ),
        pytest.param(
            Reply(body=b"<html>Down for maintenance</html>"),
            Garbled,
            "example gave an answer that is no JSON, or cut it off.",
            id="HTML",
        ),
        pytest.param(
            Reply(body=b'{"value": NaN}'), Garbled, "example gave an answer that is no JSON, or cut it off.", id="NaN"
        ),
        pytest.param(
            Reply(body=b"[" * 100_000), Garbled, "example gave an answer that is no JSON, or cut it off.", id="nested"
        ),
        pytest.param(
            Reply("x" * MAX_BYTES), Garbled, "example gave an answer of more than 5 MB.", id="a field without end"
        ),
        pytest.param(
            Reply(body=gzip.compress(b"0" * 100_000_000), headers={"Content-Encoding": "gzip"}),
            Garbled,
            "example gave an answer of more than 5 MB.",
            id="a hundred megabytes, packed",
        ),
        pytest.param(
            Reply(body=b"no gzip", headers={"Content-Encoding": "gzip"}),
            Garbled,
            "example gave a packed answer that cannot be unpacked.",
            id="broken packing",
        ),
        pytest.param(
            Reply(body=b"x", headers={"Content-Encoding": "br"}),
            Garbled,
            "example packed its answer in a way that was not asked for.",
            id="another packing",
        ),
    ],
)
def test_a_refusal_says_what_and_what_mends_it_and_is_not_asked_again(
    system: System, reply: Reply, kind: type[SourceError], said: str
) -> None:
    assert refusal(system, kind, reply) == said
    assert len(system.seen) == 1


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        pytest.param(Reply(None, 500), "example has a fault of its own (status 500).", id="500"),
        pytest.param(Reply(None, 503), "example has a fault of its own (status 503).", id="503"),
        pytest.param(Reply([1], is_cut=True), "example broke off its answer.", id="an answer that breaks off"),
    ],
)
def test_a_fault_is_asked_again_and_then_said(system: System, reply: Reply, said: str) -> None:
    assert refusal(system, Unreached, reply) == said
    assert len(system.seen) == TRIES


def test_a_fault_that_passes_is_no_fault(system: System) -> None:
    system.at("/things", Reply(None, 502), Reply([1], is_cut=True), Reply([7]))
    world = World()
    assert line(system, world).get("things").value == [7]
    assert world.waited == [1.0, 4.0]


def test_a_system_that_is_down_is_unreached(system: System) -> None:
    with pytest.raises(Unreached, match=r"^example could not be reached\.$"):
        line(system, base_url="http://127.0.0.1:1").get("things")


def test_an_answer_that_never_ends_is_given_up(system: System) -> None:
    system.at("/things", Reply([1], never_ends=True))
    slow = line(system, whole_s=0.05)
    with pytest.raises(Unreached, match=r"^example did not answer within 0\.05 seconds\.$"):
        slow.get("things")
    system.at("/things", Reply([2]))
    assert slow.get("things").value == [2]


@pytest.mark.parametrize(
    ("status", "headers"),
    [
        pytest.param(429, {}, id="429"),
        pytest.param(429, {"Retry-After": "soon"}, id="a wait that is nonsense"),
        pytest.param(429, {"Retry-After": "-5"}, id="a wait in the past"),
        pytest.param(403, {"X-RateLimit-Remaining": "0"}, id="403 with nothing left"),
    ],
)
def test_whoever_is_throttled_without_a_word_comes_back_in_a_minute(
    system: System, status: int, headers: dict[str, str]
) -> None:
    assert _until(system, Reply(None, status, headers)) == pytest.approx(60, abs=5)


SECONDARY = {
    "documentation_url": "https://docs.github.com/free-pro-team@latest/rest/overview/rate-limits-for-the-rest-api"
    "#about-secondary-rate-limits",
    "message": "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
}


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        pytest.param({}, 60, id="the message alone"),
        pytest.param({"X-RateLimit-Remaining": "4800", "X-RateLimit-Reset": "9999999999"}, 60, id="another's reset"),
        pytest.param({"X-RateLimit-Remaining": "4800", "Retry-After": "300"}, 300, id="its own wait"),
    ],
)
def test_a_secondary_limit_of_github_is_no_missing_right(system: System, headers: dict[str, str], seconds: int) -> None:
    for said in (SECONDARY, {"message": "You have triggered an abuse detection mechanism."}):
        assert _until(system, Reply(said, 403, headers)) == pytest.approx(seconds, abs=5)
    refusal(system, NoAccess, Reply({"message": "Resource not accessible by personal access token"}, 403))


def test_the_wait_that_a_system_asks_for_is_kept_for_an_hour_at_most(system: System) -> None:
    at = datetime.now(UTC) + timedelta(minutes=10)
    for headers, seconds in (
        ({"Retry-After": "300"}, 300),
        ({"Retry-After": "999999999999"}, 3600),
        ({"Retry-After": format_datetime(at, usegmt=True)}, 600),
        ({"Retry-After": "Mon, 01 Jan 1990 00:00:00 GMT"}, 0),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": str(int(at.timestamp()))}, 600),
        ({"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "9" * 40}, 60),
    ):
        assert _until(system, Reply(None, 403, headers)) == pytest.approx(seconds, abs=5), headers


def _until(system: System, reply: Reply) -> float:
    """In how many seconds a system that answers so may be asked again."""
    system.at("/things", reply)
    with pytest.raises(Throttled) as raised:
        line(system).get("things")
    return (raised.value.until - datetime.now(UTC)).total_seconds()


def test_a_short_wait_is_waited_for(system: System) -> None:
    system.at("/things", Reply(None, 429, {"Retry-After": "7"}), Reply([3]))
    world = World()
    assert line(system, world).get("things").value == [3]
    assert world.waited == [pytest.approx(7, abs=1)]


def test_a_program_that_ends_does_not_wait(system: System) -> None:
    system.at("/things", Reply(None, 500))
    with pytest.raises(Stopped):
        line(system, World(ends_after=1)).get("things")
    assert len(system.seen) == 1


def test_a_program_that_ends_does_not_wait_for_an_answer(system: System) -> None:
    system.at("/things", Reply([1], never_ends=True))
    world = World()
    asked = line(system, world)
    world.ends_when = lambda: bool(system.seen)
    with pytest.raises(Stopped, match=r"^example was not read to the end, because the program ends\.$"):
        asked.get("things")


@pytest.mark.parametrize(("hours", "which"), [(1, "ahead of"), (-1, "behind")])
def test_a_clock_an_hour_off_is_said(system: System, hours: int, which: str) -> None:
    system.at("/things", Reply([1]))
    with pytest.raises(Garbled, match=f"has a clock that is (60|59) minutes {which} this machine's"):
        line(system, World(ahead=timedelta(hours=hours))).get("things")


def test_pages_follow_their_links_on_the_same_host(system: System) -> None:
    system.at("/things", Reply([1], headers={"Link": f'<{system.url}/more?page=2,3>; rel="next", </x>; rel="last"'}))
    system.at("/more", Reply([2], headers={"Link": '</things>; rel="prev"'}))
    assert [page.value for page in line(system).pages("things")] == [[1], [2]]
    assert system.paths == ["/things", "/more?page=2,3"]


@pytest.mark.parametrize("target", ["http://169.254.169.254/x", "http://127.0.0.1:1/x", "//evil.example/x", "ftp:x"])
def test_a_next_page_on_another_host_is_not_asked(system: System, target: str) -> None:
    system.at("/things", Reply([1], headers={"Link": f'<{target}>; rel="next"'}))
    pages = line(system).pages("things")
    assert next(pages).value == [1]
    with pytest.raises(Astray, match=r"^example named a next page on another host, which is not asked\.$"):
        next(pages)
    assert system.paths == ["/things"]


@pytest.mark.parametrize(
    "target", ["http://[::1", "//[", "http://127.0.0.1:x/", "/things?" + "x" * 66_000], ids=lambda each: each[:20]
)
def test_a_next_page_at_no_address_is_said(system: System, target: str) -> None:
    system.at("/things", Reply([1], headers={"Link": f'<{target}>; rel="next"'}))
    pages = line(system).pages("things")
    assert next(pages).value == [1]
    with pytest.raises(SourceError, match=r"^example named a next page (at something that is no address|on another)"):
        next(pages)
    assert system.paths == ["/things"]


@pytest.mark.parametrize(
    "date",
    [
        "soon",
        "Fri, 31 Dec 9999 23:59:59 -2359",
        "Mon, 99 Jan 2026 00:00:00 GMT",
        "Mon, 01 Jan 2026 00:00:00 +99999999999999",
    ],
)
def test_a_date_that_is_none_says_nothing_about_a_clock(system: System, date: str) -> None:
    system.at("/things", Reply([1], headers={"Date": date}))
    assert line(system).get("things").value == [1]
    assert _until(system, Reply(None, 429, {"Date": date, "Retry-After": date})) == pytest.approx(60, abs=5)


@pytest.mark.parametrize("token", [f"{TOKEN}\n", f"{TOKEN}\r\nX-Admin: 1", "caf\u00e9", "", "\u200b"])
def test_what_can_be_no_token_is_not_sent(system: System, token: str) -> None:
    asked = line(system, headers={"Authorization": f"Bearer {token}"}, secrets=(token,) if token else ())
    with pytest.raises(
        NoAccess, match=r"^example was not asked, because EXAMPLE_TOKEN is empty, or holds a line"
    ) as it:
        asked.get("things")
    assert TOKEN not in str(it.value)
    assert system.seen == []


@pytest.mark.parametrize(
    ("value", "following"),
    [
        pytest.param([2], "things", id="its link leads back"),
        pytest.param([1], "last", id="it says the same again under another address"),
    ],
)
def test_a_page_that_comes_again_is_not_a_list_that_is_too_long(
    system: System, value: list[int], following: str
) -> None:
    system.at("/things", Reply([1], headers={"Link": f'<{system.url}/more>; rel="next"'}))
    system.at("/more", Reply(value, headers={"Link": f'<{system.url}/{following}>; rel="next"'}))
    read: list[object] = []
    with pytest.raises(Circling, match=r"^example gave a page of /\w+ that was read already in place of the next\.$"):
        read.extend(page.value for page in line(system).pages("things"))
    assert read == ([[1]] if value == [1] else [[1], [2]])
    assert system.paths == ["/things", "/more"]


def test_a_page_with_nothing_in_it_may_come_twice(system: System) -> None:
    system.at("/things", Reply([], headers={"Link": f'<{system.url}/more>; rel="next"'}))
    system.at("/more", Reply([]))
    assert [page.value for page in line(system).pages("things")] == [[], []]


def test_pages_without_end_are_read_to_a_limit(system: System) -> None:
    def following(seen: Any) -> Reply:
        place = int(seen.path.partition("=")[2] or 0) + 1
        return Reply([place], headers={"Link": f'<{system.url}/things?page={place}>; rel="next"'})

    system.otherwise = following
    read: list[object] = []
    with pytest.raises(Endless, match="had more than 200 pages"):
        read.extend(page.value for page in line(system).pages("things"))
    assert len(system.seen) == PAGES


def test_what_has_not_changed_is_not_sent_again(system: System) -> None:
    system.at("/things", Reply([1], headers={"ETag": '"a"'}), Reply(None, 304), Reply([2], headers={"ETag": '"b"'}))
    http = line(system)
    assert [http.get("things").value for _ in range(3)] == [[1], [1], [2]]
    assert [each.headers.get("If-None-Match") for each in system.seen] == [None, '"a"', '"a"']


def test_a_question_is_put_as_json(system: System) -> None:
    system.at("/graphql", Reply({"data": 1}))
    assert line(system).post("graphql", {"query": "{ a }"}).value == {"data": 1}
    assert json.loads(system.seen[0].body) == {"query": "{ a }"}


def test_a_host_is_found_once_and_asked_at_the_address_that_was_checked(system: System) -> None:
    system.at("/things", Reply([1]))
    answers = iter([("127.0.0.1",), ("169.254.169.254",)])
    port = system.url.rpartition(":")[2]
    surroundings = World().surroundings(resolve=lambda *_: next(answers))
    http = Http(system.place(base_url=f"http://localhost:{port}"), surroundings)
    system.closing.append(http.close)
    assert [http.get("things").value for _ in range(3)] == [[1]] * 3
    assert {each.headers["Host"] for each in system.seen} == {f"localhost:{port}"}
    http.close()
    with pytest.raises(Astray):
        http.get("things")
    assert len(system.seen) == 3


def test_where_one_address_is_silent_the_next_one_is_tried(system: System) -> None:
    system.at("/things", Reply([1]))
    port = system.url.rpartition(":")[2]
    surroundings = World().surroundings(resolve=lambda *_: ("127.0.0.2", "127.0.0.1"))
    http = Http(system.place(base_url=f"http://localhost:{port}"), surroundings)
    system.closing.append(http.close)
    assert http.get("things").value == [1]


def test_no_token_reaches_an_error_even_where_a_system_repeats_it(system: System) -> None:
    echo = {"WWW-Authenticate": f"Bearer {TOKEN}", "Location": f"https://evil.example/{TOKEN}"}
    for status in (200, 301, 401, 403, 404, 422, 429, 500):
        system.at(f"/{TOKEN}", Reply(body=f"no JSON {TOKEN}".encode(), status=status, headers=echo))
        with pytest.raises(SourceError) as raised:
            line(system).get(TOKEN)
        assert TOKEN not in str(raised.value)


def test_the_libraries_that_know_the_token_are_not_heard_whatever_the_level() -> None:
    assert {"httpx2", "httpcore2"} <= set(_QUIET)
