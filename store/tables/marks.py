"""Marks: how often each workflow, each team and the rest of the program changed, so that looks can be kept."""

from sqlalchemy import Column, String, Table

from store.tables import metadata
from store.types import Serial

PROGRAM = "program"
"""The subject of what is about neither a workflow nor a team: people, and what a later version adds."""

marks = Table(
    "marks",
    metadata,
    Column("subject", String, primary_key=True, comment="a workflow's or team's id, or program"),
    Column("value", Serial, nullable=False, comment="grows with every change of it; no row is 0"),
)
