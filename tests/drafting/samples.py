"""Weeks as a model is told of them, worded as the rules word their findings."""

from dataclasses import replace
from datetime import date
from typing import Any

from bot.domain.summaries.facts import DigestFacts, Line


def line(workflow: str, rule: str, summary: str, **other: Any) -> Line:
    """A new critical finding of a workflow of the team Support, had by Ana Silva."""
    given: dict[str, Any] = {
        "severity": "critical",
        "state": "new",
        "weeks": 1,
        "team": "Support",
        "owner": "Ana Silva",
        "next_step": "Name someone for it.",
    }
    return Line(workflow=workflow, rule=rule, summary=summary, **(given | other))


def week(*lines: Line, **counts: int) -> DigestFacts:
    """The week from 2 to 9 March 2026 with these findings, counted by severity and state."""
    severities = {name: sum(each.severity == name for each in lines) for name in ("critical", "warning", "notice")}
    states = {name: sum(each.state == name for each in lines) for name in ("new", "worse", "carried")}
    counted = {"findings": len(lines), **severities, **states, "resolved": 0, "on_track": 0} | counts
    return DigestFacts("2026-W10", date(2026, 3, 2), date(2026, 3, 9), tuple(counted.items()), lines)


REVIEWS = week(
    line(
        "refunds_agent",
        "override.rising",
        "14 % of 50 reviews were overrides (at most 10 %).",
        severity="warning",
        team="Payments",
        owner="Rui Costa",
        next_step="Look at the 7 overridden outputs.",
        facts=(("reviewed", 50), ("edited", 4), ("rejected", 3), ("share", "0.1400"), ("max_share", "0.10")),
    ),
    line(
        "triage_agent",
        "guardrail.breached",
        "complaint_rate 0.031, limit 0.02 (guardrail), since Thursday.",
        next_step="Bring it back within its limit, or freeze the agent.",
        facts=(("metric", "complaint_rate"), ("value", "0.031"), ("limit", "0.02"), ("since", "2026-03-05")),
    ),
    line(
        "macros_agent",
        "review.slow",
        "reviews take 6 h of working time (median of 12, at most 4 h).",
        severity="warning",
        state="carried",
        weeks=3,
        next_step="Name a second reviewer.",
        facts=(("reviewed", 12), ("median_s", 21600), ("max_hours", 4)),
    ),
    resolved=2,
    on_track=9,
)
"""A guardrail breached, overrides too many, and slow reviews for the third week."""

LATE = week(
    line(
        "invoice_agent",
        "item.overdue",
        "3 required items are past due, the oldest by 9 days: “Write the red lines”, “Name the eval owner” and 1 more.",
        team="Finance",
        owner="Mara Lind",
        next_step="Do “Write the red lines” first, or write down what blocks it.",
        facts=(("items", ("Write the red lines", "Name the eval owner", "Log prompts")), ("count", 3),
               ("days_late", 9), ("critical_after_days", 7)),
    ),
    line(
        "invoice_agent",
        "role.vacant",
        "The eval owner is vacant, and was to be named by 20 Feb 2026.",
        severity="warning",
        state="carried",
        weeks=2,
        team="Finance",
        owner="Mara Lind",
        next_step="Name the eval owner.",
        facts=(("role", "eval_owner"), ("due_on", "2026-02-20")),
    ),
    line(
        "claims_agent",
        "phase.slipping",
        "It is day 37 and still in pilot, which was to end on day 30: 7 days ago.",
        severity="warning",
        state="worse",
        weeks=2,
        team="Claims",
        owner="Jon Berg",
        next_step="Ask for the promotion, or say in a memo why it stays.",
        facts=(("day", 37), ("phase", "pilot"), ("last_day", 30), ("days_late", 7)),
    ),
    on_track=5,
    resolved=1,
)  # fmt: skip
"""A workflow with late items and a vacant role, and one whose pilot drags on."""

