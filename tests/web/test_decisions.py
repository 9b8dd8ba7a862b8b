"""Decisions over HTTP: what an agent is answered, and that only a sound question of one who may ask is allowed."""

import json
import logging
from collections import Counter
from datetime import timedelta
from typing import Any
from urllib.request import urlopen

import pytest
from sqlalchemy import select

from bot.actions import escrow, tokens
from bot.actions.escrow import Said
from bot.domain.escrow import Answer
from bot.domain.grants.log import LogQuery
from bot.domain.people import PrincipalKind
from bot.domain.tokens import Scope
from bot.web.server import Serving
from store.tables.decisions import decision_days
from tests.grants_program import ATTENDED, GrantsProgram, action, policy
from tests.signals.samples import entry
from tests.store.together import together
from tests.web.agents import SURE, Agent, token_for

ASK = {"key": "m-1", "summary": "Send the macro to Ana", "url": "https://desk.example.org/1"}
ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"])


def log(program: GrantsProgram) -> list[tuple[str, str]]:
    entries = program.ask(lambda view: view.decisions.log(LogQuery()))
    return [(entry.decision.outcome.value, entry.by) for entry in entries]


def uses(program: GrantsProgram) -> int:
    with program.database.reading() as connection:
        return sum(connection.scalars(select(decision_days.c.uses)))


# Answers


def test_an_agent_is_answered_with_its_grant_and_logged_under_its_tokens_name(
    agent: Agent, program: GrantsProgram
) -> None:
    (grant,) = program.ask(lambda view: view.grants.living(program.workflow().id))
    heard = agent.ask()
    assert (heard.status, heard.body) == (
        200,
        {
            "id": heard.body["id"],
            "decision": "allow",
            "reasons": ["The grant allows it: every limit and condition holds."],
            "codes": [],
            "grant": grant.id,
            "hash": grant.hash,
        },
    )
    (entry,) = program.ask(lambda view: view.decisions.log(LogQuery()))
    assert (entry.decision.id, entry.by) == (heard.body["id"], "agent:macro_bot")
    assert program.verify().ok


def test_what_is_beyond_the_grant_is_denied_with_codes(agent: Agent) -> None:
    heard = agent.ask({"recipients": 6, "confidence_score": 0.94})
    assert (heard.status, heard.outcome, heard.body["codes"]) == (
        200,
        "deny",
        ["limit.exceeded:max_recipients", "condition.false:1"],
    )
    assert agent.ask(doing="launch_rocket").body["codes"] == ["grant.none"]


def test_a_dry_run_counts_nowhere_and_a_reported_hash_is_kept(agent: Agent, program: GrantsProgram) -> None:
    assert agent.ask(dry_run=True).outcome == "allow"
    assert (log(program), uses(program)) == ([], 0)
    agent.ask(grant_hash="0" * 64)
    (entry,) = program.ask(lambda view: view.decisions.log(LogQuery()))
    assert entry.decision.reported_hash == "0" * 64


def test_many_at_once_are_each_answered_counted_and_logged_once(program: GrantsProgram, serving: Serving) -> None:
    program.grant(policy(action("draft_reply", requires_human_approval=False, per_day={"uses": 40})))
    names = [f"bot_{number}" for number in range(8)]
    crowd = [Agent(serving.port, token_for(program, name)) for name in names]
    found: Counter[str] = Counter()

    def run(agent: Agent) -> None:
        for number in range(10):
            found[agent.ask({}, "draft_reply" if number else "other").outcome] += 1

    together([lambda each=each: run(each) for each in crowd])  # type: ignore[misc]
    assert found == {"allow": 40, "needs_approval": 32, "deny": 8}
    assert Counter(by for _, by in log(program)) == dict.fromkeys([f"agent:{name}" for name in names], 10)
    assert uses(program) == 40
    assert program.verify().ok


# Who may ask


