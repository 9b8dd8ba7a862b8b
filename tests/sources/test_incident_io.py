"""incident.io's incidents as signals, by answers of our own that its maker's client reads as well."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.sources.errors import Astray, Circling, Endless, Garbled, Missing, NoAccess, SourceError, Throttled, Unreached
from bot.sources.incident_io import Entries, incident_io
from bot.sources.seam import Portion, Source
from tests.sources.incidents import CATALOGUE, MADE, SUBJECT, TEAM, ended, incident, page, severity
from tests.sources.strands import UNTIL, access, one_run, signals
from tests.sources.system import Reply, Seen, System


def source_of(url: str, **entries: Any) -> Source:
    """What the team Refunds is affected by, for refunds_agent."""
    given = {"fields": {"Affected Team": ["Refunds"]}, "workflow": "refunds_agent"} | entries
    return incident_io(access(url, "canary"), [Entries.model_validate(given)])


def read(system: System, cursor: str | None = None, **entries: Any) -> list[Portion]:
    """What one run reads."""
    return one_run(system, source_of(system.url, **entries), cursor)


def told(portions: list[Portion]) -> list[tuple[object, object, object]]:
    """What each says, its title and its link aside."""
    return [(each["id"], each["at"], each["status"]) for each in signals(portions)]


def test_an_incident_is_opened_and_resolved(system: System) -> None:
    system.at("/v2/incidents", page(incident(1, "closed", **ended("2026-03-05T12:00:00Z")), incident(2)))
    portions = read(system)
    about = {
        "type": "incident",
        "workflow": "refunds_agent",
        "key": "INC-1",
        "severity": 2,
        "title": "Refunds stand still",
        "url": "https://app.incident.io/acme/incidents/1",
    }
    first, second, third = signals(portions)
    assert first == {**about, "id": "01INC1:opened", "at": "2026-03-05T09:01:00+00:00", "status": "open"}
    assert second == {
        **about,
        "id": "01INC1:resolved:1772712000",
        "at": "2026-03-05T12:00:00+00:00",
        "status": "resolved",
    }
    assert (third["id"], third["status"]) == ("01INC2:opened", "open")
    assert json.loads(portions[-1].cursor) == {
        "since": "2026-03-09T09:00:00Z",
        "after": None,
        "begun": None,
        "open": {"01INC2": {"severity": 2, "at": "2026-03-05T09:02:00Z"}},
    }
    assert parse_qs(urlsplit(system.paths[0]).query) == {
        "updated_at[gte]": ["2025-12-08"],
        "sort_by": ["created_at_oldest_first"],
        "page_size": ["50"],
    }
    assert system.seen[0].headers["Authorization"] == "Bearer canary"


def test_an_open_incident_is_told_of_again_when_its_severity_changes_and_not_otherwise(system: System) -> None:
    system.at("/v2/incidents", page(incident(1)))
    cursor = read(system)[-1].cursor
    touched = incident(1, name="Refunds stand quite still", updated_at="2026-03-06T09:00:00Z")
    system.at("/v2/incidents", page(touched))
    again = read(system, cursor)
    assert told(again) == []
    system.at("/v2/incidents", page(touched | {"severity": severity("Critical")}))
    (worse,) = signals(read(system, again[-1].cursor))
    assert (worse["id"], worse["at"], worse["severity"]) == ("01INC1:open:1772787600", "2026-03-06T09:00:00+00:00", 1)


def test_what_is_opened_once_more_is_open_until_it_is_resolved_once_more(system: System) -> None:
    over = ended("2026-03-05T12:00:00Z")
    system.at("/v2/incidents", page(incident(1, "closed", **over)))
    cursor = read(system)[-1].cursor
    system.at("/v2/incidents", page(incident(1, "live", **over | {"updated_at": "2026-03-06T09:00:00Z"})))
    reopened = read(system, cursor)
    assert told(reopened) == [
        ("01INC1:opened", "2026-03-05T09:01:00+00:00", "open"),
        ("01INC1:open:1772787600", "2026-03-06T09:00:00+00:00", "open"),
    ]
    system.at("/v2/incidents", page(incident(1, "learning", **over | {"updated_at": "2026-03-07T09:00:00Z"})))
    assert told(read(system, reopened[-1].cursor)) == [
        ("01INC1:resolved:1772874000", "2026-03-07T09:00:00+00:00", "resolved")
    ]


@pytest.mark.parametrize("category", ["triage", "declined", "canceled", "merged"])
def test_what_is_no_incident_is_not_told_of(system: System, category: str) -> None:
    system.at("/v2/incidents", page(incident(1, category)))
    assert told(read(system)) == []


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"category": "canceled"} | ended("2026-03-06T09:00:00Z", "Canceled at"), id="canceled"),
        pytest.param({"category": "merged", "updated_at": "2026-03-06T09:00:00Z"}, id="merged into another"),
        pytest.param({"custom_field_entries": [], "updated_at": "2026-03-06T09:00:00Z"}, id="of another team"),
    ],
)
def test_what_was_open_and_is_none_of_the_workflows_any_more_does_not_stay_open(
    system: System, changes: dict[str, Any]
) -> None:
    system.at("/v2/incidents", page(incident(1)))
    cursor = read(system)[-1].cursor
    system.at("/v2/incidents", page(incident(1, **changes)))
    portions = read(system, cursor)
    assert told(portions) == [("01INC1:resolved:1772787600", "2026-03-06T09:00:00+00:00", "resolved")]
    assert signals(portions)[0]["severity"] == 2
    assert json.loads(portions[-1].cursor)["open"] == {}


def test_one_written_down_afterwards_was_opened_when_it_was_over_at_the_latest(system: System) -> None:
    system.at("/v2/incidents", page(incident(1, "closed", mode="retrospective", **ended("2026-03-02T12:00:00Z"))))
    assert [at for _, at, _ in told(read(system))] == ["2026-03-02T12:00:00+00:00"] * 2


def test_what_happens_after_the_run_is_the_next_ones(system: System) -> None:
    later = ended("2026-03-09T10:00:00Z")
    system.at("/v2/incidents", page(incident(1, "closed", **later), incident(2, created_at="2026-03-09T10:00:00Z")))
    assert told(read(system)) == [("01INC1:opened", "2026-03-05T09:01:00+00:00", "open")]


@pytest.mark.parametrize(
    ("entries", "numbers"),
    [
        ({"fields": {"Affected Team": ["Refunds", "Payments"]}}, [1, 2]),
        ({"fields": {"01FIELD": ["Refunds"]}}, [1]),
        ({"fields": {"Affected Team": ["Refunds"], "Tags": ["agents"]}}, []),
        ({"fields": {"Tags": ["agents"]}}, [3]),
        ({"fields": {}, "types": ["Outage"]}, [1, 2]),
        ({"types": ["Other"]}, []),
        ({"fields": {}, "only_severities": ["Critical"]}, [2]),
    ],
)
def test_a_field_a_type_or_a_severity_says_whose_it_is(
    system: System, entries: dict[str, Any], numbers: list[int]
) -> None:
    catalogue = {"value_catalog_entry": {"id": "01ENTRY", "name": "Payments"}}
    tags = TEAM | {"custom_field": SUBJECT | {"id": "01TAGS", "name": "Tags"}}
    system.at(
        "/v2/incidents",
        page(
            incident(1),
            incident(2, custom_field_entries=[TEAM | {"values": [catalogue]}], severity=severity("Critical")),
            incident(3, incident_type=None, custom_field_entries=[tags | {"values": [{"value_text": "agents"}]}]),
        ),
    )
    assert [each["key"] for each in signals(read(system, **entries))] == [f"INC-{number}" for number in numbers]


@pytest.mark.parametrize(
    ("given", "weighs"),
    [
        (severity("Critical"), 1), (severity("MINOR"), 4), (severity("SEV-3"), 3), (severity("P5"), 5),
        (severity("Bad"), 3), (severity("Odd"), 2), (None, 2),
    ],
)  # fmt: skip
def test_severity_is_what_the_file_or_its_name_says(system: System, given: Any, weighs: int) -> None:
    system.at("/v2/incidents", page(incident(1, severity=given)))
    assert [each["severity"] for each in signals(read(system, severities={"Bad": 3}))] == [weighs]


def test_a_link_that_is_not_incident_ios_is_left_out_and_a_title_cleaned(system: System) -> None:
    odd = incident(1, permalink="https://evil-incident.io/x", name="\u202e<!channel>\n*bold*" + "x" * 900)
    system.at("/v2/incidents", page(odd, incident(2, name=" ", permalink=None)))
    first, second = signals(read(system))
    assert "url" not in first
    assert str(first["title"]).startswith("<!channel> *bold*xxx")
    assert len(str(first["title"])) == 300
    assert (second["title"], "url" in second) == ("INC-2", False)


def test_a_run_that_breaks_off_goes_on_with_the_next_page(system: System) -> None:
    system.at("/v2/incidents", page(incident(1), after="01INC1"), Reply(None, 403))
    source = source_of(system.url)
    system.closing.append(source.close)
    portions = source.strands[0].read(None, UNTIL)
    kept = next(portions)
    with pytest.raises(NoAccess):
        next(portions)
    system.at("/v2/incidents", page(incident(2)))
    later = read(system, kept.cursor)
    assert parse_qs(urlsplit(system.paths[-1]).query)["after"] == ["01INC1"]
    assert [each["key"] for each in signals(later)] == ["INC-2"]
    mark = json.loads(later[-1].cursor)
    assert (mark["since"], mark["after"], sorted(mark["open"])) == ("2026-03-09T09:00:00Z", None, ["01INC1", "01INC2"])


def test_a_page_that_is_gone_is_no_reason_to_stay_blind(system: System) -> None:
    cursor = json.dumps({"since": "2026-03-01T09:00:00Z", "after": "01GONE", "begun": "2026-03-08T09:00:00Z"})
    system.at("/v2/incidents", Reply(None, 422), page(incident(1)))
    portions = read(system, cursor)
    assert [each["key"] for each in signals(portions)] == ["INC-1"]
    assert json.loads(portions[-1].cursor)["since"] == "2026-03-08T09:00:00Z"


def test_pages_without_end_are_read_to_a_limit(system: System) -> None:
    system.otherwise = lambda _: page(incident(1), after=f"01AFTER{len(system.seen)}")
    with pytest.raises(
        Endless, match=r"^incident_io has more than 10,000 incidents that changed since 2025-12-09: what"
    ):
        read(system)
    assert len(system.seen) == 200


def test_a_page_that_comes_again_is_said(system: System) -> None:
    system.at("/v2/incidents", page(incident(1), after="01INC1"))
    with pytest.raises(Circling, match=r"^incident_io gave a page of incidents that was read already in place of the"):
        read(system)
    assert len(system.seen) == 2


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (Reply(None, 401), NoAccess, "incident_io did not take the token: set INCIDENT_IO_TOKEN to one that is in"),
        (Reply(None, 403), NoAccess, "incident_io refused /v2/incidents: give the token in INCIDENT_IO_TOKEN the"),
        (Reply(None, 404), Missing, "incident_io has nothing at /v2/incidents, or hides it from this token: check the"),
        (Reply(None, 429, {"Retry-After": "600"}), Throttled, "incident_io wants no more questions until "),
        (Reply(None, 503), Unreached, "incident_io has a fault of its own (status 503)."),
        (Reply(body=b'{"incidents": ['), Garbled, "incident_io gave an answer that is no JSON, or cut it off."),
        (Reply({"incidents": [{}]}), Garbled, "incident_io gave an answer of another shape (at incidents.0.id)."),
        (Reply(None, 302, {"Location": "http://10.0.0.1/"}), Astray, "incident_io sent us from /v2/incidents to"),
    ],
)  # fmt: skip
def test_a_bad_answer_is_said_in_a_sentence(system: System, reply: Reply, kind: type[SourceError], said: str) -> None:
    system.at("/v2/incidents", reply)
    with pytest.raises(kind) as raised:
        read(system)
    assert str(raised.value).startswith(said)


def test_without_a_token_it_says_which_variable_is_missing() -> None:
    source = incident_io(access("https://api.incident.io", None), [])
    assert source.problem == "incident_io has no token: set INCIDENT_IO_TOKEN to an API key that may view data."


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ({}, ""),
        ({"fields": {"01FIELD": ["Refunds"]}, "types": ["Outage"], "severities": {"Major": 3}}, ""),
        (
            {"fields": {"Afected Team": ["Refunds"]}},
            "incident_io has no custom field 'Afected Team': did you mean 'Affected Team'?",
        ),
        ({"types": ["01FIELD"]}, "incident_io has no incident type '01FIELD': write it as incident.io's settings do."),
        ({"only_severities": ["Majr"]}, "incident_io has no severity 'Majr': did you mean 'Major'?"),
        ({"severities": {"Bad": 3}}, "incident_io has no severity 'Bad': write it as incident.io's settings do."),
    ],
)
def test_a_name_that_nothing_has_is_said_by_doctor(system: System, entries: dict[str, Any], said: str) -> None:
    system.at("/v2/incidents", page())
    for path, answer in CATALOGUE.items():
        system.at(path, Reply(answer))
    source = source_of(system.url, **entries)
    system.closing.append(source.close)
    if said:
        with pytest.raises(Missing) as raised:
            source.greet()
        assert str(raised.value) == said
    else:
        assert source.greet() == "refunds_agent"


def test_their_own_client_asks_as_we_do_and_reads_what_our_system_answers(system: System) -> None:
    from incident_io import AuthenticatedClient
    from incident_io.api.custom_fields_v2 import custom_fields_v2_list
    from incident_io.api.incident_types_v1 import incident_types_v1_list
    from incident_io.api.incidents_v2 import incidents_v2_list
    from incident_io.api.severities_v1 import severities_v1_list
    from incident_io.models import IncidentsListResultV2, IncidentsV2ListSortBy, IncidentsV2ListUpdatedAt

    def pages(seen: Seen) -> Reply:
        is_first = "after=" not in seen.path
        return page(incident(1), after="01INC1") if is_first else page(incident(2, "closed", **ended(MADE)))

    def names(client: AuthenticatedClient) -> list[str]:
        fields = custom_fields_v2_list.sync(client=client)
        types = incident_types_v1_list.sync(client=client)
        severities = severities_v1_list.sync(client=client)
        return [fields.custom_fields[0].name, types.incident_types[0].name, severities.severities[0].name]

    for path, answer in CATALOGUE.items():
        system.at(path, Reply(answer))
    with AuthenticatedClient(system.url, token="canary", httpx_args={"trust_env": False}) as client:
        assert names(client) == ["Affected Team", "Outage", "Major"]
    assert system.paths == list(CATALOGUE)
    system.seen.clear()
    system.otherwise = pages
    read(system)
    ours = [parse_qs(urlsplit(path).query) for path in system.paths]
    with AuthenticatedClient(system.url, token="canary", httpx_args={"trust_env": False}) as client:
        asked: dict[str, Any] = {
            "client": client,
            "page_size": 50,
            "sort_by": IncidentsV2ListSortBy.CREATED_AT_OLDEST_FIRST,
            "updated_at": IncidentsV2ListUpdatedAt.from_dict({"gte": ["2025-12-08"]}),
        }
        first = incidents_v2_list.sync(**asked)
        assert isinstance(first, IncidentsListResultV2)
        assert first.pagination_meta
        second = incidents_v2_list.sync(**asked, after=first.pagination_meta.after)
    assert isinstance(second, IncidentsListResultV2)
    assert [parse_qs(urlsplit(path).query) for path in system.paths[2:]] == ours
    assert system.seen[2].headers["Authorization"] == system.seen[0].headers["Authorization"]
    found = [
        (each.reference, each.incident_status.category.value, each.severity.name, each.custom_field_entries[0].values)
        for each in (*first.incidents, *second.incidents)
        if each.severity
    ]
    assert [(*each[:3], [value.value_option.value for value in each[3] if value.value_option]) for each in found] == [
        ("INC-1", "live", "Major", ["Refunds"]),
        ("INC-2", "closed", "Major", ["Refunds"]),
    ]