INCIDENTS = week(
    line(
        "billing_agent",
        "incident.open",
        "incident INC-482 (sev1) is open since 6 Mar 2026.",
        team="Billing",
        owner="Noor Haddad",
        next_step="Resolve it.",
        facts=(("incident", "INC-482"), ("severity", 1), ("title", "Refunds paid twice"), ("opened_at",
               "2026-03-06T14:05:00+00:00")),
        titles=("Refunds paid twice",),
    ),
    line(
        "billing_agent",
        "grant.suspended",
        "The grant for issue_refund is suspended since 6 Mar 2026: an open incident.",
        severity="warning",
        team="Billing",
        owner="Noor Haddad",
        next_step="Resolve the incident, then resume the grant.",
        facts=(("grant", "issue_refund"), ("since", "2026-03-06")),
    ),
    line(
        "search_agent",
        "eval.below_threshold",
        "eval search-core: 182 of 200 passed (91 %), needs 95 %.",
        team="Search",
        owner="Eli Novak",
        next_step="Find out what broke, and run the suite again.",
        facts=(("suite", "search-core"), ("cases", 200), ("passed", 182), ("prompt_version", "v14"),
               ("model", "gpt-x2"), ("run_at", "2026-03-07T08:00:00+00:00")),
    ),
    line(
        "digest_agent",
        "work.stuck",
        "2 work items are stuck: PAY-12 blocked, PAY-19 since Wednesday.",
        severity="notice",
        team="Search",
        owner="Eli Novak",
        next_step="Unblock them.",
        facts=(("count", 2), ("blocked", 1), ("items", ("PAY-12", "PAY-19")), ("since", "2026-03-04")),
        titles=("Rotate the keys",),
    ),
    on_track=11,
)  # fmt: skip
"""An open incident with its suspension, failing evals, stuck work."""

MONEY = week(
    line(
        "returns_agent",
        "rework.rising",
        "rework $1,250 in the week, 140 % over its 4-week mean.",
        severity="warning",
        team="Logistics",
        owner="Sam Okoye",
        next_step="Find out what costs it.",
        facts=(("cost_usd", "1250"), ("mean_usd", "520.83"), ("min_ratio", "1.3")),
    ),
    line(
        "routing_agent",
        "red_line.violated",
        "red line never_reroute_medical was violated 2 times, last on Friday (never allowed).",
        team="Logistics",
        owner="Sam Okoye",
        next_step="Freeze the agent, and answer the violation with a reason.",
        facts=(("red_line", "never_reroute_medical"), ("violations", 2), ("last_at", "2026-03-06T10:00:00+00:00")),
    ),
    line(
        "quotes_agent",
        "target.off_pace",
        "handling_minutes 31 on 7 Mar 2026, where the way from 40 to 20 asks for 27; off pace 2 weeks in a row.",
        severity="warning",
        state="carried",
        weeks=2,
        team="Sales",
        owner="Li Wei",
        next_step="Say in a memo what changes, or set another target.",
        facts=(("metric", "handling_minutes"), ("values", ("33", "31")), ("line", "27"), ("baseline", "40"),
               ("target", "20"), ("measured_at", "2026-03-07T12:00:00+00:00")),
    ),
    on_track=14,
    resolved=3,
)  # fmt: skip
"""Rework that costs, a red line violated, a metric off its pace."""

SOURCES = week(
    line(
        "tracker",
        "source.blind",
        "It was not read since 7 Mar 2026, and 24 hours is the most.",
        severity="warning",
        team=None,
        owner="Kim Park",
        next_step="Mend its access; until then what it knows is left out.",
        facts=(("source", "tracker"), ("read_at", "2026-03-07T06:30:00+00:00"), ("max_hours", 24)),
    ),
    line(
        "Claims",
        "approval.uncovered",
        "One person can approve requests, and 2 are needed, since nobody approves their own.",
        severity="warning",
        team="Claims",
        owner="Jon Berg",
        next_step="Name another approver of the team.",
        facts=(("able", 1), ("needs", 2)),
    ),
    line(
        "intake_agent",
        "override.debt",
        "The override of the gate to production has expired, and 2 checks of it do not pass yet: evals and review "
        "coverage.",
        severity="warning",
        state="carried",
        weeks=4,
        team="Claims",
        owner="Jon Berg",
        next_step="Mend what does not pass, or ask for another override.",
        facts=(("gate", "production"), ("until", "2026-02-28"), ("checks", ("evals", "review coverage"))),
    ),
    line(
        "intake_agent",
        "review.backlog",
        "95 of 120 outputs are reviewed, 25 wait (at least 95 %).",
        severity="warning",
        team="Claims",
        owner="Ola Eriksen",
        next_step="Review what waits.",
        facts=(("due", 120), ("reviewed", 95), ("share", "0.7916"), ("min_share", "0.95")),
    ),
    on_track=6,
)
"""A source that is blind, a team with one approver, an expired override and a backlog."""

WEEKS = {"reviews": REVIEWS, "late": LATE, "incidents": INCIDENTS, "money": MONEY, "sources": SOURCES}


def with_title(facts: DigestFacts, title: str) -> DigestFacts:
    """The same week, in which somebody has given a ticket this title; it stands in two findings."""
    first, *rest = facts.lines
    told = replace(
        first,
        summary=f"work item “{title}” is blocked since Wednesday; {first.summary}",
        titles=(*first.titles, title),
    )
    return replace(facts, lines=(told, *rest))
