"""One finding over weeks: new, worse, carried, known, put off, resolved; whatever digests there are in a week."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.actions.desk import Turn
from bot.actions.findings import minding
from bot.actions.findings.judging import judge
from bot.actions.findings.scene import Scene, scene_in
from bot.actions.findings.tracking import covering, followed, followed_now, track_now
from bot.domain.errors import BadInput, Conflict, NotAllowed, NotFound, Refused
from bot.domain.facts import FindingsTracked
from bot.domain.findings.judgement import Judgement
from bot.domain.findings.kinds import Finding, Severity, Subject, SubjectKind
from bot.domain.findings.precision import Precision
from bot.domain.findings.tracking import FindingState, Followed, Tracked, is_on_track, resolved
from bot.domain.findings.weeks import Weeks
from bot.domain.people import Membership
from store import Database, View
from tests.cast import SCHEDULER
from tests.findings.troubles import BLIND, LATE, Troubles
from tests.program import Program
from tests.store.together import together

SLOT = datetime(2026, 3, 9, 9, tzinfo=UTC)
"""Monday of the second week; the digest of W10 looks back from here."""

CRITICAL, WARNING = Severity.CRITICAL, Severity.WARNING


@dataclass(slots=True)
class Mondays:
    """A program with the workflow refunds_agent of Support, its digests, and what is off plan in it."""

    program: Program
    troubles: Troubles

    def digest(self, *, of: tuple[str, ...] | None = None, zone: str = "UTC") -> FindingsTracked | None:
        """A frozen digest of everything, or of some workflows; what it changed."""

        def freeze(turn: Turn) -> FindingsTracked | None:
            found = turn.change.workflows()
            chosen = tuple(each for each in found if of is None or each.name in of)
            return track_now(turn, judge(turn.change, chosen, Weeks(turn.at, zone), scene_in(turn, chosen)))

        return self.program.do(SCHEDULER, freeze)

    def judged(self) -> tuple[View, Judgement]:
        """What a preview looks at; nothing is written."""
        with self.program.desk.reading() as view:
            return view, judge(view, view.workflows(), Weeks(self.program.at, "UTC"), Scene())

    def preview(self) -> tuple[Followed, ...]:
        """The findings as they stand now; nothing is written."""
        with self.program.desk.reading() as view:
            return followed_now(view, Weeks(self.program.at, "UTC"), Scene())

    def seen(self) -> list[tuple[str, int]]:
        """State and age in weeks of each."""
        return [(each.state.value, each.weeks) for each in self.preview()]

    def gone(self) -> list[str]:
        """The rules whose findings a digest would count as resolved."""
        with self.program.desk.reading() as view:
            whole = judge(view, view.workflows(), Weeks(self.program.at, "UTC"), Scene())
            known = view.findings.all()
            return [
                each.rule for each in resolved(known, whole.findings, whole.weeks.week(), covering(view, whole, None))
            ]

    def next_week(self) -> None:
        """Seven days later."""
        self.program.later(days=7)

    @property
    def id(self) -> str:
        """The id of the first finding."""
        return self.preview()[0].finding.id

    def kept(self) -> Tracked:
        """What is kept of the one finding."""
        with self.program.desk.reading() as view:
            (found,) = view.findings.all().values()
        return found

    def do(self, by: str, act: Callable[..., object], *more: object, **named: object) -> None:
        """Something done with the finding by one of the cast."""
        self.program.do(by, act, self.id, *more, **named)


@pytest.fixture
def mondays(database: Database, troubles: Troubles) -> Mondays:
    program = Program(database)
    program.start()
    program.clock.at = program.real.at = SLOT
    troubles.of(program.name)
    return Mondays(program, troubles)


# Weeks


def test_a_finding_is_new_and_then_carried_with_its_age(mondays: Mondays) -> None:
    assert mondays.seen() == [("new", 1)]
    for expected in (("new", 1), ("carried", 2), ("carried", 3)):
        mondays.digest()
        assert mondays.seen() == [expected]
        mondays.next_week()
    assert mondays.kept().first_seen == SLOT


def test_a_preview_writes_nothing(mondays: Mondays) -> None:
    before = mondays.program.chain()
    mondays.preview()
    mondays.next_week()
    assert mondays.seen() == [("new", 1)]
    assert mondays.program.chain() == before


def test_two_audiences_in_one_week_count_one_week_and_say_the_same(mondays: Mondays) -> None:
    mondays.digest(of=(mondays.program.name,), zone="Asia/Tokyo")
    mondays.program.later(hours=9)
    assert mondays.seen() == [("new", 1)]
    assert mondays.digest() is None
    mondays.next_week()
    mondays.troubles.worse(mondays.program.name)
    for _ in range(2):
        assert mondays.seen() == [("worse", 2)]
        mondays.digest()
    mondays.next_week()
    assert mondays.seen() == [("carried", 3)]


def test_a_week_without_a_digest_counts_in_the_age(mondays: Mondays) -> None:
    mondays.digest()
    mondays.next_week()
    mondays.next_week()
    assert mondays.seen() == [("carried", 3)]


def test_between_two_digests_it_stands_as_the_last_one_told(mondays: Mondays) -> None:
    mondays.digest()
    mondays.program.later(days=2)
    assert mondays.seen() == [("new", 1)]
    mondays.program.later(days=5)
    assert mondays.seen() == [("carried", 2)]


@pytest.mark.parametrize(
    ("size", "severity", "state"),
    [(2, WARNING, "carried"), (3, WARNING, "worse"), (2, CRITICAL, "worse"), (1, WARNING, "carried")],
)
def test_it_is_worse_when_it_lists_more_or_grows_graver(
    mondays: Mondays, size: int, severity: Severity, state: str
) -> None:
    mondays.digest()
    mondays.next_week()
    mondays.troubles.worse(mondays.program.name, size, severity)
    assert mondays.seen() == [(state, 2)]


def test_what_got_better_and_then_as_bad_as_before_is_worse_than_the_week_before(mondays: Mondays) -> None:
    name = mondays.program.name
    mondays.troubles.worse(name, 5)
    mondays.digest()
    for size, state in ((2, "carried"), (2, "carried"), (5, "worse"), (5, "carried")):
        mondays.next_week()
        mondays.troubles.worse(name, size)
        mondays.digest()
        assert mondays.seen()[0][0] == state


def test_a_late_digest_of_an_earlier_week_takes_nothing_back(mondays: Mondays) -> None:
    mondays.next_week()
    mondays.digest()
    mondays.next_week()
    mondays.troubles.worse(mondays.program.name)
    mondays.digest()
    before = mondays.kept()
    mondays.program.clock.at = SLOT
    mondays.troubles.over(mondays.program.name)
    assert mondays.digest() is None
    assert mondays.kept() == before


# Resolved, and back again


def test_what_is_found_no_more_is_resolved_for_every_audience_of_that_week(mondays: Mondays) -> None:
    mondays.digest()
    mondays.next_week()
    mondays.troubles.over(mondays.program.name)
    for _ in range(2):
        assert (mondays.gone(), mondays.seen()) == (["item.overdue"], [])
        mondays.digest()
    assert (mondays.kept().resolved_at, mondays.kept().resolved_week) == (SLOT + timedelta(days=7), "2026-W11")
    mondays.next_week()
    assert mondays.gone() == []


def test_what_comes_up_again_is_new_and_nobody_knows_of_it(mondays: Mondays) -> None:
    mondays.digest()
    mondays.do("ana", minding.acknowledge)
    mondays.do("ana", minding.assign, mondays.program.person("max"))
    mondays.next_week()
    mondays.troubles.over(mondays.program.name)
    mondays.digest()
    mondays.next_week()
    mondays.troubles.of(mondays.program.name)
    assert mondays.seen() == [("new", 1)]
    mondays.digest()
    again = mondays.kept()
    assert (again.first_seen, again.first_week, again.acknowledged, again.assigned_to) == (
        mondays.program.at,
        "2026-W12",
        None,
        None,
    )
    assert [each.owner.name for each in mondays.preview() if each.owner] == ["Stu"]


def test_a_digest_resolves_only_what_it_looked_at(mondays: Mondays) -> None:
    mondays.program.start("other_agent")
    mondays.troubles.of("other_agent")
    mondays.troubles.spot()
    mondays.digest()
    mondays.next_week()
    mondays.troubles.over("other_agent")
    mondays.troubles.of_program.clear()
    mondays.digest(of=(mondays.program.name,))
    assert sorted(mondays.gone()) == ["item.overdue", "source.blind"]
    mondays.digest()
    with mondays.program.desk.reading() as view:
        assert [each.rule for each in view.findings.all().values() if each.is_open] == ["item.overdue"]


def test_what_is_not_judged_while_its_workflow_is_paused_is_not_resolved(mondays: Mondays) -> None:
    mondays.digest()
    mondays.next_week()
    mondays.program.pause()
    assert (mondays.digest(), mondays.seen(), mondays.gone()) == (None, [], [])
    mondays.next_week()
    mondays.program.resume()
    assert mondays.seen() == [("carried", 3)]


def test_closing_a_workflow_resolves_its_findings(mondays: Mondays) -> None:
    mondays.digest()
    id_ = mondays.id
    mondays.program.later(days=2)
    mondays.program.close()
    assert (mondays.kept().resolved_at, mondays.kept().resolved_week) == (mondays.program.at, None)
    with pytest.raises(Conflict, match="refunds_agent was closed on 11 Mar 2026"):
        mondays.program.do("ana", minding.acknowledge, id_)
    with mondays.program.desk.reading() as view:
        kept = view.findings.all()
    for days, expected in ((5, [mondays.kept()]), (7, [])):
        mondays.program.later(days=days)
        week = Weeks(mondays.program.at, "UTC").week()
        assert list(resolved(kept, (), week, lambda _: True)) == expected


# What people do


def test_what_is_acknowledged_says_who_and_stays_so(mondays: Mondays) -> None:
    mondays.digest()
    mondays.do("ana", minding.acknowledge)
    for weeks in (1, 2, 3):
        assert mondays.seen() == [("acknowledged", weeks)]
        mondays.next_week()
        mondays.digest()
    known = mondays.kept().acknowledged
    assert known
    assert (known.by.name, known.at) == ("Ana", SLOT)


def test_what_gets_worse_after_it_was_acknowledged_shows_again(mondays: Mondays) -> None:
    name = mondays.program.name
    mondays.troubles.worse(name, 2, CRITICAL)
    mondays.digest()
    mondays.do("ana", minding.acknowledge)
    mondays.next_week()
    mondays.troubles.worse(name, 3, CRITICAL)
    mondays.digest()
    assert mondays.seen() == [("worse", 2)]
    mondays.do("ana", minding.acknowledge)
    assert mondays.seen() == [("acknowledged", 2)]
    mondays.next_week()
    mondays.troubles.worse(name, 2, WARNING)
    assert mondays.seen() == [("acknowledged", 3)]


def test_what_only_a_preview_showed_is_acknowledged_too(mondays: Mondays) -> None:
    mondays.program.later(days=2)
    mondays.do("ana", minding.acknowledge)
    assert mondays.seen() == [("acknowledged", 1)]
    assert mondays.program.facts()[-2:] == ("findings_tracked", "finding_acknowledged")
    mondays.program.later(days=5)
    mondays.digest()
    kept = mondays.kept()
    assert (kept.first_seen, kept.first_week) == (SLOT + timedelta(days=2), "2026-W11")


def test_what_only_someone_took_up_is_new_in_the_first_digest_that_tells_of_it(mondays: Mondays) -> None:
    mondays.do("ana", minding.assign, mondays.program.person("max"))
    mondays.next_week()
    mondays.digest()
    assert mondays.seen() == [("new", 1)]
    assert [each.owner.name for each in mondays.preview() if each.owner] == ["Max"]


def test_nobody_acknowledges_what_someone_else_did_already(mondays: Mondays) -> None:
    mondays.digest()
    mondays.do("ana", minding.acknowledge)
    with pytest.raises(Conflict, match=r"Ana acknowledged this on 9 Mar at 09:00 UTC"):
        mondays.do("stu", minding.acknowledge)
    assert mondays.kept().version == 2


def test_a_snoozed_finding_is_away_until_its_day(mondays: Mondays) -> None:
    mondays.digest()
    mondays.do("ana", minding.snooze, date(2026, 3, 23), "The vendor mends it on Friday.")
    mondays.next_week()
    (asleep,) = mondays.preview()
    assert (asleep.state, asleep.is_shown, asleep.has_returned) == (FindingState.SNOOZED, False, False)
    snoozed = mondays.kept().snoozed
    assert snoozed
    assert (snoozed.by.name, snoozed.until, snoozed.reason) == (
        "Ana",
        date(2026, 3, 23),
        "The vendor mends it on Friday.",
    )
    mondays.next_week()
    (back,) = mondays.preview()
    assert (back.state, back.is_shown, back.has_returned) == (FindingState.CARRIED, True, True)


def test_a_snooze_outlives_a_finding_that_comes_and_goes(mondays: Mondays) -> None:
    mondays.digest()
    mondays.do("ana", minding.snooze, date(2026, 4, 6), "It comes and goes.")
    mondays.next_week()
    mondays.troubles.over(mondays.program.name)
    mondays.digest()
    mondays.next_week()
    mondays.troubles.of(mondays.program.name)
    assert mondays.seen() == [("snoozed", 1)]


def test_what_grows_graver_does_not_sleep_on_but_more_of_the_same_does(mondays: Mondays) -> None:
    mondays.digest()
    mondays.do("ana", minding.snooze, date(2026, 4, 6), "Known.")
    mondays.next_week()
    mondays.troubles.worse(mondays.program.name, 9)
    assert mondays.seen() == [("snoozed", 2)]
    mondays.troubles.worse(mondays.program.name, 2, CRITICAL)
    assert mondays.seen() == [("worse", 2)]


def test_acknowledging_wakes_what_was_snoozed_and_snoozing_ends_an_acknowledgement(mondays: Mondays) -> None:
    mondays.digest()
    mondays.do("ana", minding.snooze, date(2026, 3, 16), "Later.")
    mondays.do("ana", minding.acknowledge)
    assert mondays.seen() == [("acknowledged", 1)]
    mondays.do("ana", minding.snooze, date(2026, 3, 16), "Later.")
    assert mondays.seen() == [("snoozed", 1)]
    mondays.next_week()
    assert mondays.seen() == [("carried", 2)]


@pytest.mark.parametrize(
    ("until", "reason", "why"),
    [
        (date(2026, 3, 9), "Later.", "is not ahead"),
        (date(2026, 4, 7), "Later.", "28 days at most, until 2026-04-06"),
        (date(2026, 3, 10), " ", "Please say why this can wait"),
    ],
)
def test_a_snooze_needs_a_day_ahead_and_a_reason(mondays: Mondays, until: date, reason: str, why: str) -> None:
    with pytest.raises(BadInput, match=why):
        mondays.do("ana", minding.snooze, until, reason)
    assert mondays.program.facts()[-1] != "finding_snoozed"


def test_the_day_on_which_a_finding_went_is_the_teams(mondays: Mondays) -> None:
    mondays.digest()
    id_ = mondays.id
    mondays.program.clock.at = mondays.program.real.at = datetime(2026, 4, 1, 23, 30, tzinfo=UTC)
    mondays.program.close()
    with pytest.raises(Conflict, match="refunds_agent was closed on 2 Apr 2026"):
        mondays.program.do("ana", minding.acknowledge, id_)


def test_a_red_line_is_never_snoozed(mondays: Mondays) -> None:
    mondays.troubles.over(mondays.program.name)
    mondays.troubles.of(mondays.program.name, replace(LATE, severity=CRITICAL), "red_line.violated")
    with pytest.raises(Refused, match="can't be snoozed"):
        mondays.do("ana", minding.snooze, date(2026, 3, 10), "Later.")
    mondays.do("ana", minding.acknowledge)
    assert mondays.seen() == [("acknowledged", 1)]


@pytest.mark.parametrize("who", ["ana", "stu", "lea", "bea", "apo", "ada"])
def test_those_who_run_the_workflow_and_those_who_decide_may_do_it(mondays: Mondays, who: str) -> None:
    mondays.do(who, minding.acknowledge)
    assert mondays.seen() == [("acknowledged", 1)]
    assert mondays.program.chain()[-1]["details"]["allowed_because"]


@pytest.mark.parametrize("who", ["max", "guest"])
def test_others_may_not(mondays: Mondays, who: str) -> None:
    mondays.program.workspace.memberships["UGUEST"] = Membership.GUEST
    with pytest.raises(NotAllowed):
        mondays.do(who, minding.acknowledge)
    assert mondays.seen() == [("new", 1)]


def test_what_concerns_no_team_is_for_those_who_decide(mondays: Mondays) -> None:
    mondays.troubles.over(mondays.program.name)
    mondays.troubles.spot(found=BLIND)
    with pytest.raises(NotAllowed, match="concerns no single team: Apo or Ada can"):
        mondays.do("ana", minding.acknowledge)
    mondays.do("ada", minding.acknowledge)
    assert mondays.seen() == [("acknowledged", 1)]


def test_a_finding_about_a_team_is_its_leads(mondays: Mondays) -> None:
    mondays.troubles.over(mondays.program.name)
    mondays.troubles.spot(mondays.program.workflow().team.id, SubjectKind.TEAM)
    mondays.do("lea", minding.acknowledge)
    assert mondays.kept().team_id == mondays.program.workflow().team.id


def test_a_finding_is_assigned_to_active_members_only(mondays: Mondays) -> None:
    mondays.program.workspace.memberships["UGONE"] = Membership.DEACTIVATED
    with pytest.raises(Refused, match="Gone is no active full member"):
        mondays.do("ana", minding.assign, mondays.program.person("gone"))
    mondays.do("ana", minding.assign, mondays.program.person("max"))
    with pytest.raises(Conflict, match="is Max's already"):
        mondays.do("ana", minding.assign, mondays.program.person("max"))
    with mondays.program.desk.reading() as view:
        assert [each.id for each in view.findings.in_hands_of(("UMAX", "UANA"))] == [mondays.id]


def test_precision_is_the_share_that_nobody_called_not_useful(mondays: Mondays) -> None:
    program = mondays.program
    program.start("other_agent")
    mondays.troubles.of("other_agent")
    mondays.digest()
    first, second = (each.finding.id for each in mondays.preview())
    for who in ("max", "ana"):
        program.do(who, minding.judge_use, first, useful=False, reason="We know.")
    program.do("max", minding.judge_use, second, useful=False)
    program.do("max", minding.judge_use, second, useful=True)
    assert program.ask(lambda view: view.findings.precision()) == {"item.overdue": Precision(2, 1)}
    mondays.next_week()
    mondays.troubles.by_workflow.clear()
    mondays.digest()
    mondays.next_week()
    mondays.troubles.of(program.name)
    mondays.digest()
    assert program.ask(lambda view: view.findings.precision()) == {"item.overdue": Precision(3, 1)}


@pytest.mark.parametrize("id_", ["", "fnd_", "fnd_0123456789", "refunds_agent", "fnd_\0", "\ud800", "x" * 500])
def test_what_is_no_finding_is_refused(mondays: Mondays, id_: str) -> None:
    with pytest.raises(NotFound, match="There is no finding"):
        mondays.program.do("ana", minding.acknowledge, id_)


def test_one_act_tells_one_finding_by_judging_its_workflow_alone(mondays: Mondays) -> None:
    mondays.program.start("other_agent")
    mondays.digest()
    id_ = mondays.id
    mondays.troubles.judged.clear()
    mondays.program.do("ana", minding.acknowledge, id_)
    assert set(mondays.troubles.judged) == {mondays.program.name}


# At the same moment


def test_of_two_who_acknowledge_at_once_one_wins_and_the_other_is_told_who(mondays: Mondays) -> None:
    id_, answers = mondays.id, []

    def acknowledging(who: str) -> Callable[[], None]:
        def act() -> None:
            try:
                mondays.program.do(who, minding.acknowledge, id_)
                answers.append("done")
            except Conflict as refusal:
                answers.append(str(refusal).split(" on ")[0])

        return act

    together([acknowledging("ana"), acknowledging("stu")])
    known = mondays.kept().acknowledged
    assert known
    assert sorted(answers) == [f"{known.by.name} acknowledged this", "done"]
    assert mondays.kept().version == 2


def test_two_audiences_at_once_count_one_finding_once(mondays: Mondays) -> None:
    together([mondays.digest, mondays.digest])
    assert mondays.program.ask(lambda view: view.findings.precision()) == {"item.overdue": Precision(1, 0)}
    assert mondays.seen() == [("new", 1)]


# On track


@pytest.mark.parametrize(("severity", "holds"), [(Severity.NOTICE, True), (WARNING, False), (CRITICAL, False)])
def test_a_workflow_is_on_track_without_critical_or_warning(mondays: Mondays, severity: Severity, holds: bool) -> None:
    mondays.troubles.of(mondays.program.name, replace(LATE, severity=severity))
    _, judgement = mondays.judged()
    assert is_on_track(mondays.program.workflow(), judgement.findings) is holds


def test_a_paused_or_closed_workflow_is_not_on_track(mondays: Mondays) -> None:
    assert is_on_track(mondays.program.workflow(), ())
    assert not is_on_track(mondays.program.pause(), ())
    mondays.program.resume()
    assert not is_on_track(mondays.program.close(), ())


def test_an_identity_has_a_short_name_that_stays() -> None:
    subject = Subject(SubjectKind.WORKFLOW, "wf_1", "refunds_agent")
    finding = Finding(
        rule="item.overdue",
        version=1,
        severity=WARNING,
        subject=subject,
        about="",
        team_id=None,
        team=None,
        summary="Late.",
        facts=(),
        owner=None,
        next_step="Do it.",
        evidence=(),
    )
    renamed = replace(finding, subject=replace(subject, name="refunds"), severity=CRITICAL, size=4)
    assert (finding.id, renamed.id) == ("fnd_1be44f2aec", "fnd_1be44f2aec")
    assert replace(finding, about="csat").id != finding.id


def test_followed_findings_stand_the_gravest_first(mondays: Mondays) -> None:
    mondays.troubles.of(mondays.program.name, replace(LATE, severity=Severity.NOTICE), "grant.expiring")
    mondays.troubles.of(mondays.program.name, replace(LATE, severity=CRITICAL), "red_line.violated")
    with mondays.program.desk.reading() as view:
        found = followed(view, judge(view, view.workflows(), Weeks(mondays.program.at, "UTC"), Scene()))
    assert [each.finding.severity for each in found] == [CRITICAL, WARNING, Severity.NOTICE]
