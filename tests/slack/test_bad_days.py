"""Slack, or the database, on a bad day: nothing is lost, nothing is done by half, and people are told in time."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace

import pytest

from bot.domain.items import ItemState
from bot.domain.workflows import Role
from tests.slack.cast import ANA, BO, GONE, GUEST, MEI, ROBOT, RUI, STRANGER
from tests.slack.office import Office

CHOOSE = "Choose a workflow of clear value"
LINK = "https://wiki.example.org/refunds"


@contextmanager
def somebody_writing(office: Office, seconds: float) -> Iterator[None]:
    """Another process holds the database for that long."""
    with closing(sqlite3.connect(office.database_url.removeprefix("sqlite:///"), check_same_thread=False)) as other:
        other.isolation_level = None
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(seconds, lambda: other.execute("COMMIT"))
        timer.start()
        yield
        timer.join()


@pytest.mark.parametrize("kind", ["http_500_before", "drop_before", "ratelimited", "html", "error"])
def test_a_window_that_does_not_open_asks_to_press_again(office: Office, kind: str) -> None:
    case = office.case()
    ana = office.reader(case)
    with office.nothing_changes():
        office.fails("views.open", kind, error="expired_trigger_id")
        ana.clicks("Done…", beside=CHOOSE).sees("Please press again")
        office.fails("views.open", kind, error="expired_trigger_id")
        ana.types("/rollout start").sees("Please press again")
    ana.clicks("Done…", beside=CHOOSE).fills(evidence=LINK).submits().sees(f"✓ {CHOOSE}")


def test_a_window_that_is_too_late_for_its_trigger_asks_to_press_again(office: Office) -> None:
    triggers = office.workspace.triggers
    life_s, triggers.life_s = triggers.life_s, 0.0
    office.expects_problem("expired_trigger_id")
    case = office.case()
    ana = office.reader(case).clicks("Done…", beside=CHOOSE).sees("Please press again")
    triggers.life_s = life_s
    ana.clicks("Done…", beside=CHOOSE).fills(evidence=LINK).submits().sees(f"✓ {CHOOSE}")


@pytest.mark.parametrize("kind", ["http_500_before", "drop_before", "ratelimited"])
def test_a_home_that_cannot_be_drawn_leaves_what_was_done(office: Office, kind: str) -> None:
    case = office.case(roles={Role.OWNER: BO, Role.STEWARD: BO})
    bo = office.person(BO).opens_home().clicks("Done…", beside=f"{case.name}, due")
    office.fails("views.publish", kind)
    bo.fills(evidence=LINK).submits()
    office.settle()
    assert case.row("choose_workflow").state is ItemState.DONE
    bo.opens_home().sees(case.name, "1 of 24 done")


@pytest.mark.parametrize("kind", ["http_500_before", "drop_before", "ratelimited"])
def test_a_window_that_cannot_be_redrawn_leaves_what_was_done(office: Office, kind: str) -> None:
    case = office.case(roles={Role.OWNER: BO, Role.STEWARD: BO})
    bo = office.person(BO).opens_home().clicks("Checklist", beside=case.name).sees(f"Checklist of {case.name}")
    bo.clicks("Done…", beside=CHOOSE)
    office.fails("views.update", kind)
    bo.fills(evidence=LINK).submits()
    office.settle()
    assert case.row("choose_workflow").state is ItemState.DONE


@pytest.mark.parametrize("kind", ["http_500_before", "ratelimited", "drop_before", "drop_after"])
def test_a_redraw_that_slack_does_not_take_leaves_what_was_done(office: Office, kind: str) -> None:
    case = office.case()
    ana = office.reader(case).clicks("Done…", beside=CHOOSE).fills(evidence=LINK)
    office.fails("response_url", kind)
    ana.submits()
    office.settle()
    assert case.row("choose_workflow").state is ItemState.DONE
    ana.types(f"/rollout checklist {case.name}").sees(f"✓ {CHOOSE}")


def test_a_window_sent_after_its_way_back_expired_says_in_the_channel_what_was_done(office: Office) -> None:
    case = office.case()
    ana = office.reader(case).clicks("Done…", beside=CHOOSE).fills(evidence=LINK)
    office.passes(minutes=40)
    office.expects_problem("expired_url")
    ana.submits().sees(f"✓ {CHOOSE} and bounded risk is done.")
    assert case.row("choose_workflow").state is ItemState.DONE


def test_a_way_back_that_is_used_up_does_not_swallow_the_answer(office: Office) -> None:
    ana, case = office.person(ANA), office.case()
    ana.types(f"/rollout pause {case.name}", in_=case.room).fills(reason="Holidays.")
    for hook in office.workspace.hooks.values():
        hook.uses = 5
    office.expects_problem("used_url")
    ana.submits().sees(f"{case.name} is paused", "agent is stopped too")


@pytest.mark.parametrize(
    ("method", "kind"),
    [
        ("files.getUploadURLExternal", "ratelimited"),
        ("upload", "http_500_before"),
        ("files.completeUploadExternal", "drop_after"),
    ],
)
def test_a_picture_that_slack_does_not_take_costs_only_the_picture(office: Office, method: str, kind: str) -> None:
    bo, case = office.person(BO), office.case(day=5)
    office.fails(method, kind)
    bo.types(f"/rollout status {case.name}", in_=case.room).sees("PILOT · day 5 of 90", "^ day 5 of 90")
    office.settle()
    bo.types(f"/rollout status {case.name}").sees("Timeline of")


@pytest.mark.parametrize("kind", ["http_500_before", "drop_before", "ratelimited"])
def test_a_window_on_a_window_that_does_not_open_leaves_the_one_below(office: Office, kind: str) -> None:
    case = office.case(roles={Role.OWNER: BO, Role.STEWARD: BO})
    bo = office.person(BO).opens_home().clicks("Checklist", beside=case.name).sees(f"Checklist of {case.name}")
    office.fails("views.push", kind)
    with office.nothing_changes():
        bo.clicks("Done…", beside=CHOOSE)
    bo.sees("Please press again").closes().clicks("Done…", beside=CHOOSE).fills(evidence=LINK).submits()
    bo.sees(f"✓ {CHOOSE}")


@pytest.mark.parametrize("kind", ["http_500_before", "drop_before", "error"])
def test_a_channel_that_slack_does_not_name_gets_a_team_all_the_same(office: Office, kind: str) -> None:
    ana, room, name, team = office.person(ANA), office.room(), office.fresh(), office.fresh("Team")
    office.fails("conversations.info", kind, error="channel_not_found", times=2)
    ana.types("/rollout start", in_=room).clicks("Change…")
    ana.fills(team=team, name=name, purpose="Sorts tickets.").submits().sees(f"{name} is on day 1")
    with office.desk.reading() as view:
        assert (view.workflow(name).team.channel, view.workflow(name).team.name) == (room, team)


def test_a_slow_window_does_not_keep_slack_waiting(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    case = office.case()
    ana = office.reader(case)
    monkeypatch.setattr(office.workspace, "ack_timeout_s", 0.8)
    monkeypatch.setattr(office.bot.parts.messenger.client, "timeout", 3)
    office.fails("views.open", "slow", delay_s=1.0)
    ana.clicks("Done…", beside=CHOOSE).fills(evidence=LINK).submits().sees(f"✓ {CHOOSE}")


def test_a_slack_that_is_slow_to_say_who_someone_is_gets_an_answer_in_time(office: Office) -> None:
    case = office.case()
    office.forget_people()
    office.fails("users.info", "slow", delay_s=2.3)
    with office.nothing_changes():
        ana = office.person(ANA).types(f"/rollout status {case.name}", in_=case.room)
        ana.sees("Slack can't say who you are just now").sees_no("day 1 of 90")
    office.forget_people()


def test_a_group_that_slack_does_not_tell_is_asked_as_it_was(office: Office) -> None:
    before = office.desk.deciders()
    assert MEI in {person.handle for person in before.approvers}
    office.forget_people()
    office.fails("usergroups.users.list", "http_500_before", times=2)
    office.fails("users.info", "http_500_before", times=9)
    assert office.desk.deciders() == before


@pytest.mark.parametrize("outsider", [GUEST, STRANGER, GONE, ROBOT])
def test_an_outsider_of_whom_slack_says_nothing_just_now_is_asked_no_more_than_before(
    office: Office, outsider: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office.desk, "configured", replace(office.desk.configured, admins=(RUI, outsider)))
    before = office.desk.deciders()
    assert [person.handle for person in before.admins] == [RUI]
    office.forget_people()
    office.fails("users.info", "http_500_before", times=9)
    assert office.desk.deciders() == before


def test_a_group_that_slack_does_not_tell_gives_nobody_a_right(office: Office) -> None:
    mei, case = office.person(MEI), office.case()
    office.reader(case).picks("Skip…", beside=CHOOSE).fills(reason="Agreed.").submits().sees("asks to skip")
    office.settle()
    office.forget_people()
    office.fails("usergroups.users.list", "http_500_before", times=2)
    mei.room = case.room
    with office.nothing_changes():
        mei.clicks("Approve", beside="asks to skip").sees("You can't decide this request")


def test_a_database_that_is_locked_for_two_seconds_still_answers(office: Office) -> None:
    case = office.case()
    ana = office.reader(case).clicks("Done…", beside=CHOOSE).fills(evidence=LINK)
    with somebody_writing(office, 1.9):
        ana.submits().sees(f"✓ {CHOOSE}")
    assert case.row("choose_workflow").state is ItemState.DONE


def test_a_database_that_stays_locked_says_so_in_time_and_keeps_what_was_typed(office: Office) -> None:
    case = office.case()
    ana = office.reader(case).clicks("Done…", beside=CHOOSE).fills(evidence=LINK, note="Agreed.")
    with somebody_writing(office, 2.8):
        ana.tries_to_submit().sees_error("evidence", "nothing was saved, try again")
    assert ana.typed("note") == "Agreed."
    ana.submits().sees(f"✓ {CHOOSE}")
