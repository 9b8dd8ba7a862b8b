"""`rollout finding`, and the findings of `rollout status`."""

from dataclasses import replace

import pytest

from bot.domain.findings.kinds import Severity
from bot.domain.verdicts import Trace
from tests.cli.conftest import Rollout
from tests.findings.troubles import BLIND, LATE, Troubles

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

AT = "--at 2026-03-09T10:00:00Z"
EVIDENCED = replace(LATE, evidence=(Trace("item", "collect_cases", "https://a.example/1"), Trace("item", "name_roles")))


@pytest.fixture
def late(rollout: Rollout, refunds: str, troubles: Troubles) -> str:
    """The id of the one finding, about refunds_agent."""
    troubles.of("refunds_agent", EVIDENCED)
    (found,) = rollout(f"finding list {AT}").answer["findings"]
    return str(found["id"])


def test_findings_are_listed_with_what_made_them_fire(rollout: Rollout, late: str) -> None:
    entry = {
        "id": late,
        "rule": "item.overdue",
        "version": 3,
        "severity": "warning",
        "workflow": "refunds_agent",
        "team": "Support",
        "summary": "2 required items are late: Collect 200 real past cases, Name the roles.",
        "facts": {"late": 2, "items": ["collect_cases", "name_roles"]},
        "owner": "UANA",
        "next_step": "Do them, or ask to skip them.",
        "first_seen": "2026-03-09T10:00:00.000000Z",
        "weeks": 1,
        "state": "new",
        "acknowledged_by": None,
        "snoozed_until": None,
        "evidence": [{"id": "collect_cases", "url": "https://a.example/1"}, {"id": "name_roles", "url": None}],
    }
    for line in ("finding list", "finding list refunds_agent"):
        assert rollout(f"{line} {AT}").answer == {"findings": [entry]}
    assert rollout(f"finding list --format text {AT}").out == (
        f"{late}  warning  refunds_agent: 2 required items are late: Collect 200 real past cases, Name the roles. → "
        "@UANA (item.overdue, new)\n"
    )


def test_nothing_found_is_said_so(rollout: Rollout, refunds: str, troubles: Troubles) -> None:
    assert rollout(f"finding list {AT}").answer == {"findings": []}
    assert rollout(f"finding list --format text {AT}").out == "Nothing is off plan, by what is known now.\n"


def test_a_finding_is_acknowledged_snoozed_and_assigned(rollout: Rollout, late: str) -> None:
    assert rollout(f"finding ack {late} --as UANA {AT}").answer == {"id": late, "state": "acknowledged"}
    (known,) = rollout(f"finding list {AT}").answer["findings"]
    assert (known["state"], known["acknowledged_by"]) == ("acknowledged", "UANA")
    again = rollout(f"finding ack {late} --as ULEAD {AT}")
    assert (again.status, again.err) == (
        1,
        "UANA acknowledged this on 9 Mar at 10:00 UTC, so nothing changed.\n",
    )
    put_off = rollout(f"finding snooze {late} --until 2026-03-20 --reason 'A vendor mends it.' --as UANA {AT}")
    assert put_off.answer == {"id": late, "state": "snoozed", "until": "2026-03-20"}
    assert rollout(f"finding assign {late} UBEN --as UANA {AT}").answer == {"id": late, "owner": "UBEN"}
    (asleep,) = rollout(f"finding list {AT}").answer["findings"]
    assert (asleep["state"], asleep["snoozed_until"], asleep["owner"]) == ("snoozed", "2026-03-20", "UBEN")
    (back,) = rollout("finding list --at 2026-03-20T10:00:00Z").answer["findings"]
    assert back["state"] == "new"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("finding ack {id} --as UMAX", "You can't acknowledge, snooze or assign this finding: UANA or ULEAD can."),
        (
            "finding ack fnd_0000000000 --as UANA",
            "There is no finding 'fnd_0000000000'. The command finding list shows those that stand now.",
        ),
        (
            "finding snooze {id} --until 2026-03-09 --reason x --as UANA",
            "2026-03-09 is not ahead: give the day on which this is to return, tomorrow or later.",
        ),
        (
            "finding ack {id} --as agent:refunds",
            "This asks for a person, and refunds is none (agent): a person must do it.",
        ),
    ],
)
def test_what_is_refused_says_why(rollout: Rollout, late: str, line: str, sentence: str) -> None:
    refused = rollout(f"{line.format(id=late)} {AT}")
    assert (refused.status, refused.out, refused.err) == (1, "", f"{sentence}\n")


