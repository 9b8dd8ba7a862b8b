"""Freezes in conversation: one command stops, the drill's author may lift it, all are counted first."""

from bot.domain.freezes import FreezeKind
from tests.slack.cast import ANA, BO, MEI, RUI
from tests.slack.granting import granted
from tests.slack.office import Case, Office


def kind_of(office: Office, case: Case) -> FreezeKind | None:
    """How the workflow is frozen by now."""
    with office.desk.reading() as view:
        held = view.grants.freeze(case.id)
    return held.kind if held else None


def test_a_freeze_asks_why_says_how_many_grants_stop_and_shows_in_status_and_table(office: Office) -> None:
    mei, case = office.person(MEI), office.case(approvers=(MEI,))
    granted(office, case)
    ana = office.person(ANA).types(f"/rollout freeze {case.name}", in_=case.room)
    ana.sees(f"{case.name}: 1 grant stops at once", "Drill")
    ana.fills(reason="It answers nonsense.").submits().sees(
        f"{case.name} is frozen: every grant stands still", "the first refusal came"
    )
    assert kind_of(office, case) is FreezeKind.HAND
    ana.types(f"/rollout grants {case.name}").sees("Frozen by Ana Duarte", "It answers nonsense.", "■ send_macro")
    ana.types(f"/rollout status {case.name}").sees("Frozen by Ana Duarte", "Whatever its agent asks is denied")
    with office.nothing_changes():
        ana.clicks("Unfreeze…", beside="Frozen by").sees("You can't let this go on, as you asked for the grant")
        ana.types(f"/rollout freeze {case.name}").sees("is frozen already, by Ana Duarte")
    mei.types(f"/rollout status {case.name}", in_=case.room).clicks("Unfreeze…", beside="Frozen by")
    mei.sees("was frozen by Ana Duarte", "1 grant holds again").fills(reason="The prompt is mended.").submits()
    mei.sees_no_more("Frozen by").sees("Autonomy: intern")
    assert kind_of(office, case) is None


def test_with_a_reason_typed_one_command_is_enough(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    ana = office.person(ANA).types(f"/rollout freeze {case.name} it answers nonsense", in_=case.room)
    ana.sees(f"{case.name} is frozen").types(f"/rollout grants {case.name}").sees("it answers nonsense")


def test_whoever_froze_as_a_drill_lifts_it_within_the_hour_and_not_after(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    granted(office, case)
    ana = office.person(ANA).types(f"/rollout freeze {case.name} drill", in_=case.room)
    ana.fills(reason="The quarterly drill.").submits().sees(
        "is frozen as a drill", "the first refusal came", "s after the command"
    )
    assert kind_of(office, case) is FreezeKind.DRILL
    ana.types(f"/rollout unfreeze {case.name}").fills(reason="It stopped.").submits().sees("is no longer frozen")
    ana.types(f"/rollout freeze {case.name} drill once more").sees("is frozen as a drill")
    office.passes(minutes=61)
    with office.nothing_changes():
        ana.types(f"/rollout unfreeze {case.name}").sees("You can't let this go on")


def test_freezing_all_counts_first_and_takes_the_right_in_each(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    office.case(roles={})
    bo = office.person(BO)
    with office.nothing_changes():
        bo.types("/rollout freeze all", in_=case.room).sees("You can't stop or attest what this agent may do")
    assert bo.windows == []
    rui = office.person(RUI).types("/rollout freeze all", in_=case.room).sees("workflows stop at once", case.name)
    rui.fills(reason="The model provider is down.").submits().sees("are frozen: every grant stands still")
    assert kind_of(office, case) is FreezeKind.HAND
    with office.nothing_changes():
        rui.types("/rollout freeze all").sees("No workflow is left to freeze")
