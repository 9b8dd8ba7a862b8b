"""`rollout simulate`: the files it leaves, the same each time; what it says; and folders that are none of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main

SHORT = ("simulate", "--days", "21", "--teams", "1", "--workflows", "1", "--seed", "5")
WEEKS = ((1, "2026-W03"), (2, "2026-W04"), (3, "2026-W05"))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but the database, whose pages are laid out by the clock."""
    files = (each for each in folder.rglob("*") if each.is_file() and not each.name.startswith("rollout.db"))
    return {str(each.relative_to(folder)): each.read_bytes() for each in files}


def test_the_same_seed_leaves_the_same_bytes_in_any_process(tmp_path: Path) -> None:
    for name in ("1", "2"):
        environment = {"PYTHONHASHSEED": name, "PATH": os.environ["PATH"], "TZ": f"UTC+{name}"}
        command = [sys.executable, "-m", "bot", *SHORT, "--out", str(tmp_path / name)]
        subprocess.run(command, check=True, env=environment, capture_output=True)
    found = contents(tmp_path / "1")
    assert found == contents(tmp_path / "2")
    assert sorted(found) == [
        "chart.png",
        *(f"digests/0{number}-{week}.{form}" for number, week in WEEKS for form in ("json", "txt")),
        "truth.json",
    ]


def test_it_says_what_leaders_read_and_where_it_lies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "made"
    assert main([*SHORT, "--out", str(out)]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("1 workflow of 1 team, 21 days from ")
    assert sum(line.startswith("week ") for line in said) == 3
    assert "and of nothing else." in "\n".join(said)
    assert said[-1].startswith(f"rollout --db sqlite:///{out}/rollout.db --at ")
    assert main(["--db", f"sqlite:///{out}/rollout.db", "audit", "verify"]) == 0
    assert '"ok": true' in capsys.readouterr().out


def test_a_folder_of_its_own_is_used_again_and_nothing_of_before_stays(tmp_path: Path) -> None:
    main([*SHORT, "--out", str(tmp_path)])
    before = contents(tmp_path)
    (tmp_path / "notes.txt").write_text("mine", "utf-8")
    assert main([*SHORT[:-1], "6", "--days", "28", "--out", str(tmp_path)]) == 0
    assert main([*SHORT, "--out", str(tmp_path)]) == 0
    assert contents(tmp_path) == before | {"notes.txt": b"mine"}


def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "truth.json").write_text('["what really happened"]', "utf-8")
    assert main([*SHORT, "--out", str(tmp_path)]) == 1
    assert capsys.readouterr().err == (
        f"{tmp_path} is not empty, and no simulation made it, so nothing was written there: give --out a new folder.\n"
    )
    assert contents(tmp_path) == {"truth.json": b'["what really happened"]'}


def test_a_file_is_no_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "made"
    file.write_text("", "utf-8")
    for out, why in ((file, "is a file, and a simulation needs a folder"), (file / "in", "cannot be written to")):
        assert main([*SHORT, "--out", str(out)]) == 1
        assert f"{out} {why}" in capsys.readouterr().err
