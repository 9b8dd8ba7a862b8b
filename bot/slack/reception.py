"""The reception: every request from Slack comes in here, and what its handler answers goes on to the replies.

The order is: who is it, what do they want, decide and commit, then acknowledge; slow telling comes after.
"""

import html
from collections.abc import Callable, Sequence
from concurrent.futures import Executor

from slack_bolt import Ack

from bot.actions.desk import Desk
from bot.domain.errors import BadInput, RolloutError
from bot.slack import lookups
from bot.slack.answers import Answer, Done, Errors, Reshape, Say, packed
from bot.slack.blocks import modal
from bot.slack.bodies import Body, beside_it, carried, first_url
from bot.slack.messenger import Messenger
from bot.slack.pace import Pace
from bot.slack.pictures import Pictures
from bot.slack.registry import CLICKS, COMMANDS, FORMS, SHORTCUTS
from bot.slack.replies import Replies, refused, unexpected
from bot.slack.visit import Click, Form, Visit, filled_in, remembered_in
from store import AlreadyDone

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
    """Turns Slack's requests into visits, and hands on what is answered."""

    def __init__(self, desk: Desk, messenger: Messenger, pictures: Pictures, later: Executor, pace: Pace) -> None:
        self._desk = desk
        self._messenger = messenger
        self._pictures = pictures
        self._pace = pace
        self._replies = Replies(messenger, later)

    def command(self, ack: Ack, body: Body) -> None:
        """`/rollout …`"""
        visit = self._visit(body["user_id"], body["trigger_id"], body)
        # Slack escapes its three marks in what people type.
        verb, _, typed = html.unescape(body.get("text", "")).strip().partition(" ")
        answer = self._guarded(visit, lambda: self._run(visit, verb.casefold(), typed.strip()))
        if isinstance(answer, Say):
            # Bolt lets a text that is a JSON object out as it is.
            ack(answer.packed or packed(answer.screen, public=answer.public))
            self._replies.follow(visit, answer)
        else:
            ack()
            self._replies.open(visit, answer)

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
        self._replies.after_click(visit, answer)

    def shortcut(self, ack: Ack, body: Body) -> None:
        """Something that someone wants to do with a message."""
        found = SHORTCUTS.get(str(body["callback_id"]))
        visit = self._visit(body["user"]["id"], body["trigger_id"], body)
        answer = self._guarded(visit, lambda: found.run(visit) if found else None)
        ack()
        self._replies.after_click(visit, answer)

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
            self._replies.wait_for(visit, answer)
            return
        ack()
        if isinstance(answer, Done):
            self._replies.finish(visit, answer, memory.get("above"))

    def home(self, ack: Ack, body: Body) -> None:
        """The App Home was opened."""
        ack()
        event = body["event"]
        if event.get("tab") == "home":
            self._replies.draw_home(self._visit(event["user"], body["event_id"], {"view": event.get("view")}))

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
            return Say(refused(visit, str(refusal)))
        except Exception as error:  # noqa: BLE001 - the boundary: whatever it was, the person gets an answer
            return Say(refused(visit, unexpected(visit, error)))

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
            return _beside(visit, None, fields, unexpected(visit, error))

    def _let_in(self, visit: Visit) -> None:
        self._pace.demand(visit.actor.handle)
        self._desk.demand_insider(visit.actor, "use_rollout")


def _beside(visit: Visit, named: str | None, fields: Sequence[str], why: str) -> Errors | Reshape:
    """The sentence beside the field it is about, the first one if it is about none; in place of a form without any."""
    if not fields:
        return Reshape(modal("look", "Rollout", refused(visit, why).blocks, submit=None))
    return Errors({named if named and named in fields else fields[0]: why})
