"""views.*: modals and Home."""

from bot.sandbox.api_call import Call
from bot.sandbox.drafts import BreachError, read_view
from bot.sandbox.rules import Breach
from bot.sandbox.triggers import Trigger
from bot.sandbox.views import change_view, make_view
from bot.sandbox.wire import Json, SlackError


def open_view(call: Call) -> Json:
    """views.open: the modal as opened; it replaces whatever the person had open."""
    view = _new_view(call, "modal")
    trigger = _exchange(call)
    call.workspace.views.open(trigger.user, view)
    call.workspace.show_views(trigger.user)
    return {"view": view}


def push_view(call: Call) -> Json:
    """views.push: the modal laid on those that are open."""
    view = _new_view(call, "modal")
    trigger = _exchange(call)
    call.workspace.views.push(trigger.user, view)
    call.workspace.show_views(trigger.user)
    return {"view": view}


def update_view(call: Call) -> Json:
    """views.update: the view with its new content and hash."""
    views = call.workspace.views
    if call.args.get("view_id"):
        user, view = views.find(call.args["view_id"], call.app.id)
    else:
        user, view = views.find_external(call.need("external_id"), call.app.id)
    given = read_view(call.workspace, call.parsed("view"))
    _check_type(given, view["type"])
    views.check_hash(view, call.args.get("hash"))
    _check_external(call, given, view["id"])
    change_view(view, given, call.workspace.next_id)
    if view["type"] == "home":
        _show_home(call, user, view)
    else:
        call.workspace.show_views(user)
    return {"view": view}


def publish_home(call: Call) -> Json:
    """views.publish: the person's Home."""
    if not call.app.home:
        raise SlackError("not_enabled")
    user = call.need("user_id")
    person = call.workspace.person(user)
    if person.deleted or person.is_bot or person.team_id is not None:
        raise SlackError("user_not_found")
    view = _new_view(call, "home")
    views = call.workspace.views
    views.check_hash(views.home(call.app.id, user), call.args.get("hash"))
    views.publish(call.app.id, user, view)
    _show_home(call, user, view)
    return {"view": view}


def _new_view(call: Call, kind: str) -> Json:
    given = read_view(call.workspace, call.parsed("view"))
    _check_type(given, kind)
    _check_external(call, given, None)
    return make_view(given, call.app, call.workspace.team_id, call.workspace.next_id)


def _exchange(call: Call) -> Trigger:
    given = call.args.get("trigger_id") or call.args.get("interactivity_pointer")
    return call.workspace.triggers.exchange(given or call.need("trigger_id"), call.app.id)


def _check_type(given: Json, kind: str) -> None:
    if given["type"] != kind:
        rule = f"must be a view of type {kind}"
        raise BreachError("invalid_arguments", [Breach("/view/type", rule, given["type"])])


def _check_external(call: Call, given: Json, own_id: str | None) -> None:
    if not given.get("external_id"):
        return
    try:
        _, other = call.workspace.views.find_external(given["external_id"], call.app.id)
    except SlackError:
        return
    if other["id"] != own_id:
        raise SlackError("duplicate_external_id")


def _show_home(call: Call, user: str, view: Json) -> None:
    call.workspace.live.publish({"type": "home", "app": call.app.id, "view": view}, (user,))
