"""A spec's tests as cases for an eval suite."""

from datetime import UTC, datetime

import pytest

from bot.domain.documents import Document, DocumentKind, DocumentState, Text, Version
from bot.domain.errors import Refused
from bot.domain.eval_cases import CaseKind, EvalCase, cases

ACCEPTANCE, COUNTEREXAMPLE = CaseKind


def told(tests: str, counterexamples: str = "", kind: DocumentKind = DocumentKind.SPEC) -> tuple[EvalCase, ...]:
    text = Text("Refunds", f"## Acceptance tests\n\n{tests}\n\n## Counterexamples\n\n{counterexamples}")
    version = Version(1, text, "agent:drafts", datetime(2026, 3, 2, tzinfo=UTC))
    return cases(Document("doc_1", kind, "wf_1", "refunds", "team_1", DocumentState.DRAFT, (version,)), text)


def said(*found: EvalCase) -> list[tuple[CaseKind, str, str]]:
    return [(case.kind, case.input, case.expected) for case in found]


def test_each_line_with_an_arrow_is_a_case() -> None:
    tests = "- Order 8812, $20 -> propose a refund of $20\n2) no order number → ask for it\n\n* a => b -> c <!-- x -->"
    assert said(*told(tests, "Order of 2019 -> pays it")) == [
        (ACCEPTANCE, "Order 8812, $20", "propose a refund of $20"),
        (ACCEPTANCE, "no order number", "ask for it"),
        (ACCEPTANCE, "a", "b -> c"),
        (COUNTEREXAMPLE, "Order of 2019", "pays it"),
    ]


def test_an_indented_line_goes_on_with_the_case_above() -> None:
    assert said(*told("- a customer who writes\n  twice in a day\n  -> one answer")) == [
        (ACCEPTANCE, "a customer who writes twice in a day", "one answer")
    ]


def test_a_case_keeps_its_id_as_long_as_it_says_the_same() -> None:
    first, second = told("a -> b\nc -> d")
    assert told("x -> y\nc -> d")[1] == second
    assert told("a -> b\n- a -> b") == (first,)
    assert told("a -> b", "a -> b")[1].id != first.id


@pytest.mark.parametrize("tests", ["", "<!-- An input and the outcome -->"])
def test_a_spec_without_tests_is_refused_in_one_sentence(tests: str) -> None:
    with pytest.raises(Refused) as refusal:
        told(tests, "a -> b")
    assert str(refusal.value) == (
        "“Refunds” has no acceptance test, so there is nothing to export: write them under “## Acceptance tests”, one "
        "a line as input -> outcome."
    )


@pytest.mark.parametrize("line", ["It works.", "-> b", "a ->", "a->b"])
def test_a_line_that_is_no_case_is_named(line: str) -> None:
    with pytest.raises(Refused, match="is no case, so nothing was exported"):
        told(f"a -> b\n{line}")


def test_only_a_spec_has_tests() -> None:
    with pytest.raises(Refused, match="Only a spec has acceptance tests, and “Refunds” is a postmortem"):
        told("a -> b", kind=DocumentKind.POSTMORTEM)
