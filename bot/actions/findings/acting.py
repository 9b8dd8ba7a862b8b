"""What agents did and asked before doing, gathered for the rules; workflow by workflow, so that memory stays small."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import playbooks
from bot.actions.findings.frames import Frame
from bot.domain.findings.acts import (
    Act,
    Answer,
    Effects,
    GrantSpan,
    has_reported,
    named_allow,
    reports_another,
    reports_none,
    without_allow,
)
from bot.domain.findings.seen import ActsSeen, Blocked, Drift, Unasked
from bot.domain.risk import Effect
from bot.domain.signals.kinds import Span
from bot.domain.verdicts import Trace
from store import View
from store.reading.acts import DecisionTally

_AT_ONCE = 100
_TRACES = 5


@dataclass(frozen=True, slots=True)
class _Doing:
    """What one workflow's agent did and asked in the week, and its grants."""

    of: Frame
    acts: tuple[Act, ...]
    tallies: tuple[DecisionTally, ...]
    grants: tuple[GrantSpan, ...]

    @property
    def reports(self) -> bool:
        """Whether the agent says at all, in what it does or asks, by which grant it acts."""
        return any(tally.reporting for tally in self.tallies) or any(act.grant_hash for act in self.acts)


def acts_by(view: View, frames: Mapping[str, Frame]) -> Mapping[str, ActsSeen]:
    """What the agent of each of these workflows did, by id."""
    effects, ids = Effects(playbooks.risk_matrix()), tuple(frames)
    found: dict[str, ActsSeen] = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = {id_: frames[id_] for id_ in ids[start : start + _AT_ONCE]}
        found |= _some_acts(view, some, effects)
    return found


def _some_acts(view: View, frames: Mapping[str, Frame], effects: Effects) -> Mapping[str, ActsSeen]:
    weeks = next(iter(frames.values())).weeks
    acts = view.acts.within({id_: of.week for id_, of in frames.items()}, weeks.at)
    tallies = view.acts.tallies(tuple(frames), weeks.week())
    grants = view.acts.grants([id_ for id_ in frames if acts[id_]])
    doing = {id_: _Doing(of, acts[id_], tallies[id_], grants.get(id_, ())) for id_, of in frames.items()}
    answers = view.acts.named(_named(doing, effects), weeks.at)
    unasked = _unasked(view, doing, answers, effects)
    return {
        id_: ActsSeen(
            count=len(each.acts) + sum(tally.asked for tally in each.tallies),
            unasked=_by_action(unasked.get(id_, ())),
            drifts=tuple(_drifts(view, each, answers)),
            blocked=tuple(_blocked(view, each)),
        )
        for id_, each in doing.items()
    }


def _named(doing: Mapping[str, _Doing], effects: Effects) -> set[str]:
    """The decisions to look up: those that actions with an effect rest on, and that may say by which grant."""
    return {
        act.decision
        for each in doing.values()
        for act in each.acts
        if act.decision is not None and ((each.reports and not act.grant_hash) or _matters(act, each, effects))
    }


def _matters(act: Act, doing: _Doing, effects: Effects) -> bool:
    return act.is_done and effects.of(act, doing.grants) is not Effect.NONE


# action.unasked


def _unasked(
    view: View, doing: Mapping[str, _Doing], answers: Mapping[str, Answer], effects: Effects
) -> Mapping[str, tuple[Act, ...]]:
    """The actions of each workflow that have no allow; only where one is in doubt more is read than the week's."""
    found: dict[str, tuple[Act, ...]] = {}
    for workflow_id, each in doing.items():
        acts = tuple(act for act in each.acts if _matters(act, each, effects))
        if any(named_allow(workflow_id, act, answers) is None for act in acts):
            found[workflow_id] = _doubted(view, workflow_id, replace(each, acts=acts), answers, effects)
    return found


