"""The registry of policies in Slack: looked up by words, read whole, added to and written anew."""

from collections.abc import Callable

from bot.actions import policies
from bot.domain.calendar import local_date
from bot.domain.deviations import DeviationArea
from bot.domain.errors import BadInput
from bot.domain.gaps import Incomplete
from bot.domain.policies import Entry, said_in
from bot.slack.answers import Answer, Done, Errors, Open, Say
from bot.slack.blocks import Screen
from bot.slack.registry import Group, click, command, form
from bot.slack.screens.policies import policies_screen, policy_modal, policy_screen
from bot.slack.staleness import demand_unchanged
from bot.slack.visit import Click, Form, Visit, memory

_BLOCKS = {"text": "said", "link": "said"}


@command("policy [words]", "the policies: look one up, add one, write one anew", Group.LOOK_UP)
def policy(visit: Visit, typed: str) -> Answer:
    """Those in which all the words stand; a single one whole."""
    with visit.look() as view:
        found = policies.meant(view, typed)
    if typed and len(found) == 1:
        return Say(_whole(visit, found[0].id))
    today = local_date(visit.at, visit.actor.zone)
    return Say(policies_screen(visit.pen, found, today, typed))


def _whole(visit: Visit, policy_id: str, said: str = "") -> Screen:
    with visit.look() as view:
        found = view.policies.one(policy_id)
        breaches = tuple(each for each in view.deviations.open() if each.policy == found.name)
    return policy_screen(visit.pen, found, local_date(visit.at, visit.actor.zone), breaches, said)


@click("policy.menu")
def choose(visit: Visit, clicked: Click) -> Answer:
    """What the menu beside a policy offers: to read it whole, or to write it anew."""
    act, _, policy_id = clicked.value.partition(":")
    return _edited(visit, policy_id) if act == "edit" else Say(_whole(visit, policy_id))


@click("policy.add")
def open_add(visit: Visit, clicked: Click) -> Answer:
    """The window for a new policy, for whoever may add one; others are refused before they type."""
    del clicked
    visit.do(policies.demand_may_add)
    return Open(policy_modal(visit.pen, None, visit.actor.handle, memory(visit)))


@click("policy.edit")
def open_edit(visit: Visit, clicked: Click) -> Answer:
    """The window filled with the policy as it is, for whoever may write it anew."""
    return _edited(visit, clicked.value)


def _edited(visit: Visit, policy_id: str) -> Answer:
    with visit.look() as view:
        found = view.policies.one(policy_id)
    visit.do(policies.demand_may_edit, found)
    kept = memory(visit, policy=found.id, seen=str(found.latest.number))
    return Open(policy_modal(visit.pen, found, found.latest.owner.handle, kept))


@form("policy.add")
def submit_add(visit: Visit, filled: Form) -> Answer:
    """The policy, as its first version."""

    def add() -> str:
        owner = visit.member(filled.text("owner"), "owner")
        return visit.do(policies.add, filled.text("name"), _entry(filled), owner).policy_id

    return _answered(visit, add, "policies.added")


@form("policy.edit")
def submit_edit(visit: Visit, filled: Form) -> Answer:
    """The policy's next version, if nobody wrote one meanwhile."""
    with visit.look() as view:
        found = view.policies.one(filled.kept("policy"))
    demand_unchanged(visit, filled, found.id, str(found.latest.number))

    def edit() -> str:
        owner = visit.member(filled.text("owner"), "owner")
        return visit.do(policies.edit, found, _entry(filled), owner).policy_id

    return _answered(visit, edit, "policies.edited")


def _answered(visit: Visit, act: Callable[[], str], part: str) -> Answer:
    try:
        policy_id = act()
    except Incomplete as lacking:
        return Errors({_BLOCKS.get(gap.field, gap.field): gap.sentence for gap in lacking.gaps})
    return Done(say=_whole(visit, policy_id, visit.pen.md(part)))


def _entry(filled: Form) -> Entry:
    review_on = filled.date("review_on")
    if review_on is None:
        raise BadInput("Pick the day on which somebody looks at it again.", "review_on")
    if filled.text("area") not in tuple(DeviationArea):
        raise BadInput("Choose what the policy is about.", "area")
    return Entry(DeviationArea(filled.text("area")), review_on, **said_in(filled.text("said")))
