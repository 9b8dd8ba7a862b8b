"""What a digest says and in which order, from its inputs alone (RULES, "The digest")."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.digests.inputs import Inputs, Reported, Source, SourceState
from bot.domain.findings.kinds import Severity, SubjectKind
from bot.domain.findings.tracking import FindingState
from bot.domain.people import Person

MOST_LINES = 10
"""How many findings have a line in the message; the others stand in its thread."""

BLIND = "source.blind"

_ORDER = tuple(FindingState)
_QUIET = (FindingState.ACKNOWLEDGED, FindingState.SNOOZED)
"""What somebody has dealt with for now."""


class Outlook(StrEnum):
    """What the first line says: what is off plan, or that nothing is and how that is known.

    `TYPED` rests on what people typed, `UNHEARD` on nothing, and `UNSEEN` leaves a source out.
    """

    EMPTY = "empty"
    OFF_PLAN = "off_plan"
    CLEAR = "clear"
    TYPED = "typed"
    UNHEARD = "unheard"
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True)
class Chores:
    """Routine notices of one rule: how many things, and who has them."""

    rule: str
    count: int
    owners: tuple[Person, ...]
    workflows: tuple[tuple[str, str], ...]
    """Ids and names of the workflows that they are about."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many findings are new, how many stand since earlier, how many are gone, and what is on track."""

    new: int
    carried: int
    resolved: int
    on_track: int


@dataclass(frozen=True, slots=True)
class Digest:
    """A digest composed: `lines` have a line each, the first `in_message` of them in the message itself.

    `findings` are all of them, notices too, the gravest first.
    """

    inputs: Inputs
    findings: tuple[Reported, ...]
    lines: tuple[Reported, ...]
    acknowledged: tuple[Reported, ...]
    snoozed: tuple[Reported, ...]
    upkeep: tuple[Chores, ...]
    in_message: int = MOST_LINES

    @property
    def main(self) -> tuple[Reported, ...]:
        """The findings with a line in the message."""
        return self.lines[: self.in_message]

    @property
    def rest(self) -> tuple[Reported, ...]:
        """The findings with a line in the thread."""
        return self.lines[self.in_message :]

    @property
    def lead(self) -> Reported | None:
        """The finding that the first line names; a blind source is named there anyway."""
        return next((each for each in self.lines if each.finding.rule != BLIND), None)

    @property
    def blind(self) -> tuple[Source, ...]:
        """The sources that this digest leaves out, since they were not read."""
        unread = {each.name: each for each in self.inputs.sources if each.state is not SourceState.FRESH}
        for each in self.inputs.findings:
            name = each.finding.subject.name
            if each.finding.rule == BLIND and name not in unread:
                unread[name] = Source(name, SourceState.FAILED, None)
        return tuple(unread.values())

    @property
    def fewer(self) -> tuple[Source, ...]:
        """The sources that were read and gave markedly less than the week before."""
        return tuple(source for source in self.inputs.sources if source.gave_fewer)

    @property
    def is_complete(self) -> bool:
        """Whether every source was read."""
        return not self.blind

    @property
    def fresh(self) -> int:
        """How many sources were read."""
        return sum(source.state is SourceState.FRESH for source in self.inputs.sources)

    @property
    def is_all_clear(self) -> bool:
        """Whether nothing is off plan, and there is something to know that by."""
        heard = self.inputs.heard
        is_known = bool(self.fresh or heard.sent or heard.typed)
        return bool(self.inputs.portfolio.running) and not self._grave and self.is_complete and is_known

    @property
    def outlook(self) -> Outlook:
        """What the first line says."""
        if not self.inputs.portfolio.running:
            return Outlook.EMPTY
        if self._grave:
            return Outlook.OFF_PLAN
        if not self.is_complete:
            return Outlook.UNSEEN
        if self.fresh or self.inputs.heard.sent:
            return Outlook.CLEAR
        return Outlook.TYPED if self.inputs.heard.typed else Outlook.UNHEARD

    @property
    def is_brief(self) -> bool:
        """Whether the first line says nearly all, so that the portfolio needs no line of its own."""
        return self.outlook in (Outlook.CLEAR, Outlook.TYPED, Outlook.UNHEARD, Outlook.EMPTY)

    @property
    def counts(self) -> Counts:
        """The counts of every finding, notices too."""
        new = sum(each.state is FindingState.NEW for each in self.inputs.findings)
        carried = len(self.inputs.findings) - new
        return Counts(new, carried, len(self.inputs.resolved), self.inputs.portfolio.on_track)

    def count(self, severity: Severity) -> int:
        """How many findings of a severity stand, snoozed ones left out."""
        return sum(each.finding.severity is severity for each in (*self.lines, *self.acknowledged))

    @property
    def _grave(self) -> bool:
        return bool(self.lines or self.acknowledged or self.snoozed)


def compose(inputs: Inputs) -> Digest:
    """The digest of these inputs."""
    findings = tuple(sorted(inputs.findings, key=_place))
    grave = [each for each in findings if each.finding.is_off_track]
    return Digest(
        inputs=inputs,
        findings=findings,
        lines=tuple(each for each in grave if each.state not in _QUIET),
        acknowledged=tuple(each for each in grave if each.state is FindingState.ACKNOWLEDGED),
        snoozed=tuple(each for each in grave if each.state is FindingState.SNOOZED),
        upkeep=_upkeep(each for each in findings if not each.finding.is_off_track),
    )


def is_silent(inputs: Inputs, before: Inputs | None) -> bool:
    """Whether nothing goes out: a program without workflows says so once, `before` being the last digest posted."""
    digest = compose(inputs)
    return digest.outlook is Outlook.EMPTY and before is not None and compose(before).outlook is Outlook.EMPTY


def _place(each: Reported) -> tuple[object, ...]:
    """Critical before warning; inside a severity new, worse, carried; of those the oldest, then by name."""
    finding = each.finding
    return (
        finding.severity.rank,
        _ORDER.index(each.state),
        each.first_seen,
        finding.subject.name,
        finding.rule,
        finding.key,
    )


def _upkeep(notices: Iterable[Reported]) -> tuple[Chores, ...]:
    """Notices by rule, the most numerous first; snoozed and acknowledged ones are nobody's chore now."""
    by_rule: dict[str, list[Reported]] = {}
    for each in notices:
        if each.state not in _QUIET:
            by_rule.setdefault(each.finding.rule, []).append(each)
    found = (_chores(rule, of) for rule, of in by_rule.items())
    return tuple(sorted(found, key=lambda chores: (-chores.count, chores.rule)))


def _chores(rule: str, notices: list[Reported]) -> Chores:
    owners = {owner.handle or owner.name: owner for each in notices if (owner := each.finding.owner)}
    about = dict.fromkeys(
        (each.finding.subject.id, each.finding.subject.name)
        for each in notices
        if each.finding.subject.kind is SubjectKind.WORKFLOW
    )
    return Chores(rule, sum(each.finding.size for each in notices), tuple(owners.values()), tuple(about))
