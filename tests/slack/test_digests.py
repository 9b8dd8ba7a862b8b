"""The digest in conversation: a look at it before Monday, for one pair of eyes, and where its controls lead."""

from tests.slack.cast import ANA, BO, MEI
from tests.slack.office import Office


def test_a_member_looks_at_the_digest_of_the_channels_team_and_nothing_changes(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    bo = office.person(BO)
    with office.nothing_changes():
        bo.types("/rollout digest", in_=case.room)
        bo.sees(
            f"Rollout digest for Team of {case.name}", "A look at how it stands now", "State of", "Audit log: record"
        )


def test_a_team_can_be_named_and_leaders_read_of_all(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    bo = office.person(BO)
    bo.types("/rollout digest leaders", in_=case.room).sees("Rollout digest · week")
    bo.types(f"/rollout digest Team of {case.name}", in_=bo.direct).sees(f"Rollout digest for Team of {case.name}")
    bo.types("/rollout digest Nobody", in_=bo.direct).sees("There is no team 'Nobody'")


def test_what_waits_can_be_looked_at_from_the_digest(office: Office) -> None:
    case = office.case(approvers=(MEI,))
    ana = office.person(ANA).types(f"/rollout checklist {case.name}", in_=case.room)
    ana.picks("Skip…", beside="Choose a workflow").fills(reason="Agreed on last year.").submits()
    ana.types("/rollout digest", in_=case.room)
    ana.sees(f"Waiting for a decision: 1, less than a day ({case.name}, skip) → Mei Tanaka")
    ana.clicks("Show", beside="Waiting for a decision").sees("1 request waits for a decision", "You asked to skip")
