"""`rollout finding`: what is off plan, who knows of it, and why it was found."""

from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.call import Call, command
from bot.cli.speech import say, show, worded
from bot.cli.words import Format, Person, Reason, day_of

if TYPE_CHECKING:
    from bot.actions.findings.seeking import Sought
    from bot.domain.findings.tracking import Followed

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Findings: what is off plan.")

FindingId = Annotated[str, typer.Argument(metavar="ID", help="Its id, as `rollout finding list` shows it.")]
Words = Annotated[str, typer.Option("--reason", metavar="TEXT", help="In a few words why, if you like.")]


@command(app, "list")
def show_all(
    call: Call,
    workflow: Annotated[str | None, typer.Argument(metavar="WORKFLOW", help="Only those about this one.")] = None,
    *,
    form: Format = "json",
) -> None:
    """List what is off plan now, the gravest first, with what became of it over the weeks."""
    from bot.actions.checklists import checklist_of
    from bot.actions.findings.scene import scene_of
    from bot.actions.findings.tracking import followed_now, followed_of
    from bot.cli.desk import to_read, workflow_in
    from bot.domain.findings.weeks import Weeks

    with to_read(call) as session, session.desk.reading() as view:
        at = session.desk.clock.now()
        if workflow is None:
            scene = scene_of(session.desk, view.workflows(), view)
            found = followed_now(view, Weeks(at, session.settings.timezone), scene)
        else:
            one = workflow_in(view, workflow)
            found = followed_of(view, (checklist_of(view, one, at),), at, scene_of(session.desk, (one,), view))
    if form == "text":
        say(worded("findings.cli_list", session.settings.timezone, found=found))
        return
    show({"findings": [entry_of(each) for each in found]})


@command(app, "ack")
def acknowledge(call: Call, finding: FindingId) -> None:
    """Say that you know of a finding; it is shown again once it gets worse."""
    from bot.actions.findings.minding import acknowledge as know
    from bot.cli.desk import to_change

    with to_change(call) as session:
        fact = session.do(finding.strip(), know, finding)
    show({"id": fact.finding_id, "state": "acknowledged"})


@command(app, "snooze")
def snooze(
    call: Call,
    finding: FindingId,
    *,
    until: Annotated[date, typer.Option("--until", metavar="DATE", parser=day_of, help="The day on which it returns.")],
    reason: Reason,
) -> None:
    """Put a finding off until a day, at most 28 days ahead; red lines never."""
    from bot.actions.findings.minding import snooze as put_off
    from bot.cli.desk import to_change

    with to_change(call) as session:
        fact = session.do(finding.strip(), put_off, finding, until, reason)
    show({"id": fact.finding_id, "state": "snoozed", "until": fact.until.isoformat()})


@command(app, "assign")
def assign(call: Call, finding: FindingId, person: Person) -> None:
    """Put a finding into someone's hands."""
    from bot.actions.findings.minding import assign as hand_over
    from bot.cli.desk import to_change

    with to_change(call) as session:
        fact = session.do(finding.strip(), hand_over, finding, session.desk.person(person))
    show({"id": fact.finding_id, "owner": person})


@command(app, "useless")
def useless(call: Call, finding: FindingId, *, reason: Words = "") -> None:
    """Say that a finding was not useful, which counts in the precision of its rule."""
    _judge_use(call, finding, reason, useful=False)


@command(app, "useful")
def useful(call: Call, finding: FindingId, *, reason: Words = "") -> None:
    """Say that a finding was useful after all."""
    _judge_use(call, finding, reason, useful=True)


def _judge_use(call: Call, finding: str, reason: str, *, useful: bool) -> None:
    from bot.actions.findings.minding import judge_use
    from bot.cli.desk import to_change

    with to_change(call) as session:
        fact = session.do(finding.strip(), judge_use, finding, useful=useful, reason=reason)
    show({"id": fact.finding_id, "useful": fact.useful})


@command(app, "why")
def why(call: Call, finding: FindingId, *, form: Format = "json") -> None:
    """Show why something was found: the rule, the facts that made it fire now, and what became of it."""
    from functools import partial

    from bot.actions.findings.scene import scene_of
    from bot.actions.findings.seeking import seek
    from bot.cli.desk import to_read
    from bot.domain.findings.book import entry, facts_in_words

    with to_read(call) as session, session.desk.reading() as view:
        at = session.desk.clock.now()
        sought = seek(view, finding, at, partial(scene_of, session.desk, view=view))
        history = view.history(sought.id)
    rule = entry(sought.rule)
    if form == "text":
        facts = facts_in_words(sought.now.finding) if sought.now else ()
        zone = session.settings.timezone
        told = [
            worded("findings.cli_why", zone, s=sought, facts=facts),
            worded("findings.rule", zone, rule=rule),
            worded("findings.history", zone, history=history),
        ]
        say("\n".join(part for part in told if part))
        return
    show({**_sought(sought), "fires_when": rule.fires_when})


@command(app, "rules")
def rules(call: Call, *, form: Format = "text") -> None:
    """List every rule, when it fires, and its precision: the share of its findings that nobody called not useful."""
    from bot.cli.desk import to_read
    from bot.domain.findings.book import entries
    from bot.domain.findings.precision import Precision

    with to_read(call) as session, session.desk.reading() as view:
        measured = view.findings.precision()
    found = [(each, measured.get(each.id, Precision())) for each in entries()]
    if form == "text":
        say(worded("findings.cli_rules", rules=found))
        return
    show(
        {
            "rules": [
                {
                    "id": rule.id,
                    "version": rule.version,
                    "fires_when": rule.fires_when,
                    "came": precision.came,
                    "not_useful": precision.useless,
                    "precision": None if precision.share is None else float(round(precision.share, 4)),
                }
                for rule, precision in found
            ]
        }
    )


def entry_of(followed: "Followed") -> dict[str, object]:
    """A finding as programs read it: what was found, and what became of it."""
    from store.types import instant_text

    finding, kept = followed.finding, followed.tracked
    return {
        "id": finding.id,
        "rule": finding.rule,
        "version": finding.version,
        "severity": finding.severity.value,
        "workflow": finding.subject.name if finding.subject.kind == "workflow" else None,
        "team": finding.team,
        "summary": finding.summary,
        "facts": {name: list(value) if isinstance(value, tuple) else value for name, value in finding.facts},
        "owner": followed.owner.handle if followed.owner else None,
        "next_step": finding.next_step,
        "first_seen": instant_text(followed.first_seen),
        "weeks": followed.weeks,
        "state": followed.state.value,
        "acknowledged_by": kept.acknowledged.by.handle if kept and kept.is_open and kept.acknowledged else None,
        "snoozed_until": kept.snoozed.until.isoformat() if kept and kept.snoozed else None,
        "evidence": [{"id": each.id, "url": each.url} for each in finding.evidence],
    }


def _sought(sought: "Sought") -> dict[str, object]:
    """The same of one by its id, and of one that is found no more what is kept of it."""
    from store.types import instant_text

    if sought.now:
        return entry_of(sought.now)
    assert sought.kept
    resolved_at = sought.kept.resolved_at
    return {
        "id": sought.id,
        "rule": sought.rule,
        "severity": sought.kept.weight.severity.value,
        "workflow": sought.workflow.name if sought.workflow else None,
        "first_seen": instant_text(sought.kept.first_seen),
        "state": "resolved",
        "resolved_at": instant_text(resolved_at) if resolved_at else None,
    }
