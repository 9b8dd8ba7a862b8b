"""The sources that the settings name, made ready to be read; whatever is wrong with them is said at once, by line."""

import re
from pathlib import Path

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
_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


def known_sources() -> tuple[str, ...]:
    """The names of every source that the product knows."""
    return tuple(kind.name for kind in kinds())


def tokens_set(settings: Settings) -> tuple[str, ...]:
    """The variables of tokens and secrets of sources that are set."""
    known = tuple(f"{name.upper()}_TOKEN" for name in known_sources() if getattr(settings, f"{name}_token"))
    hook = ("GITHUB_WEBHOOK_SECRET",) if settings.github_webhook_secret else ()
    return (*known, *hook, *(token_of(name) for name in sorted(settings.source_tokens)))


def connected(settings: Settings, world: Surroundings) -> tuple[Source, ...]:
    """Each source that the file of sources has entries for, by name; SettingsError with all that is wrong there."""
    if settings.sources is None:
        return ()
    root = _root(settings.sources)
    problems = [] if root.mapping else [root.problem("must name sources, each with its entries.")]
    found = []
    for kind in kinds():
        stanza = root.child(kind.name)
        if stanza is None:
            continue
        entries = [validate(kind.entry, node) for node in stanza.entries]
        problems += [problem for entry in entries if isinstance(entry, tuple) for problem in entry]
        if not entries:
            problems.append(stanza.problem("must be a list of entries."))
        found.append(
            kind.make(_access(settings, kind, world), [each for each in entries if not isinstance(each, tuple)])
        )
    names = known_sources()
    for name, node in root.mapping.items():
        if name not in names:
            made = _described(settings, name, node, world)
            if isinstance(made, Source):
                found.append(made)
            else:
                problems += made
    if problems:
        raise _wrong(problems)
    return tuple(found)


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
