"""The sources that the settings name, made ready to be read; whatever is wrong with them is said at once, by line."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pydantic import BaseModel

from bot.domain.errors import BadInput
from bot.domain.sources import Mapped
from bot.domain.wording import one_line
from bot.playbooks.problems import PlaybookError, Problem, hint
from bot.playbooks.tree import Node, parse
from bot.playbooks.validity import validate
from bot.settings import Settings, SettingsError
from bot.sources import kinds
from bot.sources.described import described, token_of
from bot.sources.http import Surroundings
from bot.sources.mapping import System, faults
from bot.sources.seam import Access, Kind, Source

FILE = "ROLLOUT_SOURCES"
_BY_HAND = "/rollout connect"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def known_sources() -> tuple[str, ...]:
    """The names of every source that the product knows."""
    return tuple(kind.name for kind in kinds())


def tokens_set(settings: Settings) -> tuple[str, ...]:
    """The variables of tokens and secrets of sources that are set."""
    known = tuple(f"{name.upper()}_TOKEN" for name in known_sources() if getattr(settings, f"{name}_token"))
    hook = ("GITHUB_WEBHOOK_SECRET",) if settings.github_webhook_secret else ()
    return (*known, *hook, *(token_of(name) for name in sorted(settings.source_tokens)))


@dataclass(frozen=True, slots=True)
class Connections:
    """What the file of sources says, checked once; sources are made of it and of what is mapped by hand.

    `file` are the entries of each kind there, `described` the sources that it describes itself.
    """

    settings: Settings
    world: Surroundings
    file: Mapping[str, tuple[BaseModel, ...]] = field(default_factory=dict)
    described: tuple[Source, ...] = ()

    def sources(self, by_hand: Iterable[Mapped] = ()) -> tuple[Source, ...]:
        """Each source that the file or an admin maps something of: known ones by name, then those of the file."""
        mapped = tuple(by_hand)
        named = {*self.file, *(each.source for each in mapped)}
        return (*(self._made(kind, mapped) for kind in kinds() if kind.name in named), *self.described)

    def offered(self) -> tuple[tuple[str, str], ...]:
        """The sources that can be mapped by hand, each with what a place is called there, such as a repository."""
        return tuple((kind.name, kind.place) for kind in kinds() if kind.place)

    def by_file(self) -> tuple[Mapped, ...]:
        """What the file of sources maps."""
        known = (each for kind in kinds() for each in self._of_file(kind))
        others = (
            Mapped(source.name, "", workflow)
            for source in self.described
            for workflow in dict.fromkeys(strand.workflow for strand in source.strands)
        )
        return (*known, *others)

    def checked(self, wanted: Mapped) -> Mapped:
        """The mapping as it is kept; BadInput for the field `source` or `place` where it can't be one."""
        kind = next((each for each in kinds() if each.place and each.name == wanted.source), None)
        if kind is None:
            names = ", ".join(name for name, _ in self.offered())
            raise BadInput(f"Choose one of the sources that can be mapped by hand: {names}.", "source")
        kept = replace(wanted, place=one_line(wanted.place))
        if not kept.place:
            raise BadInput(f"Type which {kind.place} of {kind.name} belongs to the workflow.", "place")
        entry = _entry(kind, kept)
        if isinstance(entry, Problem):
            raise BadInput(f"The {kind.place} {entry.message}", "place")
        return kept

    def lacks(self, source: str) -> str:
        """A sentence on what keeps this source from being read at all, "" if nothing is known to."""
        return next((self._made(kind, ()).problem for kind in kinds() if kind.name == source), "")

    def _of_file(self, kind: Kind) -> tuple[Mapped, ...]:
        entries = self.file.get(kind.name, ())
        return tuple(
            Mapped(kind.name, getattr(entry, kind.place or "", None) or "", getattr(entry, "workflow", ""))
            for entry in entries
        )

    def _made(self, kind: Kind, by_hand: tuple[Mapped, ...]) -> Source:
        """The source of this kind; where the file says how a place is read for a workflow, the file counts."""
        entries, amiss = list(self.file.get(kind.name, ())), ""
        for each in by_hand:
            if each.source != kind.name or any(each.is_same(other) for other in self._of_file(kind)):
                continue
            entry = _entry(kind, each)
            if isinstance(entry, Problem):
                amiss = f"{kind.name} can't read {each.place}, mapped by hand: it {entry.message} Use /rollout connect."
            else:
                entries.append(entry)
        made = kind.make(_access(self.settings, kind, self.world), entries)
        return made if made.problem else replace(made, problem=amiss)


