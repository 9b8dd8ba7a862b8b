"""The numbers that facts must reach for a condition to hold, read off what it demands in any case."""

from collections.abc import Iterator

from bot.conditions.syntax import Call, Fact, Literal, Node, Operation
from bot.domain.grants.conditions import Floor

_AT_LEAST = (Operation.AT_LEAST, Operation.MORE, Operation.EQUAL)
_MIRRORED = {
    Operation.AT_MOST: Operation.AT_LEAST,
    Operation.LESS: Operation.MORE,
    Operation.EQUAL: Operation.EQUAL,
}


def floors(tree: Node) -> tuple[Floor, ...]:
    """Every `fact >= number` that stands alone or between `&&`, in whichever way it is turned."""
    return tuple(_floors(tree))


def _floors(node: Node) -> Iterator[Floor]:
    match node:
        case Call(operation=Operation.AND, arguments=arguments):
            for argument in arguments:
                yield from _floors(argument)
        case Call(operation=operation, arguments=(Fact(path=path), Literal(value=value))):
            if operation in _AT_LEAST and not isinstance(value, str | bool):
                yield Floor(path, value)
        case Call(operation=operation, arguments=(Literal(value=value), Fact(path=path))):
            if operation in _MIRRORED and not isinstance(value, str | bool):
                yield Floor(path, value)
        case _:
            return
