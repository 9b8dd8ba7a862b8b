"""Memos that are half written already: from a message, a gate, a finding, and a memo that is no longer right."""

import io
import json

import pytest

from bot.actions import memos, numbers, signals
from bot.actions.desk import Asked
from bot.actions.memos import About
from bot.actions.metrics import define
from bot.actions.numbers import Typed
from bot.domain.gate_evidence import Better, MetricKind
from bot.domain.memos import Category, Comparison, Entry, Memo, Prediction
from bot.domain.metrics import MetricEntry, number_in
from bot.domain.signals.kinds import SignalType
from bot.domain.visibility import Visibility
from tests.slack import forgery
from tests.slack.cast import ANA, BO, CHIDI, GUEST, MEI
from tests.slack.office import Case, Office

SHORTCUT = "File as decision memo"


@pytest.fixture(autouse=True)
def _nobody_has_a_draft(office: Office) -> None:
    with office.desk.store.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM drafts")


def newest(office: Office, case: Case) -> Memo:
    with office.desk.reading() as view:
        return view.memos.of_workflow(case.id)[0]


def file(office: Office, case: Case, **fields: object) -> str:
    """The id of a memo that Ana files."""
    entry = Entry(title="Refunds go out alone", decision="Up to $25.", category=Category.GRANT, is_reversible=True)
    given = {name: getattr(entry, name) for name in entry.__slots__} | fields
    fact = office.desk.do(Asked(office.desk.actor(ANA)), memos.file, Entry(**given), About(workflow=case.workflow))
    office.settle()
    return fact.memo_id


# From a message


def test_a_message_becomes_a_memo_with_its_words_and_where_it_came_from(office: Office) -> None:
    case = office.case()
    ana = office.person(ANA)
    ana.room = case.room
    office.person(BO).types(
        "Refunds go out <alone> & today, @mei agrees\nSee https://docs.example.com/r?a=1&b=2", in_=case.room
    )
    ana.uses(SHORTCUT, on="Refunds go out").sees(f"About  {case.name}", "From a message of Bo Lindqvist in #refunds")
    assert ana.typed("title") == "Refunds go out <alone> & today, @Mei Tanaka agrees"
    assert ana.typed("decision") == (
        "Refunds go out <alone> & today, @Mei Tanaka agrees\nSee https://docs.example.com/r?a=1&b=2"
    )
    ana.fills(category="grant", reversible="Yes").submits().sees("is filed (memo_")
    said = newest(office, case).content
    assert said.context.startswith("From a message of Bo Lindqvist in #refunds")
    assert f"/?at={case.room}&ts=" in said.context
    ana.sees("Decision  Refunds go out", "Owner Ana Duarte", "· link")


def test_mentions_and_links_of_a_message_are_plain_words_and_call_nobody(office: Office) -> None:
    case = office.case()
    markup = "<!channel> <@U0MEI> in <#C0GENERAL|general>, <https://a.example.com/x|the page>: {{ 7 * 7 }} &lt;b&gt;"
    message = {"type": "message", "user": MEI, "ts": "1773000000.000100", "text": markup}
    office.expects_problem("message_not_found")
    ana = office.person(ANA)
    office.forges("interactive", forgery.message_action(office, ANA, case.room, "memo.message", message))
    ana.sees("Decision and why")
    assert ana.typed("decision") == (
        "@channel @Mei Tanaka in #general, the page (https://a.example.com/x): {{ 7 * 7 }} <b>"
    )
    ana.fills(category="other", reversible="Yes").submits()
    office.settle()
    (card,) = (one for one in ana.messages(case.room) if "[Supersede…]" in ana.read(one))
    shown = json.dumps(card["blocks"], ensure_ascii=False)
    assert "{{ 7 * 7 }}" in shown
    assert not any(call in shown for call in ("<!channel>", "@channel", "<@U0MEI>", "<https://a.example.com"))


def test_a_long_message_is_cut_and_says_so(office: Office) -> None:
    case = office.case()
    ana = office.person(ANA).types("word " * 900, in_=case.room)
    ana.uses(SHORTCUT, on="word").sees("cut at 3,000 characters")
    decision = ana.typed("decision")
    assert isinstance(decision, str)
    assert (len(decision), decision[-1]) == (3000, "…")


