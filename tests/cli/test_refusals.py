"""What the command line refuses: a plain sentence on standard error, nothing on standard output, nothing changed."""

import pytest

from tests.cli.conftest import Rollout

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

AT = "--at 2026-03-09T10:00:00Z"
CHOOSE = "“Choose a workflow of clear value and bounded risk”"

REFUSED = {
    "item done refunds_agnt choose_workflow --as UANA": "There is no workflow 'refunds_agnt'. Did you mean refunds_agent?",
    "item done refunds_agent choose_workflo --as UANA": "refunds_agent has no item 'choose_workflo'. Did you mean choose_workflow?",
    "item done refunds_agent choose_workflow --as UANA": f"{CHOOSE} needs evidence (a link) so that others can see it was done.",
    "item done refunds_agent choose_workflow --evidence https://x.example --as UEVE": "You can't change this item: UANA or ULEAD can.",
    "item done refunds_agent choose_workflow#x --as UANA": "'choose_workflow#x' names no item: after # comes the number of the recurrence, such as 2.",
    "item reopen refunds_agent choose_workflow --as UANA": f"{CHOOSE} is open already, so there is nothing to reopen.",
    "item restore refunds_agent choose_workflow --as UANA": f"Nothing was changed about {CHOOSE} yet, so there is nothing to restore.",
    "item block refunds_agent choose_workflow --note '' --as UANA": "Please say what blocks it and who could help: others will read it later and act on it.",
    "item skip refunds_agent choose_workflow --note x --until 2026-03-09 --as UANA": "A skip ends on a later day than today: give the date when the item must be looked at again.",
    "pause refunds_agent --reason x": "You can't change this workflow: UANA or ULEAD can.",
    "resume refunds_agent --reason x --as UANA": "refunds_agent is not paused, so there is nothing to resume.",
    "pause refunds_agent --reason x --as agent:refunds": "This asks for a person, and refunds is none (agent): a person must do it.",
    "start other --team Support --start 2026-03-02 --as service:deploy": "This asks for a person, and deploy is none (service): a person must do it.",
    "team add Sales --channel C9 --lead ULEAD --timezone UTC --as agent:a": "This asks for a person, and a is none (agent): a person must do it.",
    "start other --team Suport --start 2026-03-02": "There is no team 'Suport'. Did you mean Support?",
    "start refunds_agent --team Support --start 2026-03-02": "There is a workflow refunds_agent already; choose another name. Names of closed workflows stay taken, so that their records keep meaning one thing.",
    "start other --team Support --start 2026-03-02 --playbook ninety_days": "There is no playbook 'ninety_days': did you mean 'ninety_day'?",
    "start other --team Support --start 2024-03-02": "The start date 2024-03-02 is more than 400 days from today; give a nearer one.",
    "start other --team Support --start 2026-03-02 --purpose ''": "Please say what the agent will do, in a sentence or two: others will read it later and act on it.",
    "team add Support --channel C9 --lead ULEAD --timezone UTC": "There is a team Support already; choose another name, or use that team.",
    "team add Sales --channel C0SUPPORT --lead ULEAD --timezone UTC": "This channel belongs to team Support already; a team has a channel of its own.",
    "team add Sales --channel C9 --lead ULEAD --timezone Europe/Lisboa": "There is no time zone 'Europe/Lisboa'. Did you mean Europe/Lisbon?",
    "team add Sales --channel C9 --lead ULEAD --timezone UTC --hours 18-9": "Working hours are two whole hours of one day, such as 9-18, and '18-9' is not.",
    "team edit Support --name Help": "You can't change this team: ULEAD can.",
    "role set refunds_agent owner UANA --as ULEAD": "UANA is accountable owner of refunds_agent already.",
    "role clear refunds_agent gatekeeper --as ULEAD": "Nobody is data gatekeeper of refunds_agent, so there is nothing to clear.",
    "role clear refunds_agent owner UBEN --as ULEAD": "UBEN is not accountable owner of refunds_agent.",
    "approve req_nothing --as UAPP": "There is no request 'req_nothing'. rollout requests lists what waits.",
}


@pytest.mark.parametrize("line", REFUSED)
def test_what_the_rules_refuse_is_one_sentence_with_status_1(rollout: Rollout, refunds: str, line: str) -> None:
    before = rollout(f"status --format json {AT}").out
    refused = rollout(f"{line} {AT}")
    assert (refused.status, refused.out, refused.err) == (1, "", f"{REFUSED[line]}\n")
    assert rollout(f"status --format json {AT}").out == before


