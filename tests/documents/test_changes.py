"""What a version changed, as people read it."""

from bot.domain.document_changes import Alteration, Turned, alterations
from bot.domain.documents import Text


def test_changes_are_told_section_by_section() -> None:
    before = Text("Refunds", "## Goal\n\nFaster.\n\n## Owner\n\n@ana\n\n## Notes\n\nold", "INC-1")
    after = Text("Refunds, again", "## goal:\n\nFaster.\n\n## Owner\n\n@bo\n@ana\n\n## Metric\n\nTime.", "INC-1")
    assert alterations(before, after) == (
        Alteration("Title", Turned.CHANGED, (("−", "Refunds"), ("+", "Refunds, again"))),
        Alteration("Owner", Turned.CHANGED, (("+", "@bo"),)),
        Alteration("Metric", Turned.NEW, (("+", "Time."),)),
        Alteration("Notes", Turned.GONE, (("−", "old"),)),
    )
    assert [(each.added, each.removed) for each in alterations(before, after)] == [(1, 1), (1, 0), (1, 0), (0, 1)]


def test_blank_lines_and_spaces_at_the_end_are_no_change() -> None:
    assert alterations(Text("T", "## Goal\nFaster.  \n\n\nSafer."), Text("T", "## Goal\n\nFaster.\nSafer.")) == ()


def test_a_very_long_section_is_not_compared_line_by_line() -> None:
    long = "\n".join(f"line {number % 97}" for number in range(30_000))
    assert alterations(Text("T", f"## Goal\n\n{long}"), Text("T", f"## Goal\n\nx\n{long}")) == (
        Alteration("Goal", Turned.REWRITTEN),
    )
