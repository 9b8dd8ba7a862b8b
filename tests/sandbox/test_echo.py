"""The sample app, whole: what the page is tried with breaks none of Slack's rules."""

from bot.sandbox.echo import make_echo
from bot.sandbox.visitor import Visitor
from tests.sandbox.conftest import Stage


def test_the_sample_app_shows_blocks_form_and_home(stage: Stage, ana: Visitor) -> None:
    stage.connect(make_echo(stage.server.url, stage.profile))

    ana.say("C0GENERAL", "/echo blocks")
    shown = ana.wait_for_message("C0GENERAL", "Every kind of block.")
    ana.wait_for_message("C0GENERAL", "square.png")
    ana.click(shown, "approve")
    ana.wait_for(lambda: "used button approve" in str(ana.messages("C0GENERAL", shown["ts"])))

    ana.say("C0GENERAL", "/echo form")
    ana.wait_for(lambda: ana.views)
    assert [one["value"] for one in ana.options(ana.modal, "city", "l")] == ["Lisbon", "Lagos", "Stockholm"]
    error = {"name": "This name contains the word error. Use another."}
    assert ana.submit({"name": "an error"}) == error
    assert ana.submit({"name": "fine"}) == {}
    assert ana.modal["title"]["text"] == "A second step"
    ana.submit({})
    assert ana.views == []

    ana.open_home("A0ECHO")
    assert ana.wait_for(lambda: ana.home("A0ECHO"))["blocks"][0]["text"]["text"] == "Waiting on you"
    assert stage.problems == []
