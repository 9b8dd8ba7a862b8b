"""A model behind HTTP: what is sent, and that whatever goes wrong there gives no paragraph, in time (fault 30)."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
import structlog
from openai.types.chat import ChatCompletion

from bot.drafting import Endpoint, NoAnswer, Summary, model_at, summarise
from bot.drafting.prompts import prompt
from bot.drafting.summary import Paragraph
from tests.drafting.corpus import good
from tests.drafting.peer import MODEL, Peer
from tests.drafting.samples import REVIEWS, with_title
from tests.drafting.test_facts import CANARIES, POISON

TEXT = good()[0].text
PARAGRAPH = {"content": json.dumps({"paragraph": TEXT})}


def completion(finish_reason: str = "stop", **message: Any) -> dict[str, Any]:
    """A completion as the API answers it, held against the SDK's own type."""
    shape = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1772000000,
        "model": MODEL,
        "choices": [
            {
                "index": 0,
                "finish_reason": finish_reason,
                "logprobs": None,
                "message": {"role": "assistant", "content": None, "refusal": None, **message},
            }
        ],
    }
    ChatCompletion.model_validate(shape)
    return shape


ODD: dict[str, tuple[Any, str]] = {
    "a refusal": (completion(refusal="I cannot help with that."), "refusal"),
    "no content": (completion(), "empty"),
    "empty content": (completion(content=""), "empty"),
    "cut off": (completion("length", content='{"paragraph": "triage_agent is cri'), "truncated"),
    "filtered": (completion("content_filter", content=""), "unfinished"),
    "a tool that nobody gave it": (
        completion(
            "tool_calls",
            tool_calls=[{"id": "c1", "type": "function", "function": {"name": "post", "arguments": "{}"}}],
        ),
        "unfinished",
    ),
    "no JSON in the content": (completion(content=TEXT), "malformed"),
    "another shape": (completion(content='{"text": "x"}'), "malformed"),
    "more than asked": (completion(content='{"paragraph": "x", "link": "y"}'), "malformed"),
    "a number": (completion(content='{"paragraph": 3}'), "malformed"),
    "a list": ([], "malformed"),
    "null": (None, "malformed"),
    "no choice": ({"choices": []}, "malformed"),
    "no message": ({"choices": [{}]}, "malformed"),
}


class Odd:
    """A server that answers with `body`, byte by byte with pauses where told to."""

    def __init__(self) -> None:
        self.body = b""
        self.status = 200
        self.pause_s = 0.0
        self.asked = 0
        self.base_url = ""


@pytest.fixture
def odd() -> Iterator[tuple[Odd, Endpoint]]:
    """The server, and a model there that has all the time it is given."""
    says = Odd()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            says.asked += 1
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(says.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(says.body)))
            if says.status == 307:
                self.send_header("Location", "/v1/elsewhere")
            self.end_headers()
            for at in range(len(says.body)) if says.pause_s else ():
                time.sleep(says.pause_s)
                self.wfile.write(says.body[at : at + 1])
            if not says.pause_s:
                self.wfile.write(says.body)

        def log_message(self, format: str, *args: object) -> None:
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    says.base_url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    yield says, Endpoint("k", says.base_url, MODEL)
    server.shutdown()
    server.server_close()


def why(model: Endpoint) -> str:
    """Why the model gives no paragraph."""
    with pytest.raises(NoAnswer) as caught:
        model.answer(prompt("digest_summary"), "{}", Paragraph)
    return caught.value.why


def test_a_true_paragraph_is_kept_with_its_prompt_and_model(peer: Peer) -> None:
    peer.answers(PARAGRAPH)
    assert summarise(REVIEWS, peer.model()) == Summary(TEXT, "digest_summary@1", MODEL)


def test_what_is_sent_asks_once_for_a_strict_shape_without_tools_and_not_to_be_kept(peer: Peer) -> None:
    peer.answers(PARAGRAPH)
    summarise(REVIEWS, peer.model())
    (asked,) = peer.asked()
    assert {key: asked.get(key) for key in ("model", "store", "tools", "stream")} == {
        "model": MODEL,
        "store": False,
        "tools": None,
        "stream": None,
    }
    schema = asked["response_format"]["json_schema"]
    assert (schema["strict"], schema["schema"]["additionalProperties"], schema["schema"]["required"]) == (
        True,
        False,
        ["paragraph"],
    )
    system, user = asked["messages"]
    assert system == {"role": "system", "content": prompt("digest_summary").text}
    assert set(json.loads(user["content"])) == {"week", "counts", "moves", "findings"}


