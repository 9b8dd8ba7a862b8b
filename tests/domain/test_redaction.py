"""Redaction: what must not leave is masked, what only looks like it stays readable."""

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.redaction import redact

MASKED = [
    ("write to ana.silva+ops@example.co.uk today", "write to [e-mail] today"),
    ("o'brien@münchen-bank.example, rui@example.pt", "[e-mail], [e-mail]"),
    ("<mailto:ana@example.com|Ana>", "<mailto:[e-mail]|Ana>"),
    ("ana\u200b@exam\u00adple.com", "[e-mail]"),
    ("card 4111 1111 1111 1111 12/27 declined", "card [card] 12/27 declined"),
    ("4111-1111-1111-1111", "[card]"),
    ("5555555555554444, then 378282246310005", "[card], then [card]"),
    ("3782 822463 10005", "[card]"),
    ("ref 12 4012888888881881", "ref 12 [card]"),
    ("6304 0000 0000 0000 cents; 6011 1111 1111 1117", "[card] cents; [card]"),
    ("his number is 078-05-1120.", "his number is [ssn]."),
    ("219 09 9999", "[ssn]"),
    ("pay DE89 3704 0044 0532 0130 00 today", "pay [iban] today"),
    ("GB29NWBK60161331926819", "[iban]"),
    ("to fr1420041010050500013m02606, please", "to [iban], please"),
    ("PT50 0002 0123 1234 5678 9015 4 AND 12 MORE", "[iban] AND 12 MORE"),
    ("call +351 912 345 678 or +1 (415) 555-2671", "call [phone] or [phone]"),
    ("0044 20 7946 0958", "[phone]"),
    ("(415) 555-2671", "[phone]"),
    ("415.555.2671, 020 7946 0958, 06 12 34 56 78", "[phone], [phone], [phone]"),
    ("xoxb-1234567890-abcdefghij", "[key]"),
    ("xapp-1-A0123-456-abcdef", "[key]"),
    ("xoxe.xoxp-1-abcdef", "[key]"),
    ("the key sk-proj-abcdefghij0123456789 leaked", "the key [key] leaked"),
    ("sk_live_4eC39HqLyjWDarjtT1", "[key]"),
    ("ghp_16C7e42F292c6912E7710c838347Ae178B4a", "[key]"),
    ("github_pat_11ABCDEFG0123456789_abc", "[key]"),
    ("AKIAIOSFODNN7EXAMPLE", "[key]"),
    ("Authorization: Bearer abc.def-123456", "Authorization: Bearer [key]"),
    ("bearer of_thirtythree_letters_or_more", "bearer [key]"),
    (f"rollout_{'A' * 43}", "[key]"),
    ("password: hunter2", "password: [key]"),
    ('{"api_key": "f00dfeed"}', '{"api_key": "[key]"}'),
    ("token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-_9", "token [key]"),
    ("https://hooks.slack.com/services/T0000/B0000/abcdef", "https://[key]"),
    ("postgresql://bot:s3cret@db.example/rollout", "postgresql://[key]@db.example/rollout"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----", "[key]"),
]

LOOK_ALIKES = [
    "1,200 of 3,400 reviewed, 14.5 % overridden, $1,250.00",
    "from 2026-03-02 to 2026-03-09, then 2026-03-02 2026-03-16",
    "at 2026-03-02T09:00:00+00:00 and 2026-03-02 09:00:00+01:00",
    "2026-W10, day 45 of 90, PAY-1234, sev1",
    "order 4111111111111112",  # the check digit is wrong
    "order 1234567890123452",  # right, but no card begins with 1
    "build 20260302093000123456789",
    "GB29NWBK60161331926818",  # the check digits are wrong
    "XX12 3456 7890 1234 5678",
    "666-12-3456, 123-00-4567, 900-12-3456",
    "version 10.0.0.1, 3.11.7 and 2.1.9",
    "912 345 678 rows, 1 000 000 more",
    "a hash 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b",
    "bearer instruments, basic training, the secret of success",
    "token: expired",
    "@ana and ana @ example",
    "rollout_of_the_refunds_agent",
    "refunds_agent@v3",
    "task-skill-matrix-of-the-whole-team",
    "0.95 <= score",
]


@pytest.mark.parametrize(("text", "masked"), MASKED, ids=[text[:30] for text, _ in MASKED])
def test_what_must_not_leave_is_masked(text: str, masked: str) -> None:
    assert redact(text) == masked


@pytest.mark.parametrize("text", LOOK_ALIKES, ids=[text[:30] for text in LOOK_ALIKES])
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert redact(text) == text


def _luhn(digits: str) -> str:
    total = sum(
        sum(divmod(int(digit) * 2, 10)) if place % 2 == 0 else int(digit)
        for place, digit in enumerate(reversed(digits))
    )
    return f"{digits}{-total % 10}"


def _iban(country: str, body: str) -> str:
    rest = int("".join(str(int(letter, 36)) for letter in f"{body}{country}00"))
    return f"{country}{98 - rest % 97:02d}{body}"


def _spaced(text: str, size: int, separator: str) -> str:
    return separator.join(text[at : at + size] for at in range(0, len(text), size))


def _digits(low: int, high: int) -> st.SearchStrategy[str]:
    return st.text(string.digits, min_size=low, max_size=high)


CARDS = st.builds(
    lambda first, rest, separator: _spaced(_luhn(first + rest), 4, separator),
    st.sampled_from("3456"),
    _digits(14, 14),
    st.sampled_from(["", " ", "-"]),
)
IBANS = st.builds(
    lambda bank, body, separator: _spaced(_iban("GB", bank + body), 4, separator),
    st.text(string.ascii_uppercase, min_size=4, max_size=4),
    _digits(14, 14),
    st.sampled_from(["", " "]),
)
EMAILS = st.builds(
    lambda name, host: f"{name}@{host}.example",
    st.text(string.ascii_letters + string.digits, min_size=1, max_size=20),
    st.text(string.ascii_lowercase, min_size=1, max_size=20),
)
PHONES = st.builds(lambda area, rest: f"+351 {area} {rest}", _digits(3, 3), _digits(6, 6))
KEYS = st.builds(
    lambda prefix, rest: f"{prefix}{rest}",
    st.sampled_from(["xoxb-", "xapp-1-", "sk-", "ghp_", "glpat-", "Bearer "]),
    st.text(string.ascii_letters + string.digits, min_size=20, max_size=40),
)
CANARIES = st.one_of(CARDS, IBANS, EMAILS, PHONES, KEYS)
SURROUNDINGS = st.text(st.characters(exclude_categories=["Nd", "Cs"]), max_size=30).map(lambda text: text.strip())


@given(SURROUNDINGS, CANARIES, SURROUNDINGS)
@settings(max_examples=600, deadline=None)
def test_no_canary_gets_through_whatever_stands_around_it(before: str, canary: str, after: str) -> None:
    masked = redact(f"{before} {canary} {after}")
    kept = [part for part in (canary, canary.removeprefix("Bearer ")) if part in masked]
    assert kept == []


@given(st.lists(st.one_of(CANARIES, st.text(max_size=20), st.sampled_from([" ", "token=", "[", "]"]))))
@settings(max_examples=600, deadline=None)
def test_masking_again_changes_nothing(pieces: list[str]) -> None:
    once = redact("".join(pieces))
    assert redact(once) == once
