"""Nothing but what Slack signed, lately and once, reaches a listener; nothing that is sent ends up in a log."""

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.types import Message

from bot.web.guard import MAX_BODY_BYTES, SigningSecrets, UnsafeSecret, read
from bot.web.refusal import RefusalLog, TurnedAway
from tests.web.asgi import Answered, Sent, ask, ask_all
from tests.web.slack import (
    CLICK,
    COMMAND,
    HOME_OPENED,
    NOON,
    REQUESTS,
    SECRET,
    URL_CHECK,
    Bot,
    Json,
    Memory,
    as_form,
    as_json,
    as_payload,
    signature_of,
    signed,
)

GOOD = signed(as_form(COMMAND))
STAMP = str(int(NOON.timestamp())).encode()


def with_header(name: str, value: bytes | None) -> Sent:
    """Return the good request with one header replaced, or left out."""
    kept = tuple(header for header in GOOD.headers if header[0] != name.encode())
    return replace(GOOD, headers=kept + (((name.encode(), value),) if value is not None else ()))


def unsigned(content_type: str, body: bytes) -> Sent:
    """Return a request that nobody signed."""
    return Sent("/slack/events", ((b"content-type", content_type.encode()),), (body,))


def forged(content_type: str, body: bytes) -> Sent:
    """Return a request with a well-formed signature that is not Slack's."""
    return signed((content_type, body), secret="not Slack's")


FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
TOO_BIG = b"x" * (MAX_BODY_BYTES + 1)
DEEP = b"[" * 100_000 + b"]" * 100_000

# The 21 requests of which a bare Bolt app answered 15 with 500 and one with 200 (RELIABILITY, E11).
BAD_REQUESTS: Mapping[str, tuple[Sent, int]] = {
    "nothing at all": (Sent("/slack/events"), 401),
    "no signature": (with_header("x-slack-signature", None), 401),
    "no timestamp": (with_header("x-slack-request-timestamp", None), 401),
    "an empty signature": (with_header("x-slack-signature", b""), 401),
    "an empty timestamp": (with_header("x-slack-request-timestamp", b""), 401),
    "a wrong signature": (with_header("x-slack-signature", b"v0=" + b"0" * 64), 401),
    "a signature cut short": (with_header("x-slack-signature", GOOD.headers[2][1][:-1]), 401),
    "a signature in capitals": (with_header("x-slack-signature", GOOD.headers[2][1].upper()), 401),
    "a signature that is no ASCII": (with_header("x-slack-signature", "v0=é".encode("latin-1")), 401),
    "two signatures": (replace(GOOD, headers=(*GOOD.headers, GOOD.headers[2])), 401),
    "a timestamp that is no number": (with_header("x-slack-request-timestamp", b"yesterday"), 401),
    "a negative timestamp": (with_header("x-slack-request-timestamp", b"-" + STAMP), 401),
    "a timestamp in other digits": (with_header("x-slack-request-timestamp", "١٧".encode()), 401),
    "a timestamp of the next century": (with_header("x-slack-request-timestamp", b"4929120000"), 401),
    "a check of the address": (unsigned(FORM, b"ssl_check=1&token=x"), 401),
    "bytes that are no UTF-8": (forged(FORM, b"payload=\xff\xfe"), 401),
    "JSON that is none": (forged(JSON, b'{"type": '), 401),
    "deep nesting": (forged(JSON, DEEP), 401),
    "a payload that is no JSON": (forged(FORM, b"payload=%7B%22type"), 401),
    "50 MB, as declared": (
        Sent("/slack/events", (*GOOD.headers, (b"content-length", b"50000000")), (b"x" * 1000,)),
        413,
    ),
    "too much, not declared": (replace(GOOD, pieces=(b"x" * 1000,) * 600), 413),
}


@pytest.mark.parametrize(("sent", "status"), BAD_REQUESTS.values(), ids=BAD_REQUESTS)
def test_what_slack_did_not_sign_goes_no_further(sent: Sent, status: int) -> None:
    bot = Bot()

    answered = ask(bot.web(), sent)

    assert (answered.status, bot.runs(), bot.memory.hashes) == (status, 0, set())


def test_a_body_that_does_not_come_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.web.guard.READ_TIMEOUT_S", 0)

    assert ask(Bot().web(), replace(GOOD, pieces=())).status == 408


@pytest.mark.parametrize(("payload", "pack"), REQUESTS)
def test_what_slack_signed_reaches_its_listener(payload: Json, pack: object) -> None:
    bot = Bot()

    answered = ask(bot.web(), signed(pack(payload)))  # type: ignore[operator]

    assert (answered, bot.runs()) == (Answered(200, b""), 1)


