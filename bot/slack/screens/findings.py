"""Findings: in a status, in a list, one with its reasons, and the windows around them."""

from collections.abc import Iterator
from datetime import date, timedelta

from bot.actions.findings.seeking import Sought
from bot.domain.findings.book import entry, facts_in_words
from bot.domain.findings.kinds import Finding
from bot.domain.findings.minding import NEVER_SNOOZED, SNOOZE_LIMIT_DAYS
from bot.domain.findings.tracking import FindingState, Followed
from bot.domain.people import Person
from bot.domain.workflows import Workflow
from bot.slack.blocks import (
    Block,
    Screen,
    actions,
    button,
    calendar,
    context,
    field,
    modal,
    overflow,
    person,
    section,
    typed,
)
from bot.slack.pen import Pen
from bot.slack.screens.documents import postmortem_button
from store.reading.history import Entry

IN_STATUS, IN_LIST, IN_WHY, IN_HOME = "s", "l", "w", "h"
"""Where a control stands, as its value says it; a digest's says nothing."""

_MENDED_BY_MEMO = ("memo.missing", "memo.missed")
_STATUS_LIMIT = 3
_HOME_LIMIT = 5
_LIST_LIMIT = 20
_EVIDENCE_LIMIT = 8
_SNOOZE_PRESET_DAYS = 7


def menu_of(finding: Finding, state: FindingState, origin: str = "") -> Block:
    """The `⋯` menu of a finding: what may be done with it as it stands."""
    place = f"{finding.id}:{origin}" if origin else finding.id
    choices = [
        ("Acknowledge", f"ack:{place}"),
        ("Snooze…", f"snooze:{place}"),
        ("Assign…", f"assign:{place}"),
        ("Not useful", f"useless:{place}"),
        ("Why?", f"why:{place}"),
    ]
    if state is FindingState.ACKNOWLEDGED:
        choices.pop(0)
    if finding.rule in NEVER_SNOOZED:
        choices = [each for each in choices if not each[1].startswith("snooze:")]
    return overflow("finding.menu", choices)


def standing(pen: Pen, followed: Followed, today: date) -> str:
    """How a finding stands over the weeks, in words, and who knows of it."""
    return pen.md("findings.standing", f=followed, today=today)


def _row(pen: Pen, followed: Followed, origin: str, today: date, *, named: bool = False) -> Block:
    told = standing(pen, followed, today)
    text = pen.md("findings.line", f=followed, named=named, standing=told, today=today)
    return section(text, menu_of(followed.finding, followed.state, origin))


def status_blocks(pen: Pen, found: tuple[Followed, ...], name: str, today: date) -> list[Block]:
    """The gravest few under the gate, the rest counted."""
    if not found:
        return []
    shown = [each for each in found if each.is_shown]
    blocks = [section(pen.md("findings.title"))] if shown else []
    blocks += [_row(pen, each, IN_STATUS, today) for each in shown[:_STATUS_LIMIT]]
    return [*blocks, *_rest(pen, len(shown) - _STATUS_LIMIT, len(found) - len(shown), name)]


def home_blocks(pen: Pen, owned: tuple[Followed, ...], today: date) -> list[Block]:
    """Those that someone owns, on their Home; the rest counted."""
    shown = [each for each in owned if each.is_shown]
    if not shown:
        return []
    rows = [_row(pen, each, IN_HOME, today, named=True) for each in shown[:_HOME_LIMIT]]
    rest = _rest(pen, len(shown) - _HOME_LIMIT, len(owned) - len(shown), "")
    return [section(pen.md("findings.owned_title")), *rows, *rest]


def _rest(pen: Pen, more: int, snoozed: int, name: str) -> list[Block]:
    if more <= 0 and not snoozed:
        return []
    return [context(pen.md("findings.rest", more=max(more, 0), snoozed=snoozed, name=name))]


