"""The digest's message and thread, as Slack takes them and as people read them."""

import re
from dataclasses import replace
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from bot.domain.digests.composing import compose
from bot.domain.digests.inputs import Correction, Heard, Inputs, Moved, Numbers, Save, SourceState
from bot.domain.digests.trends import Trend, Unit
from bot.domain.findings.steward_week import StewardWeek
from bot.domain.findings.tracking import FindingState
from bot.domain.playbook import PhaseName
from bot.domain.verdicts import Trace
from bot.slack.blocks import Screen, section
from bot.slack.pen import Pen
from bot.slack.screens.digests import DigestScreens, digest_screens, digest_text, preview_screen
from tests.blockkit.oracle import assert_valid_message, problems_of_message
from tests.digests.random_weeks import BAIT, weeks
from tests.digests.samples import ANA, AT, LENA, RUI, SUPPORT, inputs, reported, sources, waiting
from tests.domain.samples import person
from tests.slack.reading import controls, words

PEN = Pen(ZoneInfo("Europe/Lisbon"))
NAMES = {"UANA": "@ana", "URUI": "@rui", "ULENA": "@lena"}
ACKNOWLEDGED, SNOOZED = FindingState.ACKNOWLEDGED, FindingState.SNOOZED
FRESH, FAILED = SourceState.FRESH, SourceState.FAILED


def posted(*findings: Any, **fields: Any) -> DigestScreens:
    return digest_screens(PEN, compose(inputs(*findings, **fields)))


def shown(screen: Screen) -> str:
    """A message as a person reads it."""
    return words({"blocks": screen.blocks}, NAMES)


def first_line(screens: DigestScreens) -> str:
    return shown(screens.main).strip().splitlines()[0]


def payload(screen: Screen) -> dict[str, Any]:
    return {"text": screen.fallback, "blocks": list(screen.blocks)}


def mentions(screen: Screen) -> set[str]:
    return set(re.findall(r"<@([A-Z0-9]+)>", str(screen.blocks)))


# The first line


@pytest.mark.parametrize(
    ("week", "line"),
    [
        (
            inputs(
                reported("critical", workflow="triage_agent", summary="CSAT 4.1, limit 4.2 (guardrail), since Friday.")
            ),
            "1 critical. triage_agent: CSAT 4.1, limit 4.2 (guardrail), since Friday.",
        ),
        (
            inputs(reported("critical"), reported("warning", workflow="b"), reported("warning", workflow="c")),
            "1 critical, 2 warnings. refunds_agent: rework $1,840, 46 % over its four-week mean.",
        ),
        (inputs(reported("warning", ACKNOWLEDGED, 2)), "1 warning, acknowledged; nothing new."),
        (inputs(reported("critical", ACKNOWLEDGED, 2)), "1 critical, acknowledged; nothing new."),
        (
            inputs(reported("critical", ACKNOWLEDGED, 2), reported("warning", workflow="kb_agent")),
            "1 critical (acknowledged), 1 warning. kb_agent: rework $1,840, 46 % over its four-week mean.",
        ),
        (
            inputs(reported("critical", ACKNOWLEDGED, 2), reported("critical", workflow="kb_agent")),
            "2 critical (1 acknowledged). kb_agent: rework $1,840, 46 % over its four-week mean.",
        ),
        (inputs(reported("warning", SNOOZED, 2)), "1 finding snoozed, nothing else off plan."),
        (inputs(), "All clear: 12 workflows on track, 5 of 5 sources fresh."),
        (
            inputs(sources=(), heard=Heard(340, 2)),
            "All clear: 12 workflows on track, by 340 signals that programs sent this week.",
        ),
        (
            inputs(sources=(), heard=Heard(0, 14, AT.replace(day=5), ANA)),
            "Nothing off plan that we know of; this rests on what people typed, last on Thursday by Ana. "
            "12 workflows on track.",
        ),
        (
            inputs(sources=(), heard=Heard(0, 0, AT.replace(month=2, day=5), ANA)),
            "Nothing off plan that we know of, but nothing was heard this week: no source is connected, and the last "
            "numbers were typed on 5 February by Ana.",
        ),
        (
            inputs(sources=(), heard=Heard(0, 0)),
            "Nothing off plan that we know of, but nothing was heard this week: no source is connected, and nobody has "
            "typed a number yet.",
        ),
        (
            inputs(sources=sources(FRESH, FAILED)),
            "Incomplete without Jira. Nothing off plan in what could be read.",
        ),
        (
            inputs(reported("critical"), sources=sources(FAILED, FAILED)),
            "Incomplete without GitHub and Jira. 1 critical. refunds_agent: rework $1,840, 46 % over its four-week "
            "mean.",
        ),
    ],
)
def test_the_first_line_and_the_notification_say_what_kind_of_week_it_was(week: Inputs, line: str) -> None:
    screens = digest_screens(PEN, compose(week))

    assert first_line(screens) == f"Rollout digest · week 10, 2–8 March 2026: {line}"
    assert screens.main.text == screens.main.blocks[0]["text"]["text"]


