"""Moving a running workflow to another playbook: at once where nothing is loosened, else by another's approval."""

from datetime import timedelta

import pytest

from bot import playbooks
from bot.actions import memos, playbook_moves
from bot.actions.memos import About
from bot.actions.playbook_moves import Moved
from bot.domain.errors import BadInput, Conflict, GateShut, NotAllowed, NotFound, Refused
from bot.domain.grants.life import SuspensionCause
from bot.domain.items import ItemState
from bot.domain.memos import Category, Entry
from bot.domain.people import Actor
from bot.domain.requests import RequestKind, RequestState
from store import Database
from tests.cast import SCHEDULER, agent
from tests.grants_program import ATTENDED, GrantsProgram
from tests.playbook_texts import SMALL, spoiled
from tests.program import Posted, Program

STRICTER = spoiled(("version: 1", "version: 2"), ("min_cases: 200", "min_cases: 300"))
BRIEF = spoiled(("version: 1", "version: 2"), ("  review.slow: {max_hours: 8}", "  request: {lapse_days: 2}"))
MOMENT = timedelta(microseconds=1)
LOOSER = spoiled(
    ("id: small", "id: light"),
    ("min_cases: 200", "min_cases: 40"),
    ("          - {id: delta, title: Do delta, why: Because., role: steward, due_day: 40, evidence: link}",
     "          - {id: eta, title: Do eta, why: Because., role: steward, due_day: 40, evidence: link}"),
    ("item: delta", "item: eta"),
)  # fmt: skip


