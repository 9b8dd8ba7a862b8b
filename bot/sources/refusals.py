"""What an answer that is none means, and when one may ask again."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.sources.errors import Astray, Garbled, Missing, NoAccess, SourceError, Throttled, Unclear, Unreached
from bot.sources.exchange import Raw
from bot.sources.places import Place, shown

MOST_WAIT = timedelta(hours=1)
SKEW = timedelta(minutes=5)
"""How far a system's clock may be off: signals from further ahead are refused."""

_SECONDARY = re.compile(rb"secondary rate limit|abuse detection|rate-limits", re.IGNORECASE)
"""What GitHub's message and its link to the documentation say of such a limit."""

_LIMITED = re.compile(rb'"code"\s*:\s*"RATELIMITED"')
"""What Linear says of its limits, with status 400."""

_RESETS = ("x-ratelimit-requests", "x-ratelimit-complexity")
"""Linear's two limits: what begins the names of the headers on what remains, and on when it begins anew in ms."""

_SAID = 2_000


def refused(place: Place, raw: Raw, url: str, now: datetime) -> SourceError | None:
    """Why an answer is none; None where it is one."""
    status, where = raw.status, shown(url)
    if status in (200, 201):
        return None
    if 300 <= status < 400:
        told = f"sent us from {where} to another address, which is not followed; if it moved, write the new one"
        return Astray(place.sentence(told))
    if status == 429 or _is_throttling(raw):
        until = asked_until(raw, now)
        told = f"wants no more questions until {until:%H:%M} UTC; what is left is read after that"
        return Throttled(place.sentence(told), until)
    if status == 401:
        return NoAccess(place.sentence(f"did not take the token: set {place.credentials} to one that is in force"))
    if status == 403:
        told = f"refused {where}: give the token in {place.credentials} the right to read it"
        return NoAccess(place.sentence(told))
    if status in (404, 410, 451):
        told = f"has nothing at {where}, or hides it from this token: check the name, and {place.credentials}"
        return Missing(place.sentence(told))
    if status >= 500 or status == 408:
        return Unreached(place.sentence(f"has a fault of its own (status {status})"))
    told = f"did not understand what was asked at {where} (status {status})"
    return Unclear(place.sentence(told), raw.body[:_SAID])


def skewed(place: Place, raw: Raw, now: datetime) -> SourceError | None:
    """What to say where the system's clock is not this machine's; None where it is, or nobody knows."""
    theirs = _http_date(raw.headers.get("date", ""))
    if theirs is None or abs(theirs - now) <= SKEW:
        return None
    minutes, which = abs(theirs - now) // timedelta(minutes=1), "ahead of" if theirs > now else "behind"
    told = f"has a clock that is {minutes} minutes {which} this machine's; set the time of whichever is wrong"
    return Garbled(place.sentence(told))


def asked_until(raw: Raw, now: datetime) -> datetime:
    """Until when its headers ask for quiet: an hour at most, a minute where they make no sense."""
    asked = raw.headers.get("retry-after", "").strip()
    reset = raw.headers.get("x-ratelimit-reset", "").strip()
    at = now + timedelta(minutes=1)
    if asked.isascii() and asked.isdigit():
        at = now + timedelta(seconds=int(asked[:6]))
    elif found := _http_date(asked):
        at = found
    elif begins := _anew(raw):
        at = max(begins)
    elif _remaining(raw) in ("", "0") and reset.isascii() and reset.isdigit() and len(reset) <= 11:
        at = datetime.fromtimestamp(int(reset), UTC)
    return min(max(at, now), now + MOST_WAIT)


def _is_throttling(raw: Raw) -> bool:
    """Whether a refusal is one: Linear's by its code, a 403 by its headers or as GitHub's secondary limits say it."""
    if raw.status == 400:
        return _LIMITED.search(raw.body[:_SAID]) is not None
    if raw.status != 403:
        return False
    by_headers = _remaining(raw) == "0" or "retry-after" in raw.headers
    return by_headers or _SECONDARY.search(raw.body[:_SAID]) is not None


def _remaining(raw: Raw) -> str:
    """How many questions are left of the ordinary limit; where some are, its reset says nothing of the refusal."""
    return raw.headers.get("x-ratelimit-remaining", "").strip()


def _anew(raw: Raw) -> list[datetime]:
    """When those of Linear's limits begin anew of which nothing is left."""
    spent = (each for each in _RESETS if raw.headers.get(f"{each}-remaining", "").strip() == "0")
    resets = (raw.headers.get(f"{each}-reset", "").strip() for each in spent)
    return [
        datetime.fromtimestamp(int(each) / 1000, UTC)
        for each in resets
        if each.isascii() and each.isdigit() and len(each) <= 14
    ]


def _http_date(text: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(text)
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
