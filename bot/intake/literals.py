"""What JSON sends, exactly as it was written: numbers as decimals, and what no field can hold named instead of lost."""

from dataclasses import dataclass
from decimal import Context, Decimal, Inexact, InvalidOperation

DIGITS = 15

_FIFTEEN = Context(prec=DIGITS, traps=[Inexact, InvalidOperation])
_ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Unusable:
    """Something in JSON that no field can hold; `why` goes on after the field's name."""

    why: str


_TOO_FINE = Unusable(f"has more than {DIGITS} digits after the point: round it")


def number(text: str) -> Decimal | Unusable:
    """A JSON number exactly as written, unless it is too precise, too large or too small."""
    try:
        value = Decimal(text)
        if not value:
            return _ZERO
        if value.adjusted() >= DIGITS:
            return Unusable(f"is too large: at most {DIGITS} digits may stand before the point")
        if value.adjusted() < -DIGITS:
            return _TOO_FINE
        if len(text) > DIGITS:
            value = _FIFTEEN.plus(value)
        exponent = value.normalize().as_tuple().exponent
    except Inexact:
        return Unusable(f"has more than {DIGITS} significant digits: round it")
    except InvalidOperation:
        return Unusable("is too large or too small")
    assert isinstance(exponent, int)
    return value if exponent >= -DIGITS else _TOO_FINE


def whole_number(text: str) -> int | Unusable:
    """A JSON number without point and exponent."""
    if len(text) <= DIGITS:
        return int(text)
    value = number(text)
    return int(value) if isinstance(value, Decimal) else value


def constant(text: str) -> Unusable:
    """What NaN and infinity are taken for; they are no JSON."""
    return Unusable(f"is {text}, which is no number")


def entries(pairs: list[tuple[str, object]]) -> dict[str, object] | Unusable:
    """A JSON object, unless it has a key twice."""
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return Unusable(f"has the key {shown(key)} twice")
        seen.add(key)
    raise AssertionError(pairs)


def shown(value: object) -> str:
    """What was sent, short and in quotation marks, for a sentence."""
    text = ascii(value)[1:-1] if isinstance(value, str) and not value.isprintable() else str(value)
    return f'"{text if len(text) <= 40 else text[:39] + "…"}"'
