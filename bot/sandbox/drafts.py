"""What an app wants to say, read from a method's arguments and held against Slack's limits."""

import json
from typing import Any

from bot.sandbox.limits import (
    MARKDOWN_MOST,
    MESSAGE_TEXT_MOST,
    TEXT_MOST,
    VIEW_BYTES_MOST,
    check_blocks,
    check_metadata,
    check_view,
    count_text,
)
from bot.sandbox.rules import Breach
from bot.sandbox.wire import Json, SlackError
from bot.sandbox.workspace import Workspace

IMAGE_TYPES = ("image/png", "image/jpeg", "image/gif")


class BreachError(SlackError):
    """A refusal with the list of broken rules, as `response_metadata.messages`."""

    def __init__(self, error: str, breaches: list[Breach]) -> None:
        super().__init__(
            error,
            errors=[breach.rule for breach in breaches],
            response_metadata={"messages": [breach.message for breach in breaches]},
        )
        self.breaches = breaches


def read_json(value: Any, error: str) -> Any:
    """A value that may have come as JSON text in a form; `SlackError(error)` if it does not parse."""
    if not isinstance(value, str):
        return value
    if value == "":
        return None
    try:
        return json.loads(value)
    except ValueError as wrong:
        raise SlackError(error) from wrong


def read_draft(workspace: Workspace, args: Json) -> Json:
    """Text, blocks, attachments and metadata of a message; SlackError if Slack would refuse them."""
    draft = _read_parts(workspace, args)
    if not (draft["text"].strip() or draft["blocks"] or draft["attachments"]):
        raise SlackError("no_text")
    return draft


def read_changes(workspace: Workspace, args: Json) -> Json:
    """What `chat.update` changes: fields left out stay, empty lists take blocks or attachments away."""
    draft = _read_parts(workspace, args)
    given: Json = {name: draft[name] for name in ("text", "blocks", "attachments", "metadata") if name in args}
    if not given.get("text") and not given.get("blocks") and not given.get("attachments"):
        raise SlackError("no_text")
    return given


def read_view(workspace: Workspace, value: Any) -> Json:
    """A valid modal or Home view; SlackError if Slack would refuse it."""
    view = read_json(value, "invalid_arguments")
    size = len(json.dumps(view, ensure_ascii=False).encode())
    if size > VIEW_BYTES_MOST:
        raise BreachError(
            "view_too_large", [Breach("/view", f"must be at most {VIEW_BYTES_MOST} bytes", f"{size} bytes")]
        )
    breaches = check_view(view)
    if not breaches:
        breaches = _check_files(workspace, view["blocks"], "/view/blocks")
    if breaches:
        raise BreachError("invalid_arguments", breaches)
    result: Json = view
    return result


def _read_parts(workspace: Workspace, args: Json) -> Json:
    text = args.get("text") or ""
    if not isinstance(text, str):
        raise BreachError("invalid_arguments", [Breach("/text", "must provide a string")])
    if len(text) > TEXT_MOST:
        rule = f"text must be at most {TEXT_MOST} characters"
        raise BreachError("msg_too_long", [Breach("/text", rule, f"{len(text)} characters")])
    blocks = _read_blocks(workspace, args.get("blocks"))
    markdown = args.get("markdown_text")
    if markdown:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        if len(markdown) > MARKDOWN_MOST:
            raise SlackError("msg_too_long")
        blocks, text = [{"type": "markdown", "text": markdown}], markdown[:TEXT_MOST]
    return {
        "text": text,
        "blocks": blocks,
        "attachments": _read_attachments(args.get("attachments")),
        "metadata": _read_metadata(args.get("metadata")),
    }


def _read_blocks(workspace: Workspace, value: Any) -> list[Json]:
    blocks = read_json(value, "invalid_blocks_format")
    if blocks is None:
        return []
    breaches = check_blocks(blocks, "message")
    if not breaches:
        breaches = _check_files(workspace, blocks, "/blocks")
    if breaches:
        raise BreachError("invalid_blocks", breaches)
    length = count_text(blocks)
    if length > MESSAGE_TEXT_MOST:
        rule = f"all blocks together may hold {MESSAGE_TEXT_MOST} characters of text"
        raise BreachError("msg_blocks_too_long", [Breach("/blocks", rule, f"{length} characters")])
    result: list[Json] = blocks
    return result


def _read_attachments(value: Any) -> list[Json]:
    attachments = read_json(value, "invalid_attachments")
    if attachments is None:
        return []
    if not isinstance(attachments, list) or not all(isinstance(one, dict) for one in attachments):
        raise SlackError("invalid_attachments")
    if len(attachments) > 100:
        raise SlackError("too_many_attachments")
    for place, attachment in enumerate(attachments):
        if "blocks" in attachment:
            breaches = check_blocks(attachment["blocks"], "message", f"/attachments/{place}/blocks")
            if breaches:
                raise BreachError("invalid_attachments", breaches)
    return attachments


def _read_metadata(value: Any) -> Json | None:
    metadata = read_json(value, "invalid_metadata_format")
    if not metadata:
        return None
    breaches = check_metadata(metadata)
    if breaches:
        raise BreachError("invalid_metadata_format", breaches)
    if len(json.dumps(metadata)) > 16_000:
        raise SlackError("metadata_too_large")
    result: Json = metadata
    return result


def _check_files(workspace: Workspace, blocks: list[Json], path: str) -> list[Breach]:
    found = []
    for place, block in enumerate(blocks):
        for name in ("", "accessory"):
            holder = block.get(name, {}) if name else block
            file = holder.get("slack_file")
            if file and not _is_image(workspace, file):
                found.append(Breach(f"{path}/{place}/slack_file", "invalid slack file"))
    return found


def _is_image(workspace: Workspace, file: Json) -> bool:
    file_id = file.get("id") or str(file.get("url")).rpartition("/files/")[2].partition("/")[0]
    try:
        return workspace.files.find_completed(file_id).mimetype in IMAGE_TYPES
    except SlackError:
        return False