def test_what_two_people_said_to_each_other_is_not_for_everyone(office: Office) -> None:
    office.case()
    office.expects_problem("channel_not_found")

    async def make() -> str:
        return office.workspace.dm(ANA, MEI).id

    ana = office.person(ANA)
    ana.types("Let us stop this", in_=office.server.run(make())).uses(SHORTCUT, on="Let us stop").sees(
        "only for the team"
    )


def test_where_slack_gives_no_link_the_memo_opens_without_one(office: Office) -> None:
    case = office.case()
    ana = office.person(ANA).types("We go on", in_=case.room)
    office.fails("chat.getPermalink", "error", error="fatal_error")
    ana.uses(SHORTCUT, on="We go on").sees("From a message of Ana Duarte").sees_no("http")


def test_a_guest_files_nothing_from_a_message(office: Office) -> None:
    case = office.case(room=office.room("open", members=(ANA, GUEST)))
    guest = office.person(GUEST).types("We go on", in_=case.room)
    with office.nothing_changes():
        guest.uses(SHORTCUT, on="We go on").sees("Guests of this workspace can't use Rollout")
    assert guest.windows == []


# From a gate and from findings


def test_from_a_gate_the_move_is_filled_and_can_be_seen_laid_open(office: Office) -> None:
    case = office.case()
    ana = office.person(ANA).types(f"/rollout promote {case.name}", in_=case.room).clicks("File the memo…")
    ana.sees(f"About  {case.name}, its move from pilot to production").clicks("More…").sees("What is it about?")
    assert ana.typed("title") == f"Move {case.name} from pilot to production"
    ana.fills(decision="The pilot held.", reversible="Yes").submits()
    ana.sees(f"✓ The memo “Move {case.name} from pilot to production” is filed", f"Stands between {case.name} and")
    ana.sees_no("Memo: none filed")


def ingest(office: Office, case: Case, **signal: object) -> None:
    line = json.dumps({"source": "test", "workflow": case.name, **signal})
    taken = signals.take_in(office.desk, Asked(office.desk.actor(BO)), io.StringIO(line))
    assert taken.accepted == 1


def why(office: Office, case: Case, rule: str) -> str:
    """The id of a finding by its rule."""
    bo = office.person(BO).types(f"/rollout why {case.name}", in_=case.room).sees(rule)
    (menu,) = (each for each in bo.controls if each.label == "⋯" and rule_of(each.beside) == rule)
    return str(menu.choices["Why?"]["value"]).split(":")[1]


def rule_of(line: str) -> str:
    return "memo.missing" if "no memo names it" in line else "memo.missed" if "prediction" in line else ""


def test_an_irreversible_change_without_a_memo_is_answered_by_one_that_names_it(office: Office) -> None:
    case = office.case(day=20)
    merged = office.clock.now().replace(day=4).isoformat()
    change = {"key": "acme/app#412", "title": "Drop it", "merged_at": merged, "lead_time_hours": 3, "reverts": None}
    ingest(office, case, id="c1", type="change", at=merged, irreversible=True, **change)
    finding = why(office, case, "memo.missing")
    ana = office.person(ANA).types(f"/rollout why {finding}", in_=case.room).clicks("File the memo…")
    ana.sees(f"About  {case.name} · change acme/app#412")
    assert (ana.typed("title"), ana.typed("owner")) == ("Change acme/app#412", ANA)
    ana.fills(decision="The old ledger is gone.", category="other").submits()
    ana.sees("“Change acme/app#412” is filed")
    said = newest(office, case).content
    assert (said.changes, said.is_reversible) == (("acme/app#412",), False)
    ana.types(f"/rollout why {case.name}").sees("finding").sees_no("no memo names it")


