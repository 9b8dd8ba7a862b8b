"""What was typed into the window of a memo, as something that can be filed; what is wrong stands beside its field."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from bot.domain import memos
from bot.domain.errors import BadInput
from bot.domain.gaps import Gap, Incomplete
from bot.domain.memos import Category, Comparison, Entry, Move, Prediction
from bot.domain.metrics import number_in
from bot.domain.visibility import Visibility
from bot.slack.screens.memos import NONE

Kind = TypeVar("Kind", bound=StrEnum)

_UNDONE = {"yes": True, "no": False}
_BESIDE = {"prediction": "check_on"}


def texts_in(values: Mapping[str, object]) -> dict[str, str]:
    """The texts of a window's fields; one that is empty is there as such."""
    return {name: value if isinstance(value, str) else "" for name, value in values.items()}


def entry_in(given: Mapping[str, str], today: date) -> Entry:
    """The entry that these texts make; Incomplete with all that is missing or wrong, field by field."""
    gaps = list(_gaps_in_prediction(given))
    entry = Entry(
        title=given.get("title", ""),
        decision=given.get("decision", ""),
        category=_one_of(Category, given.get("category", "")),
        is_reversible=_UNDONE.get(given.get("reversible", "")),
        context=given.get("context", ""),
        options=given.get("options", ""),
        move=_one_of(Move, given.get("move", "")),
        changes=_keys_in(given.get("changes", "")),
        prediction=None if gaps else _prediction_in(given),
        supersedes=_if_any(given.get("supersedes", "")),
        visibility=_one_of(Visibility, given.get("visibility", "")) or Visibility.EVERYONE,
    )
    try:
        memos.content(entry, today)
    except Incomplete as lacking:
        gaps += [Gap(_BESIDE.get(gap.field, gap.field), gap.sentence) for gap in lacking.gaps]
    if gaps:
        raise Incomplete(" ".join(gap.sentence for gap in gaps), tuple(gaps))
    return entry


def _prediction_in(given: Mapping[str, str]) -> Prediction | None:
    value = number_in(given.get("value", ""), "value")
    check_on, comparison = _day_in(given), _one_of(Comparison, given.get("comparison", ""))
    if value is None or check_on is None or comparison is None:
        return None
    return Prediction(given.get("metric", ""), comparison, value, check_on)


def _gaps_in_prediction(given: Mapping[str, str]) -> Iterator[Gap]:
    """What half a prediction lacks; nothing where there is none at all."""
    metric, value, check_on = (given.get(name, "").strip() for name in ("metric", "value", "check_on"))
    if not (metric or value or check_on):
        return
    if not metric:
        yield Gap("metric", "Name the metric, or leave the value and the day below empty too.")
    if not given.get("comparison"):
        yield Gap("comparison", "Say whether it should be at least or at most the value below.")
    if not value:
        yield Gap("value", "Say which value is expected, or leave the metric and the day empty too.")
    else:
        try:
            number_in(value, "value")
        except BadInput as refusal:
            yield Gap("value", str(refusal))
    if _day_in(given) is None:
        yield Gap("check_on", "Pick the day on which it is checked, or leave the metric and the value empty too.")


def _day_in(given: Mapping[str, str]) -> date | None:
    try:
        return date.fromisoformat(given.get("check_on", ""))
    except ValueError:
        return None


def _keys_in(text: str) -> tuple[str, ...]:
    """Keys of changes, one a line or with commas between them."""
    return tuple(key.strip() for line in text.splitlines() for key in line.split(",") if key.strip())


def _if_any(text: str) -> str | None:
    return text if text and text != NONE else None


def _one_of(kinds: type[Kind], text: str) -> Kind | None:
    try:
        return kinds(text)
    except ValueError:
        return None
