"""Policies: added to the registry and written anew; every version is kept."""

from datetime import date

from bot.actions.desk import Turn
from bot.actions.runners import demand_anywhere
from bot.domain.calendar import local_date
from bot.domain.errors import BadInput
from bot.domain.facts import PolicyAdded, PolicyEdited
from bot.domain.people import FreeText, Person
from bot.domain.policies import Entry, Policy, PolicyVersion, policy_name, whole
from bot.domain.rights import Right, demand_person
from bot.domain.wording import one_line
from store import View


def add(turn: Turn, name: str, entry: Entry, owner: Person) -> PolicyAdded:
    """A policy of that name in the registry, as its first version."""
    demand_anywhere(turn, Right.CHANGE_POLICY)
    called = policy_name(name)
    if known := turn.change.policies.find(called):
        raise BadInput(f"There is a policy {known.name} already: change that one, or choose another name.", "name")
    said = whole(entry, _today(turn))
    fact = PolicyAdded(
        policy_id=turn.change.new_id("pol"),
        name=called,
        area=said.area,
        text=_words(said.text),
        link=_words(said.link),
        owner=turn.change.person(owner).id,
        review_on=said.review_on,
    )
    turn.record(fact)
    return fact


def edit(turn: Turn, policy: Policy, entry: Entry, owner: Person) -> PolicyEdited:
    """The next version of a policy, decided on `policy` as it was seen; whose it is may write it, too."""
    demand_may_edit(turn, policy)
    stood = policy.latest
    said = whole(entry, _today(turn), stood.entry)
    owner_id = turn.change.person(owner).id
    if said == stood.entry and owner_id == stood.owner.id:
        raise BadInput("Nothing was changed: give at least one new value.")
    fact = PolicyEdited(
        policy_id=policy.id,
        seen_version=stood.number,
        area=said.area,
        text=_words(said.text),
        link=_words(said.link),
        owner=owner_id,
        review_on=said.review_on,
        before=_before(stood, said, owner_id),
    )
    turn.record(fact)
    return fact


def demand_may_add(turn: Turn) -> None:
    """Nothing, if the actor may add a policy; else the refusal, before they go to any trouble."""
    demand_anywhere(turn, Right.CHANGE_POLICY)


def demand_may_edit(turn: Turn, policy: Policy) -> None:
    """Nothing, if the actor may write this policy anew; else the refusal, before they go to any trouble."""
    demand_person(turn.actor)
    if turn.change.policies.one(policy.id).latest.owner.handle in turn.actor.handles:
        turn.change.allowed_because("whose policy it is")
        return
    demand_anywhere(turn, Right.CHANGE_POLICY)


def meant(view: View, words: str) -> tuple[Policy, ...]:
    """The policies in which all of these words stand, by name; the one that is called just so, alone."""
    exact = view.policies.find(words) if words.strip() else None
    return (exact,) if exact else tuple(each for each in view.policies.all() if each.names(words))


def breached(view: View, named: str | None) -> tuple[str | None, FreeText | None]:
    """The policy that a deviation breaches: its id in the registry, else how it was typed."""
    name = one_line(named or "")
    known = view.policies.find(name) if name else None
    return (known.id, None) if known else (None, _words(name))


def _today(turn: Turn) -> date:
    return local_date(turn.at, turn.actor.zone)


def _words(said: str | None) -> FreeText | None:
    return FreeText(said) if said else None


def _before(stood: PolicyVersion, said: Entry, owner_id: str) -> tuple[tuple[str, str], ...]:
    was, now = stood.entry, said
    fields = (
        ("area", was.area.value, now.area.value),
        ("owner", stood.owner.id, owner_id),
        ("review_on", was.review_on.isoformat(), now.review_on.isoformat()),
    )
    return tuple((name, before) for name, before, after in fields if before != after)