def test_a_program_without_workflows_is_told_how_to_begin() -> None:
    week = inputs(sources=(), heard=Heard(0, 0))
    screens = digest_screens(PEN, compose(_without_workflows(week)))

    assert first_line(screens).endswith(
        "No workflow is running, so there is nothing to report. Start one with /rollout start; until then this stays "
        "silent."
    )


def _without_workflows(week: Inputs) -> Inputs:
    return replace(week, portfolio=replace(week.portfolio, phases=(), on_track=0))


def test_a_teams_digest_names_the_team() -> None:
    assert first_line(posted(audience=SUPPORT)).startswith("Rollout digest for Support · week 10")


def test_all_clear_is_one_line_with_upkeep_below_it_and_the_head_of_the_log() -> None:
    upkeep = [reported("notice", rule="grant.unattested", about=f"g{n}", owner=RUI) for n in range(4)]
    screens = posted(*upkeep, reported("notice", rule="grant.expiring", owner=ANA))

    assert shown(screens.main).strip().splitlines() == [
        "Rollout digest · week 10, 2–8 March 2026: All clear: 12 workflows on track, 5 of 5 sources fresh.",
        "Upkeep: 4 grants to attest (@rui), 1 grant to renew (@ana)",
        "[Attest…] [Renew…]",
        f"State of Monday 9 March 2026, 09:00 (Europe/Lisbon). Audit log: record 1234, {'9f3a' * 16}",
    ]
    assert screens.thread == ()


def test_a_blind_digest_says_which_source_and_since_when_on_its_second_line() -> None:
    week = inputs(sources=sources(FRESH, FAILED))
    screens = digest_screens(PEN, compose(week))

    assert shown(screens.main).strip().splitlines()[1] == (
        "Jira not read since Friday 11:00. What follows leaves Jira out."
    )


def test_the_first_digest_of_an_audience_says_how_to_read_it() -> None:
    told = shown(posted(is_first=True).main)

    assert "How to read this: each line says what is wrong, then → who has it and what comes next." in told


# The lines


def test_each_line_leads_with_what_is_wrong_then_owner_and_next_step_then_a_link() -> None:
    found = reported(
        "critical",
        workflow="triage_agent",
        summary="CSAT 4.1, limit 4.2 (guardrail), since Friday.",
        next_step="roll back or change course by Tuesday.",
        evidence=(Trace("dashboard", "d1", "https://bi.example/csat"), Trace("metric", "m1"), Trace("metric", "m2")),
    )
    block = posted(found).main.blocks[3]

    assert block["text"]["text"] == (
        "*CRITICAL*  *triage_agent*: CSAT 4.1, limit 4.2 (guardrail), since Friday. New.\n"
        "→ <@UANA>: roll back or change course by Tuesday · <https://bi.example/csat|dashboard> · 2 more records"
    )


@pytest.mark.parametrize(
    ("state", "weeks_", "words_"),
    [
        (FindingState.NEW, 1, "New."),
        (FindingState.WORSE, 3, "Worse than last week, open since 23 February."),
        (FindingState.CARRIED, 2, "Open since 2 March, week 2."),
    ],
)
def test_a_line_says_how_long_it_has_been_there(state: FindingState, weeks_: int, words_: str) -> None:
    assert words_ in shown(posted(reported("warning", state, weeks_)).main)


