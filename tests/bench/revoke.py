"""A grant revoked at one replica: how soon the other one denies, and whether it allowed anything after the answer."""

import http.client
import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

from store import Database
from store.migrating import upgrade
from tests.bench.figures import judge, median, ms, percentile, show
from tests.bench.processes import Child, serving
from tests.bench.program import Ground
from tests.grants_program import GrantsProgram, action, policy
from tests.postgres import installed, running
from tests.web.agents import token_for

ROUNDS = 300
AIM_S = 0.1
PATIENCE_S = 10.0
_GRANTED = policy(action("draft_reply", max_words=200, requires_human_approval=False))
_BODY = json.dumps({"workflow": "refunds_agent", "action": "draft_reply", "facts": {"words": 20}}).encode()


@dataclass(frozen=True, slots=True)
class Answer:
    """What the other replica said, when it was asked and when the answer was there (seconds, monotonic)."""

    asked_s: float
    heard_s: float
    outcome: str


@dataclass(slots=True)
class Asker:
    """An agent that asks the other replica again as soon as it has its answer."""

    port: int
    secret: str
    heard: list[Answer] = field(default_factory=list)
    is_over: bool = False

    def run(self) -> None:
        """Asks until it is over."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        headers = {"Authorization": f"Bearer {self.secret}"}
        while not self.is_over:
            asked_s = time.perf_counter()
            connection.request("POST", "/v1/decisions", _BODY, headers)
            answered = connection.getresponse()
            told = json.loads(answered.read())
            outcome = told["decision"] if answered.status == 200 else "no answer"
            self.heard.append(Answer(asked_s, time.perf_counter(), outcome))
        connection.close()

    def first(self, outcome: str, after: int) -> Answer:
        """The first answer of that kind from number `after` on, once it came."""
        over_s, seen = time.perf_counter() + PATIENCE_S, after
        while time.perf_counter() < over_s:
            while seen < len(self.heard):
                if self.heard[seen].outcome == outcome:
                    return self.heard[seen]
                seen += 1
            time.sleep(0.0005)
        raise AssertionError(f"No {outcome} within {PATIENCE_S} s: {self.heard[-3:]}")


@dataclass(frozen=True, slots=True)
class Round:
    """One revocation: seconds from its answer to the first deny, and the allows since, by when they were asked."""

    until_deny_s: float
    asked_after: int
    under_way: int


def run(ground: Ground) -> None:
    """Prints for each engine how long it takes until a revocation is known at another replica."""
    rows = [("SQLite", _measured(ground.url("revoke")))]
    programs = installed()
    if programs is None:
        print("\nrevoke: PostgreSQL is not installed, so only SQLite is measured")
    else:
        with running(programs) as server:
            rows.append(("PostgreSQL", _measured(server.url(server.create()))))
    show(
        "revoke: a grant revoked at one replica, asked for over HTTP without a pause at another process",
        f"{ROUNDS} rounds each; ms from the answer to the revocation until the first deny is there",
        ("on", "median ms", "p99 ms", "max ms", "rounds with an allow asked after", "with one under way"),
        [(name, *_cells(rounds)) for name, rounds in rows],
    )
    for name, rounds in rows:
        late = sum(each.asked_after > 0 for each in rounds)
        judge(f"no allow asked for after the revocation's answer, {name}", met=late == 0, figure=f"{late} of {ROUNDS}")
        worst_s = percentile([each.until_deny_s for each in rounds], 0.99)
        judge(
            f"the first deny within {AIM_S * 1000:.0f} ms, {name}", met=worst_s < AIM_S, figure=f"p99 {ms(worst_s)} ms"
        )


def _cells(rounds: list[Round]) -> tuple[str, ...]:
    taken_s = [each.until_deny_s for each in rounds]
    shares = (sum(each.asked_after > 0 for each in rounds), sum(each.under_way > 0 for each in rounds))
    return (
        ms(median(taken_s)),
        ms(percentile(taken_s, 0.99)),
        ms(max(taken_s)),
        *(f"{share / len(rounds):.1%}" for share in shares),
    )


def _measured(url: str) -> list[Round]:
    with closing(Database(url)) as database:
        upgrade(database)
        program = GrantsProgram(database)
        program.start()
        secret = token_for(program)
        with serving("replica", url) as other, _asking(other, secret) as asker:
            rounds = [_round(program, asker) for _ in range(ROUNDS)]
        if not program.verify().ok:
            raise AssertionError(f"The program does not verify: {program.verify().why}")
    return rounds


@contextmanager
def _asking(other: Child, secret: str) -> Iterator[Asker]:
    asker = Asker(other.port, secret)
    thread = threading.Thread(target=asker.run)
    thread.start()
    try:
        yield asker
    finally:
        asker.is_over = True
        thread.join()


def _round(program: GrantsProgram, asker: Asker) -> Round:
    grant = program.grant(_GRANTED)
    asker.first("allow", len(asker.heard))
    begun = len(asker.heard)
    program.revoke(grant)
    answered_s = time.perf_counter()
    deny = asker.first("deny", begun)
    allows = [each for each in asker.heard[begun:] if each.outcome == "allow" and each.heard_s > answered_s]
    late = sum(each.asked_s > answered_s for each in allows)
    return Round(max(0.0, deny.heard_s - answered_s), late, len(allows) - late)
