"""The words by which a paragraph is read: numbers, months, what is counted, states, how a sentence may open."""


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


MONTHS = _words(
    "january february march april may june july august september october november december",
)
WEEKDAYS = _words("monday tuesday wednesday thursday friday saturday sunday")

_UNITS = _words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = _words("twenty thirty forty fifty sixty seventy eighty ninety")

ORDINALS = _words("second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth")
"""Ordinals from two on: a number where they stand beside what can be counted ("the third week")."""

NUMBERS: dict[str, int] = {
    **{word: number for number, word in enumerate(_UNITS)},
    **{word: 20 + 10 * place for place, word in enumerate(_TENS)},
    **{f"{tens}-{_UNITS[n]}": 20 + 10 * place + n for place, tens in enumerate(_TENS) for n in range(1, 10)},
    **{word: number for number, word in enumerate(ORDINALS, 2)},
    "once": 1, "twice": 2, "thrice": 3, "dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000,
}  # fmt: skip
"""Number words by their value. "One" is also a pronoun, and the checker is lenient with it."""

UNITS = {
    "%": "percent", "percent": "percent", "pct": "percent", "share": "percent", "rate": "percent", "$": "dollar",
    "usd": "dollar", "h": "hour", "d": "day", "min": "minute", "s": "second", "ms": "millisecond", "pt": "point",
}  # fmt: skip
"""Units and the words for them."""

MEASURES = _words(
    "critical warning notice percent dollar hour day minute second millisecond month week point time finding exception "
    "workflow agent team person people item case review output approval override request grant run incident deviation "
    "change decision deny denies denial source seat save memo value check violation action eval suite metric reviewer "
    "approver role line step"
)
"""What can be counted; the one nearest to a number must stand near it in the facts too."""

COUNTED = _words("critical warning notice new worse carried resolved acknowledged snoozed track")
"""What a digest counts; each of them near a number must stand near it in the facts too."""

SEVERITIES = _words("critical warning notice")

_GROUPS = """
    critical, warning, notice, new, worse worsen, carried, resolv, acknowledg, snooz, suspend suspens, frozen froze
    freez, revok revoc, approved approval approves, declin, reject, paus, resum, promot,
    demot, breach, violat, expir, closed, reopen,
    merged, revert, rolled rollback, fixed mended, solved, recover, improv, doubl, tripl, halv, rose rise risen
    rising increas grow grew climb, fell fall dropp decreas shrank shrink, blocked, stuck, overdue late past, vacant
    empty, stale old, silent, attest, skip, overrid, cancel, delay, deactivat, deploy, launch, shipp, complet,
    finish, done, pass, fail below, outage, stolen leak, hack compromis, fired, resign, today, tomorrow, yesterday,
    tonight
"""

STATES = tuple(_words(group) for group in _GROUPS.split(","))
"""Words for a state or a movement, by their beginnings: one of a group may be said where the facts have one of it."""

OPENERS = frozenset(
    _words(
        """a about above across action add added additionally after again all almost also although among an and another
        any are around as ask asked at attention be because before behind below besides between beyond both but by
        cases check confirm continue critical criticals data deal despite deviations double due during each
        eight either eleven elsewhere eval evals even every exactly few finally findings first five focus
        follow for four from further get given grants had half handling has have having high how however if
        immediate immediately in incidents instead is it items its just last lastly late later leaders least
        leave less let like likewise little longest look lower main mainly make many meanwhile members
        metrics more moreover most much name near nearly needed neither new next nine no none nor not
        notably nothing notices now of off older oldest on once one only open or other others otherwise out
        outside over overall overdue override overrides owners paused people priority progress quality
        rather record remaining requests resolve rest review reviewers reviews rework run same second
        secondly separately seven several shortly signals similarly since six so some sources still such
        suspended take teams ten than that the their them then there these they third this those though
        three through thus to together top twelve two under unless until up upkeep urgent very waiting
        warning warnings was watch week weeks were what when where whereas whether which while who whole
        whose with within without work workflows worst yet zero"""
    )
)
"""Words that may open a sentence with a capital and are no names."""

FOLLOWING = frozenset(_words("it its they their this that these those both there he she his her"))
"""A sentence that opens with one of these speaks of what the sentence before it named."""


def stem(word: str) -> str:
    """The word without its ending, so that "days" and "day", "reviewed" and "reviews" meet."""
    word = word.lower()
    for ending in ("ings", "ing", "ies", "ied", "ed", "es", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


MEASURE_STEMS = frozenset(stem(word) for word in MEASURES)
COUNTED_STEMS = frozenset(stem(word) for word in COUNTED)
