"""What the intake refuses, each with one sentence that names the field and the reason; nothing makes it fall over."""

import json
import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.signals.kinds import Signal
from bot.domain.signals.shapes import SHAPES
from bot.intake import Rejected, read_array, read_json_lines, read_rows
from tests.signals.samples import BODIES, entry, line, take, terms, why_not

KINDS = list(BODIES)

REQUIRED = [(kind, field.name) for kind, shape in SHAPES.items() for field in shape.fields if field.required]
FIELDS = [(kind, field.name) for kind, shape in SHAPES.items() for field in shape.fields]


@pytest.mark.parametrize(("kind", "field"), REQUIRED)
def test_a_field_that_is_missing_is_named(kind: str, field: str) -> None:
    assert why_not(line(kind, **{field: ...})) == f"{field} is missing."
    assert why_not(line(kind, **{field: None})) == f"{field} is null, and must not be."


@pytest.mark.parametrize("field", ["id", "type", "at", "source", "workflow"])
def test_a_common_field_that_is_missing_is_named(field: str) -> None:
    assert why_not(line("metric", **{field: ...})) == f"{field} is missing."


@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_a_value_of_the_wrong_kind_is_refused_by_its_fields_name(kind: str, field: str) -> None:
    wrongs: tuple[Any, ...] = (True, 7.5, "", "7", [], ["x", 1], {}, {"a": 1}, [[]])
    for wrong in wrongs:
        taken = take(line(kind, **{field: wrong}))
        if isinstance(taken[0], Rejected):
            assert taken[0].why.startswith(field), taken[0].why
        else:
            assert _is_right(kind, field, wrong), (kind, field, wrong)


def _is_right(kind: str, field: str, value: object) -> bool:
    sort = next(each.kind for each in SHAPES[kind].fields if each.name == field)
    fits: dict[str, tuple[object, ...]] = {
        "name": ("7",),
        "person": ("7",),
        "text": ("7",),
        "title": ("7",),
        "version": ("7", ""),
        "number": (7.5,),
        "amount": (7.5,),
        "flag": (True,),
        "facts": ({}, {"a": 1}),
        "names": ([],),
    }
    return any(type(value) is type(fit) and value == fit for fit in fits.get(sort, ()))


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ({"value": "4.2"}, "value must be a number, not text."),
        ({"value": True}, "value must be a number, not true or false."),
        ({"value": [4]}, "value must be a number, not a list."),
        ({"n": -1}, "n must be from 0 to 1,000,000,000, not \"-1\"."),
        ({"n": 1.5}, "n must be a whole number, not a number with a fraction."),
        ({"metric": " "}, "metric is blank."),
        ({"metric": "x" * 201}, "metric has 201 characters, and at most 200 fit."),
        ({"metric": "a\0b"}, "metric holds a NUL character, which cannot be saved."),
        ({"metric": "a\ud800"}, "metric holds half of a character, or bytes that are not UTF-8."),
        ({"vlaue": 1}, 'A signal of type metric has no field "vlaue".'),
        ({"value": ..., "vlaue": 1}, 'A signal of type metric has no field "vlaue"; did you mean "value"?'),
        ({"colour": 1}, 'A signal of type metric has no field "colour".'),
        ({"team": "Support"}, "A signal of type metric names a workflow, not a team."),
        ({"type": "metrc"}, 'There is no signal type "metrc"; did you mean "metric"?'),
        ({"type": ["metric"]}, "type must be text, not a list."),
        ({"workflow": "refund_agent"}, "There is no workflow 'refund_agent'; did you mean refunds_agent?"),
        ({"url": "javascript:alert(1)"}, 'url must be a web address that begins with https://, not '
         '"javascript:alert(1)".'),
        ({"at": "2026-03-28T09:00:00"}, 'at has no time zone: add an offset, such as Z or +01:00, to '
         '"2026-03-28T09:00:00".'),
        ({"at": "2026-03-28"}, 'at must be a time such as 2026-03-02T09:00:00+00:00, not "2026-03-28".'),
        ({"at": 1774688400}, "at must be a time such as 2026-03-02T09:00:00+00:00, not a whole number."),
        ({"at": "2026-02-30T09:00:00Z"}, 'at names no instant of the calendar: "2026-02-30T09:00:00Z".'),
        ({"at": "0001-01-01T00:00:00+23:00"}, 'at names no instant of the calendar: "0001-01-01T00:00:00+23:00".'),
        ({"at": "2026-03-30T09:05:01Z"}, "at is in the future: 2026-03-30 09:05:01 UTC is 5 minutes ahead."),
        ({"at": "2027-03-30T09:05:01Z"}, "at is in the future: 2027-03-30 09:05:01 UTC is 365 days ahead."),
        ({"at": "2025-01-24T23:59:59Z"}, "at is too long ago: 2025-01-24 is more than 400 days before refunds_agent "
         "started, and nothing that old is kept."),
    ],
)  # fmt: skip
def test_a_metric_is_refused_because(sent: dict[str, Any], why: str) -> None:
    assert why_not(line("metric", **sent)) == why


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("NaN", "value is NaN, which is no number."),
        ("Infinity", "value is Infinity, which is no number."),
        ("-Infinity", "value is -Infinity, which is no number."),
        ("1e308", "value is too large: at most 15 digits may stand before the point."),
        ("1e15", "value is too large: at most 15 digits may stand before the point."),
        ("-1000000000000000", "value is too large: at most 15 digits may stand before the point."),
        ("9" * 5000, "value is too large: at most 15 digits may stand before the point."),
        ("1e9999999999999999999", "value is too large or too small."),
        ("0.30000000000000004", "value has more than 15 significant digits: round it."),
        ("1e-16", "value has more than 15 digits after the point: round it."),
        ("1e-999999999", "value has more than 15 digits after the point: round it."),
        ('{"a": 1, "a": 2}', 'value has the key "a" twice.'),
    ],
)
def test_a_number_is_refused_because(written: str, why: str) -> None:
    assert why_not(line("metric", value="@").replace('"@"', written)) == why


