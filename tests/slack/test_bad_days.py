"""Slack on a bad day: whatever it does to an answer, nothing is lost and nothing is said twice."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import select

from bot.domain.items import ItemState
from bot.domain.workflows import Role
from store.tables.ledger import outbox
from tests.slack.cast import ANA, BO, MEI
from tests.slack.conversation import Someone
from tests.slack.office import Case, Office

CHOOSE, MEASURE = "Choose a workflow of clear value", "Write down today's volume"
LINK = "https://wiki.example.org/refunds"
UNSURE = ("http_500_before", "http_500_after", "drop_before", "drop_after", "html", "truncated")


@pytest.fixture(autouse=True)
def impatient(office: Office) -> Iterator[None]:
    """Lets the bot wait a second for Slack, not ten, so that a slow answer is a lost one."""
    client = office.bot.parts.messenger.client
    kept, client.timeout = client.timeout, 1
    yield
    client.timeout = kept


def reader(office: Office, case: Case, user: str = ANA) -> Someone:
    """Someone with the checklist in front of them."""
    return office.person(user).types(f"/rollout checklist {case.name}", in_=case.room)


def cards(office: Office, room: str, words: str) -> list[str]:
    """The public messages of a room that hold these words."""
    bo = office.person(BO)
    everything = office.workspace.rooms[room].messages.values()
    return [text for one in everything if words in (text := bo.read(one))]


class Fate(NamedTuple):
    """What became of something that must be told, and when it is due."""

    state: str
    not_before: datetime


def posting(office: Office, room: str, kind: str) -> Fate:
    """The fate of what must be told in a room."""
    with office.desk.store.database.reading() as connection:
        where = (outbox.c.target == room, outbox.c.kind == kind)
        return Fate(*connection.execute(select(outbox.c.state, outbox.c.not_before).where(*where)).one())


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


@pytest.mark.parametrize("kind", [*UNSURE, "slow"])
def test_a_post_whose_answer_is_lost_stands_once_in_the_channel(office: Office, kind: str) -> None:
    office.fails("chat.postMessage", kind, delay_s=1.3)
    case = office.case()
    assert len(cards(office, case.room, f"started {case.name}")) == 1


@pytest.mark.parametrize("error", ["internal_error", "fatal_error", "service_unavailable"])
def test_an_error_that_does_not_say_whether_it_was_done_is_looked_into(office: Office, error: str) -> None:
    office.fails("chat.postMessage", "error", error=error)
    case = office.case()
    assert len(cards(office, case.room, f"started {case.name}")) == 1


def test_answers_that_are_lost_again_and_again_still_make_one_post(office: Office) -> None:
    for kind in ("drop_after", "drop_before"):
        office.fails("chat.postMessage", kind)
    office.fails("conversations.history", "http_500_before")
    case = office.case()
    assert len(cards(office, case.room, f"started {case.name}")) == 1


@pytest.mark.parametrize(("header", "wait_s"), [(1, 1), (30, 30), (9999, 3600), (None, 30), ("soon", 30), (-5, 1)])
def test_a_429_waits_in_the_database_as_long_as_slack_says(
    office: Office, header: float | str | None, wait_s: int
) -> None:
    ana, room, name = office.person(ANA), office.room(), office.fresh()
    office.fails("chat.postMessage", "ratelimited", retry_after_s=header)
    ana.types("/rollout start", in_=room).fills(name=name, purpose="Sorts tickets.").submits()
    begun = office.clock.now()

    def waits() -> bool:
        found = posting(office, room, "workflow_started")
        off = abs(found.not_before - begun - timedelta(seconds=wait_s))
        return bool(found.state == "pending" and off < timedelta(seconds=2))

    office.until(waits, f"a wait of {wait_s} seconds")
    office.clock.advance(wait_s)
    office.settle()
    assert len(cards(office, room, f"started {name}")) == 1


@pytest.mark.parametrize(
    "error", ["channel_not_found", "not_in_channel", "is_archived", "restricted_action", "missing_scope"]
)
def test_a_channel_that_takes_no_posts_holds_its_own_and_no_others(office: Office, error: str) -> None:
    office.fails("chat.postMessage", "error", error=error)
    held, other = office.case(), office.case()
    assert posting(office, held.room, "workflow_started").state == "held"
    assert len(cards(office, other.room, f"started {other.name}")) == 1
    assert cards(office, held.room, f"started {held.name}") == []


@pytest.mark.parametrize("error", ["token_revoked", "invalid_auth", "account_inactive"])
def test_what_waits_is_kept_while_the_token_is_not_accepted(office: Office, error: str) -> None:
    ana, room, name = office.person(ANA), office.room(), office.fresh()
    office.fails("chat.postMessage", "error", error=error, times=1)
    ana.types("/rollout start", in_=room).fills(name=name, purpose="Sorts tickets.").submits()
    office.until(lambda: posting(office, room, "workflow_started").state == "pending", "a wait")
    assert cards(office, room, f"started {name}") == []
    office.clock.advance(601)
    office.settle()
    assert len(cards(office, room, f"started {name}")) == 1


def test_a_lost_answer_in_a_channel_that_the_bot_cannot_read_is_held_not_repeated(office: Office) -> None:
    office.fails("chat.postMessage", "drop_after")
    office.expects_problem("not_in_channel")
    case = office.case(room=office.room(without_bot=True))
    assert len(cards(office, case.room, f"started {case.name}")) == 1
    assert posting(office, case.room, "workflow_started").state == "held"


@pytest.mark.parametrize("kind", ["http_500_before", "drop_after", "html", "ratelimited"])
def test_a_card_is_brought_up_to_date_however_often_slack_fails(office: Office, kind: str) -> None:
    mei, case = office.person(MEI), office.case()
    reader(office, case).picks("Skip…", beside=CHOOSE).fills(reason="Agreed.").submits().sees("asks to skip")
    office.settle()
    office.fails("chat.update", kind)
    mei.room = mei.direct
    mei.clicks("Approve", beside=case.name).sees("✓ Approved by Mei Tanaka")
    office.passes(seconds=1)
    office.settle()
    mei.sees("✓ Approved by Mei Tanaka", case.name, in_=case.room).sees_no("[Approve]", in_=case.room)


def test_a_card_that_somebody_deleted_does_not_keep_the_others_stale(office: Office) -> None:
    mei, case = office.person(MEI), office.case()
    reader(office, case).picks("Skip…", beside=CHOOSE).fills(reason="Agreed.").submits().sees("asks to skip")
    office.settle()
    shown, _ = mei.finds("Approve", beside=case.name, in_=case.room)
    del office.workspace.rooms[case.room].messages[shown["ts"]]
    office.expects_problem("message_not_found")
    mei.types("/rollout requests", in_=office.room()).clicks("Look", beside=case.name)
    mei.clicks("Approve", beside=case.name).sees("✓ Approved by Mei Tanaka")
    mei.sees("✓ Approved by Mei Tanaka", case.name, in_=mei.direct).sees_no("[Approve]", in_=mei.direct)


@pytest.mark.parametrize("kind", ["http_500_before", "drop_before", "ratelimited", "html", "error"])
def test_a_window_that_does_not_open_asks_to_press_again(office: Office, kind: str) -> None:
    case = office.case()
    ana = reader(office, case)
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
    ana = reader(office, case).clicks("Done…", beside=CHOOSE).sees("Please press again")
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
    ana = reader(office, case).clicks("Done…", beside=CHOOSE).fills(evidence=LINK)
    office.fails("response_url", kind)
    ana.submits()
    office.settle()
    assert case.row("choose_workflow").state is ItemState.DONE
    ana.types(f"/rollout checklist {case.name}").sees(f"✓ {CHOOSE}")


def test_a_window_sent_after_its_way_back_expired_says_in_the_channel_what_was_done(office: Office) -> None:
    case = office.case()
    ana = reader(office, case).clicks("Done…", beside=CHOOSE).fills(evidence=LINK)
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


@pytest.mark.parametrize("kind", ["http_500_before", "drop_after", "ratelimited", "html"])
def test_a_direct_message_that_does_not_open_is_told_once_all_the_same(office: Office, kind: str) -> None:
    mei, case = office.person(MEI), office.case()
    office.fails("conversations.open", kind)
    reader(office, case).picks("Skip…", beside=CHOOSE).fills(reason="Agreed.").submits().sees("asks to skip")
    office.passes(seconds=1)
    office.settle()
    told = [one for one in mei.messages(mei.direct) if f"of {case.name} until" in mei.read(one)]
    assert len(told) == 1


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
    ana = reader(office, case)
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


def test_a_group_that_slack_does_not_tell_gives_nobody_a_right(office: Office) -> None:
    mei, case = office.person(MEI), office.case()
    reader(office, case).picks("Skip…", beside=CHOOSE).fills(reason="Agreed.").submits().sees("asks to skip")
    office.settle()
    office.forget_people()
    office.fails("usergroups.users.list", "http_500_before", times=2)
    mei.room = case.room
    with office.nothing_changes():
        mei.clicks("Approve", beside="asks to skip").sees("You can't decide this request")


def test_a_database_that_is_locked_for_two_seconds_still_answers(office: Office) -> None:
    case = office.case()
    ana = reader(office, case).clicks("Done…", beside=CHOOSE).fills(evidence=LINK)
    with somebody_writing(office, 1.9):
        ana.submits().sees(f"✓ {CHOOSE}")
    assert case.row("choose_workflow").state is ItemState.DONE


def test_a_database_that_stays_locked_says_so_in_time_and_keeps_what_was_typed(office: Office) -> None:
    case = office.case()
    ana = reader(office, case).clicks("Done…", beside=CHOOSE).fills(evidence=LINK, note="Agreed.")
    with somebody_writing(office, 2.8):
        ana.tries_to_submit().sees_error("evidence", "nothing was saved, try again")
    assert ana.typed("note") == "Agreed."
    ana.submits().sees(f"✓ {CHOOSE}")
