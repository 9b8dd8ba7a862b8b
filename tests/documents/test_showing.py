"""What a window shows of a document or a deviation: all of it, whatever it is made of."""

from dataclasses import replace
from datetime import UTC, datetime
from html import unescape
from zoneinfo import ZoneInfo

import pytest

from bot.domain.documents import Document, DocumentKind, DocumentState, Text, Version
from bot.domain.people import Person
from bot.slack.blocks import SECTION_LIMIT, Block
from bot.slack.pen import Pen
from bot.slack.screens.deviations import show_modal as deviation_shown
from bot.slack.screens.document_reviews import show_modal
from tests.documents.samples import body
from tests.gates.evidence import deviation

AT = datetime(2026, 3, 9, 10, tzinfo=UTC)
ANA = Person("p_ana", "UANA", "Ana", "UTC")
PEN = Pen(ZoneInfo("UTC"))

LONG = {
    "one long word": "x" * 9000,
    "signs that count five": "&" * 2000,
    "signs first, letters after": f"{'&' * 2400}\n{'x' * 12000}",
    "lines that begin with spaces": "\n".join(f"    - {'step ' * 30}{number}" for number in range(60)),
    "a short line and a long one": f"Now:\n{'x' * 5000}",
    "empty lines between": "\n\n".join("So it went on. " * 20 for _ in range(20)),
}


def shown(view: Block) -> tuple[str, ...]:
    """The sections of a window, as Slack prints them."""
    texts = tuple(block["text"]["text"] for block in view["blocks"] if block["type"] == "section")
    assert all(len(text) <= SECTION_LIMIT for text in texts)
    return tuple(unescape(text) for text in texts)


def letters(text: str) -> str:
    """All of a text but what stands between its words."""
    return "".join(text.split())


@pytest.mark.parametrize("name", LONG)
@pytest.mark.parametrize("head", ["Goal", f"What is known {'& ' * 60}"])
def test_all_that_a_section_says_is_shown(name: str, head: str) -> None:
    words = body(DocumentKind.SPEC, **{head: LONG[name]})
    version = Version(1, Text("Refunds", words), ANA, AT)
    document = Document("doc_1", DocumentKind.SPEC, "wf_1", "refunds", "t_1", DocumentState.DRAFT, (version,))
    found = letters("".join(shown(show_modal(PEN, document, version, "{}", reads=True))))
    assert letters(LONG[name]) in found
    assert found.index(letters(head)) < found.index(letters(LONG[name]))


@pytest.mark.parametrize("said", ["&" * 3000, "It was <off>. " * 200])
def test_all_that_was_said_of_a_deviation_is_shown(said: str) -> None:
    found = replace(deviation(), summary=said)
    assert letters(said) in letters("".join(shown(deviation_shown(PEN, found, reads=True))))
    closed = replace(deviation(closed=True), answer=said)
    assert letters(said) in letters("".join(shown(deviation_shown(PEN, closed, reads=True))))
    assert letters(said[:40]) not in letters("".join(shown(deviation_shown(PEN, closed, reads=False))))
