"""What a digest says in which order, and by which words a week is called what (RULES, "The digest")."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.digests.composing import MOST_LINES, Outlook, compose, is_silent
from bot.domain.digests.inputs import Heard, Inputs, Portfolio, Reported, Resolved, SourceState
from bot.domain.findings.kinds import Subject, SubjectKind
from bot.domain.findings.tracking import FindingState
from bot.domain.signals.volumes import Volume
from tests.digests.samples import ANA, AT, RUI, digest, finding, fresh, giving, inputs, reported, sources

NEW, WORSE, CARRIED = FindingState.NEW, FindingState.WORSE, FindingState.CARRIED
ACKNOWLEDGED, SNOOZED = FindingState.ACKNOWLEDGED, FindingState.SNOOZED
FRESH, STALE, FAILED = SourceState.FRESH, SourceState.STALE, SourceState.FAILED
NOTHING = Portfolio((), paused=0, on_track=0, moves=())


def names(of: tuple[Reported, ...]) -> list[str]:
    return [each.finding.subject.name for each in of]


def test_critical_comes_before_warning_and_inside_that_new_worse_carried_the_oldest_first() -> None:
    found = digest(
        reported("warning", CARRIED, 2, workflow="w_carried_2"),
        reported("warning", CARRIED, 5, workflow="w_carried_5"),
        reported("warning", NEW, workflow="w_new"),
        reported("warning", WORSE, 3, workflow="w_worse"),
        reported("critical", CARRIED, 2, workflow="c_carried"),
        reported("critical", WORSE, 2, workflow="c_worse"),
        reported("critical", NEW, workflow="c_new"),
    )

    assert names(found.lines) == ["c_new", "c_worse", "c_carried", "w_new", "w_worse", "w_carried_5", "w_carried_2"]


def test_of_equals_the_name_decides_so_that_the_order_is_always_the_same() -> None:
    found = [reported(workflow=name, rule=rule) for name in ("b", "a") for rule in ("review.slow", "eval.stale")]

    assert compose(inputs(*found)).lines == compose(inputs(*reversed(found))).lines
    assert [(each.finding.subject.name, each.finding.rule) for each in digest(*found).lines] == [
        ("a", "eval.stale"),
        ("a", "review.slow"),
        ("b", "eval.stale"),
        ("b", "review.slow"),
    ]


def test_what_is_acknowledged_or_snoozed_has_no_line_and_notices_never_have_one() -> None:
    found = digest(
        reported("critical", ACKNOWLEDGED, 2, workflow="known"),
        reported("warning", SNOOZED, 2, workflow="put_off"),
        reported("warning", CARRIED, 2, workflow="open"),
        reported("notice", NEW, workflow="routine"),
    )

    assert names(found.lines) == ["open"]
    assert names(found.acknowledged) == ["known"]
    assert names(found.snoozed) == ["put_off"]
    assert [(chores.rule, chores.count) for chores in found.upkeep] == [("rework.rising", 1)]


@pytest.mark.parametrize(("many", "in_message", "in_thread"), [(9, 9, 0), (10, 10, 0), (11, 10, 1)])
def test_ten_findings_have_a_line_in_the_message_and_the_eleventh_has_it_in_the_thread(
    many: int, in_message: int, in_thread: int
) -> None:
    found = digest(*(reported(workflow=f"agent_{n:02}") for n in range(many)))

    assert MOST_LINES == 10
    assert (len(found.main), len(found.rest)) == (in_message, in_thread)


def test_upkeep_counts_things_by_rule_and_names_who_has_them() -> None:
    (most, fewer) = digest(
        reported("notice", rule="grant.unattested", about="g1", size=2, owner=RUI),
        reported("notice", rule="grant.expiring", about="g1", owner=ANA),
        reported("notice", rule="grant.unattested", about="g2", size=1, owner=ANA, workflow="kb_agent"),
        reported("notice", ACKNOWLEDGED, 2, rule="grant.unattested", about="g3", size=5),
    ).upkeep

    assert (most.rule, most.count, most.owners) == ("grant.unattested", 3, (ANA, RUI))
    assert most.workflows == (("wf_kb_agent", "kb_agent"), ("wf_refunds_agent", "refunds_agent"))
    assert (fewer.rule, fewer.count, fewer.owners) == ("grant.expiring", 1, (ANA,))


def test_counts_are_of_every_finding_notices_too() -> None:
    found = digest(
        reported("critical"),
        reported("warning", WORSE, 2, workflow="a"),
        reported("warning", ACKNOWLEDGED, 2, workflow="b"),
        reported("notice", CARRIED, 2, workflow="c"),
        resolved=(Resolved("review.slow", "kb_agent"),),
    )

    assert (found.counts.new, found.counts.carried, found.counts.resolved, found.counts.on_track) == (1, 3, 1, 9)


@pytest.mark.parametrize(
    ("week", "is_clear"),
    [
        pytest.param(inputs(), True, id="nothing found, sources fresh"),
        pytest.param(inputs(reported("notice")), True, id="only notices"),
        pytest.param(inputs(reported("warning")), False, id="a warning"),
        pytest.param(inputs(reported("critical")), False, id="a critical"),
        pytest.param(inputs(reported("warning", ACKNOWLEDGED, 2)), False, id="a warning somebody knows of"),
        pytest.param(inputs(reported("warning", SNOOZED, 2)), False, id="a warning put off"),
        pytest.param(inputs(sources=sources(FRESH, STALE)), False, id="a stale source"),
        pytest.param(inputs(sources=sources(FRESH, FAILED)), False, id="a failed source"),
        pytest.param(inputs(sources=(), heard=Heard(0, 1)), True, id="no source, a typed signal"),
        pytest.param(inputs(sources=(), heard=Heard(1, 0)), True, id="no source, a signal that a program sent"),
        pytest.param(inputs(sources=(), heard=Heard(0, 0)), False, id="nothing heard"),
        pytest.param(inputs(sources=fresh(1), heard=Heard(0, 0)), True, id="a fresh source with nothing new"),
        pytest.param(inputs(portfolio=NOTHING), False, id="no workflow"),
    ],
)
def test_all_clear_is_no_critical_no_warning_no_blind_source_and_something_heard(week: Inputs, is_clear: bool) -> None:
    assert compose(week).is_all_clear is is_clear


@pytest.mark.parametrize(
    ("week", "outlook"),
    [
        (inputs(), Outlook.CLEAR),
        (inputs(sources=(), heard=Heard(9, 9)), Outlook.CLEAR),
        (inputs(sources=(), heard=Heard(0, 9)), Outlook.TYPED),
        (inputs(sources=(), heard=Heard(0, 0, AT - timedelta(days=30), ANA)), Outlook.UNHEARD),
        (inputs(sources=sources(FAILED)), Outlook.UNSEEN),
        (inputs(reported(), sources=sources(FAILED)), Outlook.OFF_PLAN),
        (inputs(portfolio=NOTHING, sources=()), Outlook.EMPTY),
    ],
)
def test_a_week_is_called_by_what_is_known_of_it(week: Inputs, outlook: Outlook) -> None:
    assert compose(week).outlook is outlook


def test_a_source_that_a_finding_calls_blind_makes_the_digest_incomplete_even_where_it_is_not_listed() -> None:
    jira = replace(finding(rule="source.blind"), subject=Subject(SubjectKind.SOURCE, "jira", "Jira"))
    found = digest(reported(finding_=jira), reported(workflow="kb_agent"))

    assert not found.is_complete
    assert [source.name for source in found.blind] == ["Jira"]
    assert found.lead
    assert found.lead.finding.subject.name == "kb_agent"


def test_a_source_that_gave_fewer_is_no_finding_and_leaves_the_digest_all_clear_and_complete() -> None:
    found = digest(sources=giving(Volume(12, 240), Volume(120, 240)))

    assert [each.name for each in found.fewer] == ["GitHub"]
    assert (found.is_all_clear, found.is_complete, found.outlook, found.findings) == (True, True, Outlook.CLEAR, ())


@pytest.mark.parametrize("state", [STALE, FAILED])
def test_of_a_source_that_was_not_read_nobody_expects_as_much_as_before(state: SourceState) -> None:
    found = digest(sources=giving(Volume(0, 240), state=state))

    assert ([each.name for each in found.blind], found.fewer) == (["GitHub"], ())


def test_a_program_without_workflows_says_so_once_and_then_is_silent_until_there_is_one() -> None:
    empty, running = inputs(portfolio=NOTHING, sources=()), inputs()

    assert not is_silent(empty, None)
    assert is_silent(empty, empty)
    assert not is_silent(running, empty)
    assert not is_silent(empty, running)
