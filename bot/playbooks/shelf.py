"""The folder of playbooks that comes with the product, and files in general."""

from pathlib import Path

import bot
from bot.playbooks.problems import PlaybookError, Problem
from bot.playbooks.tree import MAX_BYTES, demand_small

FOLDER = Path(bot.__file__).parent.parent / "playbooks"
MATRIX = "risk_matrix"
_FIRST = ("ninety_day", "starter", "ninety_day_high_risk")


def ids() -> tuple[str, ...]:
    """The ids of the playbooks in the folder, the usual choice first."""
    found = sorted(path.stem for path in FOLDER.glob("*.yaml") if path.stem != MATRIX)
    return tuple(sorted(found, key=lambda name: _FIRST.index(name) if name in _FIRST else len(_FIRST)))


def source_of(name: str) -> str:
    """How messages name the file of a shipped playbook."""
    return f"playbooks/{name}.yaml"


def text_of(name: str) -> str:
    """The text of the file `name` in the folder, as it stands."""
    return file_text(FOLDER / f"{name}.yaml", source_of(name))


def file_text(path: Path, source: str) -> str:
    """The text of any file that may be a playbook; PlaybookError if it cannot be read."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        why = (error.strerror or "unknown reason").lower()
        raise PlaybookError([Problem(source, 1, "", f"cannot be read: {why}.")]) from None
    demand_small(len(content), source)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise PlaybookError([Problem(source, line, "", "is not UTF-8 text here: save it as UTF-8.")]) from None
