"""What each phase lets agents do without a person."""

import pytest

from bot.domain.grants.autonomy import Cap, Capped, MeshMember, cap, mesh_refusal, needs_person
from bot.domain.grants.terms import GrantTerms
from bot.domain.playbook import PhaseName, Playbook
from bot.domain.risk import Effect, Tier
from tests.grants.samples import NINETY_DAY, STARTER, autonomy, terms

PHASES = tuple(PhaseName)


def asked(effect: Effect, tier: Tier, **fields: object) -> GrantTerms:
    return terms(effect=effect, tier=tier, **fields)


UNBOUNDED = {"limits": (), "conditions": ()}


@pytest.mark.parametrize(
    ("playbook", "wanted", "where_a_person_is_needed"),
    [
        (NINETY_DAY, asked(Effect.NONE, Tier.LOW, **UNBOUNDED), []),
        (NINETY_DAY, asked(Effect.INTERNAL, Tier.LOW), ["pilot"]),
        (NINETY_DAY, asked(Effect.INTERNAL, Tier.MEDIUM), ["pilot"]),
        (NINETY_DAY, asked(Effect.EXTERNAL, Tier.MEDIUM), ["pilot", "production"]),
        (NINETY_DAY, asked(Effect.INTERNAL, Tier.LOW, **UNBOUNDED), ["pilot", "scaling", "operating"]),
        (NINETY_DAY, asked(Effect.EXTERNAL, Tier.LOW, **UNBOUNDED), ["pilot", "production", "scaling", "operating"]),
        (NINETY_DAY, asked(Effect.EXTERNAL, Tier.HIGH), ["pilot", "production", "scaling", "operating"]),
        (STARTER, asked(Effect.EXTERNAL, Tier.LOW), ["pilot", "production"]),
        (STARTER, asked(Effect.INTERNAL, Tier.MEDIUM), ["pilot", "production", "scaling", "operating"]),
    ],
)
def test_a_phase_wants_a_person(playbook: Playbook, wanted: GrantTerms, where_a_person_is_needed: list[str]) -> None:
    found = [str(phase) for phase in PHASES if needs_person(autonomy(phase, playbook), wanted)]
    assert found == where_a_person_is_needed


def test_whatever_asks_for_a_person_itself_may_be_requested_in_any_phase() -> None:
    attended = terms(requires_human_approval=True)
    assert [cap(NINETY_DAY, phase, attended) for phase in PHASES] == [
        Capped(Cap.NEEDS_PERSON),
        Capped(Cap.NEEDS_PERSON),
        Capped(Cap.ALLOWED),
        Capped(Cap.ALLOWED),
    ]


def test_more_than_the_phase_allows_is_refused_with_when_it_may_be_asked() -> None:
    head = "issue_refund has an external effect and medium risk, and asks to go without a person."
    tail = "Until then request it with approval instead (requires_human_approval: true)."
    assert cap(NINETY_DAY, PhaseName.PILOT, terms()) == Capped(
        Cap.REFUSED,
        PhaseName.SCALING,
        f"{head} In pilot that needs a person each time; it may be asked for from scaling on. {tail}",
    )
    assert cap(NINETY_DAY, PhaseName.PRODUCTION, terms(**UNBOUNDED)) == Capped(
        Cap.REFUSED,
        PhaseName.SCALING,
        f"{head} In production that needs a person each time; it may be asked for from scaling on with a limit or a "
        f"condition. {tail}",
    )
    assert cap(NINETY_DAY, PhaseName.SCALING, terms(**UNBOUNDED)) == Capped(
        Cap.REFUSED,
        PhaseName.SCALING,
        f"{head} In scaling that may be asked for at once with a limit or a condition; without one it needs a person "
        f"each time. {tail}",
    )
    assert cap(STARTER, PhaseName.SCALING, terms()) == Capped(
        Cap.REFUSED,
        None,
        f"{head} In scaling that needs a person each time, and this playbook has no later phase that allows it. {tail}",
    )


def test_what_has_no_effect_is_never_asked_a_person_for() -> None:
    draft = terms(action="draft_reply", effect=Effect.NONE, tier=Tier.LOW, **UNBOUNDED)
    assert {cap(playbook, phase, draft) for playbook in (NINETY_DAY, STARTER) for phase in PHASES} == {
        Capped(Cap.ALLOWED)
    }


def test_a_mesh_is_for_workflows_that_are_operating_with_fresh_evals() -> None:
    ready = MeshMember("refunds", PhaseName.OPERATING, True)
    unready = (
        MeshMember("triage", PhaseName.SCALING, True),
        MeshMember("macros", PhaseName.OPERATING, False),
        MeshMember("ghost", None, False),
    )
    assert mesh_refusal([ready]) is None
    assert mesh_refusal([ready, *unready]) == (
        "A mesh is for workflows that are operating with fresh evals, and these are not: triage (in scaling), macros "
        "(its evals are stale), ghost (no such workflow). Ask again when they are, or ask for scoped_autonomy."
    )
