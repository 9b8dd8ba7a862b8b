"""Where the tests' files lie: in memory where there is room, as nobody needs them to outlast a power cut."""

import os
import shutil
from pathlib import Path

import pytest

_IN_MEMORY = Path("/dev/shm")
_ROOM = 2 * 1024**3
"""Two workers need a tenth of it; a container often has 64 MB there, which would not do."""


def quick_folder() -> Path | None:
    """A folder whose files are in memory, or None where there is none with enough room."""
    if not os.access(_IN_MEMORY, os.W_OK | os.X_OK) or shutil.disk_usage(_IN_MEMORY).free < _ROOM:
        return None
    return _IN_MEMORY


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Makes `tmp_path` a folder in memory, unless someone said where it should be."""
    folder = quick_folder()
    if folder is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))
