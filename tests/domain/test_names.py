"""Names and words that people type: what is taken, what is made of it, and what is refused."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.calendar import WorkingHours
from bot.domain.errors import BadInput
from bot.domain.items import ItemKey
from bot.domain.nearness import near
from bot.domain.people import FreeText
from bot.domain.teams import team_name, working_hours, zone_name
from bot.domain.ticking import WORDS_LIMIT, demand_words, words
from bot.domain.workflows import workflow_name

QUICKLY = settings(max_examples=150, deadline=None, derandomize=True)


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        ("refunds_agent", "refunds_agent"),
        ("  Refunds Agent ", "refunds_agent"),
        ("Refunds\u00a0\tagent", "refunds_agent"),
        ("ｒｅｆｕｎｄｓ", "refunds"),
        ("7-day-triage", "7-day-triage"),
        ("x" * 60, "x" * 60),
    ],
)
def test_a_workflows_name_is_made_fit_for_commands(typed: str, taken: str) -> None:
    assert workflow_name(typed) == taken


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "A workflow needs a name, for instance refunds_agent."),
        (" \t\n ", "A workflow needs a name"),
        ("x" * 61, "A workflow's name has at most 60 characters; this one has 61."),
        ("-refunds", "begins with a letter or digit"),
        ("_refunds", "begins with a letter or digit"),
        ("refunds!", "letters a to z"),
        ("rembourse·moi", "letters a to z"),
        ("возврат", "letters a to z"),
        ("refunds\0agent", "letters a to z"),
        ("refunds\u202egent", "letters a to z"),
        ("<!channel>", "letters a to z"),
        ("../../etc", "letters a to z"),
    ],
)
def test_a_workflows_name_that_cannot_be_typed_is_refused(typed: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refusal:
        workflow_name(typed)
    assert refusal.value.field == "name"


@QUICKLY
@given(st.text(max_size=80))
def test_any_name_is_taken_or_refused_and_taken_again_as_it_is(typed: str) -> None:
    try:
        name = workflow_name(typed)
    except BadInput:
        return
    assert (workflow_name(name), name.isascii(), 0 < len(name) <= 60) == (name, True, True)


@pytest.mark.parametrize(
    ("typed", "taken"),
    [
        (" Customer \n  Care ", "Customer Care"),
        ("Straße & Söhne <EU>", "Straße & Söhne <EU>"),
        ("фрукты 🍎", "фрукты 🍎"),
        ("Sup\u202eport\0\u200b", "Support"),
        ("x" * 80, "x" * 80),
    ],
)
def test_a_teams_name_is_one_line_of_what_can_be_seen(typed: str, taken: str) -> None:
    assert team_name(typed) == taken


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "A team needs a name"),
        ("\u200b\u2060 \n", "A team needs a name"),
        ("x" * 81, "at most 80 characters and this one has 81"),
    ],
)
def test_a_teams_name_that_says_nothing_or_too_much_is_refused(typed: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refusal:
        team_name(typed)
    assert refusal.value.field == "name"


def test_a_time_zone_is_an_iana_name() -> None:
    assert [zone_name(typed) for typed in ("Europe/Lisbon", " Asia/Kolkata ", "UTC")] == [
        "Europe/Lisbon",
        "Asia/Kolkata",
        "UTC",
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("europe/lisbon", r"There is no time zone 'europe/lisbon'\. Did you mean Europe/Lisbon\?"),
        ("Europe/Lisbn", r"Did you mean Europe/Lisbon\?"),
        ("localtime", "There is no time zone 'localtime'"),
        ("../../etc/passwd", "There is no time zone"),
        ("\0", "Use an IANA name such as Europe/Lisbon"),
        ("", "Use an IANA name such as Europe/Lisbon"),
    ],
)
def test_a_wrong_time_zone_is_refused_with_the_nearest_one(typed: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refusal:
        zone_name(typed)
    assert refusal.value.field == "timezone"


@pytest.mark.parametrize(
    ("typed", "taken"),
    [("9-18", WorkingHours(9, 18)), (" 0-24 ", WorkingHours(0, 24)), ("07-15", WorkingHours(7, 15))],
)
def test_working_hours_are_two_whole_hours_of_one_day(typed: str, taken: WorkingHours) -> None:
    assert (working_hours(typed), working_hours(str(taken))) == (taken, taken)


@pytest.mark.parametrize("typed", ["", "9", "9-9", "18-9", "22-6", "9-25", "-1-5", "9:30-18", "9-18-20", "nine-six"])
def test_other_working_hours_are_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="Working hours are two whole hours of one day, such as 9-18") as refusal:
        working_hours(typed)
    assert refusal.value.field == "hours"


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        ("attest", ItemKey("attest")),
        (" attest#3 ", ItemKey("attest", 3)),
        ("attest#1", ItemKey("attest")),
        ("attest#9999", ItemKey("attest", 9999)),
    ],
)
def test_an_item_is_named_by_its_id_and_the_number_of_its_turn(typed: str, key: ItemKey) -> None:
    assert ItemKey.parse(typed) == key
    assert ItemKey.parse(str(key)) == key


@pytest.mark.parametrize("typed", ["attest#0", "attest#-1", "attest#10000", "attest#two", "attest#²", "attest#1#2"])
def test_a_turn_that_cannot_be_is_refused(typed: str) -> None:
    with pytest.raises(BadInput, match="names no item"):
        ItemKey.parse(typed)


@QUICKLY
@given(st.text(max_size=200))
def test_words_are_kept_letter_for_letter_but_for_the_space_around_them(typed: str) -> None:
    if "\0" in typed.strip() or any(unicodedata.category(char) == "Cs" for char in typed.strip()):
        with pytest.raises(BadInput, match="can't be stored"):
            words(typed, "note")
        return
    assert words(typed, "note") == (FreeText(typed.strip()) if typed.strip() else None)


@pytest.mark.parametrize(
    "typed", ["👩‍👩‍👧‍👦 done", "שלום \u202e reversed", "<!channel> & <@U1>", "a\nb", "é" * WORDS_LIMIT]
)
def test_emoji_other_scripts_and_markup_are_words_like_any_other(typed: str) -> None:
    assert demand_words(typed, "note", "why") == FreeText(typed)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("x" * (WORDS_LIMIT + 1), "This has 3,001 characters and at most 3,000 fit"),
        ("x" * 100_000, "This has 100,000 characters"),
        ("a\0b", "NUL or half a character"),
        ("a\ud800b", "NUL or half a character"),
        ("  ", "Please say why: others will read it later"),
    ],
)
def test_words_that_cannot_be_kept_or_are_missing_are_refused(typed: str, said: str) -> None:
    with pytest.raises(BadInput, match=said) as refusal:
        demand_words(typed, "note", "why")
    assert refusal.value.field == "note"


def test_words_do_not_show_where_values_are_printed() -> None:
    assert "canary" not in repr(FreeText("canary"))


def test_a_near_match_is_offered_only_if_it_is_near() -> None:
    known = ("refunds_agent", "triage_agent")
    assert (near("Refund_Agent", known), near("payroll", known)) == ("refunds_agent", None)
