"""Whatever people do, in any order: the database stands as a simple model says, and the chain vouches for it."""

import os
from collections import Counter
from collections.abc import Callable
from itertools import count

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from bot.actions import requests
from bot.domain.errors import RolloutError
from bot.domain.workflows import Role
from store import Database
from tests.actions.model import DONE, GATE_ROLES, ITEMS, Model, Request
from tests.cast import MONDAY
from tests.program import Program

PEOPLE = st.sampled_from(("lea", "ana", "stu", "ada", "bea", "max"))
ASKERS = st.sampled_from(("ana", "stu", "bea", "max"))
DECIDERS = st.sampled_from(("ada", "bea", "stu"))
ITEM = st.sampled_from(tuple(ITEMS))
ROLE = st.sampled_from(GATE_ROLES)

COUNTED = ("done", "skipped", "blocked")

EXAMPLES = {"sqlite": 30, "postgresql": 12}


class People(RuleBasedStateMachine):
    """Six people, one workflow, and a clock."""

    program: Program
    numbers = count(1)

    asked = Bundle("asked")

    @initialize()
    def start(self) -> None:
        """A new workflow on day 1; those of earlier runs stay where they are."""
        self.program.clock.at = self.program.real.at = MONDAY
        self.program.name = self.program.start(f"workflow_{next(self.numbers)}").name
        self.model = Model(MONDAY)
        self.ids: dict[int, str] = {}
        self.denied = self.program.denials()

    def agree(self, act: Callable[[], object], wanted: str) -> None:
        """The program's answer is the one that the model gave; a denial is recorded."""
        try:
            act()
            answer = DONE
        except RolloutError as refusal:
            answer = next(kind.__name__ for kind in type(refusal).__mro__ if kind.__module__ == "bot.domain.errors")
        assert answer == wanted
        self.denied += wanted == "NotAllowed"

    @rule(who=PEOPLE, item=ITEM)
    def check(self, who: str, item: str) -> None:
        """Someone ticks an item."""
        evidence = "https://docs.example/1"
        self.agree(lambda: self.program.check(item, who, evidence=evidence), self.model.check(who, item))

    @rule(who=PEOPLE, item=ITEM)
    def block(self, who: str, item: str) -> None:
        """Someone blocks an item."""
        self.agree(lambda: self.program.block(item, who), self.model.block(who, item))

    @rule(who=PEOPLE, changed=st.data())
    def reopen(self, who: str, changed: st.DataObject) -> None:
        """Someone opens an item again."""
        item = self.touched(changed)
        self.agree(lambda: self.program.reopen(item, who), self.model.reopen(who, item))

    @rule(who=PEOPLE, changed=st.data())
    def restore(self, who: str, changed: st.DataObject) -> None:
        """Someone takes the last change back."""
        item = self.touched(changed)
        self.agree(lambda: self.program.restore(item, who), self.model.restore(who, item))

    def touched(self, data: st.DataObject) -> str:
        """An item that someone changed, if there is one."""
        names = [name for name, item in self.model.items.items() if item.version]
        return str(data.draw(st.sampled_from(names or tuple(ITEMS))))

    @rule(who=PEOPLE, item=ITEM, to=PEOPLE)
    def assign(self, who: str, item: str, to: str) -> None:
        """Someone hands an item over."""
        self.agree(lambda: self.program.assign(item, to, who), self.model.assign(who, item, to))

    @rule(who=PEOPLE, item=ITEM)
    def check_on_an_old_look(self, who: str, item: str) -> None:
        """A click on what has changed since changes nothing."""
        version = self.model.items[item].version
        if version:
            self.agree(lambda: self.program.check(item, who, seen=version - 1), "Conflict")

    @rule(target=asked, who=ASKERS, item=ITEM, days=st.sampled_from((0, 1, 3, 30)))
    def ask(self, who: str, item: str, days: int) -> object:
        """Someone asks to skip an item."""
        wanted = self.model.ask(who, item, days)
        until = self.model.today.fromordinal(self.model.today.toordinal() + days)

        def act() -> None:
            place = self.program.place(item)
            made = self.program.do(who, requests.ask_skip, place, "Why.", until)
            self.ids[id(self.model.requests[-1])] = made.request_id

        self.agree(act, wanted)
        return self.model.requests[-1] if wanted == DONE else multiple()

    @rule(who=DECIDERS, request=asked)
    def approve(self, who: str, request: Request) -> None:
        """Someone approves a request, however old."""
        wanted = self.model.decide(who, request, "approved")
        self.agree(lambda: self.program.approve(self.ids[id(request)], who), wanted)

    @rule(who=DECIDERS, request=asked)
    def decline(self, who: str, request: Request) -> None:
        """Someone declines a request."""
        wanted = self.model.decide(who, request, "declined")
        self.agree(lambda: self.program.decline(self.ids[id(request)], who), wanted)

    @rule(who=ASKERS, request=consumes(asked))
    def withdraw(self, who: str, request: Request) -> None:
        """Someone takes a request back."""
        wanted = self.model.withdraw(who, request)
        self.agree(lambda: self.program.withdraw(self.ids[id(request)], who), wanted)

    @rule(who=PEOPLE, role=ROLE, to=PEOPLE)
    def give(self, who: str, role: str, to: str) -> None:
        """Someone gives a role."""
        self.agree(lambda: self.program.give(Role(role), to, who), self.model.give(who, role, to))

    @rule(who=PEOPLE, role=ROLE)
    def vacate(self, who: str, role: str) -> None:
        """Someone vacates a role."""
        whose = self.model.roles.get(role, "max")
        self.agree(lambda: self.program.vacate(Role(role), whose, who), self.model.vacate(who, role, whose))

    @rule(who=PEOPLE)
    def pause(self, who: str) -> None:
        """Someone stops the clock."""
        self.agree(lambda: self.program.pause(who), self.model.pause(who))

    @rule(who=PEOPLE)
    def resume(self, who: str) -> None:
        """Someone lets it run."""
        self.agree(lambda: self.program.resume(who), self.model.resume(who))

    @rule(hours=st.sampled_from((1, 14, 15, 24, 75, 168)))
    def wait(self, hours: int) -> None:
        """Time passes."""
        self.program.later(hours=hours)
        self.model.at = self.program.at

    @rule()
    def lapse(self) -> None:
        """The scheduler looks after what nobody decided."""
        self.program.lapse()
        self.model.lapse()

    @invariant()
    def the_database_stands_as_the_model_says(self) -> None:
        """Days, states, versions, assignees, roles and requests are the model's; skipped never counts as done."""
        found = self.program.status()
        of, rows = found.workflow, {row.item.id: row for row in found.checklist.rows if row.item.id in ITEMS}
        held = {holder.role.value: holder.person.name.lower() for holder in of.holders}
        assert (found.day, of.version, held) == (self.model.day, self.model.version, self.model.roles)
        assert {name: (row.state, row.version) for name, row in rows.items()} == {
            name: (self.model.state(name), item.version) for name, item in self.model.items.items()
        }
        assigned = {name: row.record.assignee for name, row in rows.items() if row.record and row.record.assignee}
        assert {name: person.name.lower() for name, person in assigned.items()} == {
            name: item.assignee for name, item in self.model.items.items() if item.assignee
        }
        states, progress = Counter(map(self.model.state, ITEMS)), found.checklist.progress
        assert (progress.done, progress.skipped, progress.blocked) == tuple(map(states.get, COUNTED, (0, 0, 0)))
        assert len(found.waiting) == sum(map(self.model.waits, self.model.requests))

    @invariant()
    def nobody_decides_what_they_asked_for(self) -> None:
        """Every request is as the model says, and decided by another person than asked."""
        with self.program.desk.reading() as view:
            stands = [view.request(self.ids[id(request)]) for request in self.model.requests]
        assert [request.state for request in stands] == [request.state for request in self.model.requests]
        decided = [request for request in stands if request.state in ("approved", "declined")]
        assert [request for request in decided if request.decided_by in (None, request.asked_by)] == []

    def teardown(self) -> None:
        """At the end the chain is whole, and every version of every item has its record."""
        chain, of = self.program.chain(), self.program.workflow()
        changes = Counter(record["subject"] for record in chain if record["fact"].startswith("item_"))
        assert {name: changes[f"{of.id}/{name}"] for name in ITEMS} == {
            name: item.version for name, item in self.model.items.items()
        }
        assert self.program.denials() == self.denied
        assert self.program.verify().ok


def test_whatever_people_do_the_program_stands_as_a_simple_model_says(database: Database, engine_name: str) -> None:
    program = Program(database)

    class Here(People):
        """The same, on this database."""

    Here.program = program
    run_state_machine_as_test(
        Here,
        settings=settings(
            max_examples=EXAMPLES[engine_name],
            stateful_step_count=30,
            derandomize="CI" in os.environ,
            deadline=None,
            database=None,
        ),
    )