def test_whoever_brings_no_token_that_may_be_used_hears_one_and_the_same(
    agent: Agent, program: GrantsProgram, serving: Serving, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    revoked, late = token_for(program, "revoked"), token_for(program, "late", days=1)
    program.do("ada", tokens.revoke, "revoked")
    program.later(days=2)
    unknown = "rollout_" + "x" * 43
    bad = [None, "", "x", unknown, revoked, late, unknown[:-1], f"{agent.token}é", f"{agent.token} x", "x" * 5000]
    heard = [Agent(serving.port, each.encode().decode("latin-1") if each else each).ask() for each in bad]
    assert {each.status for each in heard} == {401}
    assert len({json.dumps(each.body) for each in heard}) == 1
    assert heard[0].body["decision"] == "deny"
    assert log(program) == []
    for secret in (agent.token, revoked, late):
        assert secret is not None
        assert secret not in caplog.text + json.dumps([each.body for each in heard])


def test_a_token_for_something_else_or_another_workflow_is_refused(program: GrantsProgram, serving: Serving) -> None:
    program.start("other_agent")
    reads = Agent(serving.port, token_for(program, "reads", scopes=(Scope.READ, Scope.SIGNALS)))
    other = Agent(serving.port, token_for(program, "other", workflows=("other_agent",)))
    everywhere = Agent(serving.port, token_for(program, "everywhere"))
    assert (reads.ask().status, reads.ask().outcome) == (403, "deny")
    assert (other.ask().status, other.ask().outcome) == (403, "deny")
    assert [who.ask(workflow="nobody").status for who in (reads, other, everywhere)] == [403, 403, 404]
    assert everywhere.ask(workflow="nobody").outcome == "deny"
    assert everywhere.ask(workflow="Refunds_Agent ").outcome == "allow"
    assert [outcome for outcome, _ in log(program)] == ["allow"]


def test_one_who_may_not_ask_takes_nothing_from_those_beside_it(program: GrantsProgram, serving: Serving) -> None:
    good = Agent(serving.port, token_for(program))
    bad = [
        Agent(serving.port, "rollout_" + "x" * 43),
        Agent(serving.port, token_for(program, "r", scopes=(Scope.READ,))),
    ]
    heard: list[tuple[int, str]] = []

    def run(agent: Agent, **more: Any) -> None:
        for _ in range(10):
            found = agent.ask(**more)
            heard.append((found.status, found.outcome))

    together([lambda: run(good), lambda: run(bad[0]), lambda: run(bad[1]), lambda: run(good, workflow="no\x00\ud800")])
    assert Counter(heard) == {(200, "allow"): 10, (401, "deny"): 10, (403, "deny"): 10, (422, "deny"): 10}


def test_when_a_token_was_last_used_is_noted(agent: Agent, program: GrantsProgram) -> None:
    agent.ask()
    agent.ask()
    (token,) = program.ask(lambda view: view.tokens.all())
    assert token.last_used_at == program.at


# Bad input

SOUND = '"workflow": "refunds_agent", "action": "send_macro"'


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ('{"recipients": NaN, "confidence_score": 1}', "fact.type:recipients"),
        ('{"recipients": Infinity, "confidence_score": 1}', "fact.type:recipients"),
        ('{"recipients": 1e999999999, "confidence_score": 1}', "fact.type:recipients"),
        ('{"recipients": 1.0000000000000001, "confidence_score": 1}', "fact.type:recipients"),
        ('{"recipients": true, "confidence_score": 1}', "fact.type:recipients"),
        ('{"recipients": "1", "confidence_score": 1}', "fact.type:recipients"),
        ('{"recipients": 1, "recipients": 1, "confidence_score": 1}', "fact.type:*"),
        ('{"recipients": 1, "confidence_score": 1, "x": [{"y": 1, "y": 2}]}', "fact.type:*"),
        ('{"recipients": 1, "confidence_score": 1, "x": ' + "[" * 400 + "]" * 400 + "}", "fact.type:*"),
        (json.dumps(SURE | {f"k{number}": number for number in range(10_000)}), "fact.type:*"),
        ('{"recipients": ' + "9" * 5_000 + ', "confidence_score": 1}', "fact.type:recipients"),
        ('{"recipients": "\\ud800", "confidence_score": 1}', "fact.type:recipients"),
    ],
    ids=lambda value: value[:24],
)
@ON_SQLITE
def test_facts_that_can_not_be_told_for_certain_are_a_logged_deny(
    agent: Agent, program: GrantsProgram, facts: str, code: str
) -> None:
    heard = agent.post("/v1/decisions", f'{{{SOUND}, "facts": {facts}}}')
    assert (heard.status, heard.outcome, heard.body["codes"][0]) == (200, "deny", code)
    assert log(program) == [("deny", "agent:macro_bot")]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("", 400),
        ("nonsense", 400),
        ("null", 400),
        ("[]", 400),
        (b"\xff\xfe", 400),
        ("{" + SOUND + "}", 400),
        ("{" + SOUND + ', "facts": []}', 400),
        ("{" + SOUND + ', "facts": ' + "[" * 100_000 + "]" * 100_000 + "}", 400),
        ("{" + SOUND + ', "action": "send_macro", "facts": {}}', 400),
        ("{" + SOUND + ', "facts": {}, "ask": {"key": "a", "key": "b", "summary": "x"}}', 400),
        ("{" + SOUND + ', "facts": {}, "at": "2026-03-02T09:00:00Z"}', 422),
        ("{" + SOUND + ', "facts": {}, "dry_run": "yes"}', 422),
        ("{" + SOUND + ', "facts": {}, "dry_run": 1}', 422),
        ("{" + SOUND + ', "facts": {}, "grant_hash": "x"}', 422),
        ("{" + SOUND + ', "facts": {}, "ask": {"key": "", "summary": "x"}}', 422),
        ("{" + SOUND + ', "facts": {}, "ask": {"key": " ", "summary": "x"}}', 422),
        ("{" + SOUND + ', "facts": {}, "ask": {"key": "k", "summary": "' + "x" * 301 + '"}}', 422),
        ("{" + SOUND + ', "facts": {}, "ask": {"key": "' + "k" * 201 + '", "summary": "x"}}', 422),
        ("{" + SOUND + ', "facts": {}, "ask": {"key": "k", "summary": "x", "url": "javascript:1"}}', 422),
        ("{" + SOUND + ', "facts": {}, "ask": {"key": "k", "summary": "x", "who": "me"}}', 422),
        ('{"workflow": 7, "action": "send_macro", "facts": {}}', 422),
        ('{"workflow": "", "action": "send_macro", "facts": {}}', 422),
        ('{"action": "send_macro", "facts": {}}', 422),
        ("{" + SOUND + ', "facts": {}, "' + "x" * 10_000 + '": 1}', 422),
        (" " * 256_001, 413),
        ("{" + SOUND + ', "facts": {"x": "' + "x" * 5_000_000 + '"}}', 413),
    ],
    ids=lambda value: str(value)[:60] if not isinstance(value, int) else None,
)
@ON_SQLITE
def test_what_is_no_question_is_refused_in_a_sentence_and_counts_as_a_deny(
    agent: Agent, program: GrantsProgram, body: str | bytes, status: int
) -> None:
    heard = agent.post("/v1/decisions", body)
    assert (heard.status, heard.outcome) == (status, "deny")
    assert heard.body["error"].endswith(".")
    assert len(heard.body["error"]) < 300
    assert log(program) == []


