"""Writing memos down: by `/rollout memo`, from a message, a gate, a finding or another memo, with drafts kept."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.actions import drafts, memos, numbers
from bot.actions.memos import About
from bot.actions.readers import in_force_for, memo_for
from bot.actions.told_of_memos import room_of
from bot.domain.calendar import local_date
from bot.domain.documents import Drafter
from bot.domain.errors import BadInput, Conflict, NotFound, RolloutError
from bot.domain.gaps import TITLE_LIMIT, Incomplete
from bot.domain.memos import Memo
from bot.domain.signals.kinds import SignalType
from bot.domain.teams import Team
from bot.domain.visibility import Visibility
from bot.domain.wording import cut
from bot.domain.workflows import Workflow, demand_open
from bot.slack.answers import Answer, Done, Errors, Open, Reshape, Say
from bot.slack.blocks import Block, Screen, copied, section
from bot.slack.gates import one_gate
from bot.slack.memo_fields import entry_in, texts_in
from bot.slack.registry import Group, click, command, form
from bot.slack.screens.memo_cards import filed_screen
from bot.slack.screens.memos import CHOICES, NONE, TEXT_LIMIT, UNFOLDED, Choices, MemoWindow, field_of, memo_modal
from bot.slack.visit import Click, Form, Visit, memory
from store import AlreadyDone

KIND = "memo"
_GIVEN = "given."
_MEMORY_LIMIT = 2900
_DRAFT, _TURN, _ORIGIN, _PLACE, _MODEL = "draft", "turn", "origin", "place", "model"
_BODY = ("decision", "context")
_TYPED = ("title", *_BODY, "options", "metric", "value", "changes")
"""The fields that somebody types into; the others are chosen, or preset."""

CHOSEN = ("owner", "visibility")


@command("memo [title]", "write a decision down, for good", Group.DECIDE)
def memo(visit: Visit, typed: str) -> Answer:
    """The memo modal, about the only workflow of this channel's team if there is just one."""
    most = len(_BODY) * TEXT_LIMIT
    if len(typed) > most:
        text = visit.pen.md("memos.too_long", length=len(typed), most=most)
        return Say(Screen(text, (section(text), copied(typed))))
    if "\n" not in typed and len(typed) <= TITLE_LIMIT:
        return opened(visit, {"title": typed} if typed else {})
    # What is no title begins one, and stands whole where a field takes it.
    pieces = (typed[at : at + TEXT_LIMIT] for at in range(0, len(typed), TEXT_LIMIT))
    return opened(
        visit, {"title": cut(typed.partition("\n")[0], TITLE_LIMIT), **dict(zip(_BODY, pieces, strict=False))}
    )


@click("memo.open")
def open_memo(visit: Visit, clicked: Click) -> Answer:
    """The memo modal."""
    del clicked
    return opened(visit, {})


def opened(visit: Visit, given: Mapping[str, str], workflow: Workflow | None = None, **ids: str) -> Open:
    """The memo modal with what is given; `ids` name an `origin` that gives way to the answer, a gate with its `place`.

    Without a workflow it is about the only one of the channel's team, if there is just one.
    """
    way = json.loads(memory(visit, **ids, **{_DRAFT: drafts.new_id()}))
    return Open(_first_drawn(visit, _preset(visit, given, workflow), way))


def _preset(visit: Visit, given: Mapping[str, str], workflow: Workflow | None) -> dict[str, str]:
    """What stands in the modal's fields when it opens."""
    offered = _offered(visit, visit.channel)
    about = workflow or (offered[0] if len(offered) == 1 else None)
    preset = {
        "owner": visit.actor.handle,
        "workflow": about.id if about else NONE,
        "comparison": ">=",
        "visibility": preset_visibility(visit),
    }
    # What a template wrote is words like any other here: to be cut, escaped and kept.
    return {name: str(text) for name, text in {**preset, **given}.items()}


def _first_drawn(visit: Visit, texts: Mapping[str, str], way: Mapping[str, str]) -> Block:
    window = replace(_window(visit, texts), drafts=drafts.known(visit.desk, visit.actor, KIND))
    return _drawn(visit, window, way)


