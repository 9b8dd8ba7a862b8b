"""The Bolt app: one listener for each kind of request, all of which lead to the reception."""

import re
from concurrent.futures import Executor
from dataclasses import dataclass

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

# Handlers register themselves where they are defined; importing the modules is what makes them known.
from bot.slack import (  # noqa: F401
    connections,
    corrections,
    deviations,
    digest_holds,
    digests,
    document_reviews,
    documents,
    findings,
    freezes,
    gates,
    grant_lives,
    grants,
    items,
    lookups,
    memo_looks,
    memo_openings,
    memos,
    metrics,
    model_drafts,
    numbers,
    playbooks,
    policies,
    questions,
    reports,
    requests,
    saves,
    searching,
    seats,
    starting,
    teams,
    whereabouts,
    workflows,
)
from bot.slack.reception import Reception
from bot.slack.registry import SHORTCUTS

COMMAND = "/rollout"
EVENTS = ("app_home_opened",)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in its workspace, as auth.test says."""

    team_id: str
    bot_id: str
    bot_user_id: str
    token: str


def identity_of(client: WebClient) -> Identity:
    """Who the bot is; asked once at start."""
    me = client.auth_test()
    return Identity(str(me["team_id"]), str(me["bot_id"]), str(me["user_id"]), client.token or "")


def slack_app(
    client: WebClient, identity: Identity, reception: Reception, listeners: Executor, *, in_place: bool = False
) -> App:
    """The app, ready for Socket Mode or for requests that the web server has checked.

    `in_place` runs a listener in the thread that dispatches, for callers that let an acknowledgement out at once,
    as the web server does; else Bolt uses `listeners` and looks every 10 ms for the acknowledgement.
    """

    def authorize(enterprise_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=identity.team_id,
            bot_token=identity.token,
            bot_id=identity.bot_id,
            bot_user_id=identity.bot_user_id,
        )

    app = App(
        client=client,
        authorize=authorize,
        listener_executor=listeners,
        process_before_response=in_place,
        signing_secret="checked by the web server's guard; unused in Socket Mode",
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
    )
    app.command(COMMAND)(reception.command)
    app.action(re.compile(".+"))(reception.click)
    app.view(re.compile(".+"))(reception.submit)
    for name in SHORTCUTS:
        app.message_shortcut(name)(reception.shortcut)
    for event in EVENTS:
        app.event(event)(reception.home)
    return app
