"""The page as a place to talk in, in a real browser against the real server and a real Bolt app."""

import re

from playwright.sync_api import Browser, WebSocketRoute, expect

from bot.sandbox.sample_blocks import mrkdwn, plain
from tests.browser import PHONE
from tests.sandbox.conftest import Stage
from tests.sandbox.pages import Open, messages, overflow_px, say

HOSTILE = (
    "<script>alert(1)</script> &lt;img src=x onerror=alert(2)&gt; <javascript:alert(3)|press> "
    "<https://example.com/?a=1&amp;b=2|a link> *bold* `<b>`"
)


def test_text_from_outside_is_never_markup(workspace: Stage, open_as: Open) -> None:
    hostile = {"type": "raw_text", "text": "<img src=x onerror=alert(5)>"}
    button = {"type": "button", "action_id": "b", "text": plain("<i>x</i>"), "value": "b"}
    workspace.client().chat_postMessage(
        channel="C0GENERAL",
        text="Hostile",
        blocks=[
            {"type": "header", "text": plain("<b>not bold</b>")},
            {"type": "section", "text": mrkdwn(HOSTILE)},
            {"type": "markdown", "text": "<img src=x onerror=alert(4)> [press](javascript:alert(6)) **strong**"},
            {"type": "actions", "elements": [button]},
            {"type": "table", "rows": [[hostile, hostile], [hostile, hostile]]},
        ],
    )
    page = open_as()
    message = messages(page).first
    expect(message).to_contain_text("<script>alert(1)</script> <img src=x onerror=alert(2)> press a link bold <b>")
    expect(message).to_contain_text("<b>not bold</b>")
    expect(message).to_contain_text("<img src=x onerror=alert(4)> press strong")
    expect(message).to_contain_text("<i>x</i>")
    expect(message.locator("script, img, i")).to_have_count(0)
    expect(message.locator(".content a")).to_have_count(1)
    expect(message.locator(".content a")).to_have_attribute("href", "https://example.com/?a=1&b=2")
    assert message.locator("strong").all_inner_texts() == ["bold", "strong"]


def test_what_a_person_types_arrives_as_they_typed_it(workspace: Stage, open_as: Open) -> None:
    page = open_as()
    say(page, "<b>5 < 6 & 7</b> @bo, see #support & <!channel>")
    text = messages(page).last.locator(".text")
    expect(text).to_have_text("<b>5 < 6 & 7</b> @Bo Lindqvist, see #support & <!channel>")
    assert workspace.workspace.rooms["C0GENERAL"].messages.popitem()[1]["text"] == (
        "&lt;b&gt;5 &lt; 6 &amp; 7&lt;/b&gt; <@U0BO>, see <#C0SUPPORT> &amp; &lt;!channel&gt;"
    )


def test_shift_enter_breaks_the_line_and_arrow_up_brings_back_what_was_sent(workspace: Stage, open_as: Open) -> None:
    page = open_as()
    composer = page.get_by_test_id("composer")
    composer.fill("one")
    composer.press("Shift+Enter")
    composer.press_sequentially("two")
    composer.press("Enter")
    expect(messages(page).last.locator(".text")).to_have_text(re.compile("one.*two", re.S))
    expect(composer).to_have_value("")
    composer.press("ArrowUp")
    expect(composer).to_have_value("one\ntwo")


def test_an_ephemeral_message_is_seen_by_its_reader_alone_until_dismissed(echo: Stage, open_as: Open) -> None:
    ana, bo = open_as("U0ANA"), open_as("U0BO")
    say(ana, "/echo only me")
    whisper = messages(ana).filter(has_text="You said: only me")
    expect(whisper).to_contain_text("Only visible to you")
    say(bo, "Nothing above me")
    expect(messages(bo)).to_have_count(1)
    ana.reload()
    expect(whisper).to_be_visible()
    whisper.get_by_test_id("dismiss").click()
    expect(whisper).to_have_count(0)
    ana.reload()
    expect(messages(ana)).to_have_count(1)


def test_a_slash_offers_commands_and_then_the_verbs_of_the_usage_hint(echo: Stage, open_as: Open) -> None:
    page = open_as()
    composer = page.get_by_test_id("composer")
    hints = page.get_by_test_id("hint")
    composer.press_sequentially("/ec")
    expect(hints).to_have_count(1)
    expect(hints).to_contain_text("[blocks | form | public | slow | TEXT]")
    expect(hints).to_contain_text("Answer with what was typed")
    composer.press("Tab")
    expect(composer).to_have_value("/echo ")
    expect(page.get_by_test_id("usage-hint")).to_contain_text("/echo")
    expect(hints).to_have_text(["/echo blocks", "/echo form", "/echo public", "/echo slow"])
    composer.press_sequentially("pu")
    composer.press("Tab")
    expect(composer).to_have_value("/echo public ")
    composer.press("Enter")
    expect(messages(page).last).to_contain_text("Everybody sees this.")


def test_an_at_sign_offers_people_by_name(workspace: Stage, open_as: Open) -> None:
    page = open_as()
    composer = page.get_by_test_id("composer")
    composer.press_sequentially("Ask @tan")
    expect(page.get_by_test_id("hint")).to_have_count(1)
    expect(page.get_by_test_id("hint")).to_contain_text("Mei Tanaka@mei · Evaluation owner")
    composer.press("Enter")
    expect(composer).to_have_value("Ask @mei ")


