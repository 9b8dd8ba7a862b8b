"""What people click: buttons, menus, shortcuts, Home, and options that the app looks up."""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.cast import Person
from bot.sandbox.delivery import Delivery, Parcel
from bot.sandbox.drafts import BreachError
from bot.sandbox.elements import OPTION, OPTION_GROUP
from bot.sandbox.limits import elements_of
from bot.sandbox.payloads import (
    interaction,
    merge_state,
    message_source,
    show_message,
    show_room,
    view_source,
)
from bot.sandbox.refusals import note_refusal
from bot.sandbox.rooms import Room
from bot.sandbox.rules import Many
from bot.sandbox.saying import explain, open_room, present_person
from bot.sandbox.slack_app import SlackApp
from bot.sandbox.triggers import Hook
from bot.sandbox.wire import Json, Refusal
from bot.sandbox.workspace import Workspace

COPIED = ("text", "value", "style", "placeholder", "confirm", "initial_option", "initial_options")
OPTIONS = Many(OPTION, 100, least=0)
OPTION_GROUPS = Many(OPTION_GROUP, 100)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a person acted: the app, its blocks, and either the view or the message in its room."""

    app: SlackApp
    blocks: list[Json]
    view: Json | None = None
    room: Room | None = None
    message: Json | None = None


def find_source(workspace: Workspace, person: Person, given: Json) -> Source:
    """The message, modal or Home that the page names; Refusal if this person does not see it."""
    if "message" in given:
        room = open_room(workspace, person, given["message"].get("channel"))
        message = room.find(str(given["message"].get("ts")), person.id)
        if message is None or "app_id" not in message:
            raise Refusal("That message is gone.")
        blocks = list(message.get("blocks", ()))
        blocks += [one for part in message.get("attachments", ()) for one in part.get("blocks", ())]
        return Source(workspace.apps[message["app_id"]], blocks, room=room, message=message)
    if "view" in given:
        owned = workspace.views.owner(given["view"])
    else:
        home = workspace.views.home(str(given.get("home")), person.id)
        owned = (person.id, home) if home else None
    if owned is None or owned[0] != person.id:
        raise Refusal("That view is closed.")
    view = owned[1]
    return Source(workspace.apps[view["app_id"]], view["blocks"], view=view)


def find_element(source: Source, block_id: object, action_id: object) -> Json:
    """The element acted on; Refusal if the message or view has changed since."""
    for block in source.blocks:
        if block.get("block_id") == block_id:
            for element in elements_of(block):
                if element.get("action_id") == action_id:
                    return element
    raise Refusal("That button is no longer there: the message or view has changed.")


async def act(delivery: Delivery, user: str, order: Json) -> None:
    """Sends a block action; Refusal if the app does not take it in time."""
    workspace = delivery.workspace
    person = present_person(workspace, user)
    source = find_source(workspace, person, order["source"])
    defined = find_element(source, order["block_id"], order["action_id"])
    given: Json = order.get("element") or {}
    action = {name: defined[name] for name in COPIED if name in defined} | given
    action |= {
        "type": defined["type"],
        "action_id": order["action_id"],
        "block_id": order["block_id"],
        "action_ts": workspace.next_ts(),
    }
    state = _with_own_value(order, defined, given)
    payload = interaction(workspace, source.app, person, "block_actions")
    payload |= _show_source(workspace, source, person, state)
    payload["actions"] = [action]
    view_id = source.view["id"] if source.view else None
    payload["trigger_id"] = workspace.triggers.make(source.app.id, person.id, view_id)
    await _send(delivery, source.app, payload, f"click on {order['action_id']}")


async def find_options(delivery: Delivery, user: str, order: Json) -> list[Json]:
    """The options that the app offers for what was typed into an external select."""
    workspace = delivery.workspace
    person = present_person(workspace, user)
    source = find_source(workspace, person, order["source"])
    find_element(source, order["block_id"], order["action_id"])
    payload = interaction(workspace, source.app, person, "block_suggestion")
    payload |= _show_source(workspace, source, person, {})
    payload |= {name: order[name] for name in ("block_id", "action_id")}
    payload["value"] = order.get("value", "")
    payload.pop("response_url", None)
    body = await _send(delivery, source.app, payload, f"options for {order['action_id']}")
    offered: Json = body if isinstance(body, dict) else {}
    if "option_groups" in offered:
        breaches = list(OPTION_GROUPS.check(offered["option_groups"], "/option_groups"))
        options = [one for group in offered["option_groups"] for one in group.get("options", ())]
    else:
        options = offered.get("options", [])
        breaches = list(OPTIONS.check(options, "/options"))
    if breaches:
        note_refusal(workspace.journal, "The options", BreachError("invalid_options", breaches))
        raise Refusal("The app's options broke a rule of Slack's.")
    return options


async def use_shortcut(delivery: Delivery, user: str, order: Json) -> None:
    """Sends a global shortcut, or a message shortcut if channel and ts are given."""
    workspace = delivery.workspace
    person = present_person(workspace, user)
    app = workspace.apps.get(str(order.get("app")))
    shortcut = app.find_shortcut(str(order.get("callback_id"))) if app else None
    if app is None or shortcut is None:
        raise Refusal("The app has no such shortcut.")
    on_message = shortcut.kind == "message"
    payload = interaction(workspace, app, person, "message_action" if on_message else "shortcut")
    payload |= {
        "callback_id": shortcut.callback_id,
        "action_ts": workspace.next_ts(),
        "trigger_id": workspace.triggers.make(app.id, person.id),
    }
    if on_message:
        room = open_room(workspace, person, order.get("channel"))
        message = room.messages.get(str(order.get("ts")))
        if message is None:
            raise Refusal("That message is gone.")
        hook = Hook(workspace.next_id("hook"), app.id, person.id, room.id, workspace.clock.now())
        hook.thread_ts = _thread_of(message)
        payload |= {
            "channel": show_room(room),
            "message": show_message(message),
            "message_ts": message["ts"],
            "response_url": workspace.make_hook(hook),
        }
    await _send(delivery, app, payload, f"shortcut {shortcut.callback_id}")


def open_home(workspace: Workspace, user: str, app_id: str) -> None:
    """Tells the app that the person looks at its Home, if it wants to know."""
    person = present_person(workspace, user)
    app = workspace.apps.get(app_id)
    if app is None or not app.home:
        raise Refusal("That app has no Home.")
    event: Json = {
        "type": "app_home_opened",
        "user": person.id,
        "channel": workspace.dm(person.id, app.bot_user).id,
        "tab": "home",
        "event_ts": workspace.next_ts(),
    }
    view = workspace.views.home(app.id, person.id)
    if view is not None:
        event["view"] = view
    if "app_home_opened" in app.events:
        workspace.emit(app, event)


def _show_source(workspace: Workspace, source: Source, person: Person, state: Json) -> Json:
    if source.view is not None:
        return view_source(source.view, state)
    if source.room is None or source.message is None:
        raise Refusal("That message is gone.")
    hook = Hook(workspace.next_id("hook"), source.app.id, person.id, source.room.id, workspace.clock.now())
    hook.message_ts = source.message["ts"]
    hook.thread_ts = _thread_of(source.message)
    shown = message_source(source.room, source.message)
    return shown | {
        "state": merge_state(source.blocks, state),
        "response_url": workspace.make_hook(hook),
    }


def _thread_of(message: Json) -> str | None:
    """The thread in which a message is a reply; one that others replied to stands in the channel itself."""
    root_ts = message.get("thread_ts")
    return None if root_ts == message["ts"] else root_ts


def _with_own_value(order: Json, defined: Json, given: Json) -> Json:
    state: Json = {"values": {**((order.get("state") or {}).get("values") or {})}}
    if defined["type"] not in ("button", "overflow", "workflow_button", "feedback_buttons", "icon_button"):
        block = dict(state["values"].get(order["block_id"], {}))
        block[order["action_id"]] = {**given, "type": defined["type"]}
        state["values"][order["block_id"]] = block
    return state


async def _send(delivery: Delivery, app: SlackApp, payload: Json, label: str) -> Any:
    if not app.interactive:
        text = f"{label}: the manifest does not turn interactivity on, so Slack sends nothing."
        delivery.workspace.journal.note("problem", text)
        raise Refusal(f"{app.name} is not set up for buttons and shortcuts.")
    ack = await delivery.ask(app, Parcel("interactive", payload), label)
    if ack.error is not None:
        raise explain(delivery.workspace, app, ack.error)
    return ack.body
