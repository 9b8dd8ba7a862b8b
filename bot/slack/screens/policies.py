"""The list of policies, one of them whole, and the window in which one is written."""

from collections.abc import Sequence
from datetime import date

from bot.domain.deviations import Deviation, DeviationArea
from bot.domain.policies import NAME_LIMIT, TEXT_LIMIT, Policy
from bot.slack.blocks import (
    Block,
    Screen,
    actions,
    button,
    calendar,
    chosen,
    context,
    field,
    modal,
    option,
    overflow,
    person,
    section,
    typed,
)
from bot.slack.pen import Pen

_SHOWN = 40
_BREACHES = 10


def policies_screen(pen: Pen, found: Sequence[Policy], today: date, words: str) -> Screen:
    """One row for each policy that was found, with its menu; `words` were looked for, if any."""
    text = pen.md("policies.title", count=len(found), words=words)
    due = sum(each.is_due(today) for each in found)
    blocks = [section(text), *(_row(pen, each, today) for each in found[:_SHOWN])]
    if len(found) > _SHOWN:
        blocks.append(context(pen.md("policies.more", count=len(found) - _SHOWN)))
    if due:
        blocks.append(context(pen.md("policies.due", count=due)))
    return Screen(text, (*blocks, actions(button("Add…", "policy.add"))))


def _row(pen: Pen, policy: Policy, today: date) -> Block:
    menu = overflow("policy.menu", [("Read it", f"read:{policy.id}"), ("Edit…", f"edit:{policy.id}")])
    return section(pen.md("policies.row", p=policy, review=_review(pen, policy, today)), menu)


def _review(pen: Pen, policy: Policy, today: date) -> str:
    return pen.md("policies.review", p=policy, today=today)


def policy_screen(pen: Pen, policy: Policy, today: date, breaches: Sequence[Deviation] = (), said: str = "") -> Screen:
    """A policy whole, with the open deviations that name it, and above it what was `said` of a change."""
    head = pen.md("policies.head", p=policy, review=_review(pen, policy, today))
    blocks = [section(said)] if said else []
    blocks += [section(head), section(pen.md("policies.whole", p=policy))]
    if breaches:
        blocks.append(
            section(pen.md("policies.breaches", count=len(breaches), shown=breaches[:_BREACHES], today=today))
        )
    blocks.append(context(pen.md("policies.written", p=policy)))
    return Screen(head, (*blocks, actions(button("Edit…", "policy.edit", policy.id))))


def policy_modal(pen: Pen, policy: Policy | None, owner: str | None, memory: str) -> Block:
    """Name, area, words or link, owner and the day of review; a policy that is there keeps its name."""
    areas = [option(area.replace("_", " ").capitalize(), area.value) for area in DeviationArea]
    entry = policy.entry if policy else None
    said = (entry.link or entry.text or "") if entry else ""
    slack_id = owner if owner and owner.startswith(("U", "W")) else None
    blocks = [
        section(pen.md("policies.named", p=policy)) if policy else field("name", "Name", typed(limit=NAME_LIMIT)),
        field("area", "What is it about?", chosen(areas, entry.area if entry else None)),
        field(
            "said",
            "Its words, or a link to them",
            typed(said, multiline=True, limit=TEXT_LIMIT),
            hint=pen.plain("policies.hint_said"),
        ),
        field("owner", "Who answers for it?", person(slack_id)),
        field("review_on", "When is it looked at again?", calendar(entry.review_on if entry else None)),
        context(pen.md("policies.promise")),
    ]
    form, title = ("policy.edit", "Edit a policy") if policy else ("policy.add", "Add a policy")
    return modal(form, title, blocks, submit="Save", metadata=memory)
