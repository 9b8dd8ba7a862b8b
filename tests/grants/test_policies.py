"""Policy files: what they ask for, and every problem at once with its line, key and sentence."""

import pytest

from bot.domain.grants.terms import Condition, GrantTerms, Logging, Mode, PerDay
from bot.domain.risk import Area, Effect, Tier
from bot.policies import workflow_of
from tests.grants.samples import HEAD, LOGGING, MACROS, SOURCE, limit, per_day, policy, refund, told


def test_the_example_of_the_rules_becomes_the_terms_of_one_grant() -> None:
    file = policy(MACROS)
    assert (file.workflow, file.mode, file.members) == ("support_macros", Mode.SCOPED_AUTONOMY, ())
    assert [(asked.action, asked.line, asked.refused) for asked in file.actions] == [("send_macro", 4, None)]
    assert file.actions[0].terms == GrantTerms(
        action="send_macro",
        limits=(limit("max_recipients", 1),),
        conditions=(Condition(1, "confidence_score >= 0.95"), Condition(2, 'ticket_priority == "low"')),
        requires_human_approval=False,
        per_day=PerDay(40, ()),
        effect=Effect.EXTERNAL,
        area=Area.CUSTOMER_COMMUNICATION,
        tier=Tier.MEDIUM,
        expires_in_days=90,
        logging=Logging(True, True, 180),
        mode=Mode.SCOPED_AUTONOMY,
        members=(),
    )


def test_a_person_is_asked_unless_the_file_says_otherwise() -> None:
    asked = policy(refund("max_amount_usd: 25")).actions[0].terms
    assert asked is not None
    assert (asked.requires_human_approval, asked.per_day, asked.expires_in_days) == (True, None, 90)


def test_amounts_stay_as_exact_as_they_were_written() -> None:
    file = policy(refund("max_amount_usd: 24.99", "per_day: {uses: 3, sum: {amount_usd: 123456789.123456}}"))
    asked = file.actions[0].terms
    assert asked is not None
    assert (asked.limits, asked.per_day) == (
        (limit("max_amount_usd", "24.99"),),
        per_day(3, amount_usd="123456789.123456"),
    )


def test_each_action_of_a_file_is_judged_by_itself() -> None:
    text = f"""\
{HEAD}  - name: draft_reply
  - name: send_macro
  - name: make_coffee
  - name: make_tea
    area: code_changes
    risk: low
{LOGGING}"""
    judged = [
        (asked.action, asked.line, asked.classified and asked.classified.tier, asked.refused and asked.refused[:40])
        for asked in policy(text).actions
    ]
    assert judged == [
        ("draft_reply", 4, Tier.LOW, None),
        ("send_macro", 5, Tier.HIGH, "send_macro is high risk in customer comm"),
        ("make_coffee", 6, None, "Nothing in the risk matrix matches make_"),
        ("make_tea", 7, Tier.LOW, None),
    ]


def test_a_mesh_names_its_members() -> None:
    file = policy("workflow: lead_agent\nmode: mesh\nmembers: [triage, refunds]\nactions: [{name: draft_reply}]\n")
    assert (file.mode, file.members) == (Mode.MESH, ("triage", "refunds"))


def test_the_workflow_is_known_before_the_rest_is_read() -> None:
    assert workflow_of(MACROS, SOURCE) == "support_macros"
    assert workflow_of("workflow: refunds\nactions: 5\n", SOURCE) == "refunds"
    assert [workflow_of(text, SOURCE) for text in ("", "[", "actions: []", "workflow: 5")] == [None] * 4


AMOUNT = "actions.0.max_amount_usd"
LINES = "actions.0.allowed_when"


