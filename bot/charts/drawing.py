"""What every picture is drawn with: the font, the templates, and how wide a text gets.

A picture brings its own font (`templates/fonts`, SIL Open Font License): a bare container has none, and
without one every letter would vanish. It also makes the same value give the same bytes on every machine.
Fonts of the system are asked only for letters that ours lacks.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import resvg_py
from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

import bot
from bot.domain.wording import cut

_TEMPLATES = Path(bot.__file__).parent.parent / "templates"
_FONTS = tuple(str(_TEMPLATES / "fonts" / f"AtkinsonHyperlegible-{face}.ttf") for face in ("Regular", "Bold"))
# The last letter of Latin-1, and the punctuation that cut titles and English text bring.
_LAST_LETTER, _OUR_PUNCTUATION = "\u00ff", frozenset("…–—‘’“”•")

ALT_TEXT_LIMIT = 2000

_NARROW_EM = 0.34
_NARROW, _BROAD = frozenset(" .,:;'|!()[]ijlft-"), frozenset("mwMWOQ@%#&CDGHNU")


def drawn(template: str, picture: Mapping[str, object]) -> str:
    """An SVG document from `templates/TEMPLATE.svg.j2`; all text from outside is escaped."""
    return _environment().get_template(f"{template}.svg.j2").render(picture)


def said(template: str, block: str, /, **context: object) -> str:
    """The words of a block of `templates/TEMPLATE.txt.j2`, every run of white space one space."""
    found = _environment().get_template(f"{template}.txt.j2")
    return " ".join("".join(found.blocks[block](found.new_context(context))).split())


def png_of(svg: str) -> bytes:
    """An SVG as a PNG."""
    ours = all(char <= _LAST_LETTER or char in _OUR_PUNCTUATION for char in svg)
    return resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=ours, font_files=list(_FONTS))


def width_of(text: str, size_px: int) -> float:
    """About how wide `text` is, on the generous side: nothing here can ask the font."""
    ems = (0.34 if char in _NARROW else 0.85 if char in _BROAD or char > _LAST_LETTER else 0.57 for char in text)
    return round(sum(ems) * size_px, 1)


def fitted(text: str, size_px: int, room_px: float) -> str:
    """As much of `text` as the room has, with "…" where something is left out; nothing if not even a letter fits."""
    limit = min(len(text), int(room_px / (_NARROW_EM * size_px)) + 1)
    while limit > 1 and width_of(cut(text, limit), size_px) > room_px:
        limit -= 1
    return cut(text, limit) if limit > 1 or width_of(text, size_px) <= room_px else ""


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=lambda name: name is not None and name.endswith(".svg.j2"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
