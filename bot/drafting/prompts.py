"""The prompts, kept as files under `templates/prompts` with an id and a version."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

import bot

FOLDER = Path(bot.__file__).parent.parent / "templates" / "prompts"


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is told to do; its version grows with every change of the text."""

    id: str
    version: int
    text: str

    @property
    def label(self) -> str:
        """Its id and version, as they are kept with what was made by it."""
        return f"{self.id}@{self.version}"


@cache
def prompt(name: str) -> Prompt:
    """The prompt of that file; ValueError where its front matter names another."""
    _, front, text = (FOLDER / f"{name}.md").read_text("utf-8").split("---\n", 2)
    given = yaml.safe_load(front)
    if given["id"] != name or not isinstance(given["version"], int):
        raise ValueError(f'templates/prompts/{name}.md needs "id: {name}" and a whole "version" in its front matter.')
    return Prompt(name, given["version"], text.strip())