def missed(office: Office, case: Case, **fields: object) -> str:
    """The id of a memo whose prediction is missed by now."""
    entry = MetricEntry("csat", MetricKind.SUCCESS, Better.HIGHER, number_in("4", "x"), number_in("4.8", "x"))
    office.desk.do(Asked(office.desk.actor(ANA)), define, case.workflow, entry)
    expected = Prediction("csat", Comparison.AT_LEAST, number_in("4.5", "x") or 0, office.day_after(1))  # type: ignore[arg-type]
    memo_id = file(office, case, prediction=expected, **fields)
    office.passes(days=1)
    typed = Typed(SignalType.METRIC, {"metric": "csat", "value": "4.1"}, None)
    office.desk.do(Asked(office.desk.actor(ANA)), numbers.record, case.workflow, typed)
    office.passes(days=1)
    return memo_id


def test_a_prediction_that_was_missed_comes_back_and_is_answered_by_a_memo_in_its_place(office: Office) -> None:
    case = office.case(day=20, approvers=(MEI,))
    memo_id = missed(office, case)
    finding = why(office, case, "memo.missed")
    ana = office.person(ANA).types(f"/rollout why {finding}", in_=case.room)
    ana.sees("“Refunds go out alone” was missed: csat was 4.1, and ≥ 4.5 was expected").clicks("File the memo…")
    ana.sees("in place of “Refunds go out alone”", "csat was 4.1")
    ana.fills(decision="We stop at $10.", reversible="Yes").submits().sees("is filed")
    said = newest(office, case).content
    assert (said.supersedes, said.category) == (memo_id, Category.GRANT)
    assert said.context.startswith("The prediction of the memo “Refunds go out alone” was missed")
    ana.types(f"/rollout why {case.name}").sees("finding").sees_no("was missed")


def test_a_memo_in_place_of_one_that_was_missed_is_for_the_same_eyes(office: Office) -> None:
    case = office.case(day=20, approvers=(MEI,))
    missed(office, case, title="Fewer people in support", visibility=Visibility.LEADERS)
    finding = why(office, case, "memo.missed")
    ana = office.person(ANA).types(f"/rollout why {finding}", in_=case.room).clicks("File the memo…")
    ana.sees("in place of").fills(decision="We stop.", reversible="Yes").submits().sees("is filed")
    assert newest(office, case).content.visibility is Visibility.LEADERS


# In place of another


def test_a_memo_is_superseded_from_its_card_which_says_so_afterwards(office: Office) -> None:
    mei, case = office.person(MEI), office.case()
    first = file(office, case)
    mei.room = case.room
    mei.clicks("Supersede…", beside="Refunds go out alone").sees("in place of “Refunds go out alone”")
    mei.fills(title="Refunds wait", decision="Ten were wrong.", reversible="Yes").submits().sees(
        "“Refunds wait” is filed"
    )
    assert newest(office, case).content.supersedes == first
    mei.sees("Refunds go out alone", "Superseded by “Refunds wait”", "[Read] [Export]")
    mei.sees("Decision  Refunds wait", "In place of “Refunds go out alone”", "[Read] [Supersede…] [Export]")
    mei.clicks("Read", beside="Refunds wait").sees(
        "One took the place of the other", "1. “Refunds go out alone”", "2. “Refunds wait”", "← this one"
    )


def test_of_two_who_supersede_one_memo_one_wins_and_the_other_keeps_the_text(office: Office) -> None:
    mei, chidi, case = office.person(MEI), office.person(CHIDI), office.case()
    file(office, case)
    for person in (mei, chidi):
        person.room = case.room
        person.clicks("Supersede…", beside="Refunds go out alone").sees("in place of")
        person.fills(decision=f"Says {person.user}.", reversible="Yes")
    mei.submits().sees("is filed")
    with office.nothing_changes():
        chidi.tries_to_submit()
    chidi.sees_error("title", f"was superseded already, by {newest(office, case).id}", "look at that one")
    assert chidi.typed("decision") == "Says U0CHIDI."
    chidi.closes()
    chidi.types("/rollout memo", in_=case.room).sees("Not filed yet", "Refunds go out alone")


def test_what_is_superseded_already_is_refused_before_one_types(office: Office) -> None:
    bo, case = office.person(BO), office.case()
    first = file(office, case)
    bo.room = case.room
    seen = bo.finds("Supersede…", beside="Refunds go out alone")
    file(office, case, title="The next", supersedes=first)
    with office.nothing_changes():
        office.forges("interactive", forgery.press(office, BO, seen))
        bo.sees("was superseded already")
    assert bo.windows == []
