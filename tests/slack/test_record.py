"""Numbers by hand in conversation: typed in a window, pasted as rows, corrected; what they cause is said at once."""

import json
from datetime import timedelta

import pytest

from bot.actions import metrics, numbers
from bot.actions.desk import Asked
from bot.actions.numbers import Typed
from bot.domain.gate_evidence import Better, MetricKind
from bot.domain.grants.life import GrantState
from bot.domain.metrics import MetricEntry, number_in
from bot.domain.signals.kinds import SignalType
from bot.domain.workflows import Role
from tests.slack import forgery
from tests.slack.cast import ANA, BO, CHIDI, MEI
from tests.slack.conversation import Someone
from tests.slack.granting import granted, state_of
from tests.slack.office import Case, Office
from tests.slack.reading import fields
from tests.slack.test_forged import picked


def with_csat(office: Office, steward: str = ANA) -> Case:
    """A workflow of Ana's with a success metric and a guardrail."""
    case, ana = office.case(approvers=(MEI,), roles={Role.STEWARD: steward}), Asked(office.desk.actor(ANA))
    csat = MetricEntry("csat", MetricKind.SUCCESS, Better.HIGHER, number_in("4", "x"), number_in("4.5", "x"))
    defects = MetricEntry("defects", MetricKind.GUARDRAIL, Better.LOWER, limit=number_in("3", "x"))
    for entry in (csat, defects):
        office.desk.do(ana, metrics.define, case.workflow, entry)
    return case


def typed(office: Office, case: Case, kind: SignalType, by: str = ANA, **cells: str) -> str:
    """The id of a number that somebody typed."""
    actor = Asked(office.desk.actor(by))
    return office.desk.do(actor, numbers.record, case.workflow, Typed(kind, cells)).signal.id


def recording(office: Office, case: Case, user: str = ANA) -> Someone:
    """Someone with the window in front of them."""
    return office.person(user).types(f"/rollout record {case.name}", in_=case.room)


def turns_to(who: Someone, kind: str) -> Someone:
    """Someone who chose another kind in the window's menu."""
    return who.chooses(kind, beside=" · Team of ")


def said(office: Office, case: Case) -> list[str]:
    """What stands recorded by hand, the latest first."""
    with office.desk.reading() as view:
        found = numbers.typed_before(view, case.id, 20)
    return [f"{each.signal.body}" for each in found]


def test_a_metrics_value_is_typed_with_what_is_defined_to_choose_from(office: Office) -> None:
    case = with_csat(office)
    ana = recording(office, case).sees("Which metric?", "For which day?")
    assert (ana.options("metric"), ana.typed("on")) == (["csat", "defects", "Another one…"], "2026-03-09")
    ana.fills(metric="csat", value="4.2", n="120").submits()
    ana.sees(f"Recorded for {case.name}: metric, csat 4.2, 9 Mar 2026.", "[Correct…] [Record another…]")
    ana.types(f"/rollout metric {case.name}").sees("last 4.2").clicks("Record a number…").sees("Typed last", "csat 4.2")


def test_a_name_that_is_not_in_the_list_is_typed_and_the_answer_says_that_nobody_looks_at_it(office: Office) -> None:
    case = with_csat(office)
    ana = recording(office, case).fills(value="7")
    ana.selects("metric", "Another one…").fills(metric_named="CSAT").tries_to_submit()
    ana.sees_error("metric_named", "differs from it in capital letters only")
    assert ana.typed("value") == "7"
    ana.fills(metric_named="nps").submits()
    ana.sees("metric, nps 7", "Nobody has defined it by this name, so no gate looks at it")


