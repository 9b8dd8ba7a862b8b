"""Facts about memos."""

from dataclasses import dataclass

from bot.domain.memos import Category, Move, Prediction
from bot.domain.people import FreeText
from bot.domain.visibility import Visibility


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoFiled:
    """A decision was written down for good; `supersedes` is the id of the memo whose place it takes."""

    memo_id: str
    workflow_id: str | None
    team_id: str | None
    owner: str
    category: Category
    is_reversible: bool
    title: FreeText
    decision: FreeText
    context: FreeText | None
    options: FreeText | None
    move: Move | None
    changes: tuple[str, ...]
    prediction: Prediction | None
    supersedes: str | None
    visibility: Visibility
    content_hash: str
