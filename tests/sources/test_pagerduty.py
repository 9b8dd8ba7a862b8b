"""PagerDuty's incidents as signals, by answers of our own and by its published specification."""

import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.sources.errors import Circling, Endless, NoAccess
from bot.sources.pagerduty import Entries, pagerduty
from bot.sources.seam import Portion, Source
from tests.sources.peers.peers import SCHEMAS, checked, cut, specified
from tests.sources.strands import UNTIL, access, by_id, one_run, signals
from tests.sources.system import Reply, Seen, System

SPECIFICATION = SCHEMAS / "pagerduty-openapi.json"


def pd(url: str, **entries: Any) -> Source:
    """The service PIJ90N7 for refunds_agent."""
    given = {"service": "PIJ90N7", "workflow": "refunds_agent"} | entries
    return pagerduty(access(url, "canary"), [Entries.model_validate(given)])


def incident(name: str, minute: int, **changes: Any) -> dict[str, Any]:
    """An incident as a list has it, opened on 5 March at `minute` past nine."""
    given = {"id": name, "title": "Refunds stand still", "status": "triggered", "urgency": "high"}
    more = {"created_at": f"2026-03-05T09:{minute:02}:00Z", "html_url": f"https://acme.pagerduty.com/incidents/{name}"}
    return given | more | changes


def resolved(name: str, minute: int, at: str = "2026-03-05T12:00:00Z", **changes: Any) -> dict[str, Any]:
    """The same, resolved."""
    return incident(name, minute, status="resolved", resolved_at=at, **changes)


def read(system: System, cursor: str | None = None, **entries: Any) -> list[Portion]:
    """What one run reads."""
    return one_run(system, pd(system.url, **entries), cursor)


def test_an_incident_is_opened_and_resolved(system: System) -> None:
    system.at("/incidents", Reply({"incidents": [resolved("PAAAA", 1), incident("PBBBB", 2, status="acknowledged")]}))
    portions = read(system)
    about = {
        "type": "incident",
        "workflow": "refunds_agent",
        "key": "PAAAA",
        "severity": 2,
        "title": "Refunds stand still",
        "url": "https://acme.pagerduty.com/incidents/PAAAA",
    }
    first, second, third = signals(portions)
    assert first == {**about, "id": "PAAAA:open:2", "at": "2026-03-05T09:01:00+00:00", "status": "open"}
    assert second == {
        **about,
        "id": "PAAAA:resolved:1772712000",
        "at": "2026-03-05T12:00:00+00:00",
        "status": "resolved",
    }
    assert (third["id"], third["status"]) == ("PBBBB:open:2", "open")
    assert json.loads(portions[-1].cursor) == {"since": "2026-03-09T09:00:00+00:00", "open": ["PBBBB"]}
    asked = parse_qs(urlsplit(system.paths[0]).query)
    assert asked == {
        "service_ids[]": ["PIJ90N7"],
        "since": ["2025-12-09T09:00:00+00:00"],
        "until": ["2026-03-09T09:00:00+00:00"],
        "sort_by": ["created_at:asc"],
        "limit": ["100"],
        "offset": ["0"],
    }
    assert system.seen[0].headers["Content-Type"] == "application/json"
    assert system.seen[0].headers["Authorization"] == "Token token=canary"


def test_what_was_open_is_asked_again_until_it_is_resolved_or_gone(system: System) -> None:
    system.at("/incidents", Reply({"incidents": []}))
    system.at("/incidents/PBBBB", Reply({"incident": resolved("PBBBB", 2, priority={"summary": "P1"})}))
    system.at("/incidents/PCCCC", Reply({"incident": incident("PCCCC", 3)}))
    cursor = json.dumps({"since": "2026-03-08T09:00:00+00:00", "open": ["PBBBB", "PCCCC", "PGONE"]})
    portions = read(system, cursor)
    assert [(each["key"], each["status"], each["severity"]) for each in signals(portions)] == [
        ("PBBBB", "open", 1),
        ("PBBBB", "resolved", 1),
        ("PCCCC", "open", 2),
    ]
    assert portions[0].cursor == cursor
    assert json.loads(portions[-1].cursor)["open"] == ["PCCCC"]
    assert parse_qs(urlsplit(system.paths[-1]).query)["since"] == ["2026-03-08T08:58:00+00:00"]


def test_a_run_that_breaks_off_forgets_no_open_incident(system: System) -> None:
    system.at("/incidents/PCCCC", Reply({"incident": incident("PCCCC", 3)}))
    first = {"incidents": [incident("PAAAA", 1)], "more": True}
    system.at("/incidents", Reply(first), Reply(None, 403))
    source = pd(system.url)
    portions = source.strands[0].read(json.dumps({"since": "2026-03-05T09:00:00Z", "open": ["PCCCC"]}), UNTIL)
    kept = [next(portions), next(portions)]
    with pytest.raises(NoAccess):
        next(portions)
    source.close()
    assert json.loads(kept[-1].cursor) == {"since": "2026-03-05T09:01:00+00:00", "open": ["PCCCC", "PAAAA"]}


