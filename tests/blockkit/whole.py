"""What Slack asks of a payload as a whole: surfaces, totals, ids used once, choices that exist."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from slackblocks._surfaces import _BLOCK_TYPES_BY_SURFACE as BLOCKS_BY_SURFACE

from tests.blockkit import limits
from tests.blockkit.limits import Found, objects_in
from tests.blockkit.problem import Problem

Payload = Mapping[str, Any]
# Slack documents tables and markdown for messages only; slackblocks lets a Home tab have a table.
MESSAGES_ONLY = frozenset({"markdown", "table"})
BROADCASTS = ("<!channel", "<!here", "<!everyone", "<!subteam^")
TEXT_KEYS = ("text", "alt_text", "title", "label", "hint", "description", "caption")


def faults_of_message(payload: Payload) -> Iterator[Problem]:
    """Yield what only the whole message shows."""
    yield from faults_of_blocks(payload, "message")
    if not payload.get("text"):
        yield Problem("$.text", "missing: the fallback is a full sentence, also beside blocks")
    blocks = [block for block in payload.get("blocks") or () if isinstance(block, dict)]
    kinds = [block.get("type") for block in blocks]
    if kinds.count("table") > limits.TABLES_PER_MESSAGE:
        yield Problem("$.blocks", "more than one table in a message")
    characters = characters_of(blocks)
    if characters > limits.MESSAGE_BLOCKS_CHARACTERS:
        yield Problem(
            "$.blocks", f"{characters:,} characters, and a message takes {limits.MESSAGE_BLOCKS_CHARACTERS:,}"
        )
    markdown = characters_of([block for block in blocks if block.get("type") == "markdown"])
    if markdown > limits.MARKDOWN_CHARACTERS:
        yield Problem("$.blocks", f"{markdown:,} characters of markdown, and a message takes 12,000")


def faults_of_view(view: Payload) -> Iterator[Problem]:
    """Yield what only the whole view shows."""
    yield from faults_of_blocks(view, "home" if view.get("type") == "home" else "modal")
    size = len(json.dumps(view, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    if size > limits.VIEW_BYTES:
        yield Problem("$", f"{size:,} bytes, and a view takes {limits.VIEW_BYTES:,}")
    kinds = [block.get("type") for block in view.get("blocks") or () if isinstance(block, dict)]
    if view.get("type") == "modal" and "input" in kinds and not view.get("submit"):
        yield Problem("$.submit", "missing: a modal with an input needs one")
    focused = [found.path for found in objects_in(view, "") if found.holds.get("focus_on_load")]
    yield from (Problem(path, "a second element with focus_on_load") for path in focused[1:])


def faults_of_blocks(payload: Payload, surface: str) -> Iterator[Problem]:
    """Yield faults of the blocks of any surface."""
    allowed = {str(name): kinds for name, kinds in BLOCKS_BY_SURFACE.items()}[surface]
    if surface != "message":
        allowed = allowed - MESSAGES_ONLY
    for place, block in enumerate(payload.get("blocks") or ()):
        if isinstance(block, dict) and block.get("type") not in allowed:
            yield Problem(f"$.blocks[{place}]", f"a {surface} cannot hold {block.get('type')!r}")
    yield from repeated(payload, "block_id")
    for place, block in enumerate(payload.get("blocks") or ()):
        yield from repeated(block, "action_id", f"$.blocks[{place}]")
    for found in objects_in(payload, ""):
        for check in CHECKS:
            yield from check(found)


def repeated(value: object, key: str, path: str = "$") -> Iterator[Problem]:
    """Yield every second use of an id."""
    seen: set[object] = set()
    for found in objects_in(value, "", path):
        name = found.holds.get(key)
        if isinstance(name, str) and name in seen:
            yield Problem(f"{found.path}.{key}", f"{name!r} is used twice")
        seen.add(name if isinstance(name, str) else None)


def section_says_something(found: Found) -> Iterator[Problem]:
    """A section has a text or fields."""
    if "section" in found.kinds and not (found.holds.get("text") or found.holds.get("fields")):
        yield Problem(found.path, "a section needs text or fields")


def choices_exist(found: Found) -> Iterator[Problem]:
    """What is chosen at first is one of the options, and values are used once."""
    options = options_of(found)
    if not options:
        return
    chosen = found.holds.get("initial_option")
    many = found.holds.get("initial_options")
    picked = [chosen] if chosen is not None else many if isinstance(many, list) else []
    yield from (Problem(found.path, f"{one!r:.80} is not an option") for one in picked if one not in options)
    values = [option.get("value") for option in options if isinstance(option, dict)]
    if len(values) != len(set(values)):
        yield Problem(found.path, "two options have one value")


def options_of(found: Found) -> list[Any]:
    """Return the options of a select, groups flattened."""
    own = found.holds.get("options")
    if isinstance(own, list):
        return own
    groups = found.holds.get("option_groups")
    flat = [group.get("options") for group in groups if isinstance(group, dict)] if isinstance(groups, list) else []
    return [option for options in flat if isinstance(options, list) for option in options]


def static_choices_are_given(found: Found) -> Iterator[Problem]:
    """A static select has options or groups of them, not both."""
    if {"static_select", "multi_static_select"} & set(found.kinds) and (
        ("options" in found.holds) == ("option_groups" in found.holds)
    ):
        yield Problem(found.path, "a static select has either options or option_groups")


def rows_fit(found: Found) -> Iterator[Problem]:
    """A table's rows have at most 20 cells, as many each."""
    rows = found.holds.get("rows")
    if "table" in found.kinds and isinstance(rows, list):
        widths = {len(row) for row in rows if isinstance(row, list)}
        if max(widths, default=0) > limits.TABLE_COLUMNS or len(widths) > 1:
            yield Problem(f"{found.path}.rows", f"rows of {sorted(widths)} cells; all have as many, at most 20")


