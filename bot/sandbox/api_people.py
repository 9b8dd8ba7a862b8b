"""auth.*, users.*, usergroups.*, bots.info and team.info."""

from bot.sandbox.api_call import Call
from bot.sandbox.cast import Person
from bot.sandbox.wire import Json, SlackError


def show_person(call: Call, person: Person) -> Json:
    """A person as `users.info` shows them."""
    shown: Json = {
        "id": person.id,
        "team_id": call.workspace.team_of(person),
        "name": person.name,
        "deleted": person.deleted,
        "color": person.color,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": 0,
        "profile": {
            "title": person.title,
            "real_name": person.real_name,
            "display_name": person.name,
            "real_name_normalized": person.real_name,
            "display_name_normalized": person.name,
            "team": call.workspace.team_of(person),
        },
    }
    if person.deleted:
        return shown
    if person.team_id is not None:
        shown["is_stranger"] = True
    return shown | {
        "real_name": person.real_name,
        "tz": person.tz,
        "tz_label": person.tz,
        "tz_offset": person.tz_offset_s,
        "is_admin": person.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": person.is_ultra_restricted,
    }


def test_auth(call: Call) -> Json:
    """auth.test: who the token belongs to."""
    return {
        "url": f"https://{call.workspace.cast.team_domain}.slack.com/",
        "team": call.workspace.cast.team_name,
        "user": call.app.bot_name,
        "team_id": call.workspace.team_id,
        "user_id": call.app.bot_user,
        "bot_id": call.app.bot_id,
        "is_enterprise_install": False,
    }


def test_api(call: Call) -> Json:
    """api.test: the arguments back."""
    if "error" in call.args:
        raise SlackError(str(call.args["error"]), args=call.args)
    return {"args": call.args}


def info(call: Call) -> Json:
    """users.info: one person."""
    return {"user": show_person(call, call.workspace.person(call.need("user")))}


def list_people(call: Call) -> Json:
    """users.list: everybody of the workspace, bots included."""
    people = [person for person in call.workspace.people.values() if person.team_id is None]
    page, cursor = call.page(people, 1000, usual=1000)
    shown = [show_person(call, person) for person in page]
    metadata = {"next_cursor": cursor}
    return {"members": shown, "cache_ts": call.workspace.now_s(), "response_metadata": metadata}


def list_groups(call: Call) -> Json:
    """usergroups.list: every user group with its members."""
    groups = [
        {
            "id": group.id,
            "team_id": call.workspace.team_id,
            "is_usergroup": True,
            "name": group.name,
            "handle": group.handle,
            "description": "",
            "date_delete": 0,
            "user_count": len(group.members),
            "users": list(group.members),
        }
        for group in call.workspace.groups.values()
    ]
    return {"usergroups": groups}


def list_group_members(call: Call) -> Json:
    """usergroups.users.list: the ids of a group's members."""
    group = call.workspace.groups.get(call.need("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group.members)}


def show_bot(call: Call) -> Json:
    """bots.info: the bot behind a bot id."""
    bot_id = call.args.get("bot") or call.app.bot_id
    for app in call.workspace.apps.values():
        if app.bot_id == bot_id:
            bot = {"id": app.bot_id, "deleted": False, "name": app.name, "updated": 0}
            return {"bot": {**bot, "app_id": app.id, "user_id": app.bot_user, "icons": {}}}
    raise SlackError("bot_not_found")


def show_team(call: Call) -> Json:
    """team.info: the workspace."""
    cast = call.workspace.cast
    return {"team": {"id": cast.team_id, "name": cast.team_name, "domain": cast.team_domain}}
