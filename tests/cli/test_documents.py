"""`rollout doc`: from the blank file to the verdict."""

from pathlib import Path

import pytest

from bot.domain.deviations import DeviationArea
from bot.domain.documents import DocumentKind
from tests.cli.conftest import Rollout
from tests.documents.samples import body

AT = "--at 2026-03-09T10:00:00Z"
RED_TEAM = f"---\ntitle: Attacks on refunds\n---\n\n{body(DocumentKind.RED_TEAM, Verdict='Fit for $25.')}\n"
SPEC = f"---\ntitle: Refunds\n---\n\n{body(DocumentKind.SPEC)}\n"


def write(text: str, name: str = "doc.md") -> str:
    Path(name).write_text(text, "utf-8")
    return name


def new(rollout: Rollout, kind: str, text: str, who: str = "UEVE") -> str:
    made = rollout(f"doc new {kind} --file {write(text)} --workflow refunds_agent --as {who} {AT}")
    return str(made.answer["id"])


def test_a_red_team_review_goes_from_the_blank_file_to_its_verdict(rollout: Rollout, refunds: str) -> None:
    blank = rollout("doc template redteam").out
    made = rollout(f"doc new redteam --file {write(blank)} --workflow refunds_agent --as UEVE {AT}")
    gaps = ["title", "Scope", "Attacks tried", "Outcomes", "Score", "Verdict", "Reviewers"]
    id_ = made.answer["id"]
    assert made.answer == {"id": id_, "state": "draft", "version": 1, "missing": gaps}

    refused = rollout(f"doc submit {id_} --as UEVE {AT}")
    assert (refused.status, refused.out, refused.err) == (
        1,
        "",
        "This red-team review can't be submitted yet, 7 parts are missing or empty: title, Scope, Attacks tried, "
        "Outcomes, Score, Verdict, Reviewers. Fill them and edit the document; nothing is lost meanwhile.\n",
    )
    assert rollout(f"doc edit {id_} --file {write(RED_TEAM)} --as UEVE {AT}").answer == {
        "id": id_,
        "state": "draft",
        "version": 2,
        "missing": [],
    }
    changed = rollout(f"doc diff {id_}").out.splitlines()
    assert {"+Fit for $25.", "-title: ", "+title: Attacks on refunds"} <= set(changed)

    assert rollout(f"doc submit {id_} --as UEVE {AT}").answer == {"id": id_, "kind": "redteam", "state": "in_review"}
    own = rollout(f"doc accept {id_} --as UANA {AT}")
    assert (own.status, own.err) == (
        1,
        "You can't accept or reject this: you hold a role in refunds_agent, and a red-team review is judged by "
        "others. UAPP or UAPQ can.\n",
    )
    author = rollout(f"doc accept {id_} --as UEVE {AT}")
    assert (author.status, author.err) == (
        1,
        "You can't accept or reject this document: UANA or ULEAD can.\n",
    )
    assert rollout(f"doc accept {id_} --as UAPP {AT}").answer == {"id": id_, "kind": "redteam", "state": "accepted"}

    shown = rollout(f"doc show {id_}").answer
    text = shown.pop("body")
    assert shown == {
        "id": id_,
        "kind": "redteam",
        "title": "Attacks on refunds",
        "workflow": "refunds_agent",
        "state": "accepted",
        "version": 2,
        "incident": None,
        "verdict": "Fit for $25.",
        "authors": ["UEVE"],
        "submitted_by": "UEVE",
        "decided_by": "UAPP",
        "decided_at": "2026-03-09T10:00:00.000000Z",
        "because": "approver of Support",
        "reason": None,
        "missing": [],
        "versions": [
            {"version": 1, "author": "UEVE", "at": "2026-03-09T10:00:00.000000Z"},
            {"version": 2, "author": "UEVE", "at": "2026-03-09T10:00:00.000000Z"},
        ],
    }
    assert "## Attacks tried" in text
    assert rollout("audit verify").answer["ok"]


