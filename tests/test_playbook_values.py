"""What a loaded playbook answers, and what identifies one."""

from dataclasses import FrozenInstanceError
from datetime import date

import pytest

from bot import playbooks
from bot.domain.errors import NotFound
from bot.domain.playbook import DoneWhen, Item, PhaseName, Playbook
from tests.playbook_texts import SMALL, SOURCE, spoiled


def shipped(name: str) -> Playbook:
    return playbooks.load(playbooks.shipped_text(name), name)


def test_a_playbook_answers_by_item() -> None:
    playbook = shipped("ninety_day")
    assert playbook.item("rehearse_rollback").after == ("describe_rollback",)
    assert playbook.phase_of("rehearse_rollback").name is PhaseName.PRODUCTION
    assert [item.id for phase in playbook.phases for item in phase.items] == [item.id for item in playbook]
    assert [name.following for name in PhaseName] == [*list(PhaseName)[1:], None]
    with pytest.raises(KeyError):
        playbook.item("rehearse")


def test_a_playbook_is_frozen_and_made_of_tuples() -> None:
    playbook = shipped("starter")
    with pytest.raises(FrozenInstanceError):
        playbook.title = "Other"  # type: ignore[misc]
    hash(playbook)


def test_an_item_carries_all_that_its_entry_says() -> None:
    playbook = playbooks.load(
        spoiled(("max_age_days: 14\n", "max_age_days: 14\n            working_days: false\n")), SOURCE
    )
    assert playbook.item("gamma") == Item(
        id="gamma",
        title="Do gamma",
        why="Because.",
        role="eval_owner",
        due_day=20,
        required=True,
        evidence=None,
        done_when=DoneWhen.EVAL_RUN,
        max_age_days=14,
        every_days=None,
        working_days=False,
        after=("beta",),
    )
    assert playbook.item("zeta").every_days == 90


def test_holidays_are_dates_in_order_and_a_calendar_is_carried() -> None:
    text = SMALL + "holidays: [2026-12-25, '2026-01-01']\nholiday_calendar: US-CA\n"
    playbook = playbooks.load(text, SOURCE)
    assert playbook.holidays == (date(2026, 1, 1), date(2026, 12, 25))
    assert playbook.holiday_calendar == "US-CA"


def test_a_threshold_left_out_has_its_default() -> None:
    playbook = playbooks.load(SMALL, SOURCE)
    assert (playbook.count("review.slow", "max_hours"), playbook.count("review.slow", "min_n")) == (8, 5)


def test_a_playbook_loads_once_and_is_then_remembered() -> None:
    text = playbooks.shipped_text("ninety_day")
    assert playbooks.load(text, SOURCE) is playbooks.load(str(text), SOURCE)


def test_an_unknown_playbook_is_named_with_the_nearest() -> None:
    with pytest.raises(NotFound, match="There is no playbook 'ninety_dya': did you mean 'ninety_day'"):
        playbooks.shipped_text("ninety_dya")
    with pytest.raises(NotFound):
        playbooks.shipped_text("../pyproject")
    with pytest.raises(NotFound):
        playbooks.shipped_text("risk_matrix")


def test_the_hash_stays_where_only_the_writing_differs() -> None:
    written_otherwise = spoiled(
        ("id: small\ntitle: Small\n", "# A comment.\ntitle: 'Small'\n\nid:   small\n"),
        ("min_pass: 0.95", "min_pass: 0.950"),
        ("role: lead, due_day: 9", "due_day: 9, role: lead"),
    )
    assert playbooks.content_hash(written_otherwise) == playbooks.content_hash(SMALL)
    assert len(playbooks.content_hash(SMALL)) == 64


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version: 1", "version: 2"),
        ("title: Do gamma", "title: Do Gamma"),
        ("due_day: 20\n", "due_day: 21\n"),
        ("min_pass: 0.95", "min_pass: 0.951"),
        ("title: Small", "title: '1'"),
        ("required: false", "required: true"),
        ("after: [beta]", "after: [alpha]"),
    ],
)
def test_the_hash_changes_with_whatever_is_said(old: str, new: str) -> None:
    assert playbooks.content_hash(spoiled((old, new))) != playbooks.content_hash(SMALL)


def test_the_hash_tells_a_number_from_the_same_text() -> None:
    quoted = spoiled(("min_pass: 0.95", "min_pass: '0.95'"))
    assert playbooks.content_hash(quoted) != playbooks.content_hash(SMALL)
