"""A visit: one request from a person in Slack, with everything that is needed to answer it."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Concatenate, ParamSpec, TypeVar
from zoneinfo import ZoneInfo

from bot.actions.desk import Asked, Desk, Turn
from bot.actions.readers import reader_of
from bot.domain.errors import BadInput
from bot.domain.people import Actor, Membership, Person
from bot.domain.teams import Team
from bot.domain.visibility import Reader
from bot.domain.wording import cut
from bot.ports import unsaved
from bot.slack.pen import Pen
from bot.slack.pictures import Pictures
from store import View

P = ParamSpec("P")
T = TypeVar("T")


Thread = Callable[[str, str], tuple[Mapping[str, Any], ...]]
"""The messages of a thread, by its channel and the `ts` that it began with; `Unavailable` where they can't be read."""


@dataclass(frozen=True, slots=True)
class Visit:
    """Who asks, where from, and the means to answer.

    `once` identifies the request so that Slack's repeat of it changes nothing; `trigger` lets a modal be opened
    within three seconds; `response_url` reaches the message that was clicked. `message` is that message, unless only
    one person sees it: Slack does not send such a one along.
    """

    desk: Desk
    pictures: Pictures
    thread: Thread
    actor: Actor
    once: str
    channel: str | None = None
    trigger: str | None = None
    response_url: str | None = None
    view: Mapping[str, Any] | None = None
    message: Mapping[str, Any] | None = None

    @property
    def at(self) -> datetime:
        """The time by which things are judged."""
        return self.desk.clock.now()

    @property
    def pen(self) -> Pen:
        """What writes texts for this reader."""
        return Pen(ZoneInfo(self.actor.zone), self.desk.configured.link_hosts)

    def reader(self, view: View) -> Reader:
        """The visitor, with whom they stand in for, as a reader of what was written down."""
        return reader_of(view, view.absences(self.at).standing_in(self.actor))

    def approvers(self, team: Team) -> tuple[Person, ...]:
        """Who could decide what the visitor asks for in this team."""
        return self.desk.deciders().of(team, but=self.actor.handle)

    def member(self, handle: str, field: str) -> Person:
        """The full member whom someone picked; guests, apps and strangers are refused beside the field."""
        if not handle:
            raise BadInput("Pick a person.", field)
        account = self.desk.directory.account(handle)
        if account.membership is not Membership.MEMBER:
            raise BadInput(f"{account.name} is not a full member of this workspace; pick someone who is.", field)
        return unsaved(account)

    @property
    def remembered(self) -> dict[str, str]:
        """What the modal that was clicked in remembers; empty outside modals."""
        return remembered_in(self.view or {})

    @property
    def modal(self) -> str | None:
        """The id of the modal that was clicked in, if it was one."""
        return str(self.view["id"]) if self.view and self.view.get("type") == "modal" else None

    @property
    def seen_hash(self) -> str | None:
        """The state of the view that was clicked in, so that a newer one is not overwritten."""
        return str(self.view["hash"]) if self.view and self.view.get("hash") else None

    @property
    def asked(self) -> Asked:
        """By whom something is asked in this visit, and under which key it is done once."""
        return Asked(self.actor, self.once)

    @contextmanager
    def look(self) -> Iterator[View]:
        """A look at the program."""
        with self.desk.reading() as view:
            yield view

    def do(self, act: Callable[Concatenate[Turn, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """What `act` returns, recorded as done by this visitor."""
        return self.desk.do(self.asked, act, *args, **kwargs)


@dataclass(frozen=True, slots=True)
class Click:
    """A control that was used: what it carried, and what stood in the fields beside it, by block id."""

    name: str
    value: str
    beside: Mapping[str, Any] = field(default_factory=dict)

    def ticks(self, block_id: str, value: str) -> bool:
        """Whether a box of the block beside is ticked."""
        found = self.beside.get(block_id)
        return isinstance(found, list) and value in found


@dataclass(frozen=True, slots=True)
class Form:
    """A modal that was submitted: its name, what it remembered, and what was filled in, by block id."""

    name: str
    memory: Mapping[str, str]
    values: Mapping[str, Any] = field(default_factory=dict)

    def kept(self, name: str) -> str:
        """Something that the modal must have remembered; a refusal, if it was not one of ours as they are now."""
        found = self.memory.get(name)
        if not found:
            raise BadInput("This window is from before Rollout was changed. Close it and open it again.")
        return found

    def text(self, name: str) -> str:
        """What was typed or chosen in a field; "" where nothing was."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        """The several things chosen in a field."""
        value = self.values.get(name)
        return tuple(value) if isinstance(value, list) else ()

    def date(self, name: str) -> date | None:
        """The date picked in a field."""
        value = self.text(name)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            raise BadInput(f"{cut(value, 20)} is no date: pick one in the calendar.", name) from None


def remembered_in(view: Mapping[str, Any]) -> dict[str, str]:
    """The texts that a modal remembers by name; nothing where its memory is not what `memory` makes."""
    try:
        found = json.loads(view.get("private_metadata") or "{}")
    except ValueError:
        return {}
    return {name: text for name, text in found.items() if isinstance(text, str)} if isinstance(found, dict) else {}


def memory(visit: Visit, **ids: str) -> str:
    """A modal's private metadata: ids, and the way back to where it was opened."""
    way = {"channel": visit.channel, "url": visit.response_url, "above": visit.modal}
    return json.dumps({**ids, **{name: value for name, value in way.items() if value}}, separators=(",", ":"))


_VALUE_KEYS = ("value", "selected_user", "selected_date", "selected_conversation", "selected_channel")


def filled_in(state: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a submitted view by block id: texts, or lists where several may be chosen."""
    found: dict[str, Any] = {}
    for block_id, elements in state.get("values", {}).items():
        for element in elements.values():
            found[block_id] = _value(element)
    return found


def _value(element: Mapping[str, Any]) -> str | list[str] | None:
    if element.get("selected_option"):
        return str(element["selected_option"]["value"])
    if "selected_options" in element:
        return [str(option["value"]) for option in element["selected_options"] or ()]
    if "selected_users" in element:
        return [str(user) for user in element["selected_users"] or ()]
    for key in _VALUE_KEYS:
        if element.get(key) is not None:
            return str(element[key])
    return None
