"""Posting, editing, reading back, people and scopes, through the real WebClient."""

import json
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.sample import ECHO_APP
from bot.sandbox.sample_blocks import make_picture
from bot.sandbox.visitor import Visitor
from bot.sandbox.wire import Json
from tests.sandbox.conftest import Stage, start_stage

SECTION = {"type": "section", "block_id": "only", "text": {"type": "mrkdwn", "text": "One"}}
METADATA = {"event_type": "outbox", "event_payload": {"id": "01HX"}}


def error_of(call: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        call()
    error: str = refused.value.response["error"]
    return error


def test_a_posted_message_is_the_bots_and_can_be_read_back_with_its_metadata(stage: Stage) -> None:
    client = stage.client()
    posted = client.chat_postMessage(channel="#general", text="Hello", blocks=[SECTION], metadata=METADATA)
    history = client.conversations_history(channel="C0GENERAL", include_all_metadata=True)
    assert history["messages"] == [posted["message"]]
    assert (posted["message"]["bot_id"], posted["message"]["metadata"]) == ("B0ECHO", METADATA)
    bare = client.conversations_history(channel="C0GENERAL")["messages"][0]
    assert "metadata" not in bare
    assert stage.problems == []


def test_history_pages_newest_first_and_minds_oldest_and_latest(stage: Stage) -> None:
    client = stage.client()
    stamps = [client.chat_postMessage(channel="C0GENERAL", text=f"n{n}")["ts"] for n in range(5)]

    pages = [
        [message["text"] for message in page["messages"]]
        for page in client.conversations_history(channel="C0GENERAL", limit=2)
    ]
    assert pages == [["n4", "n3"], ["n2", "n1"], ["n0"]]
    window = client.conversations_history(channel="C0GENERAL", oldest=stamps[1], latest=stamps[4])
    assert [message["text"] for message in window["messages"]] == ["n3", "n2"]
    whole = client.conversations_history(channel="C0GENERAL", oldest=stamps[1], latest=stamps[4], inclusive=True)
    assert [message["text"] for message in whole["messages"]] == ["n4", "n3", "n2", "n1"]


def test_a_thread_counts_its_replies_and_reads_oldest_first(stage: Stage, ana: Visitor) -> None:
    client = stage.client()
    root = client.chat_postMessage(channel="C0GENERAL", text="root")["ts"]
    ana.say("C0GENERAL", "first", root)
    second = client.chat_postMessage(channel="C0GENERAL", text="second", thread_ts=root)["ts"]

    replies = client.conversations_replies(channel="C0GENERAL", ts=root)["messages"]
    assert [message["text"] for message in replies] == ["root", "first", "second"]
    shown = ana.messages("C0GENERAL")
    assert [(one["text"], one["reply_count"], one["reply_users"]) for one in shown] == [
        ("root", 2, ["U0ANA", "U0ECHOBOT"])
    ]
    assert shown[0]["latest_reply"] == second
    assert error_of(lambda: client.conversations_replies(channel="C0GENERAL", ts="1.1")) == "thread_not_found"


def test_a_link_leads_to_the_message_on_the_page(stage: Stage) -> None:
    client = stage.client()
    root = client.chat_postMessage(channel="C0GENERAL", text="root")["ts"]
    reply = client.chat_postMessage(channel="C0GENERAL", text="reply", thread_ts=root)["ts"]
    links = [client.chat_getPermalink(channel="C0GENERAL", message_ts=ts)["permalink"] for ts in (root, reply)]
    assert links == [
        f"{stage.server.url}/?at=C0GENERAL&ts={root}",
        f"{stage.server.url}/?at=C0GENERAL&ts={reply}&thread={root}",
    ]


def test_an_update_keeps_what_it_does_not_name(stage: Stage) -> None:
    client = stage.client()
    posted = client.chat_postMessage(channel="C0GENERAL", text="Old", blocks=[SECTION], metadata=METADATA)
    kept = client.chat_update(channel="C0GENERAL", ts=posted["ts"], text="New")["message"]
    assert (kept["text"], kept["blocks"], kept["metadata"]) == ("New", posted["message"]["blocks"], METADATA)
    bare = client.chat_update(channel="C0GENERAL", ts=posted["ts"], text="Newer", blocks=[])["message"]
    assert "blocks" not in bare
    assert bare["edited"]["user"] == "U0ECHOBOT"


def test_only_its_own_messages_can_be_changed_or_deleted(stage: Stage, ana: Visitor) -> None:
    client = stage.client()
    said = ana.say("C0GENERAL", "mine")
    own = client.chat_postMessage(channel="C0GENERAL", text="own")["ts"]
    assert error_of(lambda: client.chat_update(channel="C0GENERAL", ts=said["ts"], text="x")) == ("cant_update_message")
    assert error_of(lambda: client.chat_delete(channel="C0GENERAL", ts=said["ts"])) == "cant_delete_message"
    client.chat_delete(channel="C0GENERAL", ts=own)
    assert error_of(lambda: client.chat_delete(channel="C0GENERAL", ts=own)) == "message_not_found"
    assert [one["text"] for one in ana.messages("C0GENERAL")] == ["mine"]


@pytest.mark.parametrize(
    ("call", "error"),
    [
        (lambda c: c.chat_postMessage(channel="C0OLD", text="x"), "is_archived"),
        (lambda c: c.chat_postMessage(channel="C0NOSUCH", text="x"), "channel_not_found"),
        (lambda c: c.chat_postMessage(channel="C0PRIVATE", text="x"), "channel_not_found"),
        (lambda c: c.chat_postMessage(channel="U0GONE", text="x"), "channel_not_found"),
        (lambda c: c.chat_postMessage(channel="C0GENERAL", text="x", thread_ts="1.1"), "thread_not_found"),
        (lambda c: c.chat_postMessage(channel="C0GENERAL", text="x" * 4001), "msg_too_long"),
        (lambda c: c.api_call("chat.postMessage", params={"channel": "C0GENERAL", "text": " "}), "no_text"),
        (
            lambda c: c.chat_postMessage(channel="C0GENERAL", text="x", metadata={"event_type": "a"}),
            "invalid_metadata_format",
        ),
        (lambda c: c.chat_postEphemeral(channel="C0SUPPORT", user="U0ANA", text="x"), "not_in_channel"),
        (lambda c: c.chat_postEphemeral(channel="C0GENERAL", user="U0STRANGER", text="x"), "user_not_in_channel"),
        (lambda c: c.conversations_open(users="U0GONE"), "user_disabled"),
        (lambda c: c.conversations_open(users="U0NOSUCH"), "user_not_found"),
        (lambda c: c.conversations_history(channel="C0SUPPORT"), "not_in_channel"),
        (lambda c: c.conversations_history(channel="C0GENERAL", limit=0), "invalid_limit"),
        (lambda c: c.users_info(user="U0NOSUCH"), "user_not_found"),
        (lambda c: c.usergroups_list(), "missing_scope"),
        (lambda c: c.reactions_add(channel="C0GENERAL", name="x", timestamp="1.1"), "missing_scope"),
        (lambda c: c.api_call("chat.meMessage"), "unknown_method"),
        (lambda c: c.apps_connections_open(app_token=ECHO_APP.bot_token), "not_allowed_token_type"),
        (lambda c: c.views_publish(user_id="U0STRANGER", view={"type": "home", "blocks": []}), "user_not_found"),
    ],
)
def test_refusals_have_slacks_names_and_are_logged_as_problems(stage: Stage, call: Any, error: str) -> None:
    assert error_of(lambda: call(stage.client())) == error
    assert [entry.detail["error"] for entry in stage.workspace.journal.problems] == [error]


def test_without_chat_write_public_only_its_own_channels_are_open(stage: Stage) -> None:
    stage.client().chat_postMessage(channel="C0SUPPORT", text="allowed")
    narrow = replace(ECHO_APP, scopes=ECHO_APP.scopes - {"chat:write.public"})
    other = start_stage(narrow)
    try:
        client = other.client()
        assert error_of(lambda: client.chat_postMessage(channel="C0SUPPORT", text="x")) == "not_in_channel"
        other.play().say("C0SUPPORT", "/invite @echo")
        client.chat_postMessage(channel="C0SUPPORT", text="now inside")
    finally:
        other.close()


def test_a_missing_scope_names_itself(stage: Stage) -> None:
    with pytest.raises(SlackApiError) as refused:
        stage.client().conversations_info(channel=stage.play().direct("A0ECHO"))
    answer = refused.value.response
    assert (answer["needed"], answer["provided"]) == ("im:read", ",".join(sorted(ECHO_APP.scopes)))
    assert stage.problems == [
        "conversations.info was refused with missing_scope: "
        "the manifest does not ask for the scope that this needs (im:read)."
    ]


@pytest.mark.parametrize(("token", "error"), [("xoxb-wrong", "invalid_auth"), ("", "not_authed")])
def test_a_wrong_token_opens_nothing(stage: Stage, token: str, error: str) -> None:
    client = WebClient(token, base_url=f"{stage.server.url}/api/")
    assert error_of(client.auth_test) == error


def test_people_are_shown_as_slack_shows_them(stage: Stage) -> None:
    client = stage.client()
    ana = client.users_info(user="U0ANA")["user"]
    guest = client.users_info(user="U0GUEST")["user"]
    stranger = client.users_info(user="U0STRANGER")["user"]
    gone = client.users_info(user="U0GONE")["user"]
    assert (ana["tz"], ana["is_admin"], ana["is_bot"], ana["profile"]["title"]) == (
        "Europe/Lisbon",
        True,
        False,
        "Support lead",
    )
    assert (guest["is_restricted"], stranger["team_id"], stranger["is_stranger"]) == (True, "T0OTHER", True)
    assert (gone["deleted"], "tz" in gone) == (True, False)
    members = {person["id"] for page in client.users_list(limit=3) for person in page["members"]}
    assert members == {"U0ANA", "U0BO", "U0CHIDI", "U0MEI", "U0GUEST", "U0GONE", "U0ECHOBOT"}


def test_channels_are_listed_by_type_and_membership(stage: Stage) -> None:
    client = stage.client()
    public = client.conversations_list(exclude_archived=True)["channels"]
    assert {one["id"]: one["is_member"] for one in public} == {
        "C0GENERAL": True,
        "C0SUPPORT": False,
        "C0SHARED": False,
    }
    own = client.users_conversations(user="U0ECHOBOT")["channels"]
    assert [one["id"] for one in own] == ["C0GENERAL"]
    members = client.conversations_members(channel="C0GENERAL")["members"]
    assert members == ["U0ANA", "U0BO", "U0CHIDI", "U0MEI", "U0GUEST", "U0ECHOBOT"]


def test_a_direct_message_is_one_room_however_it_is_reached(stage: Stage, ana: Visitor) -> None:
    client = stage.client()
    opened = client.conversations_open(users="U0ANA")["channel"]["id"]
    assert client.chat_postMessage(channel="U0ANA", text="Hello")["channel"] == opened == ana.direct("A0ECHO")
    assert stage.play("U0BO").workspace.room(opened).members == ["U0ANA", "U0ECHOBOT"]


def test_arguments_may_come_as_json_and_the_token_in_the_body(stage: Stage) -> None:
    client = WebClient(base_url=f"{stage.server.url}/api/")
    body: Json = {"channel": "C0GENERAL", "text": "x", "blocks": [SECTION]}
    as_json = client.api_call("chat.postMessage", json=body, headers={"Authorization": f"Bearer {ECHO_APP.bot_token}"})
    as_form = client.api_call(
        "chat.postMessage", data={**body, "blocks": json.dumps([SECTION]), "token": ECHO_APP.bot_token}
    )
    assert as_json["message"]["blocks"] == as_form["message"]["blocks"]


def test_an_uploaded_picture_is_shared_with_its_alt_text(stage: Stage, ana: Visitor) -> None:
    client = stage.client()
    picture = make_picture()
    shared = client.files_upload_v2(
        channel="C0GENERAL",
        filename="timeline.png",
        title="Timeline",
        alt_txt="Day 12 of 90",
        content=picture,
        initial_comment="Where we stand",
    )
    file = shared["file"]
    message = ana.messages("C0GENERAL")[0]
    assert (message["text"], [one["id"] for one in message["files"]]) == ("Where we stand", [file["id"]])
    assert (file["mimetype"], file["size"], file["alt_txt"], file["title"]) == (
        "image/png",
        len(picture),
        "Day 12 of 90",
        "Timeline",
    )
    image = {"type": "image", "alt_text": "Day 12", "slack_file": {"id": file["id"]}}
    client.chat_postMessage(channel="C0GENERAL", text="Again", blocks=[image])
    client.api_call("files.delete", params={"file": file["id"]})
    assert error_of(lambda: client.chat_postMessage(channel="C0GENERAL", text="x", blocks=[image])) == (
        "invalid_blocks"
    )


def test_a_file_goes_only_where_the_bot_is(stage: Stage) -> None:
    client = stage.client()
    error = error_of(lambda: client.files_upload_v2(channel="C0SUPPORT", filename="a.txt", content="text"))
    assert error == "not_in_channel"
