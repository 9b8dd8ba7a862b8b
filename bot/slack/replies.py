"""Replies: what becomes of an answer in Slack, said, opened, drawn anew or told once it is there.

All of it comes after the commit: what cannot be told stays done.
"""

import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from typing import Any

import structlog

from bot.domain.errors import Unavailable
from bot.slack.answers import Answer, Done, Late, Mend, Open, Redraw, Reshape, Say, message
from bot.slack.blocks import Block, Screen, modal, section
from bot.slack.homes import home_of
from bot.slack.messenger import Messenger, NotSaid, Posted
from bot.slack.visit import Visit
from store import AlreadyDone

log = structlog.get_logger()


class Replies:
    """Turns answers into Slack's calls; what takes its time is told `later`."""

    def __init__(self, messenger: Messenger, later: Executor) -> None:
        self._messenger = messenger
        self._later = later

    def after_click(self, visit: Visit, answer: Answer) -> None:
        """Whatever a click, or something done with a message, is answered."""
        self.open(visit, answer)
        if isinstance(answer, Say):
            self._say(visit, answer)
            self.follow(visit, answer)
        elif isinstance(answer, Reshape) and visit.view:
            self._quietly(visit, lambda: self._messenger.update_view(visit.modal or "", answer.view, visit.seen_hash))
        elif isinstance(answer, Redraw):
            self._redraw(visit, answer.screen)
        elif isinstance(answer, Mend):
            self._mend(visit, answer)

    def finish(self, visit: Visit, answer: Done, above: str | None) -> None:
        """What is seen once a modal is done; `above` is the view that it stood on."""
        if above and answer.redraw:
            view = modal("look", "Rollout", answer.redraw.blocks, submit=None)
            self._quietly(visit, lambda: self._messenger.update_view(above, view))
            self.draw_home(visit)
        elif answer.home:
            self.draw_home(visit)
        elif answer.redraw and visit.response_url:
            self._redraw(visit, answer.redraw, answer.say)
        elif answer.say and visit.response_url:
            self._say(visit, Say(answer.say))
        if answer.mend:
            self._mend(visit, answer.mend)

    def open(self, visit: Visit, answer: Answer) -> None:
        """The modal, if the answer is one; it changes nothing, so that Slack need not wait for it."""
        if isinstance(answer, Open) and not self._opened(visit, answer.view):
            self._say(visit, Say(self._slow(visit)))

    def _say(self, visit: Visit, answer: Say) -> None:
        """A message where the click was made; a modal where there is no channel to say it in."""
        if visit.response_url:
            payload = message(answer.screen, public=answer.public) | {"replace_original": False}
            self._respond(visit, payload, answer.screen)
        else:
            self._opened(visit, modal("look", "Rollout", answer.screen.blocks, submit=None))

    def follow(self, visit: Visit, answer: Say) -> None:
        """What comes after an answer, as soon as it is there."""
        make, url = answer.later, visit.response_url
        if make is None or url is None:
            return

        def tell() -> None:
            screen = make()
            if screen:
                self._messenger.respond(url, message(screen) | {"replace_original": False})

        self._later.submit(self._quietly, visit, tell)

    def wait_for(self, visit: Visit, answer: Reshape) -> None:
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
                screen = refused(visit, unexpected(visit, error))
                late = Late(modal("look", "Rollout", screen.blocks, submit=None), screen)
            try:
                self._messenger.update_named_view(str(answer.view["external_id"]), late.view)
            except NotSaid:
                self._say(visit, Say(late.instead))

        self._later.submit(self._quietly, visit, tell)

    def draw_home(self, visit: Visit) -> None:
        """The visitor's Home as it should be now."""
        seen_hash = visit.seen_hash if visit.view and visit.view.get("type") == "home" else None

        def draw() -> None:
            try:
                self._messenger.publish_home(visit.actor.handle, home_of(visit), seen_hash)
            except NotSaid as refusal:
                if refusal.reason != "hash_conflict":
                    raise
                self._messenger.publish_home(visit.actor.handle, home_of(visit))

        self._quietly(visit, draw)

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

    def _redraw(self, visit: Visit, screen: Screen | None, said: Screen | None = None) -> None:
        if visit.modal and screen:
            view = modal("look", "Rollout", screen.blocks, submit=None)
            self._quietly(visit, lambda: self._messenger.update_view(visit.modal or "", view))
            self.draw_home(visit)
        elif visit.response_url and screen:
            payload = message(screen) | {"replace_original": True}
            self._respond(visit, payload, said or self._elsewhere(visit))
        else:
            self.draw_home(visit)

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


def refused(visit: Visit, why: str) -> Screen:
    """A refusal with its reason."""
    text = visit.pen.md("refusals.refused", why=why)
    return Screen(text, (section(text),))


def unexpected(visit: Visit, error: Exception) -> str:
    """What whoever met an error of ours reads: a reference under which the log has it."""
    reference = secrets.token_hex(4)
    log.error("unexpected", reference=reference, kind=type(error).__name__, exc_info=error)
    return visit.pen.plain("refusals.unexpected", reference=reference)