def test_an_eval_run_below_the_floor_stops_the_agent_and_the_answer_says_so(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    grant = granted(office, case)
    ana = turns_to(recording(office, case), "An eval run")
    ana.fills(suite_named="core", result="150", prompt_version="p7", model="m2").tries_to_submit()
    ana.sees_error("result", "write 191 of 200")
    ana.fills(result="210 of 200").tries_to_submit().sees_error("result", "passed is 210 and cases only 200")
    ana.fills(result="150 of 200").submits()
    ana.sees(
        "eval run, core: 150 of 200 passed", "✗ The latest run of core passed 150 of 200, and the floor is ≥ 95 %."
    )
    ana.sees("send_macro stands still by this, and the team is told.")
    assert state_of(office, grant) is GrantState.SUSPENDED
    ana.sees("send_macro of", "stands still, because the latest run of core passed 150 of 200")
    assert turns_to(recording(office, case), "An eval run").options("suite") == ["core", "Another one…"]


def test_a_guardrail_beyond_its_limit_is_told_even_where_no_grant_is_there_to_stop(office: Office) -> None:
    case = with_csat(office)
    ana = recording(office, case).fills(metric="defects", value="4").submits()
    ana.sees("metric, defects 4", "✗ Defects is 4, limit 3.", "No grant stands still by this")


@pytest.mark.parametrize(
    ("kind", "answers", "says"),
    [
        (
            "This week's reviews",
            {"outputs": "80", "reviewed": "78", "overridden": "6"},
            "review tally, 78 of 80 reviewed, 6 overridden, 9 Mar 2026",
        ),
        ("Rework", {"rework_kind": "Rollback", "cost_usd": "120.50"}, "rework, rollback of $120.50, 9 Mar 2026"),
        (
            "An incident",
            {"key": "INC-1", "severity": "3", "title": "Sent <!channel> twice"},
            "incident, INC-1, severity 3, open, 9 Mar 2026",
        ),
        (
            "A red line, tested or crossed",
            {"rule_named": "no_pii", "summary": "It refused."},
            "red line, no_pii, test fired, 9 Mar 2026",
        ),
    ],
)
def test_every_other_kind_has_a_few_fields_of_its_own(
    office: Office, kind: str, answers: dict[str, str], says: str
) -> None:
    case = office.case()
    ana = turns_to(recording(office, case), kind)
    assert len(fields(ana.windows[-1])) <= 5
    ana.fills(**answers).submits().sees(f"Recorded for {case.name}: {says}.")


def test_what_was_typed_is_there_again_after_a_look_at_another_kind(office: Office) -> None:
    case = with_csat(office)
    ana = recording(office, case).fills(metric="defects", value="2.5", on="2026-03-06")
    turns_to(ana, "An eval run").fills(suite_named="core", result="1 of 2")
    turns_to(ana, "Several: paste rows").fills(rows="type,at\n" * 300)
    turns_to(ana, "A metric's value").sees("Pasted rows, kept here")
    found = ana.typed("metric"), ana.typed("value"), ana.typed("on"), ana.typed("rows")
    assert found == (picked_text("defects"), "2.5", "2026-03-06", "type,at\n" * 300)
    turns_to(ana, "An eval run")
    assert (ana.typed("suite_named"), ana.typed("result")) == ("core", "1 of 2")


def picked_text(text: str) -> object:
    """A choice in a menu, as Slack keeps it."""
    return {"text": {"type": "plain_text", "text": text, "emoji": False}, "value": text}


def test_what_would_not_fit_into_the_windows_memory_stays_in_its_fields(office: Office) -> None:
    case = with_csat(office)
    ana = turns_to(recording(office, case), "A red line, tested or crossed")
    ana.fills(rule_named='"' * 200, summary='"' * 500)
    turns_to(ana, "An incident").fills(key='"' * 200, title='"' * 200)
    turns_to(ana, "An eval run").fills(suite_named='"' * 200, prompt_version='"' * 200, model='"' * 200)
    turns_to(ana, "A metric's value").sees("too long to keep", "Which suite?")
    assert ana.typed("suite_named") == '"' * 200


def test_pasted_rows_are_recorded_together_or_not_at_all(office: Office) -> None:
    case = with_csat(office)
    ana = turns_to(recording(office, case), "Several: paste rows")
    found = (
        "type,at,metric,value",
        "metric,2026-03-06,csat,4.1",
        "metric,2026-03-99,csat,4.2",
        "metric,2026-03-08,csat,x",
    )
    rows = "\n".join(found).replace(",", "\t")
    with office.nothing_changes():
        ana.fills(rows=rows).tries_to_submit()
        ana.sees_error("rows", "Line 3: at is no day of the calendar", "Line 4: value must be a number, not text.")
        ana.sees_error("rows", "Nothing was recorded")
    assert ana.typed("rows") == rows
    ana.fills(rows=rows.replace("-99", "-07").replace("\tx", "\t4.3")).submits()
    ana.sees(f"Recorded for {case.name}: 3 rows.")
    assert said(office, case)[0] == "Metric(metric='csat', value=Decimal('4.3'), n=None)"
    turns_to(recording(office, case), "Several: paste rows").fills(
        rows="type,at,metric,value\nmetric,2026-03-07,csat,4.2"
    ).submits()
    ana.sees("Nothing new", "1 row was known before and left as it was")


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("metric 4.2", "Line 1: The first row must name the fields"),
        ("type,at,metric,value", "nothing but a header"),
        ("type,at,metric,value,source\nmetric,2026-03-06,csat,4.1,ci", 'source is "typed" for whatever a person types'),
        ("type,at,metric,value,workflow\nmetric,2026-03-06,csat,4.1,other", "leave the workflow out"),
        ("type,at,team,tier,people,trained,cost_usd_month\nseat,2026-03-06,Support,pro,1,1,1", "something of a team"),
        ('{"type":"metric","at":"2026-03-06","metric":"csat","value":1e308,"id":"1"}', "value is too large"),
        ("[1,", "Line 1: The entry is no JSON object."),
        ("type,at,metric,value\n" + "metric,2030-01-01,csat,4\n" * 20, "… and 12 more lines."),
    ],
)
def test_rows_that_are_none_are_refused_beside_their_field(office: Office, rows: str, why: str) -> None:
    case = office.case()
    ana = turns_to(recording(office, case), "Several: paste rows").fills(rows=rows)
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("rows", why, "Nothing was recorded" if "header" not in why else "")


