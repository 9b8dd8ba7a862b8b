"""Whatever people, signals and time do, in any order: an agent is answered as a simple model of the rules says."""

import os
from collections.abc import Callable
from datetime import timedelta
from itertools import count

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from bot.actions import gates, requests
from bot.actions.decisions import Inquiry, answer
from bot.actions.grants import freezing, lives
from bot.domain.errors import NotAllowed, RolloutError
from bot.domain.playbook import PhaseName
from store import Database
from tests.actions.autonomy import ALLOW, PHASES, Autonomy, Held, Wish
from tests.cast import MONDAY, agent
from tests.grants_program import CONFIDENT, GrantsProgram, action, incident, policy, violation

ACTIONS = ("draft_reply", "send_macro", "open_pull_request")
RUNNERS, DECIDERS = ("ana", "stu"), ("bea", "cem", "ada")
PEOPLE = st.sampled_from(("ana", "stu", "lea", "bea", "cem", "ada", "max", "bea", "ada"))
ACTION = st.sampled_from(("send_macro", "send_macro", "draft_reply", "open_pull_request"))
ACTS = st.sampled_from(
    ("ask", "ask", "approve", "approve", "approve", "decline", "withdraw", "revoke", "suspend", "resume", "resume",
     "attest", "freeze", "unfreeze", "promote", "demote", "run", "run", "run", "fail", "incident", "resolve", "learn",
     "red line", "agent", "tick", "wait", "wait")
)  # fmt: skip
WAITS_H = (1, 30, 24 * 7, 24 * 14, 24 * 20)
EXAMPLES = {"sqlite": 12, "postgresql": 3}


def policy_of(wish: Wish, workflow: str) -> str:
    """The policy file that asks for it."""
    keys = {"max_recipients": wish.most, "requires_human_approval": wish.attended}
    return policy(action(wish.action, allowed_when=CONFIDENT, **keys), workflow=workflow)


