"""The OpenAPI document holds: what it describes is what is answered, whatever is sent."""

import json
import re
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import negative_data_rejection

from bot.web.server import Serving
from tests.grants_program import GrantsProgram
from tests.readme_tables import README
from tests.web.agents import Agent, token_for

ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])
EXAMPLES = 25
LIMITS = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@ON_SQLITE
def test_the_document_is_served_to_everyone_and_names_every_endpoint(serving: Serving) -> None:
    heard = Agent(serving.port, None).get("/openapi.json")
    assert (heard.status, heard.body["openapi"]) == (200, "3.1.0")
    served = {f"{method.upper()} {path}" for path, methods in heard.body["paths"].items() for method in methods}
    assert served == set(re.findall(r"^\| `((?:GET|POST) /v1/[^`]*)` \|", README.read_text("utf-8"), re.MULTILINE))
    assert all("token" in json.dumps(each) for methods in heard.body["paths"].values() for each in methods.values())


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["as_described", "otherwise"])
def test_whatever_is_sent_is_answered_as_the_document_says(
    program: GrantsProgram, serving: Serving, mode: GenerationMode
) -> None:
    secret = token_for(program)
    schema = schemathesis.openapi.from_url(f"http://127.0.0.1:{serving.port}/openapi.json")
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation, tried = result.ok(), 0

        @LIMITS
        @given(operation.as_strategy(generation_mode=mode))
        def send(case: Any) -> None:
            nonlocal tried
            # A line that is no signal is told in the answer, with its number, and the others are kept.
            beside = [negative_data_rejection] if case.operation.path == "/v1/signals" else []
            headers = {"Authorization": f"Bearer {secret}"}
            case.call_and_validate(headers=headers, excluded_checks=beside, timeout=30)
            tried += 1

        if mode is GenerationMode.POSITIVE or operation.label != "GET /v1/workflows":
            send()
            assert tried >= EXAMPLES // 2
    assert program.verify().ok
