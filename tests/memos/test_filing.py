"""Filing memos: kept for good, ticking what waits for them, superseded once."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import text

from bot.actions import privacy
from bot.actions.memos import About
from bot.actions.memos import file as put_down
from bot.actions.readers import memos_for, reader_of
from bot.domain.errors import BadInput, Conflict, NotAllowed, NotFound, Refused
from bot.domain.facts import MemoFiled
from bot.domain.items import ItemState
from bot.domain.memos import Category, Filing, Memo, Move, content_hash
from bot.domain.people import FreeText, Membership
from bot.domain.visibility import Visibility
from store.errors import ChangeRefused, Crossed
from store.tables.guards import GUARDS, sqlite_triggers
from store.tables.memos import memos
from tests.actions.test_races import at_once
from tests.cast import MONDAY, agent
from tests.memos.samples import FASTER, entry, file, said
from tests.program import Program


def read(program: Program, memo_id: str) -> Memo:
    return program.ask(lambda view: view.memos.one(memo_id))


def test_a_memo_comes_back_as_it_was_filed(refunds: Program) -> None:
    fields: dict[str, Any] = {
        "context": "Evals are good.",
        "options": "- stay",
        "move": Move.TO_PRODUCTION,
        "changes": ("acme/app#12",),
        "prediction": FASTER,
        "visibility": Visibility.TEAM,
    }
    memo_id = file(refunds, "max", owner="stu", **fields)
    found = read(refunds, memo_id)
    workflow = refunds.workflow()
    assert (found.owner.handle, found.filed_by.handle) == ("USTU", "UMAX")
    filing = Filing(memo_id, workflow.id, workflow.team.id, found.owner.id, MONDAY)
    assert found == Memo(
        id=memo_id,
        content=said(**fields),
        workflow_id=workflow.id,
        workflow="refunds_agent",
        team_id=workflow.team.id,
        owner=found.owner,
        filed_by=found.filed_by,
        decided_at=MONDAY,
        superseded_by=None,
        content_hash=content_hash(said(**fields), filing),
    )


def test_whoever_files_a_memo_owns_it_unless_it_names_someone(refunds: Program) -> None:
    found = read(refunds, file(refunds, "max", of=False))
    assert (found.owner.handle, found.workflow_id, found.team_id) == ("UMAX", None, None)


def test_nothing_is_filed_any_more_about_a_workflow_that_is_closed(refunds: Program) -> None:
    refunds.close()
    with pytest.raises(Refused, match="refunds_agent was closed as stopped, so nothing about it changes any more"):
        file(refunds)
    assert "memo_filed" not in refunds.facts()


def test_a_memo_without_a_move_ticks_the_kick_off(refunds: Program) -> None:
    file(refunds)
    row = refunds.row("file_kickoff_memo")
    assert (row.state, row.proof and row.proof.summary) == (
        ItemState.DONE,
        "the memo “Refunds go out alone” is filed",
    )
    assert refunds.row("file_pilot_memo").state is ItemState.OPEN
    assert refunds.facts()[-2:] == ("memo_filed", "proof_seen")


def test_a_memo_with_a_move_ticks_the_item_of_the_phase_that_it_leaves(refunds: Program) -> None:
    file(refunds, move=Move.TO_SCALING)
    ticked = ("file_kickoff_memo", "file_pilot_memo", "file_production_memo", "file_scaling_memo")
    assert [refunds.row(item).state.value for item in ticked] == ["open", "open", "done", "open"]


def test_a_checklist_does_not_give_away_the_title_of_a_memo_for_few(refunds: Program) -> None:
    memo_id = file(refunds, visibility=Visibility.LEADERS)
    proof = refunds.row("file_kickoff_memo").proof
    assert proof
    assert proof.summary == f"the memo {memo_id} is filed"


def test_a_memo_about_no_workflow_ticks_nothing(refunds: Program) -> None:
    file(refunds, of=False)
    assert refunds.facts()[-1] == "memo_filed"


def test_a_move_names_its_workflow_and_a_memo_for_a_team_its_team(refunds: Program) -> None:
    before = refunds.facts()
    with pytest.raises(BadInput, match="names the workflow that moves"):
        file(refunds, of=False, move=Move.TO_PRODUCTION)
    with pytest.raises(BadInput, match="clear which team"):
        file(refunds, of=False, visibility=Visibility.TEAM)
    assert refunds.facts() == before


def test_a_memo_may_be_about_a_team_alone(refunds: Program) -> None:
    team = refunds.workflow().team
    fact = refunds.do("max", put_down, entry(visibility=Visibility.TEAM), About(team=team))
    assert read(refunds, fact.memo_id).team_id == team.id


def test_a_prediction_is_checked_by_the_days_of_the_team(refunds: Program) -> None:
    refunds.clock.at = MONDAY.replace(hour=23, minute=30)
    file(refunds, prediction=replace(FASTER, check_on=date(2026, 3, 2)))
    refunds.later(hours=1)
    with pytest.raises(BadInput, match="2026-03-02 has passed already"):
        file(refunds, prediction=replace(FASTER, check_on=date(2026, 3, 2)))


def test_an_agent_files_nothing_and_the_attempt_is_recorded(refunds: Program) -> None:
    with pytest.raises(NotAllowed, match="a person must do it"):
        file(refunds, agent())
    with pytest.raises(NotAllowed, match="a person must do it"):
        file(refunds, agent(), of=False)
    assert (refunds.denials(), refunds.ask(lambda view: view.memos.all())) == (2, ())


def test_a_guest_files_nothing(refunds: Program) -> None:
    refunds.workspace.memberships["UGUS"] = Membership.GUEST
    with pytest.raises(NotAllowed, match="Guests"):
        file(refunds, "gus")


def test_a_memo_takes_the_place_of_another_once(refunds: Program) -> None:
    first = file(refunds)
    second = file(refunds, "stu", supersedes=first)
    assert (read(refunds, first).superseded_by, read(refunds, second).content.supersedes) == (second, first)
    with pytest.raises(Conflict, match=f"superseded already, by {second}"):
        file(refunds, "max", supersedes=first)
    third = file(refunds, "max", supersedes=second)
    assert [read(refunds, memo_id).superseded_by for memo_id in (first, second, third)] == [second, third, None]


def test_a_memo_does_not_take_the_place_of_one_that_was_decided_later(refunds: Program) -> None:
    refunds.later(hours=2)
    later = file(refunds)
    refunds.later(hours=-1)
    with pytest.raises(BadInput, match="only what comes later supersedes"):
        file(refunds, supersedes=later)
    assert read(refunds, later).superseded_by is None


@pytest.mark.parametrize("membership", [each for each in Membership if each is not Membership.MEMBER])
def test_who_owns_a_memo_is_a_full_member(refunds: Program, membership: Membership) -> None:
    refunds.workspace.memberships["UGUS"] = membership
    with pytest.raises(BadInput, match="Gus is not a full member") as refusal:
        file(refunds, owner="gus")
    assert (refusal.value.field, refunds.ask(lambda view: view.memos.all())) == ("owner", ())


def test_a_prediction_names_the_workflow_whose_metric_it_is_about(refunds: Program) -> None:
    with pytest.raises(BadInput, match="name the workflow") as refusal:
        file(refunds, of=False, prediction=FASTER)
    assert refusal.value.field == "workflow"


def cards(program: Program) -> tuple[str, ...]:
    return tuple(posted.target for posted in program.posted() if posted.kind == "memo_card")


@pytest.mark.parametrize("leaders", ["CLEADERS", None])
@pytest.mark.parametrize(
    ("visibility", "of", "place"),
    [
        (Visibility.EVERYONE, True, "CSUPPORT"),
        (Visibility.TEAM, True, "CSUPPORT"),
        (Visibility.LEADERS, True, "leaders"),
        (Visibility.EVERYONE, False, "leaders"),
    ],
)
def test_a_card_stands_with_the_team_or_else_with_the_leaders(
    refunds: Program, leaders: str | None, visibility: Visibility, of: bool, place: str
) -> None:
    configured = refunds.desk.configured
    refunds.desk.configured = replace(configured, leaders=replace(configured.leaders, channel=leaders))
    file(refunds, of=of, visibility=visibility)
    expected = leaders if place == "leaders" else place
    assert cards(refunds) == ((expected,) if expected else ())


def test_the_card_of_what_is_superseded_is_brought_up_to_date(refunds: Program) -> None:
    first = file(refunds)
    file(refunds, supersedes=first)
    assert [posted.target for posted in refunds.posted() if posted.kind == "memo_cards"] == [first]


def test_a_memo_that_nobody_may_know_of_cannot_be_superseded_by_them(refunds: Program) -> None:
    hidden = file(refunds, visibility=Visibility.LEADERS)
    for unknown in (hidden, "memo_nowhere"):
        with pytest.raises(NotFound, match=f"There is no memo '{unknown}'"):
            file(refunds, "max", supersedes=unknown)


def test_two_who_supersede_one_memo_at_once_make_one_successor(refunds: Program) -> None:
    first = file(refunds)
    second = file(refunds, supersedes=first)
    late = MemoFiled(
        memo_id="memo_late",
        workflow_id=None,
        team_id=None,
        owner=read(refunds, first).owner.id,
        category=Category.OTHER,
        is_reversible=True,
        title=FreeText("Late"),
        decision=FreeText("Late"),
        context=None,
        options=None,
        move=None,
        changes=(),
        prediction=None,
        supersedes=first,
        visibility=Visibility.EVERYONE,
        content_hash="0" * 64,
    )
    with pytest.raises(Crossed, match="superseded in this very moment"):
        refunds.write(late)
    assert read(refunds, first).superseded_by == second
    assert refunds.verify().ok


def test_of_several_who_supersede_one_memo_at_once_one_wins_and_the_others_are_told_by_which(refunds: Program) -> None:
    first = file(refunds)
    told = at_once([lambda: file(refunds, "max", supersedes=first) for _ in range(4)])
    second = read(refunds, first).superseded_by
    assert second
    assert sorted(told) == sorted(
        ["done"]
        + 3
        * [
            f"“Refunds go out alone” was superseded already, by {second}: look at that one, and supersede it if it is "
            "no longer right."
        ]
    )
    assert refunds.verify().ok


_FINAL = "A filed memo is never changed or deleted; file a new one that supersedes it."
_COPY = ", ".join(column.name for column in memos.columns)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE memos SET category = 'other'",
        "UPDATE memos SET supersedes = NULL",
        "DELETE FROM memos",
        f"INSERT INTO memos SELECT {_COPY} FROM memos WHERE TRUE ON CONFLICT (id) DO UPDATE SET category = 'other'",
    ],
)
def test_the_database_itself_keeps_a_memo_as_it_was(refunds: Program, statement: str) -> None:
    before = read(refunds, file(refunds))
    with pytest.raises(ChangeRefused) as refusal, refunds.database.writing() as connection:
        connection.execute(text(statement))
    assert (str(refusal.value), read(refunds, before.id)) == (_FINAL, before)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_sqlite_does_not_replace_a_memo(refunds: Program) -> None:
    before = read(refunds, file(refunds))
    with pytest.raises(ChangeRefused) as refusal, refunds.database.writing() as connection:
        connection.execute(text(f"REPLACE INTO memos SELECT {_COPY.replace('category', 'visibility')} FROM memos"))
    assert (str(refusal.value), read(refunds, before.id)) == (_FINAL, before)


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("UPDATE memos SET category = 'other'", "Memo {id} (record {seq}) was changed: it is not as it was filed."),
        ("UPDATE memos SET value = '0.51'", "Memo {id} (record {seq}) was changed: it is not as it was filed."),
        ("UPDATE memos SET owner = filed_by", "Memo {id} (record {seq}) was changed: it is not as it was filed."),
        ("DELETE FROM memos", "Memo {id} (record {seq}) is missing."),
        (
            f"INSERT INTO memos SELECT 'memo_0' AS {_COPY} FROM memos",
            "Memo memo_0 was added past this program: no record tells of it.",
        ),
    ],
)
def test_a_memo_that_was_tampered_with_is_found(refunds: Program, engine_name: str, statement: str, why: str) -> None:
    memo_id = file(refunds, "max", owner="ana", prediction=FASTER)
    assert refunds.verify().ok
    (seq,) = (record["seq"] for record in refunds.chain() if record["fact"] == "memo_filed")
    with refunds.database.writing() as connection:
        for undone in _without_triggers(engine_name, statement):
            connection.execute(text(undone))
    assert refunds.verify().why == why.format(id=memo_id, seq=seq)


def _without_triggers(engine_name: str, statement: str) -> tuple[str, ...]:
    """The statement as someone carries it out who takes the guards away and puts them up again."""
    if engine_name == "postgresql":
        return ("ALTER TABLE memos DISABLE TRIGGER USER", statement, "ALTER TABLE memos ENABLE TRIGGER USER")
    triggers = [each for guard in GUARDS if guard.table == "memos" for each in sqlite_triggers(guard)]
    return (*(f"DROP TRIGGER {each.name}" for each in triggers), statement, *(each.sql for each in triggers))


def test_an_erased_memo_says_so_and_the_log_stays_whole(refunds: Program) -> None:
    memo_id = file(refunds, "max", context="Because of Max.")
    refunds.do("ada", privacy.erase, "UMAX", "They left.")
    found = read(refunds, memo_id)
    assert (found.content.title, found.content.decision, found.content.context, found.content.options) == (
        "erased",
        "erased",
        "erased",
        "",
    )
    assert refunds.verify().ok


def seen_by(program: Program, who: str, words: str = "") -> list[str]:
    actor = program.actor(who)
    return program.ask(lambda view: [memo.title for memo in memos_for(view, reader_of(view, actor), words)])


def test_everyone_lists_what_they_may_know_of_the_newest_first(refunds: Program) -> None:
    file(refunds, title="For all")
    refunds.later(hours=1)
    file(refunds, title="For the team", visibility=Visibility.TEAM)
    refunds.later(hours=1)
    file(refunds, title="For leaders", visibility=Visibility.LEADERS)
    everything = ["For leaders", "For the team", "For all"]
    assert {who: seen_by(refunds, who) for who in ("ana", "stu", "lea", "bea", "apo", "ada", "max")} == {
        "ana": everything,
        "stu": ["For the team", "For all"],
        "lea": everything,
        "bea": everything,
        "apo": everything,
        "ada": everything,
        "max": ["For all"],
    }


def test_words_are_not_looked_for_where_one_may_not_read(refunds: Program) -> None:
    file(refunds, title="Keys", decision="The vault moves.", category=Category.SECURITY_POSTURE)
    assert {who: (seen_by(refunds, who, "vault"), seen_by(refunds, who, "keys")) for who in ("bea", "max")} == {
        "bea": (["Keys"], ["Keys"]),
        "max": ([], ["Keys"]),
    }


def test_the_store_gives_the_memos_of_a_workflow(refunds: Program) -> None:
    first = file(refunds, prediction=FASTER)
    second = file(refunds, prediction=FASTER, supersedes=first)
    file(refunds, of=False)
    here = refunds.workflow().id
    assert {memo.id for memo in refunds.ask(lambda view: view.memos.of_workflow(here))} == {first, second}
