"""What of Jira's answers becomes a signal, which questions are asked, and what a broken answer does to a run."""

from typing import Any

import pytest

from bot.sources import jira_site
from bot.sources.errors import (
    Circling,
    Endless,
    Garbled,
    Missing,
    NoAccess,
    SourceError,
    Throttled,
    Unclear,
    Unreached,
)
from bot.sources.jira import Entries, Items, jira
from bot.sources.jira_site import Site
from bot.sources.seam import Portion, Source
from tests.sources.jira_cloud import FLAG, Cloud, item, moved, status
from tests.sources.strands import UNTIL, access, by_id, keys, one_run
from tests.sources.system import Reply, Seen, System, line

CLOUD = "/rest/api/3/search/jql"
SERVER = "/rest/api/2/search"


def source(system: System, token: str = "ana@acme.example:canary", **entries: Any) -> Source:
    """Jira at this system, the project SUP for refunds_agent."""
    given = {"project": "SUP", "workflow": "refunds_agent"} | entries
    made = jira(access(system.url, token), [Entries.model_validate(given)])
    system.closing.append(made.close)
    return made


def run(system: System, cursor: str | None = None, **entries: Any) -> list[Portion]:
    """What one run reads."""
    return one_run(system, source(system, **entries), cursor)


@pytest.fixture
def cloud(system: System) -> Cloud:
    """A Jira Cloud."""
    return Cloud(system)


def test_an_item_is_told_as_it_stands(system: System, cloud: Cloud) -> None:
    ana = {"accountId": "5b10", "displayName": "Ana  Lima"}
    cloud.items = [item(1, 7, duedate="2026-03-04", assignee=ana), item(2, 8, status=status("Done"))]
    portions = run(system)
    assert by_id(portions) == {
        "SUP-1:1772701620000": {
            "id": "SUP-1:1772701620000",
            "type": "work_item",
            "at": "2026-03-05T10:07:00+01:00",
            "key": "SUP-1",
            "title": "Item 1",
            "status": "open",
            "due": "2026-03-04",
            "assignee": "Ana Lima",
            "workflow": "refunds_agent",
            "url": f"{system.url}/browse/SUP-1",
        },
        "SUP-2:1772701680000": {
            "id": "SUP-2:1772701680000",
            "type": "work_item",
            "at": "2026-03-05T10:08:00+01:00",
            "key": "SUP-2",
            "title": "Item 2",
            "status": "done",
            "due": None,
            "assignee": None,
            "workflow": "refunds_agent",
            "url": f"{system.url}/browse/SUP-2",
        },
    }
    assert [each.cursor for each in portions] == ["2026-03-05T10:08:00+01:00", "2026-03-09T09:00:00+00:00"]
    (asked,) = cloud.asked
    assert asked == {
        "jql": 'project = "SUP" AND updated >= "2025-12-09 03:00" ORDER BY updated ASC, key ASC',
        "fields": "summary,status,duedate,assignee,labels,created,updated,resolutiondate,statuscategorychangedate,"
        f"{FLAG}",
        "maxResults": "100",
    }
    assert {each.headers["Authorization"] for each in system.seen} == {"Basic YW5hQGFjbWUuZXhhbXBsZTpjYW5hcnk="}


@pytest.mark.parametrize(
    ("fields", "blocked", "told"),
    [
        ({"status": status("Doing")}, ["Blocked"], "open"),
        ({"status": status("Blocked")}, ["Blocked"], "blocked"),
        ({"status": status("Doing")}, ["on hold", "DOING"], "blocked"),
        ({"status": status("Blocked")}, [], "open"),
        ({FLAG: [{"value": "Impediment", "id": "10019"}]}, [], "blocked"),
        ({FLAG: []}, [], "open"),
        ({"status": status("Done"), FLAG: [{"value": "Impediment"}]}, ["Done"], "done"),
    ],
)
def test_an_item_is_blocked_by_its_status_or_its_flag_until_it_is_done(
    system: System, cloud: Cloud, fields: dict[str, Any], blocked: list[str], told: str
) -> None:
    cloud.items = [item(1, **fields)]
    (found,) = by_id(run(system, blocked=blocked)).values()
    assert found["status"] == told


