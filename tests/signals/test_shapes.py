"""The table of types is that of the values, and their texts lose nothing."""

from dataclasses import fields
from decimal import Decimal

import pytest

from bot.domain.signals.kinds import SignalType
from bot.domain.signals.shapes import SHAPE_OF, SHAPES
from bot.domain.signals.texts import body_of, body_text, facts_text, person_in
from tests.signals.samples import VALUES


def test_every_type_has_a_shape_with_its_values_fields_in_order() -> None:
    assert list(SHAPES) == list(SignalType)
    for shape in SHAPES.values():
        assert [field.name for field in shape.fields] == [field.name for field in fields(shape.body)]


def test_what_identifies_a_row_and_a_key_are_fields_of_it() -> None:
    for shape in SHAPES.values():
        names = {field.name for field in shape.fields}
        assert {*shape.identity, *([shape.key] if shape.key else [])} <= names


@pytest.mark.parametrize("kind", list(VALUES))
def test_a_body_reads_back_from_its_text_and_the_person_beside_it(kind: str) -> None:
    body = VALUES[kind]
    person = person_in(body)
    assert body_of(SHAPE_OF[type(body)].kind, body_text(body), person) == body
    assert person is None or person not in body_text(body)


def test_equal_facts_have_one_text() -> None:
    written = facts_text({"b": [1, {"x": None}], "a": Decimal("1.50"), "c": True, "d": "1.5"})
    again = facts_text({"a": Decimal("1.5"), "c": True, "d": "1.5", "b": [Decimal("1.0"), {"x": None}]})
    assert written == again == '{"a":1.5,"b":[1,{"x":null}],"c":true,"d":"1.5"}'


def test_facts_that_differ_in_kind_have_different_texts() -> None:
    texts = {facts_text({"a": value}) for value in (1, "1", True, None, [1], {"1": 1}, Decimal("1.1"))}
    assert len(texts) == 7
