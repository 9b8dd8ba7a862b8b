"""The company of the demo: its people, channels and approvers, with Rollout installed from its manifest."""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

import bot
from bot.domain.people import Membership
from bot.ports import Account
from bot.ports import Channel as KnownChannel
from bot.sandbox.cast import Cast, Channel, Person, UserGroup, Welcome
from bot.sandbox.slack_app import SlackApp

MANIFEST = Path(bot.__file__).parent.parent / "app.yaml"

APPROVERS = "S0APPROVERS"
ADMIN = "U0SAM"

LISBON, NEW_YORK, TOKYO, BERLIN = "Europe/Lisbon", "America/New_York", "Asia/Tokyo", "Europe/Berlin"

PROGRAM, SUPPORT, ENGINEERING, SALES, OPERATIONS, LEADS = (
    "C0PROGRAM",
    "C0SUPPORT",
    "C0ENGINEERING",
    "C0SALES",
    "C0OPERATIONS",
    "C0LEADS",
)

# Whoever comes first is who the page plays until one chooses somebody else.
PEOPLE = (
    Person("U0ANA", "ana", "Ana Duarte", "Support lead", LISBON, color="7a5cff"),
    Person("U0RUI", "rui", "Rui Costa", "Support operations", LISBON, color="2f7d6b"),
    Person("U0INES", "ines", "Inês Prado", "Support quality", LISBON, color="b5582a"),
    Person("U0NIA", "nia", "Nia Campbell", "Engineering lead", NEW_YORK, color="31639c"),
    Person("U0LEO", "leo", "Leo Alvarez", "Software engineer", NEW_YORK, color="8a6d1f"),
    Person("U0MEI", "mei", "Mei Tanaka", "Sales lead", TOKYO, color="a23b72"),
    Person("U0KENJI", "kenji", "Kenji Mori", "Account manager", TOKYO, color="3d7a34"),
    Person("U0TOM", "tom", "Tom Becker", "Operations lead", BERLIN, color="c0392b"),
    Person("U0JONAS", "jonas", "Jonas Weber", "Incident manager", BERLIN, color="5b4b8a"),
    Person("U0PRIYA", "priya", "Priya Nair", "Data protection", BERLIN, color="1f7a8c"),
    Person("U0LENA", "lena", "Lena Hoffmann", "Head of risk", BERLIN, color="996515"),
    Person("U0SAM", "sam", "Sam Okafor", "Security and platform", NEW_YORK, color="4a6274", is_admin=True),
    Person("U0GIL", "gil", "Gil Moreau", "Contractor", LISBON, color="8a8a8a", is_restricted=True),
    Person("U0GRETA", "greta", "Greta Holm", "Left the company", BERLIN, color="777777", deleted=True),
)
_AT_WORK = tuple(person.id for person in PEOPLE if not person.deleted and not person.is_guest)
_LEADS = ("U0ANA", "U0NIA", "U0MEI", "U0TOM", "U0LENA", "U0SAM")

TIPS = (
    "`/rollout` says where things stand and what waits on you. You begin as Ana Duarte, who leads Support.",
    "`/rollout status refunds_agent` shows one workflow: its phase and day, what is in the way, who is next.",
    "`/rollout checklist support_macros` opens its items. Tick one with the evidence it asks for, or block it.",
    "`/rollout grants refunds_agent` shows what its agent may do, until when, and how to stop it at once.",
    "Try to approve your own request below: you can't. Then become Lena Hoffmann (click your name) and approve it.",
    "Move the clock (bottom left) to next Monday: #leads reads the digest. `/rollout digest` shows today's.",
)


def rollout_app() -> SlackApp:
    """Rollout as its manifest describes it."""
    return SlackApp.from_manifest(yaml.safe_load(MANIFEST.read_text("utf-8")), "ROLLOUT")


def company(app: SlackApp, at: datetime) -> Cast:
    """Everybody and everything in the workspace; `at` decides between summer and winter time."""
    return Cast(
        team_name="Fernhill",
        people=tuple(_placed(person, at) for person in PEOPLE),
        channels=_channels(app.bot_user),
        apps=(app,),
        groups=(UserGroup(APPROVERS, "rollout-approvers", "Rollout approvers", ("U0LENA", "U0SAM", "U0TOM")),),
        welcome=Welcome(SUPPORT, TIPS),
        team_id="T0FERNHILL",
        team_domain="fernhill",
    )


def _placed(person: Person, at: datetime) -> Person:
    offset = at.astimezone(ZoneInfo(person.tz)).utcoffset()
    return replace(person, tz_offset_s=int(offset.total_seconds()) if offset else 0)


def _channels(rollout: str) -> tuple[Channel, ...]:
    support = ("U0ANA", "U0RUI", "U0INES", "U0PRIYA", "U0LENA", "U0TOM")
    engineering = ("U0NIA", "U0LEO", "U0SAM", "U0PRIYA", "U0LENA")
    sales = ("U0MEI", "U0KENJI", "U0LENA")
    operations = ("U0TOM", "U0JONAS", "U0PRIYA", "U0SAM", "U0LENA")
    return (
        Channel(PROGRAM, "rollout-program", (*_AT_WORK, "U0GIL", rollout), "All agent workflows, all teams"),
        Channel(SUPPORT, "support", (*support, rollout), "Refunds, returns, everything customers ask"),
        Channel(ENGINEERING, "engineering", (*engineering, rollout), "Builds, tests, documentation"),
        Channel(SALES, "sales", (*sales, rollout), "Leads and customers"),
        Channel(OPERATIONS, "operations", (*operations, rollout), "Incidents and on-call"),
        Channel(LEADS, "leads", (*_LEADS, rollout), "Team leads, risk and security", private=True),
    )


@dataclass(frozen=True, slots=True)
class CastDirectory:
    """The directory as the workspace will answer it, before there is a workspace to ask."""

    cast: Cast

    def account(self, handle: str, *, fresh: bool = False) -> Account:
        """The account of somebody in the cast."""
        del fresh
        person = next(person for person in self.cast.people if person.id == handle)
        # Slack gives no time zone of somebody who is deactivated.
        return Account(handle, person.real_name, "UTC" if person.deleted else person.tz, _membership(person))

    def group_members(self, group: str) -> tuple[str, ...]:
        """The user ids in a group of the cast."""
        return next((each.members for each in self.cast.groups if each.id == group), ())

    def channel(self, channel: str) -> KnownChannel | None:
        """A channel of the cast."""
        found = next((each for each in self.cast.channels if each.id == channel), None)
        return KnownChannel(found.id, found.name, is_private=found.private) if found else None

    def link(self, channel: str, ts: str) -> str | None:
        """None: nobody has said anything yet."""
        del channel, ts
        return None


def _membership(person: Person) -> Membership:
    if person.deleted:
        return Membership.DEACTIVATED
    return Membership.GUEST if person.is_guest else Membership.MEMBER