def test_a_jira_without_flags_is_asked_for_none(system: System, cloud: Cloud) -> None:
    system.at("/rest/api/3/field", Reply([{"id": "summary", "custom": False, "name": "Flagged"}]))
    cloud.items = [item(1)]
    assert len(by_id(run(system))) == 1
    assert cloud.asked[0]["fields"].endswith(",statuscategorychangedate")


@pytest.mark.parametrize(
    ("entries", "scope"),
    [
        ({"project": "SUP"}, 'project = "SUP"'),
        ({"project": None, "labels": ["macros", 'a"b\\c']}, r'labels in ("macros", "a\"b\\c")'),
        ({"query": "component = A OR component = B"}, 'project = "SUP" AND (component = A OR component = B)'),
        ({"labels": ["ü"], "query": "x"}, 'project = "SUP" AND labels in ("ü") AND (x)'),
    ],
)
def test_project_labels_and_query_together_say_which_items(
    system: System, cloud: Cloud, entries: dict[str, Any], scope: str
) -> None:
    run(system, **entries)
    assert cloud.asked[0]["jql"].startswith(f"{scope} AND updated >= ")
    (strand,) = source(system, **entries).strands
    assert (strand.key, strand.workflow) == (f"{scope} → refunds_agent", "refunds_agent")


@pytest.mark.parametrize(
    ("zone", "clock"),
    [
        ("UTC", "2026-03-08 09:00"),
        ("Asia/Tokyo", "2026-03-08 18:00"),
        ("America/New_York", "2026-03-08 05:00"),
        ("Mars/Olympus", "2026-03-07 21:00"),
        ("../../etc/passwd", "2026-03-07 21:00"),
    ],
)
def test_a_question_is_put_on_the_clock_of_whoever_asks_an_hour_back(
    system: System, cloud: Cloud, zone: str, clock: str
) -> None:
    system.at("/rest/api/3/myself", Reply({"timeZone": zone}))
    run(system, "2026-03-08T10:00:00+00:00")
    assert f'updated >= "{clock}"' in cloud.asked[0]["jql"]


def test_the_next_run_goes_on_where_the_last_one_was_and_tells_what_is_new(system: System, cloud: Cloud) -> None:
    cloud.items = [item(number, number) for number in (1, 2, 3)]
    first = run(system, since="2026-03-01")
    assert [len(each.entries) for each in first] == [2, 1, 0]
    assert cloud.asked[1]["nextPageToken"] == "2"
    cloud.items = [item(1, updated="2026-03-09T08:30:00.000+0000", status=status("Done")), *cloud.items[1:]]
    again = run(system, "2026-03-09T08:00:00+00:00")
    assert [(each["key"], each["status"]) for each in by_id(again).values()] == [("SUP-1", "done")]


def test_what_is_touched_after_the_run_began_is_left_to_the_next(system: System, cloud: Cloud) -> None:
    cloud.items = [item(1), item(2, updated="2026-03-09T09:00:01.000+0000")]
    portions = run(system)
    assert [each["key"] for each in by_id(portions).values()] == ["SUP-1"]
    assert portions[-1].cursor == UNTIL.isoformat()
    assert run(system, "2026-03-10T09:00:00Z")[-1].cursor == "2026-03-10T09:00:00+00:00"


def test_what_was_done_and_taken_up_again_is_rework_at_the_cost_that_the_file_says(
    system: System, cloud: Cloud
) -> None:
    cloud.items = [item(1, 30), item(2, 31)]
    cloud.changes["SUP-1"] = [
        moved("1", "08:00", ("To Do", "Doing")),
        moved("2", "08:10", ("Doing", "Done")),
        moved("3", "08:20", ("Done", "To Do")),
        moved("4", "08:30", ("To Do", "Done")),
        moved("5", "08:40", ("Done", "Done")),
    ]
    gone = {"field": "status", "from": "999", "to": "1"}
    cloud.changes["SUP-2"] = [{"id": "6", "created": "2026-03-05T08:20:00.000+0000", "items": [gone]}]
    found = by_id(run(system, rework_cost_usd=80))
    assert found.pop("10001:reopened:3") == {
        "id": "10001:reopened:3",
        "type": "rework",
        "at": "2026-03-05T08:20:00+00:00",
        "kind": "reopened",
        "cost_usd": 80.0,
        "workflow": "refunds_agent",
        "url": f"{system.url}/browse/SUP-1",
    }
    assert [each["type"] for each in found.values()] == ["work_item", "work_item"]
    later = by_id(run(system, "2026-03-05T09:00:00Z", rework_cost_usd=80, since="2026-03-06"))
    assert [each["type"] for each in later.values()] == ["work_item", "work_item"]


