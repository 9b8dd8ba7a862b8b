"""`rollout doc`: from the blank file to the verdict."""

import hashlib
import json
from pathlib import Path

import pytest

from bot.domain.documents import DocumentKind
from tests.cli.conftest import Rollout
from tests.documents.samples import body

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

AT = "--at 2026-03-09T10:00:00Z"
RED_TEAM = f"---\ntitle: Attacks on refunds\n---\n\n{body(DocumentKind.RED_TEAM, Verdict='Fit for $25.')}\n"
SPEC = f"---\ntitle: Refunds\n---\n\n{body(DocumentKind.SPEC)}\n"


def write(text: str, name: str = "doc.md") -> str:
    Path(name).write_text(text, "utf-8")
    return name


def new(rollout: Rollout, kind: str, text: str, who: str = "UEVE") -> str:
    made = rollout(f"doc new {kind} --file {write(text)} --workflow refunds_agent --as {who} {AT}")
    return str(made.answer["id"])


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_a_template_has_every_section_and_is_full_of_gaps(rollout: Rollout, refunds: str, kind: DocumentKind) -> None:
    id_ = new(rollout, kind, rollout(f"doc template {kind}").out)
    refused = rollout(f"doc submit {id_} --as UEVE {AT}")
    assert (refused.status, "can't be submitted yet" in refused.err) == (1, True)


def test_an_export_is_a_file_that_an_edit_takes_again(rollout: Rollout, refunds: str) -> None:
    id_ = new(rollout, "spec", SPEC)
    exported = rollout(f"doc export {id_}").out
    assert exported == (
        f'---\nid: "{id_}"\nkind: "spec"\ntitle: "Refunds"\nworkflow: "refunds_agent"\nstate: "draft"\n'
        f"version: 1\n---\n\n{body(DocumentKind.SPEC)}\n"
    )
    again = rollout(f"doc edit {id_} --file {write(exported)} --as UEVE {AT}")
    assert (again.status, rollout(f"doc show {id_}").answer["body"]) == (0, body(DocumentKind.SPEC))
    assert rollout(f"doc diff {id_}").out.endswith("against version 1 by UEVE\nBoth versions say the same.\n")


def test_an_export_that_is_imported_anew_says_the_same_to_the_last_character(rollout: Rollout, refunds: str) -> None:
    odd = body(DocumentKind.SPEC, Goal="\tcode\n\n\n~~~ \n## a\u202eb\n~~~\n'\"’ {{ x }} *y* — ✓")
    id_ = new(rollout, "spec", f"---\ntitle: '\"Re\" :funds''s'\n---\n\n{odd}\n")
    exported = rollout(f"doc export {id_}").out
    again = new(rollout, "spec", exported)
    assert rollout(f"doc export {again}").out == exported.replace(id_, again)


def test_a_rejection_says_why(rollout: Rollout, refunds: str) -> None:
    id_ = new(rollout, "spec", SPEC)
    rollout(f"doc submit {id_} --as UEVE {AT}")
    answer = rollout(f"doc reject {id_} --reason 'No numbers.' --as UANA {AT}").answer
    assert answer == {"id": id_, "kind": "spec", "state": "rejected"}
    told = rollout(f"doc show {id_} --format text").out
    assert "rejected by @UANA on 9 Mar 2026, 10:00 (UTC) (accountable owner of refunds_agent): No numbers." in told


def test_what_was_read_in_an_older_version_is_not_decided(rollout: Rollout, refunds: str) -> None:
    id_ = new(rollout, "spec", SPEC)
    rollout(f"doc edit {id_} --file {write(SPEC)} --version 1 --as UEVE {AT}")
    rollout(f"doc submit {id_} --as UEVE {AT}")
    refused = rollout(f"doc accept {id_} --version 1 --as UANA {AT}")
    assert (refused.status, "UEVE wrote version 2" in refused.err) == (1, True)
    assert rollout(f"doc accept {id_} --version 2 --as UANA {AT}").status == 0


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        ("spec", "no front matter", "doc.md:1: must begin with front matter"),
        ("spec", SPEC.replace("title:", "titel:"), "doc.md:2: titel: is not known here: did you mean 'title'?"),
        ("spec", SPEC.replace("Refunds\n", "Refunds\nkind: redteam\n"), "doc.md:3: kind: is 'redteam', and this"),
        ("spec", SPEC.replace("Refunds\n", "R\nincident: INC-1\n"), "doc.md:3: incident: belongs to a postmortem"),
        ("spec", SPEC.replace("title: Refunds", f"title: {'x' * 151}"), "doc.md:2: title: has 151 characters"),
        ("spec", SPEC + "x" * 100_001, "file: This has 100,"),
    ],
)
def test_a_file_that_cannot_be_kept_is_refused_with_the_line(
    rollout: Rollout, refunds: str, kind: str, text: str, told: str
) -> None:
    refused = rollout(f"doc new {kind} --file {write(text)} --workflow refunds_agent --as UEVE {AT}")
    assert (refused.status, refused.out) == (1, "")
    assert refused.err.startswith(told)
    assert rollout("doc list").answer == {"documents": []}


def test_a_postmortem_names_its_incident(rollout: Rollout, refunds: str) -> None:
    text = f"---\ntitle: Double refund\nincident: 4711\n---\n{body(DocumentKind.POSTMORTEM)}\n"
    id_ = new(rollout, "postmortem", text)
    assert rollout(f"doc show {id_}").answer["incident"] == "4711"
    assert rollout(f"doc submit {id_} --as UEVE {AT}").status == 0
    gone = new(rollout, "postmortem", text.replace("4711", '""'))
    assert "missing or empty: incident." in rollout(f"doc submit {gone} --as UEVE {AT}").err


