"""Signals are kept once, whatever is repeated, late or out of order, and a wrong one can be taken back."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from bot.domain.errors import NotFound
from bot.domain.signals.kinds import (
    ActionOutcome,
    AgentAction,
    Incident,
    IncidentStatus,
    Metric,
    Review,
    ReviewOutcome,
    Signal,
    SignalType,
    WorkItem,
    WorkStatus,
)
from store.engine import Database
from store.forgetting import forget_reviewers
from store.reading.signals import StoredSignal, read_about, read_stored
from store.recording.signals import Kept, Voiding, keep_signals, void_signal
from store.tables.signals import TABLE_OF, signals
from tests.signals.samples import BODIES, NOW, OTHER, VALUES, WORKFLOW, ago, batch_hash, signal
from tests.store.together import together

W = f"w_{WORKFLOW}"
SOME_OF_EACH = [signal(VALUES[kind], id=f"{kind}-{number}") for kind in BODIES for number in (1, 2)]
VOIDED = Voiding(NOW, "p_lea", None)


def _keep(database: Database, *batch: Signal[Any]) -> Kept:
    with database.writing() as connection:
        return keep_signals(connection, batch, NOW)


def _contents(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """What stands in the tables beside `signals`, with the signals' ids in place of their order of arrival."""
    ids = {row.seq: row.id for row in connection.execute(select(signals.c.seq, signals.c.id))}
    return {
        kind: sorted(
            ({**row, "signal": ids[row["signal"]]} for row in connection.execute(select(table)).mappings()),
            key=lambda row: str(row["signal"]),
        )
        for kind, table in TABLE_OF.items()
    }


def _all(database: Database) -> dict[str, list[dict[str, Any]]]:
    with database.reading() as connection:
        return _contents(connection)


def _named(connection: Connection, signal_id: str) -> tuple[StoredSignal, ...]:
    """Every signal with that id, taken back or not."""
    return read_stored(connection, signals.c.id == signal_id)


def test_every_type_is_kept_and_comes_back_as_it_was(program: Database) -> None:
    kept = _keep(program, *SOME_OF_EACH)
    assert (kept.accepted, kept.duplicate) == (24, 0)
    assert kept.touched == tuple(sorted((W, kind) for kind in SignalType if kind is not SignalType.SEAT))
    with program.reading() as connection:
        found = [each.signal for sent in SOME_OF_EACH for each in _named(connection, sent.id)]
    assert found == SOME_OF_EACH
    assert {kind: len(rows) for kind, rows in _all(program).items()} == {
        kind: 1 if kind in ("review", "incident", "work_item", "agent_action") else 2 for kind in SignalType
    }


def test_the_batchs_hash_can_be_made_again_from_what_is_kept(program: Database) -> None:
    kept = _keep(program, *SOME_OF_EACH, SOME_OF_EACH[0])
    with program.writing() as connection:
        columns = ("source", "id", "type", "workflow_id", "team_id", "at", "url", "body")
        lines = [
            json.dumps([each[n].isoformat() if n == "at" else each[n] for n in columns], separators=(",", ":")) + "\n"
            for each in connection.execute(select(signals).order_by(signals.c.seq)).mappings()
        ]
        assert hashlib.sha256("".join(lines).encode()).hexdigest() == kept.hash
        assert forget_reviewers(connection, NOW + timedelta(days=1)) == 2
        assert batch_hash(connection, kept.batch) == kept.hash
        connection.execute(signals.update().where(signals.c.id == "metric-1").values(body="{}"))
        assert batch_hash(connection, kept.batch) != kept.hash


def test_a_repeat_is_ignored_whatever_it_says_now(program: Database) -> None:
    _keep(program, *SOME_OF_EACH)
    before = _all(program)
    other = [replace(each, at=NOW, body=VALUES["metric"]) for each in SOME_OF_EACH]
    again = _keep(program, *SOME_OF_EACH, *other)
    assert (again.accepted, again.duplicate, again.touched) == (0, 48, ())
    assert _all(program) == before


def test_the_same_id_from_another_source_is_another_signal(program: Database) -> None:
    one = signal(VALUES["metric"], id="1", source="a")
    kept = _keep(program, one, replace(one, source="b"), one)
    assert (kept.accepted, kept.duplicate) == (2, 1)


