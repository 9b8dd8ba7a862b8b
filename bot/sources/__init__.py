"""Sources: outside systems, read over HTTP, that yield signals. A new one is one file under `@source`."""

import importlib
import pkgutil

from bot.sources.seam import KINDS, Kind


def kinds() -> tuple[Kind, ...]:
    """Every source that the product knows, by name."""
    for module in pkgutil.iter_modules(__path__):
        importlib.import_module(f"{__name__}.{module.name}")
    return tuple(sorted(KINDS.values(), key=lambda kind: kind.name))
