"""What a Monday digest says, from the program as it stands at its slot to the messages as they go out."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

import structlog

from bot.actions.desk import Desk
from bot.actions.digests.drafting import drafted
from bot.actions.digests.replaying import last_posted
from bot.actions.digests.trends import trends_of
from bot.actions.findings.judging import judge
from bot.actions.findings.scene import Scene, scene_of
from bot.domain.digests.composing import compose, is_silent
from bot.domain.digests.editions import Drafted, Message, Occasion
from bot.domain.digests.inputs import Inputs, inputs_record
from bot.domain.digests.trends import Trends, shown, with_a_trend
from bot.domain.findings.judgement import Judgement
from bot.domain.findings.weeks import Weeks
from bot.domain.summaries.told import facts_of
from bot.drafting import Model, summarise
from bot.slack.pen import Pen
from bot.slack.screens.digests import digest_screens

log = structlog.get_logger()

Illustrate = Callable[[Trends], str | None]
"""Draws and uploads trends; the id of the picture, or None."""

SHARED_S = 60.0
"""How long one judgement serves the audiences whose Monday begins at the same instant."""
SLOW_S = 10.0
SPARED_S = 900.0
"""A model that was slow is not asked again for so long: many audiences must not wait for it one after another."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """The whole program, judged."""

    judgement: Judgement
    scene: Scene
    at_s: float


class DigestDrafts:
    """Drafts digests; `model` may add a paragraph above their lines, and `illustrate` a picture in their thread."""

    def __init__(
        self,
        desk: Desk,
        model: Model | None,
        monotonic: Callable[[], float] = time.monotonic,
        illustrate: Illustrate | None = None,
    ) -> None:
        self._desk = desk
        self._model = model
        self._illustrate = illustrate
        self._monotonic = monotonic
        self._judged: _Judged | None = None
        self._spared_until_s = 0.0

    def draft(self, occasion: Occasion) -> Drafted | None:
        """What the digest says on this occasion; None where it keeps silent. Not to be called in a transaction."""
        judged = self._judge(occasion.weeks)
        with self._desk.reading() as view:
            inputs = drafted(view, occasion.audience, judged.judgement, judged.scene, view.findings.all())
            before = last_posted(view, occasion.audience)
        if is_silent(inputs, before):
            return None
        hosts = self._desk.configured.link_hosts
        inputs = replace(inputs, is_first=occasion.first, summary=self._summary(inputs), link_hosts=hosts)
        inputs = self._pictured(inputs, judged.judgement)
        return Drafted(inputs_record(inputs), messages_of(inputs), judged.judgement)

    def _judge(self, weeks: Weeks) -> _Judged:
        kept, now_s = self._judged, self._monotonic()
        if kept and kept.judgement.weeks == weeks and now_s - kept.at_s < SHARED_S:
            return kept
        with self._desk.reading() as view:
            workflows = view.workflows()
        scene = scene_of(self._desk, workflows)
        with self._desk.reading() as view:
            judgement = judge(view, view.workflows(), weeks, scene)
        self._judged = _Judged(judgement, scene, now_s)
        return self._judged

    def _summary(self, inputs: Inputs) -> str | None:
        begun_s = self._monotonic()
        if begun_s < self._spared_until_s:
            return None
        found = summarise(facts_of(compose(inputs)), self._model)
        if self._monotonic() - begun_s >= SLOW_S:
            self._spared_until_s = self._monotonic() + SPARED_S
        return found.text if found else None

    def _pictured(self, inputs: Inputs, judgement: Judgement) -> Inputs:
        """The same with the trends of its findings, where they were drawn."""
        try:
            return self._with_trends(inputs, judgement)
        except Exception as error:
            # A picture comes beside what a digest says: whatever keeps it away must not keep the digest away.
            log.error("digest drafted without its trends", audience=inputs.audience.id, exc_info=error)
            return inputs

    def _with_trends(self, inputs: Inputs, judgement: Judgement) -> Inputs:
        findings = with_a_trend(reported.finding for reported in compose(inputs).lines)
        if self._illustrate is None or not findings:
            return inputs
        with self._desk.reading() as view:
            found = replace(inputs, trends=shown(trends_of(view, findings, judgement)))
        picture = self._illustrate(found.chart) if found.chart else None
        return replace(found, picture=picture) if picture else inputs


def messages_of(inputs: Inputs) -> tuple[Message, ...]:
    """The messages of a digest as they are kept and sent: the one in the channel, then those of its thread."""
    screens = digest_screens(Pen(ZoneInfo(inputs.audience.zone)), compose(inputs))
    return tuple({"text": each.fallback, "blocks": list(each.blocks)} for each in (screens.main, *screens.thread))
