"""What stands where in the bodies of Slack's requests."""

from collections.abc import Mapping
from typing import Any

from bot.slack.visit import filled_in

Body = Mapping[str, Any]


def carried(action: Mapping[str, Any]) -> str:
    """What a control carries: the value of what was chosen, or its own."""
    chosen = action.get("selected_option") or {}
    return str(chosen.get("value") or action.get("value") or "")


def beside_it(body: Body) -> Mapping[str, Any]:
    """What stands in the fields of the message, or the view, that was clicked in."""
    return filled_in(body.get("state") or (body.get("view") or {}).get("state") or {})


def first_url(body: Body) -> str | None:
    """Where an answer to a submission may go, if it may go anywhere."""
    urls = body.get("response_urls") or ()
    return str(urls[0]["response_url"]) if urls else None
