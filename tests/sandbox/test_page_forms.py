"""Modals, buttons, shortcuts and Home on the page, in a real browser against a real Bolt app."""

from typing import Any

from playwright.sync_api import Page, expect

from bot.sandbox.sample_blocks import mrkdwn, plain
from tests.sandbox.conftest import Stage
from tests.sandbox.pages import Open, action, messages, say


def test_a_field_error_stands_beside_its_field_and_nothing_typed_is_lost(echo: Stage, open_as: Open) -> None:
    page = open_as()
    say(page, "/echo form")
    action(page, "name").fill("an error")
    action(page, "email").fill("ana@example.org")
    page.get_by_test_id("modal-submit").click()
    error = page.locator("[data-error-for=name]")
    expect(error).to_have_text("This name contains the word error. Use another.")
    expect(action(page, "name")).to_have_value("an error")
    expect(action(page, "email")).to_have_value("ana@example.org")
    expect(action(page, "name")).to_have_attribute("aria-invalid", "true")
    action(page, "name").fill("refunds")
    expect(error).to_be_hidden()
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_test_id("modal-back")).to_be_visible()
    page.get_by_test_id("modal").press("Escape")
    expect(action(page, "email")).to_have_value("ana@example.org")


def pick(page: Page, action_id: str, *names: str) -> None:
    action(page, action_id).click()
    for name in names:
        page.get_by_role("option", name=name).click()
    page.keyboard.press("Escape")


def test_every_input_reaches_the_app_as_slack_would_send_it(echo: Stage, open_as: Open) -> None:
    page = open_as("U0MEI")
    say(page, "/echo form")
    for name, text in {"name": "Refunds", "number": "12", "email": "mei@example.org"}.items():
        action(page, name).fill(text)
    action(page, "address").fill("https://example.org/a")
    action(page, "notes").fill("two\nlines")
    action(page, "date").fill("2026-12-01")
    action(page, "time").fill("14:30")
    action(page, "moment").fill("2026-12-01T09:00")
    action(page, "rich").fill("plain words")
    for name, choice in {"playbook": "Ninety", "city": "Lagos", "person": "Bo Lindqvist", "room": "#leads"}.items():
        action(page, name).click()
        page.get_by_role("option", name=choice).click()
    action(page, "channel").click()
    page.get_by_role("option", name="#support").click()
    pick(page, "several", "Red", "Blue")
    pick(page, "people", "Chidi Okafor")
    page.get_by_label("Medium").check()
    page.get_by_label("Steward").check()
    page.get_by_test_id("modal-submit").click()
    expect(page.get_by_test_id("modal-back")).to_be_visible()
    state = echo.workspace.views.stack("U0MEI")[0]["state"]["values"]
    sent = {block: next(iter(answer.values())) for block, answer in state.items()}
    assert {name: answer["value"] for name, answer in sent.items() if "value" in answer} == {
        "name": "Refunds",
        "notes": "two\nlines",
        "number": "12",
        "email": "mei@example.org",
        "address": "https://example.org/a",
    }
    assert sent["date"] == {"type": "datepicker", "selected_date": "2026-12-01"}
    assert sent["time"]["selected_time"] == "14:30"
    assert sent["moment"] == {"type": "datetimepicker", "selected_date_time": 1796083200}
    assert sent["playbook"]["selected_option"] == {"text": whole_plain("Ninety"), "value": "ninety"}
    assert sent["city"]["selected_option"]["value"] == "Lagos"
    assert sent["person"] == {"type": "users_select", "selected_user": "U0BO"}
    assert sent["room"]["selected_conversation"] == "C0PRIVATE"
    assert sent["channel"] == {"type": "channels_select", "selected_channel": "C0SUPPORT"}
    assert [option["value"] for option in sent["several"]["selected_options"]] == ["red", "blue"]
    assert sent["people"] == {"type": "multi_users_select", "selected_users": ["U0CHIDI"]}
    assert sent["radio"]["selected_option"]["value"] == "medium"
    assert [option["value"] for option in sent["boxes"]["selected_options"]] == ["steward"]
    assert sent["rooms"] == {"type": "multi_conversations_select", "selected_conversations": []}


def whole_plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": True}


def test_a_required_field_left_empty_is_named_before_the_app_is_asked(echo: Stage, open_as: Open) -> None:
    page = open_as()
    say(page, "/echo form")
    page.get_by_test_id("modal-submit").click()
    expect(page.locator("[data-error-for=name]")).to_have_text("Fill this in.")
    heard = [entry.summary for entry in echo.workspace.journal.since(0)]
    assert any("/echo form" in summary for summary in heard)
    assert not any("submission" in summary for summary in heard)


