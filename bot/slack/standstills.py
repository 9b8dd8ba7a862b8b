"""What a team's channel hears at once when its agent must stand still, may do less, or may go on."""

from collections.abc import Callable, Mapping
from zoneinfo import ZoneInfo

from bot.actions.desk import Desk
from bot.actions.grants.watch import LATEST, watched
from bot.domain.freezes import FreezeKind
from bot.domain.grants.guarding import causes, causes_for, crossings
from bot.domain.grants.life import Grant, GrantState, SuspensionCause
from bot.domain.grants.terms import described
from bot.domain.people import Person
from bot.domain.workflows import Role, Workflow
from bot.slack.blocks import Block, Screen, section
from bot.slack.pen import Pen
from store import Entry, View

Draw = Callable[[Desk, Mapping[str, str], str | None], Screen]


def _standstill(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen:
    """What happened with the number found, which actions stand still, and what it takes to go on, by whom."""
    del target
    cause, subject = SuspensionCause[about["cause"]], about.get("subject", "")
    with desk.reading() as view:
        workflow = view.workflow_by_id(about["workflow"])
        grants = _standing_still(view, about, cause, subject)
        told = _told(desk, view, workflow).get((cause, subject), cause.value)
        words = _reason(grants) if cause is SuspensionCause.BY_HAND else _summary(view, workflow, cause, subject)
        lines = {each.rule: each.text for each in view.metrics.red_line_entries(workflow.id)}
    pen = _pen(workflow)
    stopped = [grant.terms.action for grant in grants]
    more = {"cause": cause.name, "subject": subject, "words": words, "rule": lines.get(subject)}
    headline = pen.md("grants.told_headline", w=workflow, told=told, stopped=stopped)
    needs = pen.md("grants.told_needs", **more) if stopped else ""
    return _screen(pen, workflow, headline, pen.md("grants.told_more", **more), needs)


def _standing_still(view: View, about: Mapping[str, str], cause: SuspensionCause, subject: str) -> tuple[Grant, ...]:
    """The grants that this cause still suspends."""
    living = view.grants.living(about["workflow"])
    mine = [grant for grant in living if about.get("grant", "") in ("", grant.id)]
    return tuple(g for g in mine if any((s.cause, s.subject) == (cause, subject) for s in g.suspensions))


def _told(desk: Desk, view: View, workflow: Workflow) -> Mapping[tuple[SuspensionCause, str], str]:
    """Everything that speaks against the workflow's agent now, in words."""
    seen = watched(view, workflow, desk.clock.now())
    of_grants = [each for grant in view.grants.living(workflow.id) for each in causes_for(grant, seen)]
    found = (*crossings({}, view.gates.violations(workflow.id, LATEST)), *causes(seen), *of_grants)
    return {each.name: each.told for each in found}


def _reason(grants: tuple[Grant, ...]) -> str | None:
    return next((s.reason for g in grants for s in g.suspensions if s.cause is SuspensionCause.BY_HAND), None)


def _summary(view: View, workflow: Workflow, cause: SuspensionCause, subject: str) -> str | None:
    """What the signal said of a violation or an incident."""
    if cause is SuspensionCause.RED_LINE:
        violation = view.gates.violations(workflow.id, LATEST).get(subject)
        return violation.body.summary if violation else None
    if cause is SuspensionCause.INCIDENT:
        courses = view.gates.incidents(workflow.id, LATEST)
        return next((each.latest.body.title for each in courses if each.latest.body.key == subject), None)
    return None


def _of_grant(kind: str) -> Draw:
    """What became of one grant."""

    def draw(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen:
        del target
        with desk.reading() as view:
            workflow = view.workflow_by_id(about["workflow"])
            grant = view.grants.one(about["grant"])
            narrowed = grant.replaces if kind == "grant_narrowed" else None
            record = _last(view.history(narrowed or grant.id), kind)
        text = _pen(workflow).md(
            f"grants.told_{kind}",
            w=workflow,
            action=grant.terms.action,
            by=record.who,
            words=record.words,
            bounds=described(grant.terms),
            attended=grant.terms.requires_human_approval,
        )
        return _screen(_pen(workflow), workflow, text)

    return draw


def _of_freeze(kind: str) -> Draw:
    """A workflow that was frozen, or is no longer."""

    def draw(desk: Desk, about: Mapping[str, str], target: str | None) -> Screen:
        del target
        with desk.reading() as view:
            workflow = view.workflow_by_id(about["workflow"])
            record = _last(view.history(workflow.id), kind)
            held = view.grants.freeze(workflow.id)
            living = [g for g in view.grants.living(workflow.id) if not g.has_expired(desk.clock.now())]
        text = _pen(workflow).md(
            f"grants.told_{kind}",
            w=workflow,
            by=record.who,
            words=record.words,
            is_drill=held is not None and held.kind is FreezeKind.DRILL,
            actions=[g.terms.action for g in living if g.state is GrantState.ACTIVE],
        )
        return _screen(_pen(workflow), workflow, text)

    return draw


def _last(history: tuple[Entry, ...], fact: str) -> Entry:
    return next(entry for entry in reversed(history) if entry.fact == fact)


def _screen(pen: Pen, workflow: Workflow, headline: str, *more: str) -> Screen:
    """The paragraphs, and below them whom it concerns."""
    blocks: list[Block] = [section(text) for text in (headline, *more) if text]
    people: tuple[Person, ...] = (*workflow.holders_of(Role.STEWARD), *workflow.holders_of(Role.OWNER))
    blocks.append(section(pen.md("grants.told_people", people=list({p.handle: p for p in people}.values()))))
    return Screen(headline, tuple(blocks))


def _pen(workflow: Workflow) -> Pen:
    return Pen(ZoneInfo(workflow.team.zone))


STANDSTILLS: Mapping[str, Draw] = {
    **{kind: _standstill for kind in ("grants_suspended", "red_line_violated", "guardrail_breached")},
    **{kind: _of_grant(kind) for kind in ("grant_revoked", "grant_narrowed", "grant_resumed")},
    **{kind: _of_freeze(kind) for kind in ("workflow_frozen", "workflow_unfrozen")},
}