def test_no_canary_is_sent(peer: Peer) -> None:
    peer.answers(PARAGRAPH)
    summarise(with_title(REVIEWS, POISON), peer.model())
    said = json.dumps(peer.asked(), ensure_ascii=False)
    assert [canary for canary in CANARIES if canary in said] == []
    assert "work item" in said


@pytest.mark.parametrize(
    ("status", "code"), [(429, "status 429"), (500, "status 500"), (503, "status 503"), (400, "status 400")]
)
def test_an_error_is_not_asked_again(peer: Peer, status: int, code: str) -> None:
    peer.answers({"error": {"message": "No."}, "status": status})
    assert why(peer.model()) == code
    assert len(peer.asked()) == 1


def test_a_wrong_key_is_refused(peer: Peer) -> None:
    assert why(peer.model(key="wrong")) == "status 401"


def test_garbage_and_a_broken_connection_give_no_paragraph(peer: Peer) -> None:
    peer.answers(PARAGRAPH, chaos={"malformedRate": 1.0})
    assert why(peer.model()) == "malformed"
    peer.answers(PARAGRAPH, chaos={"disconnectRate": 1.0})
    assert why(peer.model()) == "unreachable"


def test_a_slow_model_is_not_waited_for(peer: Peer) -> None:
    peer.answers(PARAGRAPH, chaos={"latencyMs": 3000})
    assert why(peer.model(timeout_s=0.3)) == "timeout"


@pytest.mark.parametrize("name", ODD)
def test_an_odd_answer_gives_no_paragraph(odd: tuple[Odd, Endpoint], name: str) -> None:
    says, model = odd
    shape, code = ODD[name]
    says.body = json.dumps(shape).encode()
    assert why(model) == code
    assert says.asked == 1


@pytest.mark.parametrize("body", [b"", b"<html>", b"\xff\xfe", b'{"choices": ['])
def test_a_body_that_is_no_json_gives_no_paragraph(odd: tuple[Odd, Endpoint], body: bytes) -> None:
    says, model = odd
    says.body = body
    assert why(model) == "malformed"


def test_an_answer_that_trickles_in_is_not_waited_for(odd: tuple[Odd, Endpoint]) -> None:
    says, _ = odd
    says.body, says.pause_s = b" " * 20, 0.2
    assert why(Endpoint("k", says.base_url, MODEL, 1.0)) == "timeout"


def test_a_redirect_is_not_followed(odd: tuple[Odd, Endpoint]) -> None:
    says, model = odd
    says.status = 307
    assert (why(model), says.asked) == ("status 307", 1)


def test_nobody_there_gives_no_paragraph() -> None:
    assert why(Endpoint("k", "http://127.0.0.1:1/v1", MODEL)) == "unreachable"
    assert why(Endpoint("k\u2019", "http://127.0.0.1:1/v1", MODEL)) == "UnicodeEncodeError"


def test_without_a_key_there_is_no_model() -> None:
    assert model_at(None, "https://api.openai.com/v1", "m") is None
    assert summarise(REVIEWS, None) is None


def test_what_was_said_and_the_key_are_in_no_log(peer: Peer, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    secret = "triage_agent is critical for 4711 reasons."
    with structlog.testing.capture_logs() as logged:
        peer.answers({"content": json.dumps({"paragraph": secret})})
        summarise(REVIEWS, peer.model())
        peer.answers({"error": {"message": secret}, "status": 500})
        summarise(REVIEWS, peer.model())
    assert logged == [
        {"event": "summary.dropped", "log_level": "warning", "prompt": "digest_summary@1", "model": MODEL,
         "faults": ["number"]},
        {"event": "summary.none", "log_level": "warning", "prompt": "digest_summary@1", "model": MODEL,
         "why": "status 500"},
    ]  # fmt: skip
    assert [word for word in (secret, "key-of-a-test", "complaint_rate") if word in caplog.text] == []


def test_the_library_is_not_imported_before_a_model_is_asked() -> None:
    code = "import sys, bot.cli.checkup, bot.wiring, bot.drafting; sys.exit('openai' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
