"""A simulation as files in a folder: digests, truth, chart, and the database as it stands at the end."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.domain.calendar import rfc3339
from bot.domain.digests.audiences import LeadersPlace
from bot.domain.digests.composing import compose
from bot.domain.digests.inputs import Inputs
from bot.domain.digests.shapes import digest_as_json
from bot.domain.errors import Refused
from bot.simulation.chart import Column, chart_png
from bot.simulation.hands import Member
from bot.simulation.plans import SEVERITIES, Expected
from bot.simulation.planting import Program
from bot.simulation.playing import play
from bot.simulation.stage import Company, raised
from bot.simulation.troubles import NOT_PLANTED
from bot.slack.pen import Pen
from bot.slack.screens.digests import digest_text
from store import chance

MADE_BY = "rollout simulate"
TRUTH, CHART, DIGESTS, DATABASE = "truth.json", "chart.png", "digests", "rollout.db"
_DIGEST = re.compile(r"\d+-\d{4}-W\d{2}\.(txt|json)")

Key = tuple[str, str, str]
"""Rule, what it is about, severity."""


@dataclass(frozen=True, slots=True)
class Monday:
    """One Monday of a simulation: what its digest says, and whether it says what the plan says it must."""

    inputs: Inputs
    headline: str
    found: Counter[Key]
    expected: Counter[Key]

    @property
    def missed(self) -> int:
        """How much had to be found and was not."""
        return (self.expected - self.found).total()

    @property
    def wrong(self) -> int:
        """How much was found and should not have been."""
        return (self.found - self.expected).total()


def simulate(program: Program, out: Path) -> Iterator[Monday]:
    """Each Monday while the program is played, its files written; a refusal where the folder is somebody else's."""
    _clear(out)
    _write(out / TRUTH, _json(truth_of(program)))
    pen = Pen(ZoneInfo(program.mondays.zone))
    company, leaders = Company(_members(program)), LeadersPlace(None, program.mondays.zone)
    columns = []
    with (
        chance.drawn_from(f"{MADE_BY} {program.seed}"),
        raised(out / DATABASE, company, leaders, program.begins_at) as stage,
    ):
        for number, inputs in enumerate(play(stage, program)):
            digest = compose(inputs)
            name = out / DIGESTS / f"{number + 1:02d}-{inputs.week}"
            text = digest_text(pen, digest)
            _write(name.with_suffix(".txt"), f"{text}\n")
            _write(name.with_suffix(".json"), _json(digest_as_json(inputs)))
            found, expected = _found(inputs), (each for each in program.expected if each.monday == number)
            columns.append(_column(inputs, found))
            yield Monday(inputs, text.partition("\n")[0], found, Counter(map(_key, expected)))
    title = f"{len(program.courses)} workflows, {len(columns)} Mondays: what was off plan"
    (out / CHART).write_bytes(chart_png(title, columns))


def truth_of(program: Program) -> dict[str, Any]:
    """What was planted, and everything that each Monday must therefore tell, in plain JSON values."""
    return {
        "made_by": MADE_BY,
        "seed": program.seed,
        "days": program.size.days,
        "first_day": program.first.isoformat(),
        "zone": program.mondays.zone,
        "workflows": [
            {"workflow": each.name, "team": each.team.name, "zone": each.zone, "start": each.start_on.isoformat()}
            for each in program.courses
        ],
        "troubles": [_plant(program, each) for each in program.plants if not each.is_near_miss],
        "near_misses": [_plant(program, each) for each in program.plants if each.is_near_miss],
        "mondays": [
            {
                "at": rfc3339(at),
                "findings": [_expected(each) for each in program.expected if each.monday == number],
            }
            for number, at in enumerate(program.mondays.instants)
        ],
        "not_planted": [{"rule": rule, "why": why} for rule, why in NOT_PLANTED.items()],
    }


def _plant(program: Program, plant: Any) -> dict[str, Any]:
    mondays = program.mondays
    return {
        "rule": plant.rule,
        "workflow": plant.course,
        "told": plant.told,
        "mondays": sorted(
            {mondays.date(each.monday).isoformat() for each in plant.expected if each.rule == plant.rule}
        ),
    }


def _expected(each: Expected) -> dict[str, str]:
    return {"rule": each.rule, "subject": each.subject, "severity": each.severity, "about": each.about}


def _key(each: Expected) -> Key:
    return each.rule, each.subject, each.severity


def _found(inputs: Inputs) -> Counter[Key]:
    findings = (each.finding for each in inputs.findings)
    return Counter((each.rule, each.subject.name, str(each.severity)) for each in findings)


def _column(inputs: Inputs, found: Counter[Key]) -> Column:
    local = inputs.at.astimezone(ZoneInfo(inputs.audience.zone))
    counts = {severity: sum(n for key, n in found.items() if key[2] == severity) for severity in SEVERITIES}
    return Column(f"{local.day} {local:%b}", counts)


def _members(program: Program) -> dict[str, Member]:
    teams = (member for each in program.teams for member in (each.lead, *each.approvers, each.newcomer))
    own = (member for each in program.courses for member in each.people.values())
    return {member.handle: member for member in (*teams, *own)}


def _clear(out: Path) -> None:
    """The folder, with nothing of an earlier simulation in it."""
    if out.exists() and not out.is_dir():
        raise Refused(f"{out} is a file, and a simulation needs a folder: give another name with --out.")
    if out.is_dir() and any(out.iterdir()) and not _is_ours(out):
        raise Refused(
            f"{out} is not empty, and no simulation made it, so nothing was written there: give --out a new folder."
        )
    try:
        (out / DIGESTS).mkdir(parents=True, exist_ok=True)
        for file in (*out.glob(f"{DATABASE}*"), out / TRUTH, out / CHART):
            file.unlink(missing_ok=True)
        for file in (out / DIGESTS).iterdir():
            if _DIGEST.fullmatch(file.name):
                file.unlink()
    except OSError as error:
        why = (error.strerror or "it cannot be used").lower()
        raise Refused(f"{out} cannot be written to ({why}): give --out a folder of your own.") from None


def _is_ours(out: Path) -> bool:
    try:
        told = json.loads((out / TRUTH).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and told.get("made_by") == MADE_BY


def _json(value: object) -> str:
    return f"{json.dumps(value, indent=1)}\n"


def _write(file: Path, text: str) -> None:
    file.write_text(text, "utf-8", newline="\n")
