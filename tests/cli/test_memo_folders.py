"""Memos out to files and in again: as they were, all or none, each once however often it comes."""

import json
import re
from pathlib import Path

import pytest

from tests.cli.conftest import Ran, Rollout
from tests.cli.test_memos import AT, WHOLE, file

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

ODD = """Up to $25.

## Not a section of the file

```
## code
```

<!-- a comment --> {{ 7 * 7 }} <!channel>\ttab  \n\n\n\n- last"""


def files(folder: str = "out") -> dict[str, str]:
    return {place.name: place.read_text("utf-8") for place in sorted(Path(folder).iterdir())}


def said(rollout: Rollout) -> list[dict[str, object]]:
    """Every memo as it stands, without what only this database can know."""
    ids = [memo["id"] for memo in rollout("memo list").answer["memos"]]
    shown = [rollout(f"memo show {memo}").answer for memo in ids]
    return [{name: value for name, value in each.items() if name not in ("hash", "filed_by")} for each in shown]


def elsewhere(rollout: Rollout, name: str = "other.db") -> Rollout:
    """The command line on another database with the same workflow."""

    def run(line: str, *more: str) -> Ran:
        return rollout(f"{line} --db sqlite:///{name}", *more)

    run("team add Sales --channel C0SALES --lead ULEN --timezone Asia/Tokyo --at 2026-03-01T09:00:00Z")
    run("start refunds_agent --team Sales --start 2026-03-02 --owner UANA --at 2026-03-02T09:00:00Z")
    return run


def test_a_memo_goes_out_in_the_madr_manner(rollout: Rollout, refunds: str) -> None:
    memo = file(rollout)
    hashes = re.findall(r"^(?:hash|print): \"([0-9a-f]{64})\"$", rollout(f"memo export {memo}").out, re.MULTILINE)
    assert rollout(f"memo export {memo}").out == (
        "---\n"
        'status: "accepted"\n'
        "date: 2026-03-09\n"
        'decision-makers: ["UANA"]\n'
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
        f'hash: "{hashes[0]}"\n'
        f'print: "{hashes[1]}"\n'
        "---\n"
        "\n# Refunds go out alone\n"
        "\n## Context and Problem Statement\n\nEvals hold.\n"
        "\n## Considered Options\n\n- stay\n"
        "\n## Decision Outcome\n\nUp to $25. {{ 7 * 7 }} <!channel>\n"
    )


def test_what_goes_out_comes_in_as_it_was_into_another_database(rollout: Rollout, refunds: str) -> None:
    first = file(rollout)
    odd = WHOLE.replace(
        "Up to $25. {{ 7 * 7 }} <!channel>", ODD.replace("## Not", "\\## Not").replace("<!--", "\\<!--")
    )
    second = file(
        rollout, odd.replace("move: pilot -> production\n", f"supersedes: {first}\n"), at="--at 2026-03-10T10:00:00Z"
    )
    file(rollout, "---\ntitle: Lunch\ncategory: other\nreversible: true\n---\n## Decision\nAt one.\n", who="UMAX")
    assert rollout(f"memo show {second}").answer["decision"] == ODD
    out = rollout("memo export --all --out out").answer["exported"]
    assert [memo["id"] for memo in out][1:] != []
    assert sorted(memo["file"] for memo in out) == sorted(files())
    there = elsewhere(rollout)
    taken = there("memo import out --as UIMP --at 2026-04-01T09:00:00Z")
    assert (taken.status, len(taken.answer["filed"]), taken.answer["known"], taken.answer["refused"]) == (0, 3, [], [])
    assert said(there) == said(rollout)
    assert there("audit verify").status == 0
    assert "file_kickoff_memo" in there("checklist refunds_agent").out
    again = there("memo import out --as UIMP --at 2026-04-02T09:00:00Z").answer
    assert (again["filed"], len(again["known"])) == ([], 3)
    there("memo export --all --out back")
    assert {name: _printed(text) for name, text in files("back").items()} == {
        name: _printed(text) for name, text in files().items()
    }


def _printed(text: str) -> str:
    """A file without the hash that only its own database knows."""
    return re.sub(r"^hash: .*\n", "", text, flags=re.MULTILINE)


def test_a_folder_taken_in_where_it_came_from_changes_nothing(rollout: Rollout, refunds: str) -> None:
    file(rollout)
    rollout("memo export --all --out out")
    before = rollout("audit export").out
    taken = rollout("memo import out").answer
    assert (taken["filed"], len(taken["known"]), rollout("audit export").out) == ([], 1, before)


