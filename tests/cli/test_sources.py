"""`rollout sources`: what there is, one run now, and what a run would bring; from GitHub to a line on Monday."""

import os
import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select

from bot.domain.errors import NotFound
from bot.sources.github import Pulls
from store import Database
from store.tables.ledger import people
from store.tables.program import workflows
from store.tables.sources import source_mappings
from tests.cli.conftest import Ran, Rollout
from tests.readme_tables import README
from tests.sources import feedback, scores
from tests.sources.incidents import incident, page
from tests.sources.jira_cloud import Cloud, item, status
from tests.sources.peers.peers import PACKAGES, TOKENS, GitHub, stateful
from tests.sources.system import Reply, System, serving

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

NOW = "--at 2026-03-09T09:00:00Z"
NOT_THERE: list[dict[str, object]] = [
    {"name": name, "configured": False, "state": None, "read_at": None, "signals": None, "mapped": []}
    for name in ("incident_io", "jira", "langfuse", "langsmith", "linear", "pagerduty")
]
MAPPED = {"place": "acme/macros", "workflow": "refunds_agent", "by": "file"}
CHANGE = {
    "number": 12,
    "title": "A macro <!channel> for *refunds*",
    "user": {"login": "ana"},
    "created_at": "2026-03-04T09:00:00Z",
    "updated_at": "2026-03-05T09:00:00Z",
    "closed_at": "2026-03-05T09:00:00Z",
    "merged_at": "2026-03-05T09:00:00Z",
    "merge_commit_sha": "abc",
}
COMMITS = [{"sha": "abc", "commit": {"message": "A macro", "author": {"date": "2026-03-03T21:00:00Z"}}}]


