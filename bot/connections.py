"""The sources that the settings name, made ready to be read; whatever is wrong with them is said at once, by line."""

from pathlib import Path

from bot.playbooks.problems import PlaybookError, Problem, hint
from bot.playbooks.tree import Node, parse
from bot.playbooks.validity import validate
from bot.settings import Settings, SettingsError
from bot.sources import kinds
from bot.sources.http import Surroundings
from bot.sources.seam import Access, Kind, Source

FILE = "ROLLOUT_SOURCES"


def known_sources() -> tuple[str, ...]:
    """The names of every source that the product knows."""
    return tuple(kind.name for kind in kinds())


def tokens_set(settings: Settings) -> tuple[str, ...]:
    """The variables of tokens of sources that are set."""
    return tuple(f"{name.upper()}_TOKEN" for name in known_sources() if getattr(settings, f"{name}_token"))


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
    problems += [
        node.problem(f"is no source: {hint(name, names)}") for name, node in root.mapping.items() if name not in names
    ]
    if problems:
        raise _wrong(problems)
    return tuple(found)


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