def drafted(visit: Visit, given: Mapping[str, str], workflow: Workflow | None, drafter: Drafter) -> Block:
    """The memo modal with what a model drafted, which says so; it is kept as a draft of the visitor's."""
    ids = {_MODEL: f"{drafter.model}, prompt {drafter.prompt}", _DRAFT: drafts.new_id()}
    way, texts = json.loads(memory(visit, **ids)), _preset(visit, given, workflow)
    view = _first_drawn(visit, texts, way)
    _keep(visit, way, texts)
    return view


@dataclass(frozen=True, slots=True)
class Aside:
    """What stood in the modal when it gave way: the draft under which it is kept, and what was chosen there."""

    draft_id: str
    workflow: Workflow | None
    chosen: Mapping[str, str]


def kept_aside(visit: Visit, clicked: Click) -> Aside:
    """What stands in the modal, kept as a draft, before it gives way."""
    way, given = _way_of(visit.remembered), _given_in(visit.remembered, clicked.beside)
    _keep(visit, way, given)
    chosen = {name: given[name] for name in CHOSEN if given.get(name)}
    return Aside(way.get(_DRAFT, ""), _window(visit, given).workflow, chosen)


def preset_visibility(visit: Visit) -> Visibility:
    """What comes from where only some can read is for the team; a channel that the bot cannot see is such a one."""
    channel = visit.channel or visit.remembered.get("channel")
    if channel is None:
        return Visibility.EVERYONE
    if channel.startswith("D"):
        return Visibility.TEAM if visit.message else Visibility.EVERYONE
    seen = visit.desk.directory.channel(channel)
    return Visibility.TEAM if seen is None or seen.is_private else Visibility.EVERYONE


def _offered(visit: Visit, channel: str | None) -> tuple[Workflow, ...]:
    """The workflows that a memo may be about: those of the channel's team, else all."""
    with visit.look() as view:
        team = view.team_of_channel(channel) if channel else None
        return view.workflows(team.id if team else None)


def _window(visit: Visit, given: Mapping[str, str]) -> MemoWindow:
    chosen, before = given.get("workflow", NONE), given.get("supersedes", NONE)
    with visit.look() as view:
        workflow = view.workflow_by_id(chosen) if chosen not in ("", NONE) else None
        superseded = ""
        if before not in ("", NONE):
            superseded = memo_for(view, visit.reader(view), before).title
    return MemoWindow(given, workflow, superseded=superseded)


def _drawn(visit: Visit, window: MemoWindow, way: Mapping[str, str], *, unfolded: bool = False) -> Block:
    """The modal; what it does not show stands in its memory, and where that is too small it is laid open."""
    window = replace(window, drafted_by=way.get(_MODEL, ""), has_model=visit.desk.model is not None)
    if not unfolded:
        hidden = {f"{_GIVEN}{name}": window.given[name] for name in UNFOLDED if window.given.get(name)}
        kept = json.dumps({**way, **hidden}, separators=(",", ":"), ensure_ascii=False)
        if len(kept) <= _MEMORY_LIMIT:
            return memo_modal(visit.pen, window, kept)
    with visit.look() as view:
        in_force = in_force_for(view, visit.reader(view), CHOICES)
        names = numbers.names_of(view, window.workflow.id) if window.workflow else {}
    offered = _offered(visit, way.get("channel"))
    choices = Choices(offered, in_force, names.get(SignalType.METRIC, ()))
    kept = json.dumps(dict(way), separators=(",", ":"), ensure_ascii=False)
    return memo_modal(visit.pen, replace(window, choices=choices), kept)


def _way_of(remembered: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in remembered.items() if not name.startswith(_GIVEN)}


def _given_in(remembered: Mapping[str, str], values: Mapping[str, object]) -> dict[str, str]:
    """What stands in the window: in its fields, and of the fields that it does not show what it remembers."""
    hidden = {name.removeprefix(_GIVEN): text for name, text in remembered.items() if name.startswith(_GIVEN)}
    return hidden | {field_of(block_id): text for block_id, text in texts_in(values).items()}


@click("memo.unfold")
def unfold(visit: Visit, clicked: Click) -> Answer:
    """The same modal with everything laid open; what was typed stays, and is kept as a draft."""
    way, given = _way_of(visit.remembered), _given_in(visit.remembered, clicked.beside)
    _keep(visit, way, given)
    window = replace(_window(visit, given), turn=way.get(_TURN, ""))
    return Reshape(_drawn(visit, window, way, unfolded=True))


