"""The same short story over signed HTTP, where Slack knocks at the bot's door."""

from collections.abc import Iterator

import pytest

from bot.domain.items import ItemState
from tests.slack.cast import ANA, GUEST, MEI
from tests.slack.conftest import opened
from tests.slack.office import Office

CHOOSE = "Choose a workflow of clear value"


@pytest.fixture(scope="module")
def premises(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A workspace that reaches the bot at its request URL."""
    yield from opened(Office(tmp_path_factory.mktemp("http"), "http"))


def test_a_workflow_is_started_ticked_skipped_and_looked_at(office: Office) -> None:
    ana, mei, room, name = office.person(ANA), office.person(MEI), office.room(), office.fresh()
    ana.types("/rollout start", in_=room).fills(name=name, purpose="Proposes refunds.").submits()
    ana.sees(f"{name} is on day 1 of 90").sees(f"Ana Duarte started {name}").clicks("Open checklist", beside=name)
    ana.clicks("Done…", beside=CHOOSE).fills(evidence="https://wiki.example.org").submits().sees(f"✓ {CHOOSE}")
    ana.picks("Skip…", beside="Write down today's volume").fills(reason="Known from last year.").submits()
    mei.room = room
    mei.clicks("Approve", beside="asks to skip").sees("✓ Approved by Mei Tanaka")
    mei.types(f"/rollout status {name}").sees("1 done · 1 skipped").sees(f"Timeline of {name}")
    ana.opens_home().sees("Your workflows", name)


def test_an_error_stands_beside_its_field_over_http_too(office: Office) -> None:
    case = office.case()
    ana = office.person(ANA).types("/rollout start", in_=case.room).fills(name=case.name, purpose="Another.")
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("name", f"There is a workflow {case.name} already")


def test_a_guest_is_refused_over_http_too(office: Office) -> None:
    with office.nothing_changes():
        guest = office.person(GUEST).types("/rollout status", in_="C0GENERAL")
        guest.sees("Guests of this workspace can't use Rollout", in_="C0GENERAL")


def test_events_and_clicks_that_slack_repeats_have_one_effect(office: Office) -> None:
    case = office.case()
    office.workspace.faults.repeat_events = 3
    ana = office.person(ANA).opens_home().sees(case.name)
    ana.types(f"/rollout checklist {case.name}", in_=case.room)
    ana.picks("Block…", beside=CHOOSE).fills(note="Later.").submits().sees("Later.")
    office.workspace.faults.repeat_envelopes = 3
    ana.picks("Reopen", beside=CHOOSE).sees(f"○ {CHOOSE}")
    office.settle()
    assert case.row("choose_workflow").state is ItemState.OPEN
    with office.desk.reading() as view:
        facts = [entry.fact for entry in view.history(f"{case.id}/choose_workflow")]
    assert facts == ["item_blocked", "item_reopened"]
