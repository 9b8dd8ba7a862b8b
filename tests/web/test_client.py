"""The client that the README gives to those who build agents does what it promises."""

import re
import threading
import time
from typing import Any

import pytest

from bot.actions import escrow
from bot.actions.escrow import Said
from bot.domain.escrow import Answer
from bot.web.server import Serving
from tests.grants_program import ATTENDED, GrantsProgram
from tests.readme_tables import README
from tests.web.agents import SURE, token_for

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])


@pytest.fixture
def client(program: GrantsProgram, serving: Serving, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The README's client, as an agent would run it."""
    monkeypatch.setenv("ROLLOUT_URL", f"http://127.0.0.1:{serving.port}")
    monkeypatch.setenv("ROLLOUT_TOKEN", token_for(program))
    (source,) = re.findall(r"```python\n(import json, os.*?)```", README.read_text("utf-8"), re.DOTALL)
    found: dict[str, Any] = {}
    exec(source, found)
    return found


def may(client: dict[str, Any], facts: Any = SURE) -> Any:
    return client["may"]("refunds_agent", "send_macro", facts, "m-1", "Send the macro to Ana")


def test_what_is_granted_may_be_done_and_what_is_not_may_not(client: dict[str, Any]) -> None:
    assert may(client) == SURE
    assert may(client, SURE | {"recipients": 6}) is None


def test_no_answer_is_a_deny(client: dict[str, Any], serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLOUT_TOKEN", "rollout_wrong")
    assert client["decide"]("refunds_agent", "send_macro", SURE)["decision"] == "deny"
    serving.stop()
    assert client["decide"]("refunds_agent", "send_macro", SURE)["decision"] == "deny"
    assert may(client) is None


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        (Said(Answer.APPROVED), SURE),
        (Said(Answer.EDITED, facts='{"confidence_score": 0.96}'), SURE | {"confidence_score": 0.96}),
        (Said(Answer.REJECTED, "Not now."), None),
    ],
    ids=["approved", "edited", "rejected"],
)
def test_it_waits_for_a_person_and_acts_on_what_they_made_of_it(
    client: dict[str, Any], program: GrantsProgram, said: Said, facts: Any
) -> None:
    program.narrow(ATTENDED)
    found: list[Any] = []
    waiting = threading.Thread(target=lambda: found.append(may(client)))
    waiting.start()
    deadline_s = time.monotonic() + 60
    while not (asked := program.ask(lambda view: view.escrow.waiting(program.at))):
        assert time.monotonic() < deadline_s
        time.sleep(0.05)
    program.do("stu", escrow.answer, asked[0].id, said)
    waiting.join(timeout=60)
    assert found == [facts]
