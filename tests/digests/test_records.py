"""Inputs are kept as plain values and come back without loss, so that a digest can be said again byte for byte."""

import json
from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from bot.domain.digests.composing import compose
from bot.domain.digests.inputs import Inputs, Save, inputs_of, inputs_record
from bot.domain.digests.shapes import digest_as_json
from bot.domain.people import Person
from bot.domain.signals.volumes import Volume
from bot.slack.pen import Pen
from bot.slack.screens.digests import digest_screens, digest_text
from store.types import canonical
from tests.digests.random_weeks import weeks
from tests.digests.samples import ANA, AT, RUI, fresh, giving, inputs, reported


def bytes_of(week: Inputs) -> bytes:
    """Everything that is sent, shown or answered of a digest."""
    pen, digest = Pen(ZoneInfo(week.audience.zone)), compose(week)
    screens = digest_screens(pen, digest)
    posted = [(screen.fallback, screen.blocks) for screen in (screens.main, *screens.thread)]
    return json.dumps([posted, digest_text(pen, digest), digest_as_json(week)]).encode()


@given(weeks())
@settings(max_examples=60, deadline=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
def test_whatever_happened_in_a_week_its_digest_is_the_same_from_what_was_kept(week: Inputs) -> None:
    kept = json.loads(canonical(inputs_record(week)))

    assert inputs_of(kept) == week
    assert canonical(inputs_record(inputs_of(kept))) == canonical(inputs_record(week))
    assert bytes_of(inputs_of(kept)) == bytes_of(week)


def test_people_stand_in_one_place_of_the_record_so_that_they_can_be_erased_there() -> None:
    record = inputs_record(inputs(reported(owner=ANA), reported(owner=RUI, workflow="b"), reported(workflow="c")))
    people = [{**each, "handle": None, "name": "someone erased"} for each in record["people"]]

    assert [each["name"] for each in record["people"]] == ["Ana", "Rui"]
    assert "Ana" not in json.dumps(record["value"])
    owners = [each.finding.owner for each in inputs_of({**record, "people": people}).findings]
    assert [owner.name if owner else None for owner in owners] == ["someone erased"] * 3


@pytest.mark.parametrize("name", ["cafe\u0301", "café", "nul \x00", "half \ud800", "\u202eturned", '{"escaped": 1}'])
def test_not_a_letter_changes_in_keeping_so_that_a_finding_stays_the_same_one(name: str) -> None:
    week = inputs(reported(about=name, facts=(("metric", name), ("several", (name, name)))))

    assert inputs_of(json.loads(canonical(inputs_record(week)))) == week


def test_a_record_of_another_shape_is_refused_rather_than_misread() -> None:
    record = inputs_record(inputs())

    with pytest.raises(ValueError, match="shape 2, and this program reads 1"):
        inputs_of({**record, "version": 2})
    with pytest.raises(KeyError):
        inputs_of({**record, "value": {**record["value"], "unknown": 1}})


def test_a_digest_kept_before_there_were_pictures_and_stewards_numbers_is_read_all_the_same() -> None:
    record = inputs_record(inputs(reported()))
    older = {name: kept for name, kept in record["value"].items() if name not in ("trends", "picture", "numbers")}

    assert inputs_of({**record, "value": older}) == inputs(reported())


def test_a_digest_kept_before_what_sources_gave_was_counted_is_said_again_as_it_was() -> None:
    week = inputs(reported(), sources=giving(Volume(12, 240)))
    record = inputs_record(week)
    (source,) = record["value"]["sources"]
    assert source.pop("volume") == {"week": 12, "week_before": 240, "set_aside": 0}

    older = inputs_of(json.loads(canonical(record)))
    assert older == inputs(reported(), sources=fresh(1))
    assert b"GitHub gave 12" in bytes_of(week)
    assert b"GitHub gave" not in bytes_of(older)


def test_a_digest_kept_with_the_name_of_whoever_caught_a_mistake_is_read_all_the_same() -> None:
    record = inputs_record(inputs(saves=(Save("Stopped it.", ANA, "refunds_agent"),)))
    (save,) = record["value"]["saves"]
    older = {**record["value"], "saves": [{**save, "by": "Ana"}]}

    assert inputs_of({**record, "value": older}).saves == (
        Save("Stopped it.", Person("", None, "Ana"), "refunds_agent"),
    )


def test_a_later_state_of_the_program_changes_nothing_about_what_was_kept() -> None:
    week = inputs(reported(), is_first=True)

    assert bytes_of(week) != bytes_of(replace(week, window=replace(week.window, end=AT + timedelta(days=7))))
    assert bytes_of(week) == bytes_of(inputs_of(json.loads(json.dumps(inputs_record(week)))))
