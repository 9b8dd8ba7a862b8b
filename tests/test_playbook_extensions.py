"""Playbooks that extend a shipped one: what they may say, and what a workflow then pins."""

from decimal import Decimal

import pytest

from bot import playbooks
from bot.domain import checks
from bot.domain.playbook import PhaseName
from bot.playbooks import Problem
from tests.playbook_texts import SMALL, SOURCE, problems

OURS = """\
id: ours
title: Ours
version: 3
summary: Ninety days as we like them.
extends: ninety_day
"""


def ours(*parts: str) -> str:
    return OURS + "".join(parts)


def told(*parts: str) -> list[str]:
    return problems(ours(*parts))


def test_an_extension_that_adds_nothing_is_its_base_under_another_name() -> None:
    base, mine = playbooks.load(playbooks.shipped_text("ninety_day"), ""), playbooks.load(OURS, SOURCE)
    assert (mine.id, mine.title, mine.version, mine.summary) == ("ours", "Ours", 3, "Ninety days as we like them.")
    assert (mine.phases, mine.thresholds, mine.rungs) == (base.phases, base.thresholds, base.rungs)


def test_items_are_added_where_they_are_due() -> None:
    added = "add:\n- window: define_success\n  items:\n  - {id: brief_us, title: Brief us, why: So that we know., "
    playbook = playbooks.load(ours(added, "role: lead, due_day: 4, evidence: link}\n"), SOURCE)
    names = [item.id for item in playbook.phases[0].windows[0].items]
    assert names[names.index("brief_us") - 1 :][:3] == ["name_roles", "brief_us", "measure_today"]


def test_a_dropped_item_leaves_every_place_where_it_came_before() -> None:
    playbook = playbooks.load(ours("drop: [describe_rollback]\n"), SOURCE)
    assert "describe_rollback" not in [item.id for item in playbook]
    assert playbook.item("rehearse_rollback").after == ()


def test_an_item_is_changed_in_what_is_said_and_nothing_else() -> None:
    text = ours("change:\n  measure_today: {due_day: 6, required: false, evidence: null}\n")
    before = playbooks.load(OURS, SOURCE).item("measure_today")
    after = playbooks.load(text, SOURCE).item("measure_today")
    assert (after.due_day, after.required, after.evidence) == (6, False, None)
    assert (after.title, after.why, after.role) == (before.title, before.why, before.role)


def test_gates_and_thresholds_are_changed_one_by_one_and_null_takes_a_check_away() -> None:
    playbook = playbooks.load(
        ours(
            "gates:\n  pilot:\n    eval: {min_cases: 300, min_pass: 0.98, max_age_days: 7}\n    metrics: null\n",
            "thresholds:\n  review.slow: {max_hours: 2}\n",
        ),
        SOURCE,
    )
    gate = playbook.phase(PhaseName.PILOT).gate
    assert gate is not None
    assert gate.check(checks.EvalPassed) == checks.EvalPassed(300, 7, Decimal("0.98"), None)
    assert gate.check(checks.MetricsFresh) is None
    assert gate.check(checks.RedLinesFired) == checks.RedLinesFired(1)
    assert (playbook.count("review.slow", "max_hours"), playbook.count("review.slow", "min_n")) == (2, 5)


def test_holidays_of_ones_own_take_the_place_of_the_bases() -> None:
    assert playbooks.load(ours("holiday_calendar: PT\n"), SOURCE).holiday_calendar == "PT"


@pytest.mark.parametrize("text", [OURS, OURS.replace("ninety_day", "ninety_day_high_risk")])
def test_what_is_pinned_is_complete_and_means_the_same(text: str) -> None:
    pinned = playbooks.complete_text(text, SOURCE)
    assert "extends" not in pinned
    assert playbooks.complete_text(pinned, SOURCE) == pinned
    assert playbooks.load(pinned, SOURCE) == playbooks.load(text, SOURCE)
    assert playbooks.content_hash(pinned) == playbooks.content_hash(text)


def test_a_complete_playbook_is_pinned_as_it_was_written() -> None:
    text = "# Kept, with its comments.\n" + SMALL
    assert playbooks.complete_text(text, SOURCE) == text


@pytest.mark.parametrize(
    "title",
    ["yes", "1.50", "2026-01-01", "null", "~", "007", "a: b", "# x", "'", '"', "- x", "é 漢", "&a", "!x", "1e3"],
)
def test_whatever_a_text_looks_like_it_is_still_that_text_when_pinned(title: str) -> None:
    text = OURS.replace("title: Ours", "title: '" + title.replace("'", "''") + "'")
    pinned = playbooks.load(playbooks.complete_text(text, SOURCE), SOURCE)
    assert pinned.title == playbooks.load(text, SOURCE).title == title


