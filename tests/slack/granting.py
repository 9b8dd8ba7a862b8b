"""Grants in conversation: a policy that can be asked for in pilot, and short ways to a grant in force."""

from bot.actions import requests
from bot.actions.desk import Asked
from bot.actions.grants import requesting
from bot.domain.grants.life import Grant, GrantState
from tests.slack.cast import ANA, MEI
from tests.slack.office import Case, Office

ACTION = "send_macro"


def policy(case: Case, *lines: str, action: str = ACTION, confidence: str = "0.95") -> str:
    """A policy for one action with an effect, with a person each time; `lines` are more of its keys."""
    return "\n".join(
        (
            f"workflow: {case.name}",
            "actions:",
            f"  - name: {action}",
            *(f"    {line}" for line in lines),
            "    allowed_when:",
            f"      - confidence_score >= {confidence}",
            "logging:",
            "  retention_days: 180",
        )
    )


def request(office: Office, case: Case, text: str | None = None) -> str:
    """The id of the request that Ana makes with a policy."""
    with office.desk.reading() as view:
        workflow, file = requesting.read_file(view, text or policy(case), "policy")
    (answered,) = office.desk.do(Asked(office.desk.actor(ANA)), requesting.request, workflow, file)
    assert answered.request_id
    office.settle()
    return answered.request_id


def granted(office: Office, case: Case, text: str | None = None) -> Grant:
    """A grant in force: Ana asked for it, and Mei approved."""
    request_id = request(office, case, text)
    office.desk.do(Asked(office.desk.actor(MEI)), requests.approve, request_id, saw_no_data=True)
    office.settle()
    with office.desk.reading() as view:
        return view.grants.of_request(request_id)


def state_of(office: Office, grant: Grant) -> GrantState:
    """How far the grant has come by now."""
    with office.desk.reading() as view:
        return view.grants.one(grant.id).state
