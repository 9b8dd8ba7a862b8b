"""What a source is: strands, each of which reads one stretch of time from where it was, and yields signals."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from pydantic import BaseModel

from bot.sources.http import Http, Surroundings
from bot.sources.places import Place

FIRST_STRETCH = timedelta(days=90)
"""How far back the first run reads, unless the file of sources says otherwise."""

Entry = Mapping[str, object]
"""One signal as it would stand in a line of JSON, without `source`; its id stays the same however often it is read."""


@dataclass(frozen=True, slots=True)
class Portion:
    """Some signals in a row; once they are kept, the strand goes on from `cursor`."""

    entries: tuple[Entry, ...]
    cursor: str


class Strand(Protocol):
    """One stretch to be read again and again: of one repository, for instance, for one workflow."""

    @property
    def key(self) -> str:
        """What it is called; its cursor is kept under that name."""
        ...

    @property
    def workflow(self) -> str:
        """The workflow that its signals are about."""
        ...

    def read(self, cursor: str | None, until: datetime) -> Iterator[Portion]:
        """What happened since `cursor` and before `until`, in portions; SourceError where it cannot be read."""
        ...


@dataclass(frozen=True, slots=True)
class Access:
    """How a system is reached: its address, its token, and the hosts that may be in the admin's own network."""

    url: str
    token: str | None
    private: frozenset[str]
    world: Surroundings


@dataclass(frozen=True, slots=True)
class Source:
    """A source that is configured: its name, what it reads, and how to ask the system whether it lets us in.

    `problem` says what is missing where it cannot be read at all. `places` are what the system itself calls the things
    that are read there, in lower case, as it names them where it announces something new.
    """

    name: str
    strands: tuple[Strand, ...] = ()
    places: frozenset[str] = frozenset()
    problem: str = ""
    greet: Callable[[], str] = lambda: ""
    close: Callable[[], None] = lambda: None


Make = Callable[[Access, Sequence[Any]], Source]
"""Makes a source of its access and its entries in the file of sources."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of source: its name, the model of one entry in the file of sources, and how it is made.

    Its settings are called after it: `github_token` and `github_api_url` for `github`. `place` is the field of an entry
    that alone, beside the workflow, says what is read; "" where it takes more, so that only the file can say it.
    """

    name: str
    entry: type[BaseModel]
    make: Make
    place: str = ""


KINDS: dict[str, Kind] = {}
"""Every source that the product knows, by name."""


def source(name: str, entry: type[BaseModel], place: str = "") -> Callable[[Make], Make]:
    """Declares a source: what follows makes it."""

    def declare(make: Make) -> Make:
        KINDS[name] = Kind(name, entry, make, place)
        return make

    return declare


def line_to(name: str, access: Access, headers: Mapping[str, str]) -> Http:
    """A line to the system of that name; its token goes along in each request, and into no error."""
    secrets = (access.token,) if access.token else ()
    place = Place(
        name, access.url, headers, f"{name.upper()}_TOKEN", f"{name.upper()}_API_URL", secrets, access.private
    )
    return Http(place, access.world)
