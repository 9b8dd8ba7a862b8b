"""The window in which people record numbers, one kind at a time, and the ones that answer it and correct."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType

from bot.actions.numbers import TypedBefore
from bot.domain.signals.kinds import IncidentStatus, RedLineKind, ReworkKind, SignalType
from bot.domain.signals.summary import said_when
from bot.domain.workflows import Workflow
from bot.slack.blocks import Block, actions, button, calendar, chosen, context, modal, option, section, typed
from bot.slack.blocks import field as question
from bot.slack.pen import Pen

ROWS = "rows"
"""The choice of pasting rows, beside the kinds of signals."""

OTHER = "+"
"""The choice of a name that is not in the list."""

KIND_LABELS: Mapping[str, str] = MappingProxyType(
    {
        SignalType.METRIC: "A metric's value",
        SignalType.EVAL_RUN: "An eval run",
        SignalType.REVIEW_TALLY: "This week's reviews",
        SignalType.REWORK: "Rework",
        SignalType.INCIDENT: "An incident",
        SignalType.RED_LINE: "A red line, tested or crossed",
        ROWS: "Several: paste rows",
    }
)

_WORDS = ("title", "summary", "url")
_ROWS_LIMIT = 3000
_LINE = 200
_NUMBER = 30
_OPTION_VALUE = 150
_CHOICES = 98


@dataclass(frozen=True, slots=True)
class NumberWindow:
    """What the window stands on: what it asks for, the names to choose from, and what stands in its fields by now.

    `given` are texts by block. `is_other` says that a name which is not among `names` is being typed.
    """

    workflow: Workflow
    kind: str
    today: date
    names: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)
    is_other: bool = False
    latest: tuple[TypedBefore, ...] = ()
    notice: str | None = None


def record_modal(pen: Pen, window: NumberWindow, memory: str) -> Block:
    """What to record, its few fields, and the numbers typed last with a way to correct them."""
    offered = [option(label, kind) for kind, label in KIND_LABELS.items()]
    choice = chosen(offered, window.kind) | {"action_id": "record.kind"}
    blocks: list[Block] = [section(pen.md("numbers.intro", w=window.workflow), choice) | {"block_id": "what"}]
    if window.notice:
        blocks.append(context(window.notice))
    blocks += fields_of(pen, window)
    if window.kind != ROWS and window.given.get(ROWS):
        blocks.append(_rows(pen, window, pen.plain("numbers.rows_kept"), optional=True))
    blocks.append(context(pen.md("numbers.promise", kind=window.kind)))
    if window.latest:
        blocks.append(section(pen.md("numbers.latest_title")))
        blocks += [_before(pen, each, window.workflow) for each in window.latest]
    return modal("record", "Record a number", blocks, submit="Record", metadata=memory)


def _before(pen: Pen, known: TypedBefore, workflow: Workflow) -> Block:
    text = pen.md("numbers.latest", said=said_when(known.signal, workflow.team.zone), by=known.by)
    return section(text, button("Correct…", "record.correct", f"{workflow.id}:{known.signal.id}"))


def fields_of(pen: Pen, window: NumberWindow) -> list[Block]:
    """The fields of a kind, five at most, filled with what is known."""
    return _FIELDS[window.kind](pen, window)


def correct_modal(pen: Pen, window: NumberWindow, intro: str, memory: str) -> Block:
    """The fields of a number filled with what it says, and why it was wrong; words of people's own stay as they are."""
    kept = [block for block in fields_of(pen, window) if block.get("block_id") not in _WORDS]
    blocks = [section(intro), *kept, question("reason", "What was wrong?", typed(pen.plain("numbers.reason_typo")))]
    return modal("record.correct", "Correct a number", blocks, submit="Correct", metadata=memory)


def answer_blocks(paragraphs: tuple[str, ...], place: str, *, correctable: str | None) -> tuple[Block, ...]:
    """What was recorded and what it caused, with a way to correct it and to record more."""
    more = [button("Record another…", "record.open", place)]
    if correctable:
        more.insert(0, button("Correct…", "record.correct", correctable))
    return (*(section(text) for text in paragraphs if text), actions(*more))


def _metric(pen: Pen, window: NumberWindow) -> list[Block]:
    return [
        _name(pen, window, "metric", "Which metric?"),
        question("value", "Value", _typed(window, "value")),
        question("n", "Over how many cases?", _typed(window, "n"), optional=True),
        _day(window),
    ]


def _eval_run(pen: Pen, window: NumberWindow) -> list[Block]:
    hint = pen.plain("numbers.hint_version")
    return [
        _name(pen, window, "suite", "Which suite?"),
        question("result", "Passed", _typed(window, "result", 60), hint=pen.plain("numbers.hint_result")),
        question("prompt_version", "Prompt version", _typed(window, "prompt_version", _LINE), hint=hint, optional=True),
        question("model", "Model", _typed(window, "model", _LINE), optional=True),
        _day(window),
    ]


