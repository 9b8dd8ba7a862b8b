"""One signal that a person typed field by field."""

from collections.abc import Mapping

from bot.domain.errors import BadInput
from bot.domain.metrics import number_in
from bot.domain.signals.kinds import Body, Signal, SignalType
from bot.domain.signals.shapes import SHAPES, FieldKind
from bot.intake.entries import Clerk, Terms
from bot.intake.rows import signal_of
from bot.intake.values import Unfit

_NUMBERS = (FieldKind.NUMBER, FieldKind.AMOUNT, FieldKind.COUNT, FieldKind.SEVERITY)


def read_cells(kind: SignalType, cells: Mapping[str, str], terms: Terms) -> Signal[Body]:
    """The signal of that type that these cells are, texts by field; BadInput, which names the field, if they are none.

    Its id is made from its key fields, as for a row.
    """
    for field in SHAPES[kind].fields:
        if field.kind in _NUMBERS:
            number_in(cells.get(field.name, ""), field.name)
    try:
        return signal_of(Clerk(terms), {**cells, "type": kind})
    except Unfit as unfit:
        raise BadInput(str(unfit), unfit.field) from None
