"""Uploaded files and their bytes."""

import mimetypes
from dataclasses import dataclass, field

from bot.sandbox.wire import Json, SlackError


@dataclass(slots=True)
class Upload:
    """A file from the moment its upload URL was asked for; `content` is None until the bytes came."""

    id: str
    name: str
    length: int
    app: str
    user: str
    created_s: int
    alt_txt: str = ""
    title: str = ""
    content: bytes | None = None
    completed: bool = False
    channels: list[str] = field(default_factory=list)

    @property
    def mimetype(self) -> str:
        """The type that the name promises."""
        return mimetypes.guess_type(self.name)[0] or "application/octet-stream"

    def show(self, base_url: str) -> Json:
        """The file as Slack shows it."""
        url = f"{base_url}/files/{self.id}/{self.name}"
        return {
            "id": self.id,
            "created": self.created_s,
            "timestamp": self.created_s,
            "name": self.name,
            "title": self.title or self.name,
            "mimetype": self.mimetype,
            "filetype": self.name.rpartition(".")[2],
            "user": self.user,
            "size": len(self.content or b""),
            "mode": "hosted",
            "is_external": False,
            "is_public": bool(self.channels),
            "url_private": url,
            "url_private_download": url,
            "permalink": url,
            "alt_txt": self.alt_txt,
            "channels": self.channels,
        }


class Files:
    """Every file of the workspace by its id."""

    def __init__(self) -> None:
        self._uploads: dict[str, Upload] = {}

    def add(self, upload: Upload) -> None:
        """Keeps a new upload."""
        self._uploads[upload.id] = upload

    def find(self, file_id: object) -> Upload:
        """The upload; `file_not_found` if there is none."""
        upload = self._uploads.get(str(file_id))
        if upload is None:
            raise SlackError("file_not_found")
        return upload

    def find_completed(self, file_id: object) -> Upload:
        """The upload if it was completed; `file_not_found` otherwise."""
        upload = self.find(file_id)
        if not upload.completed:
            raise SlackError("file_not_found")
        return upload

    def remove(self, file_id: str) -> None:
        """Forgets a file."""
        self._uploads.pop(file_id, None)
