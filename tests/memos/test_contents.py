"""What a memo must say and may say: every gap at once, moves, predictions, one hash for one content."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from bot.domain.errors import BadInput, Conflict
from bot.domain.gaps import Incomplete
from bot.domain.memos import (
    SECTION_LIMIT,
    Category,
    Comparison,
    Content,
    Entry,
    Filing,
    Move,
    Prediction,
    category_of,
    content,
    content_hash,
    demand_supersedable,
    move_of,
    proves,
)
from bot.domain.people import Person
from bot.domain.playbook import DoneWhen, PhaseName
from bot.domain.visibility import Visibility
from bot.domain.wording import link_in
from tests.memos.samples import AT, FASTER, TODAY, entry, memo, said


def gaps_of(given: Entry) -> dict[str, str]:
    with pytest.raises(Incomplete) as refusal:
        content(given, TODAY)
    assert all(gap.sentence in str(refusal.value) for gap in refusal.value.gaps)
    return {gap.field: gap.sentence for gap in refusal.value.gaps}


def test_an_empty_memo_is_told_all_that_it_lacks_at_once() -> None:
    assert gaps_of(Entry()) == {
        "title": "Give it a title: one line by which others will find it.",
        "decision": "Say what was decided and why: this is what the memo is for.",
        "category": "Choose what it is about: pricing, security posture, roadmap, grant, phase move, other.",
        "reversible": "Say whether this can be undone: true or false.",
    }


def test_a_whole_memo_is_kept_without_the_blanks_around_it() -> None:
    given = entry(title="  Go \n now ", decision="\nWe go.\n", options=" - stay ", changes=("a", "b", "a"))
    assert content(given, TODAY) == Content(
        title="Go now",
        decision="We go.",
        category=Category.GRANT,
        is_reversible=True,
        context="",
        options="- stay",
        move=None,
        changes=("a", "b"),
        prediction=None,
        supersedes=None,
        visibility=Visibility.EVERYONE,
    )


def test_fifty_thousand_characters_are_refused_with_the_limit() -> None:
    assert gaps_of(entry(decision="x" * 50_000)) == {
        "decision": "This has 50,000 characters and at most 10,000 fit: shorten it, or link to the rest."
    }
    assert content(entry(decision="x" * SECTION_LIMIT), TODAY).decision == "x" * SECTION_LIMIT


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": "x" * 151}, "title"),
        ({"title": "a\0b"}, "title"),
        ({"context": "half a \ud800"}, "context"),
        ({"options": "x" * (SECTION_LIMIT + 1)}, "options"),
        ({"changes": ("x" * 201,)}, "changes"),
        ({"changes": (" ",)}, "changes"),
        ({"changes": tuple(map(str, range(51)))}, "changes"),
        ({"prediction": replace(FASTER, metric=" ")}, "prediction"),
        ({"prediction": replace(FASTER, value=Decimal("NaN"))}, "prediction"),
        ({"prediction": replace(FASTER, check_on=date(2026, 3, 1))}, "prediction"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(fields: dict[str, object], field: str) -> None:
    assert list(gaps_of(entry(**fields))) == [field]


def test_a_prediction_may_be_checked_on_the_day_itself() -> None:
    assert said(prediction=replace(FASTER, check_on=TODAY)).prediction == replace(FASTER, check_on=TODAY)


@pytest.mark.parametrize(
    ("text", "move"),
    [
        ("pilot→production", Move.TO_PRODUCTION),
        ("pilot->production", Move.TO_PRODUCTION),
        (" Production ->  Scaling ", Move.TO_SCALING),
        ("scaling → operating", Move.TO_OPERATING),
        ("production→pilot", None),
        ("pilot→scaling", None),
        ("pilot", None),
        ("operating→done", None),
        ("", None),
    ],
)
def test_only_the_step_to_the_next_phase_is_a_move(text: str, move: Move | None) -> None:
    assert move_of(text) is move


def test_a_move_knows_the_phases_that_it_joins_and_what_it_proves() -> None:
    assert [(move.left, move.entered, proves(move)) for move in Move] == [
        (PhaseName.PILOT, PhaseName.PRODUCTION, "memo:move:pilot"),
        (PhaseName.PRODUCTION, PhaseName.SCALING, "memo:move:production"),
        (PhaseName.SCALING, PhaseName.OPERATING, "memo:move:scaling"),
    ]
    assert proves(None) == DoneWhen.KICKOFF_MEMO


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("security posture", Category.SECURITY_POSTURE),
        ("Security-Posture", Category.SECURITY_POSTURE),
        ("phase_move", Category.PHASE_MOVE),
        ("grants", None),
        ("", None),
    ],
)
def test_a_category_is_read_in_words(text: str, category: Category | None) -> None:
    assert category_of(text) is category


@pytest.mark.parametrize(
    ("comparison", "below", "at", "above"),
    [
        (Comparison.AT_LEAST, False, True, True),
        (Comparison.AT_MOST, True, True, False),
        (Comparison.ABOVE, False, False, True),
        (Comparison.BELOW, True, False, False),
    ],
)
def test_a_prediction_holds_by_exact_decimals(comparison: Comparison, below: bool, at: bool, above: bool) -> None:
    predicted = Prediction("share", comparison, Decimal("0.3"), TODAY)
    measured = (Decimal("0.1") + Decimal("0.19999"), Decimal("0.1") + Decimal("0.2"), Decimal("0.30001"))
    assert tuple(predicted.holds(value) for value in measured) == (below, at, above)


FILING = Filing("memo_1", "wf_1", "team_1", "p_ana", AT)


def test_the_same_content_has_the_same_hash() -> None:
    assert content_hash(said(prediction=FASTER), FILING) == content_hash(said(prediction=FASTER), FILING)
    assert content_hash(said(decision="cafe\u0301"), FILING) == content_hash(said(decision="caf\u00e9"), FILING)


def test_whatever_changes_in_a_memo_changes_its_hash() -> None:
    hashes = {content_hash(said(), FILING)}
    others = (
        said(title="Other"),
        said(decision="Other"),
        said(category=Category.OTHER),
        said(is_reversible=False),
        said(context="Other"),
        said(options="Other"),
        said(move=Move.TO_SCALING),
        said(changes=("a",)),
        said(prediction=FASTER),
        said(prediction=replace(FASTER, value=Decimal("0.50"))),
        said(supersedes="memo_0"),
        said(visibility=Visibility.TEAM),
    )
    hashes |= {content_hash(other, FILING) for other in others}
    moved = (
        replace(FILING, memo_id="memo_2"),
        replace(FILING, workflow_id=None),
        replace(FILING, team_id=None),
        replace(FILING, owner="p_stu"),
        replace(FILING, at=AT.replace(microsecond=1)),
    )
    hashes |= {content_hash(said(), filing) for filing in moved}
    assert len(hashes) == 1 + len(others) + len(moved)


def test_a_memo_that_was_superseded_names_what_took_its_place() -> None:
    with pytest.raises(Conflict) as refusal:
        demand_supersedable(memo(superseded_by="memo_2"), AT)
    assert str(refusal.value) == (
        "“Refunds go out alone” was superseded already, by memo_2: look at that one, and supersede it "
        "if it is no longer right."
    )


def test_of_a_memo_that_someone_may_not_read_only_title_and_matter_are_left() -> None:
    bare = memo(content=said(context="c", options="o", changes=("k",), prediction=FASTER)).without_body()
    assert bare == memo(content=replace(said(), decision=""))


def test_what_was_decided_earlier_does_not_supersede() -> None:
    with pytest.raises(BadInput) as refusal:
        demand_supersedable(memo(), AT - timedelta(microseconds=1))
    assert (str(refusal.value), refusal.value.field) == (
        "“Refunds go out alone” was decided later (2 Mar 2026, 09:00 UTC) than this: only what comes later supersedes."
        " Turn it around, or leave supersedes empty.",
        "supersedes",
    )


def test_the_print_of_a_memo_is_the_same_under_every_id_and_another_for_other_words() -> None:
    mine = memo()
    elsewhere = memo(
        id="memo_9", workflow_id="wf_9", team_id=None, owner=Person("p_9", "UANA", "Ana L."), decided_at=AT
    )
    assert elsewhere.print == mine.print
    others = (
        memo(content=said(decision="Other")),
        memo(workflow=None),
        memo(owner=Person("p_ana", "USTU", "Stu")),
        memo(content=said(prediction=FASTER)),
    )
    assert len({mine.print, *(other.print for other in others)}) == 1 + len(others)


@pytest.mark.parametrize(
    ("words", "link"),
    [
        ("", None),
        ("nothing here, not even ftp://a.example.com", None),
        ("From Mei:\nhttps://a.example.com/x?y=1&z=2", "https://a.example.com/x?y=1&z=2"),
        ("(see http://a.example.com/x).", "http://a.example.com/x"),
        ("https://a.example.com, then https://b.example.com.", "https://b.example.com"),
    ],
)
def test_the_last_address_in_words_is_their_link(words: str, link: str | None) -> None:
    assert link_in(words) == link
