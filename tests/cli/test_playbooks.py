"""`rollout playbook check`: every error by file, line and key."""

from pathlib import Path

import pytest

import bot
from tests.cli.conftest import Rollout

SHIPPED = Path(bot.__file__).parent.parent / "playbooks"


def test_the_shipped_files_are_sound(anywhere: Rollout) -> None:
    files = [str(file) for file in sorted(SHIPPED.glob("*.yaml"))]
    checked = anywhere("playbook check", *files)
    assert (checked.status, checked.out, checked.err) == (0, f"{len(files)} files checked, no problem found.\n", "")


@pytest.fixture
def two_mistakes(tmp_path: Path) -> Path:
    text = (SHIPPED / "starter.yaml").read_text("utf-8")
    file = tmp_path / "mine.yaml"
    file.write_text(text.replace("id: starter\n", "id: Starter!\n", 1) + "colour: blue\n", "utf-8")
    return file


def line_of(words: str, file: Path) -> int:
    return file.read_text("utf-8").splitlines().index(words) + 1


def test_every_error_is_named_with_file_line_and_key(anywhere: Rollout, two_mistakes: Path) -> None:
    checked = anywhere("playbook check", str(two_mistakes))
    lines = checked.err.splitlines()
    assert (checked.status, checked.out, len(lines)) == (1, "", 2)
    assert lines[0].startswith(f"{two_mistakes}:{line_of('id: Starter!', two_mistakes)}: id: ")
    assert lines[1].startswith(f"{two_mistakes}:{line_of('colour: blue', two_mistakes)}: colour: ")


def test_programs_get_the_problems_as_json(anywhere: Rollout, two_mistakes: Path) -> None:
    checked = anywhere("playbook check --format json", str(two_mistakes))
    assert (checked.status, checked.err) == (1, "")
    assert [(problem["line"], problem["key"]) for problem in checked.answer["problems"]] == [
        (line_of("id: Starter!", two_mistakes), "id"),
        (line_of("colour: blue", two_mistakes), "colour"),
    ]


def test_a_file_that_is_not_there_is_a_problem_too(anywhere: Rollout) -> None:
    checked = anywhere("playbook check nowhere.yaml")
    assert (checked.status, checked.err) == (1, "nowhere.yaml:1: cannot be read: no such file or directory.\n")
