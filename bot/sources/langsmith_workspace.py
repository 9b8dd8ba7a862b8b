"""One workspace of LangSmith: its lists page by page, and where people look at things."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from pydantic import TypeAdapter

from bot.sources.errors import Circling, Endless, Garbled, Missing
from bot.sources.http import PAGES, Http, Params
from bot.sources.langsmith_answers import Experiment, Feedback, Named, Page, Queue, Queued, Run
from bot.sources.outputs import Output
from bot.sources.verdicts import told_in

PER_PAGE = 50
"""How many runs one question is about: their ids stand in the address of the next one."""

PER_LIST = 100
OUTPUT = ("ID", "START_TIME", "END_TIME", "METADATA")
"""What a run is asked for that is an output."""

HOSTED = ".smith.langchain.com"

T = TypeVar("T")

_NAMED, _EXPERIMENTS, _RUNS = TypeAdapter(Page[Named]), TypeAdapter(Page[Experiment]), TypeAdapter(Page[Run])
_FEEDBACK, _QUEUES, _QUEUED = TypeAdapter(list[Feedback]), TypeAdapter(list[Queue]), TypeAdapter(Page[Queued])


@dataclass(frozen=True, slots=True)
class Workspace:
    """One workspace behind a line; `url` is where its API is."""

    line: Http
    url: str

    def project(self, name: str) -> Named:
        """The project of that name; Missing where there is none."""
        return self._named("sessions", "project", name)

    def dataset(self, name: str) -> Named:
        """The dataset of that name; Missing where there is none."""
        return self._named("datasets", "dataset", name)

    def _named(self, path: str, what: str, name: str) -> Named:
        answer = self.line.get(f"api/v2/{path}", {"name": name, "page_size": 1})
        found = self.line.shaped(_NAMED, answer).items
        if not found:
            told = f"langsmith has no {what} {name!r} in the workspace of this key"
            raise Missing(f"{told}: write its name as LangSmith shows it.")
        return found[0]

    def queue(self, name: str) -> Queue:
        """The annotation queue of that name; Missing where there is none."""
        answer = self.line.get("api/v1/annotation-queues", {"name": name, "limit": PER_LIST})
        for each in self.line.shaped(_QUEUES, answer):
            if each.name == name:
                return each
        told = f"langsmith has no annotation queue {name!r} in the workspace of this key"
        raise Missing(f"{told}: write its name as LangSmith shows it.")

    def waiting(self, queue: str, section: str) -> Iterator[list[Queued]]:
        """The runs that wait in one section of a queue, page by page."""
        asked: dict[str, str | int] = {"status": section, "item_type": "RUN", "page_size": PER_LIST}
        path = f"api/v1/platform/annotation-queues/{quote(queue, safe='')}/items"
        yield from self._listed(path, asked, _QUEUED, "queued runs")

    def experiments(self, dataset: Named) -> Iterator[list[Experiment]]:
        """The runs over a dataset, the latest first, page by page."""
        asked: dict[str, str | int] = {
            "reference_dataset_id": dataset.id,
            "type": "EXPERIMENT",
            "sort_by": "START_TIME",
            "sort_order": "desc",
            "page_size": PER_LIST,
        }
        yield from self._listed("api/v2/sessions", asked, _EXPERIMENTS, "experiments")

    def _listed(
        self, path: str, asked: Mapping[str, str | int], adapter: TypeAdapter[Page[T]], what: str
    ) -> Iterator[list[T]]:
        after, seen = None, set[str | None]()
        for _ in range(PAGES):
            answer = self.line.get(path, {**asked, **({"cursor": after} if after else {})})
            page = self.line.shaped(adapter, answer)
            yield page.items
            after = _next(page, seen, what)
            if after is None:
                return
        raise Endless(f"langsmith has more than {PAGES * PER_LIST:,} {what}, and no more were read.")

    def runs(self, asked: Mapping[str, Any], after: str | None = None) -> Iterator[Page[Run]]:
        """Runs page by page; from the first one where `after`, at which a run broke off, is not known any more."""
        seen = set[str | None]()
        for number in range(PAGES):
            try:
                page = self._runs(asked, after)
            except (Missing, Garbled):
                if number or after is None:
                    raise
                page = self._runs(asked, None)
            yield page
            after = _next(page, seen, "runs")
            if after is None:
                return
        raise Endless(f"langsmith has more than {PAGES * PER_PAGE:,} runs: what is left is read by the next run.")

    def _runs(self, asked: Mapping[str, Any], after: str | None) -> Page[Run]:
        body = {**asked, "page_size": PER_PAGE, **({"cursor": after} if after else {})}
        return self.line.shaped(_RUNS, self.line.post("api/v2/runs/query", body))

    def feedback(self, runs: Sequence[Run], key: str, sources: Sequence[str]) -> Iterator[Feedback]:
        """What was said of these runs, fifty at most, under that key."""
        about: Params = {"run": tuple(each.id for each in runs), "key": key, "source": tuple(sources)}
        for number in range(PAGES):
            paged = {**about, "limit": PER_LIST, "offset": number * PER_LIST}
            found = self.line.shaped(_FEEDBACK, self.line.get("api/v1/feedback", paged))
            yield from found
            if len(found) < PER_LIST:
                return
        raise Endless(f"langsmith has more than {PAGES * PER_LIST:,} words on fifty runs, and no more were read.")

    def output(self, run: Run, project: Named) -> Output:
        """What a run of that project put out."""
        return Output(
            run.id,
            run.over_at,
            told_in(run.metadata, "prompt_version") or told_in(run.metadata, "lc_hub_commit_hash"),
            told_in(run.metadata, "model") or told_in(run.metadata, "ls_model_name"),
            **self.link(project.tenant, f"projects/p/{project.id}/r/{run.id}"),
        )

    def link(self, tenant: str, path: str) -> dict[str, str]:
        """Where people look, as a field of a signal; nothing where LangSmith is not its maker's own."""
        host = urlsplit(self.url).hostname or ""
        if not host.endswith(HOSTED):
            return {}
        return {"url": f"https://{host.removeprefix('api.').replace('.api.', '.')}/o/{quote(tenant, safe='')}/{path}"}


def _next(page: Page[Any], seen: set[str | None], what: str) -> str | None:
    """Where the next page begins; Circling where that was read already."""
    if page.cursor is not None and page.cursor in seen:
        raise Circling(f"langsmith gave a page of {what} that was read already in place of the next.")
    seen.add(page.cursor)
    return page.cursor


def instant(at: datetime) -> str:
    """A time as LangSmith takes it in a question."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
