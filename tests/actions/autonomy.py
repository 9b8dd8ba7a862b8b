"""A simple model of one workflow's autonomy: what was granted, what stopped it, and so what must be answered."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Europe/Lisbon")
PHASES = ("pilot", "production", "scaling", "operating")
ALLOW, ASK, DENY = "allow", "needs_approval", "deny"
LASTS, ATTESTED_EVERY, EVALS_LAST = timedelta(days=90), timedelta(days=30), timedelta(days=14)


@dataclass(frozen=True)
class Wish:
    """What is asked for: one of the actions below, up to `most`, with or without a person."""

    action: str
    most: int
    attended: bool

    @property
    def has_effect(self) -> bool:
        """Whether it reaches anyone."""
        return self.action != "draft_reply"

    def needs_person_in(self, phase: str) -> bool:
        """Whether the phase wants a person at each use: in production only for what reaches outside."""
        attending = {"pilot": ("open_pull_request", "send_macro"), "production": ("send_macro",)}
        return self.action in attending.get(phase, ())


@dataclass
class Held:
    """A grant in force or standing still: what for, who asked and who approved, since when, and what stopped it."""

    wish: Wish
    asked_by: str
    approved_by: str
    approved_at: datetime
    expires_at: datetime
    attested_at: datetime | None = None
    stopped: set[str] = field(default_factory=set)

    def attest_by(self) -> datetime:
        """From when on its attestation is missed."""
        return (self.attested_at or self.approved_at) + ATTESTED_EVERY


@dataclass
class Autonomy:
    """One workflow as the rules have it; methods whose names are verbs change it after the program said yes."""

    at: datetime
    phase: str = "pilot"
    is_frozen: bool = False
    held: dict[str, Held] = field(default_factory=dict)
    waiting: dict[str, tuple[Wish, str]] = field(default_factory=dict)
    runs: list[tuple[datetime, bool]] = field(default_factory=list)
    open_incidents: set[str] = field(default_factory=set)
    learned: set[str] = field(default_factory=set)

    def answer(self, action: str, size: int) -> str:
        """What an agent must be told that wants to do this to so many."""
        grant = self.held.get(action)
        if self.is_frozen or grant is None or self.at >= grant.expires_at or self.stops(grant):
            return DENY
        if size > grant.wish.most:
            return DENY
        if grant.wish.attended or grant.wish.needs_person_in(self.phase):
            return ASK
        return ALLOW

    def stops(self, grant: Held) -> set[str]:
        """What makes a grant stand still now: what was written down, and what time alone has caused."""
        timed = {"unattested"} if self.at >= grant.attest_by() else set()
        if grant.wish.has_effect and self.is_stale():
            timed.add("stale")
        return grant.stopped | timed

    def is_stale(self) -> bool:
        """Whether the evals are older than a phase after pilot wants them."""
        if self.phase == "pilot":
            return False
        if not self.runs:
            return True
        latest = max(at for at, _ in self.runs)
        return self.at > (latest.astimezone(ZONE) + EVALS_LAST).astimezone(self.at.tzinfo)

    def last_runs(self) -> list[bool]:
        """Whether the last runs passed, newest first."""
        return [passed for _, passed in sorted(self.runs, key=lambda run: run[0], reverse=True)]

    def bars(self, wish: Wish) -> bool:
        """Whether nothing like this may come into force as things stand."""
        if not wish.attended and wish.needs_person_in(self.phase):
            return True
        failing = bool(self.runs) and not self.last_runs()[0]
        answered = not any("red line" in held.stopped for held in self.held.values())
        return wish.has_effect and (failing or self.is_stale() or bool(self.open_incidents) or not answered)

    def may_go_on(self, grant: Held) -> bool:
        """Whether a person may let it go on: whatever stopped it is gone."""
        proven = "failed" not in grant.stopped or (len(self.runs) > 1 and all(self.last_runs()[:2]))
        failing = grant.wish.has_effect and bool(self.runs) and not self.last_runs()[0]
        still = grant.wish.has_effect and (self.is_stale() or bool(self.open_incidents))
        keys = {cause.removeprefix("incident ") for cause in grant.stopped if cause.startswith("incident ")}
        return proven and not failing and not still and keys <= self.learned and self.at < grant.attest_by()

    def note_time(self) -> None:
        """What time alone has caused, written down: by a tick, or because the guards looked."""
        for action, grant in list(self.held.items()):
            if self.at >= grant.expires_at:
                del self.held[action]
            else:
                grant.stopped |= self.stops(grant)

    def stop(self, cause: str) -> None:
        """Every living grant with an effect standing still."""
        for grant in self.held.values():
            if grant.wish.has_effect and self.at < grant.expires_at:
                grant.stopped.add(cause)

    def run(self, passed: bool) -> None:
        """An eval run of now."""
        self.note_time()
        self.runs.append((self.at, passed))
        if not passed:
            self.stop("failed")

    def approve(self, action: str, by: str) -> None:
        """What waited in force, in place of what was."""
        wish, asked_by = self.waiting.pop(action)
        self.held[action] = Held(wish, asked_by, by, self.at, self.at + LASTS)
