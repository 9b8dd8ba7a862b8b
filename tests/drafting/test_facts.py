"""What a model is told: an allow-list of fields, masked, without ids and links."""

import json
from dataclasses import replace

import pytest

from bot.domain.findings.kinds import Finding, Severity, Subject, SubjectKind
from bot.domain.findings.records import Records
from bot.domain.people import Person
from bot.domain.summaries.facts import LINES, Line, line_of, redacted, told
from bot.domain.verdicts import Trace
from tests.domain.samples import on_day
from tests.drafting.samples import REVIEWS, line, week
from tests.findings.record_samples import findings, look
from tests.gates.evidence import deviation

CANARIES = (
    "ana.silva@example.com",
    "+351 912 345 678",
    "4111 1111 1111 1111",
    "DE89 3704 0044 0532 0130 00",
    "xoxb-1234567890-abcdef",
    "https://evil.example/login",
    "<@U0ANASILVA>",
    "U0ANASILVA1",
    "<!channel>",
    "@everyone",
)
POISON = " ; ".join(CANARIES)


def test_no_canary_in_any_field_is_told() -> None:
    poisoned = Line(
        rule="work.stuck",
        severity="warning",
        state="new",
        weeks=1,
        workflow=POISON,
        team=POISON,
        summary=POISON,
        owner=POISON,
        next_step=POISON,
        facts=((POISON, POISON), ("items", (POISON,))),
        titles=(POISON,),
    )
    said = json.dumps(told(redacted(replace(week(poisoned), moves=(POISON,)))), ensure_ascii=False)
    assert [canary for canary in CANARIES if canary in said] == []


def test_masking_twice_changes_nothing() -> None:
    once = redacted(REVIEWS)
    assert redacted(once) == once


def test_only_the_first_lines_are_told_and_long_texts_are_cut() -> None:
    shown = redacted(week(*(line(f"agent_{n}", "work.stuck", "x" * 5_000) for n in range(LINES + 5))))
    assert (len(shown.lines), {len(each.summary) for each in shown.lines}) == (LINES, {400})


def test_a_finding_is_told_by_name_without_ids_and_links_and_its_titles_apart() -> None:
    ana = Person("p1", "U0ANASILVA1", "Ana Silva")
    finding = Finding(
        rule="incident.open",
        version=2,
        severity=Severity.CRITICAL,
        subject=Subject(SubjectKind.WORKFLOW, "w-8f2c", "refunds_agent"),
        about="INC-1",
        team_id="t-77aa",
        team="Support",
        summary="incident INC-1 (sev1) is open since 6 Mar 2026",
        facts=(("incident", "INC-1"), ("severity", 1), ("title", "Refunds paid twice")),
        owner=ana,
        next_step="resolve it",
        evidence=(Trace("incident", "s-1", "https://incidents.example/INC-1"),),
    )
    assert line_of(finding, "new", 1, ana.name) == Line(
        rule="incident.open",
        severity="critical",
        state="new",
        weeks=1,
        workflow="refunds_agent",
        team="Support",
        summary="incident INC-1 (sev1) is open since 6 Mar 2026",
        owner="Ana Silva",
        next_step="resolve it",
        facts=(("incident", "INC-1"), ("severity", 1)),
        titles=("Refunds paid twice",),
    )


def said_of_a_deviation(summary: str) -> str:
    """What a model is told of a deviation that somebody summed up so."""
    records = Records(deviations=(replace(deviation(), summary=summary),))
    (finding,) = findings("deviation.open", look(on_day(50), records))
    return json.dumps(told(redacted(week(line_of(finding, "new", 1, "Ana Silva")))), ensure_ascii=False)


@pytest.mark.parametrize("secret", ["4111 1111 1111 1111", "xoxb-1234567890-abcdef", "ana.silva@example.com"])
@pytest.mark.parametrize("at", [*range(58, 80), *range(128, 150)])
def test_a_secret_that_is_cut_in_two_is_masked_all_the_same(secret: str, at: int) -> None:
    said = said_of_a_deviation(f"{'Sent it to whoever asked, ' * 7}"[: at - 1] + f" {secret} and more of it, as told.")
    assert secret[:9] not in said


def test_a_secret_that_was_cut_before_does_not_come_into_sight_by_what_is_masked_before_it() -> None:
    card, key = "4111 1111 1111 1111", "sk-" + "a" * 60
    said = said_of_a_deviation(f"Sent {key} and {'then ' * 13}{card} out.")
    assert ("[key] and then" in said, "4111 1" in said) == (True, False)
