"""Jinja, shut in a sandbox."""

from typing import Any

from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot.texts.marks import Surface


class Environment(ImmutableSandboxedEnvironment):
    """Jinja for one surface; macros and `{% set %}` blocks give text that is already safe there."""

    surface: Surface

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self._is_safe: dict[tuple[type, str], bool] = {}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Whether a template may read the attribute, as the sandbox has it; its reasons lie in the type alone."""
        kind = (type(obj), attr)
        known = self._is_safe.get(kind)
        if known is None:
            known = self._is_safe[kind] = super().is_safe_attribute(obj, attr, value)
        return known
