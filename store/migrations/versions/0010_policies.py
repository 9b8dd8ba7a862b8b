"""Policies."""

import sqlalchemy as sa
from alembic import op

from store.types import Instant

revision = "0010"
down_revision = "0008"
branch_labels = None
depends_on = None


_GUARDS = {
    "sqlite": (
        (
            "CREATE TRIGGER policy_versions_no_update BEFORE UPDATE ON policy_versions BEGIN SELECT "
            "RAISE(ABORT, 'A version of a policy is never changed or deleted; write the next one.'); "
            "END"
        ),
        (
            "CREATE TRIGGER policy_versions_no_delete BEFORE DELETE ON policy_versions BEGIN SELECT "
            "RAISE(ABORT, 'A version of a policy is never changed or deleted; write the next one.'); "
            "END"
        ),
        (
            "CREATE TRIGGER policy_versions_no_replace BEFORE INSERT ON policy_versions WHEN EXISTS "
            "(SELECT 1 FROM policy_versions WHERE id = NEW.id) BEGIN SELECT RAISE(ABORT, 'A version of "
            "a policy is never changed or deleted; write the next one.'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE TRIGGER policy_versions_no_update BEFORE UPDATE ON policy_versions FOR EACH ROW "
            "EXECUTE FUNCTION refuse_change('A version of a policy is never changed or deleted; write "
            "the next one.')"
        ),
        (
            "CREATE TRIGGER policy_versions_no_delete BEFORE DELETE ON policy_versions FOR EACH ROW "
            "EXECUTE FUNCTION refuse_change('A version of a policy is never changed or deleted; write "
            "the next one.')"
        ),
        (
            "CREATE TRIGGER policy_versions_no_truncate BEFORE TRUNCATE ON policy_versions FOR EACH "
            "STATEMENT EXECUTE FUNCTION refuse_change('A version of a policy is never changed or "
            "deleted; write the next one.')"
        ),
    ),
}


def upgrade() -> None:
    op.create_table(
        "policies",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("name_key", sa.String(), nullable=False, comment="the name in small letters"),
        sa.Column("version", sa.Integer(), nullable=False, comment="the number of the version that counts"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policies")),
        sa.UniqueConstraint("name_key", name=op.f("uq_policies_name_key")),
    )
    op.create_table(
        "policy_versions",
        sa.Column("id", sa.String(), nullable=False, comment="the policy's id, a slash and the number"),
        sa.Column("policy_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=True, comment="its words, where they stand here"),
        sa.Column("link", sa.String(), nullable=True, comment="where its words stand, if not here"),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=False),
        sa.Column("written_by", sa.String(), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.CheckConstraint("(text IS NULL) <> (link IS NULL)", name=op.f("ck_policy_versions_text_or_link")),
        sa.ForeignKeyConstraint(["link"], ["texts.id"], name=op.f("fk_policy_versions_link_texts")),
        sa.ForeignKeyConstraint(["owner"], ["people.id"], name=op.f("fk_policy_versions_owner_people")),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.id"], name=op.f("fk_policy_versions_policy_id_policies")),
        sa.ForeignKeyConstraint(["text"], ["texts.id"], name=op.f("fk_policy_versions_text_texts")),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_policy_versions_written_by_people")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_versions")),
    )
    with op.batch_alter_table("policy_versions", schema=None) as batch_op:
        batch_op.create_index("versions_of_a_policy", ["policy_id", "number"], unique=False)

    for statement in _GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)
