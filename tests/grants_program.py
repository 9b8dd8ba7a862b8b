"""A program in which agents are granted things: policy files, approvals, what the guards look at, and their tick."""

import io
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bot.actions import metrics, requests, signals
from bot.actions.desk import Asked
from bot.actions.grants import freezing, lives, requesting
from bot.actions.grants.requesting import Answered
from bot.actions.signals import Taken
from bot.domain.documents import DocumentKind, Text
from bot.domain.errors import GrantBarred
from bot.domain.freezes import FreezeKind
from bot.domain.gate_evidence import Better, MetricKind
from bot.domain.grants.life import Grant, GrantState, SuspensionCause
from bot.domain.metrics import MetricEntry
from bot.domain.people import Actor
from bot.domain.playbook import PhaseName
from bot.domain.requests import RequestState
from bot.domain.workflows import Workflow
from bot.intake import lines_of
from bot.schedule import watch_time
from tests.documents.samples import Desk as Documents
from tests.documents.samples import text
from tests.program import NAME, Program

_ALARMS = ("grants_suspended", "red_line_violated", "guardrail_breached")
LOGGING = "logging: {store_prompts: true, store_tool_calls: true, retention_days: 180}\n"


def action(name: str, **keys: Any) -> str:
    """One action of a policy file, `max_recipients=1` for instance."""
    lines = [f"  - name: {name}", *(f"    {key}: {json.dumps(value)}" for key, value in keys.items())]
    return "".join(f"{line}\n" for line in lines)


def policy(*actions: str, workflow: str = NAME, members: tuple[str, ...] = ()) -> str:
    """A policy file with these actions, of a mesh where it has members."""
    mode = f"mode: mesh\nmembers: {json.dumps(members)}\n" if members else "mode: scoped_autonomy\n"
    return f"workflow: {workflow}\n{mode}actions:\n{''.join(actions)}{LOGGING}"


CONFIDENT = ["confidence_score >= 0.95"]
DRAFT = policy(action("draft_reply"))
"""Low, with no effect: nothing but a missed attestation, or a person, makes it stand still."""
ATTENDED = policy(action("send_macro", max_recipients=5, allowed_when=CONFIDENT))
"""Medium and external; a person approves each use, so that every phase lets it be granted."""
UNATTENDED = policy(action("send_macro", max_recipients=5, allowed_when=CONFIDENT, requires_human_approval=False))
"""The same without a person: from scaling on."""
REFUND = policy(action("issue_refund", max_amount_usd=25))
"""Medium and external; it makes its workflow's domain billing."""