def list_screen(pen: Pen, found: tuple[Followed, ...], name: str, today: date) -> Screen:
    """Everything about one workflow, each with its rule."""
    if not found:
        text = pen.md("findings.none", name=name)
        return Screen(text, (section(text),))
    title = pen.md("findings.of_workflow", count=len(found), name=name)
    blocks: list[Block] = [section(title)]
    for each in found[:_LIST_LIMIT]:
        blocks.append(_row(pen, each, IN_LIST, today))
        blocks.append(context(pen.md("findings.rule", rule=entry(each.finding.rule))))
    return Screen(title, (*blocks, *_rest(pen, len(found) - _LIST_LIMIT, 0, "")))


def why_screen(pen: Pen, sought: Sought, history: tuple[Entry, ...], today: date) -> Screen:
    """One finding with the facts that made its rule fire, its evidence, and what became of it."""
    blocks: list[Block] = []
    if sought.now:
        blocks.append(_row(pen, sought.now, IN_WHY, today, named=True))
        told = standing(pen, sought.now, today)
        title = pen.md("findings.line", f=sought.now, named=True, standing=told, today=today)
        blocks += _reasons(pen, sought.now.finding)
    else:
        title = pen.md("findings.gone", s=sought)
        blocks.append(section(title))
    blocks.append(section(pen.md("findings.rule", rule=entry(sought.rule))))
    if history:
        blocks.append(context(pen.md("findings.history", history=history)))
    if sought.workflow:
        steps = [*_ways(sought, sought.workflow), button("Status", "status.open", sought.workflow.name)]
        if sought.now and sought.rule in _MENDED_BY_MEMO:
            steps.insert(0, button("File the memo…", "finding.memo", sought.id))
        blocks.append(actions(*steps))
    return Screen(title, tuple(blocks))


def _ways(sought: Sought, workflow: Workflow) -> Iterator[Block]:
    """What mends it, where that is something to be written or looked at here."""
    facts = dict(sought.now.finding.facts) if sought.now else {}
    if incident := facts.get("incident"):
        yield postmortem_button(workflow.id, str(incident))
    if deviation := facts.get("deviation"):
        yield button("Look at the deviation", "deviation.open", str(deviation))


def _reasons(pen: Pen, finding: Finding) -> Iterator[Block]:
    facts = facts_in_words(finding)
    if facts:
        yield section(pen.md("findings.facts", facts=facts))
    if finding.evidence:
        few, more = finding.evidence[:_EVIDENCE_LIMIT], len(finding.evidence) - _EVIDENCE_LIMIT
        linked = [at for at, trace in enumerate(few) if pen.may_link(trace.url)]
        yield context(pen.md("findings.evidence", traces=few, linked=linked, more=max(more, 0)))


def snooze_modal(pen: Pen, sought: Sought, today: date, memory: str) -> Block:
    """Until when, and why."""
    hint = pen.plain("findings.snooze_until_hint", days=SNOOZE_LIMIT_DAYS)
    until = calendar(today + timedelta(days=_SNOOZE_PRESET_DAYS))
    blocks = [
        *_about(pen, sought, today),
        field("until", pen.plain("findings.snooze_until_label"), until, hint=hint),
        field("reason", pen.plain("findings.snooze_reason_label"), typed(multiline=True)),
    ]
    return modal("finding.snooze", "Snooze", blocks, submit="Snooze", metadata=memory)


def assign_modal(pen: Pen, sought: Sought, holder: Person | None, today: date, memory: str) -> Block:
    """Whose it is."""
    known = holder.handle if holder and holder.handle and holder.handle.startswith(("U", "W")) else None
    blocks = [*_about(pen, sought, today), field("person", pen.plain("findings.assign_label"), person(known))]
    return modal("finding.assign", "Assign", blocks, submit="Assign", metadata=memory)


def _about(pen: Pen, sought: Sought, today: date) -> Iterator[Block]:
    if sought.now:
        told = standing(pen, sought.now, today)
        yield section(pen.md("findings.line", f=sought.now, named=True, standing=told, today=today))
    else:
        yield section(pen.md("findings.gone", s=sought))
