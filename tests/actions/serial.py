"""Whether what was acknowledged stands in the log, and every item's versions form one serial order."""

from collections import defaultdict
from dataclasses import dataclass

from tests.program import Program


@dataclass(frozen=True, slots=True, order=True)
class Acked:
    """A change that someone was told is done: of which item, from which version, by what fact."""

    item: str
    seen_version: int
    fact: str


_AFTER = {"item_done": "done", "item_blocked": "blocked", "item_reopened": "open"}


def disorders(program: Program, acked: list[Acked]) -> list[str]:
    """Everything that contradicts a serial order of the workflow's item changes; empty if there is one."""
    found: list[str] = []
    recorded: list[Acked] = []
    states: dict[str, list[str]] = defaultdict(list)
    of = program.workflow()
    for record in program.chain():
        details, (workflow_id, _, item) = record["details"], record["subject"].partition("/")
        if workflow_id != of.id or record["fact"] not in _AFTER:
            continue
        recorded.append(Acked(item, details["seen_version"], record["fact"]))
        if details["seen_version"] != len(states[item]):
            found.append(f"{item}: version {details['seen_version']} was changed where {len(states[item])} stood")
        stood = states[item][-1] if states[item] else "open"
        if details["before"] != stood:
            found.append(f"{item}: {record['fact']} was decided on {details['before']}, and {stood} stood")
        states[item].append(_AFTER[record["fact"]])
    if sorted(recorded) != sorted(acked):
        lost = sorted(set(acked) - set(recorded))
        unheard = sorted(set(recorded) - set(acked))
        found.append(f"acknowledged but not recorded: {lost}; recorded but not acknowledged: {unheard}; or one twice")
    for row in program.checklist().rows:
        of_item = states[str(row.key)]
        stands = (row.record.state.value, row.version) if row.record else ("open", 0)
        if stands != (of_item[-1] if of_item else "open", len(of_item)):
            found.append(f"{row.key}: the log ends with {of_item[-1:]} after {len(of_item)}, the table says {stands}")
    if not program.verify().ok:
        found.append("the chain is broken")
    return found