def test_what_is_dealt_with_folds_into_one_line_and_is_told_in_the_thread() -> None:
    screens = posted(
        *(reported(workflow=f"agent_{n:02}") for n in range(12)),
        reported("critical", ACKNOWLEDGED, 2, workflow="mesh_agent", summary="INC-7 is open."),
        reported("warning", ACKNOWLEDGED, 2, workflow="a_agent"),
        reported("warning", SNOOZED, 2, workflow="b_agent"),
    )
    thread = "\n".join(map(shown, screens.thread))

    assert (
        "2 carried, acknowledged (1 critical: mesh_agent) · 1 snoozed · 2 more in the thread · "
        "agenda for 28 minutes in the thread" in shown(screens.main)
    )
    assert "mesh_agent: INC-7 is open. Critical, week 2, acknowledged by Rui." in thread
    assert (
        "b_agent: rework $1,840, 46 % over its four-week mean. Warning, back on 18 March: The vendor mends it."
        in thread
    )
    assert "Agenda, 28 minutes" in thread
    assert "agent_11" in thread
    assert "agent_11" not in shown(screens.main)


STEWARD_WEEKS = (
    Numbers(
        "refunds_agent",
        StewardWeek(
            runs=1200,
            failed_runs=3,
            escalations=4,
            changes=8,
            reverts=1,
            lead_time_hours=Decimal("6.5"),
            submitted=212,
            reviewed=190,
        ),
    ),
    Numbers("kb_agent", StewardWeek(escalations=1)),
    Numbers("faq_agent", StewardWeek(changes=1, lead_time_hours=Decimal(30))),
    Numbers("triage_agent", StewardWeek(runs=1, submitted=1)),
    Numbers("voice_agent", StewardWeek(reviewed=2)),
)
STEWARD_LINES = (
    "refunds_agent: 3 of 1,200 runs failed, 4 escalations · rollback rate 12.5 % (1 of 8 changes), median lead time "
    "6.5 h · 212 outputs, 190 reviews done\n"
    "kb_agent: 1 escalation\n"
    "faq_agent: rollback rate 0 % (0 of 1 change), median lead time 30.0 h\n"
    "triage_agent: 0 of 1 run failed, 0 escalations · 1 output, 0 reviews done\n"
    "voice_agent: 0 outputs, 2 reviews done"
)


def test_the_stewards_numbers_stand_in_the_thread_a_line_for_each_workflow_that_has_any() -> None:
    week = compose(inputs(audience=SUPPORT, numbers=STEWARD_WEEKS))
    screens = digest_screens(PEN, week)

    (thread,) = screens.thread
    title = "*The week in numbers, for stewards*"
    assert payload(thread) == {"text": title, "blocks": [section(f"{title}\n{STEWARD_LINES}")]}
    assert screens.main == posted(audience=SUPPORT).main
    assert digest_text(PEN, week).endswith(f"In the thread:\n\nThe week in numbers, for stewards\n{STEWARD_LINES}")


def test_of_many_workflows_the_numbers_of_thirty_are_told_and_the_rest_counted() -> None:
    many = tuple(Numbers(f"agent_{n:02}", StewardWeek(runs=1)) for n in range(32))
    (*_, last) = shown(posted(numbers=many).thread[0]).strip().splitlines()

    assert last == "+2 more workflows"


def test_a_finding_can_be_acknowledged_snoozed_assigned_judged_and_asked_about_beside_its_line() -> None:
    (menu,) = [each for each in controls({"blocks": _numbered(posted(reported()).main)}, NAMES) if each.label == "⋯"]

    assert menu.element["action_id"] == "finding.menu"
    assert {label: option["value"].split(":")[0] for label, option in menu.choices.items()} == {
        "Acknowledge": "ack",
        "Snooze…": "snooze",
        "Assign…": "assign",
        "Not useful": "useless",
        "Why?": "why",
    }
    assert {option["value"].split(":")[1] for option in menu.choices.values()} == {reported().finding.id}


def test_a_critical_one_has_acknowledge_as_a_button_and_a_red_line_cannot_be_snoozed() -> None:
    found = controls({"blocks": _numbered(posted(reported("critical", rule="red_line.violated")).main)}, NAMES)
    button, menu = [each for each in found if each.element["action_id"].startswith("finding.")]

    assert (button.label, button.element["action_id"]) == ("Acknowledge", "finding.ack")
    assert "Snooze…" not in menu.choices


