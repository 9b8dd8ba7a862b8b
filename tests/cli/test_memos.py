"""`rollout memo`: blank files, what is wrong with one, filing, listing, showing."""

import io
from pathlib import Path

import pytest

from tests.cli.conftest import Rollout

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

AT = "--at 2026-03-09T10:00:00Z"

WHOLE = """---
title: Refunds go out alone
category: Phase move
reversible: true
workflow: refunds_agent
owner: UANA
move: pilot -> production
changes: ["acme/app#12", 412]
visibility: everyone
prediction: {metric: hours_per_refund, comparison: "≥", value: 0.5, check_on: 2026-12-31}
---

# Refunds

## Decision

Up to $25. {{ 7 * 7 }} <!channel>

## Context

Evals hold.

## Options considered

- stay
"""


def write(text: str, name: str = "memo.md") -> str:
    Path(name).write_text(text, "utf-8")
    return name


def file(rollout: Rollout, text: str = WHOLE, who: str = "UANA", at: str = AT) -> str:
    return str(rollout(f"memo file {write(text)} --as {who} {at}").answer["id"])


def test_a_blank_memo_is_refused_with_every_gap_and_its_line(rollout: Rollout, refunds: str) -> None:
    blank = rollout("memo template")
    refused = rollout(f"memo file {write(blank.out)} {AT}")
    assert (blank.status, refused.status, refused.out) == (0, 1, "")
    assert refused.err == (
        "memo.md:2: title: is blank: write one line by which others will find it.\n"
        "memo.md:3: category: must be one of: pricing, security posture, roadmap, grant, phase move, other.\n"
        "memo.md:4: reversible: must be true or false; yes, no, on and off are words here.\n"
        "memo.md:15: Decision: Say what was decided and why: this is what the memo is for.\n"
    )
    assert rollout("memo list").answer == {"memos": []}


def test_a_filled_template_is_filed_by_whoever_sits_there(rollout: Rollout, refunds: str) -> None:
    filled = (
        rollout("memo template")
        .out.replace('title: ""', "title: Go")
        .replace('category: ""', "category: other")
        .replace('reversible: ""', "reversible: false")
        .replace("# workflow:", "workflow:")
        .replace("# prediction:", "prediction:")
        .replace("## Decision\n", "## Decision\n\nWe go.\n")
    )
    memo = rollout(f"memo file {write(filled)} {AT}").answer["id"]
    shown = rollout(f"memo show {memo}").answer
    assert (shown["owner"], shown["decision"], shown["context"]) == ("os:tester", "We go.", None)


