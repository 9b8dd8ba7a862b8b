"""A memo and a red-team review at the command line, from the blank file to the end, on both databases."""

from tests.cli.conftest import Rollout
from tests.cli.test_documents import RED_TEAM
from tests.cli.test_documents import write as write_document
from tests.cli.test_memos import WHOLE, file, write

AT = "--at 2026-03-09T10:00:00Z"


def test_a_memo_goes_from_the_blank_file_to_the_list(rollout: Rollout, refunds: str) -> None:
    filed = rollout(f"memo file {write(WHOLE)} --as UEVE {AT}")
    memo = filed.answer["id"]
    assert (filed.status, filed.err) == (0, "")

    whole = {
        "id": memo,
        "title": "Refunds go out alone",
        "owner": "UANA",
        "at": "2026-03-09T10:00:00.000000Z",
        "superseded_by": None,
    }
    assert rollout("memo list").answer == {"memos": [whole]}
    assert rollout(f"memo show {memo}").answer == whole | {
        "supersedes": None,
        "category": "phase move",
        "reversible": True,
        "workflow": "refunds_agent",
        "move": "pilot→production",
        "changes": ["acme/app#12", "412"],
        "visibility": "everyone",
        "prediction": {
            "metric": "hours_per_refund",
            "comparison": ">=",
            "value": "0.5",
            "check_on": "2026-12-31",
        },
        "filed_by": "UEVE",
        "hash": filed.answer["hash"],
        "decision": "Up to $25. {{ 7 * 7 }} <!channel>",
        "context": "Evals hold.",
        "options": "- stay",
    }
    checklist = rollout(f"checklist refunds_agent {AT}").out
    assert "[done] file_pilot_memo" in checklist
    assert rollout("audit verify").answer["ok"]

    after = WHOLE.replace("move: pilot -> production", f"supersedes: {memo}").replace("go out alone", "wait again")
    second = file(rollout, after, at="--at 2026-03-10T10:00:00Z")
    listed = rollout("memo list").answer["memos"]
    assert [(each["title"], each["superseded_by"]) for each in listed] == [
        ("Refunds wait again", None),
        ("Refunds go out alone", second),
    ]
    refused = rollout(f"memo file {write(after)} --as UANA {AT}")
    assert (refused.status, refused.out, refused.err) == (
        1,
        "",
        f"“Refunds go out alone” was superseded already, by {second}: look at that one, and supersede it if it is "
        "no longer right.\n",
    )


def test_a_red_team_review_goes_from_the_blank_file_to_its_verdict(rollout: Rollout, refunds: str) -> None:
    blank = rollout("doc template redteam").out
    made = rollout(f"doc new redteam --file {write_document(blank)} --workflow refunds_agent --as UEVE {AT}")
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
    assert rollout(f"doc edit {id_} --file {write_document(RED_TEAM)} --as UEVE {AT}").answer == {
        "id": id_,
        "state": "draft",
        "version": 2,
        "missing": [],
    }
    changed = rollout(f"doc diff {id_}").out.splitlines()
    assert {"Title: new, 1 line", "+ Attacks on refunds", "+ Fit for $25."} <= set(changed)

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
        "You can't accept or reject this document: UAPP or UAPQ or ULEAD can.\n",
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
