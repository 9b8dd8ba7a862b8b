"""The desk: where every change begins. It looks up who asks, opens the transaction, and closes it."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Concatenate, ParamSpec, TypeVar

from bot.actions.authority import Authority, Deciders
from bot.actions.looks import Looks
from bot.actions.told import Concerned, told_of
from bot.domain.digests.audiences import NOWHERE, LeadersPlace
from bot.domain.errors import GateShut, GrantBarred, NotAllowed, Refused
from bot.domain.facts import Denied, Fact
from bot.domain.people import Actor, FreeText, Membership, Person, PrincipalKind, Through, Told
from bot.domain.rights import Right, demand_person
from bot.domain.teams import Team
from bot.domain.workflows import Workflow
from bot.drafting import Model
from bot.ports import Clock, Connecting, Directory, Draft, unsaved
from store import Change, Circumstances, Store, View

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Configured:
    """The ids of users, user groups and channels that the settings name.

    `shared` are the channels shared with another company to which an admin allowed a digest, `link_hosts` the hosts to
    which evidence that programs sent may link.
    """

    admins: tuple[str, ...] = ()
    approvers: tuple[str, ...] = ()
    leaders: LeadersPlace = NOWHERE
    shared: tuple[str, ...] = ()
    link_hosts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clocks:
    """`effective` is the time by which things are judged (`--at` and the demo move it), `real` the one of the log."""

    effective: Clock
    real: Clock


@dataclass(frozen=True, slots=True)
class Asked:
    """By whom something is asked; `once` is a key of the request (a repeat changes nothing), `about` its object."""

    actor: Actor
    once: str | None = None
    about: str | None = None


GUARD = Actor(PrincipalKind.SERVICE, "service:guard", "the guard", Through.GUARD)
"""Who suspends a grant when the evidence goes bad."""

SCHEDULER = Actor(PrincipalKind.SERVICE, "service:scheduler", "the scheduler", Through.SCHEDULER)
"""Who does what is due by the clock."""


class _Unmet(Exception):
    """An act needs to know what these people (handles) are in the workspace; it begins anew once that is known."""

    def __init__(self, handles: tuple[str, ...]) -> None:
        super().__init__(handles)
        self.handles = handles


@dataclass(frozen=True, slots=True)
class Turn:
    """One act of one person: the open change, when it happens, and who could decide what they may not.

    `met` are the memberships of people whom the act needs to know about, by handle; `leaders` is the leaders' channel.
    """

    change: Change
    actor: Actor
    at: datetime
    deciders: Deciders
    met: Mapping[str, Membership] = field(default_factory=dict)
    leaders: str | None = None

    def memberships(self, people: Iterable[Person]) -> Mapping[str, Membership]:
        """What these people are in the workspace, by handle; the desk asks for it outside the transaction."""
        strange = tuple({person.handle for person in people if person.handle and person.handle not in self.met})
        if strange:
            raise _Unmet(strange)
        return self.met

    def demand(
        self, right: Right, team: Team | None, workflow: Workflow | None = None, *, assignee: bool = False
    ) -> str:
        """The reason why the actor may do this, noted for the record; a refusal that names who may."""
        why = Authority(self.actor, self.deciders).demand(right, team, workflow, assignee=assignee)
        self.change.allowed_because(why)
        return why

    def approvers(self, team: Team, but: str | None = None) -> tuple[Person, ...]:
        """Everyone who may decide a request of this team, in the order they are asked, without `but` (a handle)."""
        return self.deciders.of(team, but)

    def record(self, fact: Fact, approvers: tuple[Person, ...] = ()) -> None:
        """The fact written, and put aside whom to tell of it; `approvers` are asked where it is a request."""
        concerned = Concerned(self.actor.handle, approvers, self.deciders.absences, self.leaders)
        self.change.record(fact, told_of(self.change, fact, concerned))

    def guarded(self, fact: Fact) -> None:
        """The fact written as the guard's own doing, whoever brought what caused it."""
        concerned = Concerned(GUARD.handle, absences=self.deciders.absences)
        self.change.record(fact, told_of(self.change, fact, concerned), by=GUARD)

    def tell(self, told: Sequence[Told]) -> None:
        """Something put aside to be told that is no change by itself."""
        self.change.tell(told)