@pytest.fixture
def system() -> Iterator[System]:
    """A system that has one merged pull request."""
    with serving() as running:
        running.at("/repos/acme/macros/pulls", Reply([CHANGE]))
        running.at("/repos/acme/macros/pulls/12/commits", Reply(COMMITS))
        yield running


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of sources, and the settings that name it and a token."""
    made = tmp_path / "sources.yaml"
    made.write_text("github:\n  - repository: acme/macros\n    workflow: refunds_agent\n", "utf-8")
    monkeypatch.setenv("ROLLOUT_SOURCES", str(made))
    monkeypatch.setenv("GITHUB_TOKEN", "canary-4711")
    return made


@pytest.fixture
def at_github(system: System, file: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    """The same, answered by the system."""
    monkeypatch.setenv("GITHUB_API_URL", system.url)
    return system


@pytest.fixture
def at_langfuse(system: System, file: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    """A project at Langfuse in place of that."""
    monkeypatch.setenv("LANGFUSE_TOKEN", "pk-lf-canary:sk-lf-canary")
    monkeypatch.setenv("LANGFUSE_API_URL", system.url)
    scores.answering(system)
    return system


@pytest.fixture
def at_langsmith(system: System, file: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    """A workspace at LangSmith in place of that."""
    monkeypatch.setenv("LANGSMITH_TOKEN", "canary-4711")
    monkeypatch.setenv("LANGSMITH_API_URL", system.url)
    feedback.answering(system)
    return system


def test_every_source_that_rollout_knows_is_listed(rollout: Rollout) -> None:
    assert rollout("sources list").answer == {"sources": [NOT_THERE[0] | {"name": "github"}, *NOT_THERE]}


def test_a_run_brings_signals_once_and_is_listed(rollout: Rollout, refunds: str, at_github: System) -> None:
    assert rollout(f"sources list {NOW}").answer["sources"] == [
        {
            "name": "github",
            "configured": True,
            "state": "stale",
            "read_at": None,
            "signals": {"week": 0, "week_before": 0},
            "mapped": [MAPPED],
        },
        *NOT_THERE,
    ]
    ran = rollout(f"sources pull {NOW}")
    brought = {"name": "github", "ended": "read", "accepted": 1, "duplicate": 0, "rejected": [], "why": None}
    assert (ran.status, ran.answer) == (0, {"sources": [brought]})
    again = rollout(f"sources pull github {NOW}")
    assert (again.status, again.answer) == (0, {"sources": [brought | {"accepted": 0, "duplicate": 1}]})
    assert rollout(f"sources list {NOW}").answer["sources"] == [
        {
            "name": "github",
            "configured": True,
            "state": "fresh",
            "read_at": "2026-03-09T09:00:00.000000Z",
            "signals": {"week": 1, "week_before": 0},
            "mapped": [MAPPED],
        },
        *NOT_THERE,
    ]
    assert rollout("digest --format json --at 2026-03-09T10:00:00Z").answer["sources"] == [
        {"name": "github", "state": "fresh", "read_at": "2026-03-09T09:00:00Z"}
    ]
    assert rollout("audit verify").status == 0


def test_a_dry_run_shows_each_signal_and_keeps_none(rollout: Rollout, refunds: str, at_github: System) -> None:
    port = at_github.url.rpartition(":")[2]
    ran = rollout(f"sources pull --dry-run {NOW}")
    signal = {
        "id": "acme/macros#12:merged",
        "type": "change",
        "at": "2026-03-05T09:00:00+00:00",
        "key": "acme/macros#12",
        "title": "A macro <!channel> for *refunds*",
        "merged_at": "2026-03-05T09:00:00+00:00",
        "lead_time_hours": 36.0,
        "reverts": None,
        "irreversible": False,
        "workflow": "refunds_agent",
        "url": f"http://127.0.0.1:{port}/acme/macros/pull/12",
    }
    assert (ran.status, ran.answer["sources"]) == (
        0,
        [{"name": "github", "signals": [signal], "rejected": [], "why": None}],
    )
    assert rollout(f"sources list {NOW}").answer["sources"][0]["state"] == "stale"


def test_what_is_wrong_is_said_without_the_token_and_fails(rollout: Rollout, refunds: str, at_github: System) -> None:
    at_github.at("/repos/acme/macros/pulls", Reply({"message": "Bad credentials canary-4711"}, 401))
    why = "github did not take the token: set GITHUB_TOKEN to one that is in force."
    ran = rollout(f"sources pull {NOW}")
    assert (ran.status, ran.answer["sources"][0]["ended"], ran.answer["sources"][0]["why"]) == (1, "failed", why)
    listed = rollout(f"sources list {NOW}")
    assert listed.answer["sources"][0]["state"] == "failed"
    assert listed.err == f"github was not read to the end: {why}\n"
    told = rollout(f"digest {NOW}")
    assert "github" in told.out
    assert "source.blind" in rollout(f"digest --format json {NOW}").out
    for each in (ran, listed, told):
        assert "canary-4711" not in each.out + each.err


def test_what_a_run_logs_stands_beside_the_answer(rollout: Rollout, refunds: str, at_github: System) -> None:
    at_github.at("/repos/acme/macros/pulls", Reply([CHANGE | {"merged_at": "2027-03-05T09:00:00Z"}]))
    ran = rollout(f"sources pull {NOW}")
    why = "acme/macros#12:merged: at is in the future: 2027-03-05 09:00:00 UTC is 361 days ahead."
    assert ran.answer["sources"][0]["rejected"] == [{"line": 1, "why": why}]
    assert '"event": "signals refused"' in ran.err


PULLS = "/repos/acme/macros/pulls"
BACK = {"Link": f'<{PULLS}>; rel="next"'}
SECONDARY = {"message": "You have exceeded a secondary rate limit. Please wait a few minutes."}


@pytest.fixture
def both(at_github: System, file: Path, monkeypatch: pytest.MonkeyPatch) -> System:
    """The same system, which is PagerDuty too."""
    entry = "pagerduty:\n  - {service: PIJ90N7, workflow: refunds_agent}\n"
    file.write_text(file.read_text("utf-8") + entry, "utf-8")
    monkeypatch.setenv("PAGERDUTY_TOKEN", "t")
    monkeypatch.setenv("PAGERDUTY_API_URL", at_github.url)
    at_github.at("/incidents", Reply({"incidents": []}))
    return at_github


@pytest.mark.parametrize(
    ("reply", "token", "accepted", "said"),
    [
        pytest.param(
            Reply([CHANGE], headers={"Link": '<http://[::1>; rel="next"'}), "canary", 0,
            "github named a next page at something that is no address.",
            id="a next link that is no address",
        ),
        pytest.param(
            Reply([CHANGE], headers=BACK), "canary", 1,
            f"github gave a page of {PULLS} that was read already in place of the next.",
            id="a page that comes again",
        ),
        pytest.param(
            Reply(SECONDARY, 403), "canary", 0, "github wants no more questions until ", id="a secondary rate limit"
        ),
        pytest.param(
            Reply([CHANGE]), "line\nbreak", 0,
            "github was not asked, because GITHUB_TOKEN is empty, or holds a line break",
            id="a token with a line break",
        ),
        pytest.param(
            Reply(None, 302, {"Location": "http://100.64.0.1/"}), "canary", 0,
            f"github sent us from {PULLS} to another address, which is not followed",
            id="a redirect into an overlay network",
        ),
    ],
)  # fmt: skip
def test_whatever_is_wrong_with_one_source_the_next_one_is_read_and_a_later_run_recovers(
    rollout: Rollout, refunds: str, both: System, monkeypatch: pytest.MonkeyPatch,
    reply: Reply, token: str, accepted: int, said: str,
) -> None:  # fmt: skip
    both.at(PULLS, reply)
    monkeypatch.setenv("GITHUB_TOKEN", token)
    ran = rollout(f"sources pull {NOW}")
    github, pagerduty = ran.answer["sources"]
    assert (ran.status, github["ended"], github["accepted"]) == (1, "failed", accepted)
    assert github["why"].startswith(said)
    assert pagerduty["ended"] == "read"

    both.at(PULLS, Reply([CHANGE]))
    monkeypatch.setenv("GITHUB_TOKEN", "canary")
    again = rollout(f"sources pull {NOW}").answer["sources"][0]
    if reply.status == 403:
        assert (again["ended"], again["accepted"]) == ("waits", 0)
    else:
        assert (again["ended"], again["accepted"], again["duplicate"]) == ("read", 1 - accepted, accepted)


def test_a_date_that_is_none_stops_no_run(rollout: Rollout, refunds: str, both: System) -> None:
    both.at(PULLS, Reply([CHANGE], headers={"Date": "Fri, 31 Dec 9999 23:59:59 -2359"}))
    ran = rollout(f"sources pull {NOW}")
    assert (ran.status, [each["ended"] for each in ran.answer["sources"]]) == (0, ["read", "read"])


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (ValueError("canary-4711"), "Something went wrong that Rollout did not expect (reference "),
        (NotFound("There is no such row."), "There is no such row."),
    ],
)
def test_a_source_that_fails_in_a_way_nobody_foresaw_keeps_no_other_from_being_read(
    rollout: Rollout, refunds: str, both: System, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    def broken(*_: object) -> None:
        raise error

    monkeypatch.setattr(Pulls, "read", broken)
    for command, keys in (("sources pull", ("ended", "why")), ("sources pull --dry-run", ("why",))):
        ran = rollout(f"{command} {NOW}")
        github, pagerduty = ran.answer["sources"]
        assert (ran.status, github["why"][: len(said)]) == (1, said)
        assert [pagerduty[key] for key in keys] == [*["read"][: len(keys) - 1], None]
    assert rollout(f"sources list {NOW}").err.startswith(f"github was not read to the end: {said}")


def test_an_incident_at_incident_io_is_a_line_in_the_digest_and_doctor_knows_its_field(
    rollout: Rollout, refunds: str, system: System, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("incident_io:\n  - {fields: {Affected Team: [Refunds]}, workflow: refunds_agent}\n", "utf-8")
    monkeypatch.setenv("INCIDENT_IO_TOKEN", "canary-4711")
    monkeypatch.setenv("INCIDENT_IO_API_URL", system.url)
    system.at("/v2/incidents", page(incident(1)))
    system.at("/v2/custom_fields", Reply({"custom_fields": [{"id": "01FIELD", "name": "Affected Team"}]}))
    assert rollout(f"sources pull {NOW}").answer["sources"][0]["accepted"] == 1
    (found,) = (
        each for each in rollout(f"digest --format json {NOW}").answer["findings"] if each["rule"] == "incident.open"
    )
    assert (found["workflow"], found["severity"]) == ("refunds_agent", "critical")
    assert found["evidence"] == [{"id": "01INC1:opened", "url": "https://app.incident.io/acme/incidents/1"}]
    assert "ok · sources: incident_io answers for refunds_agent.\n" in rollout("doctor").out


def test_a_run_at_langfuse_that_did_not_pass_is_a_line_in_the_digest(
    rollout: Rollout, refunds: str, at_langfuse: System, file: Path
) -> None:
    file.write_text(
        "langfuse:\n  - workflow: refunds_agent\n"
        "    evals: [{dataset: refunds/core <!here>, score: correct, at_least: 0.8}]\n",
        "utf-8",
    )
    at_langfuse.at("/api/public/experiments", scores.page(scores.experiment(1)))
    cases = [scores.case(number, scores.score("correct", number / 10)) for number in range(10)]
    at_langfuse.at("/api/public/experiment-items", scores.page(*cases))
    assert rollout(f"sources pull {NOW}").answer["sources"][0]["accepted"] == 1
    assert rollout(f"sources pull {NOW}").answer["sources"][0]["accepted"] == 0
    (found,) = (
        each
        for each in rollout(f"digest --format json {NOW}").answer["findings"]
        if each["rule"] == "eval.below_threshold"
    )
    assert (found["workflow"], found["severity"]) == ("refunds_agent", "critical")
    assert found["evidence"] == [{"id": "e-1:correct", "url": f"{at_langfuse.url}/project/p-refunds/datasets/d-1"}]
    shown = rollout(f"digest --format blocks {NOW}").out
    assert ("&lt;!here&gt;" in shown, "<!here>" in shown) == (True, False)
    assert "ok · sources: langfuse answers for refunds_agent.\n" in rollout("doctor").out


def test_reviews_at_langsmith_are_a_line_in_the_digest_when_too_many_are_overrides(
    rollout: Rollout, refunds: str, at_langsmith: System, file: Path
) -> None:
    file.write_text(
        "langsmith:\n  - workflow: refunds_agent\n    reviews:\n"
        "      - {project: refunds <!here>, feedback: verdict, approved: [1], rejected: [0]}\n",
        "utf-8",
    )
    at_langsmith.at("/api/v2/runs/query", feedback.page(*(feedback.run(number) for number in range(20))))
    at_langsmith.at("/api/v1/feedback", Reply([feedback.feedback(number, number % 2) for number in range(20)]))
    assert rollout(f"sources pull {NOW}").answer["sources"][0]["accepted"] == 20
    assert rollout(f"sources pull {NOW}").answer["sources"][0]["accepted"] == 0
    (found,) = (
        each for each in rollout(f"digest --format json {NOW}").answer["findings"] if each["rule"] == "override.rising"
    )
    assert (found["workflow"], found["severity"]) == ("refunds_agent", "warning")
    assert "ok · sources: langsmith answers for refunds_agent.\n" in rollout("doctor").out


def test_what_waits_in_a_queue_of_langfuse_is_a_backlog_in_the_digest_until_it_is_judged(
    rollout: Rollout, refunds: str, at_langfuse: System, file: Path
) -> None:
    file.write_text(
        "langfuse:\n  - workflow: refunds_agent\n    reviews:\n"
        "      - {score: verdict, approved: [good], rejected: [bad], queue: refunds <!here>}\n",
        "utf-8",
    )

    def judged(count: int) -> Reply:
        about = [{"id": f"s-{number}", "subject": {"kind": "trace", "id": f"t-{number}"}} for number in range(count)]
        return scores.page(*(scores.score("verdict", "good", "2026-03-09T08:00:00Z", **each) for each in about))

    items = "/api/public/annotation-queues/q%2F1/items"
    at_langfuse.at(items, scores.numbered(*(scores.queued(number) for number in range(24))))
    at_langfuse.at("/api/public/v3/scores", judged(3))
    (foreseen,) = rollout(f"sources pull --dry-run {NOW}").answer["sources"]
    assert (len(foreseen["signals"]), foreseen["rejected"]) == (27, [])
    assert rollout(f"sources pull {NOW}").answer["sources"][0]["accepted"] == 27
    (found,) = backlogs(rollout)
    assert (found["workflow"], found["severity"]) == ("refunds_agent", "warning")
    assert found["summary"].endswith("12.5 % of 24 outputs are reviewed, 21 wait (at least 95 %)")
    rollout(f"signal void langfuse/i-23:queued --reason 'Taken out of the queue.' --as UAPP {NOW}")
    assert rollout(f"sources pull {NOW}").answer["sources"][0]["accepted"] == 0
    (found,) = backlogs(rollout)
    assert found["summary"].endswith("13 % of 23 outputs are reviewed, 20 wait (at least 95 %)")
    assert "ok · sources: langfuse answers for refunds_agent.\n" in rollout("doctor").out

    at_langfuse.at(items, scores.numbered())
    at_langfuse.at("/api/public/v3/scores", judged(24))
    assert rollout(f"sources pull {NOW}").answer["sources"][0]["accepted"] == 21
    assert backlogs(rollout) == []


def test_what_waits_in_a_queue_of_langsmith_is_a_backlog_in_the_digest_until_it_is_judged(
    rollout: Rollout, refunds: str, at_langsmith: System, file: Path
) -> None:
    file.write_text(
        "langsmith:\n  - workflow: refunds_agent\n    reviews:\n"
        "      - {project: refunds <!here>, feedback: verdict, approved: [1], rejected: [0], queue: refunds <!here>}\n",
        "utf-8",
    )
    items = f"/api/v1/platform/annotation-queues/{feedback.name_of('c', 1)}/items"
    at_langsmith.at(items, feedback.page())
    waiting = feedback.page(*(feedback.queued(number) for number in range(24)))
    at_langsmith.at(f"{items}?status=needs_my_review&item_type=RUN&page_size=100", waiting)
    at_langsmith.at("/api/v2/runs/query", feedback.page(*(feedback.run(number) for number in range(24))))
    at_langsmith.at("/api/v1/feedback", Reply([feedback.feedback(1, 1)]))
    assert rollout(f"sources pull {NOW}").answer["sources"][0]["accepted"] == 25
    (found,) = backlogs(rollout)
    assert found["summary"].endswith("4.1 % of 24 outputs are reviewed, 23 wait (at least 95 %)")
    assert "ok · sources: langsmith answers for refunds_agent.\n" in rollout("doctor").out

    at_langsmith.at("/api/v1/feedback", Reply([feedback.feedback(number, 1) for number in range(24)]))
    assert rollout(f"sources pull {NOW}").answer["sources"][0]["accepted"] == 23
    assert backlogs(rollout) == []


def backlogs(rollout: Rollout) -> list[dict[str, Any]]:
    """What Monday's digest says of outputs that wait."""
    found: list[dict[str, Any]] = rollout(f"digest --format json {NOW}").answer["findings"]
    return [each for each in found if each["rule"] == "review.backlog"]