def test_without_a_cost_nobody_asks_what_was_reopened(system: System, cloud: Cloud) -> None:
    cloud.items = [item(1)]
    run(system)
    assert [each.partition("?")[0] for each in system.paths] == [
        "/rest/api/3/field",
        "/rest/api/3/myself",
        "/rest/api/3/search/jql",
    ]


def test_an_item_that_is_deleted_meanwhile_keeps_no_other_from_being_read(system: System, cloud: Cloud) -> None:
    cloud.items = [item(1), item(2)]
    system.at("/rest/api/3/issue/SUP-1/changelog", Reply({"errorMessages": ["gone"]}, 404))
    assert len(by_id(run(system, rework_cost_usd=80))) == 2


@pytest.mark.parametrize(
    ("fields", "ended", "hours"),
    [
        ({"resolutiondate": "2026-03-04T21:30:00.000+0000"}, "2026-03-04T21:30:00+00:00", 60.5),
        ({"statuscategorychangedate": "2026-03-03T09:00:00.000+0000"}, "2026-03-03T09:00:00+00:00", 24.0),
        ({"statuscategorychangedate": None}, "2026-03-05T10:00:00+01:00", 72.0),
    ],
)
def test_a_done_item_with_such_a_label_is_a_change_that_cannot_be_taken_back(
    system: System, cloud: Cloud, fields: dict[str, Any], ended: str, hours: float
) -> None:
    cloud.items = [
        item(1, status=status("Done"), labels=["macros", "one-way"], **fields),
        item(2, labels=["one-way"]),
        item(3, status=status("Done"), labels=["macros"]),
    ]
    found = by_id(run(system, irreversible=["one-way", "final"]))
    assert [each["key"] for each in found.values() if each["type"] == "change"] == ["SUP-1"]
    assert found["10001:ended"] == {
        "id": "10001:ended",
        "type": "change",
        "at": ended,
        "key": "SUP-1",
        "title": "Item 1",
        "merged_at": ended,
        "lead_time_hours": hours,
        "reverts": None,
        "irreversible": True,
        "workflow": "refunds_agent",
        "url": f"{system.url}/browse/SUP-1",
    }


def test_what_ended_before_the_first_day_is_no_change(system: System, cloud: Cloud) -> None:
    cloud.items = [item(1, status=status("Done"), labels=["x"], resolutiondate="2026-03-04T09:00:00.000+0000")]
    assert list(by_id(run(system, irreversible=["x"], since="2026-03-05"))) == ["SUP-1:1772701200000"]


def test_a_title_full_of_markup_and_hidden_characters_is_one_line_of_it(system: System, cloud: Cloud) -> None:
    title = "<!channel> <https://evil.example|login>\u202e\nx" + "y" * 9000
    who = {"displayName": "<@U1>\n\u202eAna"}
    cloud.items = [item(1, summary=title, assignee=who), item(2, summary="\u200b", assignee={"displayName": "\u200b"})]
    first, second = by_id(run(system)).values()
    assert first["title"].startswith("<!channel> <https://evil.example|login> x")
    assert (len(first["title"]), first["assignee"]) == (300, "<@U1> Ana")
    assert (second["title"], second["assignee"]) == ("SUP-2", None)


def test_behind_atlassians_gateway_links_lead_to_the_site_itself(system: System, cloud: Cloud) -> None:
    cloud.items = [item(1)]
    entries = Entries.model_validate({"project": "SUP", "workflow": "w"})
    (portion, _) = Items(Site(line(system), is_cloud=True), entries, None).read(None, UNTIL)
    assert portion.entries[0]["url"] == "https://acme.atlassian.net/browse/SUP-1"


