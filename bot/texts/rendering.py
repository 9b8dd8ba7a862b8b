"""Parts of templates, rendered for one surface."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import tzinfo
from functools import cache
from pathlib import Path

from jinja2 import FileSystemLoader, StrictUndefined, Template
from jinja2.runtime import Context

import bot
from bot.texts.environment import Environment
from bot.texts.filters import FILTERS
from bot.texts.marks import MARKS, Surface, printed_as_mrkdwn, printed_as_plain

TEMPLATES = Path(bot.__file__).parent.parent / "templates"

_BLANK_LINES = re.compile(r"[ \t]*\n(?:[ \t]*\n)+")
_LINE_ENDS = re.compile(r"[ \t]+\n")

_Block = Callable[[Context], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts for one kind of surface, with times in the reader's zone."""

    surface: Surface
    reader_zone: tzinfo
    folder: Path = TEMPLATES

    def say(self, part: str, /, **context: object) -> str:
        """The part `file.block`, rendered; it may stand in other parts of this surface as it is.

        Raises LookupError for an unknown part and jinja2.UndefinedError for a value that was not given.
        """
        template, block = _part(self.folder, self.surface, part)
        scope = template.new_context({"reader_zone": self.reader_zone, **context}, shared=True)
        return MARKS[self.surface](_tidied("".join(block(scope))))


def parts(folder: Path = TEMPLATES) -> tuple[str, ...]:
    """The names of all parts that `say` knows, sorted; compiling them all finds every broken template."""
    environment = _environment(folder, Surface.PLAIN)
    names = [path.stem for path in folder.glob("*.j2") if "." not in path.stem]
    return tuple(sorted(f"{name}.{block}" for name in names for block in environment.get_template(f"{name}.j2").blocks))


@cache
def _environment(folder: Path, surface: Surface) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        finalize=printed_as_mrkdwn if surface is Surface.MRKDWN else printed_as_plain,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.surface = surface
    environment.concat = lambda pieces: MARKS[surface]("".join(pieces))  # type: ignore[method-assign]
    environment.globals.clear()
    environment.filters.update(FILTERS)
    return environment


@cache
def _part(folder: Path, surface: Surface, part: str) -> tuple[Template, _Block]:
    name, _, block = part.rpartition(".")
    template = _environment(folder, surface).get_template(f"{name}.j2")
    if block not in template.blocks:
        raise LookupError(f'templates/{name}.j2 has no block "{block}"; it has {", ".join(template.blocks)}.')
    return template, template.blocks[block]


def _tidied(text: str) -> str:
    text = text.strip()
    if "\n" not in text:
        return text
    return _LINE_ENDS.sub("\n", _BLANK_LINES.sub("\n\n", text))
