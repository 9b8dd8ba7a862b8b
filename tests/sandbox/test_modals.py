"""Modals: opening, filling in, answering, stacking, closing; and single-use triggers."""

from typing import Any

import pytest
from slack_bolt import App

from bot.sandbox.sample_blocks import FORM, plain
from bot.sandbox.visitor import Visitor
from bot.sandbox.wire import Json, Refusal
from tests.sandbox.conftest import Stage


def modal(title: str, *blocks: Json, **more: Any) -> Json:
    return {
        "type": "modal",
        "callback_id": title.lower(),
        "title": plain(title),
        "submit": plain("Send"),
        "blocks": list(blocks),
        **more,
    }


def text_input(name: str, **more: Any) -> Json:
    element = {"type": "plain_text_input", "action_id": name}
    return {"type": "input", "block_id": name, "label": plain(name), "element": element, **more}


def open_modal(stage: Stage, ana: Visitor, bolt: App, view: Json) -> None:
    """Opens `view` for Ana by a global shortcut."""

    @bolt.shortcut("form")
    def form(ack: Any, body: Json, client: Any) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=view)
        ack()

    stage.connect(bolt)
    ana.use_shortcut("A0ECHO", "form")


def titles(ana: Visitor) -> list[str]:
    return [view["title"]["text"] for view in ana.views]


def test_every_input_element_arrives_in_the_state(stage: Stage, ana: Visitor) -> None:
    bolt = stage.bolt()
    bodies: list[Json] = []

    @bolt.view("form")
    def take(ack: Any, body: Json) -> None:
        ack()
        bodies.append(body)

    open_modal(stage, ana, bolt, FORM)
    answers = {
        "name": "Refunds",
        "number": "12",
        "email": "ana@example.org",
        "address": "https://example.org/x",
        "playbook": "starter",
        "several": ["red", "blue"],
        "people": ["U0BO", "U0MEI"],
        "room": "C0GENERAL",
        "time": "10:30",
        "moment": 1_795_000_000,
        "radio": "low",
        "boxes": ["owner"],
    }
    assert ana.submit(answers) == {}
    assert ana.views == []

    body = bodies[0]
    values = {block: next(iter(actions.values())) for block, actions in body["view"]["state"]["values"].items()}
    option = {"text": {"type": "plain_text", "text": "Starter", "emoji": True}, "value": "starter"}
    assert values["name"] == {"type": "plain_text_input", "value": "Refunds"}
    assert values["notes"] == {"type": "plain_text_input", "value": None}
    assert values["playbook"] == {"type": "static_select", "selected_option": option}
    assert [one["value"] for one in values["several"]["selected_options"]] == ["red", "blue"]
    assert values["person"] == {"type": "users_select", "selected_user": "U0ANA"}
    assert values["people"] == {"type": "multi_users_select", "selected_users": ["U0BO", "U0MEI"]}
    assert values["date"] == {"type": "datepicker", "selected_date": "2026-11-23"}
    assert values["moment"] == {"type": "datetimepicker", "selected_date_time": 1_795_000_000}
    assert set(body) == {
        "type",
        "token",
        "team",
        "user",
        "api_app_id",
        "enterprise",
        "is_enterprise_install",
        "trigger_id",
        "view",
        "response_urls",
    }
    urls = body["response_urls"]
    assert [(one["block_id"], one["action_id"], one["channel_id"]) for one in urls] == [("room", "room", "C0GENERAL")]
    assert stage.problems == []


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({}, {"name": "Please complete this required field."}),
        ({"name": "x", "number": "0"}, {"number": "Please enter a number of at least 1."}),
        ({"name": "x", "number": "many"}, {"number": "Please enter a whole number."}),
        ({"name": "x", "email": "ana"}, {"email": "Please enter a valid email address."}),
        ({"name": "x", "address": "ftp"}, {"address": "Please enter a valid URL."}),
        ({"name": "x", "notes": "n" * 201}, {"notes": "Please use at most 200 characters; this has 201."}),
    ],
)
def test_slack_itself_checks_fields_before_the_app_hears_of_them(
    stage: Stage, ana: Visitor, answers: Json, errors: Json
) -> None:
    open_modal(stage, ana, stage.bolt(), FORM)
    assert ana.submit(answers) == errors
    assert titles(ana) == ["Every input"]


