"""People who act at the same moment: one wins, the others are told what happened, and nothing is lost."""

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest

from bot.actions import teams, workflows
from bot.actions.teams import TeamEntry
from bot.actions.workflows import Beginning
from bot.domain.errors import Conflict, RolloutError
from bot.domain.workflows import Role
from tests.actions.clicker import ITEMS, clicks
from tests.actions.serial import Acked, disorders
from tests.program import Program
from tests.store.together import together

PAIRS = (
    "choose_workflow",
    "measure_today",
    "map_decisions",
    "agree_escalation",
    "plan_review",
    "tell_people",
    "build_regression_set",
    "agree_pass_bar",
    "tier_data_access",
    "add_hard_cases",
    "calibrate_reviewers",
    "describe_rollback",
    "keep_run_logs",
    "scope_credentials",
    "approve_external_actions",
    "watch_reviews",
    "alert_red_lines",
    "track_rework",
    "write_break_glass",
    "hold_weekly_review",
)
"""Items that people tick, none of which waits for another."""


def at_once(acts: Sequence[Callable[[], object]]) -> list[str]:
    """What each act, all begun at one signal, was answered: "done", or the refusal."""
    answers = [""] * len(acts)

    def answered(place: int) -> Callable[[], None]:
        def act() -> None:
            try:
                acts[place]()
                answers[place] = "done"
            except RolloutError as refusal:
                answers[place] = str(refusal)

        return act

    together([answered(place) for place in range(len(acts))])
    return answers


def test_of_two_people_on_one_item_one_wins_and_the_other_is_told_who_did_what(refunds: Program) -> None:
    for item in PAIRS:
        answers = at_once(
            [
                lambda item=item: refunds.check(item, "ana", evidence="https://docs.example/1", seen=0),  # type: ignore[misc]
                lambda item=item: refunds.block(item, "stu", seen=0),  # type: ignore[misc]
            ]
        )
        winner = answers.index("done")
        record = refunds.row(item).record
        assert record is not None
        assert (record.version, record.changed_by.name, record.state) == (
            1,
            ("Ana", "Stu")[winner],
            ("done", "blocked")[winner],
        )
        marked = ("Ana marked it done", "Stu marked it blocked")[winner]
        assert answers[1 - winner].startswith(f"This item changed while you were at it: {marked} on 2 Mar at 09:00")
    changes = [fact for fact in refunds.facts() if fact.startswith("item_")]
    assert len(changes) == len(PAIRS)
    assert refunds.verify().ok


def test_twenty_clicks_on_one_button_are_one_change(refunds: Program) -> None:
    answers = at_once([lambda: refunds.check("choose_operating_model", seen=0)] * 20)
    assert answers.count("done") == 1
    assert {answer.partition(" on ")[0] for answer in answers if answer != "done"} == {
        "This item changed while you were at it: Ana marked it done"
    }
    assert (refunds.row("choose_operating_model").version, refunds.facts().count("item_done")) == (1, 1)


def test_clicks_of_six_threads_form_a_serial_order_for_each_item(refunds: Program) -> None:
    people = ("ana", "stu", "lea", "ada", "ana", "stu")
    acked: list[Acked] = []
    together(
        [
            lambda by=by, seed=seed: acked.extend(clicks(refunds, by, 20, random.Random(seed)))  # type: ignore[misc]
            for seed, by in enumerate(people)
        ]
    )
    assert disorders(refunds, acked) == []
    assert len(acked) >= 20


@pytest.mark.parametrize("engine_name", ["postgresql"])
def test_clicks_of_two_processes_form_a_serial_order_for_each_item(refunds: Program, database_url: str) -> None:
    running = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.actions.clicker", database_url, by, "25", str(seed)],
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed, by in enumerate(("ana", "stu"))
    ]
    printed = [process.communicate(timeout=60)[0] for process in running]
    acked = [Acked(*json.loads(line)) for lines in printed for line in lines.splitlines()]
    assert [process.returncode for process in running] == [0, 0]
    assert disorders(refunds, acked) == []


def test_the_checker_finds_what_was_lost_doubled_or_made_up(refunds: Program) -> None:
    acked = clicks(refunds, "ana", 6, random.Random(1))
    assert disorders(refunds, acked) == []
    for wrong in (acked[:-1], [*acked, acked[-1]], [*acked, Acked(ITEMS[0], 99, "item_done")]):
        assert "acknowledged but not recorded" in disorders(refunds, wrong)[0]