def _numbered(screen: Screen) -> list[dict[str, Any]]:
    return [{**block, "block_id": str(place)} for place, block in enumerate(screen.blocks)]


def test_what_waits_moved_was_saved_and_corrected_has_one_line_each() -> None:
    week = inputs(reported(), waiting=(waiting(), waiting(5, request_id="req_2")))
    moves = tuple(Moved(f"agent_{n}", PhaseName.PILOT, PhaseName.PRODUCTION) for n in range(6))
    moved = Moved("x_agent", PhaseName.SCALING, PhaseName.PILOT)
    screens = posted(
        *week.findings,
        waiting=week.waiting,
        portfolio=_moved(week, moved, *moves),
        saves=(Save("stopped a duplicate payout run before it went out.", person("mei"), "payout_agent"),),
        corrections=(Correction("ev-17", "eval_run", "refunds_agent"),),
    )
    told = shown(screens.main)

    assert "Waiting for a decision: 2, oldest 4 days (refunds_agent, promotion) → @lena\n[Show]" in told
    assert (
        "Pilot 3 · production 5 · scaling 4 · moved: x_agent back to pilot, agent_0 → production, "
        "agent_1 → production, agent_2 → production, agent_3 → production +2 more · 11 on track · 5 of 5 sources fresh"
    ) in told
    assert "Quality save: stopped a duplicate payout run before it went out (Mei, payout_agent)" in told
    assert (
        "Corrected since the last digest: eval run ev-17 of refunds_agent taken back; what is said here was judged "
        "without it." in told
    )


def _moved(week: Inputs, *moves: Moved) -> Any:
    return replace(week.portfolio, moves=moves)


def test_only_those_who_must_act_are_mentioned() -> None:
    screens = posted(
        reported(owner=ANA),
        reported("warning", ACKNOWLEDGED, 2, workflow="b", owner=RUI),
        waiting=(waiting(),),
        saves=(Save("stopped it", person("mei"), "payout_agent"),),
    )

    assert mentions(screens.main) == {ANA.handle, LENA.handle}
    assert not any(mentions(screen) for screen in screens.thread)


def test_on_a_phone_the_first_two_lines_carry_the_point() -> None:
    found = reported("critical", workflow="triage_agent", summary=f"CSAT 4.1, limit 4.2. {'And so on. ' * 40}")
    first, second, *_ = shown(posted(found, waiting=(waiting(),)).main).strip().splitlines()

    assert first.endswith("1 critical. triage_agent: CSAT 4.1, limit 4.2.")
    assert second.startswith("Waiting for a decision: 1, 4 days")
    assert len(first) < 140
    assert len(second) < 140


def test_a_preview_says_that_it_is_none_and_promises_no_thread() -> None:
    week = compose(inputs(*(reported(workflow=f"agent_{n:02}") for n in range(12))))
    told = words({"blocks": preview_screen(PEN, week).blocks}, NAMES)

    assert "A look at how it stands now; nothing is posted by it, and only you see it." in told
    assert "2 more" in told
    assert "thread" not in told


# What Slack takes


