"""The status that a leader reads in five seconds, of one workflow and of many."""

from contextlib import closing

from bot.actions import items
from bot.actions.desk import Asked, Clocks, Configured, Desk
from bot.actions.items import Place
from bot.domain.items import ItemKey
from bot.domain.ticking import Given
from bot.domain.workflows import Role
from bot.sandbox.wire import Json
from store import Database, Store
from tests.slack.cast import ANA, BO, CHIDI, MEI, RUI
from tests.slack.office import Case, Office

CHOOSE, MEASURE = "Choose a workflow of clear value", "Write down today's volume"
ALL_ROLES = {Role.EVAL_OWNER: MEI, Role.GATEKEEPER: CHIDI}


def pictures(messages: list[Json]) -> list[Json]:
    """The image blocks of some messages."""
    return [block for one in messages for block in one.get("blocks") or () if block["type"] == "image"]


def with_trouble(office: Office) -> Case:
    """A workflow on day 12 with a late, a blocked and a vacant thing, and a request that waits."""
    case = office.case(day=12)
    ana = office.person(ANA).types(f"/rollout checklist {case.name}", in_=case.room)
    ana.picks("Block…", beside="Tell the people").fills(note="The works council meets on Friday.").submits()
    ana.sees("works council").picks("Skip…", beside=MEASURE).fills(reason="Known from last year.").submits()
    ana.sees("asks to skip")
    return case


def test_it_says_phase_day_progress_and_who_is_next(office: Office) -> None:
    ana, case = office.person(ANA), office.case(day=2, roles=ALL_ROLES)
    ana.types(f"/rollout status {case.name}", in_=case.room)
    ana.sees(case.name, "PILOT · day 2 of 90", "1 done · 23 open", "Next up", CHOOSE, "Ana Duarte", "due today")
    ana.sees("[Open checklist] [Gate] [Grants] [Share in channel]")


def test_it_names_what_is_late_blocked_vacant_and_waiting(office: Office) -> None:
    bo, case = office.person(BO), with_trouble(office)
    bo.types(f"/rollout status {case.name}", in_=case.room)
    bo.sees(CHOOSE, "10 days late", "Ana Duarte")
    bo.sees("Blocked: Tell the people", "The works council meets on Friday.", "1 blocked")
    bo.sees("Nobody is eval owner yet", "Nobody is data gatekeeper yet")
    bo.sees("Ana Duarte waits for a decision", MEASURE)


def test_the_sentence_of_a_notification_says_the_same(office: Office) -> None:
    bo, case = office.person(BO), office.case(day=2)
    bo.types(f"/rollout status {case.name}", in_=case.room)
    assert bo.messages()[-1]["text"].startswith(
        f"{case.name} (Team of {case.name}): PILOT · day 2 of 90, 0 of 24 items"
    )


def test_the_picture_follows_with_words_that_say_the_same(office: Office) -> None:
    ana, case = office.person(ANA), office.case(day=12)
    ana.types(f"/rollout status {case.name}", in_=case.room).sees(f"Timeline of {case.name}: pilot, day 12 of 90")
    (picture,) = pictures(ana.messages())
    assert "is late" in picture["alt_text"] or "are late" in picture["alt_text"]


def test_a_picture_that_is_there_already_stands_in_the_answer(office: Office) -> None:
    ana, case = office.person(ANA), office.case(day=12)
    ana.types(f"/rollout status {case.name}", in_=case.room).sees("Timeline of")
    office.settle()
    again = office.person(ANA).types(f"/rollout status {case.name}", in_=case.room)
    (answer,) = again.messages()
    assert len(pictures([answer])) == 1


def test_a_workspace_that_takes_no_files_gets_the_timeline_as_text(office: Office) -> None:
    bo, case = office.person(BO), office.case(day=5)
    office.fails("files.getUploadURLExternal", "error", error="missing_scope")
    bo.types(f"/rollout status {case.name}", in_=case.room).sees("PILOT · day 5 of 90", "^ day 5 of 90", "Pilot 0/24")
    office.settle()
    assert pictures(bo.messages()) == []


def test_a_status_is_shared_with_the_channel_and_says_by_whom(office: Office) -> None:
    bo, case = office.person(BO), office.case(day=2)
    rui = office.person(RUI)
    bo.types(f"/rollout status {case.name}", in_=case.room).sees("day 2 of 90")
    rui.sees_no("day 2 of 90", in_=case.room)
    bo.clicks("Share in channel")
    rui.sees("PILOT · day 2 of 90", "Shared by Bo Lindqvist", in_=case.room).sees_no("Share in channel", in_=case.room)


def test_many_are_listed_with_most_trouble_first(office: Office) -> None:
    calm, late = office.case(day=1, roles=ALL_ROLES), office.case(day=30)
    bo = office.person(BO).types("/rollout status", in_=office.room())
    bo.sees(f"{late.name}  PILOT · day 30 of 90", f"{calm.name}  PILOT · day 1 of 90", "0 of 24 done")
    assert bo.screen.index(late.name) < bo.screen.index(calm.name)
    bo.clicks("Status", beside=calm.name).sees(calm.name, "Next up")


def test_in_a_teams_channel_only_its_own_are_listed(office: Office) -> None:
    case, other = office.case(), office.case()
    bo = office.person(BO).types("/rollout status", in_=case.room)
    bo.sees(f"Workflows of Team of {case.name}", case.name).sees_no(other.name)


def test_the_bare_command_gives_the_state_and_three_next_steps_at_most(office: Office) -> None:
    office.case(day=3)
    ana = office.person(ANA).types("/rollout", in_=office.room()).sees("waiting on you", "[My next item]")
    assert 1 <= len(ana.controls) <= 3
    ana.clicks("My next item").sees("Checklist of")


def test_after_day_ninety_the_ninety_is_dropped(office: Office) -> None:
    bo, case = office.person(BO), office.case(day=95)
    bo.types(f"/rollout status {case.name}", in_=case.room).sees("PILOT · day 95").sees_no("of 90")


def test_a_workflow_that_begins_later_says_when(office: Office) -> None:
    bo, case = office.person(BO), office.case(day=-2)
    bo.types(f"/rollout status {case.name}", in_=case.room).sees("starts in 3 days")
    assert case.workflow.start_on == office.day_after(3)


def test_what_is_shown_moves_with_the_clock(office: Office) -> None:
    bo, case = office.person(BO), office.case(day=1)
    bo.types(f"/rollout status {case.name}", in_=case.room).sees("day 1 of 90", "due tomorrow")
    office.passes(days=1)
    bo.types(f"/rollout status {case.name}").sees("day 2 of 90", "due today")


def test_what_another_process_records_stands_in_the_very_next_status(office: Office) -> None:
    ana, case = office.person(ANA), office.case(day=2, roles=ALL_ROLES)
    for _ in range(2):
        ana.types(f"/rollout status {case.name}", in_=case.room).sees("1 done · 23 open")
        office.settle()
    clocks = Clocks(office.clock, office.clock)
    with closing(Database(office.database_url)) as database:
        elsewhere = Desk(Store(database), clocks, office.desk.directory, Configured())
        done = Given("https://docs.example/1")
        elsewhere.do(Asked(elsewhere.actor(ANA)), items.check, Place(case.id, ItemKey("choose_workflow")), done)
    ana.types(f"/rollout status {case.name}", in_=case.room).sees("2 done · 22 open")
