"""The registry of policies: who adds and edits, what is kept of each version, and how deviations name them."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import text

from bot.actions import deviations, policies, privacy
from bot.domain.deviations import DeviationArea
from bot.domain.deviations import Entry as Breach
from bot.domain.errors import BadInput, Conflict, NotAllowed, NotFound
from bot.domain.facts import PolicyAdded
from bot.domain.gaps import Incomplete
from bot.domain.people import FreeText, Membership
from bot.domain.policies import Entry, Policy, PolicyVersion
from bot.domain.workflows import Role
from store.errors import ChangeRefused
from tests.cast import MONDAY, agent
from tests.program import Program

ENTRY = Entry(DeviationArea.FINANCIAL_ACTIONS, date(2026, 9, 1), text="At most $100 without a person.")


def add(program: Program, name: str = "Refund limits", by: str = "ana", entry: Entry = ENTRY) -> Policy:
    id_ = program.do(by, policies.add, name, entry, program.person("eve")).policy_id
    return read(program, id_)


def read(program: Program, id_: str) -> Policy:
    return program.ask(lambda view: view.policies.one(id_))


def edit(program: Program, found: Policy, by: str = "ana", **changes: object) -> Policy:
    entry = replace(found.entry, **changes)  # type: ignore[arg-type]
    program.do(by, policies.edit, found, entry, found.latest.owner)
    return read(program, found.id)


def test_a_policy_comes_back_as_it_was_added_and_each_version_is_kept(refunds: Program) -> None:
    first = add(refunds)
    eve, ana = first.latest.owner, first.latest.written_by
    assert first == Policy(first.id, "Refund limits", PolicyVersion(1, ENTRY, eve, ana, MONDAY))
    assert (eve.handle, ana.handle) == ("UEVE", "UANA")
    refunds.later(days=1)
    second = edit(refunds, first, "lea", area=DeviationArea.OTHER, text=None, link="https://x.example/refunds")
    said = Entry(DeviationArea.OTHER, ENTRY.review_on, link="https://x.example/refunds")
    lea = second.latest.written_by
    assert (lea.handle, second.latest) == ("ULEA", PolicyVersion(2, said, eve, lea, MONDAY + timedelta(days=1)))
    assert refunds.ask(lambda view: view.policies.versions(first.id)) == (second.latest, first.latest)
    assert refunds.facts()[-2:] == ("policy_added", "policy_edited")
    details = refunds.chain()[-1]["details"]
    assert (details["area"], details["before"]) == ("other", [["area", "financial_actions"]])
    assert "x.example" not in str(refunds.chain())
    assert refunds.verify().ok


def test_whoever_runs_or_decides_something_adds_and_edits_and_whose_it_is_edits(refunds: Program) -> None:
    refunds.workspace.memberships["UGUEST"] = Membership.GUEST
    everyone = ("max", "eve", "lea", "stu", "ana", "bea", "apo", "ada", "guest")
    found, added, edited = add(refunds), [], []
    for number, who in enumerate(everyone):
        try:
            add(refunds, f"Policy {number}", who)
            added.append(who)
        except NotAllowed:
            pass
        try:
            found = edit(refunds, found, who, text=f"Version of {who}.")
            edited.append(who)
        except NotAllowed:
            pass
    assert added == ["lea", "stu", "ana", "bea", "apo", "ada"]
    assert edited == ["eve", *added]
    assert refunds.denials() == 5
    with pytest.raises(NotAllowed, match="a person must do it"):
        refunds.do(agent(), policies.add, "x", ENTRY, refunds.person("ana"))
    with pytest.raises(NotAllowed, match=r"^You can't change the registry of policies: whoever leads a team.*\(Apo"):
        add(refunds, "Another", "max")


def test_a_right_that_is_gone_counts_no_more(refunds: Program) -> None:
    refunds.vacate(Role.STEWARD, "stu")
    with pytest.raises(NotAllowed):
        add(refunds, by="stu")


def test_before_there_is_any_team_those_whom_the_settings_name_add_policies(program: Program) -> None:
    assert add(program, by="ada").name == "Refund limits"
    assert add(program, "Logs", "apo").name == "Logs"
    with pytest.raises(NotAllowed):
        add(program, "Other", "max")


def test_a_name_belongs_to_one_policy_whatever_its_capitals(refunds: Program) -> None:
    found = add(refunds)
    with pytest.raises(BadInput, match=r"^There is a policy Refund limits already") as refusal:
        add(refunds, "REFUND  limits")
    assert refusal.value.field == "name"
    assert refunds.ask(lambda view: view.policies.named(" refund LIMITS")) == found
    assert refunds.ask(lambda view: view.policies.named(found.id)) == found
    with pytest.raises(NotFound, match=r"no policy 'refund limit'\. Did you mean Refund limits\?"):
        refunds.ask(lambda view: view.policies.named("refund limit"))


def test_of_two_who_write_the_next_version_at_once_one_wins(refunds: Program) -> None:
    seen = add(refunds)
    edit(refunds, seen, "lea", text="Lea's words.")
    with pytest.raises(Conflict, match="This policy changed in this very moment"):
        edit(refunds, seen, "stu", text="Stu's words.")
    assert [each.entry.text for each in refunds.ask(lambda view: view.policies.versions(seen.id))] == [
        "Lea's words.",
        ENTRY.text,
    ]


def test_an_edit_that_changes_nothing_is_refused(refunds: Program) -> None:
    found = add(refunds)
    with pytest.raises(BadInput, match="Nothing was changed"):
        edit(refunds, found, text=f" {ENTRY.text} ")


def test_they_are_found_by_words_and_one_that_is_called_just_so_comes_alone(refunds: Program) -> None:
    limits, logs = add(refunds), add(refunds, "Logs", entry=replace(ENTRY, text="Kept for 180 days, refund or not."))

    def found(words: str) -> list[str]:
        return [each.name for each in refunds.ask(lambda view: policies.meant(view, words))]

    assert (found(""), found("refund"), found("180 KEPT"), found("nothing")) == (
        [logs.name, limits.name],
        [logs.name, limits.name],
        [logs.name],
        [],
    )
    assert found("logs") == [logs.name]


def test_a_deviation_names_a_policy_as_the_registry_does_and_any_other_as_it_was_typed(refunds: Program) -> None:
    add(refunds)
    spelled: list[str | None] = []
    breach = Breach("Sent 3 refunds.", DeviationArea.OTHER, date(2026, 3, 9))
    for typed in ("refund  LIMITS", "Log\nretention", " ", None):
        named = replace(breach, policy=typed)
        id_ = refunds.do("max", deviations.open_one, refunds.workflow(), named, None).deviation_id
        spelled.append(refunds.ask(partial(lambda view, id_: view.deviations.one(id_).policy, id_=id_)))
    assert spelled == ["Refund limits", "Log retention", None, None]
    assert "Log retention" not in str(refunds.chain())
    with pytest.raises(Incomplete, match="at most 200 fit"):
        refunds.do("max", deviations.open_one, refunds.workflow(), replace(breach, policy="x" * 201), None)


@pytest.mark.parametrize("statement", ["UPDATE policy_versions SET area = 'other'", "DELETE FROM policy_versions"])
def test_no_version_is_ever_changed(refunds: Program, statement: str) -> None:
    add(refunds)
    with (
        pytest.raises(ChangeRefused, match="A version of a policy is never changed or deleted"),
        refunds.database.writing() as connection,
    ):
        connection.execute(text(statement))


def test_words_that_were_erased_leave_the_policy_and_the_chain(refunds: Program) -> None:
    found = add(refunds)
    refunds.do("ada", privacy.erase, "UANA", "They left.")
    left = read(refunds, found.id)
    assert (left.entry.text, left.entry.link) == (None, None)
    with pytest.raises(Incomplete, match="Give the policy's words"):
        edit(refunds, left, "lea", area=DeviationArea.OTHER)
    assert refunds.verify().ok


def test_of_two_who_add_the_same_name_at_once_one_wins(refunds: Program) -> None:
    found = add(refunds)
    fact = PolicyAdded(
        policy_id="pol_second",
        name="refund Limits",
        area=DeviationArea.OTHER,
        text=FreeText("Other words."),
        link=None,
        owner=found.latest.owner.id,
        review_on=ENTRY.review_on,
    )
    with pytest.raises(Conflict, match="was added in this very moment by someone else"):
        refunds.write(fact)
    assert refunds.ask(lambda view: view.policies.all()) == (found,)