@pytest.fixture
def refunds(program: Program, shelf: dict[str, str]) -> Program:
    """refunds_agent on a small playbook of which beta is done."""
    shelf["small"] = SMALL
    program.start(playbook="small", eval_owner="eva", gatekeeper="gil")
    program.check("beta", evidence="https://docs.example.com/beta")
    return program


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The shipped playbooks by their ids; a test puts there what it wants shipped."""
    texts: dict[str, str] = {}

    def text_of(name: str) -> str:
        if name not in texts:
            raise NotFound(f"There is no playbook {name!r}.")
        return texts[name]

    monkeypatch.setattr(playbooks, "shipped_text", text_of)
    return texts


def file(program: Program, *, about: bool = True) -> str:
    """The id of a memo that ana files."""
    entry = Entry(title="A better plan", decision="It fits.", category=Category.OTHER, is_reversible=True)
    return program.do("ana", memos.file, entry, About(workflow=program.workflow() if about else None)).memo_id


def move(program: Program, to: str, by: str | Actor = "ana", memo: str | None = None) -> Moved:
    return program.do(by, playbook_moves.move, program.workflow(), to, file(program) if memo is None else memo)


def test_a_request_lapses_as_the_playbook_said_when_it_was_made(refunds: Program, shelf: dict[str, str]) -> None:
    asked = refunds.ask_skip("gamma")
    shelf["small"] = BRIEF
    assert move(refunds, "small").request_id is None
    brief = refunds.ask_skip("delta")
    for request, days in ((asked, 7), (brief, 2)):
        assert refunds.request(request).lapses_at == refunds.at + timedelta(days=days)
    refunds.later(days=2)
    refunds.clock.at -= MOMENT
    assert refunds.lapse() == ()
    refunds.clock.at += MOMENT
    with pytest.raises(Conflict, match="This request lapsed after 2 days without a decision"):
        refunds.approve(brief)
    assert refunds.lapse() == (brief,)
    refunds.later(days=5)
    refunds.clock.at -= MOMENT
    assert refunds.lapse() == ()
    refunds.approve(asked)
    assert refunds.verify().ok


def test_a_stricter_version_takes_effect_at_once_and_keeps_what_is_done(
    refunds: Program, shelf: dict[str, str]
) -> None:
    before = refunds.workflow().playbook
    shelf["small"] = STRICTER
    moved = move(refunds, "small", memo=(memo_id := file(refunds)))
    assert (moved.request_id, moved.difference.kept_done, moved.difference.undone) == (None, ("alpha", "beta"), ())
    after = refunds.workflow().playbook
    assert (after.id, after.version, after.hash) == ("small", 2, playbooks.content_hash(STRICTER))
    assert refunds.row("beta").state is ItemState.DONE
    last = refunds.chain()[-1]
    assert (last["fact"], last["subject"], last["details"]["memo"], last["details"]["because"]) == (
        "playbook_moved",
        refunds.workflow().id,
        memo_id,
        "nothing is loosened",
    )
    assert (last["details"]["before"]["hash"], last["details"]["playbook"]["hash"]) == (before.hash, after.hash)
    assert Posted("playbook_moved", "CSUPPORT") in refunds.posted()
    assert refunds.verify().ok


def test_what_loosens_waits_for_another_and_pins_the_text_that_was_asked_for(
    refunds: Program, shelf: dict[str, str]
) -> None:
    shelf["light"] = LOOSER
    moved = move(refunds, "light")
    request_id = str(moved.request_id)
    assert [change.where for change in moved.difference.loosened] == [
        "pilot gate eval_passed min_cases",
        "production gate logs_kept item",
        "item delta",
    ]
    assert (refunds.request(request_id).kind, refunds.workflow().playbook.id) == (RequestKind.PLAYBOOK_MOVE, "small")
    shelf["light"] = SMALL
    with pytest.raises(NotAllowed, match="you asked for it"):
        refunds.approve(request_id, "ana")
    refunds.approve(request_id)
    after = refunds.workflow().playbook
    assert (after.id, after.hash) == ("light", playbooks.content_hash(LOOSER))
    assert (refunds.row("beta").state, refunds.row("eta").state) == (ItemState.DONE, ItemState.OPEN)
    assert refunds.chain()[-1]["details"]["because"] == f"playbook_move {request_id}"


def test_declined_it_follows_what_it_followed(refunds: Program, shelf: dict[str, str]) -> None:
    shelf["light"] = LOOSER
    request_id = str(move(refunds, "light").request_id)
    refunds.decline(request_id)
    assert (refunds.request(request_id).state, refunds.workflow().playbook.id) == (RequestState.DECLINED, "small")


def test_a_request_is_refused_once_the_workflow_follows_something_else(refunds: Program, shelf: dict[str, str]) -> None:
    shelf["light"] = LOOSER
    request_id = str(move(refunds, "light").request_id)
    with pytest.raises(Conflict, match="Ana asked to move refunds_agent to the playbook light already"):
        move(refunds, "light", "stu")
    shelf["small"] = STRICTER
    move(refunds, "small")
    with pytest.raises(GateShut, match="follows another playbook now than when Ana asked"):
        refunds.approve(request_id)
    assert (refunds.workflow().playbook.version, refunds.facts()[-1]) == (2, "denied")


def test_a_move_is_refused_without_right_memo_or_difference(refunds: Program, shelf: dict[str, str]) -> None:
    shelf["light"] = LOOSER
    with pytest.raises(Refused, match="follows small, version 1, just as it is shipped now"):
        move(refunds, "small")
    with pytest.raises(NotFound, match="There is no playbook 'smal'"):
        move(refunds, "smal")
    with pytest.raises(BadInput, match="rests on a filed memo of refunds_agent"):
        move(refunds, "light", memo=" ")
    with pytest.raises(BadInput, match="is about no workflow, and a move rests on"):
        move(refunds, "light", memo=file(refunds, about=False))
    with pytest.raises(NotAllowed, match="You can't change this workflow"):
        move(refunds, "light", "max", memo=file(refunds))
    for machine in (agent(), SCHEDULER):
        with pytest.raises(NotAllowed, match="This asks for a person"):
            move(refunds, "light", machine, memo=file(refunds))
    memo_id = file(refunds)
    refunds.close()
    with pytest.raises(Refused, match="was closed as stopped"):
        move(refunds, "light", memo=memo_id)
    assert refunds.workflow().playbook.id == "small"


def test_a_stricter_floor_stops_what_the_latest_run_no_longer_reaches(
    database: Database, shelf: dict[str, str]
) -> None:
    program = GrantsProgram(database)
    shelf["small"] = SMALL
    program.start(playbook="small")
    program.run(193, 200)
    grant = program.grant(ATTENDED)
    shelf["small"] = spoiled(("version: 1", "version: 2"), ("min_pass: 0.95", "min_pass: 0.97"))
    move(program, "small")
    assert program.causes(grant) == ((SuspensionCause.EVAL_FAILED, "refunds"),)
