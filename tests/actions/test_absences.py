"""Being away: a deputy holds what someone holds, approvals go only to who may approve, and all ends by itself."""

from datetime import date, timedelta
from typing import Any

import pytest

from bot.actions import absences, checklists, privacy, requests
from bot.domain.errors import BadInput, Conflict, NotAllowed
from bot.domain.workflows import Role
from store.reading.reasons import read_because
from tests.cast import MONDAY, SCHEDULER, agent, handle_of
from tests.program import Posted, Program

ITEM = "choose_operating_model"
FRIDAY = date(2026, 3, 6)


def away(program: Program, who: str, deputy: str | None = None, until: date = FRIDAY) -> None:
    program.do(who, absences.leave, until, program.person(deputy) if deputy else None)


def back(program: Program, who: str) -> None:
    program.do(who, absences.come_back)


def asked(program: Program) -> set[str]:
    return {posted.target for posted in program.posted() if posted.kind == "request_card"}


def id_of(program: Program, name: str) -> str:
    known = program.ask(lambda view: view.person_by_handle(handle_of(name)))
    assert known
    return known.id


def last(program: Program) -> dict[str, Any]:
    return dict(program.chain()[-1]["details"])


def test_a_deputy_may_what_the_steward_may_and_the_record_says_why(refunds: Program) -> None:
    with pytest.raises(NotAllowed):
        refunds.pause("max")
    away(refunds, "stu", "max")
    refunds.pause("max")
    assert last(refunds)["allowed_because"] == f"deputy of {id_of(refunds, 'stu')}, agent steward of refunds_agent"
    refunds.resume("stu")
    assert last(refunds)["allowed_because"] == "agent steward of refunds_agent"


def test_a_deputys_right_is_read_by_name_until_that_person_is_erased(refunds: Program) -> None:
    kept = f"deputy of {id_of(refunds, 'stu')}, agent steward of refunds_agent"

    def read() -> str | None:
        with refunds.database.reading() as connection:
            return read_because(connection, kept)

    assert read() == "deputy of Stu, agent steward of refunds_agent"
    refunds.do("ada", privacy.erase, "USTU", "They left.")
    assert read() == "deputy of someone erased, agent steward of refunds_agent"


def test_ones_own_right_is_named_before_that_of_a_deputy(refunds: Program) -> None:
    away(refunds, "ana", "stu")
    refunds.give(Role.OWNER, "stu", by="ana")
    refunds.pause("stu")
    assert last(refunds)["allowed_because"] == "accountable owner of refunds_agent"


@pytest.mark.parametrize("moment", [timedelta(days=4, hours=15), timedelta(days=40)])
def test_a_deputy_stands_in_to_the_end_of_the_last_day_and_no_longer(refunds: Program, moment: timedelta) -> None:
    away(refunds, "stu", "max")
    refunds.later(days=4, hours=14, minutes=59)
    refunds.pause("max")
    refunds.clock.at = MONDAY + moment
    with pytest.raises(NotAllowed):
        refunds.resume("max")
    assert refunds.ask(lambda view: view.absences(refunds.at).all) == ()


def test_who_comes_back_early_ends_it_at_once(refunds: Program) -> None:
    away(refunds, "stu", "max")
    back(refunds, "stu")
    with pytest.raises(NotAllowed):
        refunds.pause("max")
    with pytest.raises(Conflict, match="You are not away"):
        back(refunds, "stu")
    assert refunds.facts().count("person_away") == refunds.facts().count("person_back") == 1
    assert refunds.verify().ok


def test_said_again_it_takes_the_place_of_what_was_said_before(refunds: Program) -> None:
    away(refunds, "stu", "max")
    away(refunds, "stu", "gil", FRIDAY + timedelta(days=7))
    with pytest.raises(NotAllowed):
        refunds.pause("max")
    refunds.later(days=7)
    refunds.pause("gil")
    assert [each.until for each in refunds.ask(lambda view: view.absences(refunds.at).all)] == [date(2026, 3, 13)]


