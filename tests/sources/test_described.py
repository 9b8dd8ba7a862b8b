"""Systems that the file of sources describes: lists over HTTP and in files, and the signals that their records are."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.sources.described import described
from bot.sources.errors import (
    Astray,
    Circling,
    Endless,
    Garbled,
    Missing,
    NoAccess,
    SourceError,
    Throttled,
    Unreached,
)
from bot.sources.mapping import System as Described
from bot.sources.seam import Portion, Source
from tests.sources.strands import UNTIL, access, one_run, signals
from tests.sources.system import Reply, System

METRIC = {"type": "metric", "fields": {"at": "at", "value": "score"}, "constants": {"metric": "csat"}}
AT = "2026-03-05T09:00:00Z"


def helpdesk(url: str | None, token: str | None = "canary", timezone: str | None = None, **read: Any) -> Source:
    """A system of that name with one list."""
    given = {"workflow": "refunds_agent", "path": "surveys", "signals": [METRIC]} | read
    system = {"kind": "http" if url else "file", "url": url, "timezone": timezone, "reads": [given]}
    return described("helpdesk", Described.model_validate(system), access(url or "", token))


def read(system: System, cursor: str | None = None, **given: Any) -> list[Portion]:
    """What one run reads."""
    return one_run(system, helpdesk(system.url, **given), cursor)


def one(system: System, record: Any, rule: Mapping[str, Any], **given: Any) -> dict[str, object]:
    """The one signal that a record is, without its id and workflow."""
    system.at("/surveys", Reply([record]))
    (found,) = signals(read(system, signals=[rule], **given))
    return {name: value for name, value in found.items() if name not in ("id", "workflow")}


def queries(system: System) -> list[dict[str, list[str]]]:
    """What was asked for, in order."""
    return [parse_qs(urlsplit(path).query) for path in system.paths]


def test_each_record_is_a_signal_and_the_next_run_asks_for_what_is_new(system: System) -> None:
    system.at("/surveys", Reply([{"at": AT, "score": 4.5}, {"at": AT, "score": 4, "more": [1]}]))
    query = {"from": "{since}", "day": "{since_day}", "unix": "{since_seconds}", "kind": "csat", "n": 5}
    portions = read(system, query=query)
    first, second = signals(portions)
    assert first == {
        "type": "metric",
        "workflow": "refunds_agent",
        "metric": "csat",
        "at": AT,
        "value": 4.5,
        "id": "metric-83564b193d23328f28cea54a228137f7",
    }
    assert (second["value"], second["id"]) == (4, first["id"])
    read(system, portions[-1].cursor, query=query)
    assert queries(system) == [
        {"from": ["2025-12-09T09:00:00Z"], "day": ["2025-12-09"], "unix": ["1765270800"], "kind": ["csat"], "n": ["5"]},
        {"from": ["2026-03-08T09:00:00Z"], "day": ["2026-03-08"], "unix": ["1772960400"], "kind": ["csat"], "n": ["5"]},
    ]
    assert system.seen[0].headers["Authorization"] == "Bearer canary"


def test_without_a_token_none_is_sent(system: System) -> None:
    system.at("/surveys", Reply([]))
    read(system, token=None)
    assert "Authorization" not in system.seen[0].headers


@pytest.mark.parametrize(
    ("when", "is_met"),
    [
        ({"kind": "outage"}, True),
        ({"kind": "Outage"}, False),
        ({"kind": ["fire", "outage"]}, True),
        ({"kind": ["fire", "flood"]}, False),
        ({"about.place": "Lisbon"}, True),
        ({"about.rooms.1": 7}, True),
        ({"about.rooms.9": 7}, False),
        ({"tags": "refunds"}, True),
        ({"number": 1}, True),
        ({"text": 1}, True),
        ({"is_new": True}, True),
        ({"is_new": False}, False),
        ({"nothing": {"exists": False}}, True),
        ({"empty": {"exists": False}, "gone.for.ever": {"exists": False}}, True),
        ({"kind": {"exists": True}}, True),
        ({"kind": "outage", "nothing": {"exists": True}}, False),
    ],
)
def test_a_record_counts_when_all_conditions_hold(system: System, when: dict[str, Any], is_met: bool) -> None:
    record = {
        "at": AT, "score": 1, "kind": "outage", "about": {"place": "Lisbon", "rooms": [3, 7]}, "text": "1",
        "tags": ["late", "refunds"], "number": 1.0, "is_new": True, "nothing": None, "empty": "",
    }  # fmt: skip
    given = Described.model_validate(
        {"kind": "http", "url": system.url, "reads": [
            {"workflow": "a", "path": "surveys", "signals": [METRIC | {"when": when}]},
        ]}
    )  # fmt: skip
    system.at("/surveys", Reply([record]))
    source = described("helpdesk", given, access(system.url, None))
    system.closing.append(source.close)
    assert bool(signals(list(source.strands[0].read(None, UNTIL)))) is is_met


def test_words_and_kinds_of_field_make_of_their_values_ours(system: System) -> None:
    record = {
        "no": 17,
        "head": "A <!channel> *title*",
        "weight": "urgent",
        "state": 3,
        "when": AT,
        "web": "javascript:x",
    }
    rule = {
        "type": "incident",
        "fields": {"key": "no", "title": "head", "severity": "weight", "status": "state", "at": "when", "url": "web"},
        "words": {"severity": {"urgent": 1}, "status": {"3": "resolved"}},
    }
    expected = {
        "type": "incident",
        "key": "17",
        "title": "A <!channel> *title*",
        "severity": 1,
        "status": "resolved",
        "at": AT,
    }
    assert one(system, record, rule) == expected
    assert one(system, record | {"web": "https://a.example/17"}, rule) == expected | {"url": "https://a.example/17"}


@pytest.mark.parametrize(
    ("given", "timezone", "read_as"),
    [
        (AT, None, AT),
        (1772701200, None, "2026-03-05T09:00:00+00:00"),
        (1772701200000, None, "2026-03-05T09:00:00+00:00"),
        ("1772701200", None, "2026-03-05T09:00:00+00:00"),
        ("2026-03-05T09:00:00.000+0100", None, "2026-03-05T09:00:00.000+01:00"),
        ("2026-07-05 09:00:00", None, "2026-07-05 09:00:00"),
        ("2026-07-05 09:00:00", "Europe/Lisbon", "2026-07-05T09:00:00+01:00"),
        ("2026-03-05", "Asia/Tokyo", "2026-03-05T00:00:00+09:00"),
        ("lately", "Asia/Tokyo", "lately"),
        (10**20, None, 10**20),
    ],
)
def test_times_come_in_many_forms(system: System, given: Any, timezone: str | None, read_as: object) -> None:
    assert one(system, {"at": given, "score": 1}, METRIC, timezone=timezone)["at"] == read_as


def test_one_record_may_be_several_signals_and_each_has_its_own_id(system: System) -> None:
    rework = {"type": "rework", "fields": {"id": "no", "at": "at"}, "constants": {"kind": "defect", "cost_usd": 40}}
    system.at("/surveys", Reply([{"no": 1, "at": AT, "score": 3}, {"no": 2, "at": AT, "score": 3}]))
    found = signals(read(system, signals=[METRIC, rework]))
    assert [each["type"] for each in found] == ["metric", "rework"] * 2
    assert len({each["id"] for each in found}) == 3


def test_what_is_from_before_the_first_day_is_left_out(system: System) -> None:
    system.at(
        "/surveys", Reply([{"at": "2026-02-28T23:59:59Z", "score": 1}, {"at": "2026-03-01T00:00:00Z", "score": 2}])
    )
    portions = read(system, since="2026-03-01")
    assert [each["value"] for each in signals(portions)] == [2]
    assert [each["value"] for each in signals(read(system, portions[-1].cursor))] == [2]


def test_pages_follow_a_link_in_the_answer(system: System) -> None:
    first = {"data": [{"at": AT, "score": 1}], "links": {"next": f"{system.url}/surveys?page=b"}}
    system.at("/surveys?page=b", Reply({"data": [], "links": {"next": "/more"}}))
    system.at("/more", Reply({"data": [{"at": AT, "score": 2}], "links": {"next": None}}))
    system.at("/surveys", Reply(first))
    found = read(system, items="data", pages={"by": "link", "path": "links.next"})
    assert [each["value"] for each in signals(found)] == [1, 2]


def test_pages_follow_a_link_in_the_headers(system: System) -> None:
    system.at("/surveys", Reply([{"at": AT, "score": 1}], headers={"Link": '</more>; rel="next"'}))
    system.at("/more", Reply([{"at": AT, "score": 2}]))
    assert [each["value"] for each in signals(read(system, pages={"by": "header"}))] == [1, 2]


def test_pages_follow_a_cursor_and_keep_the_question(system: System) -> None:
    second = Reply({"data": [{"at": AT, "score": 2}], "after": ""})
    system.at("/surveys", Reply({"data": [{"at": AT, "score": 1}], "after": "x&y"}), second)
    paging = {"by": "cursor", "path": "after", "parameter": "after"}
    found = read(system, items="data", pages=paging, query={"kind": "csat"})
    assert [each["value"] for each in signals(found)] == [1, 2]
    assert queries(system) == [{"kind": ["csat"]}, {"kind": ["csat"], "after": ["x&y"]}]


def test_pages_are_counted_until_one_is_empty(system: System) -> None:
    system.at("/surveys", Reply([{"at": AT, "score": 1}]), Reply([{"at": AT, "score": 2}]), Reply([]))
    found = read(system, pages={"by": "number", "parameter": "p", "first": 0})
    assert [each["value"] for each in signals(found)] == [1, 2]
    assert queries(system) == [{"p": ["0"]}, {"p": ["1"]}, {"p": ["2"]}]


@pytest.mark.parametrize(
    ("paging", "headers", "link"),
    [
        ({"by": "number", "parameter": "p", "first": 0}, {}, "/surveys?from=2025-12-09&p=1"),
        ({"by": "cursor", "path": "after", "parameter": "p"}, {}, "/surveys?from=2025-12-09&p=b"),
        ({"by": "link", "path": "next"}, {}, "/more?p=b"),
        ({"by": "header"}, {"Link": '</more?p=c>; rel="next"'}, "/more?p=c"),
    ],
)
def test_a_run_that_breaks_off_goes_on_with_the_next_page(
    system: System, paging: dict[str, Any], headers: dict[str, str], link: str
) -> None:
    def page(score: int, **more: str) -> Reply:
        return Reply({"data": [{"at": AT, "score": score}], **more}, headers=headers)

    given: dict[str, Any] = {"items": "data", "pages": paging, "query": {"from": "{since_day}"}}
    system.otherwise = lambda _: Reply(None, 403) if len(system.seen) > 1 else page(1, after="b", next="/more?p=b")
    source = helpdesk(system.url, **given)
    system.closing.append(source.close)
    portions = source.strands[0].read(None, UNTIL)
    kept = next(portions)
    with pytest.raises(NoAccess):
        next(portions)
    assert system.paths[1] == link
    headers.clear()
    system.otherwise = lambda seen: page(2) if seen.path == link else Reply({"data": []})
    later = read(system, kept.cursor, **given)
    assert [each["value"] for each in signals(later)] == [2]
    assert system.paths[2] == link
    mark = json.loads(later[-1].cursor)
    assert (mark["since"], mark["left"], mark["begun"]) == ("2026-03-09T09:00:00Z", None, None)


@pytest.mark.parametrize("left", ["/gone", "https://where-it-was.example/surveys"])
def test_a_page_that_is_gone_is_no_reason_to_stay_blind(system: System, left: str) -> None:
    system.at("/surveys", Reply([{"at": AT, "score": 1}]))
    system.at("/gone", Reply(None, 400))
    mark = {"first": "2026-01-01T00:00:00Z", "since": "2026-03-01T00:00:00Z", "begun": "2026-03-08T00:00:00Z"}
    portions = read(system, json.dumps(mark | {"left": left}), pages={"by": "header"})
    assert [each["value"] for each in signals(portions)] == [1]
    assert json.loads(portions[-1].cursor)["since"] == "2026-03-08T00:00:00Z"


BY_LINK = {"pages": {"by": "link", "path": "next"}, "items": "data"}


@pytest.mark.parametrize(
    ("reply", "given", "kind", "said"),
    [
        (Reply(None, 401), {}, NoAccess, "did not take the token: set SOURCE_TOKEN_HELPDESK to one that is in force."),
        (Reply(None, 403), {}, NoAccess, "refused /surveys: give the token in SOURCE_TOKEN_HELPDESK the right to"),
        (Reply(None, 404), {}, Missing, "has nothing at /surveys, or hides it from this token: check the name, and"),
        (Reply(None, 429, {"Retry-After": "600"}), {}, Throttled, "wants no more questions until "),
        (Reply(None, 500), {}, Unreached, "has a fault of its own (status 500)."),
        (Reply(body=b'[{"at": '), {}, Garbled, "gave an answer that is no JSON, or cut it off."),
        (Reply([], is_cut=True), {}, Unreached, "broke off its answer."),
        (Reply("x" * 5_000_000), {}, Garbled, "gave an answer of more than 5 MB."),
        (Reply({}), {}, Garbled, "gave something else than a list: say where it is in items."),
        (Reply({"data": 1}), {"items": "data.tickets"}, Garbled, "gave no list at data.tickets."),
        (Reply([1]), {}, Garbled, "gave a list in which something is no record with fields."),
        (Reply({"data": [], "next": "https://evil.example/x"}), BY_LINK, Astray, "named a next page on another host,"),
        (Reply({"data": [], "next": "http://[x"}), BY_LINK, Garbled, "named a next page at something that is no"),
        (Reply({"data": [], "next": "/surveys"}), BY_LINK, Circling, "gave a page of /surveys that was read already"),
        (Reply(None, 302, {"Location": "http://10.0.0.1/"}), {}, Astray, "sent us from /surveys to another address,"),
        (Reply(body=b"\xff,b"), {"format": "csv"}, Garbled, "gave an answer that is no text in UTF-8."),
        (Reply(body=b"a,a\n"), {"format": "csv"}, Garbled, "gave a CSV in which two columns have the same name."),
        (Reply(body=b"a,b\n1,2\n1,2,3\n"), {"format": "csv"}, Garbled, "gave a CSV whose line 3 has more cells than"),
        (Reply(body=b'a,b\n"1"x,2\n'), {"format": "csv"}, Garbled, "gave a CSV that cannot be read from line 2 on."),
    ],
)
def test_a_bad_answer_is_said_in_a_sentence(
    system: System, reply: Reply, given: dict[str, Any], kind: type[SourceError], said: str
) -> None:
    system.at("/surveys", reply)
    with pytest.raises(kind) as raised:
        read(system, **given)
    assert str(raised.value).startswith(f"helpdesk {said}")
    assert "canary" not in str(raised.value)


def test_pages_without_end_are_read_to_a_limit_and_the_next_run_goes_on_there(system: System) -> None:
    system.otherwise = lambda seen: Reply([{"at": AT, "score": len(system.seen), "path": seen.path}])
    source = helpdesk(system.url, pages={"by": "number", "parameter": "page"})
    system.closing.append(source.close)
    kept: list[Portion] = []
    with pytest.raises(Endless, match=r"^helpdesk had more than 200 pages of /surveys, and no more were read\."):
        kept.extend(source.strands[0].read(None, UNTIL))
    assert len(kept) == 200
    system.otherwise = lambda _: Reply([])
    read(system, kept[-1].cursor, pages={"by": "number", "parameter": "page"})
    assert queries(system)[-1] == {"page": ["201"]}


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_is_read_by_its_columns(system: System, mark: str) -> None:
    lines = ("\ufeffat|score|prompt version", f'{AT}|" 4.5 "|', f"{AT}|-3|v2", "", f"{AT}|many|v3")
    system.at("/surveys", Reply(body="\r\n".join(lines).replace("|", mark).encode()))
    rule = METRIC | {"when": {"prompt version": {"exists": True}}}
    assert [each["value"] for each in signals(read(system, format="csv"))] == [4.5, -3, "many"]
    assert [each["value"] for each in signals(read(system, format="csv", signals=[rule]))] == [-3, "many"]


def test_a_file_is_read_like_an_answer(tmp_path: Path) -> None:
    for name, text in (("a.csv", f"at,score\n{AT},4\n"), ("a.json", json.dumps({"data": [{"at": AT, "score": 4}]}))):
        (tmp_path / name).write_text(text, "utf-8")
    for more in (
        {"path": str(tmp_path / "a.csv"), "format": "csv"},
        {"path": str(tmp_path / "a.json"), "items": "data"},
    ):
        source = helpdesk(None, **more)
        assert [each["value"] for each in signals(list(source.strands[0].read(None, UNTIL)))] == [4]
        assert source.greet() == "refunds_agent"


@pytest.mark.parametrize(
    ("body", "form", "kind", "said"),
    [
        (None, "csv", Missing, "helpdesk has no file {} that can be read (No such file or directory): mend the path."),
        (b"[{", "json", Garbled, "helpdesk has a file that is no JSON in UTF-8: {}."),
        (b"\xff", "csv", Garbled, "helpdesk has a file that is no CSV in UTF-8: {}."),
        (b"{}", "json", Garbled, "helpdesk gave something else than a list: say where it is in items in {}."),
        (b"x" * 5_000_001, "csv", Garbled, "helpdesk has a file of more than 5 MB: {}."),
    ],
)
def test_a_file_that_cannot_be_read_is_said(
    tmp_path: Path, body: bytes | None, form: str, kind: type[SourceError], said: str
) -> None:
    file = tmp_path / "records"
    if body is not None:
        file.write_bytes(body)
    with pytest.raises(kind) as raised:
        helpdesk(None, path=str(file), format=form).greet()
    assert str(raised.value) == said.format(file)


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        with pytest.raises(Missing, match=r" that can be read \(it is no file\): mend the path\.$"):
            helpdesk(None, path=str(path)).greet()


def test_doctor_reads_a_first_page_of_each_list(system: System) -> None:
    system.at("/surveys", Reply([{"at": AT, "score": 1}]))
    source = helpdesk(system.url, pages={"by": "number", "parameter": "page"})
    system.closing.append(source.close)
    assert source.greet() == "refunds_agent"
    assert len(system.seen) == 1


def test_a_kept_place_that_is_broken_is_said(system: System) -> None:
    with pytest.raises(Garbled, match=r"^The kept place of helpdesk cannot be read: restore a backup\.$"):
        read(system, "{")
