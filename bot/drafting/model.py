"""A language model as the rest sees it: asked once, for an answer of a given shape."""

from typing import Protocol, TypeVar

from pydantic import BaseModel, ConfigDict

from bot.drafting.prompts import Prompt


class Shape(BaseModel):
    """What a model has to answer; no limit stands in its schema, since strict endpoints know no lengths."""

    model_config = ConfigDict(extra="forbid", strict=True)


A = TypeVar("A", bound=Shape)


class NoAnswer(Exception):
    """A model gave no answer; `why` is a short code that is safe to log, such as `timeout` or `status 429`."""

    def __init__(self, why: str) -> None:
        super().__init__(f"The language model gave no answer ({why}).")
        self.why = why


class Model(Protocol):
    """A language model that answers once, without tools."""

    @property
    def name(self) -> str:
        """What it is called."""
        ...

    def answer(self, prompt: Prompt, data: str, shape: type[A]) -> A:
        """Its answer on these data (JSON), in that shape; raises NoAnswer for whatever stands in the way."""
        ...