@pytest.mark.parametrize(
    ("kind", "sent", "why"),
    [
        ("eval_run", {"passed": 201}, "passed is 201 and cases only 200."),
        ("eval_run", {"cases": 0, "passed": 0}, "cases must be at least 1: a run without cases says nothing."),
        ("review", {"reviewer": ...}, "reviewer is missing: reviewed_at, outcome and reviewer come together or not "
         "at all."),
        ("review", {"reviewed_at": None, "outcome": None}, "reviewed_at is missing: reviewed_at, outcome and reviewer "
         "come together or not at all."),
        ("review", {"reviewed_at": "2026-03-28T08:59:59Z"}, "reviewed_at is before submitted_at."),
        ("review", {"outcome": "aproved"}, 'outcome cannot be "aproved"; did you mean "approved"?'),
        ("review", {"outcome": "?"}, 'outcome cannot be "?"; it is one of approved, edited, rejected.'),
        ("review", {"reviewed_at": "2026-03-31T09:00:00Z"}, "reviewed_at is in the future: 2026-03-31 09:00:00 UTC is "
         "24 hours ahead."),
        ("review_tally", {"reviewed": 81}, "reviewed is 81 and outputs only 80."),
        ("review_tally", {"overridden": 79}, "overridden is 79 and reviewed only 78."),
        ("rework", {"cost_usd": -1}, 'cost_usd must be from 0 to less than 1,000,000,000, not "-1".'),
        ("incident", {"severity": 0}, "severity goes from 1, the worst, to 5, and is not 0."),
        ("incident", {"severity": 6}, "severity goes from 1, the worst, to 5, and is not 6."),
        ("incident", {"severity": "sev1"}, "severity must be a whole number, not text."),
        ("red_line", {"summary": "x" * 3001}, "summary has 3,001 characters, and at most 3,000 fit."),
        ("change", {"merged_at": "2026-04-01T00:00:00Z"}, "merged_at is in the future: 2026-04-01 00:00:00 UTC is "
         "39 hours ahead."),
        ("change", {"irreversible": "yes"}, "irreversible must be true or false, not text."),
        ("work_item", {"due": "2026-02-30"}, 'due is no day of the calendar: "2026-02-30".'),
        ("work_item", {"due": "soon"}, 'due must be a time such as 2026-03-02T09:00:00+00:00, not "soon".'),
        ("agent_action", {"facts": []}, "facts must be an object, not a list."),
        ("agent_action", {"facts": {"x": {"y": "a\0"}}}, "facts: y holds a NUL character, which cannot be saved."),
        ("agent_action", {"facts": {"\x1f": 1e15}},
         'facts: "\\x1f" is too large: at most 15 digits may stand before the point.'),
        ("agent_action", {"facts": {"a": math.nan}}, "facts: a is NaN, which is no number."),
        ("agent_action", {"facts": {str(n): n for n in range(1001)}}, "facts has more than 1,000 entries."),
        ("agent_action", {"tools": "ledger"}, "tools must be a list of names, not text."),
        ("seat", {"trained": 13}, "trained is 13 and people only 12."),
        ("seat", {"workflow": "refunds_agent"}, "A signal of type seat names a team, not a workflow."),
        ("seat", {"team": "Nobody"}, "There is no team 'Nobody'."),
    ],
)  # fmt: skip
def test_a_signal_is_refused_because(kind: str, sent: dict[str, Any], why: str) -> None:
    assert why_not(line(kind, **sent)) == why


def test_facts_may_be_nested_twenty_levels_and_no_more() -> None:
    def nested(levels: int) -> Any:
        return {"a": nested(levels - 1)} if levels else {}

    assert isinstance(take(line("agent_action", facts=nested(18)))[0], Signal)
    assert why_not(line("agent_action", facts=nested(20))) == "facts is nested more than 20 levels deep."


