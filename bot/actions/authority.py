"""Whether someone may do something, looked up at the moment of the act; refusals name who may."""

from dataclasses import dataclass

from bot.domain.absences import EVERYONE_HERE, Absences
from bot.domain.errors import NotAllowed
from bot.domain.people import Actor, Person
from bot.domain.rights import RIGHTS, Right, Standing, demand_person, standings, why_allowed
from bot.domain.teams import Team
from bot.domain.workflows import Role, Workflow


@dataclass(frozen=True, slots=True)
class Deciders:
    """Who may decide requests in the whole program, beside the approvers that a team names."""

    approvers: tuple[Person, ...] = ()
    admins: tuple[Person, ...] = ()
    absences: Absences = EVERYONE_HERE

    def of(self, team: Team | None, but: str | None = None) -> tuple[Person, ...]:
        """Who is here and may decide a request of `team`, in the order they are asked, without `but` (a handle)."""
        named = team.approvers if team else ()
        found = {person.handle: person for person in (*named, *self.approvers, *self.admins)}
        return self.absences.here_among(person for handle, person in found.items() if handle and handle != but)


@dataclass(frozen=True, slots=True)
class Authority:
    """One actor's rights at one moment."""

    actor: Actor
    deciders: Deciders

    def demand(
        self, right: Right, team: Team | None, workflow: Workflow | None = None, *, assignee: bool = False
    ) -> str:
        """The reason why the actor may do this; NotAllowed, naming who may, if they may not.

        What concerns no single team, as a source does, is for those who decide in the whole program.
        """
        demand_person(self.actor)
        if team is None:
            return self._demand_of_all(right)
        held = standings(self.actor, team, workflow)
        if assignee:
            held[Standing.ASSIGNEE] = "whose item it is"
        why = why_allowed(right, held)
        if why is None:
            raise NotAllowed(f"You can't {right}: {self._who_can(right, team, workflow)}.")
        return why

    def _demand_of_all(self, right: Right) -> str:
        because = self.actor.admin_because or self.actor.approver_because
        if because is None:
            able = " or ".join(person.name for person in self.deciders.of(None)[:3]) or "an admin"
            raise NotAllowed(f"You can't {right}, which concerns no single team: {able} can.")
        return because

    def _who_can(self, right: Right, team: Team, workflow: Workflow | None) -> str:
        able: dict[str | None, str] = {}
        wanted = RIGHTS[right]
        if workflow and Standing.OWNER in wanted:
            able |= {p.handle: p.name for role in (Role.OWNER, Role.STEWARD) for p in workflow.holders_of(role)}
        if Standing.LEAD in wanted:
            able[team.lead.handle] = team.lead.name
        # Who was erased has no handle any more, and can do nothing.
        able.pop(None, None)
        if Standing.APPROVER in wanted and not able:
            able |= {person.handle: person.name for person in self.deciders.of(team)}
        names = list(able.values())[:3]
        return f"{' or '.join(names)} can" if names else "nobody can yet, so an admin has to name an approver"