def test_the_source_that_the_readme_describes_can_be_read(
    rollout: Rollout, refunds: str, system: System, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (example,) = re.findall(r"```yaml\n(helpdesk:.*?)```", README.read_text("utf-8"), re.DOTALL)
    file.write_text(example.replace("https://helpdesk.example", system.url), "utf-8")
    monkeypatch.setenv("SOURCE_TOKEN_HELPDESK", "canary-4711")
    ticket = {"id": 7, "subject": "Refunds *stand* <!here>", "kind": "outage", "priority": "urgent", "state": "new"}
    times = {"created_at": "2026-03-05 08:00:00", "changed_at": "2026-03-05 09:00:00", "tags": ["wrong_refund"]}
    tickets = [ticket | times | {"links": {"web": "https://helpdesk.example/7"}}, {"id": 8, "kind": "question"}]
    system.at("/api/v2/tickets", Reply({"data": {"tickets": tickets, "next": None}}))
    system.at("/api/v2/surveys.csv", Reply(body=b"Day;Score\n2026-03-06;4.5\n"))

    assert rollout("sources pull helpdsk").err == "There is no source 'helpdsk'; did you mean helpdesk?\n"
    ran = rollout(f"sources pull helpdesk --dry-run {NOW}")
    (helpdesk,) = ran.answer["sources"]
    assert (ran.status, helpdesk["rejected"], helpdesk["why"]) == (0, [], None)
    about = {"workflow": "refunds_agent"}
    assert [{name: each[name] for name in each if name != "id"} for each in helpdesk["signals"]] == [
        about | {
            "type": "incident", "key": "7", "title": "Refunds *stand* <!here>", "severity": 1, "status": "open",
            "at": "2026-03-05T09:00:00+00:00", "url": "https://helpdesk.example/7",
        },
        about | {"type": "rework", "kind": "defect", "cost_usd": 40, "at": "2026-03-05T08:00:00+00:00"},
        about | {"type": "metric", "at": "2026-03-06T00:00:00+00:00", "metric": "csat", "value": 4.5},
    ]  # fmt: skip
    assert rollout(f"sources pull helpdesk {NOW}").answer["sources"][0]["accepted"] == 3
    again = rollout(f"sources pull {NOW}").answer["sources"]
    assert [(each["name"], each["accepted"], each["duplicate"]) for each in again] == [("helpdesk", 0, 3)]
    listed = {each["name"]: each["state"] for each in rollout(f"sources list {NOW}").answer["sources"]}
    assert {name for name, state in listed.items() if state} == {"helpdesk"}
    assert listed["helpdesk"] == "fresh"
    assert "ok · sources: helpdesk answers for refunds_agent.\n" in rollout("doctor").out
    findings = rollout(f"digest --format json {NOW}").answer["findings"]
    assert [each["workflow"] for each in findings if each["rule"] == "incident.open"] == ["refunds_agent"]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("sources pull githup", "There is no source 'githup'; did you mean github?\n"),
        ("sources pull github", "github is not configured: give it entries in the file that ROLLOUT_SOURCES names.\n"),
        ("sources pull", "No source is configured: name a file in ROLLOUT_SOURCES that says what of a source"),
    ],
)
def test_a_source_that_is_not_there_is_bad_usage(rollout: Rollout, line: str, said: str) -> None:
    ran = rollout(line)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(said)


