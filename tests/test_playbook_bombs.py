"""Files made to hurt: refused early, in little memory, and never with anything but a `PlaybookError`."""

import random
import subprocess
import sys
import tracemalloc
from itertools import pairwise
from pathlib import Path

import pytest

from bot import playbooks
from bot.domain.playbook import Playbook
from bot.playbooks import Problem
from tests.playbook_texts import SMALL, SOURCE, problems, spoiled

MAX_PEAK_BYTES = 12_000_000
MAX_RSS_GROWTH_KB = 50_000
MAX_CPU_S = 60
ROOT = Path(__file__).parent.parent

LETTERS = "abcdefghijklm"
ITEM = "          - {{id: {id}, title: t, why: w, role: owner, due_day: 40, required: false, after: [{after}]}}\n"


def with_items(items: str) -> str:
    return spoiled(("          - {id: delta,", f"{items}          - {{id: delta,"))


BOMBS = {
    "aliases of aliases": (
        "a: &a [x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"{b}: &{b} [{', '.join(['*' + a] * 9)}]\n" for a, b in pairwise(LETTERS))
    ),
    "lists in lists": "[" * 250_000,
    "mappings in mappings": "{a: " * 60_000,
    "mappings as keys": "{" * 250_000,
    "lists in lists, in block style": "- " * 120_000,
    "keys that are mappings": "? " * 120_000,
    "mappings in mappings, in block style": "".join(f"{' ' * n}a:\n" for n in range(700)),
    "one key again and again": "a: 1\n" * 50_000,
    "many keys": "".join(f"key{n}: 1\n" for n in range(20_000)),
    "many keys that are nearly known": "".join(f"ver{n}ion: 1\n" for n in range(4_900)),
    "many entries": "- a\n" * 60_000,
    "many anchors": "".join(f"- &a{n} x\n" for n in range(9_000)),
    "many tags": "- !!x y\n" * 9_000,
    "many documents": "---\n" * 60_000,
    "one long value": f"title: {'x' * 250_000}",
    "one long key": f'? "{"x" * 250_000}"\n: 1',
    "one long number": f"version: {'9' * 250_000}",
    "one long decimal": f"version: 1.{'9' * 250_000}",
    "nothing but lines": "\n" * 255_000,
    "nothing but anchors": "&a " * 80_000,
    "too large": "x" * 256_001,
    "too large in bytes": "é" * 128_001,
    "many items that come before": spoiled(
        ("            after: [beta]", f"            after: [{', '.join(f'x{n}' for n in range(4_000))}]")
    ),
    "a long circle": with_items("".join(ITEM.format(id=f"c{n}", after=f"c{(n + 1) % 520}") for n in range(520))),
    "a long chain": with_items("".join(ITEM.format(id=f"c{n}", after=f"c{n + 1}") for n in range(520))),
}


@pytest.mark.parametrize("text", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_is_refused_in_little_memory(text: str) -> None:
    tracemalloc.start()
    try:
        found = problems(text)
        peak_bytes = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert 1 <= len(found) <= 100
    assert sum(map(len, found)) < 100_000
    assert peak_bytes < MAX_PEAK_BYTES


def test_all_bombs_together_cost_a_process_less_than_fifty_megabytes_and_no_more_than_its_share_of_time() -> None:
    """In a process of its own, so that libyaml's memory counts too, and under a limit of processor time."""
    script = f"""
import resource
resource.setrlimit(resource.RLIMIT_CPU, ({MAX_CPU_S}, {MAX_CPU_S}))
from tests.playbook_texts import SMALL, problems
from tests.test_playbook_bombs import BOMBS
problems(SMALL)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
assert all(problems(text) for text in BOMBS.values())
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""
    done = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) < MAX_RSS_GROWTH_KB


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    found = []
    for content in (b"", b"\0" * 10, b"\xff\xfe\x00", b"a: \x1b", "id: \ud800".encode("utf-16", "surrogatepass")):
        path.write_bytes(content)
        found.append([problem.line for problem in playbooks.check([path])])
    assert found == [[1]] * 5
    assert problems("id: \ud800") == [f"{SOURCE}:1: contains half a character: save it as UTF-8."]


def test_a_large_file_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "x.yaml"
    with path.open("wb") as file:
        file.truncate(10_000_000_000)
    assert playbooks.check([path]) == (
        Problem(str(path), 1, "", "is larger than 256 kB; a playbook is a page or two of text."),
    )


FRAGMENTS = (
    "\n", " ", ":", "- ", "[", "]", "{", "}", "'", '"', "&a ", "*a", "!!int ", "|\n", ">\n", "#", "---\n", "...\n",
    "? ", "%TAG ! x\n", "<<: ", "\t", "\0", "\x85", "\u2028", "\ud800", "\ufeff", "é", "null", "true", "0.5", "-1",
    "99999999999999999999", "id: alpha\n", "after: [gamma]\n", "extends: ninety_day\n", "drop: [x]\n", "phases:\n",
    "due_day: 0", "every: 0d",
)  # fmt: skip


def mutated(text: str, dice: random.Random) -> str:
    """`text` with one to four pieces cut, doubled, moved, replaced or put in."""
    for _ in range(dice.randint(1, 4)):
        start = dice.randrange(len(text) + 1)
        end = min(len(text), start + dice.choice((1, 2, 8, 40, 200)))
        other = dice.randrange(len(text) + 1)
        piece = dice.choice((*FRAGMENTS, text[start:end], chr(dice.randrange(0x250))))
        text = dice.choice(
            (
                text[:start] + text[end:],
                text[:start] + piece + text[start:],
                text[:start] + piece + text[end:],
                text[:other] + text[start:end] + text[other:],
                text[:start] + text[start:].replace(piece, dice.choice(FRAGMENTS), 1),
            )
        )
    return text


@pytest.mark.parametrize("seed", range(4))
def test_five_thousand_mutated_files_are_read_or_refused_and_nothing_else(seed: int) -> None:
    """`check` on RELIABILITY S16: 1,250 files in each of four parts."""
    dice = random.Random(seed)
    shipped = playbooks.shipped_text("starter")
    outcomes = {"read": 0, "refused": 0}
    for number in range(1_250):
        text = mutated(shipped if number % 25 == 0 else SMALL, dice)
        found = playbooks.read(text, SOURCE)
        if isinstance(found, Playbook):
            pinned = playbooks.complete_text(text, SOURCE)
            assert playbooks.load(pinned, SOURCE) == found
            assert playbooks.content_hash(pinned) == playbooks.content_hash(text)
            outcomes["read"] += 1
        else:
            assert found
            assert all(problem.line >= 1 and problem.message for problem in found)
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 50, outcomes
