"""`rollout doc draft` and `rollout memo draft`, with a model and without."""

import json
from pathlib import Path

import pytest

from bot.domain.documents import DocumentKind
from tests.cli.conftest import Rollout
from tests.drafting.peer import KEY, MODEL, Peer
from tests.drafting.test_papers import MEMO, answer, says

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

SPEC, POSTMORTEM, RED_TEAM = DocumentKind
AT = "--as UEVE --at 2026-03-09T10:00:00Z"


@pytest.fixture
def model(peer: Peer, monkeypatch: pytest.MonkeyPatch) -> Peer:
    """The model's peer, as the settings name it; notes stand in notes.txt."""
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", peer.base_url)
    monkeypatch.setenv("OPENAI_MODEL", MODEL)
    Path("notes.txt").write_text("Refunds up to $25; ask ana@example.com.", "utf-8")
    return peer


def test_a_document_is_drafted_from_notes_and_says_by_what(rollout: Rollout, refunds: str, model: Peer) -> None:
    says(model, answer(SPEC))
    made = rollout(f"doc draft spec --workflow refunds_agent --from notes.txt --with findings --with incidents {AT}")
    id_ = made.answer["id"]
    assert made.answer == {
        "id": id_, "state": "draft", "version": 1, "missing": [], "model": MODEL, "prompt": "draft_spec@1",
    }  # fmt: skip
    sent = json.loads(model.asked()[0]["messages"][1]["content"])
    assert sent["notes"] == "Refunds up to $25; ask [e-mail]."
    shown = rollout(f"doc show {id_}").answer
    assert [(each["author"], each["drafted_by"]) for each in shown["versions"]] == [
        ("UEVE", {"model": MODEL, "prompt": "draft_spec@1"})
    ]
    told = f"drafted by the model {MODEL} (prompt draft_spec@1); no person has changed it since"
    assert told in rollout(f"doc show {id_} --format text").out
    exported = rollout(f"doc export {id_}").out
    assert f'drafted_by: "{MODEL}"\n' in exported
    Path("again.md").write_text(exported, "utf-8")
    assert rollout(f"doc edit {id_} --file again.md {AT}").answer["version"] == 2
    assert rollout(f"doc submit {id_} {AT}").status == 0
    assert "drafted_by" not in rollout(f"doc export {id_}").out


def test_a_postmortem_names_its_incident_and_a_spec_none(rollout: Rollout, refunds: str, model: Peer) -> None:
    says(model, answer(POSTMORTEM))
    made = rollout(f"doc draft postmortem --workflow refunds_agent --incident INC-7 --from notes.txt {AT}")
    assert (made.answer["missing"], rollout(f"doc show {made.answer['id']}").answer["incident"]) == ([], "INC-7")
    assert rollout(f"doc draft spec --workflow refunds_agent --incident INC-7 --from notes.txt {AT}").status == 2


def test_a_memo_is_drafted_as_a_file_that_a_person_files(rollout: Rollout, refunds: str, model: Peer) -> None:
    says(model, MEMO | {"decision": "Pay {{ 7 * 7 }}.\n## Context\n<!channel>"})
    made = rollout("memo draft --workflow refunds_agent --from notes.txt")
    assert made.out.startswith(f"---\n# Drafted by the model {MODEL}, prompt draft_memo@1. Check every line")
    assert rollout("memo list").answer == {"memos": []}
    Path("memo.md").write_text(made.out, "utf-8")
    filed = rollout(f"memo file memo.md {AT}").answer["id"]
    shown = rollout(f"memo show {filed}").answer
    assert (shown["title"], shown["category"], shown["reversible"], shown["workflow"], shown["decision"]) == (
        "Refunds up to $25", "grant", True, "refunds_agent", "Pay {{ 7 * 7 }}.\n## Context\n<!channel>",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("response", "told"),
    [
        ({"content": "Arr."}, "The language model answered something that is no draft."),
        ({"content": json.dumps(answer(SPEC, goal="x" * 50_000))}, "The language model wrote more than a draft holds."),
        ({"error": {"message": "No."}, "status": 429}, "The language model takes no more questions just now."),
        ({"error": {"message": "No."}, "status": 500}, "The language model's endpoint does not work as it should."),
    ],
)
def test_without_a_draft_it_says_why_and_keeps_nothing(
    rollout: Rollout, refunds: str, model: Peer, response: dict[str, object], told: str
) -> None:
    model.answers(response)
    made = rollout(f"doc draft spec --workflow refunds_agent --from notes.txt {AT}")
    assert (made.status, made.out, made.err) == (
        1,
        "",
        f"{told} Nothing was written: try again, or write it by hand.\n",
    )
    assert rollout("doc list").answer == {"documents": []}