def _review_tally(pen: Pen, window: NumberWindow) -> list[Block]:
    hint = pen.plain("numbers.hint_overridden")
    return [
        question("outputs", "How many outputs were there?", _typed(window, "outputs")),
        question("reviewed", "How many of them were reviewed?", _typed(window, "reviewed")),
        question("overridden", "How many of those were changed?", _typed(window, "overridden"), hint=hint),
        question("median_minutes", "Minutes to a review, median", _typed(window, "median_minutes"), optional=True),
        _day(window),
    ]


def _rework(pen: Pen, window: NumberWindow) -> list[Block]:
    kinds = [option(kind.value.replace("_", " ").capitalize(), kind.value) for kind in ReworkKind]
    return [
        question("rework_kind", "What had to be done again?", chosen(kinds, window.given.get("rework_kind"))),
        question("cost_usd", "What did it cost, in US dollars?", _typed(window, "cost_usd")),
        question("url", "Link", _typed(window, "url", 500), hint=pen.plain("numbers.hint_url"), optional=True),
        _day(window),
    ]


def _incident(pen: Pen, window: NumberWindow) -> list[Block]:
    severities = [option(str(level), str(level)) for level in range(1, 6)]
    states = [option(status.value.capitalize(), status.value) for status in IncidentStatus]
    severity, status = window.given.get("severity"), window.given.get("status") or IncidentStatus.OPEN
    return [
        question("key", "Its key", _typed(window, "key", _LINE, "INC-41")),
        question("severity", "Severity", chosen(severities, severity), hint=pen.plain("numbers.hint_severity")),
        question("status", "State", chosen(states, status)),
        question("title", "What happened?", _typed(window, "title", _LINE)),
        _day(window),
    ]


def _red_line(pen: Pen, window: NumberWindow) -> list[Block]:
    kinds = [option("It fired in a test", RedLineKind.TEST_FIRED), option("It was crossed", RedLineKind.VIOLATION)]
    kind = window.given.get("line_kind") or RedLineKind.TEST_FIRED
    return [
        _name(pen, window, "rule", "Which red line?"),
        question("line_kind", "What was seen?", chosen(kinds, kind)),
        question("summary", "What happened?", _typed(window, "summary", 500)),
        _day(window),
    ]


def _pasted(pen: Pen, window: NumberWindow) -> list[Block]:
    example = section(pen.md("numbers.example_rows", today=window.today))
    return [_rows(pen, window, "Rows", optional=False), example]


def _rows(pen: Pen, window: NumberWindow, label: str, *, optional: bool) -> Block:
    element = typed(window.given.get(ROWS, ""), multiline=True, limit=_ROWS_LIMIT)
    return question(ROWS, label, element, hint=pen.plain("numbers.hint_rows"), optional=optional)


_FIELDS: Mapping[str, Callable[[Pen, NumberWindow], list[Block]]] = MappingProxyType(
    {
        SignalType.METRIC: _metric,
        SignalType.EVAL_RUN: _eval_run,
        SignalType.REVIEW_TALLY: _review_tally,
        SignalType.REWORK: _rework,
        SignalType.INCIDENT: _incident,
        SignalType.RED_LINE: _red_line,
        ROWS: _pasted,
    }
)


def _name(pen: Pen, window: NumberWindow, block_id: str, label: str) -> Block:
    """A menu of the known names, with the choice of another one; the field for that where it is chosen, or none is."""
    names = tuple(name for name in window.names if len(name) <= _OPTION_VALUE and name != OTHER)[:_CHOICES]
    given = window.given.get(block_id)
    if window.is_other or not names or (given and given not in names):
        other = f"{block_id}_named"
        value = window.given.get(other) or (given if given != OTHER else None) or ""
        return question(other, label, typed(value, limit=_LINE), hint=pen.plain("numbers.hint_name"))
    offered = [*(option(name, name) for name in names), option("Another one…", OTHER)]
    block = question(block_id, label, chosen(offered, given or (names[0] if len(names) == 1 else None)))
    return block | {"dispatch_action": True, "element": block["element"] | {"action_id": "record.name"}}


def _typed(window: NumberWindow, block_id: str, limit: int = _NUMBER, placeholder: str = "") -> Block:
    return typed(window.given.get(block_id, ""), limit=limit, placeholder=placeholder)


def _day(window: NumberWindow) -> Block:
    given = window.given.get("on")
    try:
        day = date.fromisoformat(given) if given else window.today
    except ValueError:
        day = window.today
    return question("on", "For which day?", calendar(day))
