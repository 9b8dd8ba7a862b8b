"""Ten thousand requests that nobody signed and ten thousand that went wrong before signing: no error, no effect."""

import copy
import json
import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from slack_bolt import App, BoltRequest

from bot.web.payloads import payload_of
from bot.web.refusal import TurnedAway
from tests.web.asgi import Sent, ask_all
from tests.web.slack import REQUESTS, Bot, Json, signed

SEED = 20260309
MANY = 10_000
JUNK: Sequence[Any] = (
    *(None, True, False, 0, -1, 2**70, 1.5, "", " ", "x", "\0", "\ud800", "\u202e", "x" * 5000, [], {}, [[]]),
    *([{}], {"id": 7}, {"id": "U0002"}, {"": ""}, "U0002", "C0002", "T0002", "event_callback", "block_actions", "1"),
)
HEADERS = (b"x-slack-signature", b"x-slack-request-timestamp", b"content-type", b"content-length", b"x-other")


def test_what_nobody_signed_has_no_effect_and_makes_no_error() -> None:
    chance = random.Random(SEED)
    bot = Bot()

    answers = ask_all(bot.web(), [unsigned(chance) for _ in range(MANY)])

    statuses = Counter(answered.status for answered in answers)
    assert (set(statuses) <= {401, 413}, bot.runs(), bot.memory.hashes) == (True, 0, set()), statuses


def test_what_went_wrong_before_signing_makes_no_error_and_runs_only_in_slacks_shape() -> None:
    chance = random.Random(SEED)
    bot = Bot()
    packed = [spoiled(chance) for _ in range(MANY)]
    fitting = [fits(*one) for one in packed]
    different = {one for one, fit in zip(packed, fitting, strict=True) if fit}

    answers = ask_all(bot.web(), [signed(one) for one in packed])

    statuses = Counter(answered.status for answered in answers)
    assert [status for status in statuses if status >= 500] == [], statuses
    assert [answered.status == 400 for answered in answers] == [not fit for fit in fitting]
    assert 0 < bot.runs() <= len(different)


def test_the_same_requests_break_a_bolt_app_that_stands_alone() -> None:
    chance = random.Random(SEED)
    bolt = Bot().bolt()

    broken = [one for one in (spoiled(chance) for _ in range(300)) if breaks(bolt, *one)]

    assert broken != []


def breaks(bolt: App, content_type: str, body: bytes) -> bool:
    """Return whether Bolt fails at a request whose signature it was not asked to check."""
    headers: dict[str, str | Sequence[str]] = {"content-type": content_type}
    try:
        request = BoltRequest(body=body.decode(), headers=headers, mode="socket_mode")
        return bolt.dispatch(request).status >= 500
    except (ValueError, TypeError, AttributeError, LookupError):
        return True


def fits(content_type: str, body: bytes) -> bool:
    try:
        payload_of(content_type, body)
    except TurnedAway:
        return False
    return True


def unsigned(chance: random.Random) -> Sent:
    """Return a request with a random body and random headers, some of them nearly right."""
    payload, pack = chance.choice(REQUESTS)
    good = signed(pack(payload), secret=str(chance.random()))
    headers = [header for header in good.headers if chance.random() < 0.8]
    headers += [
        (chance.choice(HEADERS), chance.randbytes(chance.choice((0, 1, 8, 67)))) for _ in range(chance.randrange(3))
    ]
    body = good.pieces[0] if chance.random() < 0.5 else chance.randbytes(chance.randrange(2000))
    return Sent("/slack/events", tuple(headers), tuple(cut(chance, body)))


def cut(chance: random.Random, body: bytes) -> list[bytes]:
    place = chance.randrange(len(body) + 1)
    return [body[:place], body[place:]]


def spoiled(chance: random.Random) -> tuple[str, bytes]:
    """Return a request's content type and body after one to three accidents to its parts, or to its bytes."""
    payload, pack = chance.choice(REQUESTS)
    changed: Json = copy.deepcopy(payload)
    for _ in range(chance.randrange(1, 4)):
        chance.choice(ACCIDENTS)(chance, changed)
    try:
        content_type, body = pack(changed)
    except UnicodeEncodeError:
        content_type, body = "application/json", json.dumps(changed).encode()
    if chance.random() < 0.2:
        place = chance.randrange(len(body) + 1)
        body = body[:place] + chance.randbytes(chance.randrange(4)) + body[place + chance.randrange(4) :]
    return chance.choice((content_type, content_type, content_type, "application/json", "text/plain")), body


def places(value: object) -> list[tuple[Any, Any]]:
    """Return every (container, key) inside the value."""
    inside: list[tuple[Any, Any]] = []
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        inside += [(value, key), *places(inner)]
    return inside


def replace_one(chance: random.Random, payload: Json) -> None:
    container, key = chance.choice(places(payload))
    container[key] = copy.deepcopy(chance.choice(JUNK))


def drop_one(chance: random.Random, payload: Json) -> None:
    container, key = chance.choice(places(payload))
    del container[key]
    payload.setdefault("left", 1)


def move_one(chance: random.Random, payload: Json) -> None:
    """Put a part where another kind of request would have it: Bolt looks for these names everywhere."""
    other, _ = chance.choice(REQUESTS)
    container, key = chance.choice(places(other))
    name = key if isinstance(key, str) else "x"
    targets = [inner for inner, _ in places(payload) if isinstance(inner, dict)]
    chance.choice(targets or [payload])[name] = copy.deepcopy(container[key])


def nest_one(chance: random.Random, payload: Json) -> None:
    container, key = chance.choice(places(payload))
    container[key] = {
        chance.choice(("event", "user", "team", "view", "message", "item", "authorizations", "x")): container[key]
    }


ACCIDENTS: tuple[Callable[[random.Random, Json], None], ...] = (replace_one, replace_one, drop_one, move_one, nest_one)
