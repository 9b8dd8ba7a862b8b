"""The grants of a workflow as policy for others: a policy file of ours, Cedar, or Rego; never wider than they are."""

from collections.abc import Callable, Mapping

from bot.policies.export import cedar, rego, yaml_file
from bot.policies.export.scope import Exported, Scope

__all__ = ["LANGUAGES", "Exported", "Scope", "exported"]

LANGUAGES: Mapping[str, Callable[[Scope], Exported]] = {
    "yaml": yaml_file.written,
    "cedar": cedar.written,
    "rego": rego.written,
}


def exported(scope: Scope, language: str) -> Exported:
    """The grants of `scope` in one of `LANGUAGES`, with what that can't say."""
    return LANGUAGES[language](scope)
