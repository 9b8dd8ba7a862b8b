"""Memos as they are read: cards in channels, one whole, found by words, copied; each as far as one may see it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.actions import absences, memos
from bot.actions.closing import close
from bot.actions.desk import Asked
from bot.actions.memos import About
from bot.domain.memos import Category, Entry
from bot.domain.visibility import Visibility
from bot.domain.workflows import Outcome, Role
from bot.ports import unsaved
from bot.sheets import memo_sheet
from tests.slack import forgery
from tests.slack.cast import ANA, BO, CHIDI, MEI, RUI
from tests.slack.conversation import Someone
from tests.slack.office import Case, Office


def file(office: Office, case: Case | None, by: str = ANA, **fields: object) -> str:
    """The id of a memo, filed about a workflow or about none."""
    entry = Entry(title="Refunds go out alone", decision="Up to $25.", category=Category.GRANT, is_reversible=True)
    given = replace(entry, **fields)  # type: ignore[arg-type]
    about = About(workflow=case.workflow if case else None)
    fact = office.desk.do(Asked(office.desk.actor(by)), memos.file, given, about)
    office.settle()
    return fact.memo_id


def reader(office: Office, room: str, user: str = BO) -> Someone:
    """Someone who looks into a channel from now on."""
    person = office.person(user)
    person.room = room
    return person


@pytest.fixture
def leaders(office: Office) -> Iterator[str]:
    """A private channel where leaders read."""
    room = office.room("leaders", private=True)
    before = office.desk.configured
    office.desk.configured = replace(before, leaders=replace(before.leaders, channel=room))
    yield room
    office.desk.configured = before


# Cards


def test_a_card_says_what_was_decided_by_whom_and_when(office: Office) -> None:
    case = office.case()
    bo = reader(office, case.room)
    memo_id = file(office, case, context="From Mei, https://docs.example.com/refunds.", changes=("acme/app#12",))
    bo.sees(
        "Decision  Refunds go out alone",
        "Up to $25.",
        f"Grant · can be undone · {case.name} · changes acme/app#12",
        f"Owner Ana Duarte · 9 Mar 2026, 10:00 UTC · {memo_id} · link",
        "[Read] [Supersede…] [Export]",
    )


def test_a_long_decision_is_shortened_on_the_card_and_whole_behind_it(office: Office) -> None:
    case = office.case()
    bo = reader(office, case.room)
    file(office, case, decision="&" * 600 + "\n" + "word " * 800 + "the end")
    bo.sees("word …").sees_no("the end").clicks("Read", beside="Refunds go out alone").sees(
        "Decision and why", "the end"
    )


def test_words_of_a_memo_call_nobody_and_are_no_template(office: Office) -> None:
    case = office.case()
    bo = reader(office, case.room)
    said = "<!channel> @everyone {{ config }} {% raw %} *bold* <https://evil.example.com|click>"
    file(office, case, title=said, decision=said)
    bo.sees("{{ config }} {% raw %}")
    shown = str([one["blocks"] for one in bo.messages() if "config" in bo.read(one)])
    assert not any(call in shown for call in ("<!channel>", "@everyone", "<https://evil"))


@pytest.mark.parametrize(
    ("visibility", "category", "sees", "hides"),
    [
        (Visibility.EVERYONE, Category.SECURITY_POSTURE, ("Keys move",), ("To the vault",)),
        (Visibility.TEAM, Category.OTHER, ("Ana Duarte filed a memo that is only for the team",), ("Keys", "vault")),
        (Visibility.TEAM, Category.SECURITY_POSTURE, ("only for the team",), ("Keys", "vault")),
    ],
)
def test_a_card_in_a_public_channel_says_no_more_than_all_may_know(
    office: Office, visibility: Visibility, category: Category, sees: tuple[str, ...], hides: tuple[str, ...]
) -> None:
    case = office.case()
    chidi = reader(office, case.room, CHIDI)
    file(office, case, title="Keys move", decision="To the vault.", visibility=visibility, category=category)
    chidi.sees(*sees, "[Read] [Supersede…] [Export]")
    for words in hides:
        chidi.sees_no(words)
    chidi.clicks("Read").sees("Decision  Keys move", "To the vault.")


def test_a_card_in_a_private_channel_says_what_is_for_the_team(office: Office) -> None:
    case = office.case(room=office.room("private", private=True))
    ana = reader(office, case.room, ANA)
    file(office, case, visibility=Visibility.TEAM)
    ana.sees("Decision  Refunds go out alone", "Up to $25.", "only for the team")


def test_a_card_in_a_channel_that_another_company_reads_says_only_that_there_is_a_memo(office: Office) -> None:
    case = office.case(room=office.room("partners", shared=True))
    bo = reader(office, case.room)
    file(office, case)
    bo.sees("Ana Duarte filed a memo that is only for people of our workspace").sees_no("Up to $25.")
    bo.clicks("Read").sees("Decision  Refunds go out alone", "Up to $25.")


def test_what_is_for_leaders_or_about_no_workflow_stands_where_leaders_read(office: Office, leaders: str) -> None:
    case = office.case()
    ana, mei = reader(office, case.room, ANA), reader(office, leaders, MEI)
    file(office, case, title="Cut the budget", visibility=Visibility.LEADERS)
    file(office, None, title="We hire")
    mei.sees("Decision  Cut the budget", "only for leads, approvers and admins").sees("Decision  We hire")
    ana.sees_no("Cut the budget").sees_no("We hire")


# One whole


def test_only_those_who_may_read_it_see_export_or_supersede_a_memo(office: Office) -> None:
    case = office.case(roles={Role.OWNER: ANA})
    bo = reader(office, case.room)
    memo_id = file(office, case, title="Cut the budget", visibility=Visibility.LEADERS)
    with office.nothing_changes():
        for action in ("memo.show", "memo.export", "memo.supersede"):
            office.forges("interactive", forgery.click(office, BO, case.room, {"action_id": action, "value": memo_id}))
            bo.sees(f"There is no memo '{memo_id}'.")
    assert bo.windows == []
    bo.sees_no("Cut the budget")


def test_of_what_one_may_only_know_the_title_is_shown(office: Office) -> None:
    case = office.case()
    bo = reader(office, case.room)
    file(office, case, title="Keys move", decision="To the vault.", category=Category.SECURITY_POSTURE)
    bo.clicks("Read", beside="Keys move").sees("Keys move", "is for the workflow's roles, approvers and admins")
    with office.nothing_changes():
        bo.clicks("Export", beside="Keys move").sees("so it can't be exported for you")
    bo.sees_no("vault")


def test_a_chain_shows_each_memo_and_leads_to_the_next(office: Office) -> None:
    case = office.case()
    ids = [file(office, case, title="First")]
    for title in ("Second", "Third"):
        ids.append(file(office, case, title=title, supersedes=ids[-1]))
    bo = reader(office, case.room).types("/rollout memos")
    bo.sees("(superseded) First — Ana Duarte", "Third — Ana Duarte").clicks("Read", beside="(superseded) First")
    bo.sees(f"1. “First” ({ids[0]})", "← this one", f"3. “Third” ({ids[2]})", "[Read what took its place] [Export]")
    bo.clicks("Read what took its place").sees("2. “Second”", "← this one")


def test_of_a_chain_only_the_ids_of_others_memos_are_named(office: Office) -> None:
    case = office.case()
    bo = reader(office, case.room)
    first = file(office, case, title="In the open")
    hidden = file(office, case, title="Behind doors", supersedes=first, visibility=Visibility.LEADERS)
    bo.sees("In the open", f"Superseded by {hidden}").sees_no("Behind doors")
    bo.clicks("Read", beside="In the open").sees("1. “In the open”", f"2. {hidden}").sees_no("Behind doors")


def test_an_export_is_the_file_letter_for_letter(office: Office) -> None:
    case = office.case()
    bo = reader(office, case.room)
    memo_id = file(office, case, decision="Up to $25.\n```\n<!channel> & more\n```")
    bo.clicks("Export", beside="Refunds go out alone").sees("as a file; rollout memo import takes it in again")
    with office.desk.reading() as view:
        sheet = memo_sheet(view.memos.one(memo_id))
    (copied,) = (block for one in bo.messages() for block in one["blocks"] if block["type"] == "rich_text")
    assert copied["elements"][0]["elements"] == [{"type": "text", "text": sheet}]


def test_what_is_too_long_for_a_message_is_exported_at_the_command_line(office: Office) -> None:
    case = office.case()
    bo = reader(office, case.room)
    memo_id = file(office, case, decision="x" * 10_000, context="y" * 10_000)
    bo.clicks("Export", beside="Refunds go out alone").sees(f"rollout memo export {memo_id}")
    bo.clicks("Read", beside="Refunds go out alone").sees(
        "more characters: Export, or rollout memo show, has all of it"
    )


# Found by words, and on the Home


def test_memos_are_found_by_words_within_what_one_may_see(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    file(office, case, title="Keys move", decision="To the zebra vault.", category=Category.SECURITY_POSTURE)
    file(office, case, title="Zebra for all")
    file(office, case, title="Zebra for few", visibility=Visibility.LEADERS)
    bo, mei = office.person(BO), office.person(MEI)
    bo.types("/rollout memos ZEBRA", in_=case.room).sees("1 memo with ZEBRA", "Zebra for all")
    bo.sees_no("Keys move").sees_no("Zebra for few")
    mei.types("/rollout memos zebra", in_=case.room).sees("3 memos with zebra", "Keys move", "Zebra for few")
    bo.types("/rollout memos zebra giraffe").sees("No memo that you may know of holds zebra giraffe")


def test_a_long_list_says_that_there_are_more(office: Office) -> None:
    case = office.case()
    for number in range(21):
        file(office, case, title=f"Quagga {number}")
    bo = office.person(BO).types("/rollout memos quagga", in_=case.room)
    bo.sees("The newest 20 memos with quagga", "Quagga 20", "… and more: add a word").sees_no("Quagga 0 ")


def test_the_home_shows_recent_decisions_that_one_may_know_of(office: Office) -> None:
    case = office.case(stem="triage")
    old = file(office, case, title="An old one")
    file(office, case, title="A new one", supersedes=old)
    file(office, case, title="For few", visibility=Visibility.LEADERS)
    bo = office.person(BO).opens_home().sees("Recent decisions", "A new one — Ana Duarte")
    bo.sees_no("An old one").sees_no("For few")
    bo.clicks("Read", beside="A new one").sees("Decision and why", "Up to $25.").clicks("Supersede…")
    bo.fills(title="The newest", decision="All of it.", reversible="Yes").submits()
    bo.sees("✓ The memo “The newest” is filed").closes().sees("The newest — Bo Lindqvist")
    office.person(RUI).opens_home().sees("For few")


def test_an_override_offers_only_memos_that_one_may_know_of(office: Office) -> None:
    case = office.case(approvers=(MEI,), roles={Role.OWNER: BO, Role.STEWARD: BO})
    file(office, case, title="For few", by=ANA, visibility=Visibility.LEADERS)
    bo = office.person(BO).types(f"/rollout promote {case.name}", in_=case.room)
    bo.clicks("Ask for an override…").sees("none is filed yet")
    file(office, case, title="For all", by=ANA)
    bo.clicks("Ask for an override…")
    assert bo.options("memo") == ["For all"]


def test_a_deputy_reads_what_whom_they_stand_in_for_reads(office: Office) -> None:
    case = office.case(roles={Role.STEWARD: RUI})
    secret = file(office, case, title="Keys move", decision="To the vault.", category=Category.SECURITY_POSTURE)
    inside = file(office, case, title="Fewer seats", decision="Two go.", visibility=Visibility.TEAM)
    deputy = unsaved(office.desk.directory.account(BO))
    office.desk.do(Asked(office.desk.actor(RUI)), absences.leave, office.day_after(10), deputy)
    bo = reader(office, case.room)
    for memo_id, words in ((secret, "To the vault."), (inside, "Two go.")):
        office.forges("interactive", forgery.click(office, BO, case.room, {"action_id": "memo.show", "value": memo_id}))
        bo.sees(words)
    bo.types("/rollout memos vault").sees("Keys move")
    bo.types("/rollout search seats").sees("Fewer seats")
    bo.opens_home().sees("Fewer seats")


def test_those_who_held_a_role_in_a_closed_workflow_still_read_what_is_for_its_roles_and_not_the_teams_rest(
    office: Office,
) -> None:
    case = office.case(roles={Role.STEWARD: BO})
    secret = file(office, case, title="Keys move", decision="To the vault.", category=Category.SECURITY_POSTURE)
    inside = file(office, case, title="Fewer seats", decision="Two go.", visibility=Visibility.TEAM)
    office.desk.do(Asked(office.desk.actor(ANA)), close, case.workflow, Outcome.DONE, "It did what it was for.")
    bo = reader(office, case.room)
    office.forges("interactive", forgery.click(office, BO, case.room, {"action_id": "memo.show", "value": secret}))
    bo.sees("To the vault.")
    office.forges("interactive", forgery.click(office, BO, case.room, {"action_id": "memo.show", "value": inside}))
    bo.sees("There is no memo")
