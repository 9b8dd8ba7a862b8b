"""The digest in Slack: a look at it before Monday, and the controls that lead on from it."""

from bot.actions.digests.previewing import audience_named, audience_of, leaders_at, preview
from bot.domain.digests.audiences import Audience
from bot.domain.digests.composing import compose
from bot.slack import grant_lives, requests
from bot.slack.answers import Answer, Say
from bot.slack.registry import Group, click, command
from bot.slack.screens.digests import preview_screen
from bot.slack.visit import Click, Visit


@command("digest [team]", "the Monday digest as it would be now, only for you", Group.LOOK_UP)
def digest(visit: Visit, typed: str) -> Answer:
    """The digest of the team that was typed, of this channel's team, or else of the leaders."""
    return Say(preview_screen(visit.pen, compose(preview(visit.desk, _meant(visit, typed)))))


def _meant(visit: Visit, typed: str) -> Audience:
    place = visit.desk.configured.leaders
    with visit.look() as view:
        if typed.strip():
            return audience_named(view, typed, place)
        is_elsewhere = visit.channel is not None and visit.channel != place.channel
        team = view.team_of_channel(visit.channel) if is_elsewhere and visit.channel else None
    return audience_of(team) if team else leaders_at(place)


@click("digest.waiting")
def open_waiting(visit: Visit, clicked: Click) -> Answer:
    """What waits for a decision, told to whoever clicked."""
    return requests.waiting(visit, "" if clicked.value == "-" else clicked.value)


@click("digest.attest")
def open_attest(visit: Visit, clicked: Click) -> Answer:
    """The window that lists what is attested; the digest itself stays as it was posted."""
    return grant_lives.attest(visit, clicked.value)