def test_a_changed_base_leaves_what_is_pinned_alone_and_gives_the_next_another_hash(
    tmp_path: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = {"small": SMALL}
    monkeypatch.setattr(playbooks.shelf, "ids", lambda: ("small",))
    monkeypatch.setattr(playbooks.shelf, "text_of", lambda name: texts[name])
    text = OURS.replace("ninety_day", "small")
    pinned, pinned_hash = playbooks.complete_text(text, SOURCE), playbooks.content_hash(text)
    texts["small"] = SMALL.replace("due_day: 20\n", "due_day: 21\n")
    assert playbooks.content_hash(pinned) == pinned_hash != playbooks.content_hash(text)
    assert playbooks.load(pinned, SOURCE).item("gamma").due_day == 20
    assert playbooks.load(text, SOURCE).item("gamma").due_day == 21


def test_an_unknown_base_is_refused_with_the_nearest() -> None:
    assert problems(OURS.replace("ninety_day", "ninety_dya")) == [
        f"{SOURCE}:5: extends: 'ninety_dya' is no playbook that comes with Rollout: did you mean 'ninety_day'?"
    ]
    assert problems(OURS.replace("ninety_day", "../secrets"))[0].startswith(f"{SOURCE}:5: extends: '../secrets' is no")


def test_a_circle_of_extensions_is_refused() -> None:
    text = OURS.replace("id: ours", "id: ninety_day").replace("extends: ninety_day", "extends: ninety_day_high_risk")
    assert problems(text) == [f"{SOURCE}:5: extends: goes in a circle: ninety_day → ninety_day_high_risk → ninety_day."]
    assert problems(OURS.replace("id: ours", "id: ninety_day")) == [
        f"{SOURCE}:5: extends: goes in a circle: ninety_day → ninety_day."
    ]


REFUSED = {
    "an unknown key": (
        "droop: [x]\n",
        "6: droop: is not known in a playbook that extends another: did you mean 'drop'?",
    ),
    "phases of its own": (
        "phases: []\n",
        "6: phases: is not known in a playbook that extends another: use one of: id, title, version, summary, "
        "extends, add, drop, change, gates, thresholds, required_roles, holidays, holiday_calendar, rungs.",
    ),
    "an unknown window": (
        "add:\n- window: define_succes\n  items: [{id: a}]\n",
        "7: add.0.window: 'define_succes' is no window of what this extends: did you mean 'define_success'?",
    ),
    "an addition of nothing": ("add:\n- window: define_success\n", "7: add.0.items: must list at least 1 item."),
    "an unknown item dropped": (
        "drop: [name_rolls]\n",
        "6: drop.0: is no item of what this extends: did you mean 'name_roles'?",
    ),
    "an unknown item changed": (
        "change:\n  name_rolls: {due_day: 3}\n",
        "7: change.name_rolls: is no item of what this extends: did you mean 'name_roles'?",
    ),
    "an item dropped and changed": (
        "drop: [tell_people]\nchange:\n  tell_people: {due_day: 13}\n",
        "8: change.tell_people: is dropped as well: decide for one of the two.",
    ),
    "a new id": (
        "change:\n  tell_people: {id: tell_all}\n",
        "7: change.tell_people.id: stays as it is: an id is what records are kept by. Drop the item, and add another.",
    ),
    "a gate that is none": ("gates:\n  operating: {memo: move}\n", "7: gates.operating: is no phase with a gate: "),
    "a list where keys belong": ("change: [tell_people]\n", "6: change: must be keys with values."),
    "keys where a list belongs": ("drop: {tell_people: true}\n", "6: drop: must be a list."),
    "an added item out of its window": (
        "add:\n- window: define_success\n  items:\n"
        "  - {id: late, title: t, why: w, role: owner, due_day: 16, required: false}\n",
        "9: add.0.items.0.due_day: is outside of its window, day 1 to day 15.",
    ),
    "an added item that is there already": (
        "add:\n- window: define_success\n  items:\n"
        "  - {id: tell_people, title: t, why: w, role: owner, due_day: 15, required: false}\n",
        "9: add.0.items.0.id: 'tell_people' is taken: phases.0.windows.0.items.9.id on line ",
    ),
    "a wrong value in a change": (
        "change:\n  tell_people: {due_day: soon}\n",
        "7: change.tell_people.due_day: must be a whole number.",
    ),
    "a wrong value in a gate": (
        "gates:\n  pilot: {eval: {min_cases: 200, min_pas: 0.9, max_age_days: 14}}\n",
        "7: gates.pilot.eval.min_pas: is not known here: did you mean 'min_pass'?",
    ),
    "a threshold that is none": (
        "thresholds:\n  review.slow: {hours: 3}\n",
        "7: thresholds.review.slow.hours: is no threshold of this rule: did you mean 'max_hours'?",
    ),
}


@pytest.mark.parametrize(("part", "message"), REFUSED.values(), ids=REFUSED.keys())
def test_an_extension_is_refused_for(part: str, message: str) -> None:
    found = told(part)
    assert [line for line in found if line.startswith(f"{SOURCE}:{message}")] != [], found


def test_dropping_what_a_gate_counts_on_is_told_at_the_gate() -> None:
    (found,) = playbooks.read(ours("drop: [keep_run_logs]\n"), SOURCE)
    assert isinstance(found, Problem)
    assert (found.source, found.key) == ("playbooks/ninety_day.yaml", "phases.1.gate.checks.log_retention.item")
    assert found.message.startswith("'keep_run_logs' is no item here")
