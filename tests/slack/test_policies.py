"""The registry of policies in conversation: looked up, read whole, added to, written anew."""

import pytest

from bot.actions import policies
from bot.actions.desk import Asked
from bot.domain.deviations import DeviationArea
from bot.domain.policies import Entry, Policy
from tests.slack import forgery
from tests.slack.cast import ANA, BO, GUEST, MEI
from tests.slack.conversation import Someone
from tests.slack.office import Office
from tests.slack.test_forged import picked

WORDS = "At most $100 without a person.\nAsk <!channel> & the lead."


def kept(office: Office, name: str) -> Policy:
    with office.desk.reading() as view:
        return view.policies.named(name)


def adds(office: Office, name: str, said: str = WORDS, owner: str = BO) -> Someone:
    """Ana, who has a workflow and filled in the window for a new policy."""
    case = office.case()
    ana = office.person(ANA).types("/rollout policy", in_=case.room).clicks("Add…")
    return ana.fills(name=name, area="Financial actions", said=said, owner=owner, review_on="2026-09-01")


def added(office: Office, name: str, review_on: int = 90) -> Policy:
    """A policy of Bo's that stands already."""
    entry = Entry(DeviationArea.SECURITY, office.day_after(review_on), text="Keep the logs.")
    office.case()
    actor = Asked(office.desk.actor(ANA))
    office.desk.do(actor, policies.add, name, entry, office.desk.person(BO))
    return kept(office, name)


def test_a_policy_is_added_found_by_its_words_and_read_whole(office: Office) -> None:
    name = office.fresh("Refunds ")
    ana = adds(office, name).submits()
    ana.sees("✓ The policy is in the registry.", name, "financial actions", "Bo Lindqvist answers for it")
    ana.sees("review on Tue 1 Sep", "At most $100 without a person.\nAsk <!channel> & the lead.", "Version 1")
    assert (kept(office, name).entry.text, kept(office, name).latest.written_by.handle) == (WORDS, ANA)
    bo = office.person(BO).types(f"/rollout policy {name.upper()} person", in_=ana.room)
    bo.sees("Version 1, written by Ana Duarte", "[Edit…]")


def test_a_link_is_shown_as_one(office: Office) -> None:
    name = office.fresh("Linked ")
    adds(office, name, " https://wiki.example/refunds ").submits().sees(name, "wiki.example/refunds")
    assert kept(office, name).entry.link == "https://wiki.example/refunds"


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(office: Office) -> None:
    taken, name = added(office, office.fresh("Taken ")).name, office.fresh("Wrong ")
    ana = adds(office, name).fills(review_on="2026-03-01")
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("review_on", "still to come")
        ana.fills(review_on="2026-09-01", owner=GUEST).tries_to_submit().sees_error("owner", "not a full member")
        ana.fills(owner=BO, said=" ").tries_to_submit().sees_error("said", "Give the policy's words")
        ana.fills(said=WORDS, name=taken.upper()).tries_to_submit().sees_error("name", f"There is a policy {taken}")
    assert ana.typed("said") == WORDS


def test_a_policy_is_written_anew_by_whose_it_is_and_the_review_that_came_is_shown(office: Office) -> None:
    found = added(office, office.fresh("Logs "), review_on=2)
    office.passes(days=2)
    bo = office.person(BO).types(f"/rollout policy {found.name}", in_=office.room())
    bo.sees(found.name, "review was due on").clicks("Edit…")
    assert (bo.typed("said"), bo.typed("owner")) == ("Keep the logs.", BO)
    bo.fills(said="Keep the logs for 180 days.", review_on="2026-12-01").submits()
    bo.sees("✓ The next version is in force.", "Keep the logs for 180 days.", "review on Tue 1 Dec", "Version 2")


def test_the_list_counts_the_reviews_that_are_due_and_each_row_has_its_menu(office: Office) -> None:
    found, other = added(office, office.fresh("Due "), review_on=0), added(office, office.fresh("Later "))
    mei = office.person(MEI).types("/rollout policy keep the logs", in_=office.room())
    mei.sees("with “keep the logs”", found.name, "review was due on", "due: read the policy", other.name)
    mei.picks("Read it", beside=other.name).sees("Version 1", other.name)
    mei.types("/rollout policy keep the logs").picks("Edit…", beside=other.name)
    mei.fills(area="Other").submits().sees("Version 2", f"{other.name} · other")


def test_a_member_without_a_role_reads_and_is_refused_before_typing(office: Office) -> None:
    found = added(office, office.fresh("Read "))
    bo = office.person(BO).types(f"/rollout policy {found.name}", in_=office.room()).sees("Keep the logs.")
    bo.types("/rollout policy")
    with office.nothing_changes():
        bo.clicks("Add…").sees("You can't change the registry of policies: whoever leads a team")
    assert bo.windows == []


def test_two_who_edit_at_once_one_is_told_what_happened(office: Office) -> None:
    found = added(office, office.fresh("Both "))
    ana, mei = (office.person(who).types(f"/rollout policy {found.name}", in_=office.room()) for who in (ANA, MEI))
    ana.clicks("Edit…").fills(said="Ana's words.")
    mei.clicks("Edit…").fills(said="Mei's words.").submits().sees("Version 2")
    ana.tries_to_submit()
    assert "This changed while you were at it: Mei Tanaka corrected it" in str(ana.errors)
    assert ana.typed("said") == "Ana's words."
    assert kept(office, found.name).entry.text == "Mei's words."


def test_words_that_nothing_holds_say_so(office: Office) -> None:
    added(office, office.fresh("Some "))
    office.person(MEI).types("/rollout policy xyzzy", in_=office.room()).sees("0 policies with “xyzzy”", "[Add…]")


@pytest.mark.parametrize(
    "forged",
    [
        {"area": picked("everything")},
        {"area": picked("")},
        {"said": "nul\0"},
        {"said": "\ud800"},
        {"said": "https://x.example/\ud800"},
        {"name": "\u200b"},
        {"name": "x" * 3000},
        {"owner": {"type": "users_select", "selected_user": ""}},
        {"review_on": {"type": "datepicker", "selected_date": "9999-12-31"}},
        {"review_on": {"type": "datepicker", "selected_date": "2026-02-30"}},
        {"review_on": {"type": "datepicker", "selected_date": None}},
    ],
)
def test_a_window_with_forged_answers_adds_nothing(office: Office, forged: dict[str, object]) -> None:
    office.case()
    day = {"type": "datepicker", "selected_date": "2026-09-01"}
    whose = {"type": "users_select", "selected_user": BO}
    values = {"name": office.fresh("Forged "), "area": picked("other"), "said": "x", "owner": whose, "review_on": day}
    view = {"callback_id": "policy.add", "private_metadata": forgery.metadata()}
    with office.nothing_changes():
        ack = office.forges("interactive", forgery.submission(office, ANA, view, values | forged))
    assert (ack.error, ack.body["response_action"]) == (None, "errors")
    assert "on our side" not in str(ack.body)
