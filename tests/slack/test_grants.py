"""Grants in conversation: asked for in a window, decided on a card, shown in a table, stopped and let go on."""

from datetime import UTC
from decimal import Decimal

import pytest

from bot import playbooks
from bot.actions.decisions import Inquiry, decide
from bot.actions.desk import Asked
from bot.domain.grants.life import GrantState
from bot.domain.grants.log import LogQuery
from bot.domain.requests import RequestState
from bot.domain.workflows import Domain, Role
from bot.policies import Ground, PolicyFile, read
from bot.schedule import forget_facts
from bot.texts import Surface, Texts
from tests.slack import forgery
from tests.slack.cast import ANA, BO, CHIDI, GUEST, MEI, ROBOT
from tests.slack.granting import ACTION, granted, policy, request, state_of
from tests.slack.office import Case, Office

ASKS = f"do {ACTION}"
SAW = "I saw that there is no data to judge this by"


def steward_bo(office: Office) -> Case:
    """A workflow whose steward is Bo."""
    return office.case(approvers=(MEI,), roles={Role.STEWARD: BO})


@pytest.mark.parametrize("domain", Domain)
def test_the_example_in_the_window_can_be_asked_for_as_it_is(domain: Domain) -> None:
    text = Texts(Surface.PLAIN, UTC).say(f"grants.example_{domain}", name="refunds_agent")
    file = read(str(text), "policy", Ground(playbooks.risk_matrix()))
    assert isinstance(file, PolicyFile)
    assert [asked.refused for asked in file.actions] == [None]
    assert [asked.terms.requires_human_approval for asked in file.actions if asked.terms] == [True]


def test_a_grant_is_asked_for_approved_by_another_shown_suspended_resumed_and_revoked(office: Office) -> None:
    mei, bo, case = office.person(MEI), office.person(BO), steward_bo(office)
    ana = office.person(ANA).types(f"/rollout grant {case.name}", in_=case.room)
    ana.sees("Policy (YAML)", "each action becomes one request", "Mei Tanaka, Chidi Okafor or Rui Alves can decide")
    ana.fills(policy=policy(case, "max_recipients: 1")).submits()
    ana.sees(f"1 action of {case.name}", f"{ACTION} is asked for", "you requested this, so someone else must")
    card = ("Ana Duarte asks to let", ASKS, "send macro if a person approves each time", "recipients ≤ 1")
    ana.sees(*card, "confidence score ≥ 0.95", "no daily limit", "90 days from approval", "attested every 30 days")
    ana.sees("medium · customer communication · external effect · pilot allows it with a person")
    ana.sees("new: today people do this", "no eval run yet", "override rate not known", "no severe incident open")
    with office.nothing_changes():
        ana.clicks("Approve", beside=ASKS).sees("You can't decide this: you asked for it.")
        ana.clicks("Look", beside=f"{ACTION} is asked for").sees("You requested this, so someone else must decide.")
    mei.room = mei.direct
    with office.nothing_changes():
        mei.sees("Back-test, 28 days  no data: no send_macro was logged", "Calibration above 0.95  no data")
        mei.clicks("Approve", beside=ASKS).sees(
            "There is no history to judge this grant by", "Tick the box on the card"
        )
        mei.ticks(SAW, beside=ASKS).ticks(SAW, beside=ASKS, off=True)
        mei.clicks("Approve", beside=ASKS)
    mei.ticks(SAW, beside=ASKS).clicks("Approve", beside=ASKS).sees("✓ Approved by Mei Tanaka")
    mei.sees("✓ Approved by Mei Tanaka", "member of group S0APPROVERS", in_=case.room)
    ana.types(f"/rollout grants {case.name}").sees(f"Grants of {case.name} · pilot", "Rung intern")
    ana.sees(f"✓ {ACTION}", "with a person each time", "active · expires in 90 days · attest due in 30 days")
    ana.picks("Suspend…", beside=ACTION).sees("may not send_macro until a person lets it go on")
    ana.fills(reason="A customer got it twice.").submits().sees(f"{ACTION} of {case.name} is suspended")
    ana.sees("suspended because someone suspended it", f"■ {ACTION}")
    with office.nothing_changes():
        ana.picks("Resume…", beside=f"■ {ACTION}").sees("You can't let this go on, as you asked for the grant")
    assert ana.windows == []
    bo.types(f"/rollout grants {case.name}", in_=case.room).picks("Resume…", beside=f"■ {ACTION}")
    bo.sees("What had stopped it", "A customer got it twice.").fills(reason="The queue drops doubles now.").submits()
    bo.sees(f"{ACTION} of {case.name} is in force again", f"✓ {ACTION}")
    bo.types(f"/rollout revoke {ACTION} {case.name} the macro is gone").sees("is revoked: from now on it is denied")
    bo.types(f"/rollout grants {case.name}").sees("has no grant", "Ended lately: send_macro revoked today")


