"""What takes effect at once, and what somebody else has to approve."""

import pytest

from bot.domain.grants.terms import GrantTerms, Logging, Mode, is_narrowing
from bot.domain.risk import Area, Effect, Tier
from tests.grants.samples import conditions, limit, per_day, terms

OLD = terms(limits=(limit("max_amount_usd", 25), limit("min_age_days", 3)), per_day=per_day(40))
"""What is in force."""

KEPT = [condition.source for condition in OLD.conditions]


def changed(**fields: object) -> GrantTerms:
    return terms(**{"limits": OLD.limits, "per_day": OLD.per_day, **fields})


NARROWER = {
    "a lower max": changed(limits=(limit("max_amount_usd", "24.99"), limit("min_age_days", 3))),
    "a higher min": changed(limits=(limit("max_amount_usd", 25), limit("min_age_days", 4))),
    "a max where there was none": changed(limits=(*OLD.limits, limit("max_items", 2))),
    "an added condition": changed(conditions=conditions(*KEPT, "is_weekday")),
    "a condition added before the others": changed(conditions=conditions("is_weekday", *KEPT)),
    "approval asked for": changed(requires_human_approval=True),
    "an earlier end": changed(expires_in_days=89),
    "several of these": changed(
        limits=(limit("max_amount_usd", 10), limit("min_age_days", 3)),
        conditions=conditions(*KEPT, "is_weekday"),
        requires_human_approval=True,
        expires_in_days=30,
    ),
}
NOT_NARROWER = {
    "nothing changed": changed(),
    "the same limit in other digits": changed(limits=(limit("max_amount_usd", "25.0"), limit("min_age_days", 3))),
    "the same conditions in another order": changed(conditions=conditions(*reversed(KEPT))),
    "a higher max": changed(limits=(limit("max_amount_usd", 26), limit("min_age_days", 3))),
    "a lower min": changed(limits=(limit("max_amount_usd", 25), limit("min_age_days", 2))),
    "a limit left out": changed(limits=(limit("max_amount_usd", 5),)),
    "a max made a min": changed(limits=(limit("min_amount_usd", 25), limit("min_age_days", 3))),
    "a condition left out": changed(conditions=conditions(KEPT[0])),
    "a condition changed, if only to a tighter one": changed(
        conditions=conditions("confidence_score >= 0.99", KEPT[1])
    ),
    "a later end": changed(expires_in_days=91),
    "a lower max with a later end": changed(
        limits=(limit("max_amount_usd", 5), limit("min_age_days", 3)), expires_in_days=91
    ),
    "a lower max with a condition left out": changed(
        limits=(limit("max_amount_usd", 5), limit("min_age_days", 3)), conditions=()
    ),
    "another action": changed(action="issue_credit", requires_human_approval=True),
    "fewer uses a day": changed(per_day=per_day(39), requires_human_approval=True),
    "no daily limit any more": changed(per_day=None, requires_human_approval=True),
    "another effect": changed(effect=Effect.INTERNAL, requires_human_approval=True),
    "another area": changed(area=Area.CODE_CHANGES, requires_human_approval=True),
    "another tier": changed(tier=Tier.LOW, requires_human_approval=True),
    "less logging": changed(logging=Logging(True, False, 180), requires_human_approval=True),
    "another mode": changed(mode=Mode.MESH, members=("triage",), requires_human_approval=True),
}


@pytest.mark.parametrize("new", NARROWER.values(), ids=NARROWER.keys())
def test_it_takes_effect_at_once_when_it_only_takes_away(new: GrantTerms) -> None:
    assert is_narrowing(OLD, new)
    assert not is_narrowing(new, OLD)


@pytest.mark.parametrize("new", NOT_NARROWER.values(), ids=NOT_NARROWER.keys())
def test_it_has_to_be_approved_when_anything_else_changed(new: GrantTerms) -> None:
    assert not is_narrowing(OLD, new)


def test_not_asking_for_a_person_any_more_is_a_widening() -> None:
    attended = changed(requires_human_approval=True)
    assert not is_narrowing(attended, OLD)
    assert not is_narrowing(attended, changed(limits=(limit("max_amount_usd", 1), limit("min_age_days", 3))))
