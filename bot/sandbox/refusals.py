"""Refusals in plain sentences, for the log."""

from bot.sandbox.drafts import BreachError
from bot.sandbox.journal import Journal
from bot.sandbox.wire import SlackError

REASONS: dict[str, str] = {
    "exchanged_trigger_id": "a trigger_id works once, and this one was used before",
    "expired_trigger_id": "a trigger_id lives 3 seconds, and this one is older",
    "hash_conflict": "the view changed after the app read the hash it sent along",
    "is_archived": "the channel is archived",
    "missing_scope": "the manifest does not ask for the scope that this needs",
    "msg_too_long": "the text is longer than Slack takes",
    "no_text": "a message needs text, blocks or attachments",
    "not_found": "the view is closed or never was",
    "not_in_channel": "the bot is not a member of the channel",
    "channel_not_found": "there is no such channel, or it is private and the bot is not in it",
    "push_limit_reached": "no more than three modals may lie on each other",
    "unknown_method": "Slack, or this workspace, has no such method",
    "used_url": "a response_url works five times",
    "expired_url": "a response_url lives 30 minutes",
}


def note_refusal(journal: Journal, label: str, refused: SlackError) -> None:
    """Writes each rule that the app broke into the log; `label` says in which call or answer."""
    detail = {"error": refused.error}
    if isinstance(refused, BreachError):
        for breach in refused.breaches:
            text = f"{label} was refused with {refused.error}: {breach.sentence}"
            journal.note("problem", text, method=label, detail=detail)
        return
    reason = REASONS.get(refused.error)
    because = f": {reason}" if reason else ""
    missing = f" ({refused.extra['needed']})" if "needed" in refused.extra else ""
    journal.note("problem", f"{label} was refused with {refused.error}{because}{missing}.", method=label, detail=detail)
