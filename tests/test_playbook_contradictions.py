"""Parts of a playbook that do not go together: each is refused with its file, line and key."""

import pytest

from tests.playbook_texts import SOURCE, problems_after

EARLY, LATE = "phases.0.windows.0", "phases.0.windows.1"
GAMMA, DELTA = f"{LATE}.items.0", "phases.1.windows.0.items.0"
ROLES = "owner, steward, eval_owner, gatekeeper"

REFUSED: dict[str, tuple[list[tuple[str, str]], list[str]]] = {
    "an unknown key": (
        [("due_day: 20\n", "due_dya: 20\n")],
        [f"31: {GAMMA}.due_day: is missing.", f"35: {GAMMA}.due_dya: is not known here: did you mean 'due_day'?"],
    ),
    "an unknown key at the top": (
        [("version: 1", "version: 1\nsummry: x")],
        ["4: summry: is not known here: did you mean 'summary'?"],
    ),
    "a key written twice": (
        [("due_day: 20\n", "due_day: 20\n            due_day: 21\n")],
        [f"36: {GAMMA}.due_day: is written twice; the first is on line 35."],
    ),
    "an id written twice": (
        [("id: gamma", "id: alpha")],
        [f"31: {GAMMA}.id: 'alpha' is taken: {EARLY}.items.0.id on line 24 has it already."],
    ),
    "a window's id written twice": (
        [("id: late", "id: early")],
        [f"26: {LATE}.id: 'early' is taken: {EARLY}.id on line 19 has it already."],
    ),
    "an id that is none": (
        [("id: zeta", "id: Zeta-1")],
        [
            "82: phases.3.windows.0.items.0.id: "
            "must be an id: a to z, digits and _, at most 40 of them, the first a letter."
        ],
    ),
    "a due day outside of its window": (
        [("due_day: 20\n", "due_day: 31\n")],
        [f"35: {GAMMA}.due_day: is outside of its window, day 16 to day 30."],
    ),
    "a due day before a window without an end": (
        [("due_day: 120", "due_day: 90")],
        ["82: phases.3.windows.0.items.0.due_day: is outside of its window, from day 91 on."],
    ),
    "a gap between windows": (
        [("first_day: 16\n", "first_day: 18\n")],
        [f"28: {LATE}.first_day: leaves a gap: nothing covers day 16 to day 17."],
    ),
    "windows that overlap": (
        [("first_day: 16\n", "first_day: 15\n")],
        [f"28: {LATE}.first_day: overlaps with what came before: it should be day 16."],
    ),
    "a window that ends before its phase": (
        [("        first_day: 31\n        last_day: 60", "        first_day: 31\n        last_day: 59")],
        ["54: phases.1.windows.0.last_day: must have last_day 60, as its phase has."],
    ),
    "a window that ends before it begins": (
        [("        first_day: 61\n        last_day: 90", "        first_day: 61\n        last_day: 60")],
        [
            "70: phases.2.windows.0.last_day: lies before its first_day, 61.",
            "70: phases.2.windows.0.last_day: must have last_day 90, as its phase has.",
            "72: phases.2.windows.0.items.0.due_day: is outside of its window, day 61 to day 60.",
        ],
    ),
    "a gap between phases": (
        [("  - name: operating\n    first_day: 91", "  - name: operating\n    first_day: 95")],
        [
            "75: phases.3.first_day: leaves a gap: nothing covers day 91 to day 94.",
            "80: phases.3.windows.0.first_day: overlaps with what came before: it should be day 95.",
        ],
    ),
    "a phase without an end": (
        [("first_day: 61\n    last_day: 90", "first_day: 61")],
        ["62: phases.2: has no last_day; only the last one may be without an end."],
    ),
    "a last phase with an end": (
        [("  - name: operating\n    first_day: 91", "  - name: operating\n    first_day: 91\n    last_day: 120")],
        [
            "76: phases.3.last_day: must have no last_day: it goes on.",
            "79: phases.3.windows.0: must have last_day 120, as its phase has.",
            "83: phases.3.windows.0.items.0.every: "
            "is for the last phase, which has no end; here give one due_day each.",
        ],
    ),
    "phases out of order": (
        [("  - name: scaling", "  - name: production")],
        [
            "13: phases: must be pilot, production, scaling, operating, each once, in this order.",
            "73: phases.2.gate.to: must be scaling, the phase after production.",
        ],
    ),
    "an unknown phase": (
        [("  - name: scaling", "  - name: scale")],
        ["62: phases.2.name: 'scale' is not known here: did you mean 'scaling'?"],
    ),
    "a gate to the wrong phase": (
        [("to: scaling", "to: operating")],
        ["58: phases.1.gate.to: must be scaling, the phase after production."],
    ),
    "a gate to nowhere": (
        [("to: scaling", "to: scalling")],
        ["58: phases.1.gate.to: 'scalling' is not known here: did you mean 'scaling'?"],
    ),
    "a phase without a gate": (
        [("    gate: {to: operating, checks: {items: required}}\n", "")],
        ["62: phases.2: has no gate; scaling ends by a gate to operating."],
    ),
    "a gate after the last phase": (
        [("every: 90d}\n", "every: 90d}\n    gate: {to: pilot, checks: {items: required}}\n")],
        ["83: phases.3.gate: leads nowhere: operating is the last phase."],
    ),
    "a gate that forgets the items": (
        [("checks: {items: required}}", "checks: {memo: move}}")],
        ["73: phases.2.gate.checks.items: is missing."],
    ),
    "an unknown check": (
        [("        memo: move", "        memos: move")],
        ["45: phases.0.gate.checks.memos: is not known here: did you mean 'memo'?"],
    ),
    "an unknown done_when": (
        [("done_when: eval_run", "done_when: eval-run")],
        [f"36: {GAMMA}.done_when: 'eval-run' is not known here: did you mean 'eval_run'?"],
    ),
    "an unknown kind of evidence": (
        [("due_day: 40, evidence: link", "due_day: 40, evidence: url")],
        [f"56: {DELTA}.evidence: 'url' is not known here: use one of: link, document, memo, eval_run, record."],
    ),
    "a required item without proof": (
        [("due_day: 40, evidence: link", "due_day: 40")],
        [f"56: {DELTA}: is required but nothing would prove it: name its evidence, or done_when."],
    ),
    "evidence asked for where the item ticks itself": (
        [("due_day: 40, evidence: link", "due_day: 40, evidence: link, done_when: roles")],
        [f"56: {DELTA}.evidence: is not asked for where done_when ticks the item by itself."],
    ),
    "an age of what nobody measures": (
        [("due_day: 40, evidence: link", "due_day: 40, evidence: link, max_age_days: 5")],
        [f"56: {DELTA}.max_age_days: needs done_when: only what ticks by itself can get too old."],
    ),
    "a recurrence before the last phase": (
        [("due_day: 40, evidence: link", "due_day: 40, evidence: link, every: 30d")],
        [f"56: {DELTA}.every: is for the last phase, which has no end; here give one due_day each."],
    ),
    "a recurrence without a unit": (
        [("every: 90d", "every: 90")],
        ["82: phases.3.windows.0.items.0.every: must be a number of days such as 30d."],
    ),
    "an unknown role": (
        [("role: lead", "role: boss")],
        [f"25: {EARLY}.items.1.role: 'boss' is not known here: use one of: {ROLES}, reviewer, lead."],
    ),
    "an unknown required role": (
        [("[owner, steward, eval_owner, gatekeeper]", "[owner, steward, eval_owner, gatekeepr]")],
        ["5: required_roles.3: 'gatekeepr' is not known here: did you mean 'gatekeeper'?"],
    ),
    "a role that this playbook does without": (
        [("[owner, steward, eval_owner, gatekeeper]", "[owner, eval_owner]")],
        [
            "43: phases.0.gate.checks.roles.1: steward is none of the required_roles: use one of: owner, eval_owner.",
            f"56: {DELTA}.role: steward is none of the required_roles: use one of: owner, eval_owner, reviewer, lead.",
            "82: phases.3.windows.0.items.0.role: steward is none of the required_roles: "
            "use one of: owner, eval_owner, reviewer, lead.",
        ],
    ),
    "an unknown item that comes before": (
        [("after: [beta]", "after: [betta]")],
        [f"38: {GAMMA}.after.0: 'betta' is no item here: did you mean 'beta'?"],
    ),
    "an item that comes before, but is due later": (
        [("after: [alpha]", "after: [delta]")],
        [f"25: {EARLY}.items.1.after.0: delta is due on day 40, later than this item on day 9."],
    ),
    "an item after itself": (
        [("after: [beta]", "after: [gamma]")],
        [f"38: {GAMMA}.after: goes in a circle: gamma → gamma."],
    ),
    "items in a circle": (
        [("due_day: 3, done_when: roles", "due_day: 9, done_when: roles, after: [beta]")],
        [f"24: {EARLY}.items.0.after: goes in a circle: alpha → beta → alpha."],
    ),
    "an item that proves a check and does not exist": (
        [("item: delta", "item: delte")],
        ["61: phases.1.gate.checks.log_retention.item: 'delte' is no item here: did you mean 'delta'?"],
    ),
    "an item that proves a check and is not required": (
        [("item: delta", "item: epsilon")],
        ["61: phases.1.gate.checks.log_retention.item: 'epsilon' is not required, so it proves nothing; require it."],
    ),
}


@pytest.mark.parametrize(("changes", "told"), REFUSED.values(), ids=REFUSED.keys())
def test_a_playbook_is_refused_for(changes: list[tuple[str, str]], told: list[str]) -> None:
    assert problems_after(*changes) == [f"{SOURCE}:{line}" for line in told]
