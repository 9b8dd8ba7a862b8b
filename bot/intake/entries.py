"""One entry as it was sent, made into a signal or refused with the reason."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Any

from bot.domain.nearness import near
from bot.domain.signals.kinds import HISTORY_DAYS, MAX_AHEAD, Body, EvalRun, Review, ReviewTally, Seat, Signal
from bot.domain.signals.shapes import COMMON, SHAPES, FieldKind, Shape
from bot.domain.wording import cut
from bot.intake.literals import Unusable, shown
from bot.intake.values import (
    MAX_NAME,
    MAX_TEXT,
    Check,
    Unfit,
    bare_date,
    check_of,
    instant,
    name,
    text,
)

_LINKS = ("https://", "http://")


@dataclass(frozen=True, slots=True)
class Known:
    """A workflow or team that signals may name, by its own name; what is older than `earliest` is not kept."""

    name: str
    earliest: datetime | None = None


@dataclass(frozen=True, slots=True)
class ByHand:
    """What a person need not type: the workflow, and the time of day.

    `instant` gives the instant for which a bare date stands. No entry may name a source beside that of the terms.
    """

    workflow: str
    instant: Callable[[date], datetime]


@dataclass(frozen=True, slots=True)
class Terms:
    """What signals are taken in by: the clock, and who knows the workflows and teams that they may name.

    `workflow` and `team` give what goes by a name, or the sentence that says why nothing does; each name is
    asked for once. `source` stands in where an entry names none; `by_hand` says that a person typed the entries. `seal`
    gives what stands in place of an id, within that source, that was made from words which can be erased.
    """

    now: datetime
    workflow: Callable[[str], Known | str]
    team: Callable[[str], Known | str]
    source: str | None = None
    by_hand: ByHand | None = None
    seal: Callable[[str, str], str] = lambda _, made: made


@dataclass(frozen=True, slots=True)
class _Plan:
    shape: Shape
    allowed: frozenset[str]
    checks: tuple[tuple[str, bool, Check], ...]
    instants: tuple[str, ...]
    titles: tuple[str, ...]


def _plan(shape: Shape) -> _Plan:
    return _Plan(
        shape,
        frozenset((*COMMON, shape.subject, *(field.name for field in shape.fields))),
        tuple((field.name, field.required, check_of(field)) for field in shape.fields),
        tuple(field.name for field in shape.fields if field.kind is FieldKind.INSTANT),
        tuple(field.name for field in shape.fields if field.kind is FieldKind.TITLE),
    )


_PLANS: Mapping[str, _Plan] = MappingProxyType({kind: _plan(shape) for kind, shape in SHAPES.items()})


class Clerk:
    """Makes signals of entries; remembers which workflows and teams are known."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._ahead = terms.now + MAX_AHEAD
        self._subjects: dict[str, dict[str, Known | str]] = {"workflow": {}, "team": {}}

    def take(self, entry: object) -> Signal[Body]:
        """The signal that `entry`, decoded JSON, is; Unfit if it is none."""
        if type(entry) is not dict:
            raise Unfit(f"The entry {entry.why}." if isinstance(entry, Unusable) else "The entry is no JSON object.")
        plan = _plan_of(entry)
        if not entry.keys() <= plan.allowed:
            _refuse_unknown(entry, plan)
        at = self._at(entry)
        subject = plan.shape.subject
        known = self._known(subject, self._subject(entry, subject))
        if known.earliest is not None and at < known.earliest:
            _refuse_old(at, known)
        if plan.titles and not self._terms.by_hand:
            # An incident counts whatever somebody wrote over it; a person can shorten a title where it is typed.
            entry = entry | {field: _shortened(entry[field]) for field in plan.titles if field in entry}
        make: Callable[..., Body] = plan.shape.body
        body = make(*_values(entry, plan))
        for field in plan.instants:
            self._demand_past(getattr(body, field), field)
        if coherence := _COHERENCE.get(type(body)):
            coherence(body)
        return Signal(
            name(_needed(entry, "id"), "id"),
            self._source(entry),
            at,
            known.name if subject == "workflow" else None,
            known.name if subject == "team" else None,
            None if entry.get("url") is None else _url(entry["url"]),
            body,
        )

    def _at(self, entry: dict[str, object]) -> datetime:
        raw, by_hand = _needed(entry, "at"), self._terms.by_hand
        day = bare_date(raw, "at") if by_hand else None
        at = by_hand.instant(day) if by_hand and day else instant(raw, "at")
        self._demand_past(at, "at")
        return at

    def _subject(self, entry: dict[str, object], subject: str) -> object:
        if self._terms.by_hand and subject == "workflow" and entry.get(subject) is None:
            return self._terms.by_hand.workflow
        return _needed(entry, subject)

    def _source(self, entry: dict[str, object]) -> str:
        own = self._terms.source
        if own and entry.get("source") is None:
            return own
        source = name(_needed(entry, "source"), "source")
        if self._terms.by_hand and source != own:
            raise Unfit(f'source is "{own}" for whatever a person types, not {shown(source)}: leave it out.')
        return source

    def _demand_past(self, at: datetime | None, field: str) -> None:
        if at is not None and at > self._ahead:
            raise Unfit(f"{field} is in the future: {at:%Y-%m-%d %H:%M:%S} UTC is {_span(at - self._terms.now)} ahead.")

    def _known(self, subject: str, raw: object) -> Known:
        asked = self._subjects[subject]
        known = asked.get(raw) if type(raw) is str else None
        if known is None:
            wanted = name(raw, subject)
            known = (self._terms.team if subject == "team" else self._terms.workflow)(wanted)
            asked[wanted] = known
        if type(known) is str:
            raise Unfit(known)
        assert isinstance(known, Known)
        return known