def lengths_agree(found: Found) -> Iterator[Problem]:
    """An input's bounds are in order and within Slack's."""
    shortest, longest = (
        found.holds.get("min_length", 0),
        found.holds.get("max_length", limits.INPUT_CHARACTERS),
    )
    if "plain_text_input" not in found.kinds or not (isinstance(shortest, int) and isinstance(longest, int)):
        return
    started = found.holds.get("initial_value", "")
    if not 0 <= shortest <= longest <= limits.INPUT_CHARACTERS or longest < 1:
        yield Problem(found.path, f"min_length {shortest} and max_length {longest} must lie in 0 to 3,000")
    if isinstance(started, str) and len(started) > longest:
        yield Problem(f"{found.path}.initial_value", f"{len(started)} characters, and the field takes {longest}")


def addresses_lead_somewhere(found: Found) -> Iterator[Problem]:
    """An address starts with http:// or https://."""
    for key in ("url", "image_url"):
        address = found.holds.get(key)
        if isinstance(address, str) and not address.startswith(("https://", "http://")):
            yield Problem(f"{found.path}.{key}", f"{address[:80]!r} is no web address")


_LITERAL = {"plain_text", "text"}


def nobody_is_shouted_at(found: Found) -> Iterator[Problem]:
    """No text calls a whole channel or group; plain text, and text in rich text, shows such words as they are."""
    text = found.holds.get("text")
    if isinstance(text, str) and not _LITERAL & set(found.kinds) and any(call in text for call in BROADCASTS):
        yield Problem(f"{found.path}.text", "a mention of a whole channel or group")
    if "broadcast" in found.kinds:
        yield Problem(found.path, "a mention of a whole channel")


CHECKS: tuple[Callable[[Found], Iterator[Problem]], ...] = (
    section_says_something,
    choices_exist,
    static_choices_are_given,
    rows_fit,
    lengths_agree,
    addresses_lead_somewhere,
    nobody_is_shouted_at,
)


def characters_of(value: object) -> int:
    """Return how many characters of text people see in the blocks."""
    return sum(
        len(text)
        for found in objects_in(value, "")
        for key in TEXT_KEYS
        if isinstance(text := found.holds.get(key), str)
    )
