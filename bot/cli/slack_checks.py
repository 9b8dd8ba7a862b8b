"""The checks of `rollout doctor` that ask Slack."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from slack_sdk.errors import SlackApiError

import bot
from bot.cli.symptoms import Finding, Patient, ok, problem, warning

MANIFEST = Path(bot.__file__).parent.parent / "app.yaml"

_TOKEN_MENDS = {
    "invalid_auth": "Copy the Bot User OAuth Token (xoxb-…) from your Slack app's pages again.",
    "not_authed": "Copy the Bot User OAuth Token (xoxb-…) from your Slack app's pages again.",
    "token_revoked": "Install the app into the workspace again and copy the new token.",
    "token_expired": "Install the app into the workspace again and copy the new token.",
    "account_inactive": "The app was removed from the workspace: install it again and copy the new token.",
}
_REINSTALL = "Add them under OAuth & Permissions (or paste app.yaml as the app's manifest) and install the app again."


def bot_token_works(patient: Patient) -> Iterator[Finding]:
    """Whether Slack takes the bot token."""
    if patient.settings.slack_bot_token is None:
        yield problem(
            "SLACK_BOT_TOKEN is not set, so the bot cannot speak with Slack.",
            "Copy the Bot User OAuth Token (xoxb-…) from your Slack app's pages; `rollout demo` needs none.",
        )
        return
    try:
        found = patient.auth
    except SlackApiError as error:
        why = _code(error)
        mend = _TOKEN_MENDS.get(why, "Copy the token from your Slack app's pages again.")
        yield problem(f"Slack refuses SLACK_BOT_TOKEN ({why}).", mend)
        return
    yield ok(f"Slack knows the bot as {found.get('user')} in the workspace {found.get('team')}.")


def scopes_granted(patient: Patient) -> Iterator[Finding]:
    """Whether the token has every scope that app.yaml asks for."""
    headers = {name.lower(): value for name, value in patient.auth.headers.items()}
    if "x-oauth-scopes" not in headers:
        yield warning("Slack did not say which scopes the token has.", f"Compare them with {MANIFEST.name} by hand.")
        return
    granted = {scope.strip() for scope in headers["x-oauth-scopes"].split(",")}
    wanted = _manifest_scopes()
    missing = [scope for scope in wanted if scope not in granted]
    if missing:
        yield problem(f"The bot token lacks the scopes {', '.join(missing)}.", _REINSTALL)
    else:
        yield ok(f"All {len(wanted)} scopes of {MANIFEST.name} are granted.")


def _manifest_scopes() -> tuple[str, ...]:
    manifest: Any = yaml.safe_load(MANIFEST.read_text("utf-8"))
    return tuple(manifest["oauth_config"]["scopes"]["bot"])


def connection_opens(patient: Patient) -> Iterator[Finding]:
    """Whether Slack's events can reach the bot."""
    settings = patient.settings
    if settings.slack_app_token is None:
        if settings.slack_signing_secret is None:
            yield problem(
                "Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set, so nothing that people do reaches the bot.",
                "Set the app-level token (xapp-…) for Socket Mode, or the signing secret for HTTP.",
            )
        else:
            yield ok(f"HTTP on {settings.host} port {settings.port}; requests must carry Slack's signature.")
        return
    try:
        patient.client(settings.slack_app_token).apps_connections_open(
            app_token=settings.slack_app_token.get_secret_value()
        )
    except SlackApiError as error:
        yield problem(
            f"Slack refuses SLACK_APP_TOKEN ({_code(error)}).",
            "Make an app-level token with the scope connections:write, and switch Socket Mode on.",
        )
        return
    yield ok("Socket Mode opens.")


def somebody_administers(patient: Patient) -> Iterator[Finding]:
    """Whether there is anyone to decide about a digest that was held, and to be told of it."""
    if patient.settings.admins:
        yield ok("The settings name who administers.")
    else:
        yield warning(
            "Nobody administers, so nobody is told when a digest can't be posted, and no source is mapped in Slack.",
            "Set ROLLOUT_ADMINS to the ids of people or of a user group.",
        )


def several_can_approve(patient: Patient) -> Iterator[Finding]:
    """Whether at least two people can decide what is asked for, so that nobody waits for their own approval."""
    named = (*patient.settings.admins, *patient.settings.approvers)
    groups = tuple(dict.fromkeys(each for each in named if each.startswith("S")))
    if groups and patient.settings.slack_bot_token is None:
        yield ok("The settings name user groups; whoever is in them can approve.")
        return
    everywhere = {each for each in named if each not in groups}
    for group in groups:
        try:
            everywhere |= set(patient.slack.usergroups_users_list(usergroup=group)["users"])
        except SlackApiError as error:
            yield warning(
                f"Slack does not say who is in the user group {group} ({_code(error)}), so nobody approves through it.",
                "Correct its id in ROLLOUT_APPROVERS or ROLLOUT_ADMINS, or grant the scope usergroups:read.",
            )
    if not patient.teams and len(everywhere) < 2:
        yield _few("The settings name", len(everywhere))
    for team in patient.teams:
        able = everywhere | {person.handle for person in team.approvers}
        if len(able) < 2:
            yield _few(f"For {team.name} there is", len(able))
    if len(everywhere) >= 2 or patient.teams:
        yield ok("Who can approve was looked up for every team.")


def _few(where: str, count: int) -> Finding:
    who = "one person who can approve" if count else "nobody who can approve"
    return warning(
        f"{where} {who}, and nobody approves their own request.",
        "Name at least two people in ROLLOUT_APPROVERS or with `rollout team edit NAME --approvers U1 U2`.",
    )


def digest_channel_reached(patient: Patient) -> Iterator[Finding]:
    """Whether the bot can post where leaders read the digest."""
    channel = patient.settings.digest_channel
    if channel is None:
        yield warning(
            "ROLLOUT_DIGEST_CHANNEL is not set, so leaders get no Monday digest.", "Set it to a channel's id."
        )
    else:
        yield _reached(patient, channel, "The digest's channel", "ROLLOUT_DIGEST_CHANNEL")


def team_channels_reached(patient: Patient) -> Iterator[Finding]:
    """Whether the bot can post to every team's channel."""
    for team in patient.teams:
        if team.channel is None:
            yield warning(
                f"{team.name} has no channel, so nothing is posted to it.",
                f"Give it one with `rollout team edit {team.name!r} --channel C`.",
            )
        else:
            yield _reached(patient, team.channel, f"The channel of {team.name}", "rollout team edit --channel")
    if not patient.teams:
        yield ok("There is no team yet, so there is no channel to look at.")


def _reached(patient: Patient, channel: str, what: str, where: str) -> Finding:
    try:
        found: Any = patient.slack.conversations_info(channel=channel)["channel"]
    except SlackApiError as error:
        return problem(
            f"{what} ({channel}) cannot be seen by the bot ({_code(error)}).",
            f"Invite the bot there with /invite, or correct the id with {where}.",
        )
    name = f"#{found.get('name', channel)}"
    if found.get("is_archived"):
        return problem(f"{what}, {name}, is archived.", f"Name another channel with {where}, or unarchive it.")
    if found.get("is_member"):
        return ok(f"{what}, {name}, is reached.")
    if found.get("is_private"):
        return problem(f"{what}, {name}, is private and the bot is not in it.", "Invite the bot there with /invite.")
    return warning(
        f"{what}, {name}, can be posted to, but the bot is not in it, so it can add no pictures there.",
        "Invite the bot there with /invite.",
    )


def _code(error: SlackApiError) -> str:
    found = error.response.get("error") if hasattr(error.response, "get") else None
    return str(found or "no reason given")
