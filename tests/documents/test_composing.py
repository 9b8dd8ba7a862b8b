"""What is typed into the fields of a window, as the body of a document."""

import pytest

from bot.domain.composing import composed, words_of
from bot.domain.documents import PARTS, DocumentKind, Text
from bot.domain.judging import gaps
from bot.domain.sections import sections

SPEC, POSTMORTEM, RED_TEAM = DocumentKind


def written(body: str, **said: str) -> str:
    return composed(SPEC, Text("T", body), said)


def test_sections_come_in_the_order_of_their_kind_in_whichever_order_they_are_typed() -> None:
    first = written("", Metric="Time.", Goal="Faster.")
    assert first == "## Goal\n\nFaster.\n\n## Metric\n\nTime."
    assert written(first, Requirements="It asks.") == (
        "## Goal\n\nFaster.\n\n## Requirements\n\nIt asks.\n\n## Metric\n\nTime."
    )


@pytest.mark.parametrize(
    "body",
    ["## Goal\nFaster.\n<!-- hm -->\n", "# Title\n\n## goal:\n\n Faster. ", "## Goal\n\nFaster.\n\n## Extra\n\nx"],
)
def test_what_says_the_same_as_before_leaves_every_character_alone(body: str) -> None:
    assert written(body, Goal=" Faster.\r\n") == body


def test_other_headings_and_what_is_not_asked_stay() -> None:
    body = "before\n\n## Goal\n\nFaster.\n\n## Notes\n\n- mine <!-- ours -->\n\n## Owner\n\n@ana"
    assert written(body, Goal="Safer.") == body.replace("Faster", "Safer")
    assert written(body, Goal="") == body.replace("## Goal\n\nFaster.\n\n", "")


def test_two_sections_of_one_part_become_one_where_it_changes() -> None:
    body = "## Provenance\n\nv7\n\n## What the agent did and why\n\nIt paid."
    said = {"What the agent did and why": "It paid twice."}
    assert composed(POSTMORTEM, Text("T", body), said) == "## Provenance\n\nIt paid twice."


TYPED = (
    "## Verdict\nfine",
    "one\n   ## Verdict",
    "```\n## code",
    "~~~~ py\n```",
    "# Big\n### Small\n##",
    "<!-- not seen -->",
    "{{ 7 * 7 }} <!channel> <@U1> \\## x",
)


@pytest.mark.parametrize("typed", TYPED)
def test_a_field_neither_begins_another_section_nor_swallows_the_next_and_is_given_back_as_typed(typed: str) -> None:
    body = written("", Goal=typed, Metric="Time.")
    assert [section.title for section in sections(body)] == ["Goal", "Metric"]
    assert words_of(Text("T", body), PARTS[SPEC][0]) == typed
    assert written(body, Goal=typed) == body


def test_what_cannot_be_seen_is_left_out() -> None:
    assert written("", Goal="a\tb\x00\u202e ") == "## Goal\n\na   b"


@pytest.mark.parametrize("kind", DocumentKind)
def test_a_document_whose_fields_are_all_filled_lacks_nothing(kind: DocumentKind) -> None:
    said = {part.title: "U0RED\n## no heading\n```\nopen" for part in PARTS[kind]}
    assert gaps(kind, Text("T", composed(kind, Text("T", ""), said), "INC-1")) == ()
