"""Who may know of what was written down, and who may read it."""

import pytest

from bot.domain.memos import Category
from bot.domain.visibility import Audience, Reader, Visibility
from tests.memos.samples import memo, said

READERS = {
    "owner": Reader("UANA"),
    "filer": Reader("USTU"),
    "admin": Reader("UADA", decides_all=True),
    "approver here": Reader("UBEA", approves=frozenset({"team_1"})),
    "approver elsewhere": Reader("UCEM", approves=frozenset({"team_2"})),
    "lead here": Reader("ULEA", leads=frozenset({"team_1"})),
    "lead elsewhere": Reader("ULEN", leads=frozenset({"team_2"})),
    "role here": Reader("UROL", teams=frozenset({"team_1"}), workflows=frozenset({"wf_1"})),
    "role in another workflow of the team": Reader("UOTH", teams=frozenset({"team_1"}), workflows=frozenset({"wf_2"})),
    "member": Reader("UMAX"),
    "agent": Reader("agent:macro_bot"),
    "holder of the database": Reader("", sees_all=True),
}

# +: reads it; t: knows of it and sees the title; .: does not know of it
TABLE = {
    ("everyone", False): "+ + + + + + + + + + + +",
    ("team", False): "+ + + + . + . + + . . +",
    ("leaders", False): "+ + + + + + + . . . . +",
    ("everyone", True): "+ + + + t + t + t t t +",
    ("team", True): "+ + + + . + . + t . . +",
    ("leaders", True): "+ + + + t + t . . . . +",
}
CASES = [
    (Visibility(name), restricted, who, mark)
    for (name, restricted), marks in TABLE.items()
    for who, mark in zip(READERS, marks.split(), strict=True)
]


@pytest.mark.parametrize(("visibility", "restricted", "who", "mark"), CASES)
def test_each_reader_sees_what_is_theirs(visibility: Visibility, restricted: bool, who: str, mark: str) -> None:
    audience = Audience(visibility, "team_1", "wf_1", restricted, ("UANA", "USTU", None))
    reader = READERS[who]
    assert (reader.knows_of(audience), reader.reads(audience)) == (mark != ".", mark == "+")


def test_a_security_memo_is_restricted_and_no_other_is() -> None:
    restricted = [each for each in Category if memo(content=said(category=each)).audience.is_restricted]
    assert restricted == [Category.SECURITY_POSTURE]


def test_a_restricted_memo_of_no_team_is_read_by_those_who_decide_somewhere() -> None:
    audience = Audience(Visibility.EVERYONE, None, None, is_restricted=True, insiders=("UANA",))
    assert [who for who, reader in READERS.items() if reader.reads(audience)] == [
        "owner",
        "admin",
        "approver here",
        "approver elsewhere",
        "holder of the database",
    ]


@pytest.mark.parametrize(
    ("visibility", "restricted", "public", "private"),
    [
        (Visibility.EVERYONE, False, (True, True), (True, True)),
        (Visibility.EVERYONE, True, (True, False), (True, False)),
        (Visibility.TEAM, False, (False, False), (True, True)),
        (Visibility.TEAM, True, (False, False), (True, False)),
        (Visibility.LEADERS, False, (False, False), (True, True)),
        (Visibility.LEADERS, True, (False, False), (True, False)),
    ],
)
def test_where_many_read_no_more_is_shown_than_all_may_know(
    visibility: Visibility, restricted: bool, public: tuple[bool, bool], private: tuple[bool, bool]
) -> None:
    audience = Audience(visibility, "team_1", "wf_1", restricted, ())
    assert (audience.is_named_to(few=False), audience.is_shown_to(few=False)) == public
    assert (audience.is_named_to(few=True), audience.is_shown_to(few=True)) == private
    assert audience.is_everyone is public[1]