def _doubted(
    view: View, workflow_id: str, doing: _Doing, answers: Mapping[str, Answer], effects: Effects
) -> tuple[Act, ...]:
    """The actions of the week without an allow, where the allows that actions before it used up count too."""
    week, at = doing.of.week, doing.of.weeks.at
    within = timedelta(hours=doing.of.playbook.count("action.unasked", "match_hours"))
    since = week.start - within
    known = {**answers}
    for answer in view.acts.allows({workflow_id: Span(since - within, at)})[workflow_id]:
        known[answer.id] = answer
    # Where nothing was ever allowed, nothing was used up before.
    earlier = view.acts.within({workflow_id: Span(since, week.start)}, at)[workflow_id] if known else ()
    before = [act for act in earlier if _matters(act, doing, effects)]
    known |= view.acts.named({act.decision for act in before if act.decision}, at)
    acts = _as_done(view, (*before, *doing.acts), at)
    return tuple(act for act in without_allow(workflow_id, acts, known, within) if act.at >= week.start)


def _as_done(view: View, acts: Iterable[Act], at: datetime) -> Iterator[Act]:
    """The actions at the instant when each was done: a later word on the same run moves none of them."""
    every = tuple(acts)
    done_at = view.acts.done_at(every, at)
    return (replace(act, at=done_at.get(act.about, act.at)) if act.about else act for act in every)


def _by_action(acts: Sequence[Act]) -> tuple[Unasked, ...]:
    found: dict[str, list[Act]] = defaultdict(list)
    for act in acts:
        found[act.action].append(act)
    return tuple(
        Unasked(action, len(of), of[0].at, tuple(act.trace for act in of[:_TRACES]))
        for action, of in sorted(found.items())
    )


# policy.drift


def _drifts(view: View, doing: _Doing, answers: Mapping[str, Answer]) -> Iterator[Drift]:
    """What was done or asked by another grant than the one in force, by action.

    An agent that names its grant only where it asks, or only where it acts, is silent there alone where it names it.
    """
    is_asked_so = any(tally.reporting for tally in doing.tallies)
    tallies = {tally.action: tally for tally in doing.tallies}
    acts: dict[str, list[Act]] = defaultdict(list)
    for act in _suspects(view, doing, answers):
        acts[act.action].append(act)
    for action in sorted({*tallies, *acts}):
        other = [act for act in acts[action] if reports_another(act, doing.grants)]
        silent = [act for act in acts[action] if reports_none(act, doing.grants, answers)]
        tally = tallies.get(action)
        others = len(other) + (tally.other if tally else 0)
        silents = len(silent) + (tally.silent if tally and is_asked_so else 0)
        if others or silents:
            traces = [act.trace for act in (*other, *silent)]
            ids = (tally.one_other, tally.one_silent if is_asked_so else None) if tally else ()
            traces += [Trace("decision", id_) for id_ in ids if id_]
            yield Drift(action, others, silents, tuple(traces[:_TRACES]))


def _suspects(view: View, doing: _Doing, answers: Mapping[str, Answer]) -> tuple[Act, ...]:
    """The actions that may have drifted, at the instant when each was done, and without those of earlier weeks."""
    is_done_so = doing.reports and any(has_reported(act, answers) for act in doing.acts)
    found = [
        act
        for act in doing.acts
        if reports_another(act, doing.grants) or (is_done_so and reports_none(act, doing.grants, answers))
    ]
    return tuple(act for act in _as_done(view, found, doing.of.weeks.at) if act.at >= doing.of.week.start)


# agent.blocked


def _blocked(view: View, doing: _Doing) -> Iterator[Blocked]:
    least = max(doing.of.playbook.count("agent.blocked", "min_denies"), 1)
    for tally in doing.tallies:
        if tally.denies >= least and tally.denied_at is not None:
            allowed_at = view.acts.allowed_at(doing.of.workflow.id, tally.action, tally.denied_at)
            yield Blocked(tally.action, tally.denies, allowed_at)
