"""What people and agents of the play do, each through the use case that the product has for it."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot.actions import deviations, documents, drills, gates, items, memos, metrics, requests, teams, workflows
from bot.actions.decisions import Inquiry, answer
from bot.actions.desk import Turn
from bot.actions.documents import Seen
from bot.actions.gates import Wish
from bot.actions.grants import freezing, lives, requesting
from bot.actions.items import Place
from bot.actions.memos import About
from bot.actions.teams import TeamEntry
from bot.actions.workflows import Beginning
from bot.domain.deviations import DeviationArea
from bot.domain.deviations import Entry as DeviationEntry
from bot.domain.documents import PARTS, DocumentKind, Text
from bot.domain.freezes import FreezeKind
from bot.domain.gate_evidence import Better, MetricKind
from bot.domain.grants.decisions import Outcome
from bot.domain.items import ItemKey
from bot.domain.memos import Category, Comparison, Entry, Prediction, move_of
from bot.domain.metrics import MetricEntry
from bot.domain.people import Person
from bot.domain.ticking import Given
from bot.domain.workflows import Role, Workflow
from bot.simulation.figures import BASELINE, LIMIT, TARGET
from bot.simulation.hands import Member
from bot.simulation.healthy import PLAYBOOK
from bot.simulation.plans import Course
from bot.simulation.stage import AGENT, Stage

_DOCS = "https://docs.example.com"
_LOGGING = "logging: {store_prompts: true, store_tool_calls: true, retention_days: 180}\n"
_REHEARSED_MINUTES, _FROZEN_S = Decimal(11), Decimal(24)


@dataclass(frozen=True, slots=True)
class Deeds:
    """Somebody's hands on one workflow."""

    stage: Stage
    course: Course
    by: str

    # The workflow itself

    def start(self) -> None:
        """The workflow on its playbook, with its people."""
        roles = {Role(role): self._person(member) for role, member in self.course.people.items()}
        with self.stage.desk.reading() as view:
            team = view.team(self.course.team.name)
        beginning = Beginning(
            name=self.course.name,
            purpose=self.course.trade.purpose,
            playbook=PLAYBOOK,
            team=team,
            start_on=self.course.start_on,
            roles=roles,
        )
        self.stage.do(self.by, workflows.start, beginning)

    def pause(self) -> None:
        """The workflow's clock stopped."""
        self.stage.do(self.by, workflows.pause, self._workflow(), "The team moves to another system.", freeze=True)

    def vacate(self, role: str) -> None:
        """A role in nobody's hands."""
        holder = self.stage.desk.person(self.course.people[role].handle)
        self.stage.do(self.by, workflows.vacate_role, self._workflow(), Role(role), holder)

    def give(self, role: str, to: Member) -> None:
        """A role in somebody's hands."""
        self.stage.do(self.by, workflows.give_role, self._workflow(), Role(role), self._person(to))

    def leave(self, who: Member) -> None:
        """Somebody leaves the company."""
        self.stage.company.gone.add(who.handle)

    def name_approvers(self, *people: Member) -> None:
        """The approvers of the workflow's team."""
        team = self._workflow().team
        self.stage.do(self.by, teams.edit, team, TeamEntry(approvers=tuple(map(self._person, people))))

    # Items and gates

    def tick(self, item: str) -> None:
        """An item done, with a link."""
        given = Given(evidence=f"{_DOCS}/{self.course.name}/{item}")
        self.stage.do(self.by, items.check, self._place(item), given)

    def reopen(self, item: str) -> None:
        """An item open again."""
        self.stage.do(self.by, items.reopen, self._place(item), "It can be done now.")

    def ask_skip(self, item: str, until: date) -> None:
        """A request to skip an item, known by the item's name."""
        asked = self.stage.do(self.by, requests.ask_skip, self._place(item), "There is no time for it now.", until)
        self._know(item, asked.request_id)

    def promote(self, memo: str | None = None, until: date | None = None) -> None:
        """The next phase asked for, as an override with the memo of that title; known as `promotion`."""
        self.stage.take_in(self.course.name)
        wish = Wish(self._known(memo), until) if memo and until else None
        asked = self.stage.do(self.by, gates.promote, self._workflow(), wish)
        if asked.request_id is None:
            failing = ", ".join(f"{each.check}: {each.found}" for each in asked.verdict.failing)
            raise ValueError(f"The gate of {self.course.name} is shut at {self.stage.clock.at}: {failing}.")
        self._know("promotion", asked.request_id)

    def approve(self, request: str) -> None:
        """A request approved, by what it is known as."""
        self.stage.do(self.by, requests.approve, self._known(request), saw_no_data=True)

    def decline(self, request: str) -> None:
        """A request declined."""
        self.stage.do(self.by, requests.decline, self._known(request), "Not now.")

    # Papers, metrics, drills

    def define_metrics(self) -> None:
        """The success metric and the guardrail."""
        trade = self.course.trade
        for entry in (
            MetricEntry(trade.success, MetricKind.SUCCESS, Better.HIGHER, Decimal(BASELINE), Decimal(TARGET)),
            MetricEntry(trade.guardrail, MetricKind.GUARDRAIL, Better.LOWER, limit=Decimal(LIMIT)),
        ):
            self.stage.do(self.by, metrics.define, self._workflow(), entry)

    def define_red_line(self, rule: str, text: str) -> None:
        """Something that the agent must never do."""
        self.stage.do(self.by, metrics.define_red_line, self._workflow(), rule, text)

    def memo(self, title: str, **fields: Any) -> None:
        """A memo, known by its title."""
        move, superseded, predicted = fields.get("move"), fields.get("supersedes"), fields.get("prediction")
        entry = Entry(
            title=title,
            decision="We talked it over, and this is what we do.",
            category=Category.PHASE_MOVE if move else Category.OTHER,
            is_reversible=not fields.get("changes"),
            move=move_of(move) if move else None,
            changes=fields.get("changes", ()),
            prediction=_prediction(*predicted) if predicted else None,
            supersedes=self._known(superseded) if superseded else None,
        )
        self._know(title, self.stage.do(self.by, memos.file, entry, About(self._workflow())).memo_id)

    def write_spec(self, title: str) -> None:
        """A spec handed in, known by its title."""
        self._hand_in(DocumentKind.SPEC, title, "")

    def postmortem(self, incident: str) -> None:
        """A postmortem handed in, known by the incident's key."""
        self._hand_in(DocumentKind.POSTMORTEM, incident, incident)

    def accept(self, document: str) -> None:
        """A document accepted, by what it is known as."""
        self.stage.do(self.by, documents.accept, Seen(self._known(document)))

    def deviate(self, area: str, summary: str) -> None:
        """A deviation opened, known by its summary."""
        entry = DeviationEntry(
            summary, DeviationArea(area), self.course.date_of(self.course.day(self.stage.clock.at) + 14)
        )
        opened = self.stage.do(self.by, deviations.open_one, self._workflow(), entry, None)
        self._know(summary, opened.deviation_id)

    def mend(self, summary: str) -> None:
        """A deviation closed."""
        self.stage.do(self.by, deviations.close, self._known(summary), "Mended, and tested for.")

    def rehearse_rollback(self) -> None:
        """The way back tried."""
        link = f"{_DOCS}/{self.course.name}/rollback"
        self.stage.do(self.by, drills.rollback, self._workflow(), _REHEARSED_MINUTES, link)

    def drill_freeze(self) -> None:
        """The agent stopped for a minute; the time is the play's own, since a measured one would differ each time."""
        workflow, why = self._workflow(), "To see that one can."
        self.stage.do(self.by, freezing.freeze, workflow, why, FreezeKind.DRILL)
        self.stage.do(AGENT, answer, (Inquiry(workflow.id, self.course.trade.drafts, {}, dry_run=True),))
        self.stage.do(self.by, drills.freeze_held, workflow, _FROZEN_S)
        self.stage.do(self.by, freezing.unfreeze, workflow, why)

    # What outside systems tell, and what the agent does

    def tell(self, type_: str, /, **body: Any) -> None:
        """A signal about the workflow."""
        at = self.stage.clock.at
        told = {"type": type_, "source": type_.replace("_", "-"), "at": at.isoformat(), **body}
        known = f"{self.course.name}-{type_}-{at:%Y%m%dT%H%M%S}-{len(self.stage.waiting)}"
        self.stage.send([{"id": known, "workflow": self.course.name, **told}])
        # At once, as it would be: an incident that is told of only when it is over stops nothing.
        self.stage.take_in(self.course.name)

    def seats(self, trained: int, cost_usd_month: int) -> None:
        """The ten seats of the workflow's team told of."""
        team, at = self.course.team.name, self.stage.clock.at
        told = {"type": "seat", "source": "seats", "at": at.isoformat(), "team": team, "tier": "standard"}
        more = {"people": 10, "trained": trained, "cost_usd_month": cost_usd_month * 10}
        self.stage.send([{"id": f"{team}-{at:%Y%m%dT%H%M%S}", **told, **more}])

    def work(self, actions: tuple[str, ...], **facts: Any) -> None:
        """The agent asks before each of these actions, and does those that it may."""
        workflow, hashes = self._workflow(), [self._hash_of(action) for action in actions]
        inquiries = tuple(
            Inquiry(workflow.id, action, facts, reported_hash=hash_)
            for action, hash_ in zip(actions, hashes, strict=True)
        )
        answers = self.stage.do(AGENT, answer, inquiries)
        for action, hash_, answered in zip(actions, hashes, answers, strict=True):
            if answered.decision.outcome is Outcome.ALLOW:
                self._tell_of_act(action, facts, decision=answered.id, grant_hash=hash_)

    def act(self, action: str, grant: str, **facts: Any) -> None:
        """The agent acts without asking; it reports the hash of its grant (`own`) or of `another`."""
        hash_ = self._hash_of(action) if grant == "own" else "sha256-of-a-grant-that-is-over"
        self._tell_of_act(action, facts, **({"grant_hash": hash_} if hash_ else {}))

    def ask_in_vain(self, action: str, times: int, **facts: Any) -> None:
        """The agent asks again and again."""
        inquiry = Inquiry(self._workflow().id, action, facts, reported_hash=self._hash_of(action))
        self.stage.do(AGENT, answer, (inquiry,) * times)

    # Its grants

    def ask_grant(self, action: str, text: str) -> None:
        """A grant asked for, known by its action."""
        policy = f"workflow: {self.course.name}\nactions:\n  - {{name: {action}{text}}}\n{_LOGGING}"

        def ask(turn: Turn) -> tuple[requesting.Answered, ...]:
            return requesting.request(turn, *requesting.read_file(turn.change, policy, "the play's policy"))

        (asked,) = self.stage.do(self.by, ask)
        if asked.request_id is None:
            raise ValueError(f"No grant for {action} can be asked for: {asked.refused}")
        self._know(action, asked.request_id)

    def attest(self) -> None:
        """Every grant attested."""
        self.stage.do(self.by, lives.attest_all, self._workflow(), "Still needed, and still right.")

    def suspend(self, action: str) -> None:
        """A grant suspended."""
        self.stage.do(self.by, lives.suspend, self._grant_id(action), "Something looked odd; we find out.")

    def resume(self, action: str) -> None:
        """A grant in force again."""
        self.stage.take_in(self.course.name)
        self.stage.do(self.by, lives.resume, self._grant_id(action), "The cause is found and mended.")

    # How things are found

    def _workflow(self) -> Workflow:
        with self.stage.desk.reading() as view:
            return view.workflow(self.course.name)

    def _person(self, member: Member) -> Person:
        return self.stage.desk.person(member.handle)

    def _place(self, item: str) -> Place:
        return Place(self._workflow().id, ItemKey.parse(item))

    def _know(self, what: str, id_: str) -> None:
        self.stage.known[self.course.name, what] = id_

    def _known(self, what: str) -> str:
        return self.stage.known[self.course.name, what]

    def _hand_in(self, kind: DocumentKind, title: str, incident: str) -> None:
        body = "\n\n".join(f"## {part.title}\n\nWritten down by those who know." for part in PARTS[kind])
        drafted = self.stage.do(self.by, documents.draft, self._workflow(), kind, Text(title, body, incident))
        self.stage.do(self.by, documents.submit, Seen(drafted.document_id))
        self._know(title, drafted.document_id)

    def _hash_of(self, action: str) -> str | None:
        with self.stage.desk.reading() as view:
            grant = view.grants.living_for(view.workflow(self.course.name).id, action)
        return grant.hash if grant else None

    def _grant_id(self, action: str) -> str:
        with self.stage.desk.reading() as view:
            grant = view.grants.living_for(view.workflow(self.course.name).id, action)
        if grant is None:
            raise ValueError(f"{self.course.name} has no grant for {action}.")
        return grant.id

    def _tell_of_act(self, action: str, facts: dict[str, Any], **more: Any) -> None:
        at: datetime = self.stage.clock.at
        run = f"{self.course.name}-{action}-{at:%Y%m%dT%H%M%S}"
        done = {"action": action, "facts": facts, "outcome": "done", "reversed": False, "run_id": run}
        told = {"type": "agent_action", "source": "agents", "at": at.isoformat(), "workflow": self.course.name}
        self.stage.send([{"id": run, **told, **done, **more}])


def _prediction(metric: str, comparison: str, value: int, check_on: date) -> Prediction:
    return Prediction(metric, Comparison(comparison), Decimal(value), check_on)
