"""Documents composed from the fields of a window: what stands under each heading, and what is left as it was."""

from collections.abc import Mapping

from bot.domain.documents import PARTS, DocumentKind, Part, Text
from bot.domain.sections import Section, sections
from bot.domain.sheltering import sheltered, unsheltered
from bot.domain.wording import clean


def words_of(text: Text, part: Part) -> str:
    """What a document says under a part's headings, whichever of them it uses, comments aside."""
    return "\n\n".join(unsheltered(each.words) for each in sections(text.body) if part.is_headed(each)).strip()


def composed(kind: DocumentKind, text: Text, said: Mapping[str, str]) -> str:
    """The body of `text` with what was `said` under the parts of these titles; the same body if nothing changed.

    What stands under other headings stays. A part that says nothing any more loses its heading. Words neither begin
    another section nor swallow the next: they are sheltered.
    """
    parts = PARTS[kind]
    typed = {part.title: clean(said[part.title].expandtabs(4)).strip() for part in parts if part.title in said}
    changed = {part.title: typed[part.title] for part in parts if _differs(typed.get(part.title), text, part)}
    if not changed:
        return text.body
    kept: list[tuple[int | None, str]] = []
    written = set[str]()
    for section in sections(text.body):
        place = next((number for number, part in enumerate(parts) if part.is_headed(section)), None)
        title = None if place is None else parts[place].title
        if title not in changed:
            kept.append((place, _as_written(section)))
        elif title not in written:
            written.add(title)
            kept.append((place, _headed(section.title, changed[title])))
    for place, part in enumerate(parts):
        if part.title in changed and part.title not in written:
            kept.insert(_after(kept, place), (place, _headed(part.title, changed[part.title])))
    return "\n\n".join(words for _, words in kept if words)


def _differs(typed: str | None, text: Text, part: Part) -> bool:
    return typed is not None and typed != words_of(text, part)


def _as_written(section: Section) -> str:
    return f"## {section.title}\n\n{section.text}".rstrip() if section.title else section.text


def _headed(title: str, words: str) -> str:
    return f"## {title}\n\n{sheltered(words)}" if words else ""


def _after(kept: list[tuple[int | None, str]], place: int) -> int:
    """Where a missing part belongs: behind the last of those that come before it in its kind."""
    before = [number for number, (known, _) in enumerate(kept) if known is not None and known < place]
    return before[-1] + 1 if before else 0
