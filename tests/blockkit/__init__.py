"""An independent judge of what leaves for Slack: its own types, slackblocks' limits, its documentation."""

from tests.blockkit.oracle import assert_valid_message, assert_valid_view

__all__ = ["assert_valid_message", "assert_valid_view"]
