"""The tables in the README that come from the code; `python -m tests.readme_tables` writes them anew."""

import re
from pathlib import Path

from bot.cli.application import commands
from bot.domain.findings.book import entries
from bot.settings import describe
from bot.slack import app, registry  # noqa: F401  the app makes every handler known

README = Path(__file__).parents[1] / "README.md"


def verbs() -> str:
    """The verbs of `/rollout`, in the order of help."""
    rows = [f"| `{_cell(verb.usage)}` | {_cell(verb.summary)} |" for verb in registry.verbs()]
    return "\n".join(["| type | what |", "|---|---|", *rows])


def cli() -> str:
    """The commands of `rollout`."""
    rows = [f"| `{_cell(usage)}` | {_cell(text)} |" for usage, text in commands()]
    return "\n".join(["| command | what |", "|---|---|", *rows])


def settings() -> str:
    """The environment variables."""
    rows = [f"| `{name}` | {f'`{default}`' if default else ''} | {_cell(text)} |" for name, default, text in describe()]
    return "\n".join(["| variable | default | what |", "|---|---|---|", *rows])


def rules() -> str:
    """The rules by which findings are found."""
    rows = [f"| `{rule.id}` | {_cell(rule.fires_when)} |" for rule in entries()]
    return "\n".join(["| rule | fires when |", "|---|---|", *rows])


TABLES = {"verbs": verbs, "commands": cli, "settings": settings, "rules": rules}


def with_tables(text: str) -> str:
    """`text` with each table between its marks as the code has it."""
    for name, table in TABLES.items():
        marks = re.compile(rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
        body = table()
        text = marks.sub(lambda found, body=body: f"{found[1]}{body}\n{found[2]}", text)  # type: ignore[misc]
    return text


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    README.write_text(with_tables(README.read_text("utf-8")), "utf-8")