def test_typed_words_and_choices_outlive_an_update_of_the_view(workspace: Stage, open_as: Open) -> None:
    bolt = workspace.bolt()

    def view(*more: dict[str, Any]) -> dict[str, Any]:
        field = {"type": "plain_text_input", "action_id": "name"}
        menu = {"type": "static_select", "action_id": "kind", "options": [option("Small"), option("Large")]}
        return {
            "type": "modal",
            "title": plain("Start"),
            "submit": plain("Send"),
            "blocks": [
                *more,
                {"type": "input", "block_id": "name", "label": plain("Name"), "element": field},
                {"type": "input", "block_id": "kind", "label": plain("Kind"), "element": menu},
                {"type": "actions", "block_id": "more", "elements": [press]},
            ],
        }

    def option(name: str) -> dict[str, Any]:
        return {"text": plain(name), "value": name}

    press = {"type": "button", "action_id": "more", "text": plain("More"), "value": "more"}

    @bolt.shortcut("form")
    def form(ack: Any, body: Any, client: Any) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=view())

    @bolt.action("more")
    def unfold(ack: Any, body: Any, client: Any) -> None:
        ack()
        shown = body["view"]
        added = {"type": "section", "block_id": "new", "text": mrkdwn("*Unfolded*")}
        client.views_update(view_id=shown["id"], hash=shown["hash"], view=view(added))

    workspace.connect(bolt)
    page = open_as()
    page.get_by_test_id("shortcuts").click()
    page.get_by_test_id("shortcut-form").click()
    action(page, "name").fill("refunds_agent")
    action(page, "kind").click()
    page.get_by_role("option", name="Large").click()
    action(page, "more").click()
    expect(page.locator("[data-block-id=new]")).to_have_text("Unfolded")
    expect(action(page, "name")).to_have_value("refunds_agent")
    expect(action(page, "kind")).to_have_text("Large")


def test_a_dangerous_button_asks_first_and_a_thread_shows_what_came_of_it(echo: Stage, open_as: Open) -> None:
    page = open_as()
    say(page, "/echo blocks")
    delete = messages(page).get_by_role("button", name="Delete")
    delete.click()
    page.get_by_test_id("confirm-deny").click()
    expect(page.get_by_test_id("confirm")).to_have_count(0)
    expect(page.get_by_test_id("replies")).to_have_count(0)
    delete.click()
    page.get_by_test_id("confirm-yes").click()
    page.get_by_test_id("replies").click()
    expect(page.locator("#thread")).to_contain_text("@Ana Duarte used button")
    say(page, "Thanks", "thread-composer")
    expect(page.locator("#thread").get_by_test_id("message").filter(has_text="Thanks")).to_be_visible()
    expect(page.get_by_test_id("replies")).to_contain_text("2 replies")


def test_a_message_shortcut_stands_in_the_messages_menu(echo: Stage, open_as: Open) -> None:
    page = open_as()
    say(page, "Quote me")
    messages(page).first.hover()
    messages(page).first.get_by_test_id("more-actions").click()
    page.get_by_test_id("shortcut-quote").click()
    expect(messages(page).last.locator("blockquote")).to_have_text("Quote me")


def test_an_app_has_a_home_of_its_own(echo: Stage, open_as: Open) -> None:
    page = open_as()
    page.get_by_test_id("app-Echo").click()
    expect(page.get_by_test_id("home")).to_contain_text("Waiting on you")
    page.get_by_test_id("tab-messages").click()
    expect(page.get_by_test_id("composer")).to_be_visible()


_ANOTHER_AT_ONCE = """async () => {
    const { state, emit } = await import("/page/state.js");
    const open = state.views;
    const closed = new Promise((told) => document.querySelector("dialog").addEventListener("close", told));
    for (const views of [[], open.map((view) => ({ ...view, id: `${view.id}0` }))]) {
        state.views = views;
        emit("views");
    }
    await closed;
}"""


def test_a_window_that_follows_another_at_once_stays_open(echo: Stage, open_as: Open) -> None:
    page = open_as()
    say(page, "/echo form")
    expect(action(page, "name")).to_be_visible()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.evaluate(_ANOTHER_AT_ONCE)
    expect(action(page, "name")).to_be_visible()
    assert [url for url in asked if url.endswith("/close")] == []