# Asking a person


@pytest.fixture
def attended(program: GrantsProgram) -> GrantsProgram:
    """The same, where a person approves each use."""
    program.narrow(ATTENDED)
    return program


def answered(program: GrantsProgram, heard: Any, by: str = "stu", **said: Any) -> str:
    question_id = heard.body["approval"]["id"]
    program.do(by, escrow.answer, question_id, Said(said.pop("answer", Answer.APPROVED), **said))
    return str(question_id)


def test_an_agent_asks_waits_and_acts_once(agent: Agent, attended: GrantsProgram) -> None:
    asked = agent.ask(ask=ASK)
    assert (asked.status, asked.outcome) == (200, "needs_approval")
    question = asked.body["approval"]
    assert (question["state"], question["expires_at"] > attended.at.isoformat()) == ("pending", True)
    assert agent.ask(ask=ASK).body["approval"] == question
    seen = agent.get(f"/v1/approvals/{question['id']}").body
    assert (seen["state"], seen["facts"]) == ("pending", SURE)
    answered(attended, asked)
    seen = agent.get(f"/v1/approvals/{question['id']}?wait=5").body
    assert (seen["state"], seen["facts"], seen["used"]) == ("approved", SURE, False)
    again = [agent.ask(approval=question["id"]) for _ in range(2)]
    assert [each.outcome for each in again] == ["allow", "deny"]
    assert again[1].body["codes"] == ["approval.mismatch"]
    assert agent.get(f"/v1/approvals/{question['id']}").body["used"]
    assert uses(attended) == 1
    assert attended.verify().ok