def connected(settings: Settings, world: Surroundings, by_hand: Iterable[Mapped] = ()) -> tuple[Source, ...]:
    """Each source that the file of sources or an admin maps something of; SettingsError as `connections` has it."""
    return connections(settings, world).sources(by_hand)


def connections(settings: Settings, world: Surroundings) -> Connections:
    """What the file of sources says; SettingsError with all that is wrong there."""
    if settings.sources is None:
        return Connections(settings, world)
    root = _root(settings.sources)
    problems = [] if root.mapping else [root.problem("must name sources, each with its entries.")]
    file = {}
    for kind in kinds():
        stanza = root.child(kind.name)
        if stanza is None:
            continue
        entries = [validate(kind.entry, node) for node in stanza.entries]
        problems += [problem for entry in entries if isinstance(entry, tuple) for problem in entry]
        if not entries:
            problems.append(stanza.problem("must be a list of entries."))
        file[kind.name] = tuple(each for each in entries if not isinstance(each, tuple))
    names, others = known_sources(), []
    for name, node in root.mapping.items():
        if name not in names:
            made = _described(settings, name, node, world)
            if isinstance(made, Source):
                others.append(made)
            else:
                problems += made
    if problems:
        raise _wrong(problems)
    return Connections(settings, world, file, tuple(others))


def _entry(kind: Kind, mapped: Mapped) -> BaseModel | Problem:
    """A mapping by hand as the entry that the file would have for it, or what keeps it from being one."""
    said = {kind.place: mapped.place, "workflow": mapped.workflow}
    node = Node({name: Node(text, _BY_HAND, 1, name) for name, text in said.items()}, _BY_HAND, 1, "")
    found = validate(kind.entry, node)
    return found[0] if isinstance(found, tuple) else found


def _described(settings: Settings, name: str, node: Node, world: Surroundings) -> Source | tuple[Problem, ...]:
    """A source that the file describes itself, or what keeps it from being one."""
    if node.child("kind") is None:
        return (node.problem(f"is no source: {hint(name, known_sources())}"),)
    if not _NAME.fullmatch(name):
        return (node.problem("must have a name of a to z, digits and _, at most 40 of them, the first a letter."),)
    system = validate(System, node)
    if isinstance(system, tuple):
        return system
    if wrong := tuple(_located(node, path, told) for path, told in faults(system)):
        return wrong
    token = settings.source_tokens.get(name)
    given = token.get_secret_value() if token else None
    return described(name, system, Access(system.url or "", given, frozenset(settings.private_hosts), world))


def _located(node: Node, path: tuple[str | int, ...], told: str) -> Problem:
    """The problem at the deepest part that is there; the rest of the path is named."""
    for depth, step in enumerate(path):
        below = node.child(step)
        if below is None:
            return node.problem(told, ".".join(str(each) for each in path[depth:]))
        node = below
    return node.problem(told)


def _root(file: str) -> Node:
    try:
        text = Path(file).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not text"
        raise SettingsError((f"{FILE} names {file}, which cannot be read ({why}): mend it.",)) from None
    try:
        tree = parse(text, file)
    except PlaybookError as error:
        raise _wrong(list(error.problems)) from None
    if tree.problems:
        raise _wrong(list(tree.problems))
    return tree.root


def _wrong(problems: list[Problem]) -> SettingsError:
    return SettingsError(tuple(f"{FILE}: {problem}" for problem in sorted(set(problems))))


def _access(settings: Settings, kind: Kind, world: Surroundings) -> Access:
    """The settings of one kind, which are called after it."""
    token = getattr(settings, f"{kind.name}_token")
    url = getattr(settings, f"{kind.name}_api_url")
    return Access(url, token.get_secret_value() if token else None, frozenset(settings.private_hosts), world)