def _shortened(title: object) -> object:
    """A title that is too long cut to what fits, with "…" at its end; everything else as it was sent."""
    return cut(title, MAX_TEXT) if type(title) is str and len(title) > MAX_TEXT else title


def _plan_of(entry: dict[str, object]) -> _Plan:
    kind = _needed(entry, "type")
    plan = _PLANS.get(kind) if type(kind) is str else None
    if plan is None:
        wanted = name(kind, "type")
        guess = near(wanted, _PLANS)
        hint = f'did you mean "{guess}"?' if guess else f"the types are {', '.join(_PLANS)}."
        raise Unfit(f"There is no signal type {shown(wanted)}; {hint}")
    return plan


def _needed(entry: dict[str, object], field: str) -> object:
    value = entry.get(field)
    if value is None:
        raise Unfit(f"{field} is null, and must not be." if field in entry else f"{field} is missing.")
    return value


def _values(entry: dict[str, object], plan: _Plan) -> list[Any]:
    values = []
    for field, required, check in plan.checks:
        raw = entry.get(field)
        if raw is None:
            values.append(_needed(entry, field) if required else None)
        else:
            values.append(check(raw, field))
    return values


def _refuse_unknown(entry: dict[str, object], plan: _Plan) -> None:
    field = next(key for key in entry if key not in plan.allowed)
    kind, subject = plan.shape.kind, plan.shape.subject
    if field in ("workflow", "team"):
        raise Unfit(f"A signal of type {kind} names a {subject}, not a {field}.")
    guess = near(field, plan.allowed - entry.keys()) if len(field) <= MAX_NAME else None
    hint = f'; did you mean "{guess}"?' if guess else "."
    raise Unfit(f"A signal of type {kind} has no field {shown(field)}{hint}")


def _refuse_old(at: datetime, known: Known) -> None:
    raise Unfit(
        f"at is too long ago: {at:%Y-%m-%d} is more than {HISTORY_DAYS} days before {known.name} started, and "
        "nothing that old is kept."
    )


def _url(raw: object) -> str:
    url = text(raw, "url")
    if not url.startswith(_LINKS) or not url.isprintable() or " " in url:
        raise Unfit(f"url must be a web address that begins with https://, not {shown(url)}.")
    return url


def _span(ahead: timedelta) -> str:
    for unit, length in (("days", timedelta(days=1)), ("hours", timedelta(hours=1)), ("minutes", timedelta(minutes=1))):
        if ahead >= 2 * length:
            return f"{ahead // length} {unit}"
    raise AssertionError(ahead)


def _review(body: Review) -> None:
    together = {"reviewed_at": body.reviewed_at, "outcome": body.outcome, "reviewer": body.reviewer}
    missing = [field for field, value in together.items() if value is None]
    if len(missing) in (1, 2):
        raise Unfit(f"{missing[0]} is missing: reviewed_at, outcome and reviewer come together or not at all.")
    if body.reviewed_at is not None and body.reviewed_at < body.submitted_at:
        raise Unfit("reviewed_at is before submitted_at.")


def _eval_run(body: EvalRun) -> None:
    if body.cases == 0:
        raise Unfit("cases must be at least 1: a run without cases says nothing.")
    _demand_within("passed", body.passed, "cases", body.cases)


def _review_tally(body: ReviewTally) -> None:
    _demand_within("reviewed", body.reviewed, "outputs", body.outputs)
    _demand_within("overridden", body.overridden, "reviewed", body.reviewed)


def _seat(body: Seat) -> None:
    _demand_within("trained", body.trained, "people", body.people)


def _demand_within(part: str, count: int, whole: str, limit: int) -> None:
    if count > limit:
        raise Unfit(f"{part} is {count:,} and {whole} only {limit:,}.")


_COHERENCE: Mapping[type, Callable[[Any], None]] = MappingProxyType(
    {Review: _review, EvalRun: _eval_run, ReviewTally: _review_tally, Seat: _seat}
)