BAD_USAGE = {
    "status --at yesterday": "Invalid value for '--at': 'yesterday' is no instant with its offset: write it as "
    "2026-03-02T09:00:00Z or 2026-03-02T09:00:00+01:00. See `rollout status --help`.",
    "status --at 2026-03-02T09:00:00": "Invalid value for '--at': '2026-03-02T09:00:00' is no instant with its offset: "
    "write it as 2026-03-02T09:00:00Z or 2026-03-02T09:00:00+01:00. See `rollout status --help`.",
    "status --at 1026-03-02T09:00:00Z": "Invalid value for '--at': '1026-03-02T09:00:00Z' lies outside the years 2000 to "
    "2199: check the year. See `rollout status --help`.",
    "start x --team T --start 2026-02-30": "Invalid value for '--start': '2026-02-30' is no date: write year, month and "
    "day as 2026-03-02. See `rollout start --help`.",
    "start x --team T --start 20260302": "Invalid value for '--start': '20260302' is no date: write year, month and "
    "day as 2026-03-02. See `rollout start --help`.",
    "start x --team T": "Missing option '--start'. See `rollout start --help`.",
    "start x --team T --start 2026-03-02 --owner ana": "Invalid value for '--owner': 'ana' is no Slack user id, which "
    "looks like U0123ABCD: copy the member ID from the person's profile. See `rollout start --help`.",
    "start x --team T --start 2026-03-02 --domain money": "Invalid value for '--domain': 'money' is not one of 'general', "
    "'billing', 'auth', 'pii'. See `rollout start --help`.",
    "team add T --channel '#support' --lead U1 --timezone UTC": "Invalid value for '--channel': '#support' is no channel "
    "id, which looks like C0123ABCD: it stands at the end of the channel's details. See `rollout team add --help`.",
    "team add Customer Support --channel C1 --lead U1 --timezone UTC": "'Support' stands alone: put a name of several "
    "words in quotes, and ids after --approvers.",
    "team add T --channel C1 --lead U1 --timezone UTC --approvers U2 ana": "Invalid value: 'ana' is no Slack user id, which "
    "looks like U0123ABCD: copy the member ID from the person's profile. See `rollout team add --help`.",
    "team edit Support": "Nothing was changed: give at least one of --name, --channel, --lead, --timezone, --hours or "
    "--approvers.",
    "edit refunds_agent": "Nothing was changed: give at least one of --name, --purpose, --team, --start or --domain.",
    "close refunds_agent --outcome won --reason x": "Invalid value for '--outcome': 'won' is not one of 'done', 'stopped', "
    "'merged', 'moved'. See `rollout close --help`.",
    "status --format yaml": "Invalid value for '--format': 'yaml' is not one of 'text', 'json'. See `rollout status --help`.",
    "role set refunds_agent boss UANA": "Invalid value for 'ROLE': 'boss' is not one of 'owner', 'steward', 'eval_owner', "
    "'gatekeeper', 'reviewer'. See `rollout role set --help`.",
    "statsu": "No such command 'statsu'. Did you mean 'status', 'start'? See `rollout --help`.",
    "status --colour": "No such option: --colour. See `rollout status --help`.",
    "status one two": "Got unexpected extra argument(s) (two). See `rollout status --help`.",
    "status --as bob": "--as 'bob' names nobody: give a Slack user id such as U0123ABCD, agent:NAME or service:NAME, or "
    "leave it out to act as yourself.",
    "status --as agent:": "--as 'agent:' names nobody: give a Slack user id such as U0123ABCD, agent:NAME or "
    "service:NAME, or leave it out to act as yourself.",
    "status --db mysql://host/name": "--db is no database address that Rollout knows: write sqlite:///rollout.db for a "
    "file, or postgresql://user:password@host/name.",
    "audit verify --head abc": "Invalid value for '--head': 'abc' is no head of a log: write its number, a colon and its "
    "whole hash. See `rollout audit verify --help`.",
    "run --at 2026-03-02T09:00:00Z": "The bot runs by the real time, so --at is not for `rollout run`: leave it out.",
}


@pytest.mark.parametrize("line", BAD_USAGE)
def test_what_cannot_be_understood_is_one_sentence_with_status_2(rollout: Rollout, line: str) -> None:
    refused = rollout(line)
    assert (refused.status, refused.out, refused.err) == (2, "", f"{BAD_USAGE[line]}\n")


def test_nobody_decides_what_they_asked_for_themselves(rollout: Rollout, refunds: str) -> None:
    request = rollout(f"item skip refunds_agent plan_review --note x --until 2026-04-01 --as UAPP {AT}").answer[
        "request"
    ]
    refused = rollout(f"approve {request} --as UAPP {AT}")
    assert (refused.status, refused.err) == (1, "You can't decide this: you asked for it. UAPQ can.\n")


