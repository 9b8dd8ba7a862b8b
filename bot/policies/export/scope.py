"""What is exported, and what comes out of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.grants.life import Grant


@dataclass(frozen=True, slots=True)
class Scope:
    """A workflow's active grants.

    `attended` are the ids of those for which the phase asks a person, whatever their terms say; `still` those
    that stand still all the same, by stale evals or a missed attestation for instance, which no guard wrote down yet.
    """

    workflow: str
    grants: tuple[Grant, ...]
    attended: frozenset[str] = frozenset()
    still: frozenset[str] = frozenset()
    is_frozen: bool = False

    @property
    def in_force(self) -> tuple[Grant, ...]:
        """What an engine may permit as things stand."""
        return () if self.is_frozen else tuple(grant for grant in self.grants if grant.id not in self.still)

    def asks_person(self, grant: Grant) -> bool:
        """Whether a person must approve each use of `grant`."""
        return grant.terms.requires_human_approval or grant.id in self.attended


@dataclass(frozen=True, slots=True)
class Exported:
    """The policy as text, and in sentences what it does not say; the text names them too, at its top."""

    text: str
    unsaid: tuple[str, ...]


class Unsayable(Exception):
    """A language has no words for part of a grant; `str(error)` is the end of "condition 2 …"."""


def left_out(grant: Grant, why: str, language: str) -> str:
    """The sentence on a grant that `language` can't hold, and so does not permit."""
    return f"{grant.terms.action} ({grant.id}) is left out, so it is denied: {why}, which {language} can't say."


def kept_by_rollout(scope: Scope, counting: str) -> Iterator[str]:
    """What no engine can know of these grants; `counting` says what it is told of the day instead."""
    yield (
        "Suspensions, freezes, overdue attestations and changes of phase are only known as of the export: "
        "export again after each, or ask Rollout itself."
    )
    yield "Limits on the size of the facts (1,000 entries, 8 levels, 100,000 characters) are not checked here."
    counted = [grant.terms.action for grant in scope.grants if grant.terms.per_day]
    if counted:
        yield f"The uses and sums of a day are not counted here ({', '.join(counted)}): {counting}"
    if any(grant.terms.logging for grant in scope.grants):
        yield "What is to be logged, and for how long, is not said here."
    if any(grant.terms.members for grant in scope.grants):
        yield "Which workflows work together as a mesh is not said here."
    if scope.is_frozen:
        yield f"{scope.workflow} is frozen, so all of its grants are left out."
        return
    for grant in scope.grants:
        if grant.id in scope.still:
            name = f"{grant.terms.action} ({grant.id})"
            yield f"{name} is left out, as it stands still: its evals or its attestation are overdue, for instance."


def commented(lines: Iterator[str] | tuple[str, ...], mark: str) -> str:
    """The lines as comments."""
    return "".join(f"{mark} {line}".rstrip() + "\n" for line in lines)