class Server:
    """A Jira Data Center that pages by offset; `before` is called before each page and may move things."""

    def __init__(self, system: System, count: int) -> None:
        self.items = [item(number, number // 60, updated=_minute(number)) for number in range(count)]
        self.starts: list[int] = []
        self.before: Any = lambda: None
        system.at("/rest/api/2/myself", Reply({"timeZone": "UTC"}))
        system.at("/rest/api/2/field", Reply([]))
        system.otherwise = self.page

    def page(self, seen: Seen) -> Reply:
        """A page of a hundred."""
        self.before()
        start = int(seen.path.rpartition("startAt=")[2])
        self.starts.append(start)
        return Reply({"startAt": start, "total": len(self.items), "issues": self.items[start : start + 100]})


def _minute(number: int) -> str:
    return f"2026-03-05T{9 + number // 60:02}:{number % 60:02}:00.000+0000"


def test_a_server_is_asked_by_offset_with_a_bearer_token(system: System) -> None:
    server = Server(system, 250)
    portions = one_run(system, source(system, "pat"))
    assert keys(portions) == {f"SUP-{number}" for number in range(250)}
    assert server.starts == [0, 90, 180]
    assert {each.headers["Authorization"] for each in system.seen} == {"Bearer pat"}
    assert "statuscategorychangedate" not in system.paths[-1]


@pytest.mark.parametrize(("leaving", "starts"), [(9, [0, 90, 180]), (95, [0, 90, 0, 90])])
def test_what_leaves_a_page_that_was_read_hides_nothing(system: System, leaving: int, starts: list[int]) -> None:
    server = Server(system, 250)

    def leave() -> None:
        if len(server.starts) == 1:
            del server.items[:leaving]

    server.before = leave
    portions = one_run(system, source(system, "pat"))
    assert keys(portions) == {f"SUP-{number}" for number in range(250)}
    assert server.starts[: len(starts)] == starts


def test_pages_without_end_are_read_to_a_limit(system: System, cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jira_site, "PAGES", 2)
    cloud.items = [item(number, number) for number in range(5)]
    strand = source(system).strands[0]
    portions = strand.read(None, UNTIL)
    kept = [next(portions), next(portions)]
    with pytest.raises(
        Endless, match=r"^jira has more than 200 items of refunds_agent since 2025-12-09: what is left is"
    ):
        next(portions)
    assert kept[-1].cursor == "2026-03-05T10:03:00+01:00"
    Server(system, 250)
    with pytest.raises(Endless):
        one_run(system, source(system, "pat"))


def test_a_page_that_comes_again_is_said_and_what_came_before_it_is_kept(system: System, cloud: Cloud) -> None:
    said = r"^jira gave a page of items that was read already in place of the next\."
    system.at(CLOUD, Reply({"issues": [item(1)], "nextPageToken": "again"}))
    portions = source(system).strands[0].read(None, UNTIL)
    assert keys([next(portions)]) == {"SUP-1"}
    with pytest.raises(Circling, match=said):
        next(portions)
    Server(system, 0)
    system.at(SERVER, Reply({"issues": [item(1), item(2)], "total": 9}))
    portions = source(system, "pat").strands[0].read(None, UNTIL)
    assert keys([next(portions)]) == {"SUP-1", "SUP-2"}
    with pytest.raises(Circling, match=said):
        next(portions)


@pytest.mark.parametrize(
    ("answer", "kind", "said"),
    [
        (Reply(None, 401), NoAccess, "jira did not take the token: set JIRA_TOKEN to one that is in force."),
        (Reply(None, 403), NoAccess, f"jira refused {CLOUD}: give the token in JIRA_TOKEN the right to read it."),
        (
            Reply(None, 404),
            Missing,
            f"jira has nothing at {CLOUD}, or hides it from this token: check the name, and JIRA_TOKEN.",
        ),
        (
            Reply({"errorMessages": ["The value 'SUP' does not exist for the field 'project'."]}, 400),
            Unclear,
            'jira does not understand which items belong to refunds_agent (project = "SUP"): look at their project, '
            "labels and query in ROLLOUT_SOURCES.",
        ),
        (Reply(None, 502), Unreached, "jira has a fault of its own (status 502)."),
        (Reply({}, body=b'{"issues": [{"key"'), Garbled, "jira gave an answer that is no JSON, or cut it off."),
        (Reply({}, is_cut=True), Unreached, "jira broke off its answer."),
        (Reply([]), Garbled, "jira gave an answer of another shape."),
        (
            Reply({"issues": [item(1, updated="yesterday")]}),
            Garbled,
            "jira gave an answer of another shape (at issues.0.fields.updated).",
        ),
        (
            Reply({"issues": [item(1, updated="2026-03-05T09:00:00.000")]}),
            Garbled,
            "jira gave an answer of another shape (at issues.0.fields.updated).",
        ),
        (Reply({"issues": [item(1, summary="x" * 6_000_000)]}), Garbled, "jira gave an answer of more than 5 MB."),
    ],
)
def test_a_broken_answer_is_said_and_the_next_run_recovers(
    system: System, cloud: Cloud, answer: Reply, kind: type[SourceError], said: str
) -> None:
    system.at(CLOUD, *(answer,) * 3)
    found = source(system).strands[0]
    with pytest.raises(kind) as raised:
        list(found.read(None, UNTIL))
    assert str(raised.value) == said
    system.at(CLOUD, Reply({"issues": [item(1)]}))
    assert keys(list(found.read(None, UNTIL))) == {"SUP-1"}


def test_a_jira_that_wants_quiet_gets_it(system: System, cloud: Cloud) -> None:
    system.at(CLOUD, Reply(None, 429, {"Retry-After": "600"}))
    with pytest.raises(
        Throttled, match=r"^jira wants no more questions until \d\d:\d\d UTC; what is left is read after"
    ):
        run(system)
    assert len(cloud.asked) == 0
    cloud.items = [item(1)]
    system.at(CLOUD, Reply(None, 429, {"Retry-After": "1"}), Reply({"issues": [item(1)]}))
    assert keys(run(system)) == {"SUP-1"}


def test_a_kept_place_that_is_none_is_said(system: System) -> None:
    for cursor in ("yesterday", "2026-03-06T00:00:00", "{"):
        with pytest.raises(Garbled, match=r"^The kept place of jira cannot be read: restore a backup\."):
            run(system, cursor)


@pytest.mark.parametrize(
    ("url", "token", "said"),
    [
        ("https://acme.atlassian.net", None, "jira has no token: set JIRA_TOKEN to MAIL:TOKEN for Jira Cloud, or to "),
        ("", "pat", "jira has no address: set JIRA_API_URL to it, as https://acme.atlassian.net."),
        (
            "https://acme.atlassian.net",
            "pat",
            "jira has a token without a mail address, which Jira Cloud does not take",
        ),
        ("https://api.atlassian.com/ex/jira/1", "ana:x", "jira has a token without a mail address, which Jira Cloud "),
        ("https://acme.atlassian.net", "ana@acme.example:x", ""),
        ("https://jira.acme.example/jira", "pat", ""),
    ],
)
def test_what_is_missing_before_anything_can_be_asked_is_said(url: str, token: str | None, said: str) -> None:
    entries = [Entries.model_validate({"project": "SUP", "workflow": "w"})]
    found = jira(access(url, token), entries)
    assert (found.problem[: len(said)], bool(found.problem), len(found.strands)) == (said, bool(said), int(not said))


def test_greeting_looks_up_who_asks_and_every_choice_of_items(system: System, cloud: Cloud) -> None:
    assert source(system).greet() == 'project = "SUP"'
    assert cloud.asked == [{"jql": 'project = "SUP"', "fields": "status", "maxResults": "1"}]
    with pytest.raises(
        Missing, match=r"^jira has nothing at /rest/api/2/myself: JIRA_TOKEN was taken as one of Data C"
    ):
        source(system, "pat").greet()
    system.at("/rest/api/3/myself", Reply(None, 404))
    with pytest.raises(Missing, match=r"taken as one of Jira Cloud, since it has a mail address; set it as the README"):
        source(system).greet()
    system.at("/rest/api/3/myself", Reply(None, 401))
    with pytest.raises(NoAccess, match=r"^jira did not take the token: set JIRA_TOKEN to one that is in force\.$"):
        source(system).greet()