def test_someone_who_is_no_approver_decides_nothing(rollout: Rollout, refunds: str) -> None:
    request = rollout(f"item skip refunds_agent plan_review --note x --until 2026-04-01 --as UANA {AT}").answer[
        "request"
    ]
    refused = rollout(f"decline {request} --reason no --as ULEAD {AT}")
    assert (refused.status, refused.err) == (1, "You can't decide this request: UAPP or UAPQ can.\n")


def test_what_was_decided_is_not_decided_again(rollout: Rollout, refunds: str) -> None:
    request = rollout(f"item skip refunds_agent plan_review --note x --until 2026-04-01 --as UANA {AT}").answer[
        "request"
    ]
    rollout(f"approve {request} --as UAPP {AT}")
    refused = rollout(f"decline {request} --reason no --as UAPQ {AT}")
    assert (refused.status, refused.err) == (
        1,
        "This request was already approved by UAPP on 09 Mar 2026 at 10:00 UTC, so nothing changed.\n",
    )


def test_only_the_asker_takes_a_request_back(rollout: Rollout, refunds: str) -> None:
    request = rollout(f"item skip refunds_agent plan_review --note x --until 2026-04-01 --as UANA {AT}").answer[
        "request"
    ]
    refused = rollout(f"withdraw {request} --as UAPP {AT}")
    assert (refused.status, refused.err) == (1, "Only UANA, who asked for it, can take this request back.\n")


def test_a_request_that_nobody_decided_in_seven_days_no_longer_waits(rollout: Rollout, refunds: str) -> None:
    request = rollout(f"item skip refunds_agent plan_review --note x --until 2026-04-01 --as UANA {AT}").answer[
        "request"
    ]
    assert rollout("requests --at 2026-03-16T10:00:00Z").answer == {"requests": []}
    refused = rollout(f"approve {request} --as UAPP --at 2026-03-16T10:00:00Z")
    assert (refused.status, refused.err) == (
        1,
        "This request lapsed after seven days without a decision; ask again if it is still needed.\n",
    )


def test_a_late_start_date_without_a_reason_says_how_to_ask(rollout: Rollout, refunds: str) -> None:
    refused = rollout("edit refunds_agent --start 2026-03-09 --as UANA --at 2026-03-20T09:00:00Z")
    assert (refused.status, refused.err) == (
        2,
        "refunds_agent is past day 15, so a new start date needs an approver: say with --reason TEXT why it was wrong, "
        "and it will be asked for.\n",
    )


def test_an_edit_that_asks_for_a_late_start_changes_nothing_else_if_it_is_refused(
    rollout: Rollout, refunds: str
) -> None:
    refused = rollout(
        "edit refunds_agent --name other --start 2026-03-09 --reason ' ' --as UANA --at 2026-03-20T09:00:00Z"
    )
    assert refused.status == 1
    assert rollout("status refunds_agent").status == 0


def test_a_reviewer_to_clear_is_named_where_there_are_several(rollout: Rollout, refunds: str) -> None:
    for who in ("UREV", "UREW"):
        rollout(f"role set refunds_agent reviewer {who} --as ULEAD {AT}")
    refused = rollout(f"role clear refunds_agent reviewer --as ULEAD {AT}")
    assert (refused.status, refused.err) == (
        2,
        "refunds_agent has 2 of these: say whose role ends (UREV, UREW).\n",
    )


NUL = {
    f"pause refunds_agent --as UANA {AT} --reason": "This contains a character that can't be stored (NUL or half a "
    "character): remove it.",
    "team add --channel C9 --lead U1 --timezone UTC": "The text holds a NUL character, which cannot be saved; remove it "
    "and try again.",
    f"start --team Support --start 2026-03-02 {AT}": "A workflow's name is made of the letters a to z, digits, _ and -, "
    "and begins with a letter or digit, for instance refunds_agent: it is typed in commands and policy files.",
}


@pytest.mark.parametrize("line", NUL)
def test_a_character_that_cannot_be_stored_is_refused(rollout: Rollout, refunds: str, line: str) -> None:
    refused = rollout(line, "a\0b")
    assert (refused.status, refused.out, refused.err) == (1, "", f"{NUL[line]}\n")


def test_words_that_are_too_long_are_refused_with_the_limit(rollout: Rollout, refunds: str) -> None:
    refused = rollout(f"pause refunds_agent --as UANA {AT} --reason", "x" * 3001)
    assert (refused.status, refused.err) == (
        1,
        "This has 3,001 characters and at most 3,000 fit: shorten it, or link to a document.\n",
    )


def test_a_name_that_would_steer_the_terminal_is_told_without_its_controls(rollout: Rollout) -> None:
    refused = rollout("status", "\x1b[31mred")
    assert (refused.status, "\x1b" in refused.err) == (1, False)