@pytest.mark.parametrize(
    ("sent", "why"),
    [
        ("{", "This is not valid JSON: "),
        ('{"id": "s1",}', "This is not valid JSON: "),
        ("{} {}", "This is not valid JSON: extra data (character 4)."),
        ("7", "The entry is no JSON object."),
        ("null", "The entry is no JSON object."),
        ('"text"', "The entry is no JSON object."),
        ('{"id": "a", "id": "b"}', 'The entry has the key "id" twice.'),
        ("{}", "type is missing."),
        ('{"a":' * 20_000, "This is nested too deeply."),
        ('{"a": "' + "x" * 262_144 + '"}', "This is longer than 256 kB."),
        ('{"a": "' + "é" * 131_072 + '"}', "This is longer than 256 kB."),
        ('{"id": "\udcff"}', "type is missing."),
    ],
)
def test_a_line_is_refused_because(sent: str, why: str) -> None:
    (rejected,) = read_json_lines([sent], terms())
    assert isinstance(rejected, Rejected)
    assert rejected.why.startswith(why)


def test_a_hostile_name_is_cut_and_quoted() -> None:
    long = why_not(line("metric", type="<!channel>" * 18))
    assert long.startswith('There is no signal type "<!channel><!channel><!channel><!channel…"; the types are')
    assert "\x1b" not in why_not(line("metric", **{"\x1b[31m": 1}))


@pytest.mark.parametrize(
    ("sent", "taken"),
    [
        ("[1, {0}, {{}}]", [(1, "The entry is no JSON object."), "ok", (3, "type is missing.")]),
        ("[{0}, {{]", ["ok", (2, "This is not valid JSON: ")]),
        ("[{0} {0}]", ["ok", (2, "Entries are not parted by a comma. Nothing from here on was read.")]),
        ("[{0}", ["ok", (2, "The array is not closed. Nothing from here on was read.")]),
        ("[{0}] {0}", ["ok", (2, "More comes after the end of the array. Nothing from here on was read.")]),
        ("[{0},]", ["ok", (2, "This is not valid JSON: ")]),
        ("[" * 100_000, [(1, "This is nested too deeply. Nothing from here on was read.")]),
        ('[{0}, "' + "x" * 300_000 + '", {0}]', ["ok", (2, "This is longer than 256 kB."), "ok"]),
        ('[{0}, "' + "x" * 5_000_000, ["ok", (2, "This is longer than 256 kB. Nothing from here on was read.")]),
    ],
)
def test_an_array_keeps_what_could_be_read(sent: str, taken: list[Any]) -> None:
    text = sent.replace("{0}", json.dumps(entry("metric"))).replace("{{", "{").replace("}}", "}")
    found = list(read_array([text[i : i + 1000] for i in range(0, len(text), 1000)], terms()))
    assert len(found) == len(taken)
    for each, wanted in zip(found, taken, strict=True):
        if isinstance(each, Rejected):
            assert each.line == wanted[0]
            assert each.why.startswith(wanted[1])
        else:
            assert wanted == "ok"


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ("type,at,type\n", (1, 'The column "type" is there twice, so nothing was read.')),
        ("a,b\n1,2\n", (1, "The first row must name the fields (type, workflow, at, source, url …), so nothing was "
         "read.")),
        ("type,at\nmetric\n", (2, "This row has 1 cells, and the header names 2.")),
        ("\ntype,at\n\nmetric,\"x\n", (4, "A quotation mark is opened and not closed.")),
        ("type,at,value\nmetric,2026-03-28T09:00:00Z,4\n", (2, "workflow is missing.")),
        ("type,at,id,workflow,source,metric,value\nmetric,2026-03-28T09:00:00Z,1,refunds_agent,s,m,NaN\n",
         (2, "value must be a number, not text.")),
        ("type,at,id,workflow,source,metric,value\nmetric,2026-03-28T09:00:00Z,1,refunds_agent,s,m,1e308\n",
         (2, "value is too large: at most 15 digits may stand before the point.")),
        ("type,at,id,workflow,source,action,facts,outcome,reversed\n"
         "agent_action,2026-03-28T09:00:00Z,1,refunds_agent,s,a,amount 20,done,false\n",
         (2, "facts must be written as JSON in its cell. This is not valid JSON: expecting value (character 1).")),
    ],
)  # fmt: skip
def test_a_spreadsheet_is_refused_because(rows: str, why: tuple[int, str]) -> None:
    (rejected,) = read_rows(rows.splitlines(keepends=True), terms())
    assert rejected == Rejected(*why)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=300)
@given(st.sampled_from(KINDS), st.data())
def test_whatever_stands_in_a_field_comes_out_as_a_signal_or_a_sentence(kind: str, data: st.DataObject) -> None:
    field = data.draw(st.sampled_from(sorted(entry(kind))))
    (taken,) = take(json.dumps(entry(kind, **{field: data.draw(_JSON)})))
    if isinstance(taken, Rejected):
        assert taken.why.endswith((".", "?"))
        assert taken.why.isprintable()


@settings(max_examples=300)
@given(st.text(max_size=200), st.sampled_from([read_array, read_json_lines, read_rows]))
def test_no_text_makes_the_intake_fall_over(text: str, form: Any) -> None:
    for prefix in ("", "[", "type,at,id\n"):
        lines = (prefix + text).splitlines(keepends=True)
        assert all(isinstance(each, Rejected) for each in form(lines, terms()))
