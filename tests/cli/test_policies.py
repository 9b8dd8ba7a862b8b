"""`rollout policy export`: the active grants of a workflow, as policy."""

import pytest

from bot.cli.call import Call
from bot.cli.desk import to_change
from bot.cli.words import instant_of
from tests.cli.conftest import Rollout
from tests.grants.export_samples import cedar_allows, rego_allows
from tests.grants.samples import policy

pytestmark = pytest.mark.parametrize("engine_name", ["sqlite"])

AT = "2026-03-02T10:00:00Z"
FILE = """\
workflow: refunds_agent
actions:
  - name: draft_reply
    max_words: 200
    allowed_when: ['size(topic) < 30 && topic != "legal"']
    requires_human_approval: false
  - name: send_macro
    max_recipients: 1
    allowed_when: [confidence_score >= 0.95]
    expires_in_days: 7
logging: {store_prompts: true, store_tool_calls: true, retention_days: 180}
"""
MACRO = {"recipients": 1, "confidence_score": 0.97}


@pytest.fixture
def granted(rollout: Rollout, refunds: str) -> str:
    """The workflow's id, once both actions of the file are granted."""
    from bot.actions.grants.requesting import read_file, request

    with to_change(Call(at=instant_of(AT), who="UANA")) as session:
        with session.desk.reading() as view:
            workflow, file = read_file(view, FILE, "policy.yaml")
        answered = session.do(workflow.id, request, workflow, file)
    for each in answered:
        assert rollout(f"approve {each.request_id} --as UAPP --at {AT}").status == 0, each
    return refunds


def export(rollout: Rollout, language: str, at: str = AT) -> tuple[str, str]:
    """What is printed, and what is said beside it."""
    ran = rollout(f"policy export refunds_agent --format {language} --at {at}")
    assert ran.status == 0
    return ran.out, ran.err


@pytest.mark.usefixtures("granted")
def test_the_file_that_comes_out_asks_for_what_is_granted(rollout: Rollout) -> None:
    out, err = export(rollout, "yaml")

    again = {asked.action: asked.terms for asked in policy(out).actions}
    assert again == {asked.action: asked.terms for asked in policy(FILE).actions}
    assert err == "A grant that is asked for again lasts its expires_in_days from its own approval on.\n"


@pytest.mark.usefixtures("granted")
def test_an_engine_is_given_what_its_language_can_say_and_the_rest_is_named_twice(rollout: Rollout) -> None:
    cedar, told = export(rollout, "cedar")

    assert cedar_allows(cedar, MACRO) == [False]
    assert cedar_allows(cedar, MACRO, action="send_macro") == [False]
    assert "draft_reply" in told
    assert "is left out, so it is denied: condition 1 asks for a size, which Cedar can't say." in told
    assert all(f"// - {line}" in cedar for line in told.splitlines())


@pytest.mark.usefixtures("granted")
def test_what_needs_a_person_is_only_to_be_asked_for(rollout: Rollout) -> None:
    rego, _ = export(rollout, "rego")

    assert rego_allows(rego, MACRO, action="send_macro") == [False]
    assert rego_allows(rego, {"words": 3, "topic": "x"}, action="draft_reply") == [False]
    fresh = rego.replace(" < 17", " < 97")
    assert rego_allows(fresh, MACRO, action="send_macro", rule="needs_approval") == [True]
    assert rego_allows(fresh, {"words": 3, "topic": "x"}, action="draft_reply") == [True]


@pytest.mark.usefixtures("granted")
def test_what_ended_or_stands_still_is_left_out(rollout: Rollout) -> None:
    out, _ = export(rollout, "yaml", "2026-03-09T10:00:00Z")
    assert [asked.action for asked in policy(out).actions] == ["draft_reply"]

    _, told = export(rollout, "rego", "2026-04-01T10:00:00Z")
    assert "draft_reply" in told
    assert "as it stands still" in told


@pytest.mark.usefixtures("refunds")
def test_a_workflow_without_grants_has_an_empty_policy(rollout: Rollout) -> None:
    out, told = export(rollout, "yaml")
    assert told == "refunds_agent has no active grant, so there is no action to write down.\n"
    assert told.strip() in out
    assert "permit (" not in export(rollout, "cedar")[0]
    assert rego_allows(export(rollout, "rego")[0], MACRO) == [False]


def test_patterns_are_listed_and_printed_for_a_workflow(rollout: Rollout) -> None:
    listed = rollout("policy pattern")
    assert listed.status == 0
    assert "send_macro — Send a macro: one customer gets a template that people wrote" in listed.out

    printed = rollout("policy pattern send_macro --workflow refunds_agent")
    assert policy(printed.out).workflow == "refunds_agent"
    refused = rollout("policy pattern send_marco")
    assert (refused.status, refused.out) == (1, "")
    assert refused.err == "There is no pattern 'send_marco'. Did you mean send_macro?\n"