def test_an_item_of_someone_away_is_its_deputys_to_tick(refunds: Program) -> None:
    refunds.assign(ITEM, "gil")
    away(refunds, "gil", "max")
    refunds.check(ITEM, "max")
    assert last(refunds)["allowed_because"] == "whose item it is"
    checklist = refunds.checklist()
    assert [each.person.name for each in checklist.absences.all] == ["Gil"]


def test_a_team_of_someone_away_is_led_by_the_deputy(refunds: Program) -> None:
    away(refunds, "lea", "max")
    refunds.pause("max")
    assert last(refunds)["allowed_because"] == f"deputy of {id_of(refunds, 'lea')}, lead of Support"


def test_the_right_to_decide_passes_to_nobody(refunds: Program) -> None:
    request = refunds.ask_skip(ITEM)
    for who in ("bea", "apo", "ada"):
        away(refunds, who, "max")
    with pytest.raises(NotAllowed, match="You can't decide this request: Cem can"):
        refunds.approve(request, "max")
    refunds.approve(request, "bea")


def test_an_approver_who_is_away_is_not_asked_and_the_next_one_is(refunds: Program) -> None:
    away(refunds, "bea", "max")
    refunds.ask_skip(ITEM)
    assert asked(refunds) == {"CSUPPORT", "UCEM"}
    refunds.later(days=2)
    refunds.do(SCHEDULER, requests.escalate)
    assert asked(refunds) == {"CSUPPORT", "UCEM", "UAPO", "UADA"}


def test_a_deputy_who_may_approve_is_asked_in_the_place_of_who_is_away(refunds: Program) -> None:
    away(refunds, "bea", "ada")
    refunds.ask_skip(ITEM)
    assert asked(refunds) == {"CSUPPORT", "UADA"}


def test_one_who_is_back_is_asked_again(refunds: Program) -> None:
    away(refunds, "bea")
    refunds.later(days=5)
    refunds.ask_skip(ITEM)
    assert asked(refunds) == {"CSUPPORT", "UBEA"}


def test_an_asker_who_is_away_hears_nothing_and_the_deputy_hears_it_instead(refunds: Program) -> None:
    first, second = refunds.ask_skip(ITEM), refunds.ask_skip("measure_today", "stu")
    away(refunds, "ana", "max")
    away(refunds, "stu")
    for request in (first, second):
        refunds.approve(request)
    assert [posted for posted in refunds.posted() if posted.kind == "request_answer"] == [
        Posted("request_answer", "UMAX")
    ]


def test_a_deputy_is_told_and_one_who_is_away_too_stands_in_for_nobody(refunds: Program) -> None:
    away(refunds, "stu", "max")
    assert Posted("stand_in", "UMAX") in refunds.posted()
    with pytest.raises(Conflict, match="Stu is away too, until 6 Mar 2026"):
        away(refunds, "ana", "stu")
    away(refunds, "max")
    stu = refunds.ask(lambda view: view.person_by_handle("USTU"))
    assert stu
    assert refunds.ask(lambda view: view.absences(refunds.at).reached(stu)) is None


@pytest.mark.parametrize(
    ("until", "deputy", "why"),
    [
        (date(2026, 3, 1), None, "2026-03-01 is over already"),
        (date(2027, 3, 4), None, "at most 366 days"),
        (FRIDAY, "stu", "Nobody stands in for themselves"),
    ],
)
def test_an_absence_that_means_nothing_is_refused(refunds: Program, until: date, deputy: str | None, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        away(refunds, "stu", deputy, until)


def test_only_people_are_away(refunds: Program) -> None:
    with pytest.raises(NotAllowed, match="a person must do it"):
        refunds.do(agent(), absences.leave, FRIDAY, None)


def test_a_status_of_many_knows_who_is_away_too(refunds: Program) -> None:
    away(refunds, "stu", "max")
    with refunds.desk.reading() as view:
        (status,) = checklists.statuses(view, view.workflows(), refunds.at)
    assert [each.deputy and each.deputy.name for each in status.checklist.absences.all] == ["Max"]
