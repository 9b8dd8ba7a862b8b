"""An office where teams read digests, with words as simple as can be: what is tested here is how they come."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.actions import teams
from bot.actions.desk import Asked
from bot.actions.teams import TeamEntry
from bot.domain.digests.editions import Drafted, Edition, EditionState, Message, Occasion
from bot.domain.digests.slots import latest_slot, slot_after
from bot.sandbox.rooms import Room
from bot.sandbox.wire import Json
from bot.slack.blocks import section
from store.leases import database_now
from store.tables.digests import digests
from store.tables.ledger import audit, outbox
from tests.slack.cast import ANA, RUI
from tests.slack.office import Case, Office

THREAD = "What to talk about"


def draft(occasion: Occasion) -> Drafted:
    """A digest of one line, with one more in its thread."""
    text = f"Digest {occasion.weeks.name} for {occasion.audience.name}"
    inputs = {"week": occasion.weeks.name, "at": occasion.weeks.at, "first": occasion.first}
    return Drafted(inputs, ({"text": text, "blocks": [section(text)]}, {"text": THREAD, "blocks": [section(THREAD)]}))


def draft_of(*messages: Message) -> Callable[[Occasion], Drafted]:
    """Drafts that say just this, whatever the occasion."""
    return lambda _: Drafted({}, messages)


def said(text: str) -> Message:
    """A message of one paragraph."""
    return {"text": text, "blocks": [section(text)]}


@dataclass(frozen=True, slots=True)
class Readers:
    """A team that reads its own digest, in a room of its own."""

    office: Office
    case: Case

    @property
    def room(self) -> Room:
        """Their channel."""
        return self.office.workspace.rooms[self.case.room]

    @property
    def audience(self) -> str:
        """Their name in the table of digests."""
        return f"team:{self.case.workflow.team.id}"

    @property
    def digests(self) -> list[Json]:
        """The digests that stand in the channel, the oldest first."""
        return [one for one in self.room.top_level() if one.get("text", "").startswith("Digest ")]

    @property
    def weeks(self) -> list[str]:
        """The weeks of these digests."""
        return [str(one["text"]).split()[1] for one in self.digests]

    def threads(self, of: Json) -> list[str]:
        """What stands in a digest's thread."""
        return [str(one["text"]) for one in self.room.thread(of["ts"])[1:]]

    @property
    def edition(self) -> Edition:
        """Their newest digest as it is kept."""
        newest = (
            select(digests.c.id).where(digests.c.audience == self.audience).order_by(digests.c.slot_at.desc()).limit(1)
        )
        with self.office.desk.store.database.reading() as connection:
            found = connection.scalars(newest).one()
        with self.office.desk.reading() as view:
            return view.digests.one(found)

    @property
    def state(self) -> EditionState:
        """How far that has come."""
        return self.edition.state

    @property
    def facts(self) -> list[str]:
        """What the chain says of it."""
        of_it = select(audit.c.fact).where(audit.c.subject == self.edition.id).order_by(audit.c.seq)
        with self.office.desk.store.database.reading() as connection:
            return list(connection.scalars(of_it))

    def becomes(self, state: EditionState) -> None:
        """Returns when it has come so far."""
        self.office.settle()
        self.office.until(lambda: self.state is state, f"a digest that is {state}")


def readers_in(office: Office, room: str | None = None) -> Readers:
    """A team with a workflow, which reads a digest from now on."""
    case = office.case(room=room)
    switch(office, case, on=True)
    return Readers(office, case)


def switch(office: Office, case: Case, *, on: bool) -> None:
    """A team's own digest, on or off."""
    office.desk.do(Asked(office.desk.actor(ANA)), teams.edit, case.workflow.team, TeamEntry(digest=on))


def to_eve(office: Office) -> None:
    """The clock at a minute before the next slot in Lisbon; whatever was to be swept until then is swept."""
    office.settle()
    office.clock.move_to(slot_after(latest_slot("Europe/Lisbon", office.clock.now())).at - timedelta(minutes=1))
    office.bot.parts.schedule.tick()
    office.settle()


def to_monday(office: Office, *, later: timedelta = timedelta(0)) -> datetime:
    """The clock at the next slot in Lisbon, or so much later; then it ticks, and what is due is told."""
    at = slot_after(latest_slot("Europe/Lisbon", office.clock.now())).at + later
    office.settle()
    office.clock.move_to(at)
    office.bot.parts.schedule.tick()
    return at


def has_come(office: Office, holds: Callable[[], bool]) -> bool:
    """Whether it holds by now; if not, whatever Slack did not answer about is looked for again at once."""
    if holds():
        return True
    with office.desk.store.database.writing() as connection:
        over = database_now(connection) - timedelta(seconds=1)
        connection.execute(outbox.update().where(outbox.c.state == "sending").values(lease_until=over))
    office.bot.parts.courier.wake()
    return False


def told_to_admin(office: Office, words: str) -> list[str]:
    """The direct messages to Rui, who administers, that hold these words."""
    rui = office.person(RUI)
    everything = office.workspace.rooms[rui.direct].messages.values()
    return [text for one in everything if words in (text := rui.read(one))]
