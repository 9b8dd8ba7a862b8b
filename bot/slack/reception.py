"""The reception: every request from Slack comes in here, and what its handler answers is carried out.

The order is: who is it, what do they want, decide and commit, then acknowledge; slow telling comes after.
"""

import html
import secrets
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from typing import Any

import structlog
from slack_bolt import Ack

from bot.actions.desk import Desk
from bot.domain.errors import BadInput, RolloutError, Unavailable
from bot.slack import lookups
from bot.slack.answers import Answer, Done, Errors, Late, Mend, Open, Redraw, Reshape, Say, message, packed
from bot.slack.blocks import Block, Screen, modal, section
from bot.slack.bodies import Body, beside_it, carried, first_url
from bot.slack.homes import home_of
from bot.slack.messenger import Messenger, NotSaid, Posted
from bot.slack.pace import Pace
from bot.slack.pictures import Pictures
from bot.slack.registry import CLICKS, COMMANDS, FORMS, SHORTCUTS
from bot.slack.visit import Click, Form, Visit, filled_in, remembered_in
from store import AlreadyDone

log = structlog.get_logger()

_DECIDING = (
    "request.approve",
    "request.decline",
    "question.approve",
    "question.edit",
    "question.reject",
    "document.accept",
    "document.reject",
    "digest.there",
    "digest.post",
)