BAD_SHAPES: Mapping[str, tuple[str, bytes]] = {
    "an unknown content type": ("text/plain", b"hello"),
    "no content type": ("", b"hello"),
    "no body": (JSON, b""),
    "bytes that are no UTF-8": (FORM, b"command=%FF"),
    "JSON that is none": (JSON, b'{"type": '),
    "a list": (JSON, b"[]"),
    "deep nesting": (JSON, DEEP),
    "twenty-one levels": as_json(HOME_OPENED | {"x": json.loads("[" * 20 + "]" * 20)}),
    "a name twice": (JSON, b'{"type": "url_verification", "type": "event_callback", "challenge": "x"}'),
    "not a number": (JSON, b'{"type": "url_verification", "challenge": "x", "n": NaN}'),
    "a number of five thousand digits": (
        JSON,
        b'{"type": "url_verification", "challenge": "x", "n": %s}' % (b"9" * 5000),
    ),
    "an unknown kind of event": as_json(HOME_OPENED | {"type": "event_call"}),
    "an unknown kind of click": as_payload(CLICK | {"type": "interactive_message"}),
    "NUL": as_form(COMMAND | {"text": "a\0b"}),
    "half a surrogate": as_payload(CLICK | {"x": "\ud800"}),
    "a user id that is none": as_form(COMMAND | {"user_id": "U1; drop"}),
    "a user id with a line break": as_form(COMMAND | {"user_id": "U0001\n"}),
    "a channel id that is none": as_form(COMMAND | {"channel_id": "general"}),
    "no user": as_payload({key: value for key, value in CLICK.items() if key != "user"}),
    "a user that is a list": as_payload(CLICK | {"user": []}),
    "no action": as_payload(CLICK | {"actions": []}),
    "a value that is an object": as_payload(CLICK | {"actions": [CLICK["actions"][0] | {"value": {}}]}),
    "an address that is none": as_form(COMMAND | {"response_url": "file:///etc/passwd"}),
    "a payload and a command": as_form(COMMAND | {"payload": "{}"}),
    "an event and a check of the address": as_form(COMMAND | {"ssl_check": "1"}),
    "a field twice": (FORM, b"ssl_check=1&ssl_check=1"),
    "a hundred fields": as_form(COMMAND | {f"f{n}": "x" for n in range(100)}),
}


@pytest.mark.parametrize("packed", BAD_SHAPES.values(), ids=BAD_SHAPES)
def test_what_is_signed_but_in_no_shape_of_slacks_is_refused(packed: tuple[str, bytes]) -> None:
    bot = Bot()

    answered = ask(bot.web(), signed(packed))

    assert (answered.status, bot.runs(), bot.memory.hashes) == (400, 0, set())


def test_a_check_of_the_address_is_answered_only_when_signed() -> None:
    web = Bot().web()

    assert ask(web, signed((FORM, b"ssl_check=1&token=x"))) == Answered(200, b"")
    assert ask(web, signed(as_json(URL_CHECK))).body == json.dumps({"challenge": URL_CHECK["challenge"]}).encode()
    assert ask(web, unsigned(*as_json(URL_CHECK))).status == 401


@pytest.mark.parametrize(("age_s", "status"), [(299, 200), (300, 200), (301, 401), (-299, 200), (-301, 401)])
def test_a_request_counts_for_five_minutes(age_s: int, status: int) -> None:
    bot = Bot()

    answered = ask(bot.web(), signed(as_form(COMMAND), NOON - timedelta(seconds=age_s)))

    assert (answered.status, bot.runs()) == (status, int(status == 200))


@pytest.mark.parametrize("age_s", [0, 60, 299])
def test_the_same_bytes_twenty_times_run_once(age_s: int) -> None:
    bot = Bot()
    sent = signed(as_payload(CLICK), NOON - timedelta(seconds=age_s))

    answers = ask_all(bot.web(), [sent] * 20)

    assert (list(answers), bot.runs()) == ([Answered(200, b"")] * 20, 1)


def test_two_processes_that_share_the_memory_run_a_replay_once() -> None:
    one = Bot()
    other = Bot(memory=one.memory)
    sent = signed(as_payload(CLICK))

    ask(one.web(), sent)
    ask(other.web(), sent)

    assert (one.runs(), other.runs()) == (1, 0)