def test_whoever_waits_hears_of_the_answer_as_it_is_given(agent: Agent, attended: GrantsProgram) -> None:
    asked = agent.ask(ask=ASK)
    seen: list[Any] = []
    path = f"/v1/approvals/{asked.body['approval']['id']}"
    together(
        [
            lambda: seen.append(agent.get(f"{path}?wait=20").body),
            lambda: answered(attended, asked, answer=Answer.REJECTED, note="He has left."),
        ]
    )
    assert (seen[0]["state"], seen[0]["note"], seen[0]["facts"]) == ("rejected", "He has left.", None)
    assert agent.ask(approval=asked.body["approval"]["id"]).outcome == "deny"


def test_what_a_person_edits_is_told_exactly_and_only_that_is_let_through(
    agent: Agent, attended: GrantsProgram
) -> None:
    asked = agent.ask(SURE | {"recipients": 3}, ask=ASK)
    question_id = answered(attended, asked, answer=Answer.EDITED, facts='{"recipients": 2}')
    seen = agent.get(f"/v1/approvals/{question_id}").body
    assert (seen["state"], seen["facts"]) == ("edited", SURE | {"recipients": 2})
    assert agent.ask(SURE | {"recipients": 3}, approval=question_id).body["codes"] == ["approval.mismatch"]
    assert agent.ask(seen["facts"], approval=question_id).outcome == "allow"


def test_an_answer_is_worth_nothing_after_a_quarter_of_an_hour_or_for_another_grant(
    agent: Agent, attended: GrantsProgram
) -> None:
    late = answered(attended, agent.ask(ask=ASK))
    attended.later(minutes=15)
    assert agent.ask(approval=late).body["codes"] == ["approval.mismatch"]
    seen = agent.get(f"/v1/approvals/{late}").body
    assert (seen["state"], seen["facts"]) == ("void", None)
    other = answered(attended, agent.ask(ask=ASK | {"key": "m-2"}))
    attended.narrow(policy(action("send_macro", max_recipients=4, allowed_when=["confidence_score >= 0.95"])))
    assert agent.ask(approval=other).body["codes"] == ["approval.mismatch"]
    assert uses(attended) == 0


def test_the_same_key_with_another_text_is_refused_and_nobody_is_asked_again(
    agent: Agent, attended: GrantsProgram
) -> None:
    agent.ask(ask=ASK)
    for other in (agent.ask(ask=ASK | {"summary": "Another"}), agent.ask(SURE | {"recipients": 2}, ask=ASK)):
        assert (other.status, other.outcome) == (409, "deny")
        assert "was used for another question" in other.body["error"]
    assert len(attended.ask(lambda view: view.escrow.waiting(attended.at))) == 1


def test_where_too_many_wait_nobody_is_asked_and_the_answer_says_so(agent: Agent, attended: GrantsProgram) -> None:
    heard = [agent.ask(ask=ASK | {"key": f"m-{number}"}) for number in range(61)]
    assert {each.outcome for each in heard} == {"needs_approval"}
    assert [each.body["approval"] is None for each in heard] == [*[False] * 60, True]
    assert "so nobody was asked" in heard[-1].body["reasons"][-1]
    assert len(heard[-1].body["reasons"]) == len(heard[-1].body["codes"]) == 2


def test_what_is_allowed_or_denied_asks_nobody(agent: Agent, program: GrantsProgram) -> None:
    assert agent.ask(ask=ASK).body["approval"] is None
    assert agent.ask({}, ask=ASK).body["approval"] is None
    assert program.ask(lambda view: view.escrow.waiting(program.at)) == ()


def test_only_a_token_that_may_ask_about_a_workflow_sees_its_questions(
    agent: Agent, attended: GrantsProgram, serving: Serving
) -> None:
    attended.start("other_agent")
    path = f"/v1/approvals/{agent.ask(ask=ASK).body['approval']['id']}"
    other = Agent(serving.port, token_for(attended, "other", workflows=("other_agent",)))
    reads = Agent(serving.port, token_for(attended, "reads", scopes=(Scope.READ,)))
    assert [who.get(path).status for who in (agent, other, reads, Agent(serving.port, None))] == [200, 404, 403, 401]
    assert [agent.get(f"/v1/approvals/{name}").status for name in ("x", "%00", "%C3%A9")] == [404, 404, 404]
    assert [agent.get(f"{path}?wait={wait}").status for wait in ("61", "-1", "x", "%D9%A3")] == [422] * 4


