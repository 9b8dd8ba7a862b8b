"""files.*: the three steps of an upload, reading and deleting."""

from typing import Any

from bot.sandbox.api_call import Call
from bot.sandbox.files import Upload
from bot.sandbox.posting import app_message, post
from bot.sandbox.rooms import Room
from bot.sandbox.wire import Json, SlackError, read_whole


def get_upload_url(call: Call) -> Json:
    """files.getUploadURLExternal: where to send the bytes, and the file's id."""
    workspace = call.workspace
    length = read_whole(call.need("length"), 0, "invalid_arguments")
    if length <= 0:
        raise SlackError("invalid_arguments")
    upload = Upload(
        id=workspace.next_id("F"),
        name=call.need("filename"),
        length=length,
        app=call.app.id,
        user=call.app.bot_user,
        created_s=workspace.now_s(),
        alt_txt=str(call.args.get("alt_txt") or ""),
    )
    if len(upload.alt_txt) > 1000:
        raise SlackError("alt_txt_too_large")
    workspace.files.add(upload)
    return {"upload_url": f"{workspace.base_url}/upload/{upload.id}", "file_id": upload.id}


def complete_upload(call: Call) -> Json:
    """files.completeUploadExternal: the files, shared in the channel if one is named."""
    rows: Any = call.parsed("files")
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise SlackError("invalid_arguments")
    room = _target(call)
    uploads = [_finished(call, row) for row in rows]
    for upload, row in zip(uploads, rows, strict=True):
        upload.completed = True
        upload.title = str(row.get("title") or upload.name)
    if room is not None:
        _share(call, room, uploads)
    return {"files": [upload.show(call.workspace.base_url) for upload in uploads]}


def info(call: Call) -> Json:
    """files.info: one file."""
    upload = call.workspace.files.find_completed(call.need("file"))
    return {"file": upload.show(call.workspace.base_url), "comments": []}


def delete(call: Call) -> Json:
    """files.delete: nothing but success; only the app's own files."""
    upload = call.workspace.files.find_completed(call.need("file"))
    if upload.app != call.app.id:
        raise SlackError("cant_delete_file")
    call.workspace.files.remove(upload.id)
    return {}


def _target(call: Call) -> Room | None:
    targets = [call.args["channel_id"]] if call.args.get("channel_id") else call.listed("channels")
    if not targets:
        return None
    room = call.workspace.visible_room(targets[0], call.app.bot_user)
    if call.app.bot_user not in room.members:
        raise SlackError("not_in_channel")
    if room.archived:
        raise SlackError("is_archived")
    return room


def _finished(call: Call, row: Json) -> Upload:
    upload = call.workspace.files.find(row.get("id"))
    if upload.app != call.app.id or upload.content is None:
        raise SlackError("file_not_found")
    return upload


def _share(call: Call, room: Room, uploads: list[Upload]) -> None:
    thread_ts = call.args.get("thread_ts")
    comment = str(call.args.get("initial_comment") or "")
    message = app_message(call.workspace, call.app, {"text": comment, "thread_ts": thread_ts})
    for upload in uploads:
        upload.channels.append(room.id)
    message["files"] = [upload.show(call.workspace.base_url) for upload in uploads]
    post(call.workspace, room, message)