def test_a_batch_may_be_empty_or_far_larger_than_a_chunk(program: Database) -> None:
    assert _keep(program).accepted == 0
    many = [signal(Metric("csat", Decimal(number)), id=str(number)) for number in range(2500)]
    about = [
        signal(Review(f"out-{number % 1300}", ago(days=2)), ago(seconds=number), id=f"r{number}")
        for number in range(2600)
    ]
    assert _keep(program, *many, *about).accepted == 5100
    assert _keep(program, *many, *about).duplicate == 5100
    contents = _all(program)
    assert (len(contents["metric"]), len(contents["review"])) == (2500, 1300)
    assert {row["at"] for row in contents["review"]} == {ago(seconds=number) for number in range(1300)}


def test_a_late_signal_leaves_the_newer_state_as_it_is(program: Database) -> None:
    open_, resolved = (
        signal(Incident("INC-1", 2, status, "Down"), at, id=status)
        for status, at in ((IncidentStatus.OPEN, ago(days=2)), (IncidentStatus.RESOLVED, ago(days=1)))
    )
    _keep(program, resolved)
    _keep(program, open_)
    (row,) = _all(program)["incident"]
    assert (row["signal"], row["status"], row["opened_at"], row["resolved_at"]) == (
        "resolved", "resolved", ago(days=2), ago(days=1)
    )  # fmt: skip


def test_two_workflows_may_use_the_same_key(program: Database) -> None:
    here = signal(VALUES["incident"], id="1")
    _keep(program, here, replace(here, id="2", workflow=OTHER))
    assert [row["workflow_id"] for row in _all(program)["incident"]] == [W, f"w_{OTHER}"]


def test_agent_actions_without_a_run_stand_for_themselves(program: Database) -> None:
    body = AgentAction("send", "{}", ActionOutcome.DONE, reversed=False)
    kept = _keep(program, signal(body, id="1"), signal(body, id="2"))
    assert (kept.accepted, len(_all(program)["agent_action"])) == (2, 2)


def test_a_workflow_that_is_gone_takes_no_signals_and_nothing_of_the_batch_is_kept(program: Database) -> None:
    with pytest.raises(NotFound, match=r"no workflow 'ghost' any more, so nothing of this batch was kept\."):
        _keep(program, *SOME_OF_EACH, signal(VALUES["metric"], id="x", workflow="ghost"))
    with program.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(signals)) == 0


# Voiding


def _void(database: Database, signal_id: str) -> bool:
    with database.writing() as connection:
        (stored,) = _named(connection, signal_id)
        return void_signal(connection, stored.seq, VOIDED)


@pytest.mark.parametrize("kind", list(BODIES))
def test_a_voided_signal_stays_and_counts_nowhere(program: Database, kind: str) -> None:
    _keep(program, signal(VALUES[kind], id="wrong"))
    assert [_void(program, "wrong"), _void(program, "wrong")] == [True, False]
    with program.reading() as connection:
        (stored,) = _named(connection, "wrong")
    assert stored.voided_at == NOW
    assert not any(_all(program).values())
    assert _keep(program, signal(VALUES[kind], id="wrong")).duplicate == 1


def test_what_a_voided_signal_updated_is_as_it_was_before(program: Database) -> None:
    first = signal(WorkItem("T-1", "Write", WorkStatus.OPEN, None, "U1"), ago(days=2), id="first")
    _keep(program, first)
    before = _all(program)
    _keep(program, signal(WorkItem("T-1", "Write", WorkStatus.DONE, None, None), ago(days=1), id="second"))
    _void(program, "second")
    assert _all(program) == before


def test_voiding_an_earlier_signal_takes_what_only_it_said(program: Database) -> None:
    action = AgentAction("send", "{}", ActionOutcome.DONE, reversed=False, run_id="r")
    _keep(program, signal(replace(action, grant_hash="g1"), ago(days=2), id="first"))
    _keep(program, signal(action, ago(days=1), id="second"))
    (row,) = _all(program)["agent_action"]
    assert (row["signal"], json.loads(row["body"])["grant_hash"]) == ("second", "g1")
    _void(program, "first")
    (row,) = _all(program)["agent_action"]
    assert (row["signal"], row["body"]) == ("second", None)


def test_reviewers_can_be_forgotten_and_their_reviews_stay(program: Database) -> None:
    old = signal(Review("old", ago(days=92), ago(days=91), ReviewOutcome.EDITED, "U7"), ago(days=91), id="old")
    _keep(program, old, signal(VALUES["review"], ago(days=89), id="new"))
    with program.writing() as connection:
        assert forget_reviewers(connection, ago(days=90)) == 1
        assert forget_reviewers(connection, ago(days=90)) == 0
        (forgotten,), (known,) = (_named(connection, each) for each in ("old", "new"))
    assert (forgotten.signal.body.reviewer, known.signal.body.reviewer) == (None, "U7")
    assert forgotten.signal.body.outcome is ReviewOutcome.EDITED