def test_a_file_without_an_id_is_known_by_what_it_says(rollout: Rollout, refunds: str) -> None:
    Path("in").mkdir()
    Path("in/a.md").write_text(WHOLE, "utf-8")
    taken = rollout(f"memo import in {AT}").answer
    (made,) = taken["filed"]
    assert made["file"] == "a.md"
    Path("in/b.md").write_text(WHOLE.replace("# Refunds", "# Another heading"), "utf-8")
    again = rollout("memo import in --at 2027-03-09T10:00:00Z").answer
    assert again == {
        "filed": [],
        "known": [{"file": name, "id": made["id"]} for name in ("a.md", "b.md")],
        "refused": [],
    }


def test_imported_memos_keep_their_time_and_nobody_is_told(rollout: Rollout, refunds: str) -> None:
    file(rollout)
    rollout("memo export --all --out out")
    there = elsewhere(rollout)
    there("memo import out --at 2026-04-01T09:00:00Z")
    records = [json.loads(line) for line in there("audit export").out.splitlines()]
    (filed,) = (record for record in records if record["fact"] == "memo_filed")
    assert filed["effective_at"] == "2026-03-09T10:00:00.000000Z"
    assert there("memo list").answer["memos"][0]["at"] == "2026-03-09T10:00:00.000000Z"


def test_a_file_from_elsewhere_keeps_its_day_and_its_status(rollout: Rollout, refunds: str) -> None:
    Path("in").mkdir()
    for name, status in (("old", "deprecated"), ("new", "Accepted"), ("gone", "superseded by [ADR-0005](0005-x.md)")):
        more = f"date: 2024-03-01\nstatus: '{status}'\nconsulted: [ops]\n"
        Path(f"in/{name}.md").write_text(GOOD.format(name, more), "utf-8")
    rejected = GOOD.format("said", "status: rejected\n")
    Path("in/said.md").write_text(f"{rejected}\n## Context\n\nIt was dear.\n", "utf-8")
    assert rollout(f"memo import in {AT}").answer["refused"] == []
    found = {memo["title"]: rollout(f"memo show {memo['id']}").answer for memo in rollout("memo list").answer["memos"]}
    assert {title: (memo["at"][:16], memo["context"]) for title, memo in found.items()} == {
        "old": ("2024-03-01T00:00", "Status where it comes from: deprecated"),
        "new": ("2024-03-01T00:00", None),
        "gone": ("2024-03-01T00:00", "Status where it comes from: superseded by [ADR-0005](0005-x.md)"),
        "said": ("2026-03-09T10:00", "It was dear.\n\nStatus where it comes from: rejected"),
    }
    assert [each["file"] for each in rollout(f"memo import in {AT}").answer["known"]] == [
        "gone.md",
        "new.md",
        "old.md",
        "said.md",
    ]
    Path("in/later.md").write_text(GOOD.format("Later", "date: 2030-01-01\n"), "utf-8")
    (refused,) = rollout(f"memo import in {AT}").answer["refused"]
    assert refused["why"].startswith("It says that it was decided on 1 Jan 2030")


GOOD = "---\ntitle: {}\ncategory: other\nreversible: true\n{}---\n## Decision\nWe go.\n"


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ("owner: ana\n", "line 5: owner: must be a Slack user id, which looks like U0123ABCD, or os:NAME."),
        ("id: x\n", "line 5: id: is no memo's id, which looks like memo_2k4f: leave it out to file a new one."),
        ("decided_at: soon\n", "line 5: decided_at: must be an instant with its offset, such as 2026-03-02T09:00:00Z."),
        ("statuss: x\n", "line 5: statuss: is not known here"),
        ("workflow: nowhere\n", "There is no workflow 'nowhere'."),
        ("supersedes: memo_x\n", "There is no memo 'memo_x'."),
        (
            'decided_at: "2030-01-01T00:00:00Z"\n',
            "It says that it was decided on 1 Jan 2030, 00:00 UTC, which is still",
        ),
        (f"print: {'0' * 64}\n", "It says something else than when it was exported."),
        ("visibility: team\n", "A memo for one team's eyes names a workflow"),
        ("id: memo_c1\nsupersedes: memo_c1\n", "It supersedes memo_c1 in a circle, so none of them came first."),
    ],
)
def test_one_file_that_is_wrong_is_named_and_nothing_is_filed(
    rollout: Rollout, refunds: str, more: str, why: str
) -> None:
    Path("in").mkdir()
    Path("in/bad.md").write_text(GOOD.format("Bad", more), "utf-8")
    Path("in/good.md").write_text(GOOD.format("Good", ""), "utf-8")
    refused = rollout(f"memo import in {AT}")
    assert (refused.status, refused.answer["filed"]) == (1, [])
    (bad,) = refused.answer["refused"]
    assert bad["file"] == "bad.md"
    assert bad["why"].startswith(why)
    assert refused.err == "Nothing was filed: 1 of 2 files can't be taken in.\n"
    assert rollout("memo list").answer == {"memos": []}