def test_why_shows_the_rule_the_facts_and_what_people_did(rollout: Rollout, late: str) -> None:
    told = rollout(f"finding why {late} {AT}").answer
    assert (told["id"], told["fires_when"]) == (late, "Something is off plan that a test made up.")
    rollout(f"finding snooze {late} --until 2026-03-20 --reason 'A vendor mends it.' --as UANA {AT}")
    assert rollout(f"finding why {late} --format text {AT}").out == (
        "WARNING  refunds_agent: 2 required items are late: Collect 200 real past cases, Name the roles.\n"
        "  → @UANA: Do them, or ask to skip them.\n"
        "  snoozed, first seen 9 Mar 2026, 10:00 (UTC)\n"
        "  late: 2\n"
        "  items: collect_cases, name_roles\n"
        "  evidence: item collect_cases, https://a.example/1\n"
        "  evidence: item name_roles\n"
        "Rule item.overdue, version 3: Something is off plan that a test made up.\n"
        "9 Mar 2026, 10:00 (UTC)  @UANA took it up\n"
        "9 Mar 2026, 10:00 (UTC)  @UANA snoozed it: A vendor mends it.\n"
    )


def test_why_of_what_is_found_no_more_says_so(rollout: Rollout, late: str, troubles: Troubles) -> None:
    rollout(f"finding ack {late} --as UANA {AT}")
    troubles.over("refunds_agent")
    assert rollout(f"finding why {late} {AT}").answer == {
        "id": late,
        "rule": "item.overdue",
        "severity": "warning",
        "workflow": "refunds_agent",
        "first_seen": "2026-03-09T10:00:00.000000Z",
        "state": "resolved",
        "resolved_at": None,
        "fires_when": "Something is off plan that a test made up.",
    }
    assert rollout(f"finding why {late} --format text {AT}").out.startswith(
        "refunds_agent: this is found no more. It was first seen 9 Mar 2026, 10:00 (UTC).\n"
    )


def test_every_rule_is_listed_with_its_precision(rollout: Rollout, late: str) -> None:
    assert rollout(f"finding useless {late} --reason 'We know.' --as UMAX {AT}").answer == {"id": late, "useful": False}
    told = rollout("finding rules --format json").answer["rules"]
    assert told[0] == {
        "id": "item.overdue",
        "version": 3,
        "fires_when": "Something is off plan that a test made up.",
        "came": 1,
        "not_useful": 1,
        "precision": 0.0,
    }
    assert (told[-1]["id"], told[-1]["precision"]) == ("source.blind", None)
    rollout(f"finding useful {late} --as UMAX {AT}")
    assert rollout("finding rules").out.startswith(
        "item.overdue: Something is off plan that a test made up.\n"
        "    precision: 100 % (came up 1 time, 0 called not useful)\n"
    )


def test_the_status_has_the_findings_in_the_agreed_shape(rollout: Rollout, late: str, troubles: Troubles) -> None:
    troubles.of("refunds_agent", replace(LATE, severity=Severity.CRITICAL, summary="CSAT 4.1."), "red_line.violated")
    troubles.spot(found=BLIND)
    (entry,) = rollout(f"status --format json {AT}").answer["workflows"]
    assert entry["findings"] == [
        {"rule": "red_line.violated", "severity": "critical", "summary": "CSAT 4.1."},
        {"rule": "item.overdue", "severity": "warning", "summary": LATE.summary},
    ]


def test_the_status_in_words_names_the_gravest_and_counts_what_is_snoozed(rollout: Rollout, late: str) -> None:
    one = rollout(f"status refunds_agent {AT}").out
    assert (
        "  Findings: 1\n"
        f"    warning: 2 required items are late: Collect 200 real past cases, Name the roles. → @UANA ({late})\n"
    ) in one
    rollout(f"finding snooze {late} --until 2026-03-20 --reason x --as UANA {AT}")
    assert "  Findings: 0, and 1 snoozed\n" in rollout(f"status {AT}").out