def test_nonsense_is_refused_by_line_beside_the_field_and_stays_typed(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    ana = office.person(ANA).types(f"/rollout grant {case.name}", in_=case.room)
    wrong = policy(case, "max_recipients: .nan", "per_dya: {uses: 3}").replace(">= 0.95", ">> 0.95")
    ana.fills(policy=wrong)
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("policy", "Line 4", "Line 5", "did you mean 'per_day'?", "Line 7")
        assert ana.typed("policy") == wrong
        for text in ("", "hello", "{{{", "x" * 3000, "a: &a [*a, *a]", "workflow: !!python/object:os.system {}"):
            ana.fills(policy=text).tries_to_submit()
            assert list(ana.errors) == ["policy"]


def test_a_policy_of_another_workflow_is_refused_in_this_ones_window(office: Office) -> None:
    case, other = office.case(approvers=(MEI,)), office.case(approvers=(MEI,))
    ana = office.person(ANA).types(f"/rollout grant {case.name}", in_=case.room).fills(policy=policy(other))
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("policy", f"This file is about {other.name}")


def test_where_all_are_refused_the_window_stays_with_why_and_in_which_form_it_may_be_asked(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    ana = office.person(ANA).types(f"/rollout grant {case.name}", in_=case.room)
    text = policy(case, "requires_human_approval: false")
    ana.fills(policy=text)
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("policy", "asks to go without a person", "from scaling on", "with approval")
    assert ana.typed("policy") == text
    ana.fills(policy=policy(case)).submits().sees(f"{ACTION} is asked for")


def test_each_action_gets_its_own_answer_and_a_narrowing_holds_at_once(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    granted(office, case)
    ana = office.person(ANA).types(f"/rollout grant {case.name}", in_=case.room)
    more = "  - name: delete_everything\n  - name: draft_reply\nlogging:"
    ana.fills(policy=policy(case, confidence="0.95", action=ACTION).replace("logging:", more, 1).replace(
        "- confidence_score >= 0.95", "- confidence_score >= 0.95\n      - is_weekday"
    )).submits()  # fmt: skip
    ana.sees("3 actions of", f"✓ {ACTION} is narrower at once", "✗ delete_everything is refused", "high risk")
    ana.sees("… draft_reply is asked for", "[Look]")


def test_the_card_says_what_changes_and_what_bars_it_before_anyone_clicks(office: Office) -> None:
    mei, case = office.person(MEI), office.case(approvers=(MEI,))
    grant = granted(office, case, policy(case, "max_recipients: 1"))
    request(office, case, policy(case, "max_recipients: 3", "per_day: {uses: 40}", confidence="0.9"))
    mei.sees("loosened: recipients ≤ 3 (was ≤ 1)", "removed: confidence score ≥ 0.95", in_=mei.direct)
    mei.sees("added: confidence score ≥ 0.9", "added: 40 uses a day", "up to 40 uses, then a person", in_=mei.direct)
    ana = office.person(ANA).types(f"/rollout grants {case.name}", in_=case.room)
    ana.sees(f"… {ACTION} waits for a decision").picks("Suspend…", beside=f"✓ {ACTION}")
    ana.fills(reason="Wait a moment.").submits().sees("is suspended")
    mei.types("/rollout requests", in_=case.room).clicks("Look", beside=case.name)
    mei.sees("Can't be approved right now", "✗ The grant that it would replace is suspended")
    with office.nothing_changes():
        mei.clicks("Approve", beside="Can't be approved").sees("can't come into force now")
    assert state_of(office, grant) is GrantState.SUSPENDED


def test_hostile_terms_stay_text_and_long_ones_are_shown_whole_in_a_window(office: Office) -> None:
    mei, case = office.person(MEI), office.case(approvers=(MEI,))
    long = " || ".join(f'note == "<!channel> *x* `y` <https://evil.example|free> {number}"' for number in range(7))
    text = policy(case).replace("allowed_when:", f"allowed_when:\n      - '{long}'", 1)
    request(office, case, text)
    mei.types("/rollout requests", in_=case.room).clicks("Look", beside=case.name)
    mei.sees("send macro if a person approves each time, as long as all of this holds", '• note == "<!channel>', "…")
    mei.clicks("All terms", beside="new: today people do this").sees("as written in the file", "hash: ")
    shown = [block["text"] for block in mei.windows[-1]["blocks"] if block["text"]["type"] == "plain_text"]
    assert [one["text"] for one in shown] == [f"allowed_when 1: {long}", "allowed_when 2: confidence_score >= 0.95"]


def test_attesting_all_lists_what_is_attested_and_refuses_another_list(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    granted(office, case)
    granted(office, case, policy(case, action="draft_reply"))
    ana = office.person(ANA)
    office.passes(days=25)
    ana.types(f"/rollout grants {case.name}", in_=case.room).sees("attest due in 5 days", "[Attest all…]")
    ana.opens_home().sees(f"Attest 2 grants of {case.name}, due in 5 days").clicks("Attest…", beside=case.name)
    ana.sees("still needed, and right as it is", f"• {ACTION}", "• draft_reply").closes()
    ana.types(f"/rollout attest {case.name}", in_=case.room).fills(note="Looked at ten drafts.").submits()
    ana.sees(f"2 grants of {case.name} attested by Ana Duarte")
    ana.types(f"/rollout attest {case.name}").sees(f"• {ACTION}")
    granted(office, case, policy(case, action="draft_email"))
    with office.nothing_changes():
        ana.tries_to_submit().sees_error("note", "changed while you were at it")


def test_an_overdue_attestation_stands_in_the_table_and_one_click_gives_it(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    granted(office, case)
    office.passes(days=31)
    ana = office.person(ANA).types(f"/rollout grants {case.name}", in_=case.room)
    ana.sees("attestation overdue", "suspended because its attestation").picks("Attest", beside=ACTION)
    ana.sees(f"1 grant of {case.name} attested by Ana Duarte")


def test_history_says_who_did_what_and_why_it_stands_still(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    granted(office, case)
    ana = office.person(ANA).types(f"/rollout grants {case.name}", in_=case.room)
    ana.picks("Suspend…", beside=ACTION).fills(reason="It repeats itself.").submits().sees("is suspended")
    ana.picks("Why, and history", beside=ACTION).sees("It stands still because someone suspended it", "by Ana Duarte")
    ana.sees("asked for by Ana Duarte", "approved, and in force by Mei Tanaka", "suspended by Ana Duarte: It repeats")


def test_who_has_no_right_is_refused_before_typing(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    grant = granted(office, case)
    bo = office.person(BO).types(f"/rollout grants {case.name}", in_=case.room).sees(f"✓ {ACTION}")
    with office.nothing_changes():
        for choice in ("Suspend…", "Revoke…", "Attest"):
            bo.picks(choice, beside=f"✓ {ACTION}").sees("You can't stop or attest what this agent may do")
        bo.types(f"/rollout grant {case.name}").sees("You can't ask for this")
        bo.types(f"/rollout revoke {ACTION} {case.name}").types(f"/rollout attest {case.name}")
        bo.types(f"/rollout freeze {case.name} now")
    assert (bo.windows, state_of(office, grant)) == ([], GrantState.ACTIVE)


@pytest.mark.parametrize("user", [GUEST, ROBOT])
def test_guests_and_bots_get_nowhere(office: Office, user: str) -> None:
    case = office.case(approvers=(MEI,))
    grant = granted(office, case)
    with office.nothing_changes():
        for verb in (f"grants {case.name}", f"revoke {ACTION} {case.name}", f"freeze {case.name} now"):
            answer = office.forges("slash_commands", forgery.command(office, user, case.room, verb))
            assert "can't" in str(answer)
        for value in (f"revoke:{grant.id}", f"attest:{grant.id}"):
            carried = {"type": "overflow", "action_id": "grant.more", "selected_option": {"value": value}}
            office.forges("interactive", forgery.click(office, user, case.room, carried))
        filled = {"callback_id": "grant.revoke", "private_metadata": forgery.metadata(grant=grant.id)}
        office.forges("interactive", forgery.submission(office, user, filled, {"reason": "because"}))
    assert state_of(office, grant) is GrantState.ACTIVE


def test_forged_ids_reach_no_grant_that_one_could_not_reach_anyway(office: Office) -> None:
    mine = office.case(roles={Role.OWNER: BO, Role.STEWARD: BO})
    theirs = office.case(approvers=(MEI,))
    grant = granted(office, theirs)
    with office.nothing_changes():
        for value in (f"revoke:{grant.id}", f"attest:{grant.id}", "attest:grant_0", f"resume:{grant.id}", "x", ""):
            carried = {"type": "overflow", "action_id": "grant.more", "selected_option": {"value": value}}
            office.forges("interactive", forgery.click(office, BO, mine.room, carried))
        for form, kept in (
            ("grant.revoke", {"grant": grant.id, "workflow": mine.id}),
            ("grant.suspend", {"grant": grant.id}),
            ("grant.resume", {"grant": "grant_unknown"}),
            ("grants.attest", {"workflow": theirs.id, "seen": "x"}),
            ("freeze", {"workflow": theirs.id}),
            ("freeze", {"all": "1", "seen": "x"}),
            ("unfreeze", {"workflow": theirs.id, "freeze": "x"}),
            ("grant.ask", {"workflow": theirs.id}),
            ("grant.revoke", {}),
        ):
            filled = {"callback_id": form, "private_metadata": forgery.metadata(**kept)}
            values = {"reason": "because", "policy": policy(theirs), "note": ""}
            answer = office.forges("interactive", forgery.submission(office, BO, filled, values))
            assert "errors" in str(answer), form
    assert state_of(office, grant) is GrantState.ACTIVE


def test_two_clicks_at_once_make_one_outcome(office: Office) -> None:
    mei, chidi, case = office.person(MEI), office.person(CHIDI), office.case(approvers=(MEI,))
    request_id = request(office, case)
    approve = mei.finds("Approve", beside=ASKS, in_=case.room)
    mei.room = chidi.room = case.room
    box = {"type": "checkboxes", "selected_options": [{"value": "no_data"}]}
    for user in (MEI, CHIDI):
        ticked = {"state": {"values": {"seen": {"grant.seen": box}}}}
        office.forges("interactive", forgery.press(office, user, approve) | ticked)
    office.settle()
    with office.desk.reading() as view:
        assert view.request(request_id).state is RequestState.APPROVED
        living = view.grants.living(case.id)
        entries = [entry.fact for entry in view.history(living[0].id)]
    assert (len(living), entries.count("grant_activated")) == (1, 1)
    chidi.sees("already approved by Mei Tanaka")


def test_revoking_by_name_offers_the_nearest_one_and_changes_nothing_on_a_wrong_one(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    grant = granted(office, case)
    ana = office.person(ANA)
    with office.nothing_changes():
        ana.types(f"/rollout revoke send_makro {case.name}", in_=case.room).sees("Did you mean send_macro?")
        ana.types("/rollout revoke").sees("Name the action")
        ana.types("/rollout revoke grant_nothing").sees("There is no grant 'grant_nothing'")
    ana.types(f"/rollout revoke {grant.id}").sees("is revoked")
    with office.nothing_changes():
        ana.types(f"/rollout revoke {grant.id}").sees("is revoked, so nothing was changed")


def test_the_grants_of_a_team_stand_together_with_what_wants_something_first(office: Office) -> None:
    first = office.case(approvers=(MEI,))
    granted(office, first)
    name = office.fresh()
    ana = office.person(ANA).types("/rollout start", in_=first.room).fills(name=name, purpose="Sorts.").submits()
    ana.sees(f"{name} is on day 1").types("/rollout grants").sees("Grants of Team of", "1 in force")
    ana.sees(f"{name} · pilot · copilot · nothing granted").clicks("Open", beside=first.name)
    ana.sees(f"Grants of {first.name} · pilot", "[Ask for a grant] [Freeze…]")


def test_an_empty_table_teaches_and_offers_the_first_step(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    ana = office.person(ANA).types(f"/rollout grants {case.name}", in_=case.room)
    ana.sees("has no grant: a person does or approves", "A grant lets it do one action").clicks("Ask for a grant")
    ana.sees("Policy (YAML)")


def test_the_status_says_what_the_agent_may_do(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    ana = office.person(ANA).types(f"/rollout status {case.name}", in_=case.room)
    ana.sees("Autonomy: copilot (10–25 % faster expected, no data on what it brought) · nothing granted")
    granted(office, case, policy(case, "max_recipients: 1"))
    ana.types(f"/rollout status {case.name}").sees("Autonomy: intern (25–50 % faster expected", "[Grants]")
    ana.sees("· send_macro recipients ≤ 1 +1 with approval").clicks("Grants").sees(f"Grants of {case.name} · pilot")


def test_why_the_agent_did_that_is_one_step_from_the_grant(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    grant = granted(office, case, policy(case, "max_recipients: 1"))
    ana = office.person(ANA).types(f"/rollout grants {case.name}", in_=case.room)
    ana.picks("Why, and history", beside=ACTION).sees("Its agent asked nothing under this grant yet.").closes()
    agent = Asked(office.desk.actor(BO))
    for facts in ({"recipients": 1, "confidence_score": Decimal("0.97"), "customer": "Jo"}, {"recipients": 7}):
        decide(office.desk, agent, Inquiry(case.id, ACTION, facts, reported_hash="0" * 64))
    ana.picks("Why, and history", beside=ACTION)
    ana.sees("deny, asked by Bo Lindqvist, which enforces another grant", "Facts: recipients 7", "What became of it")
    ana.sees("needs approval, asked by Bo", "Facts: confidence_score 0.97, recipients 1", "asked for by Ana Duarte")
    ana.sees_no("Jo")
    office.passes(days=181)
    forget_facts(office.desk)
    with office.desk.reading() as view:
        lately = view.decisions.log(LogQuery(grant_id=grant.id))
    assert [each.decision.facts for each in lately] == [None, None]