@click("memo.draft")
def take_up(visit: Visit, clicked: Click) -> Answer:
    """The modal filled with a draft; what had been typed into it instead is kept as another."""
    way, given = _way_of(visit.remembered), _given_in(visit.remembered, clicked.beside)
    found = {draft.id: draft for draft in drafts.known(visit.desk, visit.actor, KIND)}.get(clicked.value)
    if found is None:
        raise NotFound("This draft is gone: it was filed, or nobody touched it for two weeks. Type it anew.")
    if given.get("decision", "").strip():
        _keep(visit, way, given)
    # Slack leaves fields as they were unless their blocks are new ones.
    turn = str(int(way.get(_TURN, "1")) + 1)
    way = {**way, _MODEL: found.given.get(_MODEL, "")}
    window = replace(_window(visit, found.given), turn=turn)
    is_open = any(found.given.get(name, NONE) not in ("", NONE) for name in ("context", "options", "metric", "changes"))
    return Reshape(_drawn(visit, window, way | {_DRAFT: found.id, _TURN: turn}, unfolded=is_open))


def _keep(visit: Visit, way: Mapping[str, str], given: Mapping[str, str]) -> None:
    """What was typed kept, with the model that drafted it; where nothing was, no other draft makes room for it."""
    draft_id = way.get(_DRAFT)
    if draft_id and any(given.get(name, "").strip() for name in _TYPED):
        mark = {_MODEL: way[_MODEL]} if way.get(_MODEL) else {}
        drafts.keep(visit.desk, visit.actor, KIND, draft_id, {**given, **mark})


@form("memo")
def submit(visit: Visit, filled: Form) -> Answer:
    """The memo filed; what it was opened from is drawn anew. Where it can't be, what was typed is kept as a draft."""
    way, given = _way_of(filled.memory), _given_in(filled.memory, filled.values)
    shown = {field_of(block_id): block_id for block_id in filled.values}
    try:
        filed = _filed(visit, way, given)
    except AlreadyDone:
        raise
    except Incomplete as lacking:
        _keep(visit, way, given)
        return Errors(dict(_beside(shown, gap.field, gap.sentence) for gap in reversed(lacking.gaps)))
    except RolloutError as refusal:
        _keep(visit, way, given)
        if isinstance(refusal, BadInput | Conflict):
            field = refusal.field if isinstance(refusal, BadInput) else "supersedes"
            return Errors(dict([_beside(shown, field, str(refusal))]))
        raise
    if way.get(_DRAFT):
        drafts.forget(visit.desk, visit.actor, way[_DRAFT])
    return _answered(visit, way, filed)


def _beside(shown: Mapping[str, str], field: str | None, sentence: str) -> tuple[str, str]:
    return shown.get(field or "", next(iter(shown.values()))), sentence


@dataclass(frozen=True, slots=True)
class _Filed:
    """What was filed, and the channel in which its card will stand."""

    memo: Memo
    room: str | None


def _filed(visit: Visit, way: Mapping[str, str], given: Mapping[str, str]) -> _Filed:
    workflow = _window(visit, given).workflow
    if workflow:
        demand_open(workflow)
    team = workflow.team if workflow else _team_for(visit, way.get("channel"), given)
    entry = entry_in(given, local_date(visit.at, team.zone if team else visit.actor.zone))
    about = About(workflow, team, visit.member(given.get("owner", ""), "owner"))
    fact = visit.do(memos.file, entry, about)
    with visit.look() as view:
        found = view.memos.one(fact.memo_id)
        room = room_of(view, found.team_id, found.content.visibility, visit.desk.configured.leaders.channel)
    return _Filed(found, room)


def _team_for(visit: Visit, channel: str | None, given: Mapping[str, str]) -> Team | None:
    """Whose eyes a memo about no workflow is for: those of the channel's team, if it is for a team's at all."""
    if given.get("visibility") != Visibility.TEAM or channel is None:
        return None
    with visit.look() as view:
        return view.team_of_channel(channel)


def _answered(visit: Visit, way: Mapping[str, str], filed: _Filed) -> Answer:
    said = filed_screen(visit.pen, filed.memo, filed.room)
    place, is_home = way.get(_PLACE, ""), way.get("url") is None
    if way.get(_ORIGIN) == "gate":
        return Done(redraw=one_gate(visit, place, said=said.text), say=said)
    return Done(redraw=said if way.get(_ORIGIN) else None, say=said, home=is_home and not way.get(_ORIGIN))
