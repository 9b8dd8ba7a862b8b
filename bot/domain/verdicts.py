"""Verdicts: what a gate answers, check by check, in a shape that is stored whole and read back as it was."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from bot.domain.playbook import PhaseName


class Outcome(StrEnum):
    """How a check came out; only `PASS` opens a gate."""

    PASS = "pass"
    FAIL = "fail"
    NO_DATA = "no_data"


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """The outcome of several together: one failure fails, one gap leaves a gap, and nothing at all is no data."""
    found = set(outcomes)
    return next(
        (outcome for outcome in (Outcome.FAIL, Outcome.NO_DATA, Outcome.PASS) if outcome in found), Outcome.NO_DATA
    )


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a piece of evidence is: what it is, its id here, and its link where it has one."""

    kind: str
    id: str
    url: str | None = None


_LABELS = {
    "roles_held": "Roles",
    "metrics_fresh": "Metrics",
    "eval_passed": "Eval",
    "red_lines_fired": "Red lines",
    "logs_kept": "Logs",
    "versions_named": "Versions",
    "reviews_held": "Reviews",
    "incidents_closed": "Incidents",
    "deviations_closed": "Deviations",
    "rollback_rehearsed": "Rollback",
    "red_team_accepted": "Red-team review",
    "grants_attested": "Attestation",
    "guardrails_held": "Guardrails",
    "target_met": "Target",
    "memo_filed": "Memo",
}


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What became of one check, in words short enough for one line.

    `check` is a stable id such as `eval_passed`; `role` is who can mend it: a role of the workflow, or `lead`.
    No words in it name a person, so that a stored verdict outlives an erasure.
    """

    check: str
    outcome: Outcome
    found: str
    needs: str
    role: str
    evidence: tuple[Trace, ...] = ()

    @property
    def label(self) -> str:
        """What the check is about, in a word or two."""
        return _LABELS.get(self.check) or self.check.replace("_", " ").capitalize()

    @property
    def passed(self) -> bool:
        """Whether this check lets the workflow through."""
        return self.outcome is Outcome.PASS


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer of the gate to phase `to`, judged at `at` by the playbook with this hash.

    `people_count` is how many active people hold the four roles that gates ask for, None where nobody could say;
    `notes` are sentences that whoever decides should read and that no check depends on.
    """

    to: PhaseName
    at: datetime
    playbook_hash: str
    people_count: int | None
    results: tuple[CheckResult, ...]
    notes: tuple[str, ...] = ()

    @property
    def ready(self) -> bool:
        """Whether every check passes; a gate that asks for nothing is never ready."""
        return bool(self.results) and all(result.passed for result in self.results)

    @property
    def failing(self) -> tuple[CheckResult, ...]:
        """The checks that do not pass, in the playbook's order."""
        return tuple(result for result in self.results if not result.passed)

    @property
    def missing(self) -> tuple[dict[str, str], ...]:
        """The checks that do not pass, in the shape that programs rely on (INTERFACE, "promote")."""
        return tuple({"check": r.check, "found": r.found, "needs": r.needs} for r in self.failing)

    def as_json(self) -> dict[str, Any]:
        """The whole verdict in plain JSON values; `from_json` gives it back."""
        return {
            "to": str(self.to),
            "at": self.at.astimezone(UTC).isoformat(),
            "playbook_hash": self.playbook_hash,
            "people_count": self.people_count,
            "ready": self.ready,
            "results": [_result_as_json(result) for result in self.results],
            "notes": list(self.notes),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Verdict":
        """The verdict that `as_json` wrote; KeyError or ValueError if it did not."""
        return cls(
            to=PhaseName(stored["to"]),
            at=datetime.fromisoformat(stored["at"]).astimezone(UTC),
            playbook_hash=stored["playbook_hash"],
            people_count=stored["people_count"],
            results=tuple(_result_from_json(result) for result in stored["results"]),
            notes=tuple(stored["notes"]),
        )


def _result_as_json(result: CheckResult) -> dict[str, Any]:
    return {
        "check": result.check,
        "outcome": str(result.outcome),
        "found": result.found,
        "needs": result.needs,
        "role": result.role,
        "evidence": [{"kind": trace.kind, "id": trace.id, "url": trace.url} for trace in result.evidence],
    }


def _result_from_json(stored: Mapping[str, Any]) -> CheckResult:
    return CheckResult(
        check=stored["check"],
        outcome=Outcome(stored["outcome"]),
        found=stored["found"],
        needs=stored["needs"],
        role=stored["role"],
        evidence=tuple(Trace(trace["kind"], trace["id"], trace["url"]) for trace in stored["evidence"]),
    )
