"""Phase caps: what a workflow's phase lets its agents do without a person (RULES, "Phase caps")."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.grants.terms import GrantTerms
from bot.domain.playbook import Autonomy, Phase, PhaseName, Playbook
from bot.domain.risk import Effect


class Cap(StrEnum):
    """What the phase says to a request."""

    ALLOWED = "allowed"
    NEEDS_PERSON = "needs_person"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Capped:
    """What the phase makes of some terms.

    `NEEDS_PERSON`: they ask for a person at each use, as the phase does. `REFUSED`: they don't, and `reason`
    says so with when they may be asked for, from phase `when` on (None: never in this playbook).
    """

    cap: Cap
    when: PhaseName | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class MeshMember:
    """A workflow of a mesh, the one of the file itself included; `phase` is None where there is no such workflow."""

    name: str
    phase: PhaseName | None
    has_fresh_evals: bool


def mesh_refusal(members: Iterable[MeshMember]) -> str | None:
    """Why these workflows may not work as a mesh yet; None if each is operating with fresh evals."""
    unready = [f"{member.name} ({why})" for member in members if (why := _unready(member))]
    if not unready:
        return None
    return (
        "A mesh is for workflows that are operating with fresh evals, and these are not: "
        f"{', '.join(unready)}. Ask again when they are, or ask for scoped_autonomy."
    )


def _unready(member: MeshMember) -> str | None:
    if member.phase is None:
        return "no such workflow"
    if member.phase is not PhaseName.OPERATING:
        return f"in {member.phase}"
    return None if member.has_fresh_evals else "its evals are stale"


def needs_person(autonomy: Autonomy, terms: GrantTerms) -> bool:
    """Whether the phase wants a person at each use of these terms, whatever they say themselves."""
    return _attends(autonomy, terms) or _misses_bound(autonomy, terms)


def cap(playbook: Playbook, phase: PhaseName, terms: GrantTerms) -> Capped:
    """What `phase` makes of a request for `terms`; a refusal comes with its sentence."""
    if not needs_person(playbook.phase(phase).autonomy, terms):
        return Capped(Cap.ALLOWED)
    if terms.requires_human_approval:
        return Capped(Cap.NEEDS_PERSON)
    order = tuple(PhaseName)
    from_here = [p for p in playbook.phases if order.index(p.name) >= order.index(phase)]
    first = next((p for p in from_here if not _attends(p.autonomy, terms)), None)
    asked = f"{terms.action} has an {terms.effect} effect and {terms.tier} risk, and asks to go without a person"
    told = f"{asked}. {_when(phase, first, terms)} Until then request it with approval instead"
    return Capped(Cap.REFUSED, first.name if first else None, f"{told} (requires_human_approval: true).")


def _attends(autonomy: Autonomy, terms: GrantTerms) -> bool:
    """Whether this effect or this tier needs a person here, however it is bounded."""
    if terms.effect is Effect.NONE:
        return False
    return terms.effect in autonomy.attended or terms.tier not in autonomy.unattended


def _misses_bound(autonomy: Autonomy, terms: GrantTerms) -> bool:
    """Whether a limit or a condition is wanting.

    A phase that still attends some effect is narrow enough: there the matrix alone says who needs a bound. Where
    a phase attends none, RULES wants one before anything with an effect goes unattended.
    """
    return terms.effect is not Effect.NONE and not autonomy.attended and not terms.is_bounded


def _when(phase: PhaseName, first: Phase | None, terms: GrantTerms) -> str:
    if first is None:
        return f"In {phase} that needs a person each time, and this playbook has no later phase that allows it."
    bound = " with a limit or a condition" if _misses_bound(first.autonomy, terms) else ""
    if first.name is phase:
        return f"In {phase} that may be asked for at once{bound}; without one it needs a person each time."
    return f"In {phase} that needs a person each time; it may be asked for from {first.name} on{bound}."
