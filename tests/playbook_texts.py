"""A playbook as small as one can be, and ways to spoil it."""

from bot.playbooks import Problem, read

SOURCE = "playbooks/x.yaml"

SMALL = """\
id: small
title: Small
version: 1
summary: As small as a playbook can be.
required_roles: [owner, steward, eval_owner, gatekeeper]
rungs:
  copilot: {title: C, best_for: b, expected_cycle_time: e, main_risk: r}
  intern: {title: I, best_for: b, expected_cycle_time: e, main_risk: r}
  operator: {title: O, best_for: b, expected_cycle_time: e, main_risk: r}
  mesh: {title: M, best_for: b, expected_cycle_time: e, main_risk: r}
thresholds:
  review.slow: {max_hours: 8}
phases:
  - name: pilot
    first_day: 1
    last_day: 30
    autonomy: {attended: [internal, external], unattended: []}
    windows:
      - id: early
        title: Early
        first_day: 1
        last_day: 15
        items:
          - {id: alpha, title: Do alpha, why: Because., role: owner, due_day: 3, done_when: roles}
          - {id: beta, title: Do beta, why: Because., role: lead, due_day: 9, evidence: link, after: [alpha]}
      - id: late
        title: Late
        first_day: 16
        last_day: 30
        items:
          - id: gamma
            title: Do gamma
            why: Because.
            role: eval_owner
            due_day: 20
            done_when: eval_run
            max_age_days: 14
            after: [beta]
    gate:
      to: production
      checks:
        items: required
        roles: [owner, steward]
        eval: {min_cases: 200, min_pass: 0.95, max_age_days: 14}
        memo: move
  - name: production
    first_day: 31
    last_day: 60
    autonomy: {attended: [external], unattended: [low, medium]}
    windows:
      - id: middle
        title: Middle
        first_day: 31
        last_day: 60
        items:
          - {id: delta, title: Do delta, why: Because., role: steward, due_day: 40, evidence: link}
    gate:
      to: scaling
      checks:
        items: required
        log_retention: {min_days: 180, item: delta}
  - name: scaling
    first_day: 61
    last_day: 90
    autonomy: {attended: [], unattended: [low]}
    windows:
      - id: slices
        title: Slices
        first_day: 61
        last_day: 90
        items:
          - {id: epsilon, title: Do epsilon, why: Because., role: owner, due_day: 70, required: false}
    gate: {to: operating, checks: {items: required}}
  - name: operating
    first_day: 91
    autonomy: {attended: [], unattended: [low]}
    windows:
      - id: forever
        title: Forever
        first_day: 91
        items:
          - {id: zeta, title: Do zeta, why: Because., role: steward, due_day: 120, done_when: drill:freeze, every: 90d}
"""


def spoiled(*changes: tuple[str, str]) -> str:
    """The small playbook with each first text, which must stand in it exactly once, replaced by the second."""
    text = SMALL
    for old, new in changes:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in the small playbook"
        text = text.replace(old, new)
    return text


def problems(text: str) -> list[str]:
    """What is said about `text`, in order; nothing if it is valid."""
    found = read(text, SOURCE)
    return [str(problem) for problem in found if isinstance(problem, Problem)]


def problems_after(*changes: tuple[str, str]) -> list[str]:
    """What is said about the small playbook after these changes."""
    return problems(spoiled(*changes))
