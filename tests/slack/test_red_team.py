"""Red-team reviews in conversation: written and judged by outsiders, they pass a gate's check and unlock a grant."""

from bot.actions import workflows
from bot.actions.desk import Asked, Turn
from bot.actions.workflows import Correction
from bot.domain.documents import DocumentState
from bot.domain.facts import PhaseChanged
from bot.domain.grants.life import GrantState
from bot.domain.playbook import PhaseName
from bot.domain.workflows import Domain, Role
from tests.slack.cast import ANA, BO, CHIDI, MEI, RUI
from tests.slack.conversation import Someone
from tests.slack.granting import ACTION, request
from tests.slack.office import Case, Office
from tests.slack.test_documents import newest

SAW = "I saw that there is no data to judge this by"
TITLE = "asks to review a red-team review"


def in_billing(office: Office, phase: PhaseName = PhaseName.PILOT) -> Case:
    """A workflow of Ana's that touches money; Mei approves for its team."""
    case = office.case(day=40, approvers=(MEI,))
    ana = office.desk.actor(ANA)
    office.desk.do(Asked(ana), workflows.edit, case.workflow, Correction(domain=Domain.BILLING))
    if phase is not PhaseName.PILOT:
        here = case.workflow
        fact = PhaseChanged(
            workflow_id=here.id, seen_version=here.version, left=here.phase, entered=phase, because="sample"
        )

        def move(turn: Turn) -> None:
            turn.record(fact)

        office.desk.do(Asked(ana), move)
    office.settle()
    return case


def writes_review(office: Office, case: Case, *reviewers: str, user: str = BO) -> Someone:
    """A whole review submitted by someone, whether or not it is taken."""
    who = office.person(user).types(f"/rollout redteam {case.name}", in_=case.room)
    who.fills(title="Attacks on refunds", scope="The prompt.", reviewers=list(reviewers)).submits()
    who.sees("Red-team review, 2 of 3").fills(attacks_tried="Ten prompts.", outcomes="One secret word leaked.")
    who.submits().sees("Red-team review, 3 of 3").fills(score="9 of 10", verdict="Fit for $25.").submits()
    return who


def test_an_accepted_review_lets_a_grant_through_that_waited_for_it(office: Office) -> None:
    mei, chidi, case = office.person(MEI), office.person(CHIDI), in_billing(office)
    request_id = request(office, case)
    mei.room = case.room
    mei.sees("red-team review missing: it can't be approved before", "[Write the red-team review…]")
    mei.ticks(SAW, beside=ACTION)
    with office.nothing_changes():
        mei.clicks("Approve", beside=ACTION).sees("it needs an accepted red-team review")
    bo = office.person(BO).types(f"/rollout requests {case.name}", in_=case.room).clicks("Look", beside=ACTION)
    bo.clicks("Write the red-team review…").sees("Red-team review, 1 of 3").closes()
    bo = writes_review(office, case, BO).sees("is handed in for review").sees(TITLE, "Verdict  Fit for $25.")
    chidi.room = case.room
    chidi.clicks("Accept", beside=TITLE).sees("✓ Accepted by Chidi Okafor")
    mei.clicks("Approve", beside=ACTION).sees("✓ Approved by Mei Tanaka")
    with office.desk.reading() as view:
        assert view.grants.of_request(request_id).state is GrantState.ACTIVE


def test_the_gate_and_the_status_lead_to_the_review_that_is_missing_and_pass_once_it_is_accepted(
    office: Office,
) -> None:
    mei, case = office.person(MEI), in_billing(office, PhaseName.PRODUCTION)
    ana = office.person(ANA).types(f"/rollout status {case.name}", in_=case.room)
    ana.sees("Red-team review: none accepted", "[Write the red-team review…]")
    ana.clicks("Gate").sees(f"Stands between {case.name} and scaling", "[Write the red-team review…]")
    ana.clicks("Write the red-team review…", beside="Stands between").sees("Red-team review, 1 of 3").closes()
    bo = writes_review(office, case, BO, CHIDI).sees("is handed in for review")
    ana.clicks("Write the red-team review…", beside="Stands between").sees("Bo Lindqvist asks to review a red-team")
    mei.room = case.room
    mei.clicks("Accept", beside=TITLE).sees("✓ Accepted by Mei Tanaka")
    bo.sees("Accepted: your red-team review", in_=bo.direct)
    after = office.person(ANA).types(f"/rollout status {case.name}", in_=case.room).sees("PRODUCTION")
    after.sees_no("Red-team review: none").sees_no("[Write the red-team review…]")
    after.clicks("Gate").clicks("Show them").sees("✓ Red-team review: accepted").sees_no("[Write the red-team review…]")


def test_the_workflows_own_people_neither_make_nor_judge_it(office: Office) -> None:
    case = office.case(approvers=(MEI,), roles={Role.EVAL_OWNER: MEI})
    bo = writes_review(office, case, BO, ANA)
    bo.sees(
        "Red-team review, 1 of 3", "Not handed in yet. Missing or not right: Reviewers.", "Ana Duarte is agent steward"
    )
    assert newest(office, case).state is DocumentState.DRAFT
    assert bo.typed("reviewers") == [BO, ANA]
    bo.fills(reviewers=[BO]).submits().sees("2 of 3").submits().sees("3 of 3").submits().sees(TITLE)
    for who in (ANA, MEI):
        insider = office.person(who).opens_home().sees_no(TITLE)
        insider.room = case.room
        insider.types(f"/rollout redteam {case.name}", in_=case.room).sees("Red-team review, 1 of 3").closes()
    bo.sees("Chidi Okafor or Rui Alves can.")


def test_its_title_and_verdict_are_for_all_and_the_rest_for_few(office: Office) -> None:
    outsider, rui, case = office.person(BO), office.person(RUI), office.case(approvers=(MEI,))
    writes_review(office, case, CHIDI, user=CHIDI).sees("is handed in for review")
    outsider.room = case.room
    outsider.sees(TITLE, "Verdict  Fit for $25.").sees_no("secret word")
    outsider.clicks("Show", beside=TITLE).sees("Verdict  Fit for $25.", "The rest is for the workflow's roles")
    outsider.sees_no("secret word").sees_no("[What changed]").closes()
    with office.nothing_changes():
        outsider.clicks("Edit…", beside=TITLE).sees("A red-team review is read by those who hold a role")
    outsider.types(f"/rollout redteam {case.name}").clicks("Look at 1 document…").sees("Red-team review: “Attacks on")
    outsider.clicks("Show").sees("Verdict  Fit for $25.", "The rest is for").sees_no("secret word").closes().closes()
    rui.room = case.room
    rui.clicks("Show", beside=TITLE).sees("One secret word leaked.", "[What changed]")