@pytest.mark.parametrize("engine_name", ["sqlite"])
class TestOnOneEngine:
    """What does not hang on the database."""

    @pytest.mark.parametrize("kind", list(DocumentKind))
    def test_a_template_has_every_section_and_is_full_of_gaps(
        self, rollout: Rollout, refunds: str, kind: DocumentKind
    ) -> None:
        id_ = new(rollout, kind, rollout(f"doc template {kind}").out)
        refused = rollout(f"doc submit {id_} --as UEVE {AT}")
        assert (refused.status, "can't be submitted yet" in refused.err) == (1, True)

    def test_an_export_is_a_file_that_an_edit_takes_again(self, rollout: Rollout, refunds: str) -> None:
        id_ = new(rollout, "spec", SPEC)
        exported = rollout(f"doc export {id_}").out
        assert exported == (
            f'---\nid: "{id_}"\nkind: "spec"\ntitle: "Refunds"\nworkflow: "refunds_agent"\nstate: "draft"\n'
            f"version: 1\n---\n\n{body(DocumentKind.SPEC)}\n"
        )
        again = rollout(f"doc edit {id_} --file {write(exported)} --as UEVE {AT}")
        assert (again.status, rollout(f"doc diff {id_}").out) == (0, "\n")

    def test_a_rejection_says_why(self, rollout: Rollout, refunds: str) -> None:
        id_ = new(rollout, "spec", SPEC)
        rollout(f"doc submit {id_} --as UEVE {AT}")
        answer = rollout(f"doc reject {id_} --reason 'No numbers.' --as UANA {AT}").answer
        assert answer == {"id": id_, "kind": "spec", "state": "rejected"}
        told = rollout(f"doc show {id_} --format text").out
        assert "rejected by @UANA on 9 Mar 2026, 10:00 (UTC) (accountable owner of refunds_agent): No numbers." in told

    def test_what_was_read_in_an_older_version_is_not_decided(self, rollout: Rollout, refunds: str) -> None:
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
        self, rollout: Rollout, refunds: str, kind: str, text: str, told: str
    ) -> None:
        refused = rollout(f"doc new {kind} --file {write(text)} --workflow refunds_agent --as UEVE {AT}")
        assert (refused.status, refused.out) == (1, "")
        assert refused.err.startswith(told)
        assert rollout("doc list").answer == {"documents": []}

    def test_a_postmortem_names_its_incident(self, rollout: Rollout, refunds: str) -> None:
        text = f"---\ntitle: Double refund\nincident: 4711\n---\n{body(DocumentKind.POSTMORTEM)}\n"
        id_ = new(rollout, "postmortem", text)
        assert rollout(f"doc show {id_}").answer["incident"] == "4711"
        assert rollout(f"doc submit {id_} --as UEVE {AT}").status == 0
        gone = new(rollout, "postmortem", text.replace("4711", '""'))
        assert "missing or empty: incident." in rollout(f"doc submit {gone} --as UEVE {AT}").err

    def test_documents_are_listed_with_their_verdicts(self, rollout: Rollout, refunds: str) -> None:
        assert rollout("doc list --format text").out == (
            "There is no document yet. `rollout doc template spec` prints a blank one.\n"
        )
        id_ = new(rollout, "redteam", RED_TEAM)
        assert rollout("doc list refunds_agent --as UMAX").answer == {
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
        assert rollout("doc list --format text").out == (
            f"{id_}: red-team review of refunds_agent, Attacks on refunds (draft, version 1); verdict: Fit for $25.\n"
        )

    def test_what_a_red_team_found_is_for_few(self, rollout: Rollout, refunds: str) -> None:
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
        self, rollout: Rollout, refunds: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        id_ = new(rollout, "spec", SPEC)
        rollout(f"doc submit {id_} --as UEVE {AT}")
        monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-of-a-test")
        for line in (f"doc accept {id_}", f"doc reject {id_} --reason x"):
            refused = rollout(f"{line} --as UANA {AT}")
            assert (refused.status, refused.err.startswith("Documents are decided in Slack")) == (1, True)

    def test_a_deviation_is_opened_listed_and_closed(self, rollout: Rollout, refunds: str) -> None:
        opened = rollout(
            "deviation open refunds_agent --text 'Logs were off.' --area security --policy 'log retention' "
            f"--as UEVE {AT}"
        )
        id_ = opened.answer["id"]
        assert opened.answer == {"id": id_, "due": "2026-03-23"}
        entry = {
            "id": id_,
            "workflow": "refunds_agent",
            "area": "security",
            "title": "Logs were off.",
            "text": "Logs were off.",
            "policy": "log retention",
            "owner": "UANA",
            "due": "2026-03-23",
            "state": "open",
            "opened_at": "2026-03-09T10:00:00.000000Z",
            "closed_at": None,
            "reason": None,
        }
        assert rollout("deviation list refunds_agent").answer == {"deviations": [entry]}
        assert rollout("deviation list --as UMAX").answer == {"deviations": [entry | {"text": None}]}
        assert rollout("deviation list --format text").out == (
            f"{id_}: Logs were off. (refunds_agent, security) → @UANA, due Mon 23 Mar 2026\n"
        )
        closed = rollout(f"deviation close {id_} --reason 'On again.' --as UANA {AT}")
        assert closed.answer == {"id": id_, "state": "closed"}
        assert rollout("deviation list --format text").out == "No deviation is open.\n"
        (after,) = rollout("deviation list --all").answer["deviations"]
        assert after == entry | {
            "state": "closed",
            "closed_at": "2026-03-09T10:00:00.000000Z",
            "reason": "On again.",
        }

    def test_every_area_can_be_named(self, rollout: Rollout, refunds: str) -> None:
        for area in DeviationArea:
            opened = rollout(
                f"deviation open refunds_agent --text x --area {area} --owner UBEN --due 2026-03-10 --as UEVE {AT}"
            )
            assert opened.status == 0

    def test_a_rollback_drill_is_recorded(self, rollout: Rollout, refunds: str) -> None:
        held = rollout(f"drill rollback refunds_agent --minutes 12.5 --evidence https://x.example/1 --as UANA {AT}")
        assert held.answer == {"id": held.answer["id"], "kind": "rollback", "seconds": "750.0"}
        assert "[done] rehearse_rollback" in rollout(f"checklist refunds_agent {AT}").out
        wrong = rollout(f"drill rollback refunds_agent --minutes soon --evidence https://x.example/1 --as UANA {AT}")
        assert (wrong.status, "'soon' is no plain number" in wrong.err) == (2, True)
        none = rollout(f"drill rollback refunds_agent --minutes 0 --evidence https://x.example/1 --as UANA {AT}")
        assert (none.status, "give the time that was measured" in none.err) == (1, True)
