"""The checks of what could go wrong: incidents, deviations, the way back, red-team reviews, attestation."""

from datetime import timedelta
from typing import Any

import pytest

from bot.domain.checks import (
    DeviationsClosed,
    GrantsAttested,
    IncidentsClosed,
    RedTeamAccepted,
    RollbackRehearsed,
)
from bot.domain.documents import DocumentKind, DocumentState
from bot.domain.drills import DrillKind
from bot.domain.grants.life import GrantState, Suspension, SuspensionCause
from bot.domain.playbook import PhaseName
from bot.domain.verdicts import CheckResult, Outcome, Trace
from bot.domain.workflows import Domain
from tests.gates.evidence import (
    AT,
    FAIL,
    NO_DATA,
    PASS,
    answer,
    asked,
    deviation,
    drill,
    grant,
    incident,
    ready,
    red_team,
    trace,
)

PRODUCTION, SCALING = PhaseName.PRODUCTION, PhaseName.SCALING


@pytest.mark.parametrize(
    ("incidents", "outcome", "told"),
    [
        ((), PASS, "none open"),
        ((incident(1),), FAIL, "open: INC-1 (sev1)"),
        ((incident(2), incident(1)), FAIL, "open: INC-2 (sev2), INC-1 (sev1)"),
        ((incident(3),), PASS, "none open"),
        ((incident(1, resolved=True),), PASS, "none open"),
        (None, NO_DATA, "not known"),
    ],
)
def test_no_severe_incident_is_open(incidents: Any, outcome: Outcome, told: str) -> None:
    found = answer(asked(IncidentsClosed, PRODUCTION), ready(PRODUCTION, incidents=incidents))
    assert (found.outcome, found.found) == (outcome, told)


def test_an_open_incident_is_shown_where_it_is() -> None:
    found = answer(asked(IncidentsClosed, PRODUCTION), ready(PRODUCTION, incidents=(incident(2),)))
    assert (found.needs, found.evidence) == ("no open incident of sev1 or sev2", (trace("inc_2"),))


@pytest.mark.parametrize(
    ("deviations", "outcome", "told"),
    [
        ((), PASS, "none open"),
        ((deviation(closed=True),), PASS, "none open"),
        ((deviation(closed=True), deviation()), FAIL, "1 open"),
        (None, NO_DATA, "not known"),
    ],
)
def test_no_deviation_is_open(deviations: Any, outcome: Outcome, told: str) -> None:
    found = answer(DeviationsClosed(), ready(PRODUCTION, deviations=deviations))
    assert (found.outcome, found.found) == (outcome, told)


@pytest.mark.parametrize(
    ("drills", "outcome", "told"),
    [
        ((drill(),), PASS, "took 12 min (9 days old)"),
        ((drill(took_s=100),), PASS, "took 1.7 min (9 days old)"),
        ((drill(age_days=30), drill(took_s=60, age_days=1)), PASS, "took 1 min (1 day old)"),
        ((drill(DrillKind.FREEZE),), FAIL, "not rehearsed"),
        ((), FAIL, "not rehearsed"),
        (None, NO_DATA, "not known"),
    ],
)
def test_the_way_back_was_walked(drills: Any, outcome: Outcome, told: str) -> None:
    found = answer(RollbackRehearsed(), ready(PRODUCTION, drills=drills))
    assert (found.outcome, found.found) == (outcome, told)


@pytest.mark.parametrize("domain", [Domain.BILLING, Domain.AUTH, Domain.PII])
@pytest.mark.parametrize(
    ("documents", "outcome"),
    [
        ((red_team(),), PASS),
        ((red_team(DocumentState.IN_REVIEW),), FAIL),
        ((red_team(DocumentState.REJECTED),), FAIL),
        ((red_team(kind=DocumentKind.SPEC),), FAIL),
        ((red_team(DocumentState.REJECTED), red_team()), PASS),
        ((), FAIL),
        (None, NO_DATA),
    ],
)
def test_a_high_risk_workflow_needs_an_accepted_red_team_review(
    domain: Domain, documents: Any, outcome: Outcome
) -> None:
    found = answer(asked(RedTeamAccepted, PRODUCTION), ready(PRODUCTION, domain=domain, documents=documents))
    assert found.outcome is outcome


@pytest.mark.parametrize("documents", [None, ()])
def test_a_red_team_review_is_not_asked_for_elsewhere_unless_the_playbook_does(documents: Any) -> None:
    evidence = ready(PRODUCTION, domain=Domain.GENERAL, documents=documents)
    strict = asked(RedTeamAccepted, PRODUCTION, "ninety_day_high_risk")
    assert answer(asked(RedTeamAccepted, PRODUCTION), evidence) == CheckResult(
        "red_team_accepted", PASS, "not asked for in general", "nothing", "steward"
    )
    assert answer(strict, evidence).outcome is (NO_DATA if documents is None else FAIL)


def suspended(*causes: SuspensionCause, **fields: Any) -> Any:
    """A grant that stands still, attested long ago."""
    stops = tuple(Suspension(cause, AT - timedelta(days=1)) for cause in causes)
    return grant(attested_days_ago=40, state=GrantState.SUSPENDED, suspensions=stops, **fields)


@pytest.mark.parametrize(
    ("grants", "outcome", "told"),
    [
        ((grant(),), PASS, "1 of 1 grant attested"),
        ((grant(), grant("send_macro", None)), FAIL, "1 of 2 grants attested; not: send_macro"),
        ((grant("send_macro", 29.999),), PASS, "1 of 1 grant attested"),
        ((grant("send_macro", 30),), FAIL, "0 of 1 grant attested; not: send_macro"),
        ((grant("send_macro", None, state=GrantState.REVOKED),), PASS, "no active grant"),
        ((grant("send_macro", None, expires_at=AT),), PASS, "no active grant"),
        ((suspended(SuspensionCause.INCIDENT),), PASS, "no active grant"),
        ((suspended(SuspensionCause.UNATTESTED),), FAIL, "0 of 1 grant attested; not: propose_refund"),
        (
            (suspended(SuspensionCause.UNATTESTED, SuspensionCause.INCIDENT),),
            FAIL,
            "0 of 1 grant attested; not: propose_refund",
        ),
        ((), PASS, "no active grant"),
        (None, NO_DATA, "not known"),
    ],
)
def test_every_active_grant_is_attested_and_not_due_again(grants: Any, outcome: Outcome, told: str) -> None:
    found = answer(GrantsAttested(), ready(SCALING, grants=grants))
    assert (found.outcome, found.found) == (outcome, told)


def test_the_answer_points_to_the_grants_that_nobody_attested() -> None:
    found = answer(GrantsAttested(), ready(SCALING, grants=(grant(), grant("send_macro", None))))
    assert found.evidence == (Trace("grant", "grant_send_macro"),)