@pytest.mark.parametrize(
    ("lines", "problems"),
    [
        (("max_amount_usd: .nan",), [f"5: {AMOUNT}: must be a finite number; nan and inf hold nothing back."]),
        (("max_amount_usd: .inf",), [f"5: {AMOUNT}: must be a finite number; nan and inf hold nothing back."]),
        (("max_amount_usd: -.Inf",), [f"5: {AMOUNT}: must be a finite number; nan and inf hold nothing back."]),
        (("max_amount_usd: NaN",), [f"5: {AMOUNT}: must be a finite number; nan and inf hold nothing back."]),
        (("max_amount_usd: true",), [f"5: {AMOUNT}: must be a number, not true or false."]),
        (('max_amount_usd: "25"',), [f"5: {AMOUNT}: must be a number without quotes."]),
        (("max_amount_usd: low",), [f"5: {AMOUNT}: must be a number such as 25 or 0.95."]),
        (("max_amount_usd:",), [f"5: {AMOUNT}: must be a number such as 25 or 0.95."]),
        (("max_amount_usd: [25]",), [f"5: {AMOUNT}: must be a number such as 25 or 0.95."]),
        (("max_amount_usd: 0x19",), [f"5: {AMOUNT}: must be a number such as 25 or 0.95."]),
        (("max_amount_usd: 25_000",), [f"5: {AMOUNT}: must be a number such as 25 or 0.95."]),
        (("max_amount_usd: 1e99",), [f"5: {AMOUNT}: is too large or too small to be meant."]),
        (
            ("max_amount_usd: 1234567890123456",),
            [f"5: {AMOUNT}: has more than 15 significant digits; no amount is meant that exactly."],
        ),
        (
            ("max_amount_usd: 0.1234567890123456",),
            [f"5: {AMOUNT}: has more than 15 significant digits; no amount is meant that exactly."],
        ),
        (("max_Amount: 1",), ["5: actions.0.max_Amount: must be max_ or min_ and the name of a fact."]),
        (("max_a: 1", "max_a: 2"), ["6: actions.0.max_a: is written twice; the first is on line 5."]),
        (
            ("max_a: 1", "min_a: 2"),
            ["5: actions.0.max_a: is below min_a (line 6), so nothing could be within both."],
        ),
        (
            ("require_human_approval: false",),
            ["5: actions.0.require_human_approval: is not known here: did you mean 'requires_human_approval'?"],
        ),
        (
            ("requires_human_approval: no",),
            ["5: actions.0.requires_human_approval: must be true or false; yes, no, on and off are words here."],
        ),
        (
            ("limits: {amount_usd: 25}",),
            [
                "5: actions.0.limits: is not known here: use one of: name, max_X, allowed_when, "
                "requires_human_approval, per_day, effect, area, risk, expires_in_days."
            ],
        ),
        (
            ("expires_in_days: 181",),
            ["5: actions.0.expires_in_days: is at most 180; a grant is renewed by asking again before it ends."],
        ),
        (("expires_in_days: 0",), ["5: actions.0.expires_in_days: must be at least 1."]),
        (("expires_in_days: 1e3",), ["5: actions.0.expires_in_days: must be a whole number."]),
        (("expires_in_days: 30d",), ["5: actions.0.expires_in_days: must be a whole number."]),
        (
            ("effect: outside",),
            ["5: actions.0.effect: 'outside' is not known here: use one of: none, internal, external."],
        ),
        (("risk: hihg",), ["5: actions.0.risk: 'hihg' is not known here: did you mean 'high'?"]),
        (
            ("per_day: {}",),
            ["5: actions.0.per_day: limits nothing: write uses, sum or both, as in per_day: {uses: 40}."],
        ),
        (("per_day: {use: 4}",), ["5: actions.0.per_day.use: is not known here: did you mean 'uses'?"]),
        (("per_day: {uses: 0}",), ["5: actions.0.per_day.uses: must be at least 1."]),
        (("per_day: {sum: {amount_usd: -5}}",), ["5: actions.0.per_day.sum.amount_usd: must be more than 0."]),
        (("allowed_when: a == 1",), [f"5: {LINES}: must be a list."]),
        (
            ("allowed_when:", "- a == 1", "- a === 1", "- 5", "- a + 1"),
            [
                f"7: {LINES}.1: The condition is not valid CEL at character 5: token recognition error at: '= '.",
                f"8: {LINES}.2: must be text: put it in quotes.",
                f"9: {LINES}.3: The condition takes what + gives for a number in one place and for true or false in "
                "another.",
            ],
        ),
        (
            ("max_a: 1", "allowed_when:", '- a == "x"'),
            [f"7: {LINES}.0: takes a for text, and max_a takes it for a number."],
        ),
        (
            ("allowed_when:", "- a >= 1", '- a == "x"'),
            [f"7: {LINES}.1: takes a for text, and line 1 of allowed_when takes it for a number."],
        ),
    ],
)
def test_an_action_is_refused_with_line_key_and_reason(lines: tuple[str, ...], problems: list[str]) -> None:
    assert told(refund(*lines)) == [f"{SOURCE}:{problem}" for problem in problems]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["1: is empty: nothing is written in it."]),
        ("- a\n", ["1: must be keys with values."]),
        ("workflow: w\n", ["1: actions: is missing."]),
        ("workflow: w\nactions: []\n", ["2: actions: must name at least 1."]),
        ("workflow: w\nactions:\n  send_macro: {}\n", ["2: actions: must be a list."]),
        ("workflow: w\nactions: [{}]\n", ["2: actions.0.name: is missing."]),
        (
            "workflow: w\nactions:\n  - name: draft_a\n  - name: draft_a\n",
            ["4: actions.1.name: is asked for twice; the first is on line 3. Write one action once."],
        ),
        (
            "workflow: w\nactions: [{name: Draft-A}]\n",
            [
                "2: actions.0.name: is no action's name: a to z, digits and _, at most 60 of them, the first a letter.",
            ],
        ),
        (
            "workflow: Refunds Agent\nactions: [{name: draft_a}]\n",
            ["1: workflow: is written 'refunds_agent' here: small letters, no spaces."],
        ),
        (
            "workflow: w\nmembers: [a]\nactions: [{name: draft_a}]\n",
            ["2: members: is for a mesh only: write mode: mesh, or leave the members out."],
        ),
        (
            "workflow: w\nmode: mesh\nactions: [{name: draft_a}]\n",
            [
                "2: mode: needs its members: name the workflows that work together, as in members: [triage, refunds].",
            ],
        ),
        (
            "workflow: w\nmode: mesh\nmembers: [w, a, a]\nactions: [{name: draft_a}]\n",
            [
                "3: members.0: is the workflow of this file itself; name only the others.",
                "3: members.2: names 'a' twice.",
            ],
        ),
        (
            "workflow: w\nmode: meshed\nactions: [{name: draft_a}]\n",
            ["2: mode: 'meshed' is not known here: did you mean 'mesh'?"],
        ),
        (
            "workflow: w\nactoins: []\nlogging: {store_prompt: true, retention_days: many}\n",
            [
                "1: actions: is missing.",
                "2: actoins: is not known here: did you mean 'actions'?",
                "3: logging.retention_days: must be a whole number.",
                "3: logging.store_prompt: is not known here: did you mean 'store_prompts'?",
            ],
        ),
        ("workflow: w\nactions: [\n", ["3: is not valid YAML here: did not find expected node content."]),
    ],
)
def test_a_file_is_refused_with_line_key_and_reason(text: str, problems: list[str]) -> None:
    assert told(text) == [f"{SOURCE}:{problem}" for problem in problems]


def test_a_shorter_playbook_bound_on_days_is_kept() -> None:
    assert told(refund("expires_in_days: 181")) != []
    assert policy(refund("expires_in_days: 180", "max_amount_usd: 25")).actions[0].refused is None
