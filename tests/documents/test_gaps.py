"""What a document of each kind must say before anyone reviews it."""

from dataclasses import replace

import pytest

from bot.domain.documents import PARTS, DocumentKind, Text, reviewers
from bot.domain.gaps import Incomplete
from bot.domain.judging import BODY_LIMIT, demand_draftable, gaps
from tests.documents.samples import body, text

SPEC, POSTMORTEM, RED_TEAM = DocumentKind


def test_the_sections_are_those_of_the_rules() -> None:
    assert {kind.value: [part.title for part in parts] for kind, parts in PARTS.items()} == {
        "spec": [
            "Goal",
            "Requirements",
            "Authoritative inputs",
            "Non-negotiable constraints",
            "Acceptance tests",
            "Counterexamples",
            "Metric",
            "Owner",
        ],
        "postmortem": [
            "Summary",
            "Impact",
            "Timeline",
            "What the agent did and why",
            "Contributing factors",
            "Actions with owners and dates",
        ],
        "redteam": ["Scope", "Attacks tried", "Outcomes", "Score", "Verdict", "Reviewers"],
    }


@pytest.mark.parametrize("kind", DocumentKind)
def test_a_document_with_all_its_sections_has_no_gap(kind: DocumentKind) -> None:
    assert gaps(kind, text(kind)) == ()


CASES = [(kind, part.title) for kind, parts in PARTS.items() for part in parts]


@pytest.mark.parametrize(("kind", "title"), CASES)
def test_each_section_is_missed_when_it_is_absent_or_blank(kind: DocumentKind, title: str) -> None:
    for left in ("", "<!-- later -->"):
        assert [gap.field for gap in gaps(kind, text(kind, **{title: left}))] == [title]


def test_a_blank_document_is_told_all_that_it_lacks() -> None:
    missing = [gap.field for gap in gaps(POSTMORTEM, Text("", ""))]
    assert missing == ["title", "incident", *(part.title for part in PARTS[POSTMORTEM])]


@pytest.mark.parametrize(
    ("kind", "heading", "instead"),
    [
        (POSTMORTEM, "Actions with owners and dates", "Actions"),
        (POSTMORTEM, "What the agent did and why", "What the agent did and why (provenance)"),
        (POSTMORTEM, "What the agent did and why", "Provenance"),
        (SPEC, "Non-negotiable constraints", "Non negotiable constraints:"),
        (SPEC, "Metric", "METRIC"),
    ],
)
def test_a_section_may_be_headed_in_like_words(kind: DocumentKind, heading: str, instead: str) -> None:
    whole = text(kind)
    assert gaps(kind, replace(whole, body=whole.body.replace(f"## {heading}\n", f"## {instead}\n"))) == ()


def test_a_heading_that_was_mistyped_is_offered() -> None:
    (gap,) = gaps(SPEC, Text("T", body(SPEC).replace("## Requirements", "## Requirments")))
    assert gap.sentence == (
        "There is no section “## Requirements”. Is “Requirments” meant for it? What it must do, one a line."
    )


@pytest.mark.parametrize("named", ["two friends", "UX", "The UX desk (US) and WWW, see the URL; UTC times"])
def test_a_red_team_review_names_people(named: str) -> None:
    (gap,) = gaps(RED_TEAM, text(RED_TEAM, Reviewers=named))
    assert (gap.field, gap.sentence.startswith("No Slack user id is named here")) == ("Reviewers", True)


def test_reviewers_are_read_in_any_form() -> None:
    assert reviewers(text(RED_TEAM, Reviewers="- <@U0RED>, @W7 and U0RED\n<!-- U0OUT -->")) == ("U0RED", "W7")
    assert reviewers(text(RED_TEAM, Reviewers="UX: URED and UABCDEFGH")) == ("URED", "UABCDEFGH")


@pytest.mark.parametrize(
    "given",
    [
        Text("T", "x" * (BODY_LIMIT + 1)),
        Text("T", "a\0b"),
        Text("x" * 151, ""),
        Text("T", "", "x" * 201),
    ],
)
def test_what_cannot_be_kept_is_not_even_a_draft(given: Text) -> None:
    with pytest.raises(Incomplete):
        demand_draftable(given)


def test_a_draft_may_have_gaps() -> None:
    demand_draftable(Text("", ""))
