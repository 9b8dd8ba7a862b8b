"""The sample app, on Bolt and Socket Mode: shows every block, every input, and a Home."""

import re
from collections.abc import Callable
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.sandbox.sample_blocks import FORM, HOME, SECOND_FORM, SHOWCASE, make_picture
from bot.sandbox.slack_app import SlackApp
from bot.sandbox.wire import Json


def make_echo(base_url: str, profile: SlackApp) -> App:
    """The Bolt app, speaking to the workspace at `base_url`."""
    client = WebClient(profile.bot_token, base_url=f"{base_url}/api/")
    app = App(client=client, signing_secret=profile.signing_secret, request_verification_enabled=False)
    app.command("/echo")(_answer)
    app.shortcut("form")(_open_form)
    app.shortcut("quote")(_quote)
    app.view("form")(_take_form)
    app.view("second")(_take_second)
    app.event("app_home_opened")(_publish_home)
    app.event("app_mention")(_greet)
    app.event("message")(_greet)
    app.options("city")(_offer_cities)
    app.action(re.compile(".*"))(_note_action)
    return app


def run_echo(base_url: str, profile: SlackApp) -> Callable[[], None]:
    """Connects the app in the background; call the result to end it."""
    handler = SocketModeHandler(make_echo(base_url, profile), profile.app_token)
    handler.client.connect()
    return handler.close


def _answer(ack: Any, command: Json, client: WebClient) -> None:
    text = str(command.get("text", "")).strip()
    if text == "form":
        ack()
        client.views_open(trigger_id=command["trigger_id"], view=FORM)
    elif text == "blocks":
        ack()
        channel = command["channel_id"]
        client.chat_postMessage(channel=channel, text="Every kind of block.", blocks=SHOWCASE)
        client.files_upload_v2(
            channel=command["channel_id"],
            filename="square.png",
            title="A square",
            alt_txt="A square in one colour",
            content=make_picture(),
        )
    elif text == "public":
        ack(response_type="in_channel", text="Everybody sees this.")
    elif text != "slow":
        ack(text=f"You said: {text}" if text else "Say /echo with blocks, form, public, slow or any text.")


def _open_form(ack: Any, shortcut: Json, client: WebClient) -> None:
    ack()
    client.views_open(trigger_id=shortcut["trigger_id"], view=FORM)


def _quote(ack: Any, shortcut: Json, respond: Any) -> None:
    ack()
    respond(text=f"> {shortcut['message'].get('text', '')}", response_type="in_channel")


def _take_form(ack: Any, view: Json) -> None:
    state = view["state"]["values"]
    if "error" in (state["name"]["name"]["value"] or ""):
        ack(response_action="errors", errors={"name": "This name contains the word error. Use another."})
    else:
        ack(response_action="push", view=SECOND_FORM)


def _take_second(ack: Any) -> None:
    ack(response_action="clear")


def _publish_home(event: Json, client: WebClient) -> None:
    client.views_publish(user_id=event["user"], view=HOME)


def _greet(event: Json, say: Any) -> None:
    if "user" in event and "subtype" not in event:
        say(text=f"Heard you, <@{event['user']}>.", thread_ts=event.get("thread_ts") or event["ts"])


def _offer_cities(ack: Any, payload: Json) -> None:
    typed = str(payload.get("value", "")).lower()
    cities = [name for name in ("Lisbon", "Lagos", "Stockholm", "Tokyo") if typed in name.lower()]
    ack(options=[{"text": {"type": "plain_text", "text": name}, "value": name} for name in cities])


def _note_action(ack: Any, action: Json, body: Json, client: WebClient) -> None:
    ack()
    channel = (body.get("channel") or {}).get("id")
    if channel and not body["container"].get("is_ephemeral"):
        client.chat_postMessage(
            channel=channel,
            thread_ts=body["container"]["message_ts"],
            text=f"<@{body['user']['id']}> used {action['type']} {action['action_id']}.",
        )
