"""Who may do what: every cell of the table in RULES that this program has acts for."""

import pytest

from bot.domain.errors import NotAllowed
from bot.domain.people import Actor, Membership, PrincipalKind, Through
from bot.domain.rights import RIGHTS, Right, Standing, demand_person, standings, why_allowed
from bot.domain.workflows import Holder, Role
from tests.domain.samples import ANA, BEN, actor, on_day, person, team, workflow

COLUMNS = ("member", "assignee", "reviewer", "lead", "steward", "owner", "approver", "admin")

# As in RULES, "Who may do what"; x may, . may not.
TABLE = {
    Right.READ: "x x x x x x x x",
    Right.START: "x x x x x x x x",
    Right.TICK: ". x . x x x . x",
    Right.MANAGE: ". . . x x x x x",
    Right.DEMOTE: ". . . x x x x x",
    Right.MANAGE_TEAM: ". . . x x x x x",
    Right.REQUEST: ". . . x x x x x",
    Right.REQUEST_CORRECTION: "x x x x x x x x",
    Right.APPROVE: ". . . . . . x x",
    Right.FILE: "x x x x x x x x",
    Right.JUDGE: ". . . x x x x x",
    Right.CLOSE_DEVIATION: ". x . x x x x x",
    Right.DRILL: ". x . x x x x x",
    Right.RECORD: ". . . x x x x x",
    Right.MIND: ". . . x x x x x",
    Right.CHANGE_POLICY: ". . . x x x x x",
    Right.CHANGE_SEATS: ". . . x x x x x",
    Right.VOID: ". . . . . . x x",
    Right.STOP: ". . . x x x x x",
    Right.ANSWER: ". . x x x x x x",
    Right.GO_ON: ". . . . x x x x",
}
CELLS = [
    (right, Standing(column), mark == "x")
    for right, marks in TABLE.items()
    for column, mark in zip(COLUMNS, marks.split(), strict=True)
]


def test_the_table_speaks_of_every_right_and_every_standing() -> None:
    assert (set(TABLE), set(COLUMNS)) == (set(Right) & set(RIGHTS), set(Standing))


@pytest.mark.parametrize(("right", "standing", "may"), CELLS)
def test_each_cell_of_the_table(right: Right, standing: Standing, may: bool) -> None:
    held = {Standing.MEMBER: "member of the workspace", standing: "the reason"}
    assert (why_allowed(right, held) is not None) == may


def test_the_record_says_the_strongest_reason() -> None:
    held = {
        Standing.MEMBER: "member of the workspace",
        Standing.OWNER: "owner of refunds_agent",
        Standing.ADMIN: "admin",
    }
    assert [why_allowed(right, held) for right in (Right.READ, Right.TICK, Right.APPROVE)] == ["admin"] * 3
    del held[Standing.ADMIN]
    assert [why_allowed(right, held) for right in (Right.READ, Right.TICK, Right.APPROVE)] == [
        "owner of refunds_agent",
        "owner of refunds_agent",
        None,
    ]


def test_what_someone_is_here_comes_with_the_reason_in_words() -> None:
    here = team(approvers=(person("bea"),))
    of = workflow(team=here, holders=(Holder(Role.OWNER, ANA, on_day(1)), Holder(Role.STEWARD, BEN, on_day(1))))
    member = {Standing.MEMBER: "member of the workspace"}
    assert standings(actor("max"), here, of) == member
    assert standings(actor("ana"), here, of) == member | {Standing.OWNER: "accountable owner of refunds_agent"}
    assert standings(actor("ben"), here, of) == member | {Standing.STEWARD: "agent steward of refunds_agent"}
    assert standings(actor("lea"), here, of) == member | {Standing.LEAD: "lead of Support"}
    assert standings(actor("bea"), here, of) == member | {Standing.APPROVER: "approver of Support"}
    by_settings = actor("ada", admin_because="member of group S1", approver_because="member of group S2")
    assert standings(by_settings, here, of) == member | {
        Standing.ADMIN: "member of group S1",
        Standing.APPROVER: "member of group S2",
    }
    assert standings(actor("ana"), here) == member


@pytest.mark.parametrize("role", [Role.EVAL_OWNER, Role.GATEKEEPER])
def test_the_other_roles_give_no_rights_over_the_workflow(role: Role) -> None:
    of = workflow(holders=(Holder(role, ANA, on_day(1)),))
    assert set(standings(actor("ana"), of.team, of)) == {Standing.MEMBER}


@pytest.mark.parametrize("membership", [each for each in Membership if each is not Membership.MEMBER])
def test_guests_strangers_bots_and_the_deactivated_are_nothing_whatever_they_hold(membership: Membership) -> None:
    outsider = actor("lea", membership=membership, admin_because="named as admin", approver_because="named too")
    assert standings(outsider, team(), workflow()) == {}
    with pytest.raises(NotAllowed):
        demand_person(outsider)


@pytest.mark.parametrize("kind", [PrincipalKind.AGENT, PrincipalKind.SERVICE])
def test_agents_and_services_are_nothing_where_a_person_is_asked_for(kind: PrincipalKind) -> None:
    machine = Actor(kind, "ULEA", "macro_bot", Through.API, admin_because="named as admin in the settings")
    assert standings(machine, team(), workflow()) == {}
    with pytest.raises(NotAllowed, match=f"macro_bot is none .{kind}.: a person must do it"):
        demand_person(machine)


def test_an_erased_lead_or_approver_is_nobody() -> None:
    gone = person("lea")
    here = team(lead=type(gone)(gone.id, None, "someone erased"), approvers=())
    assert set(standings(actor("lea"), here)) == {Standing.MEMBER}
