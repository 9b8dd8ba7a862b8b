"""What an approval card says of a grant: what it would let the agent do, what changes, and what that rests on."""

from collections.abc import Iterator
from datetime import date, datetime

from bot.domain.calendar import local_date
from bot.domain.grants.backtest import SPAN, BackTest, Tally
from bot.domain.grants.calibration import Calibration, percent
from bot.domain.grants.dossier import Dossier
from bot.domain.grants.life import Grant
from bot.domain.grants.phrases import Phrase, amount, bounds, day_phrases
from bot.domain.grants.precedents import Precedents
from bot.domain.grants.terms import GrantTerms, digits
from bot.domain.playbook import DoneWhen
from bot.slack.blocks import Block, actions, button, checkbox, modal, plain, section
from bot.slack.pen import Pen
from bot.slack.screens.documents import writing_button

_IN_LINE = 240
_LONGEST = 3000

SEEN, SAW_NO_DATA = "seen", "no_data"
"""The block with the box that an approver ticks where there is no history, and what the ticked box carries."""


def phrases(pen: Pen, terms: GrantTerms) -> list[str]:
    """The bounds of a grant, each written out."""
    return [phrase_words(pen, phrase) for phrase in bounds(terms)]


def phrase_words(pen: Pen, phrase: Phrase) -> str:
    """One bound: in words, or as code where it stands as it is written."""
    return pen.md("grants.phrase", p=phrase)


def grant_blocks(pen: Pen, name: str, dossier: Dossier) -> list[Block]:
    """The body of the card for a request of the workflow `name`; the exact terms are one click away."""
    found = bounds(dossier.grant.terms)
    in_line = sum(len(each.text) for each in found) <= _IN_LINE and not any(each.as_written for each in found)
    may = pen.md(
        "grants.card_may",
        g=dossier.grant,
        bounds=[phrase_words(pen, each) for each in found],
        in_line=in_line,
        days=list(day_phrases(dossier.grant.terms)),
    )
    ends_on = local_date(dossier.ends_at, str(pen.zone))
    rest = pen.md("grants.card_rest", g=dossier.grant, d=dossier, ends_on=ends_on)
    exact = button("All terms", "grant.terms", dossier.grant.id)
    blocks = [section(may), section(rest), section(_changes(pen, name, dossier), exact)]
    if dossier.evidence:
        blocks.append(section(_evidence(pen, dossier)))
        write = writing_button(DoneWhen.RED_TEAM, dossier.grant.workflow_id)
        blocks += [actions(write)] if write and dossier.evidence.is_review_lacking else []
    if dossier.precedents:
        blocks.append(section(_precedents(pen, dossier, dossier.precedents)))
    if dossier.bars:
        blocks.append(section(pen.md("grants.card_bars", bars=dossier.bars)))
    if dossier.precedents and dossier.precedents.no_data:
        box = checkbox(pen.plain("grants.card_seen"), SAW_NO_DATA, preset=False) | {"action_id": "grant.seen"}
        blocks.append(actions(box) | {"block_id": SEEN})
    return blocks


def _changes(pen: Pen, name: str, dossier: Dossier) -> str:
    found = [(each.turned, phrase_words(pen, each.what), each.was) for each in dossier.differences]
    return pen.md("grants.card_changes", d=dossier, differences=found, name=name)


def _evidence(pen: Pen, dossier: Dossier) -> str:
    evidence, today = dossier.evidence, local_date(dossier.at, str(pen.zone))
    assert evidence is not None
    runs = [
        (run.body.suite, run.body.passed, run.body.cases, max((today - _date(pen, run.at)).days, 0))
        for run in evidence.runs
    ]
    reviewed_on = _date(pen, evidence.reviewed_at) if evidence.reviewed_at else today
    return pen.md("grants.card_evidence", e=evidence, runs=runs, reviewed_on=reviewed_on)


def _precedents(pen: Pen, dossier: Dossier, precedents: Precedents) -> str:
    found, several = precedents.backtest, len(precedents.calibrations) > 1
    return pen.md(
        "grants.card_precedents",
        p=precedents,
        days=SPAN.days,
        attended=dossier.is_attended,
        money=_money(found, found.allowed),
        money_back=_money(found, found.reversed),
        calibrations=[_calibrated(each, several=several) for each in precedents.calibrations],
    )


def _money(found: BackTest, tally: Tally) -> str:
    return amount(found.money, tally.amount) if found.money and tally.count else ""


def _calibrated(found: Calibration, *, several: bool) -> tuple[str, Calibration, str, str]:
    """The threshold, named where there are several; the calibration, what it proves, and what it has to."""
    above = f"{found.threshold.fact} {digits(found.threshold.value)}" if several else digits(found.threshold.value)
    proven = "" if found.lower_bound is None else percent(found.lower_bound)
    return above, found, proven, percent(found.floor)


def _date(pen: Pen, at: datetime) -> date:
    return local_date(at, str(pen.zone))


def terms_modal(pen: Pen, name: str, grant: Grant) -> Block:
    """Everything that is asked for or granted, uncut and as written."""
    blocks = [section(pen.md("grants.terms_title", g=grant, name=name))]
    blocks += [{"type": "section", "text": plain(line, _LONGEST)} for line in _written(grant.terms)]
    blocks.append(section(pen.md("grants.terms_rest", g=grant)))
    return modal("grant.terms", "All terms", blocks, submit=None)


def _written(terms: GrantTerms) -> Iterator[str]:
    for limit in terms.limits:
        yield f"{limit.name}: {limit.value}"
    for condition in terms.conditions:
        yield f"allowed_when {condition.index}: {condition.source}"
