"""What tests need from npm: packages of exact versions, installed once for these sources and kept outside git."""

import fcntl
import functools
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

CACHE = Path(__file__).parents[1] / ".venv" / "npm"
INSTALL_TIMEOUT_S = 300
INSTALL = (
    *("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"),
    *("--prefer-offline", "--fetch-retries=1", "--fetch-timeout=20000"),
)


class Unavailable(Exception):
    """Packages cannot be had on this machine; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Packages:
    """The packages that `sources` in `here` name, and what is made of them.

    `purpose` says what they are for, in the plural, as a sentence begins. `finish` is given their folder once they are
    installed, and makes what else is needed there, of `made_of`.
    """

    name: str
    purpose: str
    here: Path
    sources: tuple[str, ...] = ("package.json", "package-lock.json")
    finish: Callable[[Path], None] = lambda _: None
    made_of: str = ""

    @property
    def folder(self) -> Path:
        """Where they are kept; other sources have another place."""
        sources = b"".join((self.here / name).read_bytes() for name in self.sources)
        digest = hashlib.sha256(sources + self.made_of.encode()).hexdigest()[:16]
        return CACHE / f"{self.name}-{digest}"

    def made(self) -> Path:
        """The folder with all of it; Unavailable where it can't be had."""
        if not (self.folder / "made").exists():
            self.make()
        return self.folder

    def make(self) -> None:
        """All of it made by whichever process comes first: test workers start together."""
        folder = self.folder
        if missing := [program for program in ("node", "npm") if shutil.which(program) is None]:
            raise Unavailable(f"{self.purpose} need {' and '.join(missing)}, which this machine does not have.")
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if (folder / "made").exists():
                return
            for name in self.sources:
                shutil.copy(self.here / name, folder / name)
            self.run(folder, *INSTALL)
            self.finish(folder)
            (folder / "made").touch()

    def why_missing(self) -> str | None:
        """Why they cannot be had here, or None when they can; with CI set their absence is an error."""
        reason = absence(self)
        if reason and os.environ.get("CI"):
            raise Unavailable(reason)
        return reason

    def run(self, folder: Path, *command: str) -> None:
        """Run a command in the folder; its last line is the reason when it fails."""
        try:
            subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=INSTALL_TIMEOUT_S)
        except subprocess.CalledProcessError as error:
            said = (error.stderr or error.stdout).decode(errors="replace").strip().splitlines()[-1:]
            raise Unavailable(f"{self.purpose} could not be made: {command[0]} said {said}.") from error
        except (OSError, subprocess.TimeoutExpired) as error:
            raise Unavailable(f"{self.purpose} could not be made: {error}.") from error


@functools.cache
def absence(packages: Packages) -> str | None:
    """What is missing, found out once: a machine without a network is slow to say so."""
    try:
        packages.made()
    except Unavailable as error:
        return str(error)
    return None