class Life(RuleBasedStateMachine):
    """People, a workflow, its agent, and what happens to them."""

    program: GrantsProgram
    numbers = count(1)

    @initialize()
    def start(self) -> None:
        """A new workflow on day 1; those of earlier runs stay where they are."""
        self.program.clock.at = self.program.real.at = MONDAY
        self.program.name = self.program.start(f"agent_{next(self.numbers)}").name
        self.model = Autonomy(MONDAY)
        self.ids: dict[str, str] = {}

    @rule(act=ACTS, who=PEOPLE, what=ACTION, number=st.integers(0, 11))
    def step(self, act: str, who: str, what: str, number: int) -> None:
        """A minute later someone does something, or something happens."""
        self.pass_time(timedelta(hours=WAITS_H[number % len(WAITS_H)] if act == "wait" else 0, minutes=1))
        if act != "wait":
            getattr(self, act.replace(" ", "_"))(who, what, number)

    def pass_time(self, span: timedelta) -> None:
        """Both clocks moved on; requests lapse after seven days."""
        self.program.later(seconds=span.total_seconds())
        self.model.at = self.program.at
        self.program.lapse()
        with self.program.desk.reading() as view:
            still = {request.id for request in view.requests()}
        self.model.waiting = {name: wish for name, wish in self.model.waiting.items() if self.ids[name] in still}

    def done(self, act: Callable[[], object]) -> bool:
        """Whether the program said yes; a no is a refusal, never a crash."""
        try:
            act()
        except RolloutError:
            return False
        return True

    def ask(self, who: str, what: str, number: int) -> None:
        """A grant asked for; a narrowing is in force at once."""
        wish = Wish(what, 5 + number % 3, attended=number % 2 == 0)
        try:
            (answered,) = self.program.ask_for(policy_of(wish, self.program.name), who)
        except NotAllowed:
            assert who == "max"
            return
        before = self.model.held.get(what)
        if answered.refused:
            assert not wish.attended
            assert wish.needs_person_in(self.model.phase)
            return
        self.model.waiting.pop(what, None)
        if answered.request_id:
            self.model.waiting[what] = (wish, who)
            self.ids[what] = answered.request_id
            return
        assert before
        assert (wish.most, not wish.attended) <= (before.wish.most, True)
        before.wish = wish

    def approve(self, who: str, what: str, number: int) -> None:
        """What waits approved: by someone else than asked, who decides, and with nothing that bars it."""
        if what not in self.model.waiting:
            return
        wish, asked_by = self.model.waiting[what]
        before = self.model.held.get(what)
        if self.done(lambda: self.program.do(who, requests.approve, self.ids[what], saw_no_data=True)):
            assert who in DECIDERS
            assert who != asked_by
            assert not self.model.bars(wish)
            assert before is None or self.model.at >= before.expires_at or before.stopped <= {"unattested"}
            self.model.approve(what, who)
        elif who in DECIDERS and who != asked_by:
            stopped = before is not None and self.model.at < before.expires_at and before.stopped - {"unattested"}
            assert self.model.bars(wish) or stopped

    def decline(self, who: str, what: str, number: int) -> None:
        """What waits declined, now and then."""
        if number < 3 and what in self.model.waiting:
            asked_by = self.model.waiting[what][1]
            if self.done(lambda: self.program.do(who, requests.decline, self.ids[what], "Not like this.")):
                assert who in DECIDERS
                assert who != asked_by
                del self.model.waiting[what]

    def withdraw(self, who: str, what: str, number: int) -> None:
        """What waits taken back, by whoever asked."""
        if number < 3 and what in self.model.waiting:
            asked_by = self.model.waiting[what][1]
            if self.done(lambda: self.program.do(who, requests.withdraw, self.ids[what])):
                assert who == asked_by
                del self.model.waiting[what]

    def revoke(self, who: str, what: str, number: int) -> None:
        """A grant taken back for good, now and then."""
        held = self.living(what)
        if held and number < 3 and self.done(lambda: self.program.do(who, lives.revoke, self.id_of(what), "Enough.")):
            assert who != "max"
            del self.model.held[what]
            self.model.waiting.pop(what, None)

    def suspend(self, who: str, what: str, number: int) -> None:
        """A grant stopped by hand."""
        held = self.living(what)
        if held and number < 6 and self.done(lambda: self.program.do(who, lives.suspend, self.id_of(what), "Odd.")):
            assert who != "max"
            assert "by hand" not in held.stopped
            held.stopped.add("by hand")

    def resume(self, who: str, what: str, number: int) -> None:
        """A grant going on, where what stopped it is gone and someone else than its asker, or a decider, says so."""
        held = self.living(what)
        if held is None:
            return
        may = who in DECIDERS or (who in RUNNERS and who != held.asked_by)
        if self.done(lambda: self.program.do(who, lives.resume, self.id_of(what), "Mended.")):
            assert may
            assert held.stopped
            assert self.model.may_go_on(held)
            held.stopped.clear()
        else:
            assert not (may and held.stopped and self.model.may_go_on(held))

    def attest(self, who: str, what: str, number: int) -> None:
        """A grant looked at; one that was missed stands still until someone resumes it."""
        held = self.living(what)
        if held and self.done(lambda: self.program.do(who, lives.attest, self.id_of(what), "")):
            assert who != "max"
            if self.model.at >= held.attest_by():
                held.stopped.add("unattested")
            held.attested_at = self.model.at

    def freeze(self, who: str, what: str, number: int) -> None:
        """Everything stopped."""
        if number < 4 and self.done(lambda: self.program.do(who, freezing.freeze, self.program.workflow(), "Stop.")):
            assert who != "max"
            assert not self.model.is_frozen
            self.model.is_frozen = True

    def unfreeze(self, who: str, what: str, number: int) -> None:
        """Everything let go on, by someone who asked for none of it."""
        if self.done(lambda: self.program.do(who, freezing.unfreeze, self.program.workflow(), "Go on.")):
            own = {held.asked_by for held in self.model.held.values()}
            assert self.model.is_frozen
            assert who in DECIDERS or (who in RUNNERS and who not in own)
            self.model.is_frozen = False

    def promote(self, who: str, what: str, number: int) -> None:
        """The next phase, as a gate would write it; asking for it does nothing by itself."""
        at = PHASES.index(self.model.phase)
        if at + 1 < len(PHASES):
            self.done(lambda: self.program.do(who, gates.promote, self.program.workflow()))
            assert self.program.workflow().phase == self.model.phase
            self.model.phase = PHASES[at + 1]
            self.program.enter(PhaseName(self.model.phase))

    def demote(self, who: str, what: str, number: int) -> None:
        """One phase back, at once."""
        if self.done(lambda: self.program.do(who, gates.demote, self.program.workflow(), "It went wrong.")):
            assert who != "max"
            self.model.phase = PHASES[PHASES.index(self.model.phase) - 1]

    def run(self, who: str, what: str, number: int) -> None:
        """An eval run that passes, exactly at the floor every other time; sent twice, it counts once."""
        for _ in range(1 + number % 2):
            self.program.run(190 if number % 3 else 200)
        self.model.run(passed=True)

    def fail(self, who: str, what: str, number: int) -> None:
        """An eval run one case below the floor; at times it comes late, from before the latest, and changes nothing."""
        if number % 3 == 0 and self.model.runs:
            earlier = min(at for at, _ in self.model.runs) - timedelta(minutes=1)
            if earlier > MONDAY:
                self.program.run(189, at=earlier.isoformat())
                self.model.note_time()
                self.model.runs.append((earlier, False))
            return
        self.program.run(189)
        self.model.run(passed=False)

    def incident(self, who: str, what: str, number: int) -> None:
        """A severe incident opened; a mild one stops nothing."""
        severe, key = number % 3 > 0, f"INC-{number}"
        if key in self.model.open_incidents | self.model.learned:
            return
        self.program.send(incident(2 if severe else 3, key=key))
        self.model.note_time()
        if severe:
            self.model.open_incidents.add(key)
            self.model.stop(f"incident {key}")

    def resolve(self, who: str, what: str, number: int) -> None:
        """Every open incident resolved."""
        for key in sorted(self.model.open_incidents):
            self.program.send(incident(2, "resolved", key=key))
            self.model.note_time()
        self.model.open_incidents.clear()

    def learn(self, who: str, what: str, number: int) -> None:
        """A postmortem accepted for every incident that stopped something."""
        stopped = {cause for held in self.model.held.values() for cause in held.stopped if cause.startswith("incident")}
        for key in sorted({cause.removeprefix("incident ") for cause in stopped} - self.model.learned):
            self.program.postmortem(key)
            self.model.learned.add(key)

    def red_line(self, who: str, what: str, number: int) -> None:
        """A red line crossed, now and then."""
        if number < 4:
            self.program.send(violation(at=self.model.at.isoformat()))
            self.model.note_time()
            self.model.stop("red line")

    def agent(self, who: str, what: str, number: int) -> None:
        """The agent itself tries to decide: it never may."""
        if self.living(what):
            assert not self.done(lambda: self.program.do(agent(), lives.resume, self.id_of(what), "Trust me."))
            assert not self.done(lambda: self.program.do(agent(), lives.attest, self.id_of(what), "Trust me."))
        if what in self.model.waiting:
            assert not self.done(lambda: self.program.do(agent(), requests.approve, self.ids[what]))
        assert not self.done(lambda: self.program.do(agent(), freezing.unfreeze, self.program.workflow(), "Please."))

    def tick(self, who: str, what: str, number: int) -> None:
        """The scheduler writes down what time alone has caused."""
        self.program.tick()
        self.model.note_time()

    def living(self, what: str) -> Held | None:
        """The grant for this action that is in force or standing still."""
        held = self.model.held.get(what)
        return held if held and self.model.at < held.expires_at else None

    def id_of(self, what: str) -> str:
        """The id of that grant."""
        found = self.program.ask(lambda view: view.grants.living_for(self.program.workflow().id, what))
        assert found
        return found.id

    @invariant()
    def the_agent_is_answered_as_the_model_says(self) -> None:
        """At, below and above the limit of every action; never allowed without a grant, above it, or once revoked."""
        workflow = self.program.workflow()
        assert (workflow.phase, workflow.is_frozen) == (self.model.phase, self.model.is_frozen)
        wanted = {(what, size): self.model.answer(what, size) for what in ACTIONS for size in (5, 6, 7, 8)}
        inquiries = [
            Inquiry(workflow.id, what, {"recipients": size, "confidence_score": 0.99}, dry_run=size != 5)
            for what, size in wanted
        ]
        found = self.program.do(agent(), answer, inquiries)
        told = dict(zip(wanted, (each.decision for each in found), strict=True))
        assert {asked: decision.outcome for asked, decision in told.items()} == wanted, told
        assert all(decision.codes for decision in told.values() if decision.outcome != ALLOW)

    def teardown(self) -> None:
        """At the end the chain is whole, and nobody approved what they asked for."""
        with self.program.desk.reading() as view:
            decided = [view.request(each) for each in self.ids.values()]
        assert [each for each in decided if each.decided_by == each.asked_by and each.state == "approved"] == []
        assert self.program.verify().ok


def test_whatever_happens_an_agent_is_answered_as_a_simple_model_says(database: Database, engine_name: str) -> None:
    program = GrantsProgram(database)

    class Here(Life):
        """The same, on this database."""

    Here.program = program
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=EXAMPLES[engine_name],
            stateful_step_count=40,
            derandomize="CI" in os.environ,
            deadline=None,
            database=None,
        ),
    )