def test_a_memo_may_come_from_standard_input(rollout: Rollout, refunds: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def typed(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    typed("\ufeff" + WHOLE.replace("\n", "\r\n"))
    assert rollout(f"memo file - --as UANA {AT}").status == 0
    assert rollout("memo list alone refunds").answer["memos"] != []
    typed("no front matter")
    assert rollout(f"memo file - --as UANA {AT}").err == (
        "standard input:1: must begin with front matter: a line ---, then keys such as title, then another line ---.\n"
    )


@pytest.mark.parametrize(
    ("found", "instead", "told"),
    [
        (
            "title: R",
            "titel: R",
            "memo.md:2: titel: is not known here: did you mean 'title'?\nmemo.md:2: title: is missing.\n",
        ),
        ("Phase move", "Phases", "memo.md:3: category: must be one of: pricing, security posture"),
        ("reversible: true", "reversible: yes", "memo.md:4: reversible: must be true or false"),
        ("owner: UANA", "owner: ana", "memo.md:6: owner: must be a Slack user id"),
        ("pilot -> production", "pilot -> scaling", "memo.md:7: move: must be the step to the next phase"),
        ("visibility: everyone", "visibility: all", "memo.md:9: visibility: 'all' is not known here"),
        ("value: 0.5", "value: .nan", "memo.md:10: prediction.value: must be a plain number"),
        ("check_on: 2026-12-31", "check_on: soon", "memo.md:10: prediction.check_on: must be a date"),
        ("2026-12-31", "2026-02-31", "memo.md:10: prediction.check_on: is no day of the calendar."),
        ('comparison: "≥"', 'comparison: "="', "memo.md:10: prediction.comparison: must be one of: >=, <=, >, <"),
        ('comparison: "≥"', "comparison: >=", "memo.md:10: is not valid YAML here"),
        ("# Refunds", "Preface", "memo.md:13: text stands before the first section"),
        ("## Context", "## Contxt", "memo.md:19: 'Contxt': is no section of a memo: did you mean 'Context'?"),
        ("## Context", "## Decision", "memo.md:19: Decision: is there twice"),
        ("title: Refunds go out alone", "title: &a x", "memo.md:2: title: has the anchor '&a'"),
        ("Up to $25.", "x" * 50_000, "memo.md:15: Decision: This has 50,023 characters and at most 10,000 fit"),
        ("title: Refunds", f"title: {'x' * 200}", "memo.md:2: title: has 213 characters; at most 150 fit."),
        ("title: Refunds go out alone", "title: {{ x }}", "memo.md:2: title: has a key that is not plain text"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(
    rollout: Rollout, refunds: str, found: str, instead: str, told: str
) -> None:
    assert found in WHOLE
    refused = rollout(f"memo file {write(WHOLE.replace(found, instead, 1))} --as UANA {AT}")
    assert (refused.status, refused.out) == (1, "")
    assert refused.err.startswith(told)
    assert rollout("memo list").answer == {"memos": []}


def test_all_problems_are_told_at_once(rollout: Rollout, refunds: str) -> None:
    wrong = WHOLE.replace("reversible: true", "reversible: maybe\nowners: U1").replace("Up to", "\0 Up to")
    lines = rollout(f"memo file {write(wrong)} --as UANA {AT}").err.splitlines()
    assert [line.split(": ")[:2] for line in lines] == [
        ["memo.md:4", "reversible"],
        ["memo.md:5", "owners"],
        ["memo.md:16", "Decision"],
    ]


def test_a_file_that_cannot_be_read_is_told_in_a_sentence(rollout: Rollout, refunds: str) -> None:
    assert rollout("memo file nowhere.md").err == "nowhere.md:1: cannot be read: no such file or directory.\n"
    Path("latin.md").write_bytes(WHOLE.replace("stay", "bl\xe9").encode("latin-1", "replace"))
    assert rollout("memo file latin.md").err.startswith("latin.md:25: is not UTF-8 text here")
    write("---\n" + "x: 1\n" * 100_001, "huge.md")
    assert rollout("memo file huge.md").err.startswith("huge.md:1: is larger than 500 kB")
    write("---\n" + "#" * 20_001 + "\n---\n", "head.md")
    assert rollout("memo file head.md").err.startswith("head.md:1: has more than 20,000 characters of front matter")
    write("---\n---\n", "empty.md")
    assert "empty.md:2: title: is missing." in rollout("memo file empty.md").err


def test_a_memo_about_an_unknown_workflow_is_refused_with_the_nearest(rollout: Rollout, refunds: str) -> None:
    text = WHOLE.replace("workflow: refunds_agent", "workflow: refund_agent")
    assert rollout(f"memo file {write(text)} --as UANA {AT}").err == (
        "There is no workflow 'refund_agent'. Did you mean refunds_agent?\n"
    )


def test_an_agent_files_no_memo(rollout: Rollout, refunds: str) -> None:
    refused = rollout(f"memo file {write(WHOLE)} --as agent:refunds {AT}")
    assert (refused.status, "a person must do it" in refused.err) == (1, True)


def test_a_memo_reads_as_a_file_again(rollout: Rollout, refunds: str) -> None:
    memo = file(rollout)
    shown = rollout(f"memo show {memo}").answer
    assert rollout(f"memo show {memo} --format text").out == (
        "---\n"
        f'id: "{memo}"\n'
        'title: "Refunds go out alone"\n'
        'category: "phase move"\n'
        "reversible: true\n"
        'owner: "UANA"\n'
        'decided_at: "2026-03-09T10:00:00.000000Z"\n'
        'workflow: "refunds_agent"\n'
        'move: "pilot→production"\n'
        'changes: ["acme/app#12", "412"]\n'
        'prediction: {metric: "hours_per_refund", comparison: ">=", value: 0.5, check_on: 2026-12-31}\n'
        'visibility: "everyone"\n'
        f'hash: "{shown["hash"]}"\n'
        "---\n"
        "\n"
        "## Decision\n"
        "\n"
        "Up to $25. {{ 7 * 7 }} <!channel>\n"
        "\n"
        "## Context\n"
        "\n"
        "Evals hold.\n"
        "\n"
        "## Options considered\n"
        "\n"
        "- stay\n"
    )


def test_with_a_name_one_sees_what_that_person_may_see(rollout: Rollout, refunds: str) -> None:
    secret = file(rollout, WHOLE.replace("Phase move", "security posture").replace("go out", "stand"))
    hidden = file(rollout, WHOLE.replace("visibility: everyone", "visibility: leaders"))

    def listed(as_whom: str) -> set[str]:
        return {memo["id"] for memo in rollout(f"memo list {as_whom}").answer["memos"]}

    assert {who: listed(who) for who in ("", "--as UAPP", "--as UMAX", "--as agent:x")} == {
        "": {secret, hidden},
        "--as UAPP": {secret, hidden},
        "--as UMAX": {secret},
        "--as agent:x": {secret},
    }
    assert rollout(f"memo show {hidden} --as UMAX").err == (
        f"There is no memo '{hidden}'. The command memo list shows those that exist.\n"
    )
    assert rollout(f"memo show {secret} --as UAPP").answer["decision"] is not None
    bare = rollout(f"memo show {secret} --as UMAX").answer
    assert {name: bare[name] for name in ("title", "decision", "context", "options", "changes", "prediction")} == {
        "title": "Refunds stand alone",
        "decision": None,
        "context": None,
        "options": None,
        "changes": [],
        "prediction": None,
    }
    told = rollout(f"memo show {secret} --as UMAX --format text").out
    assert told.endswith("What it says is for the workflow's roles, approvers and admins.\n")
    assert "25" not in told.split("hash:")[1].split("\n", 1)[1]


def test_the_list_reads_as_words(rollout: Rollout, refunds: str) -> None:
    assert rollout("memo list --format text").out == (
        "There is no memo yet. `rollout memo template` prints a blank one.\n"
    )
    memo = file(rollout)
    assert rollout("memo list --format text").out == (f"{memo}: Refunds go out alone, @UANA, 9 Mar 2026, 10:00 (UTC)\n")
    assert rollout("memo list nothing like it --format text").out == "No memo holds all of these words.\n"
