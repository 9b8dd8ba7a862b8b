"""Policies, from rows to frozen values."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from bot.domain.deviations import DeviationArea
from bot.domain.errors import NotFound
from bot.domain.nearness import near
from bot.domain.policies import Entry, Policy, PolicyVersion
from bot.domain.wording import cut, one_line
from store.reading.workflows import person_columns, person_of
from store.tables.ledger import people, texts
from store.tables.policies import policies, policy_versions

_owner = people.alias("owner_person")
_writer = people.alias("writer")
_text = texts.alias("words")
_link = texts.alias("address")

_VERSIONS = (
    select(
        policy_versions,
        policies.c.name,
        _text.c.body.label("text_body"),
        _link.c.body.label("link_body"),
        *person_columns(_owner, "owner_person"),
        *person_columns(_writer, "writer"),
    )
    .join(policies, policies.c.id == policy_versions.c.policy_id)
    .join(_owner, _owner.c.id == policy_versions.c.owner)
    .join(_writer, _writer.c.id == policy_versions.c.written_by)
    .outerjoin(_text, _text.c.id == policy_versions.c.text)
    .outerjoin(_link, _link.c.id == policy_versions.c.link)
)
_LATEST = _VERSIONS.where(policy_versions.c.number == policies.c.version).order_by(policies.c.name_key)
_NAMED = _LATEST.where(policies.c.name_key == bindparam("name"))
_WITH_ID = _LATEST.where(policies.c.id == bindparam("policy_id"))
_WITH_IDS = _LATEST.where(policies.c.id.in_(bindparam("ids", expanding=True)))
_OF_POLICY = _VERSIONS.where(policy_versions.c.policy_id == bindparam("policy_id")).order_by(
    policy_versions.c.number.desc()
)


class Policies:
    """The registry of policies, as `view.policies`; all members may read it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> tuple[Policy, ...]:
        """Every policy as it stands, by name."""
        return tuple(_policy(row) for row in self._connection.execute(_LATEST))

    def some(self, ids: Iterable[str]) -> tuple[Policy, ...]:
        """The policies with these ids, a few hundred at most."""
        wanted = list(ids)
        return tuple(_policy(row) for row in self._connection.execute(_WITH_IDS, {"ids": wanted})) if wanted else ()

    def find(self, name: str) -> Policy | None:
        """The policy of that name, in capitals or not, if there is one."""
        row = self._connection.execute(_NAMED, {"name": one_line(name).casefold()}).first()
        return _policy(row) if row else None

    def named(self, name: str) -> Policy:
        """The policy of that name or with that id, or a refusal that offers the nearest name."""
        found = self.find(name) or self._with_id(name.strip())
        if found is None:
            guess = near(name.strip(), self._connection.scalars(select(policies.c.name)))
            hint = f"Did you mean {guess}?" if guess else "The command policy list shows those that exist."
            raise NotFound(f"There is no policy {cut(name, 60)!r}. {hint}")
        return found

    def one(self, policy_id: str) -> Policy:
        """The policy with that id."""
        found = self._with_id(policy_id)
        if found is None:
            raise NotFound("This policy does not exist (any more).")
        return found

    def versions(self, policy_id: str) -> tuple[PolicyVersion, ...]:
        """Every version of one policy, the newest first."""
        return tuple(_version(row) for row in self._connection.execute(_OF_POLICY, {"policy_id": policy_id}))

    def _with_id(self, policy_id: str) -> Policy | None:
        row = self._connection.execute(_WITH_ID, {"policy_id": policy_id}).first()
        return _policy(row) if row else None


def _policy(row: Row[Any]) -> Policy:
    return Policy(row.policy_id, row.name, _version(row))


def _version(row: Row[Any]) -> PolicyVersion:
    return PolicyVersion(
        number=row.number,
        entry=Entry(
            area=DeviationArea(row.area),
            review_on=row.review_on,
            text=row.text_body,
            link=row.link_body,
        ),
        owner=person_of(row, "owner_person"),
        written_by=person_of(row, "writer"),
        written_at=row.written_at,
    )