class Reception:
    """Turns Slack's requests into visits, and answers into Slack's calls."""

    def __init__(self, desk: Desk, messenger: Messenger, pictures: Pictures, later: Executor, pace: Pace) -> None:
        self._desk = desk
        self._messenger = messenger
        self._pictures = pictures
        self._later = later
        self._pace = pace

    def command(self, ack: Ack, body: Body) -> None:
        """`/rollout …`"""
        visit = self._visit(body["user_id"], body["trigger_id"], body)
        # Slack escapes its three marks in what people type.
        verb, _, typed = html.unescape(body.get("text", "")).strip().partition(" ")
        answer = self._guarded(visit, lambda: self._run(visit, verb.casefold(), typed.strip()))
        if isinstance(answer, Say):
            # Bolt lets a text that is a JSON object out as it is.
            ack(answer.packed or packed(answer.screen, public=answer.public))
            self._follow(visit, answer)
        else:
            ack()
            self._open(visit, answer)

    def _run(self, visit: Visit, verb: str, typed: str) -> Answer:
        if not verb:
            return lookups.bare(visit)
        found = COMMANDS.get(verb)
        return found.run(visit, typed) if found else lookups.help_(visit, verb)

    def click(self, ack: Ack, body: Body) -> None:
        """A button, menu or other control."""
        action = body["actions"][0]
        name = str(action["action_id"])
        visit = self._visit(body["user"]["id"], body["trigger_id"], body, fresh=name in _DECIDING)
        run = CLICKS.get(name)
        if run is None:
            ack()
            return
        answer = self._guarded(visit, lambda: run(visit, Click(name, carried(action), beside_it(body))))
        ack()
        self._after_click(visit, answer)

    def _after_click(self, visit: Visit, answer: Answer) -> None:
        self._open(visit, answer)
        if isinstance(answer, Say):
            self._say(visit, answer)
            self._follow(visit, answer)
        elif isinstance(answer, Reshape) and visit.view:
            self._quietly(visit, lambda: self._messenger.update_view(visit.modal or "", answer.view, visit.seen_hash))
        elif isinstance(answer, Redraw):
            self._redraw(visit, answer.screen)
        elif isinstance(answer, Mend):
            self._mend(visit, answer)

    def shortcut(self, ack: Ack, body: Body) -> None:
        """Something that someone wants to do with a message."""
        found = SHORTCUTS.get(str(body["callback_id"]))
        visit = self._visit(body["user"]["id"], body["trigger_id"], body)
        answer = self._guarded(visit, lambda: found.run(visit) if found else None)
        ack()
        self._after_click(visit, answer)

    def submit(self, ack: Ack, body: Body) -> None:
        """A modal that was submitted."""
        view = body["view"]
        memory = remembered_in(view)
        name = str(view["callback_id"])
        once = f"view:{view['id']}:{view.get('hash', '')}"
        given = {"channel_id": memory.get("channel"), "response_url": memory.get("url")}
        visit = self._visit(body["user"]["id"], once, given, fresh=name in _DECIDING)
        run = FORMS.get(name)
        if run is None:
            ack()
            return
        answer = self._submitted(visit, lambda: run(visit, Form(name, memory, filled_in(view["state"]))), view)
        if isinstance(answer, Errors):
            ack(response_action="errors", errors=dict(answer.by_field))
            return
        if isinstance(answer, Reshape):
            ack(response_action="update", view=answer.view)
            self._await(visit, answer)
            return
        ack()
        if isinstance(answer, Done):
            self._finish(visit, answer, memory.get("above"))

    def home(self, ack: Ack, body: Body) -> None:
        """The App Home was opened."""
        ack()
        event = body["event"]
        if event.get("tab") == "home":
            self._draw_home(self._visit(event["user"], body["event_id"], {"view": event.get("view")}))

    def _visit(self, user: str, once: str, body: Body, *, fresh: bool = False) -> Visit:
        channel = body.get("channel_id") or body.get("channel", {}).get("id")
        return Visit(
            desk=self._desk,
            pictures=self._pictures,
            thread=self._messenger.thread,
            actor=self._desk.actor(user, fresh=fresh),
            once=once,
            channel=channel,
            trigger=body.get("trigger_id"),
            response_url=body.get("response_url") or first_url(body),
            view=body.get("view"),
            message=body.get("message"),
        )

    def _guarded(self, visit: Visit, run: Callable[[], Answer]) -> Answer:
        """The answer to a command or click; a refusal is one too. None to a request that Slack brought again."""
        try:
            self._let_in(visit)
            return run()
        except AlreadyDone:
            return None
        except RolloutError as refusal:
            return Say(_refused(visit, str(refusal)))
        except Exception as error:  # noqa: BLE001 - the boundary: whatever it was, the person gets an answer
            return Say(_refused(visit, _unexpected(visit, error)))

    def _submitted(self, visit: Visit, run: Callable[[], Answer], view: Body) -> Answer:
        """The answer to a modal; a refusal stands beside the field it is about, and the modal stays."""
        fields = [str(block["block_id"]) for block in view["blocks"] if block["type"] == "input"]
        try:
            self._let_in(visit)
            return run()
        except AlreadyDone:
            return None
        except RolloutError as refusal:
            named = refusal.field if isinstance(refusal, BadInput) else None
            return _beside(visit, named, fields, str(refusal))
        except Exception as error:  # noqa: BLE001 - the boundary: what was typed must not be lost
            return _beside(visit, None, fields, _unexpected(visit, error))

    def _let_in(self, visit: Visit) -> None:
        self._pace.demand(visit.actor.handle)
        self._desk.demand_insider(visit.actor, "use_rollout")

    def _open(self, visit: Visit, answer: Answer) -> None:
        """The modal, if the answer is one; it changes nothing, so that Slack need not wait for it."""
        if isinstance(answer, Open) and not self._opened(visit, answer.view):
            self._say(visit, Say(self._slow(visit)))

    def _opened(self, visit: Visit, view: Block) -> bool:
        if visit.trigger is None:
            return False
        try:
            if visit.modal:
                self._messenger.push_view(visit.trigger, view)
            else:
                self._messenger.open_view(visit.trigger, view)
        except Unavailable as error:
            # A used trigger means that this request came twice: the window stands already.
            if isinstance(error, NotSaid) and error.reason == "exchanged_trigger_id":
                return True
            log.warning("modal not opened", why=str(error))
            return False
        return True

    def _slow(self, visit: Visit) -> Screen:
        text = visit.pen.md("refusals.slow_click")
        return Screen(text, (section(text),))

    def _say(self, visit: Visit, answer: Say) -> None:
        """A message where the click was made; a modal where there is no channel to say it in."""
        if visit.response_url:
            payload = message(answer.screen, public=answer.public) | {"replace_original": False}
            self._respond(visit, payload, answer.screen)
        else:
            self._opened(visit, modal("look", "Rollout", answer.screen.blocks, submit=None))

    def _follow(self, visit: Visit, answer: Say) -> None:
        make, url = answer.later, visit.response_url
        if make is None or url is None:
            return

        def tell() -> None:
            screen = make()
            if screen:
                self._messenger.respond(url, message(screen) | {"replace_original": False})

        self._later.submit(self._quietly, visit, tell)

    def _await(self, visit: Visit, answer: Reshape) -> None:
        """The modal changed once more as soon as what takes its time is there."""
        make = answer.later
        if make is None:
            return

        def tell() -> None:
            try:
                late = make()
            except AlreadyDone:
                return
            except Exception as error:  # noqa: BLE001 - the boundary: whoever waits gets an answer
                screen = _refused(visit, _unexpected(visit, error))
                late = Late(modal("look", "Rollout", screen.blocks, submit=None), screen)
            try:
                self._messenger.update_named_view(str(answer.view["external_id"]), late.view)
            except NotSaid:
                self._say(visit, Say(late.instead))

        self._later.submit(self._quietly, visit, tell)

    def _redraw(self, visit: Visit, screen: Screen | None, said: Screen | None = None) -> None:
        if visit.modal and screen:
            view = modal("look", "Rollout", screen.blocks, submit=None)
            self._quietly(visit, lambda: self._messenger.update_view(visit.modal or "", view))
            self._draw_home(visit)
        elif visit.response_url and screen:
            payload = message(screen) | {"replace_original": True}
            self._respond(visit, payload, said or self._elsewhere(visit))
        else:
            self._draw_home(visit)

    def _respond(self, visit: Visit, payload: Mapping[str, Any], instead: Screen) -> None:
        """An answer at its response address; where that is used up, `instead` is whispered in the same channel."""

        def tell() -> None:
            try:
                self._messenger.respond(visit.response_url or "", payload)
            except NotSaid:
                if visit.channel is None:
                    raise
                self._messenger.whisper(visit.channel, visit.actor.handle, instead)

        self._quietly(visit, tell)

    def _elsewhere(self, visit: Visit) -> Screen:
        text = visit.pen.md("refusals.elsewhere")
        return Screen(text, (section(text),))

    def _draw_home(self, visit: Visit) -> None:
        seen_hash = visit.seen_hash if visit.view and visit.view.get("type") == "home" else None

        def draw() -> None:
            try:
                self._messenger.publish_home(visit.actor.handle, home_of(visit), seen_hash)
            except NotSaid as refusal:
                if refusal.reason != "hash_conflict":
                    raise
                self._messenger.publish_home(visit.actor.handle, home_of(visit))

        self._quietly(visit, draw)

    def _finish(self, visit: Visit, answer: Done, above: str | None) -> None:
        if above and answer.redraw:
            view = modal("look", "Rollout", answer.redraw.blocks, submit=None)
            self._quietly(visit, lambda: self._messenger.update_view(above, view))
            self._draw_home(visit)
        elif answer.home:
            self._draw_home(visit)
        elif answer.redraw and visit.response_url:
            self._redraw(visit, answer.redraw, answer.say)
        elif answer.say and visit.response_url:
            self._say(visit, Say(answer.say))
        if answer.mend:
            self._mend(visit, answer.mend)

    def _mend(self, visit: Visit, mend: Mend) -> None:
        """A message as it should be now, made from how it stands in Slack."""

        def tell() -> None:
            posted, under = Posted(mend.channel, mend.ts), Posted(mend.channel, mend.under) if mend.under else None
            try:
                found = mend.shown or self._messenger.read(posted, under)
                if found:
                    self._messenger.update(posted, Screen(found.text, mend.make(found.blocks)))
            except NotSaid:
                if mend.instead is None:
                    raise
                self._say(visit, Say(mend.instead))

        self._later.submit(self._quietly, visit, tell)

    def _quietly(self, visit: Visit, tell: Callable[[], None]) -> None:
        """Telling comes after the commit: if it fails, what was done stays done, and the log says so."""
        try:
            tell()
        except Unavailable as error:
            log.warning("answer not delivered", to=visit.actor.handle, why=str(error))


def _refused(visit: Visit, why: str) -> Screen:
    text = visit.pen.md("refusals.refused", why=why)
    return Screen(text, (section(text),))


def _beside(visit: Visit, named: str | None, fields: Sequence[str], why: str) -> Errors | Reshape:
    """The sentence beside the field it is about, the first one if it is about none; in place of a form without any."""
    if not fields:
        return Reshape(modal("look", "Rollout", _refused(visit, why).blocks, submit=None))
    return Errors({named if named and named in fields else fields[0]: why})


def _unexpected(visit: Visit, error: Exception) -> str:
    reference = secrets.token_hex(4)
    log.error("unexpected", reference=reference, kind=type(error).__name__, exc_info=error)
    return visit.pen.plain("refusals.unexpected", reference=reference)
