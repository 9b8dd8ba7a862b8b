"""The catalogue as people read it: every rule with its version and when it fires, and facts in words."""

from dataclasses import dataclass

from bot.domain.findings.catalogue import PROGRAM_RULES, RULES
from bot.domain.findings.kinds import FactValue, Finding


@dataclass(frozen=True, slots=True)
class Entry:
    """One rule in words; a rule that no longer exists has version 0 and no words."""

    id: str
    version: int
    fires_when: str


def entries() -> tuple[Entry, ...]:
    """Every rule: those about workflows in the catalogue's order, then those about teams and sources."""
    about_workflows = (Entry(each.id, each.version, each.fires_when) for each in RULES.values())
    about_others = (Entry(each.id, each.version, each.fires_when) for each in PROGRAM_RULES.values())
    return (*about_workflows, *about_others)


def entry(rule: str) -> Entry:
    """The rule with that id."""
    return next((each for each in entries() if each.id == rule), Entry(rule, 0, ""))


def facts_in_words(finding: Finding) -> tuple[tuple[str, str], ...]:
    """What made a finding's rule fire, as names and values that people read."""
    return tuple((name.replace("_", " "), _in_words(value)) for name, value in finding.facts)


def _in_words(value: FactValue) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "none"
    if value is None:
        return "no data"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