def test_a_token_revoked_while_it_waits_hears_nothing_more(agent: Agent, attended: GrantsProgram) -> None:
    path = f"/v1/approvals/{agent.ask(ask=ASK).body['approval']['id']}?wait=20"
    seen: list[int] = []
    together([lambda: seen.append(agent.get(path).status), lambda: attended.do("ada", tokens.revoke, "macro_bot")])
    assert seen == [401]


# What is not there


def test_what_is_not_there_or_takes_another_method_is_refused_as_everything_else(
    agent: Agent, program: GrantsProgram
) -> None:
    assert program
    missing = "There is no such endpoint; /openapi.json lists those there are."
    method = "This endpoint takes another method; /openapi.json says which."
    heard = [agent.get("/v1/nothing"), agent.get("/v1/decisions"), agent.post("/v1/workflows", "{}")]
    assert [(each.status, each.body) for each in heard] == [
        (404, {"error": missing}),
        (405, {"error": method, "decision": "deny"}),
        (405, {"error": method}),
    ]


def test_every_endpoint_is_counted_under_its_route(agent: Agent, program: GrantsProgram) -> None:
    assert program
    for path in ("/v1/digests/leaders/2026-W10", "/v1/approvals/ask_1", "/v1/approvals/ask_1/more", "/v1/workflows"):
        agent.get(path)
    with urlopen(f"http://127.0.0.1:{agent.port}/metrics") as answered:
        lines = sorted(answered.read().decode().splitlines())
    assert [line for line in lines if line.startswith("rollout_http_requests_total")] == [
        'rollout_http_requests_total{route="/v1/approvals/{id}",status="404"} 1.0',
        'rollout_http_requests_total{route="/v1/digests/{audience}/{week}",status="403"} 1.0',
        'rollout_http_requests_total{route="/v1/workflows",status="200"} 1.0',
        'rollout_http_requests_total{route="other",status="404"} 1.0',
    ]


# Signals and workflows


def sent(number: int, program: GrantsProgram, **more: Any) -> dict[str, Any]:
    at = (program.at - timedelta(hours=1)).isoformat()
    of = {} if "team" in more else {"workflow": "refunds_agent"}
    about = {"type": "rework", "source": "ci", "at": at, "id": f"r-{number}"}
    return about | of | more


def test_signals_are_taken_in_as_an_array_or_line_by_line(agent: Agent, program: GrantsProgram) -> None:
    body = entry("rework")
    array = [body | sent(number, program) for number in range(3)]
    lines = "".join(json.dumps(each) + "\n" for each in [*array, body | sent(3, program)])
    assert agent.post("/v1/signals", json.dumps(array)).body == {"accepted": 3, "duplicate": 0, "rejected": []}
    assert agent.post("/v1/signals", lines).body == {"accepted": 1, "duplicate": 3, "rejected": []}


def test_a_bound_token_brings_signals_about_its_own_workflows_only(
    agent: Agent, program: GrantsProgram, serving: Serving
) -> None:
    program.start("other_agent")
    body = entry("rework")
    mixed = [body | sent(1, program), body | sent(2, program, workflow="other_agent"), {"type": "nonsense"}]
    heard = agent.post("/v1/signals", json.dumps(mixed))
    assert (heard.status, heard.body["accepted"]) == (200, 1)
    assert [each["line"] for each in heard.body["rejected"]] == [2, 3]
    assert "bound to other workflows" in heard.body["rejected"][0]["why"]
    asks = Agent(serving.port, token_for(program, "asks", scopes=(Scope.DECISIONS,)))
    assert [who.post("/v1/signals", "[]").status for who in (asks, Agent(serving.port, None))] == [403, 401]
    assert agent.post("/v1/signals", b" " * 1_000_001).status == 413


def test_a_service_lists_the_workflows_that_it_is_for(agent: Agent, program: GrantsProgram, serving: Serving) -> None:
    program.start("other_agent")
    service = Agent(serving.port, token_for(program, "ci", kind=PrincipalKind.SERVICE))
    refunds = {"workflow": "refunds_agent", "team": "Support", "phase": "scaling", "day": 1}
    assert agent.get("/v1/workflows").body == {"workflows": [refunds]}
    assert [each["workflow"] for each in service.get("/v1/workflows").body["workflows"]] == [
        "other_agent",
        "refunds_agent",
    ]
    asks = Agent(serving.port, token_for(program, "asks", scopes=(Scope.DECISIONS,)))
    assert asks.get("/v1/workflows").status == 403
