"""A digest in the shape that programs rely on (INTERFACE, `rollout digest --format json`)."""

from typing import Any

from bot.domain.calendar import rfc3339
from bot.domain.digests.agendas import Topic, TopicKind, agenda_of
from bot.domain.digests.composing import compose
from bot.domain.digests.inputs import Inputs, Reported, Save
from bot.domain.digests.sentences import first_sentence
from bot.domain.findings.kinds import SubjectKind
from bot.domain.people import Person
from bot.domain.wording import cut

Json = dict[str, Any]


def digest_as_json(inputs: Inputs) -> Json:
    """All that the digest of these inputs says, every finding included, in plain JSON values."""
    digest = compose(inputs)
    counts = digest.counts
    return {
        "audience": inputs.audience.id,
        "week": inputs.week,
        "window": [rfc3339(inputs.window.start), rfc3339(inputs.window.end)],
        "complete": digest.is_complete,
        "all_clear": digest.is_all_clear,
        "sources": [
            {"name": each.name, "state": each.state.value, "read_at": rfc3339(each.read_at) if each.read_at else None}
            for each in inputs.sources
        ],
        "counts": {
            "new": counts.new,
            "carried": counts.carried,
            "resolved": counts.resolved,
            "on_track": counts.on_track,
        },
        "findings": [_finding(each) for each in digest.findings],
        "quality_saves": [
            {
                "summary": each.summary,
                "by": each.by.name if each.by else None,
                "workflow": each.workflow,
                "url": each.url,
            }
            for each in inputs.saves
        ],
        "agenda": [{"minutes": each.minutes, "topic": topic_words(each)} for each in agenda_of(digest)],
    }


def topic_words(topic: Topic) -> str:
    """What a point of the agenda is about, on one line."""
    if topic.kind is TopicKind.DECIDE:
        return "Decide the request that waits" if topic.count == 1 else f"Decide {topic.count} requests that wait"
    if topic.kind is TopicKind.GO_OVER:
        return (
            f"The other {topic.count}: who has them, and is anything missing?" if topic.count > 1 else "The other one"
        )
    if topic.reported is None:
        return "Who does what by when"
    finding = topic.reported.finding
    who = f" ({cut(finding.owner.name, 40)})" if finding.owner else ""
    return f"{cut(finding.subject.name, 60)}: {first_sentence(finding.summary, 120).rstrip('.')}{who}"


def _save(each: Save) -> Json:
    by = each.by.name if each.by else None
    return {"summary": each.summary, "by": by, "workflow": each.workflow, "url": each.url}


def _finding(each: Reported) -> Json:
    finding = each.finding
    return {
        "id": finding.id,
        "rule": finding.rule,
        "version": finding.version,
        "severity": finding.severity.value,
        "workflow": finding.subject.name if finding.subject.kind is SubjectKind.WORKFLOW else None,
        "team": finding.team,
        "summary": finding.summary,
        "facts": {name: list(value) if isinstance(value, tuple) else value for name, value in finding.facts},
        "owner": _named(finding.owner),
        "next_step": finding.next_step,
        "first_seen": rfc3339(each.first_seen),
        "weeks": each.weeks,
        "state": each.state.value,
        "evidence": [{"id": trace.id, "url": trace.url} for trace in finding.evidence],
    }


def _named(person: Person | None) -> str | None:
    return (person.handle or person.name) if person else None