def test_documents_are_listed_with_their_verdicts(rollout: Rollout, refunds: str) -> None:
    assert rollout("doc list --format text").out == (
        "There is no document yet. `rollout doc template spec` prints a blank one.\n"
    )
    id_ = new(rollout, "redteam", RED_TEAM)
    assert rollout("doc list --workflow refunds_agent --kind redteam --as UMAX").answer == {
        "documents": [
            {
                "id": id_,
                "kind": "redteam",
                "title": "Attacks on refunds",
                "workflow": "refunds_agent",
                "state": "draft",
                "version": 1,
                "at": "2026-03-09T10:00:00.000000Z",
                "verdict": "Fit for $25.",
            }
        ]
    }
    assert rollout("doc list --kind spec").answer == {"documents": []}
    assert rollout("doc list --format text").out == (
        f"{id_}: red-team review of refunds_agent, Attacks on refunds (draft, version 1); verdict: Fit for $25.\n"
    )


def test_what_a_red_team_found_is_for_few(rollout: Rollout, refunds: str) -> None:
    id_ = new(rollout, "redteam", RED_TEAM)
    bare = rollout(f"doc show {id_} --as UMAX").answer
    assert (bare["title"], bare["verdict"], bare["body"]) == ("Attacks on refunds", "Fit for $25.", None)
    for who in ("URED", "UANA", "UAPP", "UEVE"):
        assert rollout(f"doc show {id_} --as {who}").answer["body"] is not None
    for verb in ("export", "diff"):
        refused = rollout(f"doc {verb} {id_} --as UMAX")
        assert (refused.status, "its title and verdict are for all" in refused.err) == (1, True)
    told = rollout(f"doc show {id_} --as UMAX --format text").out
    assert told.endswith("The rest is for the workflow's roles, its reviewers, approvers and admins.\n")
    assert rollout(f"doc diff {id_}").status == 2


def test_beside_a_bot_token_documents_are_decided_in_slack(
    rollout: Rollout, refunds: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    id_ = new(rollout, "spec", SPEC)
    rollout(f"doc submit {id_} --as UEVE {AT}")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-a-test")
    for line in (f"doc accept {id_}", f"doc reject {id_} --reason x"):
        refused = rollout(f"{line} --as UANA {AT}")
        assert (refused.status, refused.err.startswith("Documents are decided in Slack")) == (1, True)


def test_what_changed_is_told_in_words(rollout: Rollout, refunds: str) -> None:
    id_ = new(rollout, "spec", SPEC)
    second = SPEC.replace("Goal, told.", "Goal, told again.").replace("title: Refunds", "title: Refunds 2")
    rollout(f"doc edit {id_} --file {write(second)} --as UBEN {AT}")
    rollout(f"doc edit {id_} --file {write(second + chr(10) + '## Notes' + chr(10) + 'x')} --as UEVE {AT}")
    title = "What changed  version {} by {}, 9 Mar 2026, 10:00 (UTC), against version {} by {}\n"
    assert rollout(f"doc diff {id_}").out == title.format(3, "UEVE", 2, "UBEN") + "Notes: new, 1 line\n+ x\n"
    assert rollout(f"doc diff {id_} --from 1 --to 2").out == title.format(2, "UBEN", 1, "UEVE") + (
        "Title: 1 line in, 1 line out\n− Refunds\n+ Refunds 2\n"
        "Goal: 1 line in, 1 line out\n− Goal, told.\n+ Goal, told again.\n"
    )
    for wrong in ("--to 4", "--from 0", "--from -1"):
        refused = rollout(f"doc diff {id_} {wrong}")
        assert (refused.status, "its versions are 1 to 3." in refused.err) == (1, True)


def test_the_tests_of_a_spec_are_exported_as_cases(rollout: Rollout, refunds: str) -> None:
    tests = {"Acceptance tests": "- Order 8812 -> propose $20", "Counterexamples": "an order of 2019 → pays it"}
    spec = f"---\ntitle: Refunds\n---\n\n{body(DocumentKind.SPEC, **tests)}\n"
    id_ = new(rollout, "spec", spec)
    printed = rollout(f"doc cases {id_}")
    source = {"spec": id_, "version": 1, "hash": hashlib.sha256(body(DocumentKind.SPEC, **tests).encode()).hexdigest()}
    first, second = (json.loads(line) for line in printed.out.splitlines())
    assert first == {
        "id": "d39fd48798d0",
        "kind": "acceptance",
        "input": "Order 8812",
        "expected": "propose $20",
        **source,
    }
    assert second == {
        "id": second["id"],
        "kind": "counterexample",
        "input": "an order of 2019",
        "expected": "pays it",
        **source,
    }
    rollout(f"doc edit {id_} --file {write(spec + '## Notes' + chr(10) + 'x')} --as UEVE {AT}")
    assert rollout(f"doc cases {id_} --version 1").out == printed.out
    assert [json.loads(line)["id"] for line in rollout(f"doc cases {id_}").out.splitlines()] == [
        first["id"],
        second["id"],
    ]


@pytest.mark.parametrize(
    ("kind", "text", "why"),
    [
        ("spec", SPEC.replace("Acceptance tests, told.", ""), "has no acceptance test, so there is nothing to export"),
        ("spec", SPEC, "“Acceptance tests, told.” is no case, so nothing was exported"),
        ("redteam", RED_TEAM, "Only a spec has acceptance tests"),
    ],
)
def test_what_has_no_tests_is_refused_in_one_sentence(
    rollout: Rollout, refunds: str, kind: str, text: str, why: str
) -> None:
    refused = rollout(f"doc cases {new(rollout, kind, text)}")
    assert (refused.status, refused.out, why in refused.err, refused.err.count("\n")) == (1, "", True, 1)
