"""What incident.io answers, as far as it is read (its API's version 2)."""

from datetime import datetime

from pydantic import AwareDatetime, BaseModel, Field

ENDS = ("Resolved at", "Closed at", "Canceled at", "Merged at", "Declined at")
"""The timestamps that incident.io itself sets when an incident ends; the first that is there counts."""


class Named(BaseModel):
    """A severity, a type or an entry of the catalogue."""

    id: str
    name: str


class Option(BaseModel):
    """A choice of a custom field."""

    value: str


class Value(BaseModel):
    """What somebody chose or wrote in a custom field."""

    value_catalog_entry: Named | None = None
    value_link: str | None = None
    value_numeric: str | None = None
    value_option: Option | None = None
    value_text: str | None = None

    @property
    def text(self) -> str | None:
        """The same in words."""
        chosen = self.value_option.value if self.value_option else None
        entry = self.value_catalog_entry.name if self.value_catalog_entry else None
        return chosen or entry or self.value_text or self.value_link or self.value_numeric


class FieldEntry(BaseModel):
    """A custom field with its values."""

    custom_field: Named
    values: list[Value]


class Instant(BaseModel):
    """When something happened, once it has."""

    value: AwareDatetime | None = None


class Timestamp(BaseModel):
    """One of an incident's named instants."""

    incident_timestamp: Named
    value: Instant | None = None


class Status(BaseModel):
    """A status, which customers name, and its category, which they do not."""

    category: str


class Incident(BaseModel):
    """An incident in a list."""

    id: str
    reference: str
    name: str
    created_at: AwareDatetime
    updated_at: AwareDatetime
    incident_status: Status
    severity: Named | None = None
    incident_type: Named | None = None
    custom_field_entries: list[FieldEntry]
    incident_timestamp_values: list[Timestamp] = Field(default_factory=list)
    permalink: str | None = None

    @property
    def over_at(self) -> datetime | None:
        """When it ended, by its own timestamps."""
        ends = {each.incident_timestamp.name: each.value.value for each in self.incident_timestamp_values if each.value}
        return next((at for name in ENDS if (at := ends.get(name))), None)

    def values_of(self, field: str) -> set[str | None]:
        """What a custom field has, by its name or id."""
        chosen = (each for each in self.custom_field_entries if field in (each.custom_field.name, each.custom_field.id))
        return {value.text for each in chosen for value in each.values}


class Paging(BaseModel):
    """After which incident the next page begins; none where there is none."""

    after: str | None = None


class Incidents(BaseModel):
    """A page of incidents."""

    incidents: list[Incident]
    pagination_meta: Paging = Paging()


class Catalogue(BaseModel):
    """What an account has of one thing: the answer to a question about its fields, its types or its severities."""

    custom_fields: list[Named] = Field(default_factory=list)
    incident_types: list[Named] = Field(default_factory=list)
    severities: list[Named] = Field(default_factory=list)