@pytest.mark.parametrize(
    ("changes", "severity"),
    [
        ({"priority": {"summary": "P3"}}, 3),
        ({"priority": {"summary": "SEV-1"}}, 1),
        ({"priority": {"summary": "sev4"}}, 4),
        ({"priority": {"summary": "Major"}}, 1),
        ({"priority": {"summary": "Odd"}, "urgency": "low"}, 4),
        ({"priority": None, "urgency": "high"}, 2),
    ],
)
def test_severity_is_what_the_file_the_priority_or_the_urgency_says(
    system: System, changes: dict[str, Any], severity: int
) -> None:
    system.at("/incidents", Reply({"incidents": [incident("PAAAA", 1, **changes)]}))
    assert [each["severity"] for each in signals(read(system, severities={"Major": 1}))] == [severity]


def test_a_link_that_is_not_pagerdutys_is_left_out_and_a_title_cleaned(system: System) -> None:
    odd = incident("PAAAA", 1, html_url="https://evil.example/x", title="\u202e<!channel>\n" + "x" * 900)
    system.at("/incidents", Reply({"incidents": [odd, incident("PBBBB", 2, title=None, html_url=None)]}))
    first, second = signals(read(system))
    assert "url" not in first
    assert str(first["title"]).startswith("<!channel> xxx")
    assert (second["title"], "url" in second) == ("PBBBB", False)


def test_beyond_ten_thousand_it_goes_on_from_the_last_ones_time(system: System) -> None:
    def page(seen: Seen) -> Reply:
        offset = int(parse_qs(urlsplit(seen.path).query)["offset"][0])
        since = parse_qs(urlsplit(seen.path).query)["since"][0]
        is_first = since.startswith("2025")
        return Reply({"incidents": [resolved(f"P{offset:05}", 7)], "more": is_first})

    system.otherwise = page
    portions = read(system)
    assert len(system.seen) == 101
    assert "offset=9900" in system.paths[99]
    assert parse_qs(urlsplit(system.paths[100]).query)["since"] == ["2026-03-05T09:07:00+00:00"]
    assert len(portions) == 102


def test_pages_without_end_are_read_to_a_limit(system: System) -> None:
    def page(seen: Seen) -> Reply:
        minute = 7 + len(system.seen) % 2
        return Reply({"incidents": [resolved(f"PAAA{len(system.seen)}", minute)], "more": True})

    system.otherwise = page
    with pytest.raises(
        Endless, match=r"^PIJ90N7 has more than 20,000 incidents since 2026-03-05: what is left is read"
    ):
        read(system)


def test_a_page_that_comes_again_is_said_and_what_came_before_it_is_kept(system: System) -> None:
    system.at("/incidents", Reply({"incidents": [resolved("PAAAA", 7)], "more": True}))
    source = pd(system.url)
    system.closing.append(source.close)
    portions = source.strands[0].read(None, UNTIL)
    kept = next(portions)
    assert kept.entries[0]["id"] == "PAAAA:open:2"
    with pytest.raises(Circling, match=r"^pagerduty gave a page of incidents that was read already in place of the"):
        next(portions)
    assert len(system.seen) == 2


def test_a_long_time_is_asked_for_in_stretches(system: System) -> None:
    system.at("/incidents", Reply({"incidents": []}))
    read(system, since="2025-05-01")
    asked = [parse_qs(urlsplit(path).query) for path in system.paths]
    assert [(each["since"][0][:10], each["until"][0][:10]) for each in asked] == [
        ("2025-05-01", "2025-09-28"),
        ("2025-09-28", "2026-02-25"),
        ("2026-02-25", "2026-03-09"),
    ]


@pytest.fixture
def specification(_peers: None, tmp_path: Path) -> str:
    """PagerDuty's specification, cut to what is used."""
    if not SPECIFICATION.exists():
        reason = f"PagerDuty's published specification is not at {SPECIFICATION}, beside this checkout."
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    whole = json.loads(SPECIFICATION.read_text("utf-8"))
    (tmp_path / "pagerduty.json").write_text(json.dumps(cut(whole, ("/incidents", "/incidents/{id}"))))
    return str(tmp_path / "pagerduty.json")


@pytest.fixture
def specified_pagerduty(specification: str) -> Iterator[str]:
    """The address of a PagerDuty that answers by its specification."""
    with specified(specification) as url:
        yield url


def test_every_question_is_in_pagerdutys_specification_and_its_answer_is_understood(specified_pagerduty: str) -> None:
    source = pd(specified_pagerduty)
    cursor = json.dumps({"since": "2015-10-01T00:00:00Z", "open": ["PT4KHLK"]})
    portions = source.strands[0].read(cursor, datetime(2015, 11, 1, tzinfo=UTC))
    known, listed = next(portions), next(portions)
    source.close()
    told = [
        [(each["key"], each["status"], each["severity"]) for each in portion.entries] for portion in (known, listed)
    ]
    assert told == [[("PT4KHLK", "open", 2)], [("PT4KHLK", "open", 2), ("PT4KHLK", "resolved", 2)]]


def test_what_our_own_system_answers_is_as_pagerdutys_specification_has_it(system: System, specification: str) -> None:
    system.at("/incidents", Reply({"incidents": [resolved("PAAAA", 1)], "more": False}))
    with checked(system.url, specification) as url:
        source = pd(url)
        found = list(by_id(list(source.strands[0].read(None, UNTIL))))
        source.close()
    assert found == ["PAAAA:open:2", "PAAAA:resolved:1772712000"]
