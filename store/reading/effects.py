"""How long changes took, from rows to frozen values."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import Connection, or_, select

from bot.domain.grants.ladder import SPAN, LeadTime
from store.tables.signals import MILLIONTHS, changes


def read_lead_times(connection: Connection, workflow_id: str, at: datetime) -> tuple[LeadTime, ...]:
    """The lead times of a workflow's changes known before `at`: of the first 28 days with data, and of the last 28."""
    known = (changes.c.workflow_id == workflow_id) & (changes.c.merged_at < at) & (changes.c.at < at)
    begun: datetime | None = connection.scalar(
        select(changes.c.merged_at).where(known).order_by(changes.c.merged_at).limit(1)
    )
    if begun is None:
        return ()
    wanted = or_(changes.c.merged_at < begun + SPAN, changes.c.merged_at >= at - SPAN)
    rows = select(changes.c.merged_at, changes.c.lead_time_millionths).where(known, wanted)
    return tuple(
        LeadTime(row.merged_at, Decimal(row.lead_time_millionths) / MILLIONTHS)
        for row in connection.execute(rows.order_by(changes.c.merged_at, changes.c.signal))
    )
