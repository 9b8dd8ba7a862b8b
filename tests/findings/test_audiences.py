"""Which findings a posted digest told of: those that its readers could read there, and no others."""

from dataclasses import dataclass

import pytest

from bot.actions.desk import Turn
from bot.actions.digests import freezing, holding
from bot.actions.digests.previewing import audience_of, leaders_at
from bot.actions.findings import minding
from bot.domain.digests.audiences import Audience, LeadersPlace
from bot.domain.digests.editions import Drafted, Occasion
from bot.domain.digests.inputs import Inputs, Resolved, inputs_of
from bot.domain.digests.slots import Slot, slot_of
from bot.domain.facts import DigestPosted
from bot.domain.findings.weeks import Weeks
from bot.slack.digest_drafts import DigestDrafts
from store import Database
from tests.cast import SCHEDULER
from tests.findings.troubles import Troubles, finding_id
from tests.program import Program

LATE = "item.overdue"
LEADERS = leaders_at(LeadersPlace("CLEADERS", "Europe/Lisbon"))
Told = dict[str, tuple[str, int]]


@dataclass(slots=True)
class Papers:
    """The digests of a program whose Monday begins with east, goes on with the leaders and ends with west.

    tea_agent is east's and steak_agent west's.
    """

    program: Program
    troubles: Troubles
    east: Audience
    west: Audience

    def posts(self, of: Audience, week: int) -> Inputs:
        """The digest that looks back on that ISO week, drafted at its slot and posted at once."""
        slot = self._comes(of, week)
        drafts = DigestDrafts(self.program.desk, None)
        drafted = drafts.draft(Occasion("dig", of, Weeks(slot.at, slot.zone), first=False))
        assert drafted
        self.program.do(SCHEDULER, _post, of, slot, drafted)
        assert isinstance(drafted.inputs, dict)
        return inputs_of(drafted.inputs)

    def _comes(self, of: Audience, week: int) -> Slot:
        slot = slot_of(2026, week + 1, of.zone)
        self.program.clock.at = self.program.real.at = slot.at
        return slot

    def workflow_id(self, name: str) -> str:
        """The id of one of the two workflows."""
        return self.program.workflow(name).id


def _post(turn: Turn, of: Audience, slot: Slot, drafted: Drafted) -> None:
    digest_id = turn.change.note_due(of, slot)
    assert digest_id
    freezing.freeze(turn, digest_id, drafted)
    edition = turn.change.digests.one(digest_id)
    posted = DigestPosted(
        digest_id=edition.id,
        audience=edition.audience,
        week=edition.week,
        channel=edition.channel,
        ts="1.0",
        found=False,
        late=False,
        plain=False,
        looked=True,
    )
    turn.record(posted)
    holding.remember(turn, edition)


def told(inputs: Inputs) -> Told:
    """State and age in weeks of each finding of a digest, by what it is about."""
    return {each.finding.subject.name: (each.state.value, each.weeks) for each in inputs.findings}


@pytest.fixture
def papers(database: Database, troubles: Troubles) -> Papers:
    program = Program(database)
    east, west = (
        program.team(name, zone=zone) for name, zone in (("East", "Asia/Tokyo"), ("West", "America/New_York"))
    )
    program.start("tea_agent", team=east)
    program.start("steak_agent", team=west)
    return Papers(program, troubles, audience_of(east), audience_of(west))


def test_what_only_another_teams_digest_could_have_told_is_new(papers: Papers) -> None:
    for name in ("tea_agent", "steak_agent"):
        papers.troubles.of(name)
    assert told(papers.posts(papers.east, 10)) == {"tea_agent": ("new", 1)}

    assert told(papers.posts(LEADERS, 11)) == {"tea_agent": ("carried", 2), "steak_agent": ("new", 1)}


def test_what_got_worse_is_so_for_those_who_read_of_it_and_no_other_digest_takes_that_away(papers: Papers) -> None:
    papers.troubles.of("steak_agent")
    papers.posts(LEADERS, 10)
    papers.troubles.worse("steak_agent")
    papers.posts(papers.east, 11)

    assert told(papers.posts(LEADERS, 12)) == {"steak_agent": ("worse", 3)}


def test_what_a_digest_could_not_tell_of_it_does_not_end(papers: Papers) -> None:
    papers.troubles.of("steak_agent")
    papers.posts(LEADERS, 10)
    papers.troubles.over("steak_agent")
    assert papers.posts(papers.east, 11).resolved == ()

    assert papers.posts(LEADERS, 12).resolved == (Resolved(LATE, "steak_agent"),)


def test_a_source_is_told_of_by_every_digest(papers: Papers) -> None:
    papers.troubles.spot()
    assert told(papers.posts(papers.east, 10)) == {"jira": ("new", 1)}
    assert told(papers.posts(LEADERS, 11)) == {"jira": ("carried", 2)}
    papers.troubles.of_program.clear()
    assert papers.posts(papers.west, 11).resolved == (Resolved("source.blind", "jira"),)


def test_what_is_gone_between_two_digests_of_one_day_is_told_where_it_was_told_of(papers: Papers) -> None:
    papers.troubles.of("steak_agent")
    papers.posts(LEADERS, 10)
    papers.troubles.over("steak_agent")
    assert papers.posts(papers.west, 10).resolved == ()

    assert papers.posts(LEADERS, 11).resolved == (Resolved(LATE, "steak_agent"),)
    assert papers.posts(papers.west, 11).resolved == ()
    assert papers.posts(LEADERS, 12).resolved == ()


def test_what_is_gone_before_the_leaders_read_of_it_is_told_to_its_team_alone(papers: Papers) -> None:
    papers.posts(LEADERS, 9)
    papers.troubles.of("tea_agent")
    papers.posts(papers.east, 10)
    papers.troubles.over("tea_agent")

    assert papers.posts(LEADERS, 10).resolved == ()
    assert papers.posts(papers.east, 11).resolved == (Resolved(LATE, "tea_agent"),)
    assert papers.posts(LEADERS, 11).resolved == ()


def test_what_went_in_a_week_whose_digest_never_came_is_told_in_the_next_that_does(papers: Papers) -> None:
    papers.troubles.of("tea_agent")
    for audience in (papers.east, LEADERS):
        papers.posts(audience, 10)
    papers.troubles.over("tea_agent")
    assert papers.posts(papers.east, 11).resolved == (Resolved(LATE, "tea_agent"),)

    assert papers.posts(LEADERS, 12).resolved == (Resolved(LATE, "tea_agent"),)


def test_what_a_person_took_up_and_no_digest_told_of_is_ended_by_any_that_looks(papers: Papers) -> None:
    papers.troubles.of("steak_agent")
    id_ = finding_id(papers.workflow_id("steak_agent"))
    papers.program.later(days=5)
    papers.program.do("ada", minding.acknowledge, id_)
    papers.troubles.over("steak_agent")
    assert papers.posts(papers.east, 10).resolved == ()
    papers.troubles.of("steak_agent")
    papers.program.later(days=1)

    assert told(papers.posts(LEADERS, 11)) == {"steak_agent": ("new", 1)}


def test_a_finding_that_two_digests_show_has_one_age(papers: Papers) -> None:
    papers.troubles.of("tea_agent")
    papers.posts(papers.east, 10)

    assert told(papers.posts(LEADERS, 12)) == {"tea_agent": ("carried", 3)}
