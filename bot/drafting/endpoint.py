"""A language model behind an endpoint that is compatible with OpenAI's.

`openai` takes about a second to import, so it is imported when a model is first asked.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field, ValidationError

from bot.drafting.model import A, NoAnswer, Shape
from bot.drafting.prompts import Prompt

if TYPE_CHECKING:
    from openai import OpenAI

TIMEOUT_S = 20.0


class _Message(BaseModel):
    content: str | None = None
    refusal: str | None = None


class _Choice(BaseModel):
    message: _Message
    finish_reason: str | None = None


class _Completion(BaseModel):
    choices: list[_Choice] = Field(min_length=1)


class _Entry(BaseModel):
    id: str


class _Listed(BaseModel):
    data: list[_Entry]


def model_at(key: str | None, base_url: str, name: str, timeout_s: float = TIMEOUT_S) -> "Endpoint | None":
    """The model, or None without a key."""
    return Endpoint(key, base_url, name, timeout_s) if key else None


class Endpoint:
    """One model at one endpoint; each question is sent once and answered within `timeout_s`, or not at all."""

    def __init__(self, key: str, base_url: str, name: str, timeout_s: float = TIMEOUT_S) -> None:
        self._key = key
        self._base_url = base_url
        self._timeout_s = timeout_s
        self.name = name

    def answer(self, prompt: Prompt, data: str, shape: type[A]) -> A:
        """The model's answer in that shape; the endpoint is asked to keep nothing of it."""
        raw = self._within_time(lambda client: self._complete(client, prompt, data, shape))
        try:
            choice = _Completion.model_validate_json(raw).choices[0]
        except ValidationError:
            raise NoAnswer("malformed") from None
        if choice.message.refusal:
            raise NoAnswer("refusal")
        if choice.finish_reason not in ("stop", None):
            raise NoAnswer("truncated" if choice.finish_reason == "length" else "unfinished")
        try:
            return shape.model_validate_json(choice.message.content or "")
        except ValidationError:
            raise NoAnswer("malformed" if choice.message.content else "empty") from None

    def is_listed(self) -> bool:
        """Whether the endpoint lists the model; raises NoAnswer where it is not reached or refuses the key."""
        raw = self._within_time(lambda client: client.models.with_raw_response.list().http_response.text)
        try:
            return any(each.id == self.name for each in _Listed.model_validate_json(raw).data)
        except ValidationError:
            raise NoAnswer("malformed") from None

    def _complete(self, client: "OpenAI", prompt: Prompt, data: str, shape: type[Shape]) -> str:
        answered = client.chat.completions.with_raw_response.create(
            model=self.name,
            messages=[{"role": "system", "content": prompt.text}, {"role": "user", "content": data}],
            response_format={
                "type": "json_schema",
                "json_schema": {"name": prompt.id, "strict": True, "schema": shape.model_json_schema()},
            },
            store=False,
        )
        return answered.http_response.text

    def _client(self) -> "OpenAI":
        from openai import DefaultHttpxClient, OpenAI

        # OPENAI_LOG would have the library log what is sent and answered.
        logging.getLogger("openai").setLevel(logging.ERROR)
        return OpenAI(
            api_key=self._key,
            base_url=self._base_url,
            timeout=self._timeout_s,
            max_retries=0,
            http_client=DefaultHttpxClient(follow_redirects=False),
        )

    def _within_time(self, ask: Callable[["OpenAI"], str]) -> str:
        """The answer, within the limit as a whole: the library's own is one for each piece that arrives.

        What comes later is thrown away; the thread ends when the endpoint stops sending.
        """
        asked = _Asked()
        thread = threading.Thread(target=asked.run, args=(self._client, ask), name="language-model", daemon=True)
        thread.start()
        thread.join(self._timeout_s)
        if thread.is_alive():
            raise NoAnswer("timeout")
        if asked.failure is not None:
            raise asked.failure
        return asked.answer


@dataclass(slots=True)
class _Asked:
    answer: str = ""
    failure: NoAnswer | None = field(default=None)

    def run(self, opened: Callable[[], "OpenAI"], ask: Callable[["OpenAI"], str]) -> None:
        """Asks, and keeps the answer or why there is none."""
        from openai import APIConnectionError, APIStatusError, APITimeoutError, OpenAIError

        try:
            with opened() as client:
                self.answer = ask(client)
        except APITimeoutError:
            self.failure = NoAnswer("timeout")
        except APIConnectionError:
            self.failure = NoAnswer("unreachable")
        except APIStatusError as error:
            self.failure = NoAnswer(f"status {error.status_code}")
        except OpenAIError as error:
            self.failure = NoAnswer(type(error).__name__)
        except (ValueError, OSError) as error:  # an address or a key that cannot be sent, bytes that are no text
            self.failure = NoAnswer(type(error).__name__)