def test_without_a_key_or_notes_nothing_is_asked(
    rollout: Rollout, refunds: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("notes.txt").write_text(" \n", "utf-8")
    made = rollout(f"doc draft spec --workflow refunds_agent --from notes.txt {AT}")
    assert (made.status, "No language model is set up here (OPENAI_API_KEY)" in made.err) == (1, True)
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")
    made = rollout(f"doc draft spec --workflow refunds_agent --from notes.txt {AT}")
    assert (made.status, "There is nothing to draft from" in made.err) == (1, True)
    Path("notes.txt").write_text("Refunds.", "utf-8")
    made = rollout(f"doc draft spec --workflow refunds_agent --from notes.txt {AT}")
    assert (made.status, "The language model can't be reached just now" in made.err) == (1, True)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (
            "doc draft spec --workflow refunds_agent --from notes.txt --with gossip",
            "--with gossip is nothing to draw on",
        ),
        ("doc draft spec --workflow refunds_agnt --from notes.txt", "Did you mean refunds_agent?"),
        ("doc draft spec --workflow refunds_agent --from nowhere.txt", "nowhere.txt:1: cannot be read"),
        ("memo draft --from notes.txt --with findings", "name it with --workflow"),
    ],
)
def test_what_cannot_be_drafted_from_is_refused_before_a_model_is_asked(
    rollout: Rollout, refunds: str, model: Peer, line: str, told: str
) -> None:
    says(model, answer(SPEC))
    made = rollout(f"{line} {AT}")
    assert (made.status != 0, told in made.err, model.asked()) == (True, True, [])


def test_the_findings_of_the_workflow_are_drawn_on(rollout: Rollout, refunds: str, model: Peer) -> None:
    says(model, answer(SPEC))
    late = "--as UEVE --at 2026-04-20T10:00:00Z"
    rollout(f"doc draft spec --workflow refunds_agent --from notes.txt --with findings {late}")
    sent = json.loads(model.asked()[0]["messages"][1]["content"])
    assert {"role.vacant", "item.overdue"} <= {each["finding"] for each in sent["records"]}


def test_a_postmortem_draws_on_incidents_and_decisions(rollout: Rollout, refunds: str, model: Peer) -> None:
    says(model, answer(POSTMORTEM))
    incident = {
        "id": "i1", "type": "incident", "workflow": "refunds_agent", "at": "2026-03-08T09:00:00Z", "source": "pager",
        "key": "INC-7", "severity": 2, "status": "open", "title": "Paid twice, card 4111 1111 1111 1111",
    }  # fmt: skip
    Path("signals.jsonl").write_text(json.dumps(incident), "utf-8")
    assert rollout("ingest signals.jsonl --at 2026-03-08T09:05:00Z").answer["accepted"] == 1
    rollout("decide refunds_agent refund --facts {} --at 2026-03-08T10:00:00Z")
    line = "doc draft postmortem --workflow refunds_agent --incident INC-7 --from notes.txt"
    rollout(f"{line} --with incidents --with decisions {AT}")
    sent = json.loads(model.asked()[0]["messages"][1]["content"])
    assert sent["records"][0] == {
        "incident": "INC-7",
        "what": "Paid twice, card [card]",
        "severity": "2",
        "opened_at": "2026-03-08T09:00:00+00:00",
        "resolved_at": "",
    }
    assert [(each["decision"], each["action"]) for each in sent["records"][1:]] == [("deny", "refund")]