def test_200_random_digests_of_any_kind_are_what_slack_takes() -> None:
    seen: list[int] = []
    problems: set[str] = set()

    @given(weeks(60))
    @settings(
        max_examples=200,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def look(week: Inputs) -> None:
        digest = compose(week)
        screens = digest_screens(PEN, digest)
        for screen in (screens.main, *screens.thread, preview_screen(PEN, digest)):
            # Told at the end, since a week that went wrong is far too long to print or to shrink.
            problems.update(map(str, problems_of_message(payload(screen))))
        seen.append(len(screens.thread))

    look()
    assert sorted(problems) == []
    assert len(seen) >= 200
    assert any(seen)


@pytest.mark.parametrize(
    ("hosts", "told"),
    [
        (("bi.example",), "<https://bi.example/csat|dashboard> · 1 more record"),
        (("example",), "<https://bi.example/csat|dashboard> · 1 more record"),
        (("ci.example",), "<https://ci.example/7|eval run> · 1 more record"),
        (("i.example", "bi.example.org"), "dashboard https:\u2060//bi.example/csat · 1 more record"),
        ((), "dashboard https:\u2060//bi.example/csat · 1 more record"),
    ],
)
def test_only_addresses_on_hosts_that_an_admin_named_are_links(hosts: tuple[str, ...], told: str) -> None:
    found = reported(
        evidence=(Trace("dashboard", "d1", "https://bi.example/csat"), Trace("eval_run", "e1", "https://ci.example/7"))
    )
    screens = digest_screens(PEN, compose(inputs(found, link_hosts=hosts)))
    (line,) = (each for each in screens.main.blocks if "dashboard" in str(each) or "eval run" in str(each))
    assert line["text"]["text"].endswith(told)


@pytest.mark.parametrize("bait", BAIT)
def test_what_a_stranger_wrote_neither_mentions_links_nor_leaves_the_digest_unsent(bait: str) -> None:
    found = [
        reported(
            workflow=f"agent_{n}", summary=bait, next_step=bait, evidence=(Trace(bait, "t", "https://a.example/1"),)
        )
        for n in range(14)
    ]
    week = inputs(
        *found, saves=(Save(bait, replace(ANA, name=bait), bait),), corrections=(Correction(bait, bait, bait),)
    )
    screens = digest_screens(PEN, compose(week))

    for screen in (screens.main, *screens.thread):
        assert_valid_message(payload(screen))
        marked = set(re.findall(r"<[^>]*>", f"{screen.text}{screen.blocks}"))
        assert {mark.partition("|")[0] for mark in marked} <= {"<@UANA>", "<https://a.example/1"}
    told = "\n".join(shown(screen) for screen in (screens.main, *screens.thread))
    assert all(f"agent_{n}" in told for n in range(14))


def test_a_thousand_findings_are_cut_and_the_number_left_out_is_said() -> None:
    week = compose(inputs(*(reported(workflow=f"agent_{n:04}", summary="x" * 400) for n in range(1000))))
    screens = digest_screens(PEN, week)

    for screen in (screens.main, *screens.thread):
        assert_valid_message(payload(screen))
    told = "\n".join(shown(screen) for screen in (screens.main, *screens.thread))
    in_sight = len(set(re.findall(r"WARNING {2}(agent_\d+)", told)))
    (left,) = re.findall(r"\+(\d+) more: rollout digest --format json lists every one", told)
    assert in_sight + int(left) == 1000


def test_the_text_for_terminals_says_all_of_it_in_the_same_words() -> None:
    week = compose(inputs(*(reported(workflow=f"agent_{n:02}") for n in range(11)), waiting=(waiting(),)))
    text = digest_text(PEN, week)

    assert text.startswith("Rollout digest · week 10, 2–8 March 2026: 11 warnings. agent_00: rework")
    assert "→ @Ana: name the cause by Thursday's review · 2 records" in text
    assert text.index("agent_09") < text.index("In the thread:") < text.index("WARNING  agent_10")


CSAT = Trend("triage_agent", "csat <!here>", Unit.PLAIN, ("4.5",) * 7 + ("4.1",), ("4.2",) * 8)
TOLD = (
    "Chart of 8 weeks to 9 Mar 2026, the oldest week first. triage_agent, csat <!here>: 4.5, 4.5, 4.5, 4.5, 4.5, 4.5, "
    "4.5, 4.1; the limit is 4.2 this week."
)


def test_trends_stand_in_the_thread_by_themselves_with_words_that_say_the_same() -> None:
    with_picture = posted(reported("critical"), trends=(CSAT,), picture="F0TRENDS")
    without = posted(reported("critical"))

    (picture, *others) = with_picture.thread
    assert picture.blocks == ({"type": "image", "slack_file": {"id": "F0TRENDS"}, "alt_text": TOLD},)
    assert picture.text == TOLD.replace("<", "&lt;").replace(">", "&gt;")
    assert_valid_message(payload(picture))
    assert (with_picture.main, tuple(others)) == (without.main, without.thread)


def test_a_terminal_reads_the_trends_in_words() -> None:
    text = digest_text(PEN, compose(inputs(reported("critical"), trends=(CSAT,), picture="F0TRENDS")))

    assert text.index("In the thread:") < text.index(TOLD)
