"""Help: what one can type, and what was probably meant."""

from pathlib import Path

import pytest

from bot.slack.registry import COMMANDS
from tests.slack.cast import ANA, BO
from tests.slack.conftest import opened
from tests.slack.office import Office


def test_help_lists_every_verb_in_groups_with_examples(office: Office) -> None:
    ana = office.person(ANA).types("/rollout help", in_=office.case().room)
    for verb in COMMANDS.values():
        ana.sees(verb.usage, verb.summary)
    ana.sees("Do\n", "Decide\n", "Look up\n", "For instance", "/rollout status refunds_agent")


def test_help_leaves_out_what_has_nothing_to_act_on_yet(tmp_path: Path) -> None:
    for empty in opened(Office(tmp_path)):
        ana = empty.person(ANA).types("/rollout help", in_=empty.room())
        ana.sees("/rollout start", "/rollout team", "puts a first workflow on a playbook")
        ana.sees("/rollout policy").sees_no("/rollout checklist").sees_no("/rollout save")


@pytest.mark.parametrize(("typed", "meant"), [("stauts", "status"), ("cheklist", "checklist"), ("Pausee x", "pause")])
def test_an_unknown_verb_offers_the_nearest_one_and_the_help(office: Office, typed: str, meant: str) -> None:
    ana = office.person(ANA)
    with office.nothing_changes():
        ana.types(f"/rollout {typed}", in_=office.room()).sees("There is no /rollout", "What you can type")
        ana.sees(f"Did you mean /rollout {meant}?")


def test_a_verb_like_no_other_gets_the_help_without_a_guess(office: Office) -> None:
    ana = office.person(ANA).types("/rollout xyzzy", in_=office.room()).sees("There is no /rollout xyzzy", "Look up")
    ana.sees_no("Did you mean")


def test_verbs_may_be_typed_in_capitals_and_with_room_around_them(office: Office) -> None:
    case = office.case()
    office.person(ANA).types(f"/rollout   STATUS   {case.name.upper()}  ", in_=case.room).sees("PILOT · day 1 of 90")


def test_a_wrong_name_offers_the_nearest_one(office: Office) -> None:
    case = office.case(stem="billing_helper")
    with office.nothing_changes():
        for verb in ("status", "checklist"):
            bo = office.person(BO).types(f"/rollout {verb} {case.name.replace('helper', 'helpr')}", in_=case.room)
            bo.sees("There is no workflow", f"Did you mean {case.name}?")


def test_a_verb_without_a_name_takes_the_channels_only_workflow_or_asks_which(office: Office) -> None:
    case, name = office.case(), office.fresh()
    ana = office.person(ANA).types("/rollout checklist", in_=case.room).sees(f"Checklist of {case.name}")
    ana.types("/rollout start").fills(name=name, purpose="Sorts tickets.").submits().sees(f"{name} is on day 1")
    ana.types("/rollout checklist").sees("Which workflow?", case.name, name, "/rollout checklist")
