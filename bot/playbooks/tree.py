"""YAML text as a tree that knows its lines, for files that anybody may have written.

It reads libyaml's events and never its constructors: no tags, no anchors or aliases (a few hundred bytes of
them unfold to gigabytes), no second value for a key, and `yes`, `on` or `0x1F` stay the text that they are.
Size, events and depth are bounded while reading, before anything is built from them.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NoReturn

import yaml

from bot.playbooks.problems import PlaybookError, Problem, quoted

MAX_BYTES = 256_000
MAX_EVENTS = 10_000
MAX_DEPTH = 20

_WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,8})", re.ASCII)
_DECIMAL = re.compile(r"-?(0|[1-9][0-9]{0,8})\.[0-9]{1,9}", re.ASCII)
_WORDS: Mapping[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}
_PLAIN_KEY = re.compile(r"[\w.:-]{1,60}")

Scalar = None | bool | int | Decimal | str


@dataclass(frozen=True, slots=True)
class Node:
    """One value and where it stands: a scalar, a tuple of nodes, or a mapping of nodes.

    A refused node is one that already has its problem; nothing more is said about what lies below it.
    """

    value: "Scalar | tuple[Node, ...] | Mapping[str, Node]"
    source: str
    line: int
    key: str
    refused: bool = False

    @property
    def mapping(self) -> "Mapping[str, Node]":
        """Its entries by key; none if it is no mapping."""
        return self.value if isinstance(self.value, Mapping) else {}

    @property
    def entries(self) -> "tuple[Node, ...]":
        """Its entries in order; none if it is no list."""
        return self.value if isinstance(self.value, tuple) else ()

    @property
    def text(self) -> str | None:
        """Its text; None if it is something else."""
        return self.value if isinstance(self.value, str) else None

    @property
    def whole(self) -> int | None:
        """Its whole number; None if it is something else."""
        return self.value if isinstance(self.value, int) and not isinstance(self.value, bool) else None

    def child(self, step: str | int) -> "Node | None":
        """The node one step below, None if there is none."""
        if isinstance(step, str):
            return self.mapping.get(step)
        return self.entries[step] if 0 <= step < len(self.entries) else None

    def problem(self, message: str, below: str = "") -> Problem:
        """A problem with this node, or with what should stand `below` it."""
        return Problem(self.source, self.line, ".".join(filter(None, (self.key, below))), message)

    def plain(self) -> Any:
        """The same as plain dicts, lists and scalars."""
        if isinstance(self.value, tuple):
            return [node.plain() for node in self.value]
        if isinstance(self.value, Mapping):
            return {key: node.plain() for key, node in self.value.items()}
        return self.value


@dataclass(frozen=True, slots=True)
class Tree:
    """A document as read, with the problems that reading alone can find."""

    root: Node
    problems: tuple[Problem, ...]


def parse(text: str, source: str) -> Tree:
    """The tree of one YAML document; PlaybookError if there is none to be had."""
    demand_small(len(text), source)
    try:
        demand_small(len(text.encode()), source)
    except UnicodeEncodeError:
        raise PlaybookError([Problem(source, 1, "", "contains half a character: save it as UTF-8.")]) from None
    return _Reading(source).read(yaml.parse(text, Loader=yaml.CSafeLoader))


def demand_small(size: int, source: str) -> None:
    """Nothing, if a file of `size` bytes may be read; else PlaybookError."""
    if size > MAX_BYTES:
        message = f"is larger than {MAX_BYTES // 1000} kB; a playbook is a page or two of text."
        raise PlaybookError([Problem(source, 1, "", message)])


def scalar(text: str) -> Scalar:
    """What an unquoted scalar means: null, true, false, a whole number, a decimal, or text."""
    if text in _WORDS:
        return _WORDS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text


class _Reading:
    """One pass over a document's events."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._problems: list[Problem] = []

    def read(self, events: Iterator[yaml.Event]) -> Tree:
        try:
            return self._document(self._counted(events))
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line = mark.line + 1 if mark else 1
            self._stop(line, f"is not valid YAML here: {error.problem or error.context}.")
        except yaml.YAMLError:
            self._stop(1, "contains a character that YAML does not allow: save it as plain UTF-8 text.")

    def _document(self, events: Iterator[yaml.Event]) -> Tree:
        root: Node | None = None
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                if root is not None:
                    self._stop(_line(event), "has a second document: one file holds one document.")
                if event.tags:
                    self._say(event, "", "declares tags (%TAG); they are not taken here.")
                root = self._node(next(events), events, "", 0)
        if root is None:
            self._stop(1, "is empty: nothing is written in it.")
        return Tree(root, tuple(self._problems))

    def _counted(self, events: Iterator[yaml.Event]) -> Iterator[yaml.Event]:
        for count, event in enumerate(events, start=1):
            if count > MAX_EVENTS:
                self._stop(_line(event), f"has too many parts (over {MAX_EVENTS:,}).")
            yield event

    def _node(self, event: yaml.Event, events: Iterator[yaml.Event], key: str, depth: int) -> Node:
        if depth > MAX_DEPTH:
            self._stop(_line(event), f"is nested more than {MAX_DEPTH} levels deep.")
        self._refuse_properties(event, key)
        match event:
            case yaml.ScalarEvent():
                value = event.value if event.style else scalar(event.value)
                return Node(value, self._source, _line(event), key)
            case yaml.SequenceStartEvent():
                return Node(self._entries(events, key, depth), self._source, _line(event), key)
            case yaml.MappingStartEvent():
                return Node(self._mapping(events, key, depth), self._source, _line(event), key)
            case _:
                return Node(None, self._source, _line(event), key, refused=True)

    def _entries(self, events: Iterator[yaml.Event], key: str, depth: int) -> tuple[Node, ...]:
        nodes: list[Node] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            nodes.append(self._node(event, events, _below(key, str(len(nodes))), depth + 1))
        return tuple(nodes)

    def _mapping(self, events: Iterator[yaml.Event], key: str, depth: int) -> dict[str, Node]:
        nodes: dict[str, Node] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                self._say(event, key, "has a key that is not plain text.")
                self._node(event, events, key, depth + 1)
                self._node(next(events), events, key, depth + 1)
                continue
            self._refuse_properties(event, key)
            name = event.value
            path = _below(key, name if _PLAIN_KEY.fullmatch(name) else quoted(name))
            node = self._node(next(events), events, path, depth + 1)
            if name in nodes:
                self._say(event, path, f"is written twice; the first is on line {nodes[name].line}.")
            else:
                nodes[name] = Node(node.value, self._source, _line(event), path, node.refused)
        return nodes

    def _refuse_properties(self, event: yaml.Event, key: str) -> None:
        anchor, tag = getattr(event, "anchor", None), getattr(event, "tag", None)
        if isinstance(event, yaml.AliasEvent):
            self._say(event, key, f"uses the alias {quoted('*' + str(anchor))}: write the value out.")
        elif anchor:
            self._say(event, key, f"has the anchor {quoted('&' + anchor)}: anchors are not taken here.")
        if tag is not None:
            self._say(event, key, f"has the tag {quoted(tag)}: tags are not taken here.")

    def _say(self, event: yaml.Event, key: str, message: str) -> None:
        self._problems.append(Problem(self._source, _line(event), key, message))

    def _stop(self, line: int, message: str) -> NoReturn:
        raise PlaybookError([*self._problems, Problem(self._source, line, "", message)]) from None


def _below(key: str, step: str) -> str:
    return f"{key}.{step}" if key else step


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
