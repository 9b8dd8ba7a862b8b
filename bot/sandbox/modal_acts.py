"""Submitting and closing modals, and what the app's acknowledgement makes of them."""

import re
from collections.abc import Callable
from typing import Any

from bot.sandbox.delivery import Delivery, Parcel
from bot.sandbox.drafts import BreachError, read_view
from bot.sandbox.limits import check_errors
from bot.sandbox.payloads import interaction, with_state
from bot.sandbox.refusals import note_refusal
from bot.sandbox.rules import Breach
from bot.sandbox.saying import explain, present_person
from bot.sandbox.slack_app import SlackApp
from bot.sandbox.triggers import Hook
from bot.sandbox.views import change_view, make_view
from bot.sandbox.wire import Json, Refusal, SlackError
from bot.sandbox.workspace import Workspace

EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
ADDRESS = re.compile(r"https?://\S+")


async def submit(delivery: Delivery, user: str, view_id: str, state: Json) -> dict[str, str]:
    """Errors by block id to show beside the fields; empty if the app took the submission."""
    workspace = delivery.workspace
    person = present_person(workspace, user)
    view = _own_modal(workspace, user, view_id)
    filled = with_state(view, state)
    slips = check_answers(filled)
    if slips:
        return slips
    app = workspace.apps[view["app_id"]]
    payload = interaction(workspace, app, person, "view_submission")
    payload |= {
        "trigger_id": workspace.triggers.make(app.id, person.id, view_id),
        "view": filled,
        "response_urls": _make_response_urls(workspace, app, user, filled),
    }
    view["state"] = filled["state"]
    ack = await delivery.ask(app, Parcel("interactive", payload), f"submission of {view['callback_id']}")
    if ack.error is not None:
        raise explain(workspace, app, ack.error)
    try:
        return _follow(workspace, user, view, ack.body)
    except SlackError as refused:
        note_refusal(workspace.journal, "The answer to the submission", refused)
        raise Refusal(f"{refused.error}: the app's answer broke a rule of Slack's.") from refused


async def close(delivery: Delivery, user: str, view_id: str, clear: object = False) -> None:
    """Closes a modal (all of them with `clear`); apps that asked for it are told."""
    workspace = delivery.workspace
    person = present_person(workspace, user)
    view = _own_modal(workspace, user, view_id)
    cleared = clear is True or bool(view["clear_on_close"])
    closed = workspace.views.clear(user) if cleared else workspace.views.pop(user, view_id)
    workspace.show_views(user)
    for one in closed:
        if one["notify_on_close"]:
            app = workspace.apps[one["app_id"]]
            payload = interaction(workspace, app, person, "view_closed")
            payload |= {"view": one, "is_cleared": cleared}
            await delivery.ask(app, Parcel("interactive", payload), f"closing of {one['callback_id']}")


def check_answers(view: Json) -> dict[str, str]:
    """What Slack itself finds wrong in a filled modal before the app hears of it, by block id."""
    values = view["state"]["values"]
    slips: dict[str, str] = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        given = values.get(block["block_id"], {}).get(element["action_id"], {})
        answer = next((value for name, value in given.items() if name != "type"), None)
        if answer in (None, "", []):
            if not block.get("optional", False):
                slips[block["block_id"]] = "Please complete this required field."
        else:
            slip = CHECKS.get(element["type"], _accept)(element, answer)
            if slip:
                slips[block["block_id"]] = slip
    return slips


def _follow(workspace: Workspace, user: str, view: Json, body: Any) -> dict[str, str]:
    if not body:
        workspace.views.pop(user, view["id"])
        workspace.show_views(user)
        return {}
    action = body.get("response_action") if isinstance(body, dict) else None
    if action == "errors":
        breaches = check_errors(body.get("errors"), view["blocks"])
        if breaches:
            raise BreachError("invalid_errors", breaches)
        errors: dict[str, str] = body["errors"]
        return errors
    if action == "clear":
        workspace.views.clear(user)
    elif action in ("update", "push"):
        given = read_view(workspace, body.get("view"))
        if action == "update":
            change_view(view, given, workspace.next_id)
        else:
            app = workspace.apps[view["app_id"]]
            workspace.views.push(user, make_view(given, app, workspace.team_id, workspace.next_id))
    else:
        rule = "must be errors, update, push or clear"
        raise BreachError("invalid_response_action", [Breach("/response_action", rule, str(action))])
    workspace.show_views(user)
    return {}


def _own_modal(workspace: Workspace, user: str, view_id: str) -> Json:
    owned = workspace.views.owner(view_id)
    if owned is None or owned[0] != user or owned[1]["type"] != "modal":
        raise Refusal("That window is closed.")
    return owned[1]


def _make_response_urls(workspace: Workspace, app: SlackApp, user: str, view: Json) -> list[Json]:
    urls = []
    for block in view["blocks"]:
        element = block.get("element") or {}
        if not element.get("response_url_enabled"):
            continue
        given = view["state"]["values"].get(block["block_id"], {}).get(element["action_id"], {})
        channel = given.get("selected_conversation") or given.get("selected_channel")
        if channel in workspace.rooms:
            hook = Hook(workspace.next_id("hook"), app.id, user, channel, workspace.clock.now())
            url = workspace.make_hook(hook)
            names = {"block_id": block["block_id"], "action_id": element["action_id"]}
            urls.append({**names, "channel_id": channel, "response_url": url})
    return urls


def _accept(_element: Json, _answer: Any) -> str:
    return ""


def _check_text(element: Json, answer: str) -> str:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(answer) < least:
        return f"Please use at least {least} characters."
    return f"Please use at most {most} characters; this has {len(answer)}." if len(answer) > most else ""


def _check_number(element: Json, answer: str) -> str:
    try:
        number = float(answer) if element["is_decimal_allowed"] else int(answer)
    except ValueError:
        return "Please enter a number." if element["is_decimal_allowed"] else "Please enter a whole number."
    if "min_value" in element and number < float(element["min_value"]):
        return f"Please enter a number of at least {element['min_value']}."
    if "max_value" in element and number > float(element["max_value"]):
        return f"Please enter a number of at most {element['max_value']}."
    return ""


def _check_email(_element: Json, answer: str) -> str:
    return "" if EMAIL.fullmatch(answer) else "Please enter a valid email address."


def _check_address(_element: Json, answer: str) -> str:
    return "" if ADDRESS.fullmatch(answer) else "Please enter a valid URL."


CHECKS: dict[str, Callable[[Json, Any], str]] = {
    "plain_text_input": _check_text,
    "number_input": _check_number,
    "email_text_input": _check_email,
    "url_text_input": _check_address,
}
