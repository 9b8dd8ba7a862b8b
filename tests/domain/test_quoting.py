"""What counts as a quotation of somebody's words."""

import pytest

from bot.domain.quoting import quotes, texts_in

KEPT = {"findings": [{"summary": "Blocked: Legal is on leave. Ask again.", "n": 3}], "by": "Ana", "cut": "A long st…"}


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Legal is on leave.", True),
        ("Legal is\n on leave.", True),
        ("Ana", True),
        ("ask", False),
        ("findings", False),
        ("A long story about it.", True),
        ("Another story.", False),
        ("", False),
    ],
)
def test_words_are_quoted_whole_within_a_sentence_or_cut(words: str, found: bool) -> None:
    assert quotes(texts_in(KEPT), (words,)) is found
