"""Where charts are drawn: a process of its own.

Drawing one takes some 50 ms, in which the renderer holds the interpreter's lock, so that in the bot's own process
nothing could be acknowledged meanwhile. The process ends with the bot, however that ends: its input closes.
"""

import subprocess
import sys
import threading
from typing import IO

from bot.charts import Chart, png_of, svg_of
from bot.domain.errors import Unavailable

_LENGTH_BYTES = 4


class Easel:
    """Draws one chart after the other; the process begins with the first, and anew after one that failed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._painter: subprocess.Popen[bytes] | None = None

    @property
    def painter(self) -> int | None:
        """The id of the process that draws, None as long as there is none."""
        return self._painter.pid if self._painter else None

    def draw(self, chart: Chart) -> bytes:
        """The chart as a PNG; Unavailable if it could not be drawn."""
        svg = svg_of(chart).encode()
        with self._lock:
            painter = self._painter or _started()
            self._painter = painter
            assert painter.stdin is not None
            assert painter.stdout is not None
            try:
                _write(painter.stdin, svg)
                return _read(painter.stdout)
            except (OSError, EOFError) as error:
                self._end()
                raise Unavailable("The picture could not be drawn; its text says the same.") from error

    def close(self) -> None:
        """Nothing is drawn any more."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        if self._painter:
            self._painter.kill()
            self._painter.communicate()
            self._painter = None


def _started() -> subprocess.Popen[bytes]:
    # A session of its own: Ctrl+C at the terminal is for the bot, which then ends this in its own time.
    return subprocess.Popen(
        [sys.executable, "-m", "bot.slack.easel"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


def _write(stream: IO[bytes], content: bytes) -> None:
    stream.write(len(content).to_bytes(_LENGTH_BYTES, "big") + content)
    stream.flush()


def _read(stream: IO[bytes]) -> bytes:
    length = int.from_bytes(_exactly(stream, _LENGTH_BYTES), "big")
    return _exactly(stream, length)


def _exactly(stream: IO[bytes], length: int) -> bytes:
    content = stream.read(length)
    if len(content) < length:
        raise EOFError
    return content


def paint() -> None:
    """Turns each SVG that comes in into a PNG that goes out, until the input ends."""
    while True:
        try:
            svg = _read(sys.stdin.buffer)
        except EOFError:
            return
        _write(sys.stdout.buffer, png_of(svg.decode()))


if __name__ == "__main__":
    paint()
