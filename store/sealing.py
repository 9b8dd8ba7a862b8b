"""Hashes under the secret of this database: the same each time, and nobody without it can test a guess against one."""

import hashlib
import hmac

from sqlalchemy import Connection, select

from store.tables.digests import digest_key

_SECRET = select(digest_key.c.secret)


def sealed(connection: Connection, about: str) -> str:
    """64 hexadecimal digits that stand for this text in this database."""
    secret: str = connection.scalars(_SECRET).one()
    return hmac.new(secret.encode(), about.encode(), hashlib.sha256).hexdigest()
