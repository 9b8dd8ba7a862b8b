"""Who may do what, act by act: what is refused is recorded as a denial, and nothing else changes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.actions import closing, items, requests, teams, workflows
from bot.actions.desk import Turn
from bot.actions.teams import TeamEntry
from bot.actions.workflows import Beginning, Correction
from bot.domain.errors import NotAllowed
from bot.domain.people import Actor, Membership, Through
from bot.domain.ticking import Given
from bot.domain.workflows import Outcome, Role
from store.tables.program import items as item_rows
from store.tables.program import requests as request_rows
from store.tables.program import roles, team_approvers
from store.tables.program import teams as team_rows
from store.tables.program import workflows as workflow_rows
from tests.cast import SCHEDULER, agent
from tests.program import Program

ITEM = "choose_operating_model"
EVERYONE = ("max", "asa", "lea", "stu", "ana", "bea", "apo", "ada", "guest", "gone", "agent", "service")
"""A member, the item's assignee, lead, steward, owner, approvers of team and settings, an admin, and four outsiders."""

Act = Callable[[Turn], object]


class _Undone(Exception):
    """Raised after an act that was allowed, so that nothing of it stays."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A program, and the ids of what waits in it."""

    program: Program
    skip: str

    def may(self, name: str, act: Act) -> bool:
        """Whether one of the cast may do this."""

        def tried(turn: Turn) -> None:
            act(turn)
            raise _Undone

        try:
            self.program.do(self.who(name), tried)
        except _Undone:
            return True
        except NotAllowed:
            return False
        raise AssertionError("unreachable")

    def who(self, name: str) -> str | Actor:
        """One of the cast, or a machine."""
        return {"agent": agent(), "service": SCHEDULER}.get(name, name)

    def stands(self) -> dict[str, Any]:
        """Every row of the program's own tables."""
        tables = (workflow_rows, team_rows, team_approvers, item_rows, request_rows, roles)
        with self.program.database.reading() as connection:
            return {table.name: sorted(map(tuple, connection.execute(select(table))), key=repr) for table in tables}


@pytest.fixture
def scene(refunds: Program) -> Scene:
    """Day 20: asa has a blocked item, ana asked for a skip, a guest and someone deactivated once led and owned."""
    refunds.workspace.memberships |= {"UGUEST": Membership.GUEST, "UGONE": Membership.DEACTIVATED}
    refunds.assign(ITEM, "asa")
    refunds.block(ITEM, "asa")
    refunds.give(Role.EVAL_OWNER, "eva")
    refunds.later(days=19)
    return Scene(refunds, refunds.ask_skip("measure_today"))


def _acts(scene: Scene) -> dict[str, tuple[Act, str]]:
    """Each act with those who may do it, by the table in RULES."""
    program = scene.program
    of, place = program.workflow(), program.place(ITEM)
    later, eva, max_ = program.at.date() + timedelta(days=9), program.person("eva"), program.person("max")
    tickers = "asa lea stu ana ada"
    managers = "lea stu ana bea apo ada"
    people = "max asa lea stu ana bea apo ada"
    return {
        "check": (lambda turn: items.check(turn, place, Given()), tickers),
        "block": (lambda turn: items.block(turn, program.place("tell_people"), "Why."), "lea stu ana ada"),
        "reopen": (lambda turn: items.reopen(turn, place, ""), tickers),
        "restore": (lambda turn: items.restore(turn, place), tickers),
        "assign": (lambda turn: items.assign(turn, place, max_), tickers),
        "pause": (lambda turn: workflows.pause(turn, of, "Why.", freeze=True), managers),
        "edit": (lambda turn: workflows.edit(turn, of, Correction(purpose="Other.")), managers),
        "give a role": (lambda turn: workflows.give_role(turn, of, Role.GATEKEEPER, max_), managers),
        "vacate a role": (lambda turn: workflows.vacate_role(turn, of, Role.EVAL_OWNER, eva), managers),
        "close": (lambda turn: closing.close(turn, of, Outcome.DONE, "Why."), managers),
        "edit a team": (lambda turn: teams.edit(turn, of.team, TeamEntry(hours="8-17")), "lea bea apo ada"),
        "ask for a skip": (lambda turn: requests.ask_skip(turn, place, "Why.", later), managers),
        "ask for a late start": (
            lambda turn: requests.ask_start_date(turn, of, date(2026, 3, 9), "Why."),
            people,
        ),
        "approve ana's request": (lambda turn: requests.approve(turn, scene.skip), "bea apo ada"),
        "decline ana's request": (lambda turn: requests.decline(turn, scene.skip, "No."), "bea apo ada"),
        "withdraw ana's request": (lambda turn: requests.withdraw(turn, scene.skip), "ana"),
        "make a team": (lambda turn: teams.make(turn, TeamEntry("Billing")), people),
        "start": (lambda turn: workflows.start(turn, Beginning("other", "Why.", team=of.team)), people),
    }