def test_a_command_without_an_answer_says_so_and_keeps_the_text(echo: Stage, open_as: Open) -> None:
    page = open_as()
    say(page, "/echo slow")
    expect(page.get_by_test_id("composer-error")).to_contain_text("Echo did not answer within 3 seconds.")
    expect(page.get_by_test_id("composer")).to_have_value("/echo slow")
    expect(page.get_by_test_id("problems").locator(".count-badge")).to_have_text("1")


def test_two_tabs_are_two_people_who_see_each_other_at_once(workspace: Stage, open_as: Open) -> None:
    ana, bo = open_as("U0ANA"), open_as("U0BO", "&at=C0SUPPORT")
    expect(bo.get_by_test_id("person-switcher")).to_contain_text("You are Bo Lindqvist")
    say(ana, "Morning @bo")
    row = bo.get_by_test_id("channel-general")
    expect(row).to_have_attribute("data-mentions", "1")
    row.click()
    expect(messages(bo).last).to_contain_text("Morning @Bo Lindqvist")
    expect(row).to_have_attribute("data-unread", "0")


def test_a_person_becomes_another_by_the_switcher(workspace: Stage, open_as: Open) -> None:
    page = open_as()
    page.get_by_test_id("person-switcher").click()
    page.get_by_test_id("person-U0MEI").click()
    expect(page.get_by_test_id("person-switcher")).to_contain_text("You are Mei Tanaka")
    assert "as=U0MEI" in page.url


def test_the_clock_moves_on_to_nine_where_the_person_is(workspace: Stage, open_as: Open) -> None:
    page = open_as("U0MEI")
    page.get_by_test_id("clock-toggle").click()
    page.get_by_test_id("clock-monday").click()
    expect(page.get_by_test_id("clock")).to_have_text(re.compile(r"^Mon .* 09:00$"))
    moved = workspace.workspace.clock.now()
    assert (moved.hour, moved.minute, moved.weekday()) == (0, 0, 0)


def test_a_broken_rule_is_pushed_to_the_open_page(workspace: Stage, open_as: Open) -> None:
    page = open_as()
    badge = page.get_by_test_id("problems").locator(".count-badge")
    expect(badge).to_be_hidden()
    workspace.workspace.journal.note("problem", "The button's text has 80 characters; 75 is the most.")
    expect(badge).to_have_text("1")
    page.get_by_test_id("problems").click()
    expect(page.get_by_test_id("entry-problem")).to_contain_text("75 is the most")
    expect(badge).to_be_hidden()


def test_a_tip_fills_the_message_field_without_sending(echo: Stage, open_as: Open) -> None:
    page = open_as()
    page.get_by_test_id("tip").first.click()
    expect(page.get_by_test_id("composer")).to_have_value("/echo hello")
    page.get_by_test_id("welcome-fold").click()
    expect(page.get_by_test_id("tip")).to_have_count(3)
    expect(page.get_by_test_id("tip").first).to_be_hidden()


def test_a_lost_connection_is_said_and_what_was_missed_is_read_again(
    workspace: Stage, open_as: Open, browser: Browser
) -> None:
    context = browser.new_context()
    page = context.new_page()
    open_lines: list[WebSocketRoute] = []
    is_down = False

    def relay(line: WebSocketRoute) -> None:
        if is_down:
            line.close()
            return
        line.connect_to_server()
        open_lines.append(line)

    page.route_web_socket("**/_/live*", relay)
    page.goto(f"{workspace.server.url}/?as=U0ANA")
    expect(page.locator("body")).to_have_attribute("data-connected", "true")
    is_down = True
    open_lines[0].close()
    expect(page.locator("#connection")).to_contain_text("Connection lost.")
    workspace.client().chat_postMessage(channel="C0GENERAL", text="Sent in the gap")
    is_down = False
    expect(messages(page).last).to_contain_text("Sent in the gap")
    expect(page.locator("#connection")).to_be_hidden()
    context.close()


def test_nothing_scrolls_sideways_at_phone_width(echo: Stage, open_as: Open) -> None:
    wide = [{"type": "raw_text", "text": f"A wide column, number {n}"} for n in range(8)]
    echo.client().chat_postMessage(
        channel="C0GENERAL",
        text="Wide",
        blocks=[
            {"type": "section", "text": mrkdwn("Longword" * 60 + " `" + "code" * 80 + "`")},
            {"type": "table", "rows": [wide, wide]},
        ],
    )
    page = open_as(size=PHONE)
    table = messages(page).first.locator(".table-box")
    assert table.evaluate("box => box.scrollWidth > box.clientWidth")
    seen = {"channel": overflow_px(page)}
    page.get_by_test_id("composer").fill("/")
    seen["hints"] = overflow_px(page)
    say(page, "/echo form")
    expect(page.get_by_test_id("modal")).to_be_visible()
    seen["modal"] = overflow_px(page)
    assert page.get_by_test_id("modal").bounding_box() == {"x": 0, "y": 0, **PHONE}
    page.get_by_test_id("modal-dismiss").click()
    page.get_by_test_id("back").click()
    expect(page.get_by_test_id("person-switcher")).to_be_visible()
    seen["sidebar"] = overflow_px(page)
    page.get_by_test_id("app-Echo").click()
    expect(page.get_by_test_id("home")).to_contain_text("Waiting on you")
    seen["home"] = overflow_px(page)
    assert seen == dict.fromkeys(seen, 0)


def test_the_theme_follows_the_system_until_one_chooses(workspace: Stage, open_as: Open) -> None:
    page = open_as()
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.get_by_test_id("theme").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "light")
