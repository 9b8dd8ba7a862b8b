"""What the API looks up or takes in for a token, each time with the token as it stands at that moment."""

import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.actions.callers import admitted, workflows_for
from bot.actions.desk import Asked, Desk, Turn
from bot.actions.digests.previewing import audience_named
from bot.actions.digests.replaying import stored_inputs
from bot.actions.signals import Bounds, Taken, take_in
from bot.domain.digests.shapes import digest_as_json
from bot.domain.errors import NotAllowed, NotFound
from bot.domain.escrow import Question, QuestionState
from bot.domain.tokens import Scope, Token, demand_usable
from bot.domain.wording import cut
from bot.intake import lines_of
from bot.web.bodies import Misfit
from store import note_uses
from store.types import instant_text

_WEEK = re.compile(r"\d{4}-W(0[1-9]|[1-4]\d|5[0-3])", re.ASCII)
_BOUND = "This token is bound to workflows, and a digest tells of others too. Ask an admin for one that is not bound."
_NO_QUESTION = "There is no such question about a workflow that this token is for."


@dataclass(frozen=True, slots=True)
class Seen:
    """A question as it stood at an instant."""

    question: Question
    at: datetime

    @property
    def state(self) -> QuestionState:
        """How it stood."""
        return self.question.state(self.at)

    @property
    def waits(self) -> bool:
        """Whether somebody may still answer it."""
        return self.state is QuestionState.PENDING

    def as_json(self) -> str:
        """It as JSON; the facts are put in as they are kept, so that no number in them changes by a digit."""
        question, state = self.question, self.state
        usable = instant_text(question.usable_until) if question.usable_until else None
        told = {
            "id": question.id,
            "state": state.value,
            "workflow": question.workflow,
            "action": question.action,
            "expires_at": instant_text(question.expires_at),
            "usable_until": usable,
            "used": question.used_at is not None,
            "note": question.note,
        }
        return f'{json.dumps(told)[:-1]}, "facts": {question.facts_to_see(self.at) or "null"}}}'


@dataclass(frozen=True, slots=True)
class Lookups:
    """Reads and takes in; `sha256` is always the hash of the secret that a caller brought."""

    desk: Desk

    def question(self, sha256: str, question_id: str) -> Seen:
        """A question about a workflow that the token is for; NotFound for any other."""
        at = self.desk.clock.now()
        with self.desk.reading() as view:
            token = admitted(view, sha256, Scope.DECISIONS, at)
            found = view.escrow.known(question_id) if question_id.isascii() and question_id.isprintable() else None
        if found is None or not token.is_for(found.workflow_id):
            raise NotFound(_NO_QUESTION)
        return Seen(found, at)

    def workflows(self, sha256: str) -> list[dict[str, object]]:
        """The running workflows that the token is for."""
        at = self.desk.clock.now()
        with self.desk.reading() as view:
            token = admitted(view, sha256, Scope.READ, at)
            return [
                {"workflow": each.name, "team": each.team.name, "phase": each.phase.value, "day": each.day(at)}
                for each in workflows_for(view, token)
            ]

    def digest(self, sha256: str, audience: str, week: str) -> dict[str, object]:
        """What the posted digest of an audience and week said; a token bound to workflows reads none."""
        if not _WEEK.fullmatch(week):
            raise Misfit("week is an ISO week such as 2026-W10.", "week")
        with self.desk.reading() as view:
            token = admitted(view, sha256, Scope.READ, self.desk.clock.now())
            if token.workflows:
                raise NotAllowed(_BOUND)
            named = audience if audience.isascii() and audience.isprintable() else cut(audience, 80)
            return digest_as_json(stored_inputs(view, audience_named(view, named, self.desk.configured.leaders), week))

    def take_in(self, sha256: str, body: bytes) -> Taken:
        """What became of the signals in `body`."""
        with self.desk.reading() as view:
            token = admitted(view, sha256, Scope.SIGNALS, self.desk.clock.now())
            names = frozenset(view.workflow_by_id(each).name for each in token.workflows)

        def demand(turn: Turn) -> Token:
            return demand_usable(turn.change.hold_tokens([sha256]).get(sha256), Scope.SIGNALS, turn.at)

        text = body.decode("utf-8-sig", "surrogateescape")
        bounds = Bounds(names if token.workflows else None, demand)
        return take_in(self.desk, Asked(token.actor), lines_of(io.StringIO(text)), bounds)

    def note_uses(self, hashes: Sequence[str]) -> None:
        """When these tokens were last used, kept."""
        at = self.desk.clock.now()
        self.desk.store.database.retrying(lambda connection: note_uses(connection, hashes, at))