def test_every_act_is_open_to_those_whom_the_table_names_and_to_nobody_else(scene: Scene) -> None:
    before, denials = scene.stands(), 0
    found, wanted = {}, {}
    for name, (act, allowed) in _acts(scene).items():
        wanted[name] = allowed
        able = [each for each in EVERYONE if scene.may(each, act)]
        found[name] = " ".join(able)
        denials += len(EVERYONE) - len(able)
    assert found == wanted
    assert (scene.stands(), scene.program.denials()) == (before, denials)
    assert set(scene.program.facts()[-denials:]) == {"denied"}


def test_going_on_after_a_pause_takes_the_same_right_as_pausing(scene: Scene) -> None:
    of = scene.program.pause()
    able = [name for name in EVERYONE if scene.may(name, lambda turn: workflows.resume(turn, of, "Why."))]
    assert able == ["lea", "stu", "ana", "bea", "apo", "ada"]


def test_a_freeze_that_came_with_a_pause_is_lifted_only_by_whoever_may_lift_one(scene: Scene) -> None:
    of = scene.program.pause(freeze=True)
    able = [name for name in EVERYONE if scene.may(name, lambda turn: workflows.resume(turn, of, "Why."))]
    assert able == ["stu", "ana", "bea", "apo", "ada"]


@pytest.mark.parametrize("asker", ["ana", "lea", "stu", "bea", "apo", "ada"])
def test_nobody_decides_what_they_asked_for_whatever_else_they_are(scene: Scene, asker: str) -> None:
    asked = scene.program.ask_skip(ITEM, asker)
    able = [name for name in EVERYONE if scene.may(name, lambda turn: requests.approve(turn, asked))]
    assert able == [name for name in ("bea", "apo", "ada") if name != asker]
    declining = [name for name in EVERYONE if scene.may(name, lambda turn: requests.decline(turn, asked, "No."))]
    assert declining == able


def test_an_outsider_is_refused_whatever_they_hold(refunds: Program) -> None:
    refunds.assign(ITEM, "max")
    act = _acts(Scene(refunds, refunds.ask_skip("measure_today")))["check"][0]
    for membership in Membership:
        refunds.workspace.memberships = {handle: membership for handle in ("UANA", "ULEA", "UMAX", "UADA")}
        able = [name for name in ("ana", "lea", "max", "ada") if Scene(refunds, "").may(name, act)]
        assert able == (["ana", "lea", "max", "ada"] if membership is Membership.MEMBER else [])


def test_a_right_is_looked_up_again_at_each_act(refunds: Program) -> None:
    first, second = refunds.ask_skip("measure_today"), refunds.ask_skip("map_decisions")
    refunds.approve(first, "apo")
    refunds.workspace.groups["SAPPROVERS"] = ()
    with pytest.raises(NotAllowed, match=r"You can't decide this request: Bea or Cem or Ada can\."):
        refunds.approve(second, "apo")


def test_the_record_says_why_it_was_allowed_and_a_refusal_why_it_was_not(refunds: Program) -> None:
    refunds.approve(refunds.ask_skip("measure_today"), "apo")
    with pytest.raises(NotAllowed, match=r"You can't change this workflow: Ana or Stu or Lea can\."):
        refunds.pause("max")
    chain = refunds.chain()
    reasons = [(each["fact"], each["details"].get("allowed_because")) for each in chain[-4:]]
    assert reasons == [
        ("request_made", "accountable owner of refunds_agent"),
        ("request_approved", "member of group SAPPROVERS"),
        ("item_skipped", "member of group SAPPROVERS"),
        ("denied", None),
    ]
    denied = chain[-1]["details"]
    assert {"act": denied["act"], "subject": denied["subject"]} == {"act": "pause", "subject": "human"}
    words = refunds.ask(lambda view: view.history("human"))[-1]
    assert (words.who.name if words.who else None, words.words) == (
        "Max",
        "You can't change this workflow: Ana or Stu or Lea can.",
    )


def test_a_person_at_the_command_line_is_recorded_with_the_account_they_used(refunds: Program) -> None:
    claimed = Actor(
        refunds.actor("ana").kind, "UANA", "UANA", Through.CLI, membership=Membership.MEMBER, claimed="root@build-7"
    )
    refunds.do(claimed, items.block, refunds.place(ITEM), "No access.")
    last = refunds.chain()[-1]
    assert (last["through"], last["claimed"], last["principal_kind"]) == ("cli", "root@build-7", "human")
    assert refunds.row(ITEM).record.changed_by.name == "Ana"  # type: ignore[union-attr]


def test_where_only_the_asker_could_decide_the_refusal_says_what_to_do(program: Program) -> None:
    program.team(approvers=())
    program.workspace.groups = {}
    program.start()
    asked = program.ask_skip("measure_today", "ada")
    with pytest.raises(NotAllowed, match="Nobody else can yet: an approver has to be named for this team"):
        program.approve(asked, "ada")
