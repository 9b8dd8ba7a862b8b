"""Who works where these conversations take place."""

from pathlib import Path

import yaml

from bot.sandbox.cast import Cast, Channel, Person, UserGroup
from bot.sandbox.slack_app import SlackApp

MANIFEST = Path(__file__).parents[2] / "app.yaml"
ANA, BO, CHIDI, MEI, RUI = "U0ANA", "U0BO", "U0CHIDI", "U0MEI", "U0RUI"
GUEST, STRANGER, GONE, ROBOT = "U0GUEST", "U0STRANGER", "U0GONE", "U0ROBOT"
EVERYONE = (ANA, BO, CHIDI, MEI, RUI)
APPROVERS = "S0APPROVERS"
"""The group that may approve in the whole program: Mei and Chidi."""


def rollout_app() -> SlackApp:
    """The app as its manifest describes it."""
    return SlackApp.from_manifest(yaml.safe_load(MANIFEST.read_text("utf-8")), "ROLLOUT")


def make_cast(app: SlackApp) -> Cast:
    """Ana leads, Bo is a member without a role, Mei and Chidi approve, Rui administers; and four who are outside."""
    return Cast(
        team_name="Harbour & Co",
        people=(
            Person(ANA, "ana", "Ana Duarte", "Support lead", "Europe/Lisbon", 0),
            Person(BO, "bo", "Bo Lindqvist", "Engineer", "Europe/Stockholm", 3600),
            Person(CHIDI, "chidi", "Chidi Okafor", "Head of data", "Africa/Lagos", 3600),
            Person(MEI, "mei", "Mei Tanaka", "Evaluation", "Asia/Tokyo", 32400),
            Person(RUI, "rui", "Rui Alves", "Operations", "Europe/Lisbon", 0),
            Person(GUEST, "gil", "Gil Moreau", "Contractor", is_restricted=True),
            Person(STRANGER, "sun", "Sun Park", "At a partner", team_id="T0OTHER"),
            Person(GONE, "greta", "Greta Holm", "Left in May", deleted=True),
            Person(ROBOT, "robot", "Another app", is_bot=True),
        ),
        channels=(Channel("C0GENERAL", "general", (*EVERYONE, GUEST, STRANGER, app.bot_user)),),
        apps=(app,),
        groups=(UserGroup(APPROVERS, "approvers", "Approvers", (MEI, CHIDI)),),
    )
