"""The desk: where every change begins. It looks up who asks, opens the transaction, and closes it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from bot.actions.told import told_of
from bot.domain.errors import NotAllowed
from bot.domain.facts import Denied, Fact
from bot.domain.people import Actor, FreeText, Membership, Person, PrincipalKind, Through
from bot.domain.rights import RIGHTS, Right, Standing, demand_person, standings, why_allowed
from bot.domain.teams import Team
from bot.domain.workflows import Workflow
from bot.ports import Clock, Directory, unsaved
from store import Change, Circumstances, Store, View

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Configured:
    """The ids of users and user groups that the settings name."""

    admins: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clocks:
    """`effective` is the time by which things are judged (`--at` and the demo move it), `real` the one of the log."""

    effective: Clock
    real: Clock


@dataclass(frozen=True, slots=True)
class Deciders:
    """Who may decide requests in the whole program, beside the approvers that a team names."""

    approvers: tuple[Person, ...] = ()
    admins: tuple[Person, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One act of one person: the open change, when it happens, and who could decide what they may not."""

    change: Change
    actor: Actor
    at: datetime
    deciders: Deciders

    def demand(
        self, right: Right, team: Team, workflow: Workflow | None = None, *, assignee: bool = False
    ) -> str:
        """The reason why the actor may do this; a refusal that names who may, if they may not."""
        demand_person(self.actor)
        held = standings(self.actor, team, workflow)
        if assignee:
            held[Standing.ASSIGNEE] = "whose item it is"
        why = why_allowed(right, held)
        if why is None:
            raise NotAllowed(self._refusal(right, team, workflow))
        self.change.allowed_because(why)
        return why

    def approvers(self, team: Team, but: str | None = None) -> tuple[Person, ...]:
        """Everyone who may decide a request of this team, in the order they are asked, without `but` (a handle)."""
        found = {p.handle: p for p in (*team.approvers, *self.deciders.approvers, *self.deciders.admins)}
        return tuple(p for handle, p in found.items() if handle and handle != but)

    def record(self, fact: Fact, approvers: tuple[Person, ...] = ()) -> None:
        """The fact written, and put aside whom to tell of it; `approvers` are asked where it is a request."""
        self.change.record(fact, told_of(self.change, fact, approvers))

    def _refusal(self, right: Right, team: Team, workflow: Workflow | None) -> str:
        able: dict[str | None, str] = {}
        wanted = RIGHTS[right]
        if workflow and Standing.OWNER in wanted:
            able |= {
                h.person.handle: h.person.name for h in workflow.holders if h.role in ("owner", "steward")
            }
        if Standing.LEAD in wanted:
            able[team.lead.handle] = team.lead.name
        if Standing.APPROVER in wanted and not able:
            able |= {p.handle: p.name for p in self.approvers(team)}
        names = list(able.values())[:3]
        can = f"{' or '.join(names)} can" if names else "nobody can yet: an admin has to name an approver"
        return f"You can't {right}: {can}."


@dataclass(frozen=True, slots=True)
class Asked:
    """By whom something is asked; `once` is a key of the request (a repeat changes nothing), `about` its object."""

    actor: Actor
    once: str | None = None
    about: str | None = None


class Desk:
    """Where entry points bring what people ask for: `do` for a change, `reading` for a look."""

    def __init__(self, store: Store, clocks: Clocks, directory: Directory, configured: Configured) -> None:
        self.store = store
        self.clock = clocks.effective
        self.real = clocks.real
        self.directory = directory
        self._configured = configured
        self.after: Callable[[], None] = lambda: None

    def actor(self, handle: str, *, fresh: bool = False) -> Actor:
        """The Slack user `handle` with what Slack and the settings say of them at this moment."""
        account = self.directory.account(handle, fresh=fresh)
        rights = self._configured
        return Actor(
            kind=PrincipalKind.HUMAN,
            handle=handle,
            name=account.name,
            through=Through.SLACK,
            zone=account.zone,
            membership=account.membership,
            admin_because=self._because(rights.admins, handle, "admin"),
            approver_because=self._because(rights.approvers, handle, "approver"),
        )

    def _because(self, ids: tuple[str, ...], handle: str, word: str) -> str | None:
        for id_ in ids:
            if id_ == handle:
                return f"named as {word} in the settings"
            if id_.startswith("S") and handle in self.directory.group_members(id_):
                return f"member of group {id_}"
        return None

    def deciders(self) -> Deciders:
        """The people whom the settings name, groups unfolded."""
        rights = self._configured
        return Deciders(self._people(rights.approvers), self._people(rights.admins))

    def _people(self, ids: tuple[str, ...]) -> tuple[Person, ...]:
        handles: list[str] = []
        for id_ in ids:
            handles += self.directory.group_members(id_) if id_.startswith("S") else (id_,)
        accounts = (self.directory.account(handle) for handle in dict.fromkeys(handles))
        return tuple(unsaved(a) for a in accounts if a.membership is Membership.MEMBER)

    def person(self, handle: str) -> Person:
        """The Slack user `handle` as a person; the store gives them an id when something is recorded of them."""
        return unsaved(self.directory.account(handle))

    @contextmanager
    def reading(self) -> Iterator[View]:
        """A look at the program in one transaction."""
        with self.store.reading() as view:
            yield view

    def do(
        self, request: Asked, act: Callable[Concatenate[Turn, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T:
        """What `act` returns, its facts recorded in one transaction; a refusal for lack of right is recorded too."""
        at = self.clock.now()
        here = Circumstances(request.actor, at, self.real.now())
        deciders = self.deciders()

        def whole(change: Change) -> T:
            return act(Turn(change, request.actor, at, deciders), *args, **kwargs)

        try:
            result = self.store.change(here, whole, request.once)
        except NotAllowed as refusal:
            denied = Denied(
                act=act.__name__, subject=request.about or request.actor.kind, why=FreeText(str(refusal))
            )
            self.store.change(here, lambda change: change.record(denied))
            raise
        self.after()
        return result
