"""The sample program: four teams and six workflows between day 3 and day 88, with what went otherwise in each."""

from dataclasses import dataclass

from bot.demo.cast import BERLIN, ENGINEERING, LISBON, NEW_YORK, OPERATIONS, SALES, SUPPORT, TOKYO
from bot.demo.figures import Figures, Measure
from bot.demo.granting import Asked, Attested, Granted
from bot.demo.troubles import Assigned, Blocked, Departed, Skipped, Trouble, Waiting
from bot.domain.workflows import Domain, Role


@dataclass(frozen=True, slots=True)
class SampleTeam:
    """A team by what it is made of; people and channel by their ids in Slack."""

    name: str
    channel: str
    lead: str
    approver: str
    zone: str
    hours: str = "9-18"


@dataclass(frozen=True, slots=True)
class Standstill:
    """A pause that lasts since the last working day at least `days_ago` days before the launch."""

    days_ago: int
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class SampleWorkflow:
    """A workflow and its history: what was due before `day` is done, but for `left_open` and the troubles.

    `came_on_day` is later than 1 for one that was under way elsewhere and was taken over into production.
    """

    name: str
    purpose: str
    team: SampleTeam
    day: int
    roles: tuple[tuple[Role, str], ...]
    figures: Figures
    playbook: str = "ninety_day"
    domain: Domain = Domain.GENERAL
    came_on_day: int = 1
    left_open: tuple[str, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    grants: tuple[Asked | Granted | Attested, ...] = ()
    pause: Standstill | None = None
    save: str = ""


_SUPPORT = SampleTeam("Support", SUPPORT, "U0ANA", "U0LENA", LISBON)
_ENGINEERING = SampleTeam("Engineering", ENGINEERING, "U0NIA", "U0SAM", NEW_YORK)
_SALES = SampleTeam("Sales", SALES, "U0MEI", "U0LENA", TOKYO)
_OPERATIONS = SampleTeam("Operations", OPERATIONS, "U0TOM", "U0SAM", BERLIN, "8-17")

TEAMS = (_SUPPORT, _ENGINEERING, _SALES, _OPERATIONS)

_REFUNDS = SampleWorkflow(
    name="refunds_agent",
    purpose="Reads a refund request, checks it against the policy and proposes a refund of up to $100 to a person.",
    team=_SUPPORT,
    day=44,
    roles=((Role.OWNER, "U0ANA"), (Role.STEWARD, "U0RUI"), (Role.EVAL_OWNER, "U0INES"), (Role.GATEKEEPER, "U0PRIYA")),
    figures=Figures(
        success=Measure("cost per refund", "${:.2f}", 6.80, 3.20, 3.40),
        guardrail=Measure("repeat contacts", "{:.1f} %", 8.4, 7.6, 9.0),
        kickoff="Why we begin with refunds",
        red_lines=5,
        eval_days=(17, 26, 37),
    ),
    save="Rui stopped a second refund for one order before it went out.",
    playbook="ninety_day_high_risk",
    domain=Domain.BILLING,
    left_open=("scope_credentials",),
    troubles=(
        Skipped(
            "watch_reviews",
            day=36,
            until_day=62,
            asked="U0ANA",
            approved="U0LENA",
            reason="The board comes with the new ticket system. Until then Inês sends the numbers each Friday.",
        ),
        Blocked(
            "pass_red_team",
            day=42,
            by="U0RUI",
            reason="The reviewers have no payment sandbox until finance renews its test keys. Tom is asking for them.",
        ),
        Assigned("write_break_glass", day=41, by="U0PRIYA", to="U0ANA"),
        Waiting(
            "drill_freeze",
            until_day=60,
            asked="U0ANA",
            reason="Finance closes its books in these days and asked us to stop nothing. We drill right after.",
        ),
    ),
    grants=(
        Granted("  - {name: propose_refund, max_amount_usd: 100}\n", day=17, asked="U0RUI", approved="U0LENA"),
        Asked(
            "  - name: issue_refund\n"
            "    max_amount_usd: 25\n"
            "    allowed_when:\n"
            "      - customer_tenure_days >= 180\n"
            "      - refunds_in_90_days == 0\n"
            "      - confidence_score >= 0.92\n"
            "    per_day: {uses: 40, sum: {amount_usd: 500}}\n",
            by="U0RUI",
        ),
    ),
)

_MACROS = SampleWorkflow(
    name="support_macros",
    purpose="Suggests one of our approved answers for a ticket; a person reads it, changes it and sends it.",
    team=_SUPPORT,
    day=20,
    roles=((Role.OWNER, "U0RUI"), (Role.STEWARD, "U0INES"), (Role.EVAL_OWNER, "U0INES"), (Role.GATEKEEPER, "U0PRIYA")),
    figures=Figures(
        success=Measure("time to first answer", "{:.1f} h", 6.2, 2.9, 3.0),
        guardrail=Measure("repeat contacts", "{:.1f} %", 8.4, 8.1, 9.0),
        kickoff="Macros first, free text later",
    ),
    troubles=(
        Skipped(
            "agree_escalation",
            day=9,
            until_day=17,
            asked="U0RUI",
            approved="U0LENA",
            reason="The duty roster changes next week, and we would write the list twice.",
        ),
        Assigned("build_regression_set", day=16, by="U0RUI", to="U0GRETA"),
    ),
    grants=(Granted("  - {name: suggest_macro, max_suggestions: 3}\n", day=12, asked="U0INES", approved="U0LENA"),),
)

_DOCS = SampleWorkflow(
    name="docs_drafter",
    purpose="Drafts the documentation of a change from its pull request, for the author to correct and publish.",
    team=_ENGINEERING,
    day=27,
    roles=((Role.OWNER, "U0NIA"), (Role.STEWARD, "U0LEO"), (Role.EVAL_OWNER, "U0LEO"), (Role.GATEKEEPER, "U0PRIYA")),
    figures=Figures(
        success=Measure("days from change to documentation", "{:.1f}", 5.0, 1.8, 2.0),
        guardrail=Measure("pages corrected within a week", "{:.0f} %", 14, 11, 15),
        kickoff="Documentation on the day of the change",
        eval_days=(11, 25),
        fell_on=25,
    ),
    left_open=("add_hard_cases",),
    troubles=(
        Blocked(
            "describe_rollback",
            day=24,
            by="U0LEO",
            reason="Drafts may live in the wiki or beside the code, and the way back differs. Sam decides which.",
        ),
    ),
    grants=(
        Granted(
            '  - {name: open_pull_request, max_files: 8, allowed_when: [repository == "docs"]}\n'
            "  - {name: draft_page, max_pages: 2}\n",
            day=18,
            asked="U0LEO",
            approved="U0SAM",
        ),
    ),
)

_TESTS = SampleWorkflow(
    name="test_fixer",
    purpose="Finds out why a test has become unreliable and opens a pull request that mends it.",
    team=_ENGINEERING,
    day=66,
    roles=((Role.OWNER, "U0NIA"), (Role.STEWARD, "U0LEO"), (Role.EVAL_OWNER, "U0LEO"), (Role.GATEKEEPER, "U0SAM")),
    figures=Figures(
        success=Measure("unreliable tests", "{:.0f}", 120, 40, 45),
        guardrail=Measure("defects that escaped", "{:.1f} %", 2.1, 1.9, 2.5),
        kickoff="Let the agent mend tests, not code",
        cases=240,
        rollback_minutes=6,
        eval_days=(37, 48, 58, 64),
    ),
    came_on_day=31,
    pause=Standstill(
        days_ago=6,
        by="U0NIA",
        reason="The builds move to new machines. Until they are quiet again, the agent would learn the wrong causes.",
    ),
    grants=(
        Granted(
            "  - {name: fix_test, max_files: 3, requires_human_approval: false, per_day: {uses: 10}}\n",
            day=62,
            asked="U0LEO",
            approved="U0SAM",
        ),
    ),
)

_LEADS = SampleWorkflow(
    name="lead_replies",
    purpose="Drafts the first reply to an incoming lead, with two times for a call; a person sends it.",
    team=_SALES,
    day=3,
    roles=((Role.OWNER, "U0MEI"), (Role.STEWARD, "U0KENJI")),
    figures=Figures(
        success=Measure("replies that lead to a meeting", "{:.0f} %", 12, 19, 18),
        guardrail=Measure("replies marked as unwanted", "{:.1f} %", 0.8, 0.7, 1.0),
        kickoff="Answer within the hour, in our own voice",
    ),
    troubles=(
        Blocked(
            "measure_today",
            day=2,
            by="U0KENJI",
            reason="Last year's leads are in the old customer system, and nobody here may export them. Sam could.",
        ),
    ),
)

_TRIAGE = SampleWorkflow(
    name="triage_agent",
    purpose="Sorts incoming alerts, writes what is known so far and wakes the right person.",
    team=_OPERATIONS,
    day=88,
    roles=(
        (Role.OWNER, "U0TOM"),
        (Role.STEWARD, "U0JONAS"),
        (Role.EVAL_OWNER, "U0JONAS"),
        (Role.GATEKEEPER, "U0PRIYA"),
        (Role.REVIEWER, "U0GRETA"),
    ),
    figures=Figures(
        success=Measure("minutes until somebody acts", "{:.0f}", 24, 9, 10),
        guardrail=Measure("alerts sent to the wrong person", "{:.1f} %", 4.8, 3.9, 5.0),
        kickoff="Fewer people woken, and the right ones",
        freeze_s=21,
    ),
    left_open=("collect_feedback",),
    troubles=(
        Departed(Role.REVIEWER, "U0GRETA", day=72, by="U0TOM"),
        Skipped(
            "review_costs_and_seats",
            day=79,
            until_day=118,
            asked="U0TOM",
            approved="U0SAM",
            reason="Seats are bought once a quarter. The next round is in four weeks, with real numbers.",
        ),
    ),
    grants=(
        Granted("  - {name: summarize_logs, expires_in_days: 120}\n", day=50, asked="U0JONAS", approved="U0SAM"),
        Granted(
            "  - {name: collect_trace, max_minutes: 10, expires_in_days: 30}\n",
            day=62,
            asked="U0JONAS",
            approved="U0SAM",
        ),
        Granted(
            "  - {name: run_health_check, max_hosts: 5, requires_human_approval: false, per_day: {uses: 60}}\n",
            day=63,
            asked="U0JONAS",
            approved="U0SAM",
        ),
        Attested(day=77, by="U0JONAS", note="Each was used this month, and none came near its limits."),
        Asked(
            "  - {name: run_health_check, max_hosts: 20, requires_human_approval: false, per_day: {uses: 60}}\n",
            by="U0JONAS",
        ),
    ),
)

WORKFLOWS = (_REFUNDS, _MACROS, _DOCS, _TESTS, _LEADS, _TRIAGE)
