"""How texts are taken apart for a search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.errors import BadInput
from bot.domain.searching import MOST_WORDS, holds, words_in, words_sought


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Refunds up to $25.50", ("refunds", "up", "to", "25", "50")),
        ("refunds_agent, scoped-autonomy", ("refunds", "agent", "scoped", "autonomy")),
        ("Décision über Straße", ("decision", "uber", "strasse")),
        ("ﬁle № ①", ("file", "no", "1")),
        ("a@b.example/x?y=1", ("a", "b", "example", "x", "y", "1")),
        ("<!channel> {{ 7 * 7 }} %_'\";--", ("channel", "7", "7")),
        ("", ()),
        ("\u202e\u200b…", ()),
    ],
)
def test_a_text_is_its_letters_and_digits_without_accents_and_upper_case(text: str, words: tuple[str, ...]) -> None:
    assert words_in(text) == words


def test_each_word_is_looked_for_once_and_only_so_many() -> None:
    assert words_sought("Refund refund LIMIT") == ("refund", "limit")
    assert len(words_sought(" ".join(f"w{number}" for number in range(30)))) == MOST_WORDS


def test_more_words_than_are_looked_for_are_said_rather_than_left_out() -> None:
    with pytest.raises(BadInput, match=r"^These are 31 different words, and at most 30 are looked for at once\."):
        words_sought(" ".join(f"w{number}" for number in range(31)))


@pytest.mark.parametrize("text", ["", "  ", "-- % _ ;", "…"])
def test_without_a_word_there_is_nothing_to_look_for(text: str) -> None:
    with pytest.raises(BadInput, match="which words to look for"):
        words_sought(text)


def test_a_word_may_be_the_beginning_of_one_and_all_must_be_there() -> None:
    assert holds("Refunds up to $25", ("ref", "25"))
    assert not holds("Refunds up to $25", ("funds",))
    assert not holds("Refunds up to $25", ("ref", "26"))


@given(st.text(max_size=200))
def test_words_are_letters_and_digits_of_any_text_and_stay_what_they_are(text: str) -> None:
    words = words_in(text)
    assert all(word.isalnum() for word in words)
    assert words_in(" ".join(words)) == words
