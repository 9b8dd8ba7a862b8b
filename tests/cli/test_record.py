"""Numbers by hand at the command line: recorded, listed, corrected."""

import pytest

from tests.cli.conftest import Rollout

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

AT = "--at 2026-03-30T09:00:00Z"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("metric refunds_agent csat 4.2 --n 120", "metric, csat 4.2, 30 Mar 2026"),
        ("metric refunds_agent csat 4.2 --on 2026-03-27", "metric, csat 4.2, 27 Mar 2026"),
        ("eval refunds_agent core --cases 200 --passed 191", "eval run, core: 191 of 200 passed, 30 Mar 2026"),
        (
            "reviews refunds_agent --outputs 80 --reviewed 78 --overridden 6",
            "review tally, 78 of 80 reviewed, 6 overridden, 30 Mar 2026",
        ),
        ("rework refunds_agent rollback 120.50", "rework, rollback of $120.50, 30 Mar 2026"),
        (
            "incident refunds_agent INC-1 --severity 3 --status open --title 'Refunds were sent twice.'",
            "incident, INC-1, severity 3, open, 30 Mar 2026",
        ),
        ("redline refunds_agent no_pii --summary 'It refused.'", "red line, no_pii, test fired, 30 Mar 2026"),
    ],
)
def test_each_kind_is_recorded_once_and_listed_with_who_typed_it(
    rollout: Rollout, refunds: str, line: str, says: str
) -> None:
    first = rollout(f"record {line} --as UANA {AT}")
    number = first.answer["id"]
    assert (first.status, first.answer) == (0, {"id": number, "source": "typed", "recorded": True, "stopped": []})
    again = rollout(f"record {line} --as ULEAD {AT}")
    assert (again.status, again.answer["id"], again.answer["recorded"]) == (0, number, False)
    assert "so nothing changed" in again.err
    (listed,) = rollout("record list refunds_agent").answer["numbers"]
    assert (listed["id"], listed["says"], listed["by"]) == (number, says, "UANA")
    assert rollout("audit verify").answer["ok"]


def test_a_name_that_nobody_defined_is_kept_with_a_remark(rollout: Rollout, refunds: str) -> None:
    made = rollout(f"record metric refunds_agent csta 4.2 --as UANA {AT}")
    assert (made.answer["recorded"], made.err) == (
        True,
        "Nobody has defined it by this name, so no gate looks at it: check how it is spelled.\n",
    )


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("metric refunds_agent csat 4,2", "“4,2” is no plain number: write digits, such as 12 or 0.95."),
        ("metric refunds_agent csat 1e308", "“1e308” is no plain number: write digits, such as 12 or 0.95."),
        ("metric refunds_agent ' ' 4.2", "Please give the metric a name, spelled as the signals about it spell it."),
        (
            "metric refunds_agent csat 4.2 --on 2026-03-31",
            "31 Mar 2026 is still to come: pick the day that the number is about.",
        ),
        ("eval refunds_agent core --cases 190 --passed 191", "passed is 191 and cases only 190."),
        ("rework refunds_agent rollback -- -1", 'cost_usd must be from 0 to less than 1,000,000,000, not "-1".'),
        ("metric refunds_agnt csat 4.2", "There is no workflow 'refunds_agnt'. Did you mean refunds_agent?"),
    ],
)
def test_what_is_no_number_is_refused_in_a_sentence(rollout: Rollout, refunds: str, line: str, why: str) -> None:
    refused = rollout(f"--as UANA {AT} record {line}")
    assert (refused.status, refused.out, refused.err) == (1, "", f"{why}\n")


def test_a_member_without_a_role_records_nothing(rollout: Rollout, refunds: str) -> None:
    refused = rollout(f"record metric refunds_agent csat 4.2 --as UEVE {AT}")
    assert (refused.status, refused.err) == (1, "You can't record a number by hand here: UANA or ULEAD can.\n")


def test_an_approver_corrects_at_once_and_others_ask(rollout: Rollout, refunds: str) -> None:
    wrong = rollout(f"record metric refunds_agent csat 42 --as UANA {AT}").answer["id"]
    asked = rollout(f"signal correct {wrong} value=4.2 --reason 'A point was missing.' --as UANA {AT}")
    request = asked.answer["request"]
    assert asked.answer == {"id": wrong, "source": "typed", "instead": None, "request": request}
    waiting = rollout(f"requests --format text {AT}").out
    assert f"correct a signal of refunds_agent: metric, csat 42, 30 Mar 2026 (typed/{wrong}); instead: " in waiting
    assert "instead: metric, csat 4.2, 30 Mar 2026" in waiting
    assert [each["says"] for each in rollout("record list refunds_agent").answer["numbers"]] == [
        "metric, csat 42, 30 Mar 2026"
    ]
    rollout(f"approve {request} --as UAPP {AT}")
    (stands,) = rollout("record list refunds_agent").answer["numbers"]
    assert stands["says"] == "metric, csat 4.2, 30 Mar 2026"
    done = rollout(f"signal correct {stands['id']} value=4.3 n=80 --reason 'Counted anew.' --as UAPQ {AT}")
    (now,) = rollout("record list refunds_agent").answer["numbers"]
    assert (done.answer["instead"], now["says"]) == (now["id"], "metric, csat 4.3, 30 Mar 2026")


@pytest.mark.parametrize(
    ("changes", "status", "why"),
    [
        ("value=4.2", 1, "It says just so already, so nothing was changed: give the value that it should have been."),
        ("value=", 1, "value is missing."),
        ("title=x", 1, "title is nothing to correct in a signal of type metric: give metric, value, n."),
        ("4.3", 2, "'4.3' says nothing to change: write the field, = and its value, such as value=4.2."),
    ],
)
def test_a_correction_that_changes_nothing_is_refused(
    rollout: Rollout, refunds: str, changes: str, status: int, why: str
) -> None:
    number = rollout(f"record metric refunds_agent csat 4.2 --as UANA {AT}").answer["id"]
    refused = rollout(f"signal correct {number} {changes} --reason x --as UAPP {AT}")
    assert (refused.status, refused.err) == (status, f"{why}\n")
