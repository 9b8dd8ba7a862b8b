"""Recall and precision: each Monday tells of everything that was planted, and of nothing else."""

import json
from collections import Counter
from pathlib import Path

import pytest

from bot.domain.findings.book import entries
from bot.simulation import Size, plan, simulate
from bot.simulation.troubles import NOT_PLANTED, TROUBLES

SEEDS = range(1, 21)


def size_of(seed: int) -> Size:
    """Small enough for twenty of them: two teams, or a single one that may take on too much at once."""
    return Size(days=90, teams=1 if seed % 4 == 0 else 2, workflows=2 if seed % 2 else 3)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_monday_tells_of_what_was_planted_and_of_nothing_else(seed: int, tmp_path: Path) -> None:
    told = {m.inputs.week: m for m in simulate(plan(size_of(seed), seed), tmp_path)}
    assert len(told) == 13
    assert {week: monday.found for week, monday in told.items()} == {
        week: monday.expected for week, monday in told.items()
    }
    assert sum(monday.expected.total() for monday in told.values()) > 0


def test_the_seeds_plant_trouble_for_every_rule_and_near_misses_too() -> None:
    plans = [plan(size_of(seed), seed) for seed in SEEDS]
    assert {each.rule for made in plans for each in made.expected} == {each.id for each in entries()} - set(NOT_PLANTED)
    near_misses = {each.told for made in plans for each in made.plants if each.is_near_miss}
    assert near_misses == {each.told for each in TROUBLES if each.is_near_miss}


@pytest.mark.parametrize("seed", [1, 2])
def test_a_healthy_program_has_nothing_but_all_clear_mondays(seed: int, tmp_path: Path) -> None:
    mondays = tuple(simulate(plan(Size(90, 2, 3), seed, is_healthy=True), tmp_path))
    assert [monday.found for monday in mondays] == [Counter()] * 13
    digests = [json.loads(file.read_text("utf-8")) for file in sorted((tmp_path / "digests").glob("*.json"))]
    assert [(each["all_clear"], each["findings"]) for each in digests] == [(True, [])] * 13
    assert {monday.inputs.portfolio.on_track for monday in mondays[1:]} <= {1, 2, 3}
    assert [(str(each.phase), each.count) for each in mondays[-1].inputs.portfolio.phases] == [("scaling", 3)]


def test_whoever_lays_the_truth_beside_the_digests_comes_to_the_same(tmp_path: Path) -> None:
    for _ in simulate(plan(size_of(3), 3), tmp_path):
        continue
    truth = json.loads((tmp_path / "truth.json").read_text("utf-8"))
    expected = [
        sorted((each["rule"], each["subject"], each["severity"]) for each in monday["findings"])
        for monday in truth["mondays"]
    ]
    digests = [json.loads(file.read_text("utf-8")) for file in sorted((tmp_path / "digests").glob("*.json"))]
    assert [monday["at"] for monday in truth["mondays"]] == [digest["window"][1] for digest in digests]
    assert expected == [
        sorted((each["rule"], each["workflow"] or each["team"], each["severity"]) for each in digest["findings"])
        for digest in digests
    ]
