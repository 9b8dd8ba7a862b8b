"""Where Slack takes only words, what stood in blocks as plain text mentions nobody and links nowhere either."""

from bot.domain.digests.editions import Message
from bot.domain.digests.pages import pages

ODD = "<!channel> & <https://evil.example|free>"
SHOWN = "&lt;!channel&gt; &amp; &lt;https://evil.example|free&gt;"


def test_plain_text_of_blocks_is_escaped_and_markup_stays_as_it_is() -> None:
    message: Message = {
        "text": "The first line.",
        "blocks": [
            {"type": "section", "text": {"type": "mrkdwn", "text": "*CRITICAL* &lt;b&gt; <@U0ANA>"}},
            {"type": "section", "text": {"type": "plain_text", "text": ODD}},
            {"type": "divider"},
            {"type": "image", "alt_text": ODD, "slack_file": {"id": "F1"}},
            {
                "type": "context",
                "elements": [{"type": "mrkdwn", "text": "_How to read this_"}, {"type": "plain_text", "text": ODD}],
            },
        ],
    }
    assert pages(message) == (f"*CRITICAL* &lt;b&gt; <@U0ANA>\n\n{SHOWN}\n\n{SHOWN}\n\n_How to read this_\n{SHOWN}",)
