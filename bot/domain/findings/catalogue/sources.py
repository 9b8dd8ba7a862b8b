"""Rules about sources."""

from collections.abc import Iterator
from datetime import timedelta

from bot.domain.findings.declaring import Found, Spotted, program_rule
from bot.domain.findings.kinds import Severity, Subject, SubjectKind
from bot.domain.findings.looks import ProgramLook
from bot.domain.findings.words import titled
from bot.domain.gates.words import counted
from bot.domain.thresholds import DEFAULTS


@program_rule("source.blind")
def source_blind(look: ProgramLook) -> Iterator[Spotted]:
    """A configured source has not been read successfully for 24 hours; the digest then never says all clear."""
    hours = _hours(look)
    for source in look.records.sources:
        if source.read_at is not None and look.at - source.read_at <= timedelta(hours=hours):
            continue
        since = f"since {source.read_at:%-d %b %Y at %H:%M} UTC" if source.read_at else "yet"
        why = f" ({titled(source.why_not)})" if source.why_not else ""
        found = Found(
            severity=Severity.WARNING,
            summary=f"not read {since}{why}, and {counted(hours, 'hour')} is the most",
            owner=next(iter(look.records.admins), None),
            next_step="mend its access; until then what it knows is left out",
            facts=(
                ("source", source.name),
                ("read_at", source.read_at.isoformat() if source.read_at else None),
                ("why_not", source.why_not),
                ("max_hours", hours),
            ),
        )
        yield Spotted(Subject(SubjectKind.SOURCE, source.name, source.name), None, found)


def _hours(look: ProgramLook) -> int:
    """The fewest hours that a playbook in use allows."""
    counts = [book.count("source.blind", "max_hours") for team in look.records.teams for book in team.playbooks]
    return min(counts, default=int(DEFAULTS["source.blind"]["max_hours"]))
