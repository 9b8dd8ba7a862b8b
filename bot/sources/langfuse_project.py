"""One project of Langfuse: its lists page by page, and what its traces put out."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeVar
from urllib.parse import quote

from pydantic import TypeAdapter

from bot.sources.errors import Circling, Endless, Garbled, Missing, NoAccess, Unclear
from bot.sources.http import PAGES, Http, Params
from bot.sources.langfuse_answers import Config, Dataset, Named, Observation, Page
from bot.sources.outputs import Output
from bot.sources.verdicts import told_in

PER_PAGE = 100
API = "api/public"
STEPS = 1_000
"""How many steps of a trace are looked at, at most: as many as Langfuse gives at once."""

T = TypeVar("T")

_STEPS, _DATASET, _CONFIGS = TypeAdapter(Page[Observation]), TypeAdapter(Dataset), TypeAdapter(Page[Config])
_QUEUES = TypeAdapter(Page[Named])


@dataclass(frozen=True, slots=True)
class Project:
    """One project behind a line; `web` is where people look."""

    line: Http
    web: str

    def pages(
        self, path: str, asked: Params, adapter: TypeAdapter[Page[T]], after: str | None = None
    ) -> Iterator[Page[T]]:
        """Page after page; from the first one where `after`, at which a run broke off, is not known any more."""
        seen = {after}
        for number in range(PAGES):
            try:
                page = self._page(path, {**asked, **({"cursor": after} if after else {})}, adapter)
            except (Missing, Garbled):
                if number or after is None:
                    raise
                page = self._page(path, asked, adapter)
            yield page
            after = page.meta.cursor
            if after is None:
                return
            if after in seen:
                raise Circling(f"langfuse gave a page of {path} that was read already in place of the next.")
            seen.add(after)
        raise Endless(f"langfuse has more than {PAGES * PER_PAGE:,} {path}: what is left is read by the next run.")

    def numbered(self, path: str, asked: Params, adapter: TypeAdapter[Page[T]]) -> Iterator[list[T]]:
        """Page after page of a list that is asked for by the number of the page."""
        before: list[T] = []
        for number in range(1, PAGES + 1):
            found = self._page(path, {**asked, "page": number, "limit": PER_PAGE}, adapter).data
            if found and found == before:
                raise Circling(f"langfuse gave a page of {path} that was read already in place of the next.")
            yield found
            if len(found) < PER_PAGE:
                return
            before = found
        raise Endless(f"langfuse has more than {PAGES * PER_PAGE:,} {path}, and no more were read.")

    def _page(self, path: str, asked: Params, adapter: TypeAdapter[Page[T]]) -> Page[T]:
        return self.line.shaped(adapter, self.line.get(f"{API}/{path}", asked))

    def dataset(self, name: str) -> Dataset:
        """The dataset of that name; Missing where there is none."""
        try:
            return self.line.shaped(_DATASET, self.line.get(f"{API}/v2/datasets/{quote(name, safe='')}"))
        except Missing:
            told = f"langfuse has no dataset {name!r} in the project of this key"
            raise Missing(f"{told}: write its name as Langfuse shows it.") from None

    def configs(self) -> dict[str, list[str]]:
        """The scores that people may give by name, each with its categories, if it has any."""
        found = (each for page in self.numbered("score-configs", {}, _CONFIGS) for each in page)
        return {each.name: [category.label for category in each.categories or ()] for each in found}

    def queue(self, name: str) -> str:
        """The id of the annotation queue of that name; Missing where there is none."""
        for page in self.numbered("annotation-queues", {}, _QUEUES):
            for each in page:
                if each.name == name:
                    return each.id
        told = f"langfuse has no annotation queue {name!r} in the project of this key"
        raise Missing(f"{told}: write its name as Langfuse shows it.")

    def trace_of(self, step: str, oldest: datetime) -> str | None:
        """The trace in which a step stands that began since `oldest`; None while Langfuse does not have it."""
        wanted = (
            {"type": "string", "column": "id", "operator": "=", "value": step},
            {"type": "datetime", "column": "startTime", "operator": ">=", "value": instant(oldest)},
        )
        asked: Params = {"filter": json.dumps(wanted), "fields": "core", "limit": 1}
        found = self.line.shaped(_STEPS, self.line.get(f"{API}/v2/observations", asked)).data
        return next((each.trace for each in found if each.id == step), None)

    def output(self, trace: str, step: str | None = None) -> Output | None:
        """What a trace put out, or one step in it; None while Langfuse does not have it."""
        asked: Params = {"traceId": trace, "fields": "core,basic,model,prompt,metadata", "limit": STEPS}
        steps = self.line.shaped(_STEPS, self.line.get(f"{API}/v2/observations", asked)).data
        roots = [each for each in steps if each.parent is None or each.is_root]
        of_output = [each for each in steps if each.id == step] if step else roots
        if not of_output:
            return None
        inner = sorted(steps, key=lambda each: each.over_at, reverse=True)
        ranked = [*of_output, *inner] if step else [*inner, *roots]
        return Output(
            step or trace,
            max(each.over_at for each in of_output),
            next((told for each in ranked if (told := each.prompted or told_in(each.metadata, "prompt_version"))), ""),
            next((told for each in ranked if (told := each.model or told_in(each.metadata, "model"))), ""),
            self.link(of_output[0].project, "traces", trace),
            of_output[0].environment,
        )

    def reach(self, path: str, asked: Params, wanted: str) -> None:
        """Ask once whether a list is there; `wanted` is the Langfuse that has it."""
        try:
            self.line.get(f"{API}/{path}", {**asked, "limit": 1})
        except NoAccess as error:
            told = "A key is for one region: LANGFUSE_API_URL must name the one where its project is."
            raise NoAccess(f"{error} {told}") from None
        except Missing:
            told = f"langfuse has nothing at /{API}/{path}: it must be {wanted}, and LANGFUSE_API_URL where people"
            raise Missing(f"{told} open it.") from None
        except Unclear:
            raise Unclear(
                f"langfuse did not understand what was asked at /{API}/{path}: it must be {wanted}."
            ) from None

    def link(self, project: str, what: str, name: str) -> str:
        """Where people look at something."""
        return f"{self.web}/project/{quote(project, safe='')}/{what}/{quote(name, safe='')}"


def instant(at: datetime) -> str:
    """A time as Langfuse takes it in a question."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
