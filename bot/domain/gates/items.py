"""The checks of what people did: items, roles, evidence of logging, publications and the memo."""

from collections.abc import Sequence

from bot.domain.checklists import Row
from bot.domain.checks import LogsKept, MemoFiled, Published, RequiredItems, RolesHeld
from bot.domain.gate_evidence import Evidence
from bot.domain.gates.words import NOT_KNOWN, counted, mender, move, named
from bot.domain.grants.life import Grant
from bot.domain.items import ItemState
from bot.domain.playbook import Item
from bot.domain.verdicts import CheckResult, Outcome, Trace, worst
from bot.domain.workflows import Role


def required_items(_: RequiredItems, evidence: Evidence) -> CheckResult:
    """Whether all required items of the phase are done; skipped and taken over are not done."""
    items = evidence.required_items
    left = [item for item in items if _outcome(evidence.row_of(item.id)) is not Outcome.PASS]
    return CheckResult(
        check="required_items",
        outcome=_all_done(items, evidence) if items else Outcome.PASS,
        found=_done(items, left, evidence),
        needs=f"all required items of {evidence.leaving} done",
        role=mender(evidence, left[0].role if left else "owner"),
        evidence=tuple(Trace("item", item.id) for item in items),
    )


def published(check: Published, evidence: Evidence) -> CheckResult:
    """Whether the items that publish something are done."""
    items = [evidence.checklist.playbook.item(item_id) for item_id in check.items]
    left = [item for item in items if _outcome(evidence.row_of(item.id)) is not Outcome.PASS]
    return CheckResult(
        check="published",
        outcome=_all_done(items, evidence),
        found=_done(items, left, evidence),
        needs=f"done: {', '.join(item.title for item in items)}",
        role=mender(evidence, (left or items)[0].role),
        evidence=tuple(Trace("item", item.id) for item in items),
    )


def logs_kept(check: LogsKept, evidence: Evidence) -> CheckResult:
    """Whether the item that shows the logging is done with evidence, and no active grant says otherwise."""
    item, row = evidence.checklist.playbook.item(check.item), evidence.row_of(check.item)
    short = [grant for grant in evidence.grants_in_force if _contradicts(grant, check)]
    outcome, found = _logging(row)
    if short:
        outcome = Outcome.FAIL
        found = f"the grants for {named([grant.terms.action for grant in short])} keep less"
    elif evidence.grants is None and outcome is Outcome.PASS:
        outcome, found = Outcome.NO_DATA, f"what grants say of logs is {NOT_KNOWN}"
    return CheckResult(
        check="logs_kept",
        outcome=outcome,
        found=found,
        needs=f"prompts and tool calls kept ≥ {check.min_days} days, with evidence",
        role=mender(evidence, item.role),
        evidence=(Trace("item", item.id), *(Trace("grant", grant.id) for grant in short)),
    )


def roles_held(check: RolesHeld, evidence: Evidence) -> CheckResult:
    """Whether each role is held by an active person, and by how many people."""
    found = {role: _holding(Role(role), evidence) for role in check.roles}
    outcomes = {role: outcome for role, (outcome, _) in found.items()}
    held = [role for role in check.roles if outcomes[role] is Outcome.PASS]
    people = {h.person_id for h in evidence.holders or () if h.is_active and h.role in held}
    told = f"{len(held)} of {len(check.roles)} held by {len(people)} {'person' if len(people) == 1 else 'people'}"
    gaps = [f"{Role(role).label} {why}" for role, (outcome, why) in found.items() if outcome is not Outcome.PASS]
    return CheckResult(
        check="roles_held",
        outcome=worst(outcomes.values()),
        found="; ".join((told, *gaps)),
        needs=f"all {counted(len(check.roles), 'role')} held by active people",
        role="owner" if outcomes.get("owner", Outcome.PASS) is Outcome.PASS else "lead",
        evidence=tuple(Trace("role", role) for role in check.roles),
    )


def memo_filed(_: MemoFiled, evidence: Evidence) -> CheckResult:
    """Whether a memo names the move that this gate guards."""
    memos = [memo for memo in evidence.memos_in_force if memo.content.move == move(evidence.leaving)]
    outcome = Outcome.PASS if memos else Outcome.NO_DATA if evidence.memos is None else Outcome.FAIL
    said = {Outcome.PASS: "filed", Outcome.FAIL: "none filed", Outcome.NO_DATA: NOT_KNOWN}
    return CheckResult(
        check="memo_filed",
        outcome=outcome,
        found=said[outcome],
        needs=f"a memo whose move is {move(evidence.leaving)}",
        role=mender(evidence, "owner"),
        evidence=tuple(Trace("memo", memo.id) for memo in memos),
    )


def _outcome(row: Row | None) -> Outcome:
    if row is None:
        return Outcome.NO_DATA
    return Outcome.PASS if row.state is ItemState.DONE else Outcome.FAIL


def _all_done(items: Sequence[Item], evidence: Evidence) -> Outcome:
    return worst(_outcome(evidence.row_of(item.id)) for item in items)


def _done(items: Sequence[Item], left: Sequence[Item], evidence: Evidence) -> str:
    told = f"{len(items) - len(left)} of {len(items)} done"
    return f"{told}; not done: {named([_titled(item, evidence.row_of(item.id)) for item in left])}" if left else told


def _titled(item: Item, row: Row | None) -> str:
    if row is None:
        return f"{item.title} ({NOT_KNOWN})"
    return item.title if row.state is ItemState.OPEN else f"{item.title} ({row.state.replace('_', ' ')})"


def _contradicts(grant: Grant, check: LogsKept) -> bool:
    logging = grant.terms.logging
    return logging is not None and (not logging.is_complete or logging.retention_days < check.min_days)


def _logging(row: Row | None) -> tuple[Outcome, str]:
    outcome = _outcome(row)
    if row is None or outcome is Outcome.NO_DATA:
        return outcome, NOT_KNOWN
    if outcome is Outcome.FAIL:
        return outcome, f"“{row.item.title}” is {row.state.replace('_', ' ')}"
    shown = row.proof or (row.record and row.record.evidence)
    return (Outcome.PASS, "shown by evidence") if shown else (Outcome.NO_DATA, f"“{row.item.title}” has no evidence")


def _holding(role: Role, evidence: Evidence) -> tuple[Outcome, str]:
    """How a role is held, and what to say where it is not."""
    if evidence.holders is None:
        return Outcome.NO_DATA, NOT_KNOWN
    active = {holder.is_active for holder in evidence.holders if holder.role is role}
    return next((told for activity, told in _HOLDING if activity in active), (Outcome.FAIL, "vacant"))


_HOLDING: tuple[tuple[bool | None, tuple[Outcome, str]], ...] = (
    (True, (Outcome.PASS, "held")),
    (None, (Outcome.NO_DATA, NOT_KNOWN)),
    (False, (Outcome.FAIL, "deactivated")),
)
