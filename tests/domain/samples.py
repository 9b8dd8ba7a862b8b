"""Small playbooks, workflows and records for tests of the rules, with a standard for everything left out."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.calendar import WorkingHours
from bot.domain.checklists import Checklist, Known, checklist
from bot.domain.items import ItemKey, ItemRecord, ItemState, Proof
from bot.domain.people import Actor, Membership, Person, PrincipalKind, Through
from bot.domain.playbook import Autonomy, EvidenceKind, Gate, Item, Phase, PhaseName, Playbook, Window
from bot.domain.teams import Team
from bot.domain.workflows import Domain, Holder, Pause, PlaybookPin, Role, Workflow

ZONE = "Europe/Lisbon"
DAY_1 = date(2026, 3, 2)
"""A Monday."""


def person(name: str) -> Person:
    """Someone whose Slack user id is their name in capitals."""
    return Person(f"p_{name}", f"U{name.upper()}", name.title(), ZONE)


ANA, BEN, LEA = person("ana"), person("ben"), person("lea")


def actor(name: str = "ana", **fields: Any) -> Actor:
    """The same someone, acting in Slack."""
    standard = Actor(PrincipalKind.HUMAN, f"U{name.upper()}", name.title(), Through.SLACK, membership=Membership.MEMBER)
    return replace(standard, **fields)


def on_day(day: int, hour: int = 12, zone: str = ZONE) -> datetime:
    """An hour of day N of a workflow that never paused, where the sun is `zone`'s."""
    local = datetime.combine(DAY_1 + timedelta(days=day - 1), time(hour), ZoneInfo(zone))
    return local.astimezone(UTC)


def item(id_: str, due_day: int = 5, **fields: Any) -> Item:
    """A required item of the owner's that nobody need prove."""
    standard = Item(
        id=id_,
        title=id_.replace("_", " ").title(),
        why="Because.",
        role="owner",
        due_day=due_day,
        required=True,
        evidence=None,
        done_when=None,
        max_age_days=None,
        every_days=None,
        working_days=False,
        after=(),
    )
    return replace(standard, **fields)


_DAYS: dict[PhaseName, tuple[int, int | None]] = {
    PhaseName.PILOT: (1, 30),
    PhaseName.PRODUCTION: (31, 60),
    PhaseName.SCALING: (61, 90),
    PhaseName.OPERATING: (91, None),
}


def playbook(*pilot: Item, holidays: Iterable[date] = (), **later: tuple[Item, ...]) -> Playbook:
    """A playbook of four phases with the items given; `production=(…)` and so on are those after pilot."""
    items = {PhaseName.PILOT: pilot} | {PhaseName(name): given for name, given in later.items()}
    return Playbook(
        id="test",
        title="Test",
        version=1,
        summary="For tests.",
        required_roles=("owner", "steward"),
        holidays=tuple(holidays),
        holiday_calendar=None,
        rungs=(),
        thresholds=(),
        phases=tuple(_phase(name, items.get(name, ())) for name in PhaseName),
    )


def _phase(name: PhaseName, items: tuple[Item, ...]) -> Phase:
    first, last = _DAYS[name]
    window = Window(f"{name}_window", name.title(), first, last, items)
    gate = Gate(name.following, ()) if name.following else None
    return Phase(name, first, last, (window,), gate, Autonomy((), ()))


def team(zone: str = ZONE, **fields: Any) -> Team:
    """Team Support, led by Lea."""
    standard = Team("team_1", "Support", "C1", LEA, (), zone, WorkingHours(), 1)
    return replace(standard, **fields)


def workflow(**fields: Any) -> Workflow:
    """refunds_agent on its day 1, owned by Ana, with no other role held."""
    standard = Workflow(
        id="wf_1",
        name="refunds_agent",
        purpose="Drafts refunds.",
        team=team(),
        playbook=PlaybookPin("test", 1, "0" * 64),
        phase=PhaseName.PILOT,
        phase_since=on_day(1),
        start_on=DAY_1,
        domain=Domain.GENERAL,
        holders=(Holder(Role.OWNER, ANA, on_day(1)),),
        pause=None,
        paused_days=0,
        outcome=None,
        started_at=on_day(1),
        version=1,
    )
    return replace(standard, **fields)


def paused(since: date, **fields: Any) -> Workflow:
    """The same, its clock standing still since a date."""
    at = datetime.combine(since, time(12), ZoneInfo(ZONE)).astimezone(UTC)
    return workflow(pause=Pause(since, at, "The vendor is down.", ANA, False), **fields)


def record(id_: str, state: ItemState, **fields: Any) -> ItemRecord:
    """What was recorded of an item, once, by Ana on day 1."""
    standard = ItemRecord(ItemKey.parse(id_), state, 1, ANA, on_day(1), before=ItemState.OPEN)
    return replace(standard, **fields)


def proof(kind: str, at: datetime, summary: str = "it was seen") -> Proof:
    """Something that the product saw."""
    return Proof(kind, at, summary)


def judged(book: Playbook, at: datetime, *, of: Workflow | None = None, known: Known | None = None) -> Checklist:
    """The checklist of a workflow at an instant."""
    return checklist(of or workflow(), book, known or Known(), at)


def states(found: Checklist) -> dict[str, ItemState]:
    """The state of every row by its key."""
    return {str(row.key): row.state for row in found.rows}


LINK = EvidenceKind.LINK