class Desk:
    """Where entry points bring what people ask for: `do` for a change, `reading` for a look."""

    def __init__(self, store: Store, clocks: Clocks, directory: Directory, configured: Configured) -> None:
        self.store = store
        self.clock = clocks.effective
        self.real = clocks.real
        self.directory = directory
        self.configured = configured
        self.after: Callable[[], None] = lambda: None
        self.draft: Draft | None = None
        self.read_sources: Callable[[], None] = lambda: None
        self.read_announced: Callable[[], None] = lambda: None
        self.connections: Connecting | None = None
        self.model: Model | None = None
        self.looks = Looks()
        self._in_groups: dict[str, tuple[str, ...]] = {}

    def actor(self, handle: str, *, fresh: bool = False) -> Actor:
        """The Slack user `handle` with what Slack and the settings say of them at this moment."""
        account = self.directory.account(handle, fresh=fresh)
        return Actor(
            kind=PrincipalKind.HUMAN,
            handle=handle,
            name=account.name,
            through=Through.SLACK,
            zone=account.zone,
            membership=account.membership,
            admin_because=self._because(self.configured.admins, handle, "admin"),
            approver_because=self._because(self.configured.approvers, handle, "approver"),
        )

    def _because(self, ids: tuple[str, ...], handle: str, word: str) -> str | None:
        for id_ in ids:
            if id_ == handle:
                return f"named as {word} in the settings"
            if id_.startswith("S") and handle in (self.directory.group_members(id_) or ()):
                return f"member of group {id_}"
        return None

    def deciders(self, view: View | None = None) -> Deciders:
        """The people whom the settings name, groups unfolded, and who is away now, as `view` has it if there is one."""
        if view is None:
            with self.reading() as own:
                return self.deciders(own)
        return replace(self._deciders(), absences=view.absences(self.clock.now()))

    def _deciders(self) -> Deciders:
        return Deciders(self._people(self.configured.approvers), self._people(self.configured.admins))

    def _people(self, ids: tuple[str, ...]) -> tuple[Person, ...]:
        """Whom the settings name, to be asked and told; no right comes from it, so Slack's silence takes nobody out."""
        handles: list[str] = []
        for id_ in ids:
            handles += self._in_group(id_) if id_.startswith("S") else (id_,)
        accounts = (self.directory.account(handle) for handle in dict.fromkeys(handles))
        able = (Membership.MEMBER, Membership.UNKNOWN)
        return tuple(unsaved(account) for account in accounts if account.membership in able)

    def _in_group(self, group: str) -> tuple[str, ...]:
        """Who is in a user group (handles); where Slack gives no answer, who was when it last gave one."""
        found = self.directory.group_members(group)
        if found is not None:
            self._in_groups[group] = found
        return self._in_groups.get(group, ())

    def person(self, handle: str) -> Person:
        """The Slack user `handle` as a person; the store gives them an id when something is recorded of them."""
        return unsaved(self.directory.account(handle))

    @contextmanager
    def reading(self) -> Iterator[View]:
        """A look at the program in one transaction."""
        with self.store.reading() as view:
            yield view

    def do(self, asked: Asked, act: Callable[Concatenate[Turn, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `act` returns, its facts recorded in one transaction; a refusal for lack of right is recorded too."""
        here = Circumstances(asked.actor, self.clock.now(), self.real.now())
        deciders = self._deciders()
        met: dict[str, Membership] = {}

        def whole(change: Change) -> T:
            absences = change.absences(here.at)
            able = replace(deciders, absences=absences)
            stands_in = absences.standing_in(asked.actor)
            return act(Turn(change, stands_in, here.at, able, met, self.configured.leaders.channel), *args, **kwargs)

        try:
            result = self._carried_out(lambda: self.store.change(here, whole, asked.once), met)
        except (NotAllowed, GateShut, GrantBarred) as refusal:
            self._note_denial(here, act.__name__, asked.about, refusal)
            raise
        self.after()
        return result

    def _carried_out(self, change: Callable[[], T], met: dict[str, Membership]) -> T:
        """What `change` returns, begun anew after looking up people it needs to know about: no lock waits for Slack."""
        while True:
            try:
                return change()
            except _Unmet as unmet:
                met |= self.memberships(unmet.handles)

    def memberships(self, handles: Iterable[str]) -> dict[str, Membership]:
        """What these people are in the workspace, by handle."""
        return {handle: self.directory.account(handle).membership for handle in handles}

    def demand(
        self, actor: Actor, right: Right, team: Team | None, workflow: Workflow | None = None, *, assignee: bool = False
    ) -> None:
        """Nothing, if the actor may do this; else the refusal, recorded, before they go to any trouble."""
        deciders = self.deciders()
        try:
            Authority(deciders.absences.standing_in(actor), deciders).demand(right, team, workflow, assignee=assignee)
        except NotAllowed as refusal:
            here = Circumstances(actor, self.clock.now(), self.real.now())
            about = workflow or team
            self._note_denial(here, right.name.lower(), about.id if about else None, refusal)
            raise

    def demand_insider(self, actor: Actor, act: str) -> None:
        """Nothing, if a full member of the workspace asks; else the refusal, recorded."""
        try:
            demand_person(actor)
        except NotAllowed as refusal:
            self._note_denial(Circumstances(actor, self.clock.now(), self.real.now()), act, None, refusal)
            raise

    def _note_denial(self, here: Circumstances, act: str, about: str | None, refusal: Refused) -> None:
        denied = Denied(act=act, subject=about or here.actor.kind, why=FreeText(str(refusal)))
        self.store.change(here, lambda change: change.record(denied))
