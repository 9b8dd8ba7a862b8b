"""Text from outside: what cannot be seen goes, what can be seen stays whole."""

import pytest

from bot.domain.wording import clean, cut, one_line

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
SCOTLAND = "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
PORTUGAL = "\U0001f1f5\U0001f1f9"
WAVE = "\U0001f44b\U0001f3fd"
E_ACUTE = "e\u0301"


def test_clean_cuts_what_cannot_be_seen_and_keeps_what_can() -> None:
    assert clean("pay\u202egnp.exe\u202c \u2067x\u2069") == "paygnp.exe x"
    assert clean("a\x00b\x1b[31mc\x9bd\ufeffe\u200bf\ud83dg\udc00h\U000e0041i") == "ab[31mcdefghi"
    assert clean("a\tb\r\nc\rd") == "a b\nc\nd"
    kept = f"{FAMILY}{SCOTLAND}{PORTUGAL}{WAVE}{E_ACUTE} שלום مرحبا می\u200cخواهم 漢字"
    assert clean(kept) == kept


@pytest.mark.parametrize("whole", [FAMILY, SCOTLAND, PORTUGAL, WAVE, E_ACUTE, "☺\ufe0f"])
def test_an_emoji_or_accented_letter_is_cut_as_a_whole(whole: str) -> None:
    text = f"ab{whole}{whole}cd"
    allowed = {"a…", "ab…", f"ab{whole}…", f"ab{whole}{whole}…", f"ab{whole}{whole}c…", text}
    assert {cut(text, limit) for limit in range(2, len(text) + 1)} <= allowed
    assert cut(text, len(text)) == text


def test_what_is_cut_never_exceeds_its_limit() -> None:
    for text in ["plain words " * 20, "\u0301" * 50, "x" + "\u0301" * 50, PORTUGAL * 20, FAMILY * 20]:
        assert all(len(cut(text, limit)) <= limit for limit in (1, 2, 5, 24, 70))


def test_one_line_is_what_it_says() -> None:
    assert one_line("  a\n\n b\t\u2028c\u00a0d ") == "a b c d"