# Any order, any cutting into batches, any repetition

KEYS = st.sampled_from(["a", "b"])
VERSIONS = st.none() | st.sampled_from(["v1", "v2"])


_DONE = (ago(days=1), ReviewOutcome.EDITED, "U7")


def _review(output_id: str, is_done: bool, prompt_version: str | None, model: str | None) -> Review:
    at, outcome, reviewer = _DONE if is_done else (None, None, None)
    return Review(output_id, ago(days=2), at, outcome, reviewer, prompt_version, model)


BODY = st.one_of(
    st.builds(_review, KEYS, st.booleans(), VERSIONS, VERSIONS),
    st.builds(Incident, KEYS, st.integers(1, 5), st.sampled_from(list(IncidentStatus)), st.just("Down")),
    st.builds(WorkItem, KEYS, st.just("Write"), st.sampled_from(list(WorkStatus)), st.none(), VERSIONS),
    st.builds(
        AgentAction, KEYS, st.just("{}"), st.sampled_from(list(ActionOutcome)), st.booleans(), VERSIONS, VERSIONS,
        st.none() | KEYS, VERSIONS,
    ),
    st.builds(Metric, KEYS, st.integers(0, 9).map(Decimal)),
)  # fmt: skip


@st.composite
def _told(draw: st.DrawFn) -> tuple[list[Signal[Any]], list[list[Signal[Any]]], list[str]]:
    """Signals at different times; the same in another order, cut into batches, some repeated; and some to void."""
    bodies = draw(st.lists(BODY, min_size=1, max_size=8))
    told = [signal(body, ago(hours=place + 1), id=f"s{place}") for place, body in enumerate(bodies)]
    shuffled = draw(st.permutations(told + draw(st.lists(st.sampled_from(told), max_size=4))))
    cut = draw(st.integers(0, len(shuffled)))
    voided = draw(st.lists(st.sampled_from([each.id for each in told]), max_size=2, unique=True))
    return told, [shuffled[:cut], shuffled[cut:]], voided


class _Undone(Exception):
    """Takes a change back."""


def _state_after(database: Database, batches: Sequence[Sequence[Signal[Any]]], voided: list[str]) -> Any:
    """What stands in the tables after these batches, which are then taken back."""
    found: list[Any] = []

    def play(connection: Connection) -> None:
        for batch in batches:
            keep_signals(connection, batch, NOW)
        for each in voided:
            void_signal(connection, _named(connection, each)[0].seq, VOIDED)
        found.append(_contents(connection))
        raise _Undone

    with pytest.raises(_Undone), database.writing() as connection:
        play(connection)
    return found[0]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(told=_told())
def test_neither_order_nor_batches_nor_repeats_change_what_is_known(
    program: Database, told: tuple[list[Signal[Any]], list[list[Signal[Any]]], list[str]]
) -> None:
    in_order, batches, voided = told
    without = [each for each in in_order if each.id not in voided]
    assert _state_after(program, batches, voided) == _state_after(program, [without], [])


def test_eight_writers_of_the_same_signals_keep_each_once(program: Database) -> None:
    told = [
        signal(Incident(f"INC-{number % 5}", 2, IncidentStatus.OPEN, "Down"), ago(hours=number), id=str(number))
        for number in range(40)
    ]
    counts: list[int] = []

    def send(start: int) -> None:
        rotated = told[start:] + told[:start]
        for place in range(0, 40, 10):
            batch = rotated[place : place + 10]
            counts.append(program.retrying(lambda connection: keep_signals(connection, batch, NOW)).accepted)  # noqa: B023 - used at once

    together([partial(send, number * 5) for number in range(8)])
    assert sum(counts) == 40
    assert {row["key"]: row["opened_at"] for row in _all(program)["incident"]} == {
        f"INC-{number}": ago(hours=35 + number) for number in range(5)
    }


def test_only_signals_in_force_about_a_thing_are_read(program: Database) -> None:
    _keep(program, *SOME_OF_EACH, signal(VALUES["incident"], id="other", workflow=OTHER))
    _void(program, "incident-1")
    with program.reading() as connection:
        found = [each.signal.id for each in read_about(connection, [f"incident {W} INC-1"])]
    assert found == ["incident-2"]
