"""What CEL's parser made of a source, read from the bytes in which it hands it over.

`Expression.serialize()` gives a `cel.expr.ParsedExpr` in protobuf's wire format, whose field numbers are published
and stable (github.com/google/cel-spec, proto/cel/expr/syntax.proto). Only the few kinds of field that occur there are
read, so no protobuf library is needed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

Field = int | bytes

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5


@dataclass(frozen=True, slots=True)
class Message:
    """One message: its fields in order, each with its number and its value."""

    fields: tuple[tuple[int, Field], ...]

    def message(self, number: int) -> "Message | None":
        """The message in the field `number`, None if there is none."""
        return next(iter(self.messages(number)), None)

    def messages(self, number: int) -> "tuple[Message, ...]":
        """The messages in the repeated field `number`."""
        return tuple(message(value) for field, value in self.fields if field == number and isinstance(value, bytes))

    def text(self, number: int) -> str:
        """The text in the field `number`, empty if there is none."""
        return next((v.decode() for field, v in self.fields if field == number and isinstance(v, bytes)), "")

    def number(self, number: int) -> int:
        """The whole number in the field `number`, 0 if there is none."""
        return next((value for field, value in self.fields if field == number and isinstance(value, int)), 0)

    def has(self, number: int) -> bool:
        """Whether the field `number` is there."""
        return any(field == number for field, _ in self.fields)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A parsed source: its expression, and for each expression's id where in the source it stands."""

    expression: Message
    positions: Mapping[int, int]


def parsed(serialized: bytes) -> Parsed:
    """What `Expression.serialize()` gave for a source that was compiled without checking."""
    envelope = message(serialized)
    content = envelope.message(2)
    expression = content.message(2) if content else None
    if content is None or expression is None:
        raise ValueError("CEL's parser handed over nothing that is known here.")
    info = content.message(3)
    pairs = info.messages(4) if info else ()
    return Parsed(expression, {pair.number(1): pair.number(2) for pair in pairs})


def message(content: bytes) -> Message:
    """The message that `content` is."""
    return Message(tuple(_fields(content)))


def _fields(content: bytes) -> Iterator[tuple[int, Field]]:
    at = 0
    while at < len(content):
        key, at = _varint(content, at)
        kind = key & 7
        if kind == _VARINT:
            value, at = _varint(content, at)
            yield key >> 3, value
            continue
        length = {_FIXED64: 8, _FIXED32: 4}.get(kind)
        if kind == _BYTES:
            length, at = _varint(content, at)
        if length is None or at + length > len(content):
            raise ValueError("CEL's parser handed over a field that is not known here.")
        yield key >> 3, content[at : at + length]
        at += length


def _varint(content: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(content) or shift > 63:
            raise ValueError("CEL's parser handed over a number that ends too late.")
        byte = content[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
