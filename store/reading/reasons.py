"""By what right someone acted, as people read it; what is kept has people by their ids."""

import re

from sqlalchemy import Connection

from store import people

_ID = re.compile(r"\bp_[0-9a-f]{20}\b")


def read_because(connection: Connection, kept: str | None) -> str | None:
    """A reason with the names of those whom it tells of: "deputy of Stu, agent steward of refunds_agent"."""
    ids = _ID.findall(kept or "")
    if kept is None or not ids:
        return kept
    known = people.read(connection, ids)
    names = {each: (known[each].name if each in known else None) or "someone erased" for each in ids}
    return _ID.sub(lambda found: names[found[0]], kept)
