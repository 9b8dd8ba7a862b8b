"""What a model is told of a digest, from the digest's inputs."""

from datetime import timedelta

from bot.domain.calendar import local_date
from bot.domain.digests.composing import Digest
from bot.domain.digests.inputs import Moved, Reported
from bot.domain.findings.kinds import Severity
from bot.domain.findings.tracking import FindingState
from bot.domain.summaries.facts import DigestFacts, Line, line_of


def facts_of(digest: Digest) -> DigestFacts:
    """The findings that have a line, those that someone acknowledged, the week's counts and moves.

    Notices and what was put off are left out: a reader of the paragraph has to act on the others.
    """
    inputs, zone = digest.inputs, digest.inputs.audience.zone
    shown = (*digest.lines, *digest.acknowledged)
    return DigestFacts(
        week=inputs.week,
        start=local_date(inputs.window.start, zone),
        end=local_date(inputs.window.end - timedelta(microseconds=1), zone),
        counts=_counts(digest, shown),
        lines=tuple(_line(each) for each in shown),
        moves=tuple(_move(each) for each in inputs.portfolio.moves),
    )


def _counts(digest: Digest, shown: tuple[Reported, ...]) -> tuple[tuple[str, int], ...]:
    severities = (Severity.CRITICAL, Severity.WARNING)
    states = (FindingState.NEW, FindingState.WORSE, FindingState.CARRIED, FindingState.ACKNOWLEDGED)
    return (
        ("findings", len(shown)),
        *((severity.value, digest.count(severity)) for severity in severities),
        *((state.value, sum(each.state is state for each in shown)) for state in states),
        ("resolved", len(digest.inputs.resolved)),
        ("on_track", digest.inputs.portfolio.on_track),
    )


def _line(reported: Reported) -> Line:
    owner = reported.finding.owner
    return line_of(reported.finding, reported.state.value, reported.weeks, owner.name if owner else None)


def _move(moved: Moved) -> str:
    return f"{moved.workflow} moved {'back ' if moved.is_back else ''}to {moved.entered.value}"
