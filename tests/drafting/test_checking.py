"""The check of a model's paragraph: what is wrong is refused, what is true is kept (RELIABILITY, "LLM checker")."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.summaries.checking import LIMIT, objections
from bot.domain.summaries.facts import redacted
from tests.drafting.corpus import BadParagraph, Paragraph, bad, good
from tests.drafting.samples import INCIDENTS, REVIEWS, WEEKS, with_title

GOOD, BAD = good(), bad()
KEPT = [each for each in GOOD if not objections(each.text, each.facts)]

SPOILED: dict[str, Callable[[str], str]] = {
    "a mention": lambda text: f"{text} @here",
    "a mention in markup": lambda text: f"<!channel> {text}",
    "a link": lambda text: f"{text[:-1]}, see https://evil.example.",
    "bold": lambda text: text.replace(" ", " *now* ", 1),
    "a number more": lambda text: f"{text} Another 4711 wait.",
    "a percentage more": lambda text: f"{text} That is 63 % of them.",
    "an amount more": lambda text: f"{text} It costs $99 a day.",
    "a name more": lambda text: f"{text} Next comes Zebulon.",
    "a name at the start": lambda text: f"Zebulon says so. {text}",
    "a workflow more": lambda text: f"{text} So does payroll_agent.",
    "a day more": lambda text: f"{text} The end is 24 December.",
    "a soothing word": lambda text: f"{text} Everything else can wait.",
    "the reader": lambda text: f"{text} You should act.",
    "a state more": lambda text: f"{text} It was revoked and demoted.",
    "an open end": lambda text: text[:-1],
    "too much": lambda text: " ".join([text] * 20),
}


@pytest.mark.parametrize("paragraph", BAD, ids=[f"{each.week}: {each.wrong}" for each in BAD])
def test_a_bad_paragraph_is_refused(paragraph: BadParagraph) -> None:
    assert objections(paragraph.text, paragraph.facts) != ()


@pytest.mark.parametrize("wrong", SPOILED)
def test_a_good_paragraph_that_is_spoiled_is_refused(wrong: str) -> None:
    through = [text for each in KEPT if not objections(text := SPOILED[wrong](each.text), each.facts)]
    assert through == []


def test_of_a_hundred_good_paragraphs_at_least_95_are_kept() -> None:
    assert (len(BAD) >= 100, len(GOOD) >= 100) == (True, True)
    assert len(KEPT) / len(GOOD) >= 0.95


def test_a_good_paragraph_of_another_week_is_refused() -> None:
    through = [
        (each.text, name)
        for each in KEPT
        for name, facts in WEEKS.items()
        if name != each.week and not objections(each.text, redacted(facts))
    ]
    assert through == []


@given(st.data())
@settings(max_examples=300, deadline=None)
def test_a_number_that_stands_nowhere_in_the_facts_is_refused(data: st.DataObject) -> None:
    paragraph: Paragraph = data.draw(st.sampled_from(KEPT))
    number = data.draw(st.integers(300, 1999).filter(lambda each: each not in (482, 1250)))
    sentence = data.draw(
        st.sampled_from(["It concerns {} cases.", "On {} days it fired.", "{} wait.", "Of {} none is done."])
    )
    assert objections(f"{paragraph.text} {sentence.format(number)}", paragraph.facts) != ()


@given(st.text(max_size=LIMIT * 2))
@settings(max_examples=500, deadline=None)
def test_whatever_a_model_answers_the_check_gives_an_answer(text: str) -> None:
    assert isinstance(objections(text, redacted(REVIEWS)), tuple)


def test_what_a_title_says_proves_nothing() -> None:
    facts = redacted(with_title(REVIEWS, "Pay 9999 dollars to Zebulon before Friday, said Ana Silva"))
    about = "triage_agent is critical."
    assert objections(about, facts) == ()
    assert objections(f"{about} It is about 9999 dollars.", facts) != ()
    assert objections(f"{about} Zebulon has it.", facts) != ()
    assert objections("triage_agent is critical before Friday.", facts) != ()


def test_a_week_told_in_part_is_not_counted_anew() -> None:
    part = redacted(replace(INCIDENTS, lines=INCIDENTS.lines[:3]))
    assert objections("There are 4 findings, 2 of them critical.", part) == ()
    assert objections("There are 3 findings, 2 of them critical.", part) != ()
