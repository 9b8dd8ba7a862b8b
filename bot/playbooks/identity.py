"""What a workflow pins: a text that is complete in itself, and the hash of what it says."""

import hashlib
import json
from decimal import Decimal
from typing import Any

import yaml

from bot.domain.errors import NotFound
from bot.playbooks import shelf
from bot.playbooks.problems import PlaybookError, hint, quoted
from bot.playbooks.reading import complete, is_complete
from bot.playbooks.tree import Node


class _Writer(yaml.CSafeDumper):
    """A YAML writer that knows decimals."""


_Writer.add_representer(
    Decimal, lambda writer, number: writer.represent_scalar("tag:yaml.org,2002:float", _digits(number))
)


def shipped_text(name: str) -> str:
    """The text of a shipped playbook, with what it extends written out; NotFound if none is called so."""
    if name not in shelf.ids():
        raise NotFound(f"There is no playbook {quoted(name)}: {hint(name, shelf.ids())}")
    text = shelf.text_of(name)
    return complete_text(text, shelf.source_of(name))


def complete_text(text: str, source: str) -> str:
    """`text` itself if it extends nothing, else one document that says the same and needs no other file."""
    tree = complete(text, source)
    if tree.problems:
        raise PlaybookError(tree.problems)
    return text if is_complete(text, source) else _written(tree.root)


def content_hash(text: str) -> str:
    """The SHA-256 (hex) of what `text` says: comments, quotes and the order of keys make no difference."""
    tree = complete(text, "the playbook")
    if tree.problems:
        raise PlaybookError(tree.problems)
    canonical = json.dumps(
        tree.root.plain(), default=_tagged, ensure_ascii=False, separators=(",", ":"), sort_keys=True
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def _written(root: Node) -> str:
    return yaml.dump(root.plain(), Dumper=_Writer, allow_unicode=True, sort_keys=False, width=110)


def _tagged(number: Decimal) -> dict[str, Any]:
    return {"decimal": _digits(number.normalize())}


def _digits(number: Decimal) -> str:
    return format(number, "f")
