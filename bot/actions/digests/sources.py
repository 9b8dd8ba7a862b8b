"""How the outside systems stand that yield signals, and how much they gave."""

from collections.abc import Collection, Mapping
from dataclasses import replace

from bot.domain.digests.inputs import Source
from bot.domain.findings.weeks import Weeks
from bot.domain.signals.volumes import Volume
from store import View


def sources_of(view: View, weeks: Weeks) -> tuple[Source, ...]:
    """Every configured source as it stands, by name: whether it is fresh, if not, why; and how much it gave."""
    readings = view.sources.configured()
    volumes = volumes_of(view, [each.name for each in readings], weeks)
    return tuple(replace(each.told(weeks.at), volume=volumes[each.name]) for each in readings)


def volumes_of(view: View, names: Collection[str], weeks: Weeks) -> Mapping[str, Volume]:
    """How many signals these sources gave of the week that ends, and of the one before."""
    week, before = weeks.week(), weeks.week(1)
    found = dict(view.sources.volumes(names, week, before))
    # No index knows what is to be set aside, so it is asked of those alone that seem to have fallen.
    fewer = [name for name, volume in found.items() if volume.has_fallen]
    for name, comparable in view.sources.comparable(fewer, before).items():
        found[name] = replace(found[name], set_aside=found[name].week_before - comparable)
    return found
