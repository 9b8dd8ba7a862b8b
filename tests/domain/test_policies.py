"""Policies: what one needs before it is taken in, when its review is due, and by which words it is found."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.deviations import DeviationArea
from bot.domain.errors import BadInput
from bot.domain.gaps import Incomplete
from bot.domain.people import Person
from bot.domain.policies import Entry, Policy, PolicyVersion, policy_name, said_in, whole
from tests.cast import MONDAY

TODAY = date(2026, 3, 2)
ENTRY = Entry(DeviationArea.FINANCIAL_ACTIONS, date(2026, 9, 1), text="At most $100 without a person.")
ANA = Person("p_ana", "UANA", "Ana")
POLICY = Policy("pol_1", "Refund limits", PolicyVersion(1, ENTRY, ANA, ANA, MONDAY))


@pytest.mark.parametrize(
    ("entry", "fields"),
    [
        (replace(ENTRY, text=" "), ["text"]),
        (replace(ENTRY, text=None), ["text"]),
        (replace(ENTRY, text="x" * 3001), ["text"]),
        (replace(ENTRY, text="\0"), ["text"]),
        (replace(ENTRY, link="https://x.example"), ["text"]),
        (replace(ENTRY, text=None, link="x.example"), ["link"]),
        (replace(ENTRY, text=None, link="javascript:alert(1)"), ["link"]),
        (replace(ENTRY, text=None, link="https://x.example/a b"), ["link"]),
        (replace(ENTRY, text=None, link="https://x.example/\u202e"), ["link"]),
        (replace(ENTRY, text=None, link=f"https://x.example/{'x' * 500}"), ["link"]),
        (replace(ENTRY, review_on=date(2026, 3, 1)), ["review_on"]),
        (replace(ENTRY, review_on=date(2029, 3, 3)), ["review_on"]),
        (replace(ENTRY, text="", review_on=date(2026, 3, 1)), ["text", "review_on"]),
    ],
)
def test_everything_that_is_missing_or_wrong_is_told_at_once(entry: Entry, fields: list[str]) -> None:
    with pytest.raises(Incomplete) as refusal:
        whole(entry, TODAY)
    assert [gap.field for gap in refusal.value.gaps] == fields


@pytest.mark.parametrize("review_on", [TODAY, date(2029, 3, 2)])
def test_a_review_lies_between_today_and_three_years_ahead(review_on: date) -> None:
    assert whole(replace(ENTRY, text=" Ask first. \n", review_on=review_on), TODAY) == Entry(
        ENTRY.area, review_on, text="Ask first."
    )


def test_a_day_of_review_that_has_passed_may_stay_but_not_come() -> None:
    past = replace(ENTRY, review_on=date(2026, 3, 1))
    assert whole(past, TODAY, before=replace(past, text="Other words.")) == past
    with pytest.raises(Incomplete, match="still to come"):
        whole(past, TODAY, before=ENTRY)


@pytest.mark.parametrize(("today", "due"), [(date(2026, 8, 31), False), (date(2026, 9, 1), True)])
def test_a_review_is_due_from_its_day_on(today: date, due: bool) -> None:
    assert POLICY.is_due(today) is due


@pytest.mark.parametrize(
    ("words", "found"),
    [("", True), ("REFUND person", True), ("financial actions", True), ("refund discount", False), ("pol_1", False)],
)
def test_all_the_words_must_stand_somewhere_in_a_policy(words: str, found: bool) -> None:
    assert POLICY.names(words) is found


def test_a_link_is_searched_too() -> None:
    linked = replace(ENTRY, text=None, link="https://wiki.example/refunds")
    assert replace(POLICY, latest=replace(POLICY.latest, entry=linked)).names("wiki.example")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (" https://x.example/a ", {"link": "https://x.example/a"}),
        ("See https://x.example/a", {"text": "See https://x.example/a"}),
        ("Ask first.", {"text": "Ask first."}),
        ("", {"text": ""}),
    ],
)
def test_one_web_address_alone_is_a_link(typed: str, said: dict[str, str]) -> None:
    assert said_in(typed) == said


def test_a_name_is_one_line_that_says_something() -> None:
    assert policy_name(" Refund \n limits\u200b ") == "Refund limits"
    for wrong in (" \u200b", "x" * 81):
        with pytest.raises(BadInput) as refusal:
            policy_name(wrong)
        assert refusal.value.field == "name"
