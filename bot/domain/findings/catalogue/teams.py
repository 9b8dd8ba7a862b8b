"""Rules about teams: pilots at once, people who can approve, and how well their people are equipped."""

from collections.abc import Callable, Iterable, Iterator
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from fractions import Fraction

from bot.domain.findings.declaring import Found, Spotted, program_rule
from bot.domain.findings.kinds import Severity, Subject, SubjectKind
from bot.domain.findings.looks import ProgramLook
from bot.domain.findings.records import TeamRecords
from bot.domain.gate_evidence import trace_of
from bot.domain.gates.words import figure, named, percent, percent_at_least
from bot.domain.playbook import PhaseName
from bot.domain.seats import MATURE, is_short
from bot.domain.signals.kinds import Seat, Signal

_CENT = Decimal("0.01")


@program_rule("pilot.too_broad")
def pilots_too_many(look: ProgramLook) -> Iterator[Spotted]:
    """A team has more than 2 workflows in pilot at once; a paused one does not count."""
    for records in look.records.teams:
        pilots = tuple(each.name for each in records.active if each.phase is PhaseName.PILOT)
        most = _number(records, "pilot.too_broad", "max_workflows", min)
        if pilots and len(pilots) > most:
            yield _spotted(
                records,
                Found(
                    severity=Severity.NOTICE,
                    summary=f"{len(pilots)} workflows are in pilot at once, and {most} are the most: {named(pilots)}",
                    owner=records.team.lead,
                    next_step="pause or close one of them, or bring it through its gate",
                    facts=(("workflows", pilots), ("count", len(pilots)), ("max_workflows", most)),
                    size=len(pilots),
                ),
            )


@program_rule("approval.uncovered")
def approvers_too_few(look: ProgramLook) -> Iterator[Spotted]:
    """Fewer than two people who are here can approve the requests of a team that has a workflow."""
    for records in look.records.teams:
        least, able = _number(records, "approval.uncovered", "min_people", max), len(records.able)
        if records.workflows and able < least:
            can = "nobody" if not able else "1 person" if able == 1 else f"{able} people"
            yield _spotted(
                records,
                Found(
                    severity=Severity.WARNING,
                    summary=f"{can} can approve requests, and {least} are needed, since nobody approves their own",
                    owner=records.team.lead,
                    next_step="name another approver of the team",
                    facts=(("able", able), ("min_people", least)),
                ),
            )


@program_rule("enablement.gap")
def enablement_gaps(look: ProgramLook) -> Iterator[Spotted]:
    """Fewer than 80 % are trained in a team in scaling or later, or its seats cost less than half the highest.

    Teams without an active workflow do not count. What seats cost is per person, over all tiers of a team.
    """
    active = [records for records in look.records.teams if records.active]
    for records in active:
        if any(workflow.phase in MATURE for workflow in records.active):
            yield from _untrained(records)
    yield from _cheaper(active)


def _untrained(records: TeamRecords) -> Iterator[Spotted]:
    people, trained = _sum(records, "people"), _sum(records, "trained")
    least = _share(records, "enablement.gap", "min_trained")
    if is_short(people, trained, least):
        yield _spotted(
            records,
            Found(
                severity=Severity.NOTICE,
                summary=f"{trained} of {people} people are trained, {percent_at_least(Decimal(trained) / people)}, and "
                f"{percent(least)} should be where a workflow is in scaling or later",
                owner=records.team.lead,
                next_step=f"offer training to the {people - trained} who had none yet",
                facts=(("people", people), ("trained", trained), ("min_trained", str(least))),
                evidence=tuple(trace_of(seat) for seat in records.seats),
                about="trained",
            ),
        )


def _cheaper(active: Iterable[TeamRecords]) -> Iterator[Spotted]:
    costs = [(_cost(records.seats), records) for records in active if _sum(records, "people")]
    highest, best = max(costs, key=lambda pair: pair[0], default=(Fraction(), None))
    for cost, records in costs:
        least = _share(records, "enablement.gap", "min_seat_share")
        if best and cost < Fraction(least) * highest:
            yield _spotted(
                records,
                Found(
                    severity=Severity.NOTICE,
                    summary=f"a seat costs ${_usd(cost, ROUND_FLOOR)} a month here, less than {percent(least)} of the "
                    f"${_usd(highest, ROUND_CEILING)} in {best.team.name}",
                    owner=records.team.lead,
                    next_step="offer the better seats here too, or say why not",
                    facts=(
                        ("cost_usd_month", _usd(cost, ROUND_FLOOR)),
                        ("highest_usd_month", _usd(highest, ROUND_CEILING)),
                        ("highest_in", best.team.name),
                        ("min_seat_share", str(least)),
                    ),
                    evidence=tuple(trace_of(seat) for seat in records.seats),
                    about="seats",
                ),
            )


def _cost(seats: tuple[Signal[Seat], ...]) -> Fraction:
    """What the seats of a team cost a month for each person, over all their tiers."""
    total = sum((seat.body.cost_usd_month for seat in seats), Decimal())
    return Fraction(total) / sum(seat.body.people for seat in seats)


def _usd(cost: Fraction, rounding: str) -> str:
    return figure((Decimal(cost.numerator) / cost.denominator).quantize(_CENT, rounding))


def _sum(records: TeamRecords, name: str) -> int:
    return sum(getattr(seat.body, name) for seat in records.seats)


def _number(records: TeamRecords, rule: str, name: str, strictest: Callable[[Iterable[int]], int]) -> int:
    """A threshold for a team whose workflows may follow several playbooks."""
    return strictest([playbook.count(rule, name) for playbook in records.playbooks] or [0])


def _share(records: TeamRecords, rule: str, name: str) -> Decimal:
    return max(playbook.share(rule, name) for playbook in records.playbooks)


def _spotted(records: TeamRecords, found: Found) -> Spotted:
    return Spotted(Subject(SubjectKind.TEAM, records.team.id, records.team.name), records.team, found)