class GrantsProgram(Program):
    """Verbs about grants on top of those about workflows; `by` names one of the cast."""

    # Asking and deciding

    def ask_for(self, text: str, by: str | Actor = "ana") -> tuple[Answered, ...]:
        """What became of each action of a policy file."""

        def request(turn: Any) -> tuple[Answered, ...]:
            workflow, file = requesting.read_file(turn.change, text, "policy.yaml")
            return requesting.request(turn, workflow, file)

        return self.do(by, request)

    def asked(self, text: str, by: str | Actor = "ana") -> str:
        """The id of the one request that a policy file becomes."""
        (answered,) = self.ask_for(text, by)
        assert answered.request_id, answered.refused
        return answered.request_id

    def grant(self, text: str, by: str = "ana", approver: str = "bea") -> Grant:
        """The grant of a file with one action, asked for and approved."""
        request_id = self.asked(text, by)
        self.do(approver, requests.approve, request_id, saw_no_data=True)
        return self.ask(lambda view: view.grants.of_request(request_id))

    # Its life

    def narrow(self, text: str, by: str = "ana") -> Grant:
        """The narrower grant in the place of the wider."""
        (answered,) = self.ask_for(text, by)
        assert answered.grant_id, answered
        return self.one(answered.grant_id)

    def revoke(self, grant: Grant, by: str = "stu", reason: str = "Not needed.") -> Grant:
        """The grant taken back."""
        self.do(by, lives.revoke, grant.id, reason)
        return self.one(grant)

    def suspend(self, grant: Grant, by: str = "stu", reason: str = "Something is odd.") -> Grant:
        """The grant standing still."""
        self.do(by, lives.suspend, grant.id, reason)
        return self.one(grant)

    def go_on(self, grant: Grant, by: str | Actor = "stu", reason: str = "Found and mended.") -> Grant:
        """The grant in force again."""
        self.do(by, lives.resume, grant.id, reason)
        return self.one(grant)

    def attest(self, grant: Grant, by: str = "stu") -> Grant:
        """The grant looked at."""
        self.do(by, lives.attest, grant.id, "Still needed.")
        return self.one(grant)

    def freeze(self, by: str = "stu", *, drill: bool = False) -> Workflow:
        """Every grant of the workflow standing still."""
        kind = FreezeKind.DRILL if drill else FreezeKind.HAND
        self.do(by, freezing.freeze, self.workflow(), "It must stop.", kind)
        return self.workflow()

    def unfreeze(self, by: str = "stu") -> Workflow:
        """The freeze lifted."""
        self.do(by, freezing.unfreeze, self.workflow(), "It may go on.")
        return self.workflow()

    # What the guards look at

    def send(self, *entries: dict[str, Any], by: str | Actor = "max") -> Taken:
        """These signals taken in, in one batch; each is from CI, of now and about the workflow unless it says else."""
        usual = {"source": "ci", "at": self.at.isoformat(), "workflow": self.name}
        lines = "".join(json.dumps({**usual, "id": json.dumps({**usual, **e}), **e}) + "\n" for e in entries)
        taken = signals.take_in(self.desk, Asked(self.actor(by)), lines_of(io.StringIO(lines)))
        assert not taken.rejected, taken.rejected
        return taken

    def run(self, passed: int = 200, cases: int = 200, **more: Any) -> Taken:
        """An eval run, of the suite refunds unless told otherwise."""
        return self.send(eval_run(passed, cases, **more))

    def measure(self, value: float | str, metric: str = "csat", **more: Any) -> Taken:
        """A value of a metric."""
        return self.send(measured(value, metric, **more))

    def guard(self, metric: str = "csat", limit: str = "4.2", by: str = "stu") -> None:
        """A guardrail defined or tightened: it must not fall below the limit."""
        entry = MetricEntry(metric, MetricKind.GUARDRAIL, Better.HIGHER, limit=Decimal(limit))
        self.do(by, metrics.define, self.workflow(), entry)

    def postmortem(self, key: str = "INC-1") -> str:
        """The id of an accepted postmortem of an incident."""
        whole = text(DocumentKind.POSTMORTEM)
        return self._accepted(DocumentKind.POSTMORTEM, "max", Text(whole.title, whole.body, key))

    def red_team(self) -> str:
        """The id of an accepted red-team review."""
        return self._accepted(DocumentKind.RED_TEAM, "red", text(DocumentKind.RED_TEAM))

    def _accepted(self, kind: DocumentKind, by: str, whole: Text) -> str:
        documents = Documents(self)
        id_ = documents.draft(kind, by, whole)
        documents.submit(id_, by)
        documents.accept(id_)
        return id_

    def tick(self) -> None:
        """What a tick does about grants."""
        watch_time(self.desk)

    # Looks

    def one(self, grant: Grant | str) -> Grant:
        """A grant as it stands."""
        return self.ask(lambda view: view.grants.one(grant if isinstance(grant, str) else grant.id))

    def causes(self, grant: Grant) -> tuple[tuple[SuspensionCause, str], ...]:
        """What makes a grant stand still, and what each is about."""
        return tuple((each.cause, each.subject) for each in self.one(grant).suspensions)

    def states(self) -> list[GrantState]:
        """How far every grant of the workflow has come, in the order of the alphabet."""
        return sorted(grant.state for grant in self.ask(lambda view: view.grants.of_workflow(self.workflow().id)))

    def halts(self) -> int:
        """How many suspensions were recorded so far."""
        return self.facts().count("grant_suspended")

    def alarms(self) -> list[str]:
        """What was told at once of things that make grants stand still, in the order of the alphabet."""
        return [each.kind for each in self.posted() if each.kind in _ALARMS]

    def barred(self, request_id: str, by: str = "bea") -> str:
        """Why a grant can't be approved now; nothing changes by that."""
        told = self._barred(by, requests.approve, request_id)
        assert self.request(request_id).state is RequestState.WAITING
        return told

    def obstacles(self, grant: Grant, by: str = "stu") -> str:
        """Why a grant can't go on yet; nothing changes by that."""
        before = self.one(grant)
        told = self._barred(by, lives.resume, grant.id, "Found and mended.")
        assert self.one(grant) == before
        return told

    def _barred(self, by: str, act: Callable[..., object], *args: str) -> str:
        try:
            self.do(by, act, *args)
        except GrantBarred as barred:
            return str(barred)
        raise AssertionError("nothing barred it")

    def unattended(self) -> Grant:
        """An unattended grant in a workflow that was brought to scaling, with evals of now."""
        self.enter(PhaseName.SCALING)
        self.run()
        return self.grant(UNATTENDED)


def eval_run(passed: int = 200, cases: int = 200, *, suite: str = "refunds", **more: Any) -> dict[str, Any]:
    """An eval run as it is sent."""
    about = {"type": "eval_run", "suite": suite, "cases": cases, "passed": passed}
    return {**about, "prompt_version": "p7", "model": "m2", **more}


def measured(value: float | str, metric: str = "csat", **more: Any) -> dict[str, Any]:
    """A value of a metric as it is sent."""
    return {"type": "metric", "metric": metric, "value": float(value), **more}


def incident(severity: int = 2, status: str = "open", key: str = "INC-1", **more: Any) -> dict[str, Any]:
    """An incident as it is sent."""
    return {"type": "incident", "key": key, "severity": severity, "status": status, "title": "Sent twice", **more}


def violation(rule: str = "no_pii", kind: str = "violation", **more: Any) -> dict[str, Any]:
    """A red line that was crossed, as it is sent."""
    return {"type": "red_line", "rule": rule, "kind": kind, "summary": "It quoted a card number.", **more}