def test_a_file_that_cannot_be_used_is_bad_usage(rollout: Rollout, file: Path) -> None:
    file.write_text("github: [{repository: acme}]\n", "utf-8")
    ran = rollout("sources pull")
    assert ran.status == 2
    assert ran.err == (
        f"ROLLOUT_SOURCES: {file}:1: github.0.repository: must be an owner and a name, as acme/macros.\n"
        f"ROLLOUT_SOURCES: {file}:1: github.0.workflow: is missing.\n"
    )


def test_doctor_asks_each_source_whether_it_lets_us_in(
    rollout: Rollout, at_github: System, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "ok · sources: github answers for acme/macros.\n" in rollout("doctor").out
    at_github.at("/repos/acme/macros/pulls", Reply(None, 404))
    assert (
        "problem · sources: github has nothing at /repos/acme/macros/pulls, or hides it from this token: check the "
        "name, and GITHUB_TOKEN.\n"
    ) in rollout("doctor").out
    monkeypatch.delenv("GITHUB_TOKEN")
    assert "problem · sources: github has no token: set GITHUB_TOKEN" in rollout("doctor").out
    monkeypatch.delenv("ROLLOUT_SOURCES")
    assert "ok · sources: ROLLOUT_SOURCES is not set, so no outside system is read.\n" in rollout("doctor").out
    monkeypatch.setenv("GITHUB_TOKEN", "t")
    assert "warning · sources: GITHUB_TOKEN set, but ROLLOUT_SOURCES is not" in rollout("doctor").out
    monkeypatch.setenv("GITHUB_WEBHOOK_SECRET", "canary-4711")
    assert (
        "warning · sources: GITHUB_TOKEN and GITHUB_WEBHOOK_SECRET set, but ROLLOUT_SOURCES is not"
        in rollout("doctor").out
    )


def test_doctor_says_that_a_webhook_is_of_no_use_without_a_repository(
    rollout: Rollout, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("jira: [{project: SUP, workflow: refunds_agent}]\n", "utf-8")
    monkeypatch.setenv("GITHUB_WEBHOOK_SECRET", "canary-4711")
    told = "GITHUB_WEBHOOK_SECRET is set, but no repository is mapped, so no webhook makes anything be read."
    said = rollout("doctor").out
    assert f"warning · sources: {told}" in said
    assert "canary-4711" not in said


def test_doctor_says_what_keeps_jira_from_being_read_and_the_mend(
    rollout: Rollout, system: System, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("jira: [{project: SUP, workflow: refunds_agent}]\n", "utf-8")
    mend = "set JIRA_TOKEN to MAIL:TOKEN for Jira Cloud, or to a personal access token for Data Center"
    assert f"problem · sources: jira has no token: {mend}.\n" in rollout("doctor").out
    monkeypatch.setenv("JIRA_TOKEN", "ana@acme.example:canary-4711")
    assert "problem · sources: jira has no address: set JIRA_API_URL to it" in rollout("doctor").out
    monkeypatch.setenv("JIRA_API_URL", system.url)
    Cloud(system)
    assert 'ok · sources: jira answers for project = "SUP".\n' in rollout("doctor").out
    system.at("/rest/api/3/search/jql", Reply({"errorMessages": ["No project canary-4711"]}, 400))
    said = rollout("doctor").out
    assert "problem · sources: jira does not understand which items belong to refunds_agent (project = " in said
    assert "canary-4711" not in said


def test_doctor_says_what_keeps_linear_from_being_read_and_the_mend(
    rollout: Rollout, system: System, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("linear: [{team: SUP, workflow: refunds_agent}]\n", "utf-8")
    assert "problem · sources: linear has no token: set LINEAR_TOKEN to an API key" in rollout("doctor").out
    monkeypatch.setenv("LINEAR_TOKEN", "lin_api_canary-4711")
    monkeypatch.setenv("LINEAR_API_URL", system.url)
    nodes: dict[str, object] = {name: {"nodes": []} for name in ("projects", "issueLabels")}
    system.at("/graphql", Reply({"data": {**nodes, "teams": {"nodes": [{"name": "SUP"}]}}}))
    assert "ok · sources: linear answers for team SUP.\n" in rollout("doctor").out
    system.at("/graphql", Reply({"data": {**nodes, "teams": {"nodes": []}}}))
    mend = "linear has no team SUP, or hides it from this token: check the name in ROLLOUT_SOURCES, and LINEAR_TOKEN."
    assert f"problem · sources: {mend}\n" in rollout("doctor").out
    system.at("/graphql", Reply({"errors": [{"message": "No: lin_api_canary-4711"}]}, 401))
    said = rollout("doctor").out
    assert "problem · sources: linear did not take the token: set LINEAR_TOKEN to one that is in force.\n" in said
    assert "canary-4711" not in said


def test_an_item_of_work_that_is_stuck_is_in_mondays_digest(
    rollout: Rollout, refunds: str, system: System, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("jira: [{project: SUP, workflow: refunds_agent}]\n", "utf-8")
    monkeypatch.setenv("JIRA_TOKEN", "ana@acme.example:canary-4711")
    monkeypatch.setenv("JIRA_API_URL", system.url)
    Cloud(system).items = [item(1, duedate="2026-03-06"), item(2, status=status("Blocked")), item(3)]
    assert rollout(f"sources pull {NOW}").answer["sources"][0]["accepted"] == 3
    (found,) = (
        each for each in rollout(f"digest --format json {NOW}").answer["findings"] if each["rule"] == "work.stuck"
    )
    assert {each["url"] for each in found["evidence"]} == {f"{system.url}/browse/SUP-1", f"{system.url}/browse/SUP-2"}


@pytest.fixture
def remembering(tmp_path: Path) -> Iterator[GitHub]:
    """A GitHub with a memory, which nobody here wrote."""
    if reason := PACKAGES.why_missing():
        pytest.skip(reason)
    with stateful(tmp_path) as running:
        yield running


def test_a_revert_on_github_is_a_line_in_mondays_digest(
    rollout: Rollout, support: str, file: Path, remembering: GitHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_API_URL", remembering.url)
    monkeypatch.setenv("GITHUB_TOKEN", TOKENS["ana"])
    today = datetime.now(UTC)
    monday = (today + timedelta(days=7 - today.weekday())).replace(hour=9, minute=0, second=0, microsecond=0)
    start = f"{today - timedelta(days=7):%Y-%m-%d}"
    started = rollout(f"start refunds_agent --team {support} --start {start} --owner UANA --steward UANA --as ULEAD")
    assert started.status == 0
    change = remembering.pull("ana", "one", "Refund without asking")
    remembering.merge("rui", change)
    remembering.merge("rui", remembering.pull("rui", "two", 'Revert "Refund without asking"', body="Reverts #1"))

    at = f"--at {monday:%Y-%m-%dT%H:%M:%SZ}"
    assert rollout(f"sources pull {at}").answer["sources"][0]["accepted"] == 2
    (found,) = (
        each for each in rollout(f"digest --format json {at}").answer["findings"] if each["rule"] == "change.reverted"
    )
    assert found["workflow"] == "refunds_agent"
    assert found["evidence"] == [{"id": "acme/macros#2:merged", "url": f"{remembering.url}/acme/macros/pull/2"}]
    assert found["summary"] in rollout(f"digest {at}").out
    assert "1 of 1 source fresh" in rollout(f"digest {at}").out


def test_the_bot_does_not_start_with_a_file_that_cannot_be_used(
    rollout: Rollout, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-a-test")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-of-a-test")
    file.write_text("gitlab: []\n", "utf-8")
    ran = rollout("run")
    assert (ran.status, ran.err) == (2, f"ROLLOUT_SOURCES: {file}:1: gitlab: is no source: did you mean 'github'?\n")


def test_what_an_admin_mapped_is_read_and_listed_as_such(
    rollout: Rollout, refunds: str, at_github: System, file: Path
) -> None:
    with closing(Database(os.environ["ROLLOUT_DATABASE_URL"])) as database, database.writing() as connection:
        person = connection.scalar(select(people.c.id).limit(1))
        workflow = connection.scalar(select(workflows.c.id).limit(1))
        row: dict[str, object] = {"id": "map_1", "source": "pagerduty", "place": "PIJ90N7", "place_key": "pij90n7"}
        row |= {"workflow_id": workflow, "made_by": person, "made_at": datetime(2026, 3, 9, tzinfo=UTC)}
        connection.execute(insert(source_mappings).values(row))
    listed = {each["name"]: each["mapped"] for each in rollout(f"sources list {NOW}").answer["sources"]}
    assert {name: mapped for name, mapped in listed.items() if mapped} == {
        "github": [MAPPED],
        "pagerduty": [{"place": "PIJ90N7", "workflow": "refunds_agent", "by": "hand"}],
    }
    assert [each["name"] for each in rollout(f"sources pull {NOW}").answer["sources"]] == ["github", "pagerduty"]
    assert "problem · sources: pagerduty has no token" in rollout("doctor").out


def test_what_a_source_names_no_more_is_not_done(
    rollout: Rollout, refunds: str, system: System, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("jira: [{project: SUP, workflow: refunds_agent}]\n", "utf-8")
    monkeypatch.setenv("JIRA_TOKEN", "ana@acme.example:canary-4711")
    monkeypatch.setenv("JIRA_API_URL", system.url)
    cloud = Cloud(system)

    def stuck(day: str) -> list[object]:
        at = f"--at 2026-03-{day}T09:00:00Z"
        assert rollout(f"sources pull {at}").status == 0
        told = rollout(f"digest --format json {at}").answer["findings"]
        return [each["facts"] for each in told if each["rule"] == "work.stuck"]

    cloud.items = [item(number, status=status("Blocked")) for number in (1, 2, 3)]
    three = {"blocked": 3, "overdue": 0, "items": ["SUP-1", "SUP-2", "SUP-3"]}
    assert stuck("09") == [three]
    later = "2026-03-12T10:00:00.000+0100"
    cloud.items = [item(1, status=status("Blocked"), updated=later)]
    assert stuck("16") == [three]
    cloud.items = []
    assert stuck("17") == [three]
    cloud.items = [item(2, status=status("Done"), updated="2026-03-17T12:00:00.000+0100")]
    assert stuck("18") == [{"blocked": 2, "overdue": 0, "items": ["SUP-1", "SUP-3"]}]


def test_a_list_that_is_shorter_than_last_week_ends_nothing(
    rollout: Rollout, refunds: str, system: System, file: Path
) -> None:
    file.write_text(
        f"helpdesk:\n  kind: http\n  url: {system.url}\n  reads:\n    - workflow: refunds_agent\n"
        "      path: tickets\n      signals:\n        - type: incident\n"
        "          fields: {key: id, title: subject, severity: priority, status: state, at: changed_at}\n",
        "utf-8",
    )

    def still_open(day: str, *tickets: tuple[str, str, str]) -> set[str]:
        told = [{"id": key, "subject": "It stands", "priority": 1, "state": state, "changed_at": at}
                for key, state, at in tickets]  # fmt: skip
        system.at("/tickets", Reply(told))
        at = f"--at 2026-03-{day}T09:00:00Z"
        assert rollout(f"sources pull {at}").status == 0
        findings = rollout(f"digest --format json {at}").answer["findings"]
        return {each["facts"]["incident"] for each in findings if each["rule"] == "incident.open"}

    one, two = ("T-1", "open", "2026-03-05T08:00:00Z"), ("T-2", "open", "2026-03-06T08:00:00Z")
    assert still_open("09", one, two) == {"T-1", "T-2"}
    assert still_open("16", one) == {"T-1", "T-2"}
    assert still_open("17") == {"T-1", "T-2"}
    assert still_open("18", one, ("T-2", "resolved", "2026-03-18T08:00:00Z")) == {"T-1"}


def test_a_list_that_is_cut_short_in_the_second_week_is_said_on_monday_and_its_items_are_still_open(
    rollout: Rollout, refunds: str, system: System, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file.write_text("jira: [{project: SUP, workflow: refunds_agent}]\n", "utf-8")
    monkeypatch.setenv("JIRA_TOKEN", "ana@acme.example:canary-4711")
    monkeypatch.setenv("JIRA_API_URL", system.url)
    cloud = Cloud(system)

    def monday(day: str) -> tuple[str, dict[str, Any], Ran]:
        at = f"--at 2026-03-{day}T09:00:00Z"
        assert rollout(f"sources pull {at}").status == 0
        return rollout(f"digest {at}").out, rollout(f"digest --format json {at}").answer, rollout(f"sources list {at}")

    cloud.items = [item(1, status=status("Blocked")), *(item(number, minute=number) for number in range(2, 41))]
    told, digest, listed = monday("09")
    assert ("the week before" in told, listed.err) == (False, "")

    # All forty were touched again, and two are on the only page that comes.
    cloud.items = [item(number, updated=f"2026-03-12T10:{number}:00.000+0100") for number in (10, 11)]
    told, digest, listed = monday("16")
    assert told.splitlines()[1] == (
        "jira gave 2 signals this week, 40 the week before. If that surprises you, look at rollout sources list."
    )
    assert listed.err == (
        "jira gave 2 signals in the last seven days, 40 in the seven before. If that surprises you, look at what is "
        "mapped, and at what its token may read.\n"
    )
    found = {each["name"]: each["signals"] for each in listed.answer["sources"]}
    assert found["jira"] == {"week": 2, "week_before": 40}
    assert digest["complete"] is True
    assert digest["sources"] == [{"name": "jira", "state": "fresh", "read_at": "2026-03-16T09:00:00Z"}]
    assert [each["facts"]["items"] for each in digest["findings"] if each["rule"] == "work.stuck"] == [["SUP-1"]]
