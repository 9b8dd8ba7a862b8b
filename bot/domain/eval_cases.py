"""A spec's acceptance tests and counterexamples as cases that an eval suite can run."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.composing import words_of
from bot.domain.documents import PARTS, Document, DocumentKind, Text
from bot.domain.errors import Refused
from bot.domain.wording import cut

_BULLET = re.compile(r"\s*(?:[-*+]|\d{1,4}[.)])\s+")
_ARROW = re.compile(r"\s+(?:→|->|=>)\s+")
_ID_LENGTH = 12


class CaseKind(StrEnum):
    """What a case proves: that an outcome comes about, or that it does not."""

    ACCEPTANCE = "acceptance"
    COUNTEREXAMPLE = "counterexample"


@dataclass(frozen=True, slots=True)
class EvalCase:
    """One case; `expected` is the outcome that passes, of a counterexample the one that must not come.

    `id` follows from the words alone, so that a case keeps it from version to version as long as it says the same.
    """

    id: str
    kind: CaseKind
    input: str
    expected: str


_TITLES = {CaseKind.ACCEPTANCE: "Acceptance tests", CaseKind.COUNTEREXAMPLE: "Counterexamples"}


def cases(document: Document, text: Text) -> tuple[EvalCase, ...]:
    """The cases of one version of a spec, acceptance tests first; Refused where there is none, or one is no case."""
    if document.kind is not DocumentKind.SPEC:
        raise Refused(
            f"Only a spec has acceptance tests, and “{document.title}” is a {document.kind.label}: "
            "doc list --kind spec names the specs."
        )
    found = tuple(_cases(document, text, CaseKind.ACCEPTANCE))
    if not found:
        raise Refused(
            f"“{document.title}” has no acceptance test, so there is nothing to export: write them under "
            "“## Acceptance tests”, one a line as input -> outcome."
        )
    more = _cases(document, text, CaseKind.COUNTEREXAMPLE)
    return tuple({case.id: case for case in (*found, *more)}.values())


def _cases(document: Document, text: Text, kind: CaseKind) -> Iterator[EvalCase]:
    part = next(part for part in PARTS[document.kind] if part.title == _TITLES[kind])
    for said in _said(words_of(text, part)):
        given, arrow, expected = _parted(said)
        if not arrow or not given or not expected:
            raise Refused(
                f"Under “{part.title}” of “{document.title}”, “{cut(said, 60)}” is no case, so nothing was exported: "
                "write input -> outcome on one line."
            )
        words = f"{kind}\n{given}\n{expected}"
        yield EvalCase(hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:_ID_LENGTH], kind, given, expected)


def _said(words: str) -> Iterator[str]:
    """The lines that begin a case, each with the indented ones that go on with it."""
    said = ""
    for line in words.split("\n"):
        goes_on = said and line[:1].isspace() and not _BULLET.match(line)
        if goes_on or not line.strip():
            said = f"{said} {line.strip()}".strip()
            continue
        if said:
            yield said
        said = _BULLET.sub("", line, count=1).strip()
    if said:
        yield said


def _parted(said: str) -> tuple[str, str, str]:
    arrow = _ARROW.search(said)
    return (said[: arrow.start()].strip(), arrow[0], said[arrow.end() :].strip()) if arrow else (said, "", "")