def test_each_of_sixty_requests_is_decided_once_by_one_of_six(program: Program) -> None:
    names = ("bea", "cem", "dov", "eli", "apo", "ada")
    team = program.team(approvers=tuple(program.person(name) for name in names[:4]))
    asked = []
    for name in ("first", "second", "third"):
        program.name = program.start(name, team=team).name
        asked += [program.ask_skip(item) for item in PAIRS]
    told: Counter[str] = Counter()
    refusals: list[str] = []

    def decide(by: str, place: int) -> Callable[[], None]:
        def act() -> None:
            for request_id in asked:
                try:
                    (program.decline if place == 0 else program.approve)(request_id, by)
                    told[request_id] += 1
                except Conflict as refusal:
                    refusals.append(str(refusal))

        return act

    together([decide(by, place) for place, by in enumerate(names)])
    assert (len(asked), told) == (60, Counter(asked))
    assert (len(refusals), {refusal.startswith("This request was already") for refusal in refusals}) == (300, {True})
    decided = [program.request(request_id) for request_id in asked]
    assert {request.asked_by == request.decided_by for request in decided} == {False}
    approved = sum(request.state == "approved" for request in decided)
    facts = Counter(program.facts())
    assert (facts["request_approved"], facts["request_declined"], facts["item_skipped"]) == (
        approved,
        60 - approved,
        approved,
    )
    assert program.verify().ok


def test_of_approving_withdrawing_and_closing_at_once_one_decides_the_request(refunds: Program) -> None:
    asked = refunds.ask_skip("choose_operating_model")
    answers = at_once(
        [
            lambda: refunds.approve(asked, "bea"),
            lambda: refunds.decline(asked, "cem"),
            lambda: refunds.withdraw(asked, "ana"),
            lambda: refunds.close("lea"),
        ]
    )
    facts = refunds.facts()
    settled = [fact for fact in facts if fact in ("request_approved", "request_declined", "request_withdrawn")]
    assert len(settled) == 1
    assert answers[3] == "done"
    assert ("item_skipped" in facts) == (settled == ["request_approved"])
    assert refunds.verify().ok


def test_of_two_who_start_one_name_or_make_one_team_the_second_is_told(program: Program) -> None:
    team = program.team()
    started = at_once(
        [
            lambda by=by: program.do(by, workflows.start, Beginning("triage", "Why.", team=team))  # type: ignore[misc]
            for by in ("ana", "stu", "lea", "max")
        ]
    )
    made = at_once(
        [lambda by=by: program.do(by, teams.make, TeamEntry("Sales", "C9")) for by in ("ana", "stu", "lea", "max")]  # type: ignore[misc]
    )
    assert (started.count("done"), made.count("done")) == (1, 1)
    assert {answer.partition(";")[0] for answer in started if answer != "done"} == {
        "There is a workflow triage already"
    }
    # Whoever looks for the name just before the first commits and for the channel just after finds the channel taken.
    assert {answer.partition(";")[0] for answer in made if answer != "done"} <= {
        "There is a team Sales already",
        "This channel belongs to team Sales already",
    }


def test_roles_given_and_taken_at_once_leave_one_holder_and_a_true_record(refunds: Program) -> None:
    names = ("eva", "gil", "max", "bea", "cem")
    answers = at_once([lambda name=name: refunds.give(Role.GATEKEEPER, name, "lea") for name in names])  # type: ignore[misc]
    held = refunds.workflow().holders_of(Role.GATEKEEPER)
    given = [
        r["details"] for r in refunds.chain() if r["fact"] == "role_given" and r["details"]["role"] == "gatekeeper"
    ]
    assert (len(held), len(given)) == (1, answers.count("done"))
    assert [each["before"] for each in given] == [[], *([each["person"]] for each in given[:-1])]
    assert given[-1]["person"] == held[0].id
    holder = held[0].name.lower()
    taken = at_once([lambda: refunds.vacate(Role.GATEKEEPER, holder, "lea")] * 3)
    assert (taken.count("done"), refunds.facts().count("role_vacated")) == (1, 1)
    assert refunds.verify().ok


def test_a_pause_and_an_edit_at_once_are_one_change_and_one_conflict_or_two_changes(refunds: Program) -> None:
    for _ in range(5):
        before = refunds.workflow()
        answers = at_once([lambda: refunds.pause("ana"), lambda: refunds.edit("stu", purpose=f"At {refunds.at}.")])
        after = refunds.workflow()
        assert after.version - before.version == answers.count("done") >= 1
        assert {answer for answer in answers if answer != "done"} <= {
            "This workflow changed in this very moment, so nothing was saved. Look again and repeat it."
        }
        if after.pause:
            refunds.resume()
        refunds.clock.at += timedelta(days=1)
