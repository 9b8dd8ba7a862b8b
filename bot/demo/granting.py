"""What the sample's agents may do: each grant with who asked for it, who approved it, and what became of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from bot.actions import requests
from bot.actions.desk import Desk, Turn
from bot.actions.grants import lives, requesting
from bot.demo.days import Days
from bot.demo.troubles import Act, Moment
from bot.domain.grants.life import Grant, GrantState

_LOGGING = "logging: {store_prompts: true, store_tool_calls: true, retention_days: 180}\n"


@dataclass(frozen=True, slots=True)
class Asked:
    """A grant that somebody asked for on the last working day, and that nobody has decided yet."""

    policy: str
    by: str

    def moments(self, days: Days) -> Iterator[Moment]:
        """The asking."""
        yield Moment(days.last_working_day(time(14, 10)), self.by, _asking(self.policy))


@dataclass(frozen=True, slots=True)
class Granted:
    """A grant that was asked for on `day`, and approved by somebody else at the end of the next one."""

    policy: str
    day: int
    asked: str
    approved: str

    def moments(self, days: Days) -> Iterator[Moment]:
        """The asking, and the approval."""

        def approve(turn: Turn, workflow_id: str, desk: Desk) -> None:
            del desk
            for waiting in _asked_for(turn, workflow_id):
                requests.approve(turn, waiting.request_id or "", saw_no_data=True)

        asked = Moment(days.at(self.day, f"grant {self.policy}"), self.asked, _asking(self.policy))
        yield asked
        yield Moment(max(days.late_on(self.day + 1), asked.at), self.approved, approve)


@dataclass(frozen=True, slots=True)
class Attested:
    """Every grant looked at in one step, and found needed as it is."""

    day: int
    by: str
    note: str

    def moments(self, days: Days) -> Iterator[Moment]:
        """The attesting."""

        def attest(turn: Turn, workflow_id: str, desk: Desk) -> None:
            del desk
            lives.attest_all(turn, turn.change.workflow_by_id(workflow_id), self.note)

        yield Moment(days.at(self.day, "attest"), self.by, attest)


def _asking(policy: str) -> Act:
    def ask(turn: Turn, workflow_id: str, desk: Desk) -> None:
        del desk
        workflow = turn.change.workflow_by_id(workflow_id)
        text = f"workflow: {workflow.name}\nactions:\n{policy}{_LOGGING}"
        requesting.request(turn, *requesting.read_file(turn.change, text, "the sample's policy", workflow))

    return ask


def _asked_for(turn: Turn, workflow_id: str) -> list[Grant]:
    return [grant for grant in turn.change.grants.of_workflow(workflow_id) if grant.state is GrantState.REQUESTED]