def test_every_file_that_is_wrong_is_named_at_once(rollout: Rollout, refunds: str) -> None:
    Path("in").mkdir()
    Path("in/binary.md").write_bytes(b"\xff\xfe")
    Path("in/circle1.md").write_text(GOOD.format("One", "id: memo_1\nsupersedes: memo_2\n"), "utf-8")
    Path("in/circle2.md").write_text(GOOD.format("Two", "id: memo_2\nsupersedes: memo_1\n"), "utf-8")
    Path("in/early.md").write_text(
        GOOD.format("Early", 'id: memo_4\ndecided_at: "2026-01-02T00:00:00Z"\nsupersedes: memo_5\n'), "utf-8"
    )
    Path("in/late.md").write_text(GOOD.format("Late", 'id: memo_5\ndecided_at: "2026-01-03T00:00:00Z"\n'), "utf-8")
    Path("in/twice1.md").write_text(GOOD.format("Twice", "supersedes: memo_5\n"), "utf-8")
    Path("in/twice2.md").write_text(GOOD.format("Again", "supersedes: memo_5\n"), "utf-8")
    refused = {each["file"]: each["why"] for each in rollout(f"memo import in {AT}").answer["refused"]}
    assert list(refused) == ["binary.md", "circle1.md", "circle2.md", "early.md", "twice2.md"]
    assert "in a circle" in refused["circle1.md"]
    assert "only what comes later supersedes" in refused["early.md"]
    assert "was superseded already" in refused["twice2.md"]
    assert rollout("memo list").answer == {"memos": []}


def test_what_was_changed_after_the_export_is_no_longer_that_memo(rollout: Rollout, refunds: str) -> None:
    file(rollout)
    rollout("memo export --all --out out")
    (name, text), *_ = files().items()
    Path("out", name).write_text(text.replace("Up to $25", "Up to $250"), "utf-8")
    assert "something else than when it was exported" in rollout("memo import out").answer["refused"][0]["why"]
    Path("out", name).write_text(re.sub(r"print: .*\n", "", text.replace("Up to $25", "Up to $250")), "utf-8")
    assert "already, and it says something else" in rollout("memo import out").answer["refused"][0]["why"]


def test_an_agent_takes_nothing_in(rollout: Rollout, refunds: str) -> None:
    Path("in").mkdir()
    Path("in/good.md").write_text(GOOD.format("Good", ""), "utf-8")
    refused = rollout(f"memo import in --as agent:x {AT}")
    assert (refused.status, "a person must do it" in refused.err) == (1, True)


def test_only_what_one_may_read_goes_out(rollout: Rollout, refunds: str) -> None:
    secret = file(rollout, WHOLE.replace("Phase move", "security posture").replace("go out", "stand"))
    hidden = file(rollout, WHOLE.replace("visibility: everyone", "visibility: leaders"))
    open_ = file(rollout, WHOLE.replace("go out", "walk"))
    ran = rollout("memo export --all --out out --as UMAX")
    assert [memo["id"] for memo in ran.answer["exported"]] == [open_]
    assert ran.err == "Left out: 1 whose text this person may not read.\n"
    assert len(files()) == 1
    assert rollout(f"memo export {secret} --as UMAX").err.endswith("so it can't be exported as you.\n")
    assert rollout(f"memo export {hidden} --as UMAX").err.startswith(f"There is no memo '{hidden}'")
    assert len(rollout("memo export --all --out out").answer["exported"]) == 3


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("memo export", "Give the id of one memo, or --all together with --out DIR."),
        ("memo export --all", "Give the id of one memo, or --all together with --out DIR."),
        ("memo export memo_1 --all --out x", "Give the id of one memo, or --all together with --out DIR."),
        ("memo export --all --out taken", "taken can't be written into: file exists. 0 of 0 stand there."),
        ("memo import nowhere", "nowhere can't be read: no such file or directory."),
        ("memo import taken", "taken can't be read: not a directory."),
        ("memo import empty", "empty holds 0 files that end in .md: 1 to 5,000 are taken in."),
    ],
)
def test_what_cannot_be_read_or_written_is_told_in_a_sentence(
    rollout: Rollout, refunds: str, line: str, told: str
) -> None:
    Path("taken").write_text("", "utf-8")
    Path("empty").mkdir()
    ran = rollout(line)
    assert (ran.status, ran.err) == (2, f"{told}\n")