def test_json_lines_are_pasted_too(office: Office) -> None:
    case = office.case()
    line = json.dumps({"type": "rework", "at": "2026-03-06", "kind": "defect", "cost_usd": 5, "id": f"{case.id}-1"})
    turns_to(recording(office, case), "Several: paste rows").fills(rows=line).submits().sees("1 row.")


def test_the_same_number_twice_is_one_and_another_for_the_same_day_holds_from_then_on(office: Office) -> None:
    case = with_csat(office)
    for value in ("4.2", "4.2", "4.3", "4.2"):
        recording(office, case).fills(metric="csat", value=value, on="2026-03-06").submits()
    values = [text.split("'")[3] for text in said(office, case)]
    assert values == ["4.2", "4.3", "4.2"]


def test_nonsense_is_refused_beside_the_field_and_nothing_typed_is_lost(office: Office) -> None:
    case = with_csat(office)
    ana = recording(office, case).fills(metric="csat", value="4,2")
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("value", "no plain number")
        ana.fills(value="4.2", n="1.5").tries_to_submit().sees_error("n", "n must be a whole number")
        ana.fills(n="", on="2026-03-10").tries_to_submit().sees_error("on", "still to come")
        ana.fills(on="2020-01-01").tries_to_submit().sees_error("on", "too long ago")
    assert ana.typed("value") == "4.2"


def test_a_member_without_a_role_is_refused_before_typing(office: Office) -> None:
    case = with_csat(office)
    bo = office.person(BO)
    with office.nothing_changes():
        bo.types(f"/rollout record {case.name}", in_=case.room).sees("You can't record a number by hand here: Ana")
    assert bo.windows == []


@pytest.mark.parametrize(
    ("memory", "answers"),
    [
        ({"kind": "seat"}, {}),
        ({"kind": "metric"}, {"metric": picked("csat"), "value": "\ud800"}),
        ({"kind": "metric"}, {"metric": picked("+"), "value": "1"}),
        ({"kind": "metric", "friday": "2026-99-99"}, {"metric": picked("csat"), "value": "1"}),
        ({"kind": "metric"}, {"metric": picked("x" * 3000), "value": "1"}),
        ({"kind": "metric"}, {"metric": picked("a\nb"), "value": "1"}),
        ({"kind": "incident"}, {"key": "k", "severity": picked("0"), "status": picked("open"), "title": "t"}),
        ({"kind": "incident"}, {"key": "k", "severity": picked("1"), "status": picked("gone"), "title": "t"}),
        ({"kind": "rework"}, {"rework_kind": picked("theft"), "cost_usd": "1"}),
        ({"kind": "rework"}, {"rework_kind": picked("defect"), "cost_usd": "1", "url": "javascript:x"}),
        ({"kind": "red_line"}, {"rule_named": "r", "line_kind": picked("forgiven"), "summary": "s"}),
        ({"kind": "rows"}, {"rows": "type,at\nmetric,\0"}),
    ],
)
def test_a_window_with_forged_answers_records_nothing(
    office: Office, memory: dict[str, str], answers: dict[str, object]
) -> None:
    case = with_csat(office)
    view = {"callback_id": "record", "private_metadata": forgery.metadata(workflow=case.id, **memory)}
    with office.nothing_changes():
        ack = office.forges("interactive", forgery.submission(office, ANA, view, answers or {"value": "1"}))
    assert (ack.error, ack.body["response_action"]) == (None, "errors")
    assert "on our side" not in str(ack.body)


