"""The views methods called directly: single-use triggers, hashes, closed views, Home."""

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.sandbox.sample_blocks import plain
from bot.sandbox.visitor import Visitor
from bot.sandbox.wire import Json
from tests.sandbox.conftest import Stage


def modal(title: str) -> Json:
    return {"type": "modal", "title": plain(title), "blocks": []}


def titles(ana: Visitor) -> list[str]:
    return [view["title"]["text"] for view in ana.views]


def take_trigger(stage: Stage, ana: Visitor) -> str:
    bolt = stage.bolt()
    triggers: list[str] = []

    @bolt.shortcut("form")
    def form(ack: Any, body: Json) -> None:
        ack()
        triggers.append(body["trigger_id"])

    stage.connect(bolt)
    ana.use_shortcut("A0ECHO", "form")
    return triggers[0]


def test_a_trigger_opens_one_modal_only(stage: Stage, ana: Visitor) -> None:
    trigger = take_trigger(stage, ana)
    client = stage.client()
    client.views_open(trigger_id=trigger, view=modal("First"))
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        client.views_open(trigger_id=trigger, view=modal("Again"))
    assert titles(ana) == ["First"]


def test_a_trigger_dies_young(stage: Stage, ana: Visitor) -> None:
    trigger = take_trigger(stage, ana)
    stage.workspace.triggers.life_s = 0.0
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        stage.client().views_open(trigger_id=trigger, view=modal("Late"))
    with pytest.raises(SlackApiError, match="invalid_trigger_id"):
        stage.client().views_open(trigger_id="1.2.3", view=modal("Made up"))


def test_views_update_minds_the_hash_and_refuses_a_closed_view(stage: Stage, ana: Visitor) -> None:
    client = stage.client()
    first = client.views_open(trigger_id=take_trigger(stage, ana), view=modal("First"))["view"]
    second = client.views_update(view_id=first["id"], hash=first["hash"], view=modal("Second"))["view"]
    assert (second["id"], second["hash"] != first["hash"]) == (first["id"], True)
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_update(view_id=first["id"], hash=first["hash"], view=modal("Third"))
    assert titles(ana) == ["Second"]
    ana.close()
    with pytest.raises(SlackApiError, match="'not_found'"):
        client.views_update(view_id=first["id"], view=modal("Fourth"))


def test_home_is_published_for_one_person_and_minds_the_hash(stage: Stage, ana: Visitor) -> None:
    client = stage.client()
    home = {"type": "home", "blocks": [{"type": "section", "text": plain("Nothing waits on you.")}]}
    first = client.views_publish(user_id="U0ANA", view=home)["view"]
    second = client.views_publish(user_id="U0ANA", view=home, hash=first["hash"])["view"]
    with pytest.raises(SlackApiError, match="hash_conflict"):
        client.views_publish(user_id="U0ANA", view=home, hash=first["hash"])
    shown = ana.home("A0ECHO")
    assert shown is not None
    assert (shown["hash"], shown["id"]) == (second["hash"], first["id"])
    assert stage.play("U0BO").home("A0ECHO") is None


def test_opening_home_tells_the_app(stage: Stage, ana: Visitor) -> None:
    bolt = stage.bolt()

    @bolt.event("app_home_opened")
    def publish(event: Json, client: Any) -> None:
        view = {"type": "home", "blocks": [{"type": "section", "text": plain(f"For {event['user']}")}]}
        client.views_publish(user_id=event["user"], view=view)

    stage.connect(bolt)
    ana.open_home("A0ECHO")
    home = ana.wait_for(lambda: ana.home("A0ECHO"))
    assert home["blocks"][0]["text"]["text"] == "For U0ANA"
