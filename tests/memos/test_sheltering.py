"""Words in a section of a file come back as they were, whatever Markdown they hold."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.sections import sections
from bot.domain.sheltering import sheltered, unsheltered

LINES = (
    *("## A", "### B", "\\## c", "##", " ##d", "    ## e", "# T", "words", ""),
    *("```", "````", "``` py", "~~~", "\\\\```", "x <!-- y", "\\<!-- z", "-->", "---"),
)
WORDS = st.lists(st.sampled_from(LINES), max_size=8).map("\n".join).map(str.strip)


@settings(max_examples=200, deadline=None, derandomize=True)
@given(WORDS, WORDS)
def test_sections_hold_what_was_put_into_them(first: str, second: str) -> None:
    file = f"# Title\n\n## Context\n\n{sheltered(first)}\n\n## Decision\n\n{sheltered(second)}\n"
    read = [(section.title, unsheltered(section.words)) for section in sections(file)]
    assert read == [("Context", first), ("Decision", second)]


@pytest.mark.parametrize(
    ("words", "kept"),
    [
        ("plain, # one, ### three", "plain, # one, ### three"),
        ("## Two", "\\## Two"),
        ("```\n## code\n```", "```\n## code\n```"),
        ("```\n## never closed", "\\```\n\\## never closed"),
        ("a <!-- b -->", "a \\<!-- b -->"),
    ],
)
def test_only_what_would_be_read_otherwise_gets_a_backslash(words: str, kept: str) -> None:
    assert sheltered(words) == kept
