"""Slash commands, over Socket Mode and over signed HTTP."""

from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from slack_sdk.webhook import WebhookClient

from bot.sandbox.visitor import Visitor
from bot.sandbox.wire import Json, Refusal
from tests.sandbox.conftest import Stage


def show(message: Json) -> tuple[Any, ...]:
    return message["user"], message["text"], message.get("ephemeral", False)


def test_a_command_reaches_bolt_over_socket_mode_and_its_answer_is_private(stage: Stage, ana: Visitor) -> None:
    bolt = stage.bolt()
    heard: list[Json] = []

    @bolt.command("/echo")
    def answer(ack: Any, command: Json) -> None:
        heard.append(command)
        ack(f"You said: {command['text']}")

    stage.connect(bolt)
    ana.say("C0GENERAL", "/echo hello @bo in #support, 3 < 4 & more")

    form = heard[0]
    assert form.pop("response_url").startswith(f"{stage.server.url}/hooks/")
    assert form.pop("trigger_id")
    assert form == {
        "token": "local-verification-token",
        "team_id": "T0LOCAL",
        "team_domain": "local",
        "channel_id": "C0GENERAL",
        "channel_name": "general",
        "user_id": "U0ANA",
        "user_name": "ana",
        "api_app_id": "A0ECHO",
        "is_enterprise_install": "false",
        "command": "/echo",
        "text": "hello <@U0BO|bo> in <#C0SUPPORT|support>, 3 &lt; 4 &amp; more",
    }
    assert [show(one) for one in ana.messages("C0GENERAL")] == [("U0ECHOBOT", f"You said: {form['text']}", True)]
    assert stage.play("U0BO").messages("C0GENERAL") == []
    assert stage.problems == []


def test_a_command_reaches_bolt_over_signed_http(stage: Stage, ana: Visitor) -> None:
    bolt = stage.bolt()

    @bolt.command("/echo")
    def answer(ack: Any, command: Json) -> None:
        ack(response_type="in_channel", text=f"{command['user_name']} says {command['text']}")

    stage.serve_over_http(bolt)
    ana.say("C0GENERAL", "/echo good morning")

    assert [show(one) for one in stage.play("U0BO").messages("C0GENERAL")] == [
        ("U0ANA", "/echo good morning", False),
        ("U0ECHOBOT", "ana says good morning", False),
    ]


def test_a_request_with_another_secret_does_not_pass_bolts_check(stage: Stage, ana: Visitor) -> None:
    bolt = stage.bolt("another secret")
    bolt.command("/echo")(lambda ack: ack("never"))
    stage.serve_over_http(bolt)

    with pytest.raises(Refusal, match="dispatch_failed: Echo answered with an error"):
        ana.say("C0GENERAL", "/echo hello")


def test_who_answers_too_late_has_failed_and_the_log_says_so(stage: Stage, ana: Visitor) -> None:
    bolt = stage.bolt()
    done = Event()

    @bolt.command("/echo")
    def dawdle(ack: Any) -> None:
        done.wait(5)
        ack("too late")

    stage.connect(bolt)
    stage.workspace.ack_timeout_s = 0.2
    with pytest.raises(Refusal, match=r"^operation_timeout: Echo did not answer within 0\.2 seconds\.$"):
        ana.say("C0GENERAL", "/echo slow")
    done.set()

    assert stage.problems == ["/echo slow: not acknowledged in time; Slack waits 0.2 seconds for an acknowledgement."]


def test_without_a_connected_app_the_person_is_told(ana: Visitor) -> None:
    with pytest.raises(Refusal, match="dispatch_failed: Echo is not connected"):
        ana.say("C0GENERAL", "/echo hello")


@pytest.mark.parametrize(
    ("text", "thread", "sentence"),
    [
        ("/nosuch thing", None, "/nosuch is not a valid command here."),
        ("/echo hello", "1.1", "/echo does not work in threads. Type it in the channel."),
        ("   ", None, "There is nothing to send."),
        ("x" * 12_001, None, "The message has 12001 characters; 12000 is the most."),
    ],
)
def test_what_cannot_be_sent_is_refused_in_a_sentence(
    ana: Visitor, text: str, thread: str | None, sentence: str
) -> None:
    with pytest.raises(Refusal) as refused:
        ana.say("C0GENERAL", text, thread)
    assert str(refused.value) == sentence


@pytest.mark.parametrize(
    ("user", "channel", "sentence"),
    [
        ("U0GONE", "C0GENERAL", "Greta Holm is deactivated and can do nothing here."),
        ("U0ECHOBOT", "C0GENERAL", "There is no person U0ECHOBOT in this workspace."),
        ("U0BO", "C0PRIVATE", "There is no such channel, or it is not yours to see."),
        ("U0GUEST", "C0SUPPORT", "There is no such channel, or it is not yours to see."),
        ("U0ANA", "C0OLD", "#old-launch is archived; nobody can write there."),
    ],
)
def test_who_may_not_speak_is_told_why(stage: Stage, user: str, channel: str, sentence: str) -> None:
    with pytest.raises(Refusal) as refused:
        stage.play(user).say(channel, "hello")
    assert str(refused.value) == sentence


def test_strangers_carry_their_own_team_and_guests_may_type(stage: Stage) -> None:
    bolt = stage.bolt()
    teams: list[tuple[str, str]] = []

    @bolt.command("/echo")
    def note(ack: Any, command: Json) -> None:
        teams.append((command["user_id"], command["team_id"]))
        ack()

    stage.connect(bolt)
    stage.play("U0STRANGER").say("C0SHARED", "/echo hello")
    stage.play("U0GUEST").say("C0GENERAL", "/echo hello")
    assert teams == [("U0STRANGER", "T0OTHER"), ("U0GUEST", "T0LOCAL")]


def take_response_url(stage: Stage, ana: Visitor) -> WebhookClient:
    bolt = stage.bolt()
    urls: list[str] = []

    @bolt.command("/echo")
    def note(ack: Any, command: Json) -> None:
        urls.append(command["response_url"])
        ack()

    stage.connect(bolt)
    ana.say("C0GENERAL", "/echo")
    return WebhookClient(urls[0])


def test_a_response_url_works_five_times(stage: Stage, ana: Visitor) -> None:
    webhook = take_response_url(stage, ana)
    answers = [webhook.send(text=f"answer {n}") for n in range(6)]

    assert [answer.status_code for answer in answers] == [200] * 5 + [404]
    assert answers[0].body == "ok"
    assert answers[5].body == '{"ok": false, "error": "used_url"}'
    assert [one["text"] for one in ana.messages("C0GENERAL")] == [f"answer {n}" for n in range(5)]
    assert stage.problems == ["response_url was refused with used_url: a response_url works five times."]


def test_a_response_url_lives_thirty_minutes(stage: Stage, ana: Visitor) -> None:
    webhook = take_response_url(stage, ana)
    stage.workspace.clock.advance(timedelta(minutes=29).total_seconds())
    assert webhook.send(text="in time").status_code == 200
    stage.workspace.clock.advance(timedelta(minutes=2).total_seconds())
    late = webhook.send(text="too late")
    assert (late.status_code, late.body) == (404, '{"ok": false, "error": "expired_url"}')


def test_a_response_url_takes_only_what_a_message_may_hold(stage: Stage, ana: Visitor) -> None:
    webhook = take_response_url(stage, ana)
    refused = webhook.send(blocks=[{"type": "section"}])
    assert refused.status_code == 400
    assert '"error": "invalid_blocks"' in refused.body
    assert ana.messages("C0GENERAL") == []
