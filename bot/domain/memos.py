"""Memos: decisions written down for good, with owner, time and reason (RULES, "Memos and documents")."""

import hashlib
import json
import unicodedata
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

from bot.domain.errors import BadInput, Conflict
from bot.domain.gaps import Gap, Incomplete, gaps_in_title, gaps_in_words
from bot.domain.people import Person
from bot.domain.playbook import DoneWhen, PhaseName
from bot.domain.visibility import Audience, Visibility
from bot.domain.wording import one_line

SECTION_LIMIT = 10_000
KEY_LIMIT = 200
CHANGES_LIMIT = 50


class Category(StrEnum):
    """What a decision is about."""

    PRICING = "pricing"
    SECURITY_POSTURE = "security_posture"
    ROADMAP = "roadmap"
    GRANT = "grant"
    PHASE_MOVE = "phase_move"
    OTHER = "other"

    @property
    def label(self) -> str:
        """The category in words."""
        return self.replace("_", " ")


class Move(StrEnum):
    """The step from one phase to the next that a memo argues for."""

    TO_PRODUCTION = "pilot→production"
    TO_SCALING = "production→scaling"
    TO_OPERATING = "scaling→operating"

    @property
    def left(self) -> PhaseName:
        """The phase that it leaves."""
        return PhaseName(self.partition("→")[0])

    @property
    def entered(self) -> PhaseName:
        """The phase that it enters."""
        return PhaseName(self.partition("→")[2])


class Comparison(StrEnum):
    """How a measured value is held against a predicted one."""

    AT_LEAST = ">="
    AT_MOST = "<="
    ABOVE = ">"
    BELOW = "<"

    @property
    def sign(self) -> str:
        """How people write it."""
        return {Comparison.AT_LEAST: "≥", Comparison.AT_MOST: "≤"}.get(self, self.value)


@dataclass(frozen=True, slots=True)
class Prediction:
    """What a decision is expected to bring: `metric` is at least, at most … `value` on the day `check_on`."""

    metric: str
    comparison: Comparison
    value: Decimal
    check_on: date

    def holds(self, measured: Decimal) -> bool:
        """Whether `measured` is what was predicted; a value exactly at the limit is for `>=` and `<=`."""
        match self.comparison:
            case Comparison.AT_LEAST:
                return measured >= self.value
            case Comparison.AT_MOST:
                return measured <= self.value
            case Comparison.ABOVE:
                return measured > self.value
            case Comparison.BELOW:
                return measured < self.value


@dataclass(frozen=True, slots=True)
class Entry:
    """What someone typed for a memo, complete or not; `changes` are keys of changes, `supersedes` a memo's id."""

    title: str = ""
    decision: str = ""
    category: Category | None = None
    is_reversible: bool | None = None
    context: str = ""
    options: str = ""
    move: Move | None = None
    changes: tuple[str, ...] = ()
    prediction: Prediction | None = None
    supersedes: str | None = None
    visibility: Visibility = Visibility.EVERYONE


@dataclass(frozen=True, slots=True)
class Content:
    """What a memo says, as it was filed; context and options may be empty."""

    title: str
    decision: str
    category: Category
    is_reversible: bool
    context: str
    options: str
    move: Move | None
    changes: tuple[str, ...]
    prediction: Prediction | None
    supersedes: str | None
    visibility: Visibility


@dataclass(frozen=True, slots=True)
class Memo:
    """A memo as it was filed, and the id of the one that took its place, if any."""

    id: str
    content: Content
    workflow_id: str | None
    workflow: str | None
    team_id: str | None
    owner: Person
    filed_by: Person
    decided_at: datetime
    superseded_by: str | None
    content_hash: str

    @property
    def title(self) -> str:
        """Its title."""
        return self.content.title

    @property
    def print(self) -> str:
        """What it says as one hash, the same in every database."""
        return print_of(self.content, self.workflow, self.owner.handle or self.owner.name)

    @property
    def audience(self) -> Audience:
        """For whom it is."""
        return Audience(
            visibility=self.content.visibility,
            team_id=self.team_id,
            workflow_id=self.workflow_id,
            is_restricted=self.content.category is Category.SECURITY_POSTURE,
            insiders=(self.owner.handle, self.filed_by.handle),
        )

    def without_body(self) -> "Memo":
        """The memo as those see it who may know of it but not read it: only its title and what it is about."""
        bare = replace(self.content, decision="", context="", options="", changes=(), prediction=None)
        return replace(self, content=bare)


def move_of(text: str) -> Move | None:
    """`pilot -> production` as a move; None for anything but the step from a phase to the next one."""
    left, arrow, entered = text.lower().replace("->", "→").partition("→")
    found = f"{left.strip()}{arrow}{entered.strip()}"
    return Move(found) if found in tuple(Move) else None


