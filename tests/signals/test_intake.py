"""What the intake accepts: every type, in JSON lines, in an array and in CSV, line by line."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.signals.kinds import Metric, Review, Signal
from bot.intake import ByHand, Rejected, Terms, lines_of, read, read_rows
from tests.signals.samples import BODIES, NOW, OTHER, TEAM, VALUES, WORKFLOW, entry, line, take, terms

KINDS = list(BODIES)


def _expected(kind: str, **other: Any) -> Signal[Any]:
    usual: dict[str, Any] = {
        "id": "s1",
        "source": "ci",
        "at": datetime(2026, 3, 28, 11, 0, tzinfo=UTC),
        "workflow": None if kind == "seat" else WORKFLOW,
        "team": TEAM if kind == "seat" else None,
        "url": None,
        "body": VALUES[kind],
    }
    return Signal(**{**usual, **other})


def _csv(*entries: dict[str, Any], delimiter: str = ",") -> str:
    """The entries as a spreadsheet would write them."""
    names = list(dict.fromkeys(name for each in entries for name in each))
    text = io.StringIO()
    table = csv.DictWriter(text, names, delimiter=delimiter)
    table.writeheader()
    table.writerows(
        {n: json.dumps(v) if isinstance(v, dict | list | bool) else v for n, v in each.items()} for each in entries
    )
    return text.getvalue()


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_is_taken_in_as_it_was_meant(kind: str) -> None:
    assert take(line(kind)) == [_expected(kind)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_type_can_come_from_a_spreadsheet(kind: str) -> None:
    assert take(*_csv(entry(kind)).splitlines(keepends=True)) == [_expected(kind)]


def test_an_array_gives_the_same_signals_as_lines() -> None:
    sent = [entry(kind, id=kind) for kind in KINDS]
    as_lines = take(*(json.dumps(each) + "\n" for each in sent))
    for indent in (None, 4):
        assert take(*json.dumps(sent, indent=indent).splitlines(keepends=True)) == as_lines
    assert take("[", " ]") == []


def test_optional_fields_may_be_null_or_left_out() -> None:
    without = entry("review", reviewed_at=None, outcome=None, reviewer=..., model=None, url=None)
    (taken,) = take(json.dumps(without))
    assert taken == _expected("review", body=Review("out-1", datetime(2026, 3, 28, 9, 0, tzinfo=UTC)))
    assert take(line("work_item", due=None, assignee=...)) != []
    assert isinstance(take(line("change", reverts=...))[0], Signal)


@pytest.mark.parametrize("kind", ["incident", "change", "work_item"])
def test_a_title_too_long_to_keep_costs_its_end_and_not_the_signal(kind: str) -> None:
    title = "<!channel> " + "é" * 4989
    for sent, kept in ((title, f"{title[:2999]}…"), (title[:3000], title[:3000])):
        (taken,) = take(line(kind, title=sent))
        assert isinstance(taken, Signal)
        assert taken.body.title == kept


def test_a_title_too_long_that_somebody_types_is_refused_where_it_can_be_shortened() -> None:
    typed = replace(terms(), source="typed", by_hand=ByHand(WORKFLOW, lambda _: NOW))
    rows = _csv(entry("incident", title="x" * 3001) | {"source": "typed"}).splitlines(keepends=True)
    (taken,) = read_rows(rows, typed)
    assert taken == Rejected(2, "title has 3,001 characters, and at most 3,000 fit.")


def test_an_eval_run_whose_versions_nobody_knows_says_so_with_empty_text() -> None:
    (taken,) = take(line("eval_run", prompt_version="", model=""))
    assert isinstance(taken, Signal)
    assert (taken.body.prompt_version, taken.body.model) == ("", "")


@pytest.mark.parametrize(
    ("written", "instant"),
    [
        ("2026-03-28T09:00:00Z", datetime(2026, 3, 28, 9, 0, tzinfo=UTC)),
        ("2026-03-28t09:00:00.25z", datetime(2026, 3, 28, 9, 0, 0, 250000, UTC)),
        ("2026-03-28 09:00:00-05:00", datetime(2026, 3, 28, 14, 0, tzinfo=UTC)),
        ("2026-03-28T09:00:00.123456789+05:30", datetime(2026, 3, 28, 3, 30, 0, 123456, UTC)),
        ("2026-03-30T09:05:00+00:00", datetime(2026, 3, 30, 9, 5, tzinfo=UTC)),
        ("2025-01-25T00:00:00+00:00", datetime(2025, 1, 25, tzinfo=UTC)),
    ],
)
def test_instants_become_utc(written: str, instant: datetime) -> None:
    (taken,) = take(line("metric", at=written))
    assert isinstance(taken, Signal)
    assert (taken.at, taken.at.tzinfo) == (instant, UTC)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0.1", "0.1"),
        ("-12.50", "-12.5"),
        ("5e2", "500"),
        ("999999999999999", "999999999999999"),
        ("0.999999999999999", "0.999999999999999"),
        ("1.00000000000000000000", "1"),
        ("-0.0", "0"),
        ("0e99", "0"),
    ],
)
def test_numbers_are_exact(written: str, value: str) -> None:
    (taken,) = take(line("metric", value="@").replace('"@"', written))
    assert isinstance(taken, Signal)
    assert taken.body == Metric("csat", Decimal(value), 120)


def test_a_count_may_be_written_with_a_point_as_spreadsheets_do() -> None:
    (taken,) = take(line("eval_run", cases=200.0))
    assert isinstance(taken, Signal)
    assert repr(taken.body.cases) == "200"


def test_names_of_workflows_and_teams_are_asked_for_once_and_taken_as_they_are_known() -> None:
    asked: list[str] = []
    usual = terms()

    def listening(name: str) -> Any:
        asked.append(name)
        return usual.workflow(name)

    sent = [line("metric", workflow="Refunds_Agent"), line("metric", workflow="Refunds_Agent"), line("metric")]
    taken = list(read(sent, Terms(NOW, listening, usual.team)))
    assert [each.workflow for each in taken if isinstance(each, Signal)] == [WORKFLOW] * 3
    assert asked == ["Refunds_Agent", WORKFLOW]


def test_the_good_lines_around_a_bad_one_are_kept() -> None:
    taken = take(line("metric", id="a"), "\n", "{broken\n", line("metric", id="b", value="4"), line("metric", id="c"))
    assert [each.id if isinstance(each, Signal) else each.line for each in taken] == ["a", 3, 4, "c"]


def test_a_bad_first_line_does_not_make_a_file_of_lines_into_something_else() -> None:
    taken = take("type in haste, at leisure\n", line("metric"))
    assert [type(each) for each in taken] == [Rejected, Signal]


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm() -> None:
    assert take("\ufeff" + line("metric").replace("\n", "\r\n")) == [_expected("metric")]
    assert take(*("\ufeff" + _csv(entry("metric"))).splitlines(keepends=True)) == [_expected("metric")]


def test_signals_come_out_while_the_file_is_still_being_read() -> None:
    def endless() -> Iterator[str]:
        for number in range(10**9):
            yield line("metric", id=str(number))

    taken = read(endless(), terms())
    assert [next(taken), next(taken)] == [_expected("metric", id="0"), _expected("metric", id="1")]


def test_an_array_is_read_in_parts_too() -> None:
    def endless() -> Iterator[str]:
        yield "["
        for number in range(10**9):
            yield line("metric", id=str(number)) + ","

    assert next(read(endless(), terms())) == _expected("metric", id="0")


def test_of_a_line_too_long_only_the_beginning_is_kept_in_memory() -> None:
    stream = io.StringIO(line("metric", id="a") + "x" * 5_000_000 + "\n" + line("metric", id="b"))
    lines = list(lines_of(stream))
    assert (len(lines), max(map(len, lines))) == (3, 256 * 1024 + 1)
    assert [each.id if isinstance(each, Signal) else each.line for each in read(lines, terms())] == ["a", 2, "b"]


# CSV


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_spreadsheets_part_their_cells_in_three_ways(delimiter: str) -> None:
    rows = _csv(entry("incident", title='Down, "again"; twice'), delimiter=delimiter)
    (taken,) = take(*rows.splitlines(keepends=True))
    assert isinstance(taken, Signal)
    assert taken.body.title == 'Down, "again"; twice'


def test_rows_of_several_types_share_a_header_and_leave_cells_empty() -> None:
    rows = _csv(entry("metric"), entry("red_line"), entry("seat"))
    assert take(*rows.splitlines(keepends=True)) == [_expected(kind) for kind in ("metric", "red_line", "seat")]


def test_a_cell_may_hold_several_lines() -> None:
    rows = _csv(entry("red_line", summary="It refused.\nTwice."), entry("red_line", id="s2"))
    taken = take(*rows.splitlines(keepends=True))
    assert [each.body.summary.split("\n")[0] for each in taken if isinstance(each, Signal)] == [
        "It refused.",
        VALUES["red_line"].summary,  # type: ignore[union-attr]
    ]


def test_a_row_without_an_id_gets_the_same_one_every_time() -> None:
    rows = _csv(*(entry("metric", id=..., at=f"2026-03-28T{hour}:00:00Z") for hour in (10, 11, 10)))
    first, second, again = (each.id for each in take(*rows.splitlines(keepends=True)) if isinstance(each, Signal))
    assert (first, first == second) == (again, False)


@pytest.mark.parametrize("kind", KINDS)
def test_an_id_made_for_a_row_tells_sources_subjects_and_times_apart(kind: str) -> None:
    usual = entry(kind, id=...)
    subject = {"team": "support"} if kind == "seat" else {"workflow": OTHER}
    others = [usual | {"source": "b"}, usual | {"at": "2026-03-28T11:00:01Z"}, usual | subject, usual]
    made = [each.id for each in take(*_csv(usual, *others).splitlines(keepends=True)) if isinstance(each, Signal)]
    assert len(set(made)) == (3 if kind == "seat" else 4)
    assert made[0] == made[-1]


def test_a_missing_source_may_be_named_by_whoever_hands_the_rows_in() -> None:
    usual = terms()
    named = Terms(NOW, usual.workflow, usual.team, source="pasted")
    sent = [json.dumps(entry("metric", source=...)), json.dumps(entry("metric"))]
    assert [each.source for each in read(sent, named) if isinstance(each, Signal)] == ["pasted", "ci"]


def test_a_stray_quotation_mark_costs_its_own_row_alone() -> None:
    rows = _csv(*(entry("metric", id=str(number)) for number in range(6))).splitlines(keepends=True)
    rows[2] = rows[2].replace("csat", '"csat')
    rows[4] = rows[4].replace("csat", 'cs"at')
    taken = take(*rows)
    assert [each.id if isinstance(each, Signal) else each.line for each in taken] == ["0", 3, "2", 5, "4", "5"]
