"""The App Home of whoever opens it."""

from bot.domain.errors import NotAllowed
from bot.slack.blocks import Block, section
from bot.slack.desktops import desktop_of
from bot.slack.screens.home import home_view
from bot.slack.visit import Visit


def home_of(visit: Visit) -> Block:
    """The Home as a view; outsiders see one sentence."""
    try:
        visit.desk.demand_insider(visit.actor, "open_home")
    except NotAllowed as refusal:
        return {"type": "home", "blocks": [section(visit.pen.md("home.outsider", why=str(refusal)))]}
    with visit.look() as view:
        return home_view(visit.pen, desktop_of(visit, view))
