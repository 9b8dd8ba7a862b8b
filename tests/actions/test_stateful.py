"""Whatever people do, in any order: the database stands as a simple model says, and the chain vouches for it."""

import os
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import count

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from bot.actions import requests
from bot.domain.errors import RolloutError
from bot.domain.workflows import Role
from store import Database
from tests.actions.model import DONE, GATE_ROLES, ITEMS, Model
from tests.cast import MONDAY
from tests.program import Program

PEOPLE = st.sampled_from(("lea", "ada", "ana", "bea", "lea", "ada", "stu", "max"))
ITEM = st.sampled_from(tuple(ITEMS))
MARKS = ("check", "block", "reopen", "restore")
SETTLINGS = ("approve", "decline", "withdraw")
OTHERS = ("ask", "approve", "ask", "look away", "assign", "give", "vacate", "pause", "resume", "wait", "wait")
VERB = st.sampled_from((*MARKS, *SETTLINGS, *OTHERS))

COUNTED = ("done", "skipped", "blocked")

EXAMPLES = {"sqlite": 18, "postgresql": 6}


class People(RuleBasedStateMachine):
    """Six people, one workflow, and a clock."""

    program: Program
    numbers = count(1)

    @initialize()
    def start(self) -> None:
        """A new workflow on day 1; those of earlier runs stay where they are."""
        self.program.clock.at = self.program.real.at = MONDAY
        self.program.name = self.program.start(f"workflow_{next(self.numbers)}").name
        self.model = Model(MONDAY)
        self.ids: list[str] = []
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

    @rule(verb=VERB, who=PEOPLE, item=ITEM, to=PEOPLE, number=st.integers(0, 29))
    def act(self, verb: str, who: str, item: str, to: str, number: int) -> None:
        """Someone does something; one rule for all, as runs with some rules left out would hardly get anywhere."""
        if verb == "wait":
            self.wait((24, 75, 15, 168)[number % 4])
        elif verb in MARKS:
            given = {"evidence": "https://docs.example/1"} if verb == "check" else {}
            wanted = getattr(self.model, verb)(who, item)
            self.agree(lambda: getattr(self.program, verb)(item, who, **given), wanted)
        elif verb in SETTLINGS and self.ids:
            place = number % len(self.ids)
            wanted = getattr(self.model, verb)(who, self.model.requests[place])
            self.agree(lambda: getattr(self.program, verb)(self.ids[place], who), wanted)
        elif verb in ("give", "vacate"):
            role = GATE_ROLES[number % 4]
            whose = self.model.roles.get(role, to) if verb == "vacate" else to
            wanted = getattr(self.model, verb)(who, role, whose)
            self.agree(lambda: getattr(self.program, verb)(Role(role), whose, who), wanted)
        elif verb in ("pause", "resume"):
            self.agree(lambda: getattr(self.program, verb)(who), getattr(self.model, verb)(who))
        elif verb == "look away" and self.model.items[item].version:
            seen = self.model.items[item].version - 1
            self.agree(lambda: self.program.block(item, who, seen=seen), "Conflict")
        elif verb == "assign":
            self.agree(lambda: self.program.assign(item, to, who), self.model.assign(who, item, to))
        else:
            wanted = self.model.ask(who, item, number)
            self.agree(lambda: self.ids.append(self.ask_skip(who, item, number)), wanted)

    def wait(self, hours: int) -> None:
        """Time passes, and the scheduler looks after what nobody decided."""
        self.program.later(hours=hours)
        self.model.at = self.program.at
        self.program.lapse()
        self.model.lapse()

    def ask_skip(self, who: str, item: str, days: int) -> str:
        """The id of a request to skip an item for so many days from today in Lisbon."""
        until = self.model.today + timedelta(days=days)
        return self.program.do(who, requests.ask_skip, self.program.place(item), "Why.", until).request_id

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
    def what_is_kept_of_it_is_how_it_stands(self) -> None:
        """Nobody is told how it stood before something changed."""
        assert self.program.kept() == self.program.status()

    @invariant()
    def nobody_decides_what_they_asked_for(self) -> None:
        """Every request is as the model says, and decided by another person than asked."""
        with self.program.desk.reading() as view:
            stands = [view.request(each) for each in self.ids]
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