def test_who_decides_corrects_a_number_at_once(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    grant = granted(office, case)
    ana = turns_to(recording(office, case), "An eval run")
    ana.fills(suite_named="core", result="19 of 200").submits().sees("stands still by this")
    assert state_of(office, grant) is GrantState.SUSPENDED
    mei = recording(office, case, MEI).clicks("Correct…", beside="core: 19 of 200 passed, 9 Mar 2026 · Ana Duarte")
    mei.sees("Your correction holds at once.")
    assert (mei.typed("suite_named"), mei.typed("result"), mei.typed("reason")) == ("core", "19 of 200", "Typed wrong.")
    mei.fills(result="199 of 200").submits()
    mei.sees(
        "Corrected for", "core: 199 of 200 passed, 9 Mar 2026, instead of eval run, core: 19 of 200", "holds again"
    )
    assert state_of(office, grant) is GrantState.ACTIVE
    assert said(office, case) == [
        "EvalRun(suite='core', cases=200, passed=199, prompt_version='', model='')",
    ]
    mei.closes().sees("Record a number")


def test_everyone_else_asks_and_the_card_says_what_will_stand_instead(office: Office) -> None:
    case = with_csat(office)
    mei = office.person(MEI)
    ana = recording(office, case).fills(metric="csat", value="42").submits().sees("csat 42")
    ana.clicks("Correct…", beside="csat 42").sees("Mei Tanaka", "until then the number stays as it is")
    ana.tries_to_submit().sees_error("metric_named", "It says just so already")
    ana.fills(value="4.2", reason="A point was missing.").submits()
    ana.sees("Asked: correct a signal of", "metric, csat 42", "instead: metric, csat 4.2, 9 Mar 2026", "Mei Tanaka")
    mei.room = mei.direct
    mei.sees("Ana Duarte asks to correct a signal of", "A point was missing.", "The new value is recorded")
    mei.clicks("Approve", beside=case.name).sees("✓ Approved by Mei Tanaka")
    assert said(office, case) == ["Metric(metric='csat', value=Decimal('4.2'), n=None)"]


def test_a_number_that_was_taken_back_meanwhile_is_not_corrected(office: Office) -> None:
    case = with_csat(office)
    typed(office, case, SignalType.METRIC, metric="csat", value="42")
    chidi = recording(office, case, CHIDI).clicks("Correct…", beside="csat 42").fills(reason="Mistyped.", value="4.2")
    mei = recording(office, case, MEI).clicks("Correct…", beside="csat 42").fills(reason="Mistyped.", value="4.3")
    mei.submits()
    chidi.tries_to_submit()
    assert "was taken back already" in str(chidi.errors)


def test_fridays_message_leads_to_the_window_and_shrinks_with_each_number(office: Office) -> None:
    case = with_csat(office, steward=BO)
    bo = office.person(BO)
    bo.room = bo.direct
    friday = office.clock.now() + timedelta(days=(4 - office.clock.now().weekday()) % 7)
    office.passes(seconds=(friday.replace(hour=13, minute=1) - office.clock.now()).total_seconds())
    office.settle()
    bo.sees(f"{case.name}: csat (success) has no value since Monday", f"{case.name}: defects (guardrail) has no value")
    bo.clicks("Record…", beside=f"{case.name}: defects").sees("Which metric?")
    assert bo.typed("metric") == picked_text("defects")
    bo.fills(value="1").submits()
    bo.sees("Recorded for", "metric, defects 1", f"{case.name}: csat (success) has no value since Monday")
    bo.sees_no(f"{case.name}: defects (guardrail)")
    office.passes(hours=1)
    assert len([one for one in bo.messages() if "has no value since Monday" in bo.read(one)]) == 1
