"""Markdown by its sections."""

import pytest

from bot.domain.sections import Section, key_of, sections, without_comments

FILE = """# The title

preface

## Goal

One.

```
## not a heading
~~~
```
### Deeper stays
## Owner ##
@ana
"""


def test_a_text_falls_into_its_sections_with_their_lines() -> None:
    assert sections(FILE, first_line=4) == (
        Section("", 6, "preface"),
        Section("Goal", 8, "One.\n\n```\n## not a heading\n~~~\n```\n### Deeper stays"),
        Section("Owner", 17, "@ana"),
    )


def test_what_only_has_a_title_or_a_comment_before_its_sections_has_nothing_there() -> None:
    assert sections("# Title\n<!-- fill in -->\n\n## Goal") == (Section("Goal", 4, ""),)


@pytest.mark.parametrize(
    ("markdown", "titles"),
    [
        ("## A\r", ["A"]),
        ("   ## A", ["A"]),
        ("    ## code", [""]),
        ("##", [""]),
        ("##A", ["A"]),
        ("~~~~\n## A\n~~~\n## B\n~~~~\n## C", ["", "C"]),
        ("```\n## never closed", [""]),
        ("```\n```python\n## A\n```\n## B", ["", "B"]),
    ],
)
def test_what_is_a_heading_and_what_is_not(markdown: str, titles: list[str]) -> None:
    assert [section.title for section in sections(markdown)] == titles


@pytest.mark.parametrize(
    "heading",
    ["Non-negotiable constraints", "non negotiable  CONSTRAINTS:", "Non-negotiable constraints (all of them)"],
)
def test_headings_are_compared_by_their_words(heading: str) -> None:
    assert key_of(heading) == "non negotiable constraints"


@pytest.mark.parametrize(
    ("text", "left"),
    [("a<!-- b -->c", "ac"), ("a<!-- b", "a"), ("<!--a--><!--b-->", ""), ("a --> b", "a --> b"), ("", "")],
)
def test_comments_say_nothing(text: str, left: str) -> None:
    assert without_comments(text) == left


def test_a_section_with_nothing_but_comments_is_blank() -> None:
    assert [section.is_blank for section in sections("## A\n<!-- x -->\n \n## B\ny <!-- x -->")] == [True, False]


def test_comments_without_end_are_read_in_one_pass() -> None:
    assert without_comments("<!--" * 100_000) == ""


def test_a_line_of_blanks_is_read_in_one_pass() -> None:
    assert [section.title for section in sections(f"## a{' ' * 1_000_000}b")] == [f"a{' ' * 1_000_000}b"]
