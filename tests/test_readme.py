"""What the README says is there is there, and the other way round."""

import re
import subprocess
import sys

import pytest

from bot.cli.application import commands
from tests.readme_tables import README, with_tables

ROOT = README.parent
TEXT = README.read_text("utf-8")


def test_the_tables_of_verbs_commands_and_settings_are_those_of_the_code() -> None:
    assert with_tables(TEXT) == TEXT, "run `.venv/bin/python -m tests.readme_tables`"


def test_every_make_target_that_the_readme_names_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))

    assert set(re.findall(r"`?make ([a-z]+)`?", TEXT)) - {"up"} <= targets


def test_every_command_that_the_readme_types_exists() -> None:
    known = {usage.split(" [")[0].removeprefix("rollout ").split(" ")[0] for usage, _ in commands()}
    typed = set(re.findall(r"(?:bin/|`)rollout ([a-z]+)", TEXT))

    assert typed
    assert typed <= known


def test_every_file_that_the_readme_points_to_exists() -> None:
    linked = re.findall(r"\]\(([^)#]+)\)", TEXT)
    named = re.findall(r"`((?:playbooks|templates|bot|store|tests)/[\w./-]*|app\.yaml|LICENSE)`", TEXT)

    assert [name for name in (*linked, *named) if not (ROOT / name).exists()] == []


def test_every_block_of_code_is_closed() -> None:
    fences = re.findall(r"^```(.*)$", TEXT, re.MULTILINE)

    assert [begins for begins in fences[::2] if not begins] == []
    assert [ends for ends in fences[1::2] if ends] == []


def test_the_top_level_is_the_one_that_was_agreed() -> None:
    agreed = {"pyproject.toml", "README.md", "bot", "templates", "playbooks", "store", "tests", "app.yaml"}
    besides = {"Makefile", "requirements.lock", "LICENSE"}
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    top = {line.split("/")[0] for line in listed.splitlines()}

    assert {name for name in top if not name.startswith(".")} == agreed | besides


@pytest.mark.parametrize("name", ["requirements.lock", "tests/requirements.lock"])
def test_the_lock_pins_hashes_and_names_no_registry(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    pins = re.findall(r"^[a-z0-9][\w.\[\]-]*==\S+", text, re.MULTILINE)

    assert len(pins) > 20
    assert text.count("--hash=sha256:") >= len(pins)
    assert "://" not in text


def test_nothing_happens_when_the_program_is_imported() -> None:
    modules = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for folder in ("bot", "store")
        for path in sorted((ROOT / folder).rglob("*.py"))
        if path.name not in ("__main__.py", "env.py") and "versions" not in path.parts
    ]
    script = "import importlib, sys\nfor name in sys.argv[1:]: importlib.import_module(name.removesuffix('.__init__'))"
    run = [sys.executable, "-c", script, *modules]
    done = subprocess.run(run, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
