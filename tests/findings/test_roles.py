"""role.vacant: a required role that nobody holds in time, or that someone holds who is gone."""

from datetime import date

from bot.domain.findings.looks import WorkflowLook
from bot.domain.findings.records import Records
from bot.domain.gate_evidence import RoleHolder
from bot.domain.playbook import DoneWhen
from bot.domain.workflows import Holder, Role
from tests.domain.samples import ANA, BEN, item, on_day, workflow
from tests.findings.record_samples import (
    CRITICAL,
    STAFFED,
    WARNING,
    Told,
    findings,
    gone,
    look,
    small,
    staffed,
    standing_still,
    told,
)

RULE = "role.vacant"
BOOK = small(item("name_roles", due_day=3, done_when=DoneWhen.ROLES), roles=("owner", "steward", "eval_owner"))
ALONE = workflow(holders=(Holder(Role.OWNER, ANA, on_day(1)),))
UNOWNED = workflow(holders=STAFFED[1:3])


def about(at: WorkflowLook) -> list[str]:
    return [finding.about for finding in findings(RULE, at)]


def test_required_roles_are_vacant_once_the_item_that_names_them_is_past_due() -> None:
    assert told(RULE, look(on_day(4), of=ALONE, book=BOOK)) == [
        Told(
            WARNING,
            "steward",
            "nobody is agent steward, and somebody was to be by 4 Mar 2026",
            "Ana",
            "name the agent steward",
        ),
        Told(
            WARNING,
            "eval_owner",
            "nobody is eval owner, and somebody was to be by 4 Mar 2026",
            "Ana",
            "name the eval owner",
        ),
    ]
    assert findings(RULE, look(on_day(3, hour=23), of=ALONE, book=BOOK)) == ()


def test_without_an_accountable_owner_it_is_critical_and_the_lead_has_to_act() -> None:
    assert told(RULE, look(on_day(4), of=UNOWNED, book=BOOK)) == [
        Told(
            CRITICAL,
            "owner",
            "nobody is accountable owner, and somebody was to be by 4 Mar 2026",
            "Lea",
            "name the accountable owner",
        )
    ]


def test_a_deactivated_holder_leaves_a_role_vacant_from_the_first_day_on() -> None:
    records = Records(holders=gone(BEN, ANA))
    found = findings(RULE, look(on_day(1), records, book=BOOK))
    assert [(each.severity, each.about, each.owner and each.owner.name) for each in found] == [
        (CRITICAL, "owner", "Lea"),
        (WARNING, "steward", "Lea"),
    ]
    assert [each.facts for each in found] == [
        (("role", "owner"), ("state", "deactivated"), ("due_on", None)),
        (("role", "steward"), ("state", "deactivated"), ("due_on", None)),
    ]


def test_of_whom_nobody_can_say_anything_nothing_is_said() -> None:
    unknown = tuple(RoleHolder(each.role, each.person.id, None) for each in STAFFED)
    assert findings(RULE, look(on_day(9), Records(holders=unknown), book=BOOK)) == ()


def test_a_role_that_the_playbook_does_not_require_may_be_empty() -> None:
    assert about(look(on_day(9), of=ALONE, book=small(*BOOK.items_of(BOOK.phases[0].name), roles=("owner",)))) == []


def test_a_playbook_without_such_an_item_has_no_day_by_which_roles_are_named() -> None:
    assert about(look(on_day(9), of=ALONE, book=small())) == []


def test_a_paused_workflow_is_not_judged_and_its_day_moves_with_the_pause() -> None:
    records = Records(holders=gone(BEN))
    assert about(look(on_day(30), records, of=standing_still(date(2026, 3, 9)), book=BOOK)) == []
    assert about(look(on_day(10), of=workflow(holders=ALONE.holders, paused_days=7), book=BOOK)) == []
    assert about(look(on_day(11), of=workflow(holders=ALONE.holders, paused_days=7), book=BOOK)) == [
        "steward",
        "eval_owner",
    ]


def test_a_role_that_fell_vacant_later_counts_at_once() -> None:
    without_eval_owner = workflow(holders=tuple(each for each in STAFFED if each.role is not Role.EVAL_OWNER))
    assert about(look(on_day(70), of=without_eval_owner, book=BOOK)) == ["eval_owner"]
    assert about(look(on_day(70), of=staffed(), book=BOOK)) == []
