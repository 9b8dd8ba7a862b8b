"""Incidents as incident.io answers them, with everything that its own client asks for."""

from typing import Any

from tests.sources.system import Reply

MADE = "2026-03-01T09:00:00Z"
SUBJECT = {"id": "01SUBJECT", "description": "", "created_at": MADE, "updated_at": MADE}
TEAM: dict[str, Any] = {
    "custom_field": {
        "id": "01FIELD",
        "name": "Affected Team",
        "description": "Whose it is",
        "field_type": "single_select",
        "options": [{"id": "01REFUNDS", "custom_field_id": "01FIELD", "value": "Refunds", "sort_key": 10}],
    },
    "values": [{"value_option": {"id": "01REFUNDS", "custom_field_id": "01FIELD", "value": "Refunds", "sort_key": 10}}],
}


def severity(name: str) -> dict[str, Any]:
    """A severity of that name."""
    return SUBJECT | {"name": name, "rank": 2}


OUTAGE = severity("Outage") | {"create_in_triage": "always", "is_default": True, "private_incidents_only": False}
CATALOGUE: dict[str, dict[str, Any]] = {
    "/v2/custom_fields": {
        "custom_fields": [SUBJECT | {"id": "01FIELD", "name": "Affected Team", "field_type": "single_select"}]
    },
    "/v1/incident_types": {"incident_types": [OUTAGE]},
    "/v1/severities": {"severities": [severity("Major")]},
}
"""What the account has, by where one asks."""


def incident(number: int, category: str = "live", **changes: Any) -> dict[str, Any]:
    """An incident as a list has it, opened at `number` minutes past nine on 5 March and never touched since."""
    at = f"2026-03-05T09:{number:02}:00Z"
    given = {
        "id": f"01INC{number}",
        "reference": f"INC-{number}",
        "name": "Refunds stand still",
        "created_at": at,
        "updated_at": at,
        "last_activity_at": at,
        "creator": {"api_key": {"id": "01KEY", "name": "A monitor"}},
        "custom_field_entries": [TEAM],
        "incident_role_assignments": [],
        "incident_status": SUBJECT | {"name": "As they call it", "category": category, "rank": 1},
        "incident_type": OUTAGE,
        "severity": severity("Major"),
        "mode": "standard",
        "visibility": "public",
        "slack_channel_id": "C1",
        "slack_team_id": "T1",
        "team_ids": [],
        "permalink": f"https://app.incident.io/acme/incidents/{number}",
    }
    return given | changes


def ended(at: str, name: str = "Resolved at") -> dict[str, Any]:
    """When an incident ended, as a change of it."""
    stamp = {"incident_timestamp": {"id": "01STAMP", "name": name, "rank": 1}, "value": {"value": at}}
    return {"incident_timestamp_values": [stamp], "updated_at": at}


def page(*incidents: dict[str, Any], after: str | None = None) -> Reply:
    """A page of them."""
    meta = {"page_size": 50, "total_record_count": 238}
    return Reply({"incidents": list(incidents), "pagination_meta": meta | ({"after": after} if after else {})})