def test_slacks_own_repetition_is_signed_anew_and_not_taken_for_a_replay() -> None:
    bot = Bot()
    web = bot.web()
    repeated = signed(as_json(HOME_OPENED), NOON + timedelta(seconds=61))
    repeated = replace(repeated, headers=(*repeated.headers, (b"x-slack-retry-num", b"1")))

    ask(web, signed(as_json(HOME_OPENED)))
    ask(web, repeated)

    assert bot.runs() == 2


def test_of_the_headers_only_those_of_slacks_repetitions_reach_bolt() -> None:
    bot = Bot()
    steering = ((b"x-slack-bolt-lazy-only", b"1"), (b"x-slack-bolt-lazy-function-name", b"hear"))
    sent = signed(as_form(COMMAND))

    answered = ask(bot.web(), replace(sent, headers=sent.headers + steering))

    assert (answered.status, bot.runs()) == (200, 1)


def test_the_former_secret_counts_until_its_moment() -> None:
    bot = Bot(secrets=SigningSecrets(SECRET, "former", NOON + timedelta(hours=1)))
    web = bot.web()

    before = ask(web, signed(as_form(COMMAND), NOON, "former"))
    bot.clock = NOON + timedelta(hours=1)
    after = ask(web, signed(as_form(COMMAND), bot.clock, "former"))
    current = ask(web, signed(as_form(COMMAND), bot.clock))

    assert (before.status, after.status, current.status) == (200, 401, 200)


@pytest.mark.parametrize("secret", ["", " ", "\n"])
def test_an_empty_secret_is_refused_at_the_start(secret: str) -> None:
    with pytest.raises(UnsafeSecret, match="SLACK_SIGNING_SECRET is empty"):
        SigningSecrets(secret)


def test_a_former_secret_needs_its_moment() -> None:
    with pytest.raises(UnsafeSecret, match="Set both or neither"):
        SigningSecrets(SECRET, "former")


def test_secrets_do_not_show() -> None:
    shown = repr(SigningSecrets("canary-a", "canary-b", NOON))

    assert "canary" not in shown


def test_no_body_secret_or_signature_is_ever_logged(caplog: pytest.LogCaptureFixture) -> None:
    bot = Bot()
    web = bot.web()
    caplog.set_level(logging.DEBUG, "bot")
    broken = Bot(memory=Memory(fails=True))

    for payload, pack in REQUESTS:
        packed = pack(payload)
        for sent in (
            signed(packed),
            signed(packed, secret="canary-secret"),
            signed(("x", packed[1])),
            unsigned(*packed),
        ):
            ask(web, sent)
    ask(broken.web(), signed(as_form(COMMAND)))

    said = caplog.text
    assert "Turned away at Slack's door" in said
    assert "A request from Slack failed" in said
    assert [word for word in ("canary", SECRET, "v0=", "U0001", "hooks.example") if word in said] == []


def test_when_the_memory_fails_nothing_runs_and_the_answer_has_a_reference() -> None:
    bot = Bot(memory=Memory(fails=True))

    answered = ask(bot.web(), signed(as_form(COMMAND)))

    assert (answered.status, bot.runs()) == (503, 0)
    assert b"the reference is" in answered.body


def test_a_flood_of_refusals_is_one_line_a_second(caplog: pytest.LogCaptureFixture) -> None:
    seconds = 0.0
    refusals = RefusalLog(monotonic=lambda: seconds)

    for tick in range(3000):
        seconds = tick / 1000
        refusals.note(TurnedAway(401, "the signature does not fit"))

    assert [record.getMessage() for record in caplog.records] == [
        "Turned away at Slack's door: 1 × 401 the signature does not fit",
        "Turned away at Slack's door: 1000 × 401 the signature does not fit",
        "Turned away at Slack's door: 1000 × 401 the signature does not fit",
    ]


def test_the_signature_is_slacks_own_example() -> None:
    """Slack's documentation works this example out; it is nobody's secret."""
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )

    made = signature_of(body, b"1531420618", "8f742231b10e8888abcd99yyyzzz85a5")

    assert made == b"v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503"


@pytest.mark.parametrize("more_body", [True, False])
def test_of_a_body_that_is_too_long_it_is_known_whether_more_of_it_comes(more_body: bool) -> None:
    async def receive() -> Message:
        return {"type": "http.request", "body": b"12345", "more_body": more_body}

    with pytest.raises(TurnedAway) as refused:
        asyncio.run(read(receive, 4))
    assert (refused.value.status, refused.value.is_read) == (413, not more_body)