def test_errors_of_the_app_come_back_and_the_modal_stays(stage: Stage, ana: Visitor) -> None:
    bolt = stage.bolt()

    @bolt.view("start")
    def take(ack: Any) -> None:
        ack(response_action="errors", errors={"name": "That name is taken."})

    open_modal(stage, ana, bolt, modal("Start", text_input("name")))
    assert ana.submit({"name": "refunds"}) == {"name": "That name is taken."}
    assert titles(ana) == ["Start"]


def test_the_answer_can_update_push_and_clear(stage: Stage, ana: Visitor) -> None:
    bolt = stage.bolt()

    @bolt.view("first")
    def first(ack: Any, view: Json) -> None:
        ack(response_action="update", view=modal("Second", text_input("name"), private_metadata=view["hash"]))

    @bolt.view("second")
    def second(ack: Any) -> None:
        ack(response_action="push", view=modal("Third", text_input("name")))

    @bolt.view("third")
    def third(ack: Any) -> None:
        ack(response_action="clear")

    open_modal(stage, ana, bolt, modal("First", text_input("name")))
    before = ana.modal
    old = (before["id"], before["hash"])
    ana.submit({"name": "a"})
    assert (titles(ana), ana.modal["id"] == old[0], ana.modal["hash"] == old[1]) == (["Second"], True, False)
    ana.submit({"name": "b"})
    assert titles(ana) == ["Second", "Third"]
    assert (ana.modal["previous_view_id"], ana.modal["root_view_id"]) == (old[0], old[0])
    ana.submit({"name": "c"})
    assert titles(ana) == []


def test_a_bare_acknowledgement_closes_only_the_modal_on_top(stage: Stage, ana: Visitor) -> None:
    bolt = stage.bolt()
    bolt.view("first")(lambda ack: ack(response_action="push", view=modal("Second", text_input("name"))))
    bolt.view("second")(lambda ack: ack())
    open_modal(stage, ana, bolt, modal("First", text_input("name")))
    ana.submit({"name": "a"})
    ana.submit({"name": "b"})
    assert titles(ana) == ["First"]


def test_a_fourth_modal_is_refused(stage: Stage, ana: Visitor) -> None:
    bolt = stage.bolt()
    bolt.view("deep")(lambda ack: ack(response_action="push", view=modal("Deep", text_input("name"))))
    open_modal(stage, ana, bolt, modal("Deep", text_input("name")))
    ana.submit({"name": "a"})
    ana.submit({"name": "b"})
    with pytest.raises(Refusal, match="push_limit_reached"):
        ana.submit({"name": "c"})
    assert titles(ana) == ["Deep"] * 3
    assert stage.problems == [
        "The answer to the submission was refused with push_limit_reached: "
        "no more than three modals may lie on each other."
    ]


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        (
            {"response_action": "errors", "errors": {"nosuch": "No."}},
            "was refused with invalid_errors: /errors/nosuch: must name an input block of the view.",
        ),
        (
            {"response_action": "update", "view": modal("T" * 25)},
            "was refused with invalid_arguments: /view/title/text: must be less than 25 characters "
            "(it is 25 characters).",
        ),
    ],
)
def test_a_wrong_answer_to_a_submission_is_a_problem(stage: Stage, ana: Visitor, answer: Json, problem: str) -> None:
    bolt = stage.bolt()
    bolt.view("start")(lambda ack: ack(**answer))
    open_modal(stage, ana, bolt, modal("Start", text_input("name")))
    with pytest.raises(Refusal, match="broke a rule"):
        ana.submit({"name": "a"})
    assert stage.problems == [f"The answer to the submission {problem}"]


def test_a_late_answer_to_a_submission_leaves_the_modal_open(stage: Stage, ana: Visitor) -> None:
    bolt = stage.bolt()
    bolt.view("other")(lambda ack: ack())
    open_modal(stage, ana, bolt, modal("Start", text_input("name")))
    stage.workspace.ack_timeout_s = 0.2
    with pytest.raises(Refusal, match="operation_timeout"):
        ana.submit({"name": "a"})
    assert titles(ana) == ["Start"]


@pytest.mark.parametrize("clear", [False, True])
def test_closing_is_told_to_the_app_that_asked_for_it(stage: Stage, ana: Visitor, clear: bool) -> None:
    bolt = stage.bolt()
    closed: list[Json] = []

    @bolt.view_closed("start")
    def note(ack: Any, body: Json) -> None:
        ack()
        closed.append(body)

    open_modal(stage, ana, bolt, modal("Start", text_input("name"), notify_on_close=True))
    ana.close(clear=clear)
    assert [(one["type"], one["is_cleared"], one["view"]["callback_id"]) for one in closed] == [
        ("view_closed", clear, "start")
    ]
    assert ana.views == []
