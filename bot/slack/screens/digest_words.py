"""The sentences of a digest, for Slack or for the command line, one method a line."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.domain.calendar import local_date
from bot.domain.digests.agendas import agenda_of
from bot.domain.digests.composing import Digest
from bot.domain.digests.dates import moment, plain_day, recent_day, slot_words, week_words
from bot.domain.digests.inputs import Reported, Source
from bot.domain.digests.sentences import clause, first_sentence, sentence
from bot.domain.digests.shapes import topic_words
from bot.domain.findings.kinds import Severity
from bot.domain.links import leads_home
from bot.domain.people import Person

_MOVES, _SAVES, _CORRECTIONS, _RESOLVED, _BLIND, _FEWER, _KINDS = 5, 3, 3, 8, 3, 3, 8
_URL_LIMIT = 300
_QUIET, _QUIET_LIMIT = 20, 120
_NUMBERS = 30
_HEADLINE_LIMIT, _SENTENCE_LIMIT, _STEP_LIMIT = 160, 260, 200
_DECIDERS = 3

Say = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Line:
    """What one finding's line is made of; `others` counts the records that it has no link to.

    `address` is shown where nothing may be linked.
    """

    severity: str
    subject: str
    sentence: str
    standing: str
    owner: Person | None
    step: str
    url: str | None
    address: str | None
    label: str
    others: int


@dataclass(frozen=True, slots=True)
class _Blind:
    name: str
    since: str
    why: str


@dataclass(frozen=True, slots=True)
class DigestWords:
    """Every line of one digest; `say` renders a part of the templates for one kind of surface."""

    say: Say
    digest: Digest
    is_preview: bool = False

    @property
    def headline(self) -> str:
        """The first line: what kind of week it was, and the gravest sentence."""
        d, inputs = self.digest, self.digest.inputs
        heard = inputs.heard
        lead = d.lead
        return self.say(
            "digest.headline",
            title=self._title,
            outlook=d.outlook.value,
            blind=[source.name for source in d.blind],
            critical=d.count(Severity.CRITICAL),
            warnings=d.count(Severity.WARNING),
            lead=lead,
            first=first_sentence(lead.finding.summary, _HEADLINE_LIMIT) if lead else "",
            acknowledged=bool(d.acknowledged) and not d.lines,
            known=sum(each.finding.severity is Severity.CRITICAL for each in d.acknowledged),
            snoozed=len(d.snoozed),
            on_track=inputs.portfolio.on_track,
            paused=inputs.portfolio.paused,
            sources=len(inputs.sources),
            fresh=d.fresh,
            heard=heard,
            last_day=recent_day(heard.last_typed_at, inputs.at, self._zone) if heard.last_typed_at else "",
            last_by=heard.last_typed_by.name if heard.last_typed_by else "someone",
        )

    @property
    def how_to_read(self) -> str | None:
        """One line for those who see a digest for the first time."""
        return self.say("digest.how_to_read") if self.digest.inputs.is_first else None

    @property
    def preview(self) -> str | None:
        """That this is no post."""
        return self.say("digest.preview") if self.is_preview else None

    @property
    def summary(self) -> str | None:
        """A model's paragraph, if there is one."""
        text = self.digest.inputs.summary
        return self.say("digest.summary", text=text) if text else None

    @property
    def blind(self) -> str | None:
        """Which sources this leaves out, and since when."""
        found = [self._blind_words(source) for source in self.digest.blind]
        if not found:
            return None
        return self.say("digest.blind", blind=found[:_BLIND], more=max(len(found) - _BLIND, 0))

    @property
    def fewer(self) -> str | None:
        """Which sources gave markedly less than the week before."""
        found = self.digest.fewer
        if not found:
            return None
        return self.say("digest.fewer", fewer=found[:_FEWER], more=max(len(found) - _FEWER, 0))

    @property
    def waiting(self) -> str | None:
        """What waits for a decision, and on whom."""
        inputs = self.digest.inputs
        if not inputs.waiting:
            return None
        oldest = min(inputs.waiting, key=lambda each: (each.asked_at, each.request_id))
        hours = max(int((inputs.at - oldest.asked_at).total_seconds() // 3600), 0)
        age = f"{hours // 24} days" if hours >= 48 else "1 day" if hours >= 24 else "less than a day"
        return self.say(
            "digest.waiting",
            count=len(inputs.waiting),
            age=age,
            kind=oldest.kind,
            workflow=oldest.workflow,
            deciders=oldest.deciders[:_DECIDERS],
        )

    @property
    def portfolio(self) -> str | None:
        """How many workflows are where, and which moved; nothing where the first line says it all."""
        d, portfolio = self.digest, self.digest.inputs.portfolio
        if not portfolio.running or (d.is_brief and not portfolio.moves):
            return None
        return self.say(
            "digest.portfolio",
            phases=portfolio.phases,
            moves=portfolio.moves[:_MOVES],
            more=max(len(portfolio.moves) - _MOVES, 0),
            on_track=portfolio.on_track,
            paused=portfolio.paused,
            sources=len(d.inputs.sources),
            fresh=d.fresh,
        )

    def line(self, reported: Reported) -> str:
        """A finding: what is wrong, then owner and next step, then a link."""
        return self.say("digest.line", l=self.line_of(reported))

    @property
    def folded(self) -> str | None:
        """What has no line in the message, in one line."""
        d = self.digest
        critical = [each for each in d.acknowledged if each.finding.severity is Severity.CRITICAL]
        text = self.say(
            "digest.folded",
            acknowledged=len(d.acknowledged),
            critical=len(critical),
            names=[each.finding.subject.name for each in critical],
            snoozed=len(d.snoozed),
            resolved=len(d.inputs.resolved),
            rest=len(d.rest),
            preview=self.is_preview,
            minutes=sum(topic.minutes for topic in agenda_of(d)),
        )
        return text or None

    @property
    def upkeep(self) -> str | None:
        """The week's routine, in one line."""
        found = self.digest.upkeep
        if not found:
            return None
        return self.say("digest.upkeep", upkeep=found[:_KINDS], more=max(len(found) - _KINDS, 0))

    @property
    def saves(self) -> str | None:
        """The week's quality saves, in one line."""
        found = self.digest.inputs.saves
        if not found:
            return None
        return self.say("digest.saves", saves=found[:_SAVES], more=max(len(found) - _SAVES, 0))

    @property
    def corrected(self) -> str | None:
        """Which numbers of earlier weeks were taken back."""
        found = self.digest.inputs.corrections
        if not found:
            return None
        more = max(len(found) - _CORRECTIONS, 0)
        return self.say("digest.corrected", corrections=found[:_CORRECTIONS], more=more)

    @property
    def footer(self) -> str:
        """As of when, and the head of the audit log."""
        return self.say("digest.footer", slot=self._slot, head=self.digest.inputs.head)

    # The thread

    @property
    def agenda(self) -> str | None:
        """What to talk about, point by point."""
        topics = agenda_of(self.digest)
        if not topics:
            return None
        title = self.say("digest.agenda_title", minutes=sum(topic.minutes for topic in topics))
        points = (self.say("digest.topic", minutes=topic.minutes, topic=topic_words(topic)) for topic in topics)
        return "\n".join((title, *points))

    @property
    def quiet(self) -> tuple[str, ...]:
        """What is acknowledged, snoozed or resolved: a line each, under their titles."""
        d = self.digest
        found: list[str] = []
        for title, each_of, told in (
            ("digest.acknowledged_title", d.acknowledged, self._acknowledged),
            ("digest.snoozed_title", d.snoozed, self._snoozed),
        ):
            if each_of:
                found += [self.say(title), *(told(each) for each in each_of[:_QUIET])]
            if len(each_of) > _QUIET:
                found.append(self.say("digest.more_lines", count=len(each_of) - _QUIET))
        if gone := d.inputs.resolved:
            more = max(len(gone) - _RESOLVED, 0)
            found.append(self.say("digest.resolved", resolved=gone[:_RESOLVED], more=more))
        return tuple(found)

    @property
    def numbers(self) -> tuple[str, ...]:
        """The week of each workflow in numbers for its steward: a line each, under their title."""
        found = self.digest.inputs.numbers
        if not found:
            return ()
        left = len(found) - _NUMBERS
        lines = (self.say("digest.numbers", workflow=each.workflow, w=each.week) for each in found[:_NUMBERS])
        more = (self.say("digest.numbers_more", count=left),) if left > 0 else ()
        return (self.say("digest.numbers_title"), *lines, *more)

    def line_of(self, reported: Reported) -> Line:
        """What a finding's line is made of."""
        finding = reported.finding
        hosts = self.digest.inputs.link_hosts
        places = [each for each in finding.evidence if each.url and len(each.url) <= _URL_LIMIT]
        linked = next((each for each in places if hosts is None or leads_home(each.url or "", hosts)), None)
        shown = linked or next(iter(places), None)
        return Line(
            severity=finding.severity.value,
            subject=finding.subject.name,
            sentence=sentence(finding.summary, _SENTENCE_LIMIT),
            standing=self._standing(reported),
            owner=finding.owner,
            step=clause(finding.next_step, _STEP_LIMIT),
            url=linked.url if linked else None,
            address=shown.url if shown and not linked else None,
            label=shown.kind.replace("_", " ") if shown else "",
            others=len(finding.evidence) - (1 if shown else 0),
        )

    def _standing(self, reported: Reported) -> str:
        since = recent_day(reported.first_seen, self.digest.inputs.at, self._zone)
        return self.say("digest.standing", r=reported, since=since)

    def _acknowledged(self, reported: Reported) -> str:
        by = reported.acknowledged_by
        first = first_sentence(reported.finding.summary, _QUIET_LIMIT)
        return self.say("digest.acknowledged", r=reported, first=first, by=by.name if by else "someone")

    def _snoozed(self, reported: Reported) -> str:
        today = local_date(self.digest.inputs.at, self._zone)
        until = plain_day(reported.snoozed_until, today) if reported.snoozed_until else "another day"
        first = first_sentence(reported.finding.summary, _QUIET_LIMIT)
        return self.say("digest.snoozed", r=reported, first=first, until=until)

    def _blind_words(self, source: Source) -> _Blind:
        since = moment(source.read_at, self.digest.inputs.at, self._zone) if source.read_at else ""
        return _Blind(source.name, since, source.why)

    @property
    def _title(self) -> str:
        inputs = self.digest.inputs
        team = inputs.audience.name if inputs.audience.team_id else None
        return self.say("digest.title", team=team, week=week_words(inputs.window, inputs.week, self._zone))

    @property
    def _slot(self) -> str:
        return slot_words(self.digest.inputs.at, self._zone)

    @property
    def _zone(self) -> str:
        return self.digest.inputs.audience.zone