def category_of(text: str) -> Category | None:
    """`Phase move` or `phase_move` as a category, None if there is no such one."""
    found = "_".join(text.replace("-", " ").replace("_", " ").lower().split())
    return Category(found) if found in tuple(Category) else None


def content(entry: Entry, today: date) -> Content:
    """The entry as a memo's content; Incomplete with everything that it lacks."""
    gaps = tuple(_gaps(entry, today))
    if gaps or entry.category is None or entry.is_reversible is None:
        told = " ".join(f"{gap.field}: {gap.sentence}" for gap in gaps)
        raise Incomplete(f"This memo can't be filed yet. {told}", gaps)
    return Content(
        title=one_line(entry.title),
        decision=entry.decision.strip(),
        category=entry.category,
        is_reversible=entry.is_reversible,
        context=entry.context.strip(),
        options=entry.options.strip(),
        move=entry.move,
        changes=tuple(dict.fromkeys(one_line(key) for key in entry.changes)),
        prediction=_tidy(entry.prediction),
        supersedes=entry.supersedes.strip() if entry.supersedes else None,
        visibility=entry.visibility,
    )


def gaps_in_sections(entry: Entry) -> Iterator[Gap]:
    """What is missing or wrong in the three sections of a memo."""
    if not entry.decision.strip():
        yield Gap("decision", "Say what was decided and why: this is what the memo is for.")
    for field in ("decision", "context", "options"):
        yield from gaps_in_words(field, getattr(entry, field), SECTION_LIMIT)


def _gaps(entry: Entry, today: date) -> Iterator[Gap]:
    yield from gaps_in_title(entry.title)
    yield from gaps_in_sections(entry)
    if entry.category is None:
        yield Gap("category", f"Choose what it is about: {', '.join(each.label for each in Category)}.")
    if entry.is_reversible is None:
        yield Gap("reversible", "Say whether this can be undone: true or false.")
    if len(entry.changes) > CHANGES_LIMIT:
        yield Gap("changes", f"A memo names at most {CHANGES_LIMIT} changes: file one for each decision.")
    for key in entry.changes:
        if not one_line(key) or len(key) > KEY_LIMIT:
            yield Gap("changes", f"A change's key has 1 to {KEY_LIMIT} characters.")
    if entry.prediction:
        yield from _gaps_in_prediction(entry.prediction, today)


def _gaps_in_prediction(prediction: Prediction, today: date) -> Iterator[Gap]:
    if not one_line(prediction.metric) or len(prediction.metric) > KEY_LIMIT:
        yield Gap("prediction", f"A prediction names its metric, in 1 to {KEY_LIMIT} characters.")
    if not prediction.value.is_finite():
        yield Gap("prediction", "A prediction needs a plain number as its value.")
    if prediction.check_on < today:
        yield Gap(
            "prediction",
            f"A prediction is checked after the decision: {prediction.check_on} has passed already, give a later day.",
        )


def _tidy(prediction: Prediction | None) -> Prediction | None:
    return replace(prediction, metric=one_line(prediction.metric)) if prediction else None


def demand_supersedable(memo: Memo, at: datetime) -> None:
    """Nothing, if `memo` is still the last word at `at`; else a refusal that names what took its place.

    Only a memo that exists can be superseded, only once, and never changes: so no chain closes to a circle.
    """
    if memo.superseded_by:
        raise Conflict(
            f"“{memo.title}” was superseded already, by {memo.superseded_by}: look at that one, and supersede it "
            "if it is no longer right."
        )
    if at < memo.decided_at:
        raise BadInput(
            f"“{memo.title}” was decided later ({memo.decided_at:%-d %b %Y, %H:%M} UTC) than this: only what comes "
            "later supersedes. Turn it around, or leave supersedes empty.",
            "supersedes",
        )


def proves(move: Move | None) -> str:
    """The kind of proof that a workflow's memo with this `move` is."""
    return f"{DoneWhen.MOVE_MEMO}:{move.left}" if move else DoneWhen.KICKOFF_MEMO


@dataclass(frozen=True, slots=True)
class Filing:
    """Under which id a memo is filed, about what, who answers for it (a person's random id), and when."""

    memo_id: str
    workflow_id: str | None
    team_id: str | None
    owner: str
    at: datetime


def content_hash(said: Content, filing: Filing) -> str:
    """SHA-256 of everything that a memo says, in one canonical form."""
    values = asdict(said) | asdict(filing)
    return _hashed(values)


def print_of(said: Content, workflow: str | None, owner: str | None) -> str:
    """SHA-256 of what a memo says, about which workflow and whose it is, by their names.

    In every database the same, so that a file that comes again is known again.
    """
    return _hashed(asdict(said) | {"workflow": workflow, "owner": owner})


def _hashed(values: dict[str, object]) -> str:
    text = json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_text)
    return hashlib.sha256(unicodedata.normalize("NFC", text).encode()).hexdigest()


def _text(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return format(value, "f") if isinstance(value, Decimal) else str(value)
