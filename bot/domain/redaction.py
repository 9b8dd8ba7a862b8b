"""Text from outside without what must not leave: addresses and numbers of people, cards, accounts, keys.

What is found is replaced by a word in brackets that says what stood there. Numbers that carry a check digit are
masked only where it holds, so that an order number stays readable. What has no shape of its own (a name, a street, a
password in a sentence) is out of reach here.
"""

import re
from collections.abc import Iterator

from bot.domain.wording import clean

_SEPARATOR = "[ .\u00a0\u2010-\u2015-]"

_KEYS = re.compile(
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----(?:.*?-----END [A-Z ]{0,30}PRIVATE KEY-----|.*)"
    r"|\beyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?"
    r"|\b(?:xox[a-z](?:\.xox[a-z])?|xapp|xwfp)-[\w.-]{6,}"
    r"|\bhooks\.slack\.com/(?:services|workflows|triggers)/[\w/-]{6,}"
    r"|\bsk-[\w-]{16,}|\b[srp]k_(?:live|test)_\w{8,}|\bwhsec_\w{16,}"
    r"|\bgh[a-z]_\w{16,}|\bgithub_pat_\w{16,}|\bglpat-[\w-]{16,}"
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[\w-]{30,}"
    r"|\blin_(?:api|oauth)_\w{16,}|\bATATT[\w=-]{16,}|\bnpm_\w{30,}|\bpypi-[\w-]{16,}|\brollout_[\w-]{43}"
    r"|(?<=://)[^\s/@:]{1,256}:[^\s/@]{1,256}(?=@)",
    re.DOTALL,
)
_GIVEN = re.compile(
    r"(?P<word>\b(?:bearer|basic)[ \t]+"
    r"|(?:api[_ -]?key|access[_ -]?key|token|secret|passw(?:or)?d|passphrase|pwd)[\"']?[ \t]{0,3}[:=][ \t]{0,3}[\"']?)"
    r"(?P<value>[^\s\[\]\"']{6,})",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+%'-]{1,64}[@\uff20](?:[\w-]{1,63}\.){1,8}[\w-]{2,63}")
_ACCOUNT = re.compile(rf"(?<![^\W_])[A-Z]{{2}}\d{{2}}(?:{_SEPARATOR}?[A-Z0-9]){{11,40}}(?![^\W_])", re.IGNORECASE)
_DIGITS = re.compile(rf"(?<!\d)\d+(?:{_SEPARATOR}\d+)*(?!\d)")
_GROUP = re.compile(r"\d+")
_SOCIAL = re.compile(rf"(?<![\w-])(?!000|666|9\d\d)\d{{3}}({_SEPARATOR})(?!00)\d{{2}}\1(?!0000)\d{{4}}(?![\w-])")
_PHONE = re.compile(
    r"(?<![\w+])(?:\+|00)[1-9](?:[ .()/\u00a0\u2010-\u2015-]{0,3}\d){7,14}(?!\d)"
    rf"|(?<![\w+-])(?:\+?1{_SEPARATOR})?(?:\(\d{{3}}\) ?|\d{{3}}{_SEPARATOR})\d{{3}}{_SEPARATOR}\d{{4}}(?![\w-])"
    r"|(?<![\w.-])\(?0\d{1,4}\)?[ /-]\d{2,4}(?:[ -]\d{2,4}){1,4}(?![\w-])"
)
# Lengths by country, after the registry of ISO 13616.
_ACCOUNT_LENGTHS = {
    country: int(length)
    for length, countries in {
        "15": "NO",
        "16": "BE",
        "18": "DK FI FO GL NL SD",
        "19": "MK SI",
        "20": "AT BA EE KZ LT LU MN XK",
        "21": "CH HR LI LV",
        "22": "BG BH CR DE GB GE IE ME RS VA",
        "23": "AE GI IL IQ OM SO TL",
        "24": "AD CZ ES MD PK RO SA SE SK TN VG",
        "25": "LY PT ST",
        "26": "IS TR",
        "27": "BI DJ FR GR IT MC MR SM",
        "28": "AL AZ BY CY DO GT HU LB NI PL SV",
        "29": "BR EG PS QA UA",
        "30": "JO KW MU YE",
        "31": "MT SC",
        "32": "LC",
        "33": "RU",
    }.items()
    for country in countries.split()
}


def redact(text: str) -> str:
    """`text` with e-mail addresses, phone, card, social security and account numbers, and keys masked.

    Doing it again changes nothing. Invisible characters, which could split what is looked for, are gone too.
    """
    text = clean(text)
    while (masked := _masked(text)) != text:
        text = masked
    return text


def _masked(text: str) -> str:
    text = _KEYS.sub("[key]", text)
    text = _GIVEN.sub(_without_value, text)
    text = _EMAIL.sub("[e-mail]", text)
    text = _ACCOUNT.sub(_without_account, text)
    text = _DIGITS.sub(_without_card, text)
    text = _SOCIAL.sub("[ssn]", text)
    return _PHONE.sub(_without_phone, text)


def _without_value(found: re.Match[str]) -> str:
    value = found["value"]
    secret = len(value) >= 16 or any(character.isdigit() for character in value)
    return f"{found['word']}[key]" if secret else found[0]


def _without_account(found: re.Match[str]) -> str:
    """The match without an account number at its beginning; words may follow one without a break."""
    text = found[0]
    length = _ACCOUNT_LENGTHS.get(text[:2].upper())
    places = [at for at, character in enumerate(text) if character.isalnum()]
    if length is None or len(places) < length:
        return text
    end = places[length - 1] + 1
    letters = "".join(text[at] for at in places[:length]).upper()
    whole = end == len(text) or not text[end].isalnum()
    return f"[iban]{text[end:]}" if whole and _account_checks(letters) else text


def _account_checks(letters: str) -> bool:
    moved = letters[4:] + letters[:4]
    return int("".join(str(int(letter, 36)) for letter in moved)) % 97 == 1


def _without_card(found: re.Match[str]) -> str:
    """The match without card numbers, which may stand among other groups of digits, such as an expiry date."""
    text = found[0]
    for start, end in _spans(text):
        groups = _GROUP.findall(text[start:end])
        digits = "".join(groups)
        if _grouped_as_card(groups) and digits[0] in "23456" and _luhn_checks(digits):
            return f"{_shortened(text[:start])}[card]{_shortened(text[end:])}"
    return text


def _shortened(rest: str) -> str:
    return _DIGITS.sub(_without_card, rest)


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Every stretch of whole groups of digits that could be a card number, from the left, the longest first."""
    groups = [(found.start(), found.end()) for found in _GROUP.finditer(text)]
    for first, (start, _) in enumerate(groups):
        for _, end in reversed(groups[first : first + 10]):
            if end - start >= 13:
                yield start, end


def _grouped_as_card(groups: list[str]) -> bool:
    """Whether cards are written so: undivided, in fours, or as two issuers do; two dates in a row are not."""
    sizes = tuple(map(len, groups))
    in_fours = len(sizes) in (4, 5) and set(sizes[:-1]) == {4} and sizes[-1] <= 4
    return 13 <= sum(sizes) <= 19 and (len(sizes) == 1 or in_fours or sizes in ((4, 6, 5), (4, 6, 4)))


def _luhn_checks(digits: str) -> bool:
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _without_phone(found: re.Match[str]) -> str:
    digits = sum(character.isdigit() for character in found[0])
    return "[phone]" if digits >= 9 or found[0].startswith("+") else found[0]
