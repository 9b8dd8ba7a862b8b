"""A small cast and a sample app, to try the workspace without the bot."""

from bot.sandbox.cast import Cast, Channel, Person, UserGroup, Welcome
from bot.sandbox.slack_app import SlackApp
from bot.sandbox.wire import Json

ECHO_MANIFEST: Json = {
    "display_information": {"name": "Echo", "description": "Shows what the workspace can do."},
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "echo", "always_online": True},
        "slash_commands": [
            {
                "command": "/echo",
                "description": "Answer with what was typed, or show blocks, a form, a slow answer",
                "usage_hint": "[blocks | form | public | slow | TEXT]",
                "should_escape": True,
            }
        ],
        "shortcuts": [
            {"name": "Open the form", "type": "global", "callback_id": "form", "description": "Every input"},
            {"name": "Quote it", "type": "message", "callback_id": "quote", "description": "Says it again"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "app_mentions:read",
                "channels:history",
                "channels:read",
                "chat:write",
                "chat:write.public",
                "commands",
                "files:write",
                "im:history",
                "im:write",
                "users:read",
            ]
        }
    },
    "settings": {
        "event_subscriptions": {"bot_events": ["app_home_opened", "app_mention", "message.im"]},
        "interactivity": {"is_enabled": True},
        "socket_mode_enabled": True,
    },
}
ECHO_APP = SlackApp.from_manifest(ECHO_MANIFEST, "ECHO")


def make_sample_cast(app: SlackApp = ECHO_APP) -> Cast:
    """Five people, a guest and a stranger, three channels, one user group, the sample app."""
    ana = Person("U0ANA", "ana", "Ana Duarte", "Support lead", "Europe/Lisbon", 0, "7a5cff", is_admin=True)
    bo = Person("U0BO", "bo", "Bo Lindqvist", "Engineer", "Europe/Stockholm", 3600, "2f7d6b")
    chidi = Person("U0CHIDI", "chidi", "Chidi Okafor", "Data gatekeeper", "Africa/Lagos", 3600, "b5582a")
    mei = Person("U0MEI", "mei", "Mei Tanaka", "Evaluation owner", "Asia/Tokyo", 32400, "31639c")
    guest = Person("U0GUEST", "gil", "Gil Moreau", "Contractor", is_restricted=True, color="8a8a8a")
    stranger = Person("U0STRANGER", "sun", "Sun Park", "At a partner", team_id="T0OTHER", color="9c3163")
    gone = Person("U0GONE", "greta", "Greta Holm", "Left in May", deleted=True)
    everyone = ("U0ANA", "U0BO", "U0CHIDI", "U0MEI")
    return Cast(
        team_name="Harbour & Co",
        people=(ana, bo, chidi, mei, guest, stranger, gone),
        channels=(
            Channel("C0GENERAL", "general", (*everyone, "U0GUEST", app.bot_user), "Company-wide"),
            Channel("C0SUPPORT", "support", everyone, "Refunds, returns, everything customers ask"),
            Channel("C0SHARED", "partners", (*everyone, "U0STRANGER"), "With Park Ltd", ext_shared=True),
            Channel("C0PRIVATE", "leads", ("U0ANA", "U0MEI"), "Hiring", private=True),
            Channel("C0OLD", "old-launch", everyone, archived=True),
        ),
        apps=(app,),
        groups=(UserGroup("S0ONCALL", "oncall", "On call", ("U0BO", "U0CHIDI")),),
        welcome=Welcome(
            "C0GENERAL",
            (
                "Type /echo hello to hear it back.",
                "Type /echo blocks to see every kind of block, /echo form for every input.",
                "Open Echo under Apps for its Home.",
            ),
        ),
    )
