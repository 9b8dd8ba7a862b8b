"""What a workflow is measured by: its metrics and its red lines, every version of each kept."""

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, Table

from store.tables import metadata
from store.tables.ledger import people, texts
from store.tables.program import workflows
from store.types import Exact, Instant

metric_definitions = Table(
    "metric_definitions",
    metadata,
    Column("workflow_id", ForeignKey(workflows.c.id), primary_key=True),
    Column("metric", String, primary_key=True, comment="its name, as signals spell it"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("better", String, nullable=False, comment="which way it should go"),
    Column("baseline", Exact),
    Column("target", Exact),
    Column("bound", Exact, comment="a guardrail's limit"),
    Column("loosened", Boolean, nullable=False, comment="whether this version is easier than the one before"),
    Column("defined_by", ForeignKey(people.c.id), nullable=False),
    Column("defined_at", Instant, nullable=False),
)

red_line_definitions = Table(
    "red_line_definitions",
    metadata,
    Column("workflow_id", ForeignKey(workflows.c.id), primary_key=True),
    Column("rule", String, primary_key=True, comment="its name, as signals spell it"),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("text", ForeignKey(texts.c.id), nullable=False),
    Column("defined_by", ForeignKey(people.c.id), nullable=False),
    Column("defined_at", Instant, nullable=False),
)
