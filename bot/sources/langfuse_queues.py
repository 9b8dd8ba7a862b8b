"""The annotation queues of Langfuse."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from pydantic import TypeAdapter

from bot.sources.langfuse_answers import Page, Queued
from bot.sources.langfuse_project import Project
from bot.sources.outputs import Output

_ITEMS = TypeAdapter(Page[Queued])


AT_ONCE = 10
"""An output takes one question or two, and the smallest plan takes 20 a minute: what was told by then is kept.

https://langfuse.com/faq/all/api-limits
"""


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue by its id; outputs count that began since `oldest`, of the environments named, of all where none is."""

    project: Project
    id: str
    environments: Sequence[str]
    oldest: datetime
    at_once: int = AT_ONCE

    def pages(self) -> Iterator[Sequence[Queued]]:
        """The traces and steps that wait, page by page; sessions are no outputs."""
        path = f"annotation-queues/{quote(self.id, safe='')}/items"
        for page in self.project.numbered(path, {"status": "PENDING"}, _ITEMS):
            yield [each for each in page if each.is_output]

    def outputs(self, items: Sequence[Queued]) -> Mapping[str, Output | None]:
        """What these put out; None is of another environment."""
        found = {each.id: output for each in items if (output := self._output(each))}
        return {name: each if self._counts(each) else None for name, each in found.items()}

    def _output(self, item: Queued) -> Output | None:
        if item.kind == "TRACE":
            return self.project.output(item.subject)
        trace = self.project.trace_of(item.subject, self.oldest)
        return self.project.output(trace, item.subject) if trace else None

    def _counts(self, output: Output) -> bool:
        return not self.environments or output.environment in self.environments
